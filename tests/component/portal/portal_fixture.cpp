// SPDX-License-Identifier: Apache-2.0
#include "tests/component/portal/portal_fixture.h"

namespace connector::portal {

test::Sandbox &clouds()
{
    static test::Sandbox sandbox(test::Sandbox::Options{"none", false, {"--auto-approve"}});
    return sandbox;
}

test::Postgres &postgres()
{
    static test::Postgres server;
    return server;
}

PortalConfig PortalFixture::emulatedDropbox()
{
    PortalConfig config;
    const auto credentials = clouds().credentials("dropbox");
    PortalConfig::Client client;
    client.id = credentials["client_id"];
    client.secret = credentials["client_secret"];
    for (const char *name : {"www", "api", "content"})
        client.endpoints[name] = clouds().base("dropbox");
    config.providers["dropbox"] = client;
    return config;
}

void PortalFixture::TearDown()
{
    stop();
    clouds().control({{"do", "clear-faults"}});
}

void PortalFixture::start(const PortalRules &rules, ServerOptions options)
{
    auto providers = makeProviders(emulatedDropbox());
    ASSERT_TRUE(providers) << describe(providers.error());
    // A second one behind the same portal, as seen by the mix-up.
    providers->emplace("mirror", providers->at("dropbox"));
    providers->at("mirror").title = "Mirror";
    change(*providers);
    auto key = MasterKey::load(folder / "portal.key");
    ASSERT_TRUE(key);
    auto store = openStore();
    ASSERT_TRUE(store) << describe(store.error());
    engine = std::make_unique<Portal>(std::move(*store), std::string(reinterpret_cast<const char *>(key->bytes()), 32),
                                      rules, std::move(*providers), *cloud,
                                      [this] { return now() + std::chrono::milliseconds(millis); });
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

void PortalFixture::stop()
{
    server.reset();
    engine.reset();
}

Result<std::unique_ptr<PortalStore>> PortalFixture::openStore()
{
    return openSqlitePortalStore(folder / "portal.db", {"key"});
}

PortalClient PortalFixture::device()
{
    return PortalClient(http, url, [this] { return now(); });
}

Begun PortalFixture::begin(const std::vector<std::string> &domains, const std::string &provider)
{
    auto begun = device().begin(
        {keys.publicKey, provider, {"device-1", "Printer in the library", "Ground floor"}, "en", domains}, {});
    EXPECT_TRUE(begun) << describe(begun.error());
    return begun ? *begun : Begun{};
}

PollOutcome PortalFixture::poll(const Begun &begun)
{
    advance(std::chrono::seconds(60));
    auto outcome = device().poll(begun.deviceCode, {});
    EXPECT_TRUE(outcome) << describe(outcome.error());
    return outcome ? *outcome : PollOutcome(Expired{});
}

test::WebPage PortalFixture::walkToCloud(test::Browser &browser, const Begun &begun)
{
    auto page = browser.get(begun.verificationUriComplete);
    page = browser.submit(page, "/code");
    EXPECT_TRUE(page.url.ends_with("/connect")) << page.url << page.word();
    page = browser.submit(page, "/connect");
    EXPECT_TRUE(page.url.ends_with("/terms")) << page.url;
    return browser.submit(page, "/terms");
}

test::WebPage PortalFixture::decide(test::Browser &browser, const test::WebPage &leaving, const std::string &email,
                                    bool allow)
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

std::string PortalFixture::cloudAddress(const test::WebPage &leaving)
{
    return leaving.match("id=\"go\" href=\"([^\"]*)\"");
}

Result<std::unique_ptr<PortalStore>> PortalOnStores::openStore()
{
    if (GetParam() == std::string("SQLite"))
        return PortalFixture::openStore();
    if (database.empty())
        database = postgres().newDatabase();
    return openPostgresPortalStore(database, 4, {"key"}, [this] { return now() + std::chrono::milliseconds(millis); });
}

} // namespace connector::portal
