// SPDX-License-Identifier: Apache-2.0
// The portal's sign-in at a server that nobody here wrote: npm's oidc-provider, a certified OpenID Connect server.
#include "http/url.h"
#include "tests/component/portal/portal_fixture.h"

#include <gmock/gmock.h>

namespace connector::portal {
namespace {

using test::Browser;
using test::WebPage;

test::ReadyProgram &company()
{
    static test::ReadyProgram program({"tests/support/oidc-provider"});
    return program;
}

// Counts and records what the portal asks the server, and may answer in its place.
class Between : public HttpClient {
public:
    explicit Between(HttpClient &next) : m_next(next) {}
    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override
    {
        const auto path = splitUrl(request.url)->path;
        {
            const std::scoped_lock lock(mutex);
            ++asked[path];
            if (path == "/token/revocation")
                ended.push_back(request.body);
        }
        auto reply = m_next.send(request, sink, call);
        if (reply && change)
            change(path, *reply);
        return reply;
    }
    std::mutex mutex;
    std::map<std::string, int> asked;
    std::vector<std::string> ended;
    std::function<void(const std::string &path, HttpReply &reply)> change;

private:
    HttpClient &m_next;
};

struct PortalOidc : PortalOnStores {
    PortalOidc() { cloud = &between; }

    void startWith(const std::string &client, const PortalRules &rules = {})
    {
        change = [client](std::map<std::string, PortalProvider> &providers) {
            const auto &entry = company().ready()["clients"][client];
            PortalConfig config;
            config.providers["company"].issuer = company().ready()["issuer"];
            config.providers["company"].title = "Example Company";
            config.providers["company"].id = entry["id"];
            config.providers["company"].secret = entry.value("secret", "");
            auto made = makeProviders(config);
            ASSERT_TRUE(made) << describe(made.error());
            providers.merge(*made);
        };
        // The server's tokens are dated by its own clock.
        clock = toUnix(systemNow());
        start(rules);
    }

    // Signs in on the server's own pages, and comes back.
    WebPage signIn(Browser &browser, const Begun &begun, const std::string &person)
    {
        auto page = browser.get(cloudAddress(walkToCloud(browser, begun)));
        page = send(browser, page, {{"login", person}, {"password", "any"}});
        return send(browser, page, {});
    }
    static WebPage send(Browser &browser, const WebPage &page, const Browser::Fields &fields)
    {
        const std::string action = page.match("<form[^>]*action=\"([^\"]*)\"");
        EXPECT_FALSE(action.empty()) << page.url << page.html.substr(0, 2000);
        return action.empty() ? page : browser.submit(page, action, fields);
    }
    std::optional<Grant> granted(const Begun &begun)
    {
        const auto outcome = poll(begun);
        const auto *box = std::get_if<Granted>(&outcome);
        auto opened = openSealed(box != nullptr ? box->sealed : "", keys, "company");
        EXPECT_TRUE(opened);
        return opened ? std::optional(*opened) : std::nullopt;
    }

