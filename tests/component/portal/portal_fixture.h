// SPDX-License-Identifier: Apache-2.0
// A portal in this process over the emulated clouds, with a clock that tests set.
#pragma once

#include "portal/config.h"
#include "profiles/portal_client.h"
#include "profiles/sealed_grant.h"
#include "store/vault.h"
#include "tests/component/portal/browser.h"
#include "tests/support/postgres.h"
#include "tests/support/sandbox.h"
#include "tests/support/temp_folder.h"

namespace connector::portal {

// One sandbox for all tests of the program: it takes a second to start.
inline test::Sandbox &clouds()
{
    static test::Sandbox sandbox(test::Sandbox::Options{"none", false, {"--auto-approve"}});
    return sandbox;
}

// And one database server.
inline test::Postgres &postgres()
{
    static test::Postgres server;
    return server;
}

struct PortalFixture : ::testing::Test {
    static void SetUpTestSuite() { clouds(); }

    void TearDown() override
    {
        stop();
        clouds().control({{"do", "clear-faults"}});
    }

    // Also starts it again on the same folder and port, as after an update.
    void start(const PortalRules &rules = {}, ServerOptions options = {})
    {
        PortalConfig config;
        const auto credentials = clouds().credentials("dropbox");
        PortalConfig::Client client;
        client.id = credentials["client_id"];
        client.secret = credentials["client_secret"];
        for (const char *name : {"www", "api", "content"})
            client.endpoints[name] = clouds().base("dropbox");
        config.providers["dropbox"] = client;
        auto providers = makeProviders(config);
        ASSERT_TRUE(providers) << describe(providers.error());
        // A second one behind the same portal, as seen by the mix-up.
        providers->emplace("mirror", providers->at("dropbox"));
        providers->at("mirror").title = "Mirror";
        change(*providers);
        auto key = MasterKey::load(folder / "portal.key");
        ASSERT_TRUE(key);
        auto store = openStore();
        ASSERT_TRUE(store) << describe(store.error());
        engine = std::make_unique<Portal>(
            std::move(*store), std::string(reinterpret_cast<const char *>(key->bytes()), 32), rules,
            std::move(*providers), *cloud, [this] { return now() + std::chrono::milliseconds(millis); });
        options.threads = 4;
        server = std::make_unique<PortalServer>(*engine, options);
        auto bound = server->bind("127.0.0.1", port);
        ASSERT_TRUE(bound) << describe(bound.error());
        port = *bound;
        url = "http://127.0.0.1:" + std::to_string(port);
        engine->setPublicUrl(url);
        died = false;
        server->start([this] { died = true; });
    }

    void stop()
    {
        server.reset();
        engine.reset();
    }

    virtual Result<std::unique_ptr<PortalStore>> openStore()
    {
        return openSqlitePortalStore(folder / "portal.db", {"key"});
    }

    WallTime now() const { return fromUnix(clock); }
    void advance(std::chrono::seconds by) { clock += by.count(); }

    PortalClient device()
    {
        return PortalClient(http, url, [this] { return now(); });
    }

    Begun begin(const std::vector<std::string> &domains = {}, const std::string &provider = "dropbox")
    {
        auto begun = device().begin(
            {keys.publicKey, provider, {"device-1", "Printer in the library", "Ground floor"}, "en", domains}, {});
        EXPECT_TRUE(begun) << describe(begun.error());
        return begun ? *begun : Begun{};
    }

    // The next poll, at the permitted time.
    PollOutcome poll(const Begun &begun)
    {
        advance(std::chrono::seconds(60));
        auto outcome = device().poll(begun.deviceCode, {});
        EXPECT_TRUE(outcome) << describe(outcome.error());
        return outcome ? *outcome : PollOutcome(Expired{});
    }

    // Walks from the link to the page that leads to the cloud.
    test::WebPage walkToCloud(test::Browser &browser, const Begun &begun)
    {
        auto page = browser.get(begun.verificationUriComplete);
        page = browser.submit(page, "/code");
        EXPECT_TRUE(page.url.ends_with("/connect")) << page.url << page.word();
        page = browser.submit(page, "/connect");
        EXPECT_TRUE(page.url.ends_with("/terms")) << page.url;
        return browser.submit(page, "/terms");
    }

    // At the cloud: chooses a person and decides; returns the page where the browser ends up.
    static test::WebPage decide(test::Browser &browser, const test::WebPage &leaving, const std::string &email,
                                bool allow = true)
    {
        const std::string address = cloudAddress(leaving);
        auto page = browser.get(address);
        const std::string target = address.substr(0, address.find('?'));
        const auto body = [&](const std::string &more) {
            return "request=" + percentEncode(page.match("name=\"request\" value=\"([^\"]*)\"")) +
                   "&person=" + percentEncode(email) + more;
        };
        page = browser.post(target, body(""));
        return browser.post(target, body(std::string("&step=decision&decision=") + (allow ? "allow" : "deny")));
    }

    static std::string cloudAddress(const test::WebPage &leaving)
    {
        return leaving.match("id=\"go\" href=\"([^\"]*)\"");
    }

    test::TempFolder folder;
    std::atomic<std::int64_t> clock = 1'800'000'000;
    std::atomic<int> millis = 0;    // the portal's clock is ahead of that by so many
    std::atomic<bool> died = false; // serving ended without being asked to
    int port = 0;
    std::string url;
    CurlHttpClient http;
    HttpClient *cloud = &http; // how the portal reaches the clouds
    std::function<void(std::map<std::string, PortalProvider> &)> change = [](auto &) {};
    KeyPair keys = makeKeyPair();
    std::unique_ptr<Portal> engine;
    std::unique_ptr<PortalServer> server;
};

// The same on either store.
struct PortalOnStores : PortalFixture, ::testing::WithParamInterface<const char *> {
    Result<std::unique_ptr<PortalStore>> openStore() override
    {
        if (GetParam() == std::string("SQLite"))
            return PortalFixture::openStore();
        if (database.empty())
            database = postgres().newDatabase();
        return openPostgresPortalStore(database, 4, {"key"},
                                       [this] { return now() + std::chrono::milliseconds(millis); });
    }
    std::string database;
};

// For suites that are derived from it.
#define CONNECTOR_ON_BOTH_STORES(suite)                                                                                \
    INSTANTIATE_TEST_SUITE_P(On, suite, ::testing::Values("SQLite", "PostgreSQL"),                                     \
                             [](const auto &tested) { return std::string(tested.param); })

} // namespace connector::portal
