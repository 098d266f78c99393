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

#include <gtest/gtest.h>

namespace connector::portal {

// One sandbox for all tests of the program: it takes a second to start.
test::Sandbox &clouds();

// And one database server.
test::Postgres &postgres();

inline const std::string kMara = "mara.lind@example.org"; // at the emulated clouds

struct PortalFixture : ::testing::Test {
    static void SetUpTestSuite() { clouds(); }

    void TearDown() override;

    static PortalConfig emulatedDropbox();

    // Also starts it again on the same folder and port, as after an update.
    void start(const PortalRules &rules = {}, ServerOptions options = {});

    void stop();

    virtual Result<std::unique_ptr<PortalStore>> openStore();

    WallTime now() const { return fromUnix(clock); }
    void advance(std::chrono::seconds by) { clock += by.count(); }

    PortalClient device();

    Begun begin(const std::vector<std::string> &domains = {}, const std::string &provider = "dropbox");

    // The next poll, at the permitted time.
    PollOutcome poll(const Begun &begun);

    // Walks from the link to the page that leads to the cloud.
    test::WebPage walkToCloud(test::Browser &browser, const Begun &begun);

    // At the cloud: chooses a person and decides; returns the page where the browser ends up.
    static test::WebPage decide(test::Browser &browser, const test::WebPage &leaving, const std::string &email,
                                bool allow = true);

    static std::string cloudAddress(const test::WebPage &leaving);

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
    Result<std::unique_ptr<PortalStore>> openStore() override;
    std::string database;
};

// For suites that are derived from it.
#define CONNECTOR_ON_BOTH_STORES(suite)                                                                                \
    INSTANTIATE_TEST_SUITE_P(On, suite, ::testing::Values("SQLite", "PostgreSQL"),                                     \
                             [](const auto &tested) { return std::string(tested.param); })

} // namespace connector::portal