    Between between{http};
};
CONNECTOR_ON_BOTH_STORES(PortalOidc);

TEST_P(PortalOidc, APersonSignsInWithTheClientsSecretAndItsTokensAreRenewedAndEndedThroughThePortal)
{
    startWith("secret");
    const Begun begun = begin({"example.org"}, "company");
    Browser browser;
    const auto page = signIn(browser, begun, "mara");
    ASSERT_TRUE(page.url.ends_with("/done")) << page.word() << page.url;
    const auto grant = granted(begun);
    ASSERT_TRUE(grant);
    EXPECT_EQ(grant->account.email, kMara);
    EXPECT_EQ(grant->account.name, "Mara Lind");
    EXPECT_TRUE(grant->account.emailVerified);
    ASSERT_FALSE(grant->ticket.empty());
    PortalTicket ticket{grant->ticket, grant->portalKey, keys};
    auto fresh = device().refresh(ticket, grant->tokens, {});
    ASSERT_TRUE(fresh) << describe(fresh.error());
    EXPECT_NE(fresh->tokens.refreshToken, grant->tokens.refreshToken) << "it rotates them";
    ticket.ticket = fresh->ticket;
    ASSERT_TRUE(device().revoke(ticket, fresh->tokens, {}));
    auto over = device().refresh(ticket, fresh->tokens, {});
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().code, Errc::Unauthenticated);
    EXPECT_EQ(between.asked["/.well-known/openid-configuration"], 1) << "it is known for an hour";
}

TEST_P(PortalOidc, APublicClientNeedsNoSecretAndNoTicket)
{
    startWith("public");
    const Begun begun = begin({}, "company");
    Browser browser;
    const auto page = signIn(browser, begun, "aiko");
    ASSERT_TRUE(page.url.ends_with("/done")) << page.word() << page.url;
    const auto grant = granted(begun);
    ASSERT_TRUE(grant);
    EXPECT_EQ(grant->account.email, "aiko.tanaka@example.net");
    EXPECT_TRUE(grant->ticket.empty());
}

TEST_P(PortalOidc, AnAddressThatTheServerHasNotVerifiedOrOfAnotherDomainIsRefusedAndTheGrantEnded)
{
    startWith("secret");
    const Begun first = begin({"example.org"}, "company");
    Browser jonas;
    EXPECT_EQ(signIn(jonas, first, "jonas").word(), "email-unverified");
    EXPECT_EQ(between.ended.size(), 1U);
    const Begun second = begin({"example.org"}, "company");
    Browser aiko;
    EXPECT_EQ(signIn(aiko, second, "aiko").word(), "domain-refused");
    EXPECT_EQ(between.ended.size(), 2U);
}

TEST_P(PortalOidc, SayingNoAtTheServerIsNamed)
{
    startWith("secret");
    const Begun begun = begin({}, "company");
    Browser browser;
    const auto page = browser.get(cloudAddress(walkToCloud(browser, begun)));
    const std::string abort = page.match("<a href=\"([^\"]*/abort)\"");
    ASSERT_FALSE(abort.empty()) << page.html;
    const std::string base = company().ready()["issuer"];
    EXPECT_EQ(browser.get(abort.starts_with("http") ? abort : base + abort).word(), "access-denied");
}

TEST_P(PortalOidc, AnAnswerThatNamesAnotherIssuerOrNoneIsRefused)
{
    startWith("secret");
    for (const char *issuer : {"&iss=https%3A%2F%2Fother.example", ""}) {
        const Begun begun = begin({}, "company");
        Browser browser;
        auto page = browser.get(cloudAddress(walkToCloud(browser, begun)));
        page = send(browser, page, {{"login", "mara"}, {"password", "any"}});
        // The last step by hand: the server sends the browser back to the portal.
        const std::string state = [&] {
            auto leaving = browser.get(url + "/terms");
            return cloudAddress(browser.submit(leaving, "/terms"));
        }();
        const auto at = state.find("&state=") != std::string::npos ? state.find("&state=") : state.find("?state=");
        const std::string value = state.substr(at + 7, state.find('&', at + 7) - at - 7);
        page = browser.get(url + "/callback/company?code=abc&state=" + value + issuer);
        EXPECT_EQ(page.word(), "provider-refused");
    }
    EXPECT_EQ(between.asked["/token"], 0) << "the code goes nowhere";
}

TEST_P(PortalOidc, AnAnswerThatNamesNoIssuerIsRefusedAlsoByAnInstanceThatSentNobodyThereYet)
{
    startWith("secret");
    Browser browser;
    const auto leaving = walkToCloud(browser, begin({}, "company"));
    const std::string address = cloudAddress(leaving);
    const auto at = address.find("state=") + 6;
    stop();
    startWith("secret");
    const auto page =
        browser.get(url + "/callback/company?code=abc&state=" + address.substr(at, address.find('&', at) - at));
    EXPECT_EQ(page.word(), "provider-refused");
    EXPECT_EQ(between.asked["/token"], 0) << "the code goes nowhere";
}

TEST_P(PortalOidc, AnIdTokenForSeveralMustNameThisClient)
{
    startWith("secret");
    bool named = false;
    between.change = [&](const std::string &path, HttpReply &reply) {
        if (path != "/token")
            return;
        auto tokens = nlohmann::json::parse(reply.body);
        std::string token = tokens["id_token"];
        const auto first = token.find('.');
        const auto second = token.find('.', first + 1);
        auto claims = nlohmann::json::parse(*fromBase64Url(token.substr(first + 1, second - first - 1)));
        const std::string client = claims["aud"];
        claims["aud"] = {client, "another"};
        if (named)
            claims["azp"] = client;
        tokens["id_token"] = token.substr(0, first + 1) + toBase64Url(claims.dump()) + token.substr(second);
        reply.body = tokens.dump();
    };
    Browser browser;
    EXPECT_EQ(signIn(browser, begin({}, "company"), "mara").word(), "provider-refused");
    named = true;
    Browser other;
    EXPECT_TRUE(signIn(other, begin({}, "company"), "mara").url.ends_with("/done"));
}

TEST_P(PortalOidc, AnIdTokenFromAnotherSignInOrForAnotherPersonIsRefused)
{
    startWith("secret");
    between.change = [](const std::string &path, HttpReply &reply) {
        if (path != "/me")
            return;
        auto told = nlohmann::json::parse(reply.body);
        told["sub"] = "aiko";
        reply.body = told.dump();
    };
    Browser browser;
    EXPECT_EQ(signIn(browser, begin({}, "company"), "mara").word(), "provider-refused");
    between.change = [](const std::string &path, HttpReply &reply) {
        if (path != "/token")
            return;
        auto tokens = nlohmann::json::parse(reply.body);
        std::string token = tokens["id_token"];
        const auto first = token.find('.');
        const auto second = token.find('.', first + 1);
        auto claims = nlohmann::json::parse(*fromBase64Url(token.substr(first + 1, second - first - 1)));
        claims["nonce"] = "of-another-sign-in";
        tokens["id_token"] = token.substr(0, first + 1) + toBase64Url(claims.dump()) + token.substr(second);
        reply.body = tokens.dump();
    };
    Browser other;
    EXPECT_EQ(signIn(other, begin({}, "company"), "mara").word(), "provider-refused");
    EXPECT_EQ(between.ended.size(), 2U) << "tokens that nobody gets are ended";
}

TEST_P(PortalOidc, ADiscoveryDocumentOfAnotherIssuerIsNotFollowed)
{
    startWith("secret");
    between.change = [](const std::string &path, HttpReply &reply) {
        if (path != "/.well-known/openid-configuration")
            return;
        auto document = nlohmann::json::parse(reply.body);
        document["issuer"] = "https://other.example";
        reply.body = document.dump();
    };
    Browser browser;
    EXPECT_EQ(walkToCloud(browser, begin({}, "company")).word(), "provider-refused");
    between.change = [](const std::string &path, HttpReply &reply) {
        if (path != "/.well-known/openid-configuration")
            return;
        auto document = nlohmann::json::parse(reply.body);
        document["token_endpoint"] = "http://192.0.2.1/token";
        reply.body = document.dump();
    };
    Browser other;
    EXPECT_EQ(walkToCloud(other, begin({}, "company")).word(), "provider-refused");
}

} // namespace
} // namespace connector::portal
