// SPDX-License-Identifier: Apache-2.0
// connectord: the service. Reads its configuration, runs until SIGTERM or SIGINT.
#include "core/log.h"
#include "core/process.h"
#include "service/service.h"
#include "version.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>

int main(int argc, char **argv)
{
    using namespace connector;
    CLI::App app{"Cloud Connector's service: owns profiles, secrets and jobs; faces talk to it over a local socket."};
    std::filesystem::path file = "/etc/cloud-connector/connectord.toml";
    std::filesystem::path socket;
    std::filesystem::path state;
    app.add_option("--config", file, "Configuration file (TOML)")->capture_default_str();
    app.add_option("--socket", socket, "The API's socket, in place of the configured one");
    app.add_option("--state", state, "The state folder, in place of the configured one");
    app.set_version_flag("--version", kVersion);
    const auto *seal =
        app.add_subcommand("seal-master-key", "Moves the master key from its file into the TPM, and ends");
    CLI11_PARSE(app, argc, argv);

    forbidCoreDumps();
    // Blocked before any thread starts, so that only sigwait below takes them.
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    auto configuration = loadConfiguration(file);
    if (!configuration) {
        log::error("service", describe(configuration.error()));
        return 2;
    }
    if (!socket.empty())
        configuration->socket = socket;
    if (!state.empty())
        configuration->state = state;
    if (configuration->workers.empty())
        configuration->workers = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    log::setLevel(configuration->logLevel);
    if (*seal) {
        const auto sealed = Service::sealMasterKey(*configuration);
        if (!sealed) {
            log::error("service", describe(sealed.error()));
            return 1;
        }
        log::info("service", "the master key is in the TPM, and in no file");
        return 0;
    }
    auto service = Service::start(*configuration);
    if (!service) {
        log::error("service", describe(service.error()));
        return 1;
    }
    log::info("service", std::string("version ") + kVersion + " is ready");
    std::cout << R"({"ready":true,"socket":")" << configuration->socket.string()
              << "\",\"webPort\":" << (*service)->webPort() << "}" << std::endl;
    int signal = 0;
    sigwait(&ends, &signal);
    log::info("service", "ending");
    return 0;
}
