// SPDX-License-Identifier: Apache-2.0
// People on their way through the portal's pages to the emulated clouds, and every way to be refused.
#include "support/mod_dav.h"
#include "tests/component/portal/portal_fixture.h"

#include <gmock/gmock.h>

#include <regex>

namespace connector::portal {
namespace {

using test::Browser;
using test::WebPage;
using ::testing::HasSubstr;

struct PortalPages : PortalOnStores {};
CONNECTOR_ON_BOTH_STORES(PortalPages);

const std::string kAiko = "aiko.tanaka@example.net";
const std::string kJonas = "jonas.weber@example.org"; // address not verified

TEST_P(PortalPages, ByLinkAPersonEndsAtDoneAndTheDeviceGetsTheGrant)
{
    start();
    const Begun begun = begin({"Example.ORG"});
    Browser browser;
    auto page = browser.get(begun.verificationUriComplete);
    EXPECT_TRUE(page.has(begun.userCode)) << "the start page shows the code, to be compared";
    EXPECT_TRUE(std::holds_alternative<Pending>(poll(begun)));

    page = browser.submit(page, "/code");
    EXPECT_TRUE(page.has("Printer in the library"));
    EXPECT_TRUE(page.has("Ground floor"));
    EXPECT_TRUE(page.has("1 minute ago"));
    EXPECT_TRUE(page.has("Dropbox"));
    page = browser.submit(page, "/connect");
    EXPECT_TRUE(page.has("Terms of use"));
    page = browser.submit(page, "/terms");
    page = decide(browser, page, kMara);
    EXPECT_EQ(page.url, url + "/done");
    EXPECT_TRUE(page.has("Go back to the printer"));

    const auto outcome = poll(begun);
    ASSERT_TRUE(std::holds_alternative<Granted>(outcome));
    const auto grant = openSealed(std::get<Granted>(outcome).sealed, keys, "dropbox");
    ASSERT_TRUE(grant) << describe(grant.error());
    EXPECT_EQ(grant->account.email, kMara);
    EXPECT_FALSE(grant->tokens.refreshToken.empty());
    EXPECT_EQ(grant->clientId, clouds().credentials("dropbox")["client_id"]);

    ASSERT_TRUE(device().acknowledge(begun.deviceCode, {}));
    EXPECT_TRUE(std::holds_alternative<Expired>(poll(begun)));
    ASSERT_TRUE(device().acknowledge(begun.deviceCode, {})) << "a repeated acknowledgement is fine";
}

TEST_P(PortalPages, ByTypingTheCodeInAnyShape)
{
    start();
    const Begun begun = begin();
    Browser browser("fr-FR");
    auto page = browser.get(url + "/");
    EXPECT_TRUE(page.has("Reliez votre cloud"));
    page = browser.get(url + "/code");
    std::string typed = " " + toLowerAscii(begun.userCode) + " ";
    std::replace(typed.begin(), typed.end(), '-', ' ');
    page = browser.submit(page, "/code", {{"code", typed}});
    EXPECT_TRUE(page.url.ends_with("/connect"));
    EXPECT_TRUE(page.has("Est-ce votre imprimante"));
}

TEST_P(PortalPages, ALinkNeverGoesOnByItself)
{
    start();
    const Begun begun = begin();
    Browser browser;
    for (int i = 0; i < 3; ++i) {
        const auto page = browser.get(begun.verificationUriComplete);
        EXPECT_EQ(page.status, 200);
        EXPECT_EQ(page.html.find("http-equiv=\"refresh\""), std::string::npos);
        EXPECT_EQ(page.html.find("<script"), std::string::npos);
    }
    EXPECT_EQ(browser.get(url + "/connect").word(), "session-lost");
    EXPECT_EQ(browser.get(url + "/terms").word(), "session-lost");
    EXPECT_TRUE(std::holds_alternative<Pending>(poll(begun)));
}

TEST_P(PortalPages, ThePrinterMustBeConfirmedBeforeTheTermsAndTheTermsBeforeTheCloud)
{
    start();
    const Begun begun = begin();
    Browser browser;
    auto page = browser.submit(browser.get(begun.verificationUriComplete), "/code");
    EXPECT_TRUE(browser.get(url + "/terms").url.ends_with("/connect"));
    // The form's own token, but Connect was not pressed.
    const std::string token = page.match("name=\"form\" value=\"([^\"]*)\"");
    page = browser.post(url + "/terms", "form=" + percentEncode(token));
    EXPECT_EQ(page.word(), "session-lost");
    EXPECT_EQ(cloudAddress(page), "");
}

TEST_P(PortalPages, NotMyPrinterForgetsTheBrowserButNotTheCode)
{
    start();
    const Begun begun = begin();
    Browser browser;
    auto page = browser.submit(browser.get(begun.verificationUriComplete), "/code");
    page = browser.submit(page, "/leave");
    EXPECT_EQ(page.url, url + "/");
    EXPECT_EQ(browser.get(url + "/connect").word(), "session-lost");
    page = decide(browser, walkToCloud(browser, begun), kMara);
    EXPECT_TRUE(page.url.ends_with("/done"));
}

TEST_P(PortalPages, AWrongCodeSaysSoAndKeepsWhatWasTyped)
{
    start();
    Browser browser;
    auto page = browser.submit(browser.get(url + "/code"), "/code", {{"code", "bcdfg hjklm npqrs"}});
    EXPECT_EQ(page.status, 400);
    EXPECT_TRUE(page.has("We do not know this code"));
    EXPECT_TRUE(page.has("value=\"BCDFG-HJKLM-NPQRS\""));
    page = browser.submit(page, "/code", {{"code", "\"><script>alert(1)</script>"}});
    EXPECT_TRUE(page.has("We do not know this code"));
    EXPECT_FALSE(page.has("<script"));
}

TEST_P(PortalPages, ACodeWorksOnce)
{
    start();
    const Begun begun = begin();
    Browser first;
    decide(first, walkToCloud(first, begun), kMara);
    Browser second;
    const auto page = second.submit(second.get(begun.verificationUriComplete), "/code");
    EXPECT_EQ(page.word(), "code-used");
    EXPECT_EQ(first.get(url + "/connect").word(), "code-used");
}

TEST_P(PortalPages, OfTwoBrowsersWithTheSameCodeTheFirstGrantWins)
{
    start();
    const Begun begun = begin();
    Browser first;
    Browser second;
    const auto firstLeaving = walkToCloud(first, begun);
    const auto secondLeaving = walkToCloud(second, begun);
    EXPECT_TRUE(decide(second, secondLeaving, kMara).url.ends_with("/done"));
    EXPECT_EQ(decide(first, firstLeaving, "priya.nair@example.org").word(), "code-used");
    const auto outcome = poll(begun);
    ASSERT_TRUE(std::holds_alternative<Granted>(outcome));
    const auto grant = openSealed(std::get<Granted>(outcome).sealed, keys, "dropbox");
    ASSERT_TRUE(grant);
    EXPECT_EQ(grant->account.email, kMara);
}

TEST_P(PortalPages, ADomainThatIsNotAllowedIsNamedAndAnotherAccountMayFollow)
{
    start();
    const Begun begun = begin({"example.org", "example.com"});
    Browser browser;
    auto page = decide(browser, walkToCloud(browser, begun), kAiko);
    EXPECT_EQ(page.word(), "domain-refused");
    EXPECT_EQ(page.url, url + "/result") << "no code stays in the address";
    EXPECT_TRUE(page.has("example.org"));
    EXPECT_TRUE(page.has("example.com"));
    auto outcome = poll(begun);
    ASSERT_TRUE(std::holds_alternative<Denied>(outcome));
    EXPECT_EQ(std::get<Denied>(outcome).reason, "domain-refused");
    EXPECT_EQ(std::get<Denied>(outcome).domains, (std::vector<std::string>{"example.org", "example.com"}));

    const auto leaving = browser.submit(page, "/terms");
    EXPECT_TRUE(std::holds_alternative<Pending>(poll(begun))) << "another attempt is under way";
    page = decide(browser, leaving, kMara);
    EXPECT_TRUE(page.url.ends_with("/done"));
    EXPECT_TRUE(std::holds_alternative<Granted>(poll(begun)));
}

TEST_P(PortalPages, AnUnverifiedAddressCountsForNoDomain)
{
    start();
    const Begun begun = begin({"example.org"});
    Browser browser;
    auto page = decide(browser, walkToCloud(browser, begun), kJonas);
    EXPECT_EQ(page.word(), "email-unverified");
    const auto outcome = poll(begun);
    ASSERT_TRUE(std::holds_alternative<Denied>(outcome));
    EXPECT_EQ(std::get<Denied>(outcome).reason, "email-unverified");

    const Begun open = begin();
    EXPECT_TRUE(decide(browser, walkToCloud(browser, open), kJonas).url.ends_with("/done"));
}

TEST_P(PortalPages, AtAServerWithoutASignInOfItsOwnPeopleTypeNameAndPassword)
{
    const test::ModDav files;
    change = [&](std::map<std::string, PortalProvider> &providers) {
        PortalConfig config;
        config.providers["webdav"].endpoints["server"] = files.url() + "/";
        auto made = makeProviders(config);
        ASSERT_TRUE(made) << describe(made.error());
        providers.insert(made->begin(), made->end());
    };
    start();
    const Begun begun = begin({}, "webdav");
    Browser browser;
    auto page = walkToCloud(browser, begun);
    EXPECT_TRUE(page.has(files.url())) << "people see whom they tell their password";
    for (const auto &shown : {page, browser.get(url + "/"), browser.get(url + "/connect"), browser.get(url + "/terms")})
        EXPECT_FALSE(shown.has("never")) << shown.url << ": no page may say that this site never sees a password";
    EXPECT_TRUE(browser.get(url + "/connect").has("the user name and password that you type, sealed"));
    EXPECT_TRUE(browser.get(url + "/terms").has("You type your user name and password here"));
    const std::string used = page.html;
    page = browser.submit(page, "/password", {{"user", files.user()}, {"password", "guessed"}});
    EXPECT_EQ(page.word(), "password-wrong");
    EXPECT_TRUE(std::holds_alternative<Pending>(poll(begun)));

    page = browser.get(url + "/terms");
    page = browser.submit(page, "/terms");
    WebPage old = page;
    old.html = used;
    page = browser.submit(page, "/password", {{"user", files.user()}, {"password", files.password()}});
    EXPECT_EQ(page.url, url + "/done") << page.word();
    const auto outcome = poll(begun);
    ASSERT_TRUE(std::holds_alternative<Granted>(outcome));
    const auto grant = openSealed(std::get<Granted>(outcome).sealed, keys, "webdav");
    ASSERT_TRUE(grant) << describe(grant.error());
    EXPECT_EQ(grant->tokens.scheme, TokenSet::Scheme::Basic);
    EXPECT_EQ(grant->tokens.user, files.user());
    EXPECT_EQ(grant->tokens.server, files.url());
    EXPECT_EQ(grant->ticket, "");
    EXPECT_NE(browser.submit(old, "/password", {{"user", files.user()}, {"password", files.password()}}).url,
              url + "/done")
        << "a page that was used";
}

TEST_P(PortalPages, NobodyGuessesPasswordsWithoutEnd)
{
    const test::ModDav files;
    change = [&](std::map<std::string, PortalProvider> &providers) {
        PortalConfig config;
        config.providers["webdav"].endpoints["server"] = files.url();
        providers.insert_or_assign("webdav", makeProviders(config)->at("webdav"));
    };
    PortalRules rules;
    rules.codeTries = {4, 0.001};
    ServerOptions options;
    options.trustedProxies = {"127.0.0.1"};
    start(rules, options);
    const auto word = [&](const std::string &address, const std::string &user, const std::string &password) {
        // A session costs nothing: every try comes with a new browser and a new code.
        Browser browser;
        browser.more.set("X-Forwarded-For", address);
        const auto page = walkToCloud(browser, begin({}, "webdav"));
        const auto told = browser.submit(page, "/password", {{"user", user}, {"password", password}});
        return told.url.ends_with("/done") ? "done" : told.word();
    };
    for (int tries = 0; tries < 4; ++tries)
        EXPECT_EQ(word("198.51.100.1", files.user(), std::to_string(tries)), "password-wrong") << tries;
    EXPECT_EQ(word("198.51.100.1", "another", "x"), "too-many-tries") << "from one address, whoever it is for";
    EXPECT_EQ(word("198.51.100.2", files.user(), "5"), "too-many-tries") << "for one person, wherever it comes from";
    EXPECT_EQ(word("198.51.100.2", toLowerAscii(files.user()), "5"), "too-many-tries");
    EXPECT_EQ(word("198.51.100.2", files.user(), files.password()), "too-many-tries") << "the right one tells nothing";
    EXPECT_EQ(word("198.51.100.2", "somebody else", "x"), "password-wrong");
    advance(std::chrono::seconds(1000));
    EXPECT_EQ(word("198.51.100.2", files.user(), files.password()), "done");
}

TEST_P(PortalPages, MetricsTellCountsAndTimesAndNothingElse)
{
    ServerOptions options;
    options.trustedProxies = {"127.0.0.1"};
    start({}, options);
    const Begun begun = begin();
    Browser browser;
    browser.submit(browser.get(url + "/code"), "/code", {{"code", "BCDFGHJKLMNPQRS"}});
    EXPECT_TRUE(decide(browser, walkToCloud(browser, begun), kMara).url.ends_with("/done"));
    EXPECT_TRUE(std::holds_alternative<Granted>(poll(begun)));
    begin();
    Browser prometheus;
    const auto page = prometheus.get(url + "/metrics");
    EXPECT_EQ(page.headers.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    for (const char *line :
         {"portal_requests_total{route=\"begin\",status=\"2xx\"} 2\n",
          "portal_requests_total{route=\"poll\",status=\"2xx\"} 1\n",
          "portal_request_seconds_count{route=\"poll\"} 1\n", "portal_codes_entered_total{outcome=\"code-wrong\"} 1\n",
          "portal_sign_ins_total{outcome=\"fine\"} 1\n",
          "portal_cloud_calls_total{provider=\"dropbox\",ended=\"2xx\"} 3\n", "portal_live_codes 1\n",
          "portal_store_up 1\n"})
        EXPECT_THAT(page.html, HasSubstr(line));
    for (const std::string &secret : {begun.deviceCode, begun.userCode, kMara, browser.cookie("portal")})
        EXPECT_FALSE(page.has(secret));
    // Each line is a comment or a number with a name.
    std::istringstream lines(page.html);
    for (std::string line; std::getline(lines, line);)
        EXPECT_TRUE(std::regex_match(line, std::regex(R"(# (HELP|TYPE) .*|[a-z_]+(\{[^}]*\})? [0-9.e+-]+)"))) << line;
    prometheus.more.set("X-Forwarded-For", "198.51.100.7");
    EXPECT_EQ(prometheus.get(url + "/metrics").status, 404);
    EXPECT_EQ(prometheus.get(url + "/healthz").html, "ok\n");
    // Behind a proxy that the configuration does not name, everybody has that proxy's address.
    stop();
    start();
    EXPECT_EQ(prometheus.get(url + "/metrics").status, 404);
    prometheus.more.fields.clear();
    EXPECT_EQ(prometheus.get(url + "/metrics").status, 200);
}

TEST_P(PortalPages, AnAddressThatOnlyTheSignInVouchesForCountsForItsDomain)
{
    change = [](std::map<std::string, PortalProvider> &providers) {
        PortalConfig config;
        const auto credentials = clouds().credentials("onedrive");
        PortalConfig::Client client;
        client.id = credentials["client_id"];
        client.secret = credentials["client_secret"];
        for (const char *name : {"login", "graph"})
            client.endpoints[name] = clouds().base("onedrive");
        config.providers["onedrive"] = client;
        auto made = makeProviders(config);
        ASSERT_TRUE(made) << describe(made.error());
        providers.insert(made->begin(), made->end());
    };
    start();
    const Begun begun = begin({"example.org"}, "onedrive");
    Browser browser;
    auto page = decide(browser, walkToCloud(browser, begun), kMara); // a personal account: nobody vouches
    EXPECT_EQ(page.word(), "email-unverified");
    ASSERT_TRUE(std::holds_alternative<Denied>(poll(begun)));

    const Begun work = begin({"example.org"}, "onedrive");
    page = decide(browser, walkToCloud(browser, work), "tomas.berg@example.org");
    EXPECT_TRUE(page.url.ends_with("/done")) << page.word();
    const auto outcome = poll(work);
    ASSERT_TRUE(std::holds_alternative<Granted>(outcome));
    const auto grant = openSealed(std::get<Granted>(outcome).sealed, keys, "onedrive");
    ASSERT_TRUE(grant) << describe(grant.error());
    EXPECT_TRUE(grant->account.emailVerified);
    EXPECT_EQ(grant->tokens.idToken, "");
}

TEST_P(PortalPages, ConsentDeniedMayBeTriedAgain)
{
    start();
    const Begun begun = begin();
    Browser browser;
    auto page = decide(browser, walkToCloud(browser, begun), kMara, false);
    EXPECT_EQ(page.word(), "access-denied");
    const auto outcome = poll(begun);
    ASSERT_TRUE(std::holds_alternative<Denied>(outcome));
    EXPECT_EQ(std::get<Denied>(outcome).reason, "access-denied");
    page = decide(browser, browser.submit(page, "/terms"), kMara);
    EXPECT_TRUE(page.url.ends_with("/done"));
}

TEST_P(PortalPages, ACloudThatDoesNotAnswerIsNamedAndTheCodeStaysGood)
{
    start();
    const Begun begun = begin();
    Browser browser;
    clouds().control({{"do", "fault"}, {"route", "oauth2/token"}, {"times", 10}, {"action", {{"status", 503}}}});
    auto page = decide(browser, walkToCloud(browser, begun), kMara);
    EXPECT_EQ(page.word(), "provider-unreachable");
    EXPECT_EQ(page.status, 502);
    EXPECT_TRUE(page.has("Dropbox does not answer"));
    clouds().control({{"do", "clear-faults"}});
    page = decide(browser, browser.submit(page, "/terms"), kMara);
    EXPECT_TRUE(page.url.ends_with("/done"));
}

TEST_P(PortalPages, AClosedBrowserStartsAgainWithTheSameCode)
{
    start();
    const Begun begun = begin();
    Browser browser;
    const auto leaving = walkToCloud(browser, begun);
    browser.close();
    EXPECT_EQ(decide(browser, leaving, kMara).word(), "session-lost");
    EXPECT_TRUE(decide(browser, walkToCloud(browser, begun), kMara).url.ends_with("/done"));
}

TEST_P(PortalPages, ARestartOfThePortalInTheMiddleIsNotNoticed)
{
    start();
    const Begun begun = begin();
    Browser browser;
    auto page = browser.submit(browser.get(begun.verificationUriComplete), "/code");
    stop();
    start();
    page = browser.submit(page, "/connect");
    EXPECT_TRUE(page.url.ends_with("/terms"));
    const auto leaving = browser.submit(page, "/terms");
    stop();
    start();
    EXPECT_TRUE(decide(browser, leaving, kMara).url.ends_with("/done"));
    stop();
    start();
    EXPECT_TRUE(std::holds_alternative<Granted>(poll(begun)));
}

// Login CSRF: somebody sends their own finished sign-in to another person's browser.
TEST_P(PortalPages, ASignInOfAnotherBrowserIsRefused)
{
    start();
    const Begun victims = begin();
    const Begun attackers = begin();
    Browser victim;
    Browser attacker;
    walkToCloud(victim, victims);
    const auto leaving = walkToCloud(attacker, attackers);
    // The attacker stops just before the portal's callback.
    const auto back = attacker.getOnce(cloudAddress(leaving) + "&auto_approve=" + kAiko);
    const std::string callback(back.headers.get("Location"));
    ASSERT_THAT(callback, HasSubstr("/callback/dropbox?"));
    EXPECT_EQ(victim.get(callback).word(), "session-lost");
    Browser stranger;
    EXPECT_EQ(stranger.get(callback).word(), "session-lost");
    EXPECT_TRUE(std::holds_alternative<Pending>(poll(victims)));
    // And it still is the attacker's own.
    EXPECT_TRUE(attacker.get(callback).url.ends_with("/done"));
}

TEST_P(PortalPages, AStateWorksOnceAndOnlyTheLatestOne)
{
    start();
    const Begun begun = begin();
    Browser browser;
    const auto first = walkToCloud(browser, begun);
    auto page = browser.get(url + "/terms");
    const auto second = browser.submit(page, "/terms");
    const auto backFirst = browser.getOnce(cloudAddress(first) + "&auto_approve=" + kMara);
    EXPECT_EQ(browser.get(std::string(backFirst.headers.get("Location"))).word(), "session-lost");
    const auto backSecond = browser.getOnce(cloudAddress(second) + "&auto_approve=" + kAiko);
    const std::string callback(backSecond.headers.get("Location"));
    EXPECT_TRUE(browser.get(callback).url.ends_with("/done"));
    EXPECT_EQ(browser.get(callback).word(), "session-lost");
}

TEST_P(PortalPages, AnAnswerAtAnotherProvidersAddressIsRefused)
{
    start();
    const Begun begun = begin();
    Browser browser;
    const auto leaving = walkToCloud(browser, begun);
    const auto back = browser.getOnce(cloudAddress(leaving) + "&auto_approve=" + kMara);
    std::string callback(back.headers.get("Location"));
    callback.replace(callback.find("/callback/dropbox"), std::string("/callback/dropbox").size(), "/callback/mirror");
    EXPECT_EQ(browser.get(callback).word(), "session-lost");
    EXPECT_TRUE(std::holds_alternative<Pending>(poll(begun)));
}

TEST_P(PortalPages, AFormWithoutItsBrowsersTokenIsRefused)
{
    start();
    const Begun begun = begin();
    Browser browser;
    auto page = browser.submit(browser.get(begun.verificationUriComplete), "/code");
    EXPECT_EQ(browser.post(url + "/connect", "").word(), "session-lost");
    EXPECT_EQ(browser.post(url + "/connect", "form=" + std::string(43, 'A')).word(), "session-lost");
    Browser other;
    const auto token = other.get(url + "/code").match("name=\"form\" value=\"([^\"]*)\"");
    EXPECT_EQ(browser.post(url + "/connect", "form=" + percentEncode(token)).word(), "session-lost");
    browser.more.set("Origin", "https://evil.example");
    EXPECT_EQ(browser.submit(page, "/connect").word(), "session-lost");
    browser.more.set("Origin", url);
    EXPECT_TRUE(browser.submit(page, "/connect").url.ends_with("/terms"));
}

TEST_P(PortalPages, ASessionPlantedBeforeTheCodeIsWorthNothingAfterwards)
{
    start();
    const Begun begun = begin();
    Browser planter;
    planter.get(url + "/code");
    const std::string planted = planter.cookie("portal");
    Browser victim;
    victim.setCookie("portal", planted);
    auto page = victim.submit(victim.get(begun.verificationUriComplete), "/code");
    EXPECT_TRUE(page.url.ends_with("/connect"));
    EXPECT_NE(victim.cookie("portal"), planted);
    EXPECT_EQ(planter.get(url + "/connect").word(), "session-lost");
}

TEST_P(PortalPages, TenWrongCodesShutTheDoorForThatAddressUntilTimePasses)
{
    start();
    const Begun begun = begin();
    Browser browser;
    const auto page = browser.get(url + "/code");
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(browser.submit(page, "/code", {{"code", "BCDFGHJKLMNPQRS"}}).status, 400) << i;
    auto refused = browser.submit(page, "/code", {{"code", "BCDFGHJKLMNPQRS"}});
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.word(), "too-many-tries");
    // The right one as well, or the door would tell which is right.
    Browser again;
    EXPECT_EQ(again.submit(again.get(begun.verificationUriComplete), "/code").word(), "too-many-tries");
    advance(std::chrono::seconds(60));
    EXPECT_TRUE(again.submit(again.get(begun.verificationUriComplete), "/code").url.ends_with("/connect"));
}

TEST_P(PortalPages, TheTotalLimitHoldsForAllAddressesTogether)
{
    PortalRules rules;
    rules.codeTries = {1000, 1000};
    rules.codeTriesTotal = {5, 0.5};
    start(rules);
    Browser browser;
    const auto page = browser.get(url + "/code");
    int looked = 0;
    for (int second = 0; second < 60; ++second) {
        for (int i = 0; i < 3; ++i)
            looked += browser.submit(page, "/code", {{"code", "BCDFGHJKLMNPQRS"}}).status == 400 ? 1 : 0;
        advance(std::chrono::seconds(1));
    }
    EXPECT_LE(looked, 5 + 30);
    EXPECT_GE(looked, 30);
}

TEST_P(PortalPages, ARightCodeUsesNoTryUp)
{
    start();
    Browser browser;
    for (int i = 0; i < 15; ++i) {
        const Begun begun = begin();
        EXPECT_TRUE(browser.submit(browser.get(begun.verificationUriComplete), "/code").url.ends_with("/connect")) << i;
    }
}

TEST_P(PortalPages, ACodeThatIsOpenedAgainAndAgainIsShut)
{
    PortalRules rules;
    rules.mostEntries = 3;
    start(rules);
    const Begun begun = begin();
    for (int i = 0; i < 3; ++i) {
        Browser browser;
        EXPECT_TRUE(browser.submit(browser.get(begun.verificationUriComplete), "/code").url.ends_with("/connect"));
    }
    Browser browser;
    EXPECT_EQ(browser.submit(browser.get(begun.verificationUriComplete), "/code").word(), "too-many-entries");
}

TEST_P(PortalPages, NobodyBeginsSignInsWithoutEnd)
{
    PortalRules rules;
    rules.signIns = {2, 0.01};
    ServerOptions options;
    options.trustedProxies = {"127.0.0.1"};
    start(rules, options);
    Browser browser;
    browser.more.set("X-Forwarded-For", "198.51.100.1");
    const Begun begun = begin();
    auto page = browser.submit(browser.get(begun.verificationUriComplete), "/code");
    const auto terms = browser.submit(page, "/connect");
    EXPECT_FALSE(cloudAddress(browser.submit(terms, "/terms")).empty());
    EXPECT_FALSE(cloudAddress(browser.submit(terms, "/terms")).empty());
    EXPECT_EQ(browser.submit(terms, "/terms").word(), "too-many-sign-ins");
    browser.more.set("X-Forwarded-For", "198.51.100.2");
    EXPECT_FALSE(cloudAddress(browser.submit(terms, "/terms")).empty());
    browser.more.set("X-Forwarded-For", "198.51.100.1");
    advance(std::chrono::seconds(100));
    EXPECT_FALSE(cloudAddress(browser.submit(terms, "/terms")).empty());
}

TEST_P(PortalPages, OnlyATrustedProxyIsBelievedAboutAddresses)
{
    PortalRules rules;
    rules.codeTries = {1, 0.001};
    start(rules);
    Browser browser;
    auto page = browser.get(url + "/code");
    browser.more.set("X-Forwarded-For", "198.51.100.1");
    EXPECT_EQ(browser.submit(page, "/code", {{"code", "BCDFGHJKLMNPQRS"}}).status, 400);
    browser.more.set("X-Forwarded-For", "198.51.100.2");
    EXPECT_EQ(browser.submit(page, "/code", {{"code", "BCDFGHJKLMNPQRS"}}).status, 429);
    stop();
    ServerOptions options;
    options.trustedProxies = {"127.0.0.1"};
    start(rules, options);
    for (const char *address : {"198.51.100.1", "203.0.113.9, 198.51.100.2", "198.51.100.1, 198.51.100.3"}) {
        browser.more.set("X-Forwarded-For", address);
        EXPECT_EQ(browser.submit(page, "/code", {{"code", "BCDFGHJKLMNPQRS"}}).status, 400) << address;
        EXPECT_EQ(browser.submit(page, "/code", {{"code", "BCDFGHJKLMNPQRS"}}).status, 429) << address;
    }
    // Some proxies add the port, which is another one for each connection.
    for (const char *address :
         {"198.51.100.20:4000", "198.51.100.20:4001", "[2001:db8::20]:4000", "[2001:db8::20]:4001"}) {
        browser.more.set("X-Forwarded-For", address);
        EXPECT_EQ(browser.submit(page, "/code", {{"code", "BCDFGHJKLMNPQRS"}}).status,
                  std::string_view(address).ends_with("0") ? 400 : 429)
            << address;
    }
    // A proxy's own line stands behind what the browser sent.
    for (const char *invented : {"192.0.2.1", "192.0.2.2"}) {
        browser.more.fields = {{"X-Forwarded-For", invented}, {"X-Forwarded-For", "198.51.100.9"}};
        EXPECT_EQ(browser.submit(page, "/code", {{"code", "BCDFGHJKLMNPQRS"}}).status,
                  invented == std::string("192.0.2.1") ? 400 : 429);
    }
}

TEST_P(PortalPages, TheLanguageCanBeSwitchedAndIsKept)
{
    start();
    const Begun begun = begin();
    Browser browser("en-GB");
    auto page = browser.get(begun.verificationUriComplete);
    const std::string other = page.match("id=\"other-language\"[^>]*>([^<]*)<");
    EXPECT_EQ(other, "Français");
    page = browser.get(url + page.match("<a href=\"([^\"]*)\" id=\"other-language\""));
    EXPECT_TRUE(page.has("Reliez votre cloud"));
    EXPECT_TRUE(page.has(begun.userCode)) << "the code stays filled in";
    EXPECT_TRUE(browser.submit(page, "/code").has("Est-ce votre imprimante"));
}

TEST_P(PortalPages, EveryPageCarriesTheHeadersThatProtectIt)
{
    start();
    const Begun begun = begin();
    Browser browser;
    std::vector<WebPage> pages;
    pages.push_back(browser.get(begun.verificationUriComplete));
    pages.push_back(browser.submit(pages.back(), "/code"));
    pages.push_back(browser.submit(pages.back(), "/connect"));
    pages.push_back(browser.submit(pages.back(), "/terms"));
    pages.push_back(browser.get(url + "/nothing-here"));
    pages.push_back(browser.get(url + "/done"));
    EXPECT_EQ(pages[4].status, 404);
    EXPECT_EQ(pages[0].headers.get("Keep-Alive"), "timeout=1, max=1000") << "not longer than it is true";
    for (const WebPage &page : pages) {
        EXPECT_THAT(std::string(page.headers.get("Content-Security-Policy")), HasSubstr("default-src 'none'"))
            << page.url;
        EXPECT_THAT(std::string(page.headers.get("Content-Security-Policy")), HasSubstr("frame-ancestors 'none'"));
        EXPECT_EQ(page.headers.get("Cache-Control"), "no-store");
        EXPECT_EQ(page.headers.get("X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(page.headers.get("Referrer-Policy"), "same-origin");
        EXPECT_EQ(page.html.find(" style=\""), std::string::npos);
        EXPECT_EQ(page.html.find("{{"), std::string::npos);
    }
    ASSERT_FALSE(browser.setCookieLines.empty());
    for (const std::string &line : browser.setCookieLines) {
        EXPECT_THAT(line, HasSubstr("HttpOnly"));
        EXPECT_THAT(line, HasSubstr("SameSite=Lax"));
    }
}

} // namespace
} // namespace connector::portal
