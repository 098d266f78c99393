// SPDX-License-Identifier: Apache-2.0
// connector-portal: reads its configuration, serves until it is told to stop.
#include "core/files.h"
#include "core/log.h"
#include "core/process.h"
#include "http/curl_http_client.h"
#include "portal/config.h"
#include "store/vault.h"

#include <nlohmann/json.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <unistd.h>

using namespace connector;
using namespace connector::portal;

int main(int argc, char **argv)
{
    forbidCoreDumps();
    // Signals are waited for below; no thread is interrupted by one.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    const auto fail = [](const Error &error) {
        log::error("portal", error.message);
        return 2;
    };
    std::optional<int> exitCode;
    auto config = readConfig(argc, argv, exitCode);
    if (exitCode)
        return *exitCode;
    if (!config)
        return fail(config.error());
    log::setFormat(config->jsonLog ? log::Format::Json : log::Format::Text);
    log::setLevel(config->verbose ? log::Level::Debug : log::Level::Info);
    auto providers = makeProviders(*config);
    if (!providers)
        return fail(providers.error());
    const auto listen = parseListen(config->listen);
    if (!listen)
        return fail(listen.error());
    if (auto r = makePrivateFolder(config->state); !r)
        return fail(r.error());
    const auto given = MasterKey::credential();
    const std::filesystem::path keyFile = given.value_or(config->state / "portal.key");
    auto key = MasterKey::read(keyFile);
    StoreKey storeKey;
    if (!key && !given && key.error().code == Errc::NotFound) {
        key = MasterKey::fresh();
        storeKey.keep = [&] { return writeFileDurably(keyFile, key->view()); };
    }
    if (!key)
        return fail(key.error());
    const std::string keyBytes(key->view());
    storeKey.name = nameOfKey(keyBytes);
    auto store = config->database.empty()
                     ? openSqlitePortalStore(config->state / "portal.db", storeKey)
                     : openPostgresPortalStore(config->database, config->databaseConnections, storeKey);
    if (!store && (store.error().code == Errc::NotFound || store.error().code == Errc::InvalidArgument))
        log::error("portal", "the key's file is " + keyFile.string() +
                                 ": put the copy of it back there (mode 0600). Without a copy only an empty database "
                                 "helps; accounts that are renewed through this portal are then signed in anew");
    if (!store)
        return fail(store.error());

    CurlOptions http;
    http.proxy = config->proxy;
    http.extraCaFile = config->extraCaFile;
    http.userAgent = "CloudConnectorPortal/0.1";
    http.allowPlainHttp = config->allowPlainHttp;
    http.idleHandles = config->server.threads;
    CurlHttpClient client(http);

    Portal portal(std::move(*store), keyBytes, config->rules, std::move(*providers), client);
    PortalServer server(portal, config->server);
    const auto bound = server.bind(listen->host, listen->port);
    if (!bound)
        return fail(bound.error());
    if (config->publicUrl.empty()) {
        const bool six = listen->host.find(':') != std::string::npos;
        config->publicUrl = std::string(config->server.tlsCertificate.empty() ? "http" : "https") + "://" +
                            (six ? "[" + listen->host + "]" : listen->host) + ":" + std::to_string(*bound);
    }
    portal.setPublicUrl(config->publicUrl);
    std::atomic<bool> died = false;
    server.start([&died] {
        died = true;
        ::kill(::getpid(), SIGTERM); // to the process: sigwait() below sees no signal that is another thread's
    });
    nlohmann::json ready = {{"ready", true}, {"port", *bound}, {"publicUrl", config->publicUrl}, {"pid", ::getpid()}};
    std::printf("%s\n", ready.dump().c_str());
    std::fflush(stdout);
    log::info("portal", "serving " + config->publicUrl + " on " + listen->host + ":" + std::to_string(*bound));

    int signal = 0;
    sigwait(&signals, &signal);
    log::info("portal", "ending");
    server.stop();
    return died ? 1 : 0;
}
