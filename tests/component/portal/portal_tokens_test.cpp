// SPDX-License-Identifier: Apache-2.0
// Tokens of clouds whose client secret stays at the portal: renewed and ended for the device that owns them, and for
// nobody else.
#include "core/files.h"
#include "core/log.h"
#include "core/random.h"
#include "http/url.h"
#include "profiles/account_links.h"
#include "store/schema.h"
#include "tests/component/portal/portal_fixture.h"

#include <atomic>
#include <thread>

namespace connector::portal {
namespace {

using std::chrono::seconds;

// Stands between the portal and the clouds: a token endpoint that wants the secret, and takes each refresh token once.
class OneUseCloud : public HttpClient {
public:
    explicit OneUseCloud(HttpClient &next) : m_next(next) {}

    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override
    {
        if (request.url == "https://one-use.example/revoke") {
            const std::scoped_lock lock(mutex);
            ended.push_back(field(request.body, "token"));
            return HttpReply{200, {}, ""};
        }
        if (field(request.body, "grant_type") != "refresh_token")
            return m_next.send(request, sink, call);
        {
            std::unique_lock lock(mutex);
            ++asked;
            changed.notify_all();
            changed.wait_for(lock, seconds(10), [&] { return !held; });
        }
        const std::scoped_lock lock(mutex);
        if (failure)
            return *failure;
        const std::string token = field(request.body, "refresh_token");
        if (field(request.body, "client_secret").empty())
            return HttpReply{400, {}, R"({"error":"invalid_client"})"};
        if (!rotates)
            return HttpReply{200,
                             {},
                             R"({"access_token":"plain-)" + std::to_string(++made) +
                                 R"(","token_type":"bearer","expires_in":3600})"};
        if (!used.insert(token).second)
            return HttpReply{400, {}, R"({"error":"invalid_grant"})"};
        const std::string number = std::to_string(++made);
        if (genuine) { // access tokens that the sandbox takes
            const std::string real = realOf.contains(token) ? realOf[token] : token;
            HttpRequest forwarded = request;
            forwarded.body = formEncode({{"grant_type", "refresh_token"},
                                         {"refresh_token", real},
                                         {"client_id", field(request.body, "client_id")},
                                         {"client_secret", field(request.body, "client_secret")}});
            auto reply = m_next.send(forwarded, sink, call);
            if (!reply)
                return reply;
            auto body = nlohmann::json::parse(reply->body);
            body["refresh_token"] = "refresh-" + number;
            realOf["refresh-" + number] = real;
            reply->body = body.dump();
            return reply;
        }
        return HttpReply{200,
                         {},
                         R"({"access_token":"access-)" + number + R"(","token_type":"bearer","expires_in":3600,)" +
                             R"("refresh_token":"refresh-)" + number + R"("})"};
    }

    static std::string field(const std::string &form, const std::string &name)
    {
        const auto at = form.find(name + "=");
        return at == std::string::npos
                   ? ""
                   : percentDecode(form.substr(at + name.size() + 1, form.find('&', at) - at - name.size() - 1));
    }

    std::mutex mutex;
    std::condition_variable changed;
    bool held = false; // answers wait
    bool rotates = true;
    bool genuine = false;
    std::map<std::string, std::string> realOf;
    int asked = 0;
    int made = 0;
    std::set<std::string> used;
    std::vector<std::string> ended;
    std::optional<Error> failure;

private:
    HttpClient &m_next;
};

struct PortalTokens : PortalOnStores {
    PortalTokens()
    {
        cloud = &oneUse;
        change = [](std::map<std::string, PortalProvider> &providers) {
            providers.at("mirror").oauth.secretNeeded = true;
            providers.at("mirror").oauth.revokeUrl = "https://one-use.example/revoke";
        };
    }

    // A grant as a device has it after a walk by hand.
    LinkedTokens grant(const std::string &provider = "mirror")
    {
        const Begun begun = begin({}, provider);
        test::Browser browser;
        decide(browser, walkToCloud(browser, begun), kMara);
        const auto outcome = poll(begun);
        const auto *granted = std::get_if<Granted>(&outcome);
        EXPECT_NE(granted, nullptr);
        auto opened = openSealed(granted != nullptr ? granted->sealed : "", keys, provider);
        EXPECT_TRUE(opened);
        if (!opened)
            return {};
        LinkedTokens linked{provider, opened->clientId, opened->tokens};
        if (!opened->ticket.empty())
            linked.portal = PortalTicket{opened->ticket, opened->portalKey, keys};
        return linked;
    }

    HttpReply post(const std::string &path, const nlohmann::json &body)
    {
        HttpRequest request;
        request.method = "POST";
        request.url = url + path;
        request.headers.set("Content-Type", "application/json");
        request.body = body.dump();
        auto reply = http.send(request, nullptr, {});
        EXPECT_TRUE(reply);
        return reply ? *reply : HttpReply{};
    }
    static std::string word(const HttpReply &reply)
    {
        return nlohmann::json::parse(reply.body, nullptr, false)["error"].value("code", "");
    }
    nlohmann::json requestOf(const LinkedTokens &linked, TokenRequest::What what = TokenRequest::What::Refresh)
    {
        auto box = closeRequest({what, makeToken(16), now(), linked.tokens.refreshToken}, *linked.portal);
        EXPECT_TRUE(box);
        return {{"ticket", linked.portal->ticket}, {"box", toBase64Url(*box)}};
    }

    OneUseCloud oneUse{http};
};

CONNECTOR_ON_BOTH_STORES(PortalTokens);

TEST_P(PortalTokens, ADeviceThatNeedsNoSecretGetsNoTicket)
{
    start();
    EXPECT_FALSE(grant("dropbox").portal);
    EXPECT_TRUE(grant("mirror").portal);
}

TEST_P(PortalTokens, EachRenewalGivesTokensAndTheTicketForTheNext)
{
    start();
    LinkedTokens linked = grant();
    for (int i = 1; i <= 3; ++i) {
        auto fresh = device().refresh(*linked.portal, linked.tokens, {});
        ASSERT_TRUE(fresh) << describe(fresh.error());
        EXPECT_EQ(fresh->tokens.accessToken, "access-" + std::to_string(i));
        EXPECT_EQ(fresh->tokens.refreshToken, "refresh-" + std::to_string(i));
        EXPECT_EQ(fresh->tokens.accessExpires, now() + seconds(3600));
        linked.tokens = fresh->tokens;
        linked.portal->ticket = fresh->ticket;
    }
}

TEST_P(PortalTokens, ALostAnswerIsGivenAgainAlsoAfterTheCloudForgotTheOldTokenAndThePortalRestarted)
{
    start();
    const LinkedTokens linked = grant();
    ASSERT_TRUE(device().refresh(*linked.portal, linked.tokens, {})); // and nobody hears it
    EXPECT_EQ(oneUse.used.size(), 1U);
    stop();
    advance(std::chrono::hours(59 * 24));
    start();
    auto again = device().refresh(*linked.portal, linked.tokens, {});
    ASSERT_TRUE(again) << describe(again.error());
    EXPECT_EQ(again->tokens.refreshToken, "refresh-1");
    EXPECT_EQ(oneUse.asked, 1);
    advance(std::chrono::hours(2 * 24));
    ASSERT_TRUE(engine->sweep());
    auto late = device().refresh(*linked.portal, linked.tokens, {});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::Unauthenticated) << "kept as long as its token lives";
    auto next = device().refresh({again->ticket, linked.portal->portalKey, keys}, again->tokens, {});
    EXPECT_TRUE(next) << "with the new ones it goes on";
}

TEST_P(PortalTokens, TwoRequestsAtOnceAreOneAtTheCloud)
{
    start();
    const LinkedTokens linked = grant();
    oneUse.held = true;
    std::vector<std::thread> threads;
    std::atomic<int> fine = 0;
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] {
            auto fresh = device().refresh(*linked.portal, linked.tokens, {});
            if (fresh && fresh->tokens.refreshToken == "refresh-1")
                ++fine;
        });
    {
        std::unique_lock lock(oneUse.mutex);
        ASSERT_TRUE(oneUse.changed.wait_for(lock, seconds(10), [&] { return oneUse.asked > 0; }));
        oneUse.held = false;
    }
    oneUse.changed.notify_all();
    for (auto &thread : threads)
        thread.join();
    EXPECT_EQ(fine, 2);
    EXPECT_EQ(oneUse.asked, 1);
}

TEST_P(PortalTokens, AnAnswerIsNotKeptWhereTheOldTokenStaysGood)
{
    start();
    oneUse.rotates = false;
    const LinkedTokens linked = grant();
    auto first = device().refresh(*linked.portal, linked.tokens, {});
    ASSERT_TRUE(first);
    EXPECT_EQ(first->tokens.refreshToken, linked.tokens.refreshToken);
    auto second = device().refresh(*linked.portal, linked.tokens, {});
    ASSERT_TRUE(second);
    EXPECT_NE(first->tokens.accessToken, second->tokens.accessToken) << "a token that a cloud took back is replaced";
}

TEST_P(PortalTokens, AStrangersTicketOpensNothing)
{
    start();
    const LinkedTokens linked = grant();
    auto invented = requestOf(linked);
    invented["ticket"] = toBase64Url(randomBytes(200));
    EXPECT_EQ(word(post("/api/v1/tokens/refresh", invented)), "ticket-refused");
    auto changed = requestOf(linked);
    std::string ticket = linked.portal->ticket;
    ticket[40] = ticket[40] == 'A' ? 'B' : 'A';
    changed["ticket"] = ticket;
    EXPECT_EQ(word(post("/api/v1/tokens/refresh", changed)), "ticket-refused");

    // Of another portal, whose key is another one.
    const Tickets other(randomBytes(32));
    auto foreign = requestOf(linked);
    foreign["ticket"] = other.seal({"mirror", linked.clientId, "a", keys.publicKey, "h", now()});
    EXPECT_EQ(word(post("/api/v1/tokens/refresh", foreign)), "ticket-refused");
    EXPECT_EQ(oneUse.asked, 0);
}

TEST_P(PortalTokens, AnotherDevicesKeyProvesNothing)
{
    start();
    LinkedTokens stolen = grant();
    stolen.portal->keys = makeKeyPair();
    EXPECT_EQ(word(post("/api/v1/tokens/refresh", requestOf(stolen))), "proof-refused");
    EXPECT_EQ(word(post("/api/v1/tokens/revoke", requestOf(stolen, TokenRequest::What::Revoke))), "proof-refused");
    EXPECT_EQ(oneUse.asked, 0);
    EXPECT_TRUE(oneUse.ended.empty());
}

TEST_P(PortalTokens, ATicketIsForItsOwnTokenOnly)
{
    start();
    const LinkedTokens mine = grant();
    keys = makeKeyPair();
    const LinkedTokens yours = grant();
    LinkedTokens mixed = mine;
    mixed.tokens = yours.tokens; // a stolen refresh token with a genuine ticket of the thief's own
    EXPECT_EQ(word(post("/api/v1/tokens/refresh", requestOf(mixed))), "ticket-refused");
    EXPECT_EQ(oneUse.asked, 0);
}

TEST_P(PortalTokens, ARecordedRequestDoesNothingASecondTime)
{
    start();
    oneUse.rotates = false;
    const LinkedTokens linked = grant();
    const auto recorded = requestOf(linked);
    EXPECT_EQ(post("/api/v1/tokens/refresh", recorded).status, 200);
    EXPECT_EQ(word(post("/api/v1/tokens/refresh", recorded)), "proof-refused");
    EXPECT_EQ(word(post("/api/v1/tokens/revoke", recorded)), "proof-refused") << "it says for what it is";
    advance(seconds(301));
    EXPECT_EQ(word(post("/api/v1/tokens/refresh", recorded)), "clock-wrong");
    EXPECT_EQ(oneUse.asked, 1);
}

TEST_P(PortalTokens, ARequestOfADeviceWithAWrongClockIsToldSo)
{
    start();
    const LinkedTokens linked = grant();
    auto fresh =
        PortalClient(http, url, [this] { return now() - seconds(600); }).refresh(*linked.portal, linked.tokens, {});
    ASSERT_FALSE(fresh);
    EXPECT_EQ(stableCode(fresh.error()), "clock-wrong");
    EXPECT_EQ(oneUse.asked, 0);
}

TEST_P(PortalTokens, OddRequestsAreRefusedAndCounted)
{
    start();
    for (const nlohmann::json &body :
         {nlohmann::json(nullptr), nlohmann::json::array(), nlohmann::json::object(),
          nlohmann::json{{"ticket", 7}, {"box", "AAAA"}}, nlohmann::json{{"ticket", "AAAA"}},
          nlohmann::json{{"ticket", "AAAA"}, {"box", "!!"}}})
        for (const char *path : {"/api/v1/tokens/refresh", "/api/v1/tokens/revoke"})
            EXPECT_EQ(word(post(path, body)), "bad-request") << body;
    int refused = 0;
    HttpReply last;
    for (int i = 0; i < 61; ++i)
        if (last = post("/api/v1/tokens/refresh", {{"ticket", "AAAA"}, {"box", "AAAA"}}); last.status == 403)
            ++refused;
    EXPECT_EQ(refused, 60);
    EXPECT_EQ(last.status, 429);
    EXPECT_FALSE(last.headers.get("Retry-After").empty());
}

TEST_P(PortalTokens, OneGrantIsNotRenewedWithoutEnd)
{
    start();
    oneUse.rotates = false;
    const LinkedTokens linked = grant();
    for (int i = 0; i < 30; ++i)
        ASSERT_TRUE(device().refresh(*linked.portal, linked.tokens, {})) << i;
    auto more = device().refresh(*linked.portal, linked.tokens, {});
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, Errc::RateLimited);
    EXPECT_GT(more.error().retryAfter, seconds(0));
}

TEST_P(PortalTokens, WhatTheCloudSaysReachesTheDevice)
{
    start();
    const LinkedTokens linked = grant();
    const auto outcome = [&] {
        auto fresh = device().refresh(*linked.portal, linked.tokens, {});
        EXPECT_FALSE(fresh);
        return fresh ? Error{} : fresh.error();
    };
    oneUse.failure = Error{Errc::Offline, "no route", "http"};
    EXPECT_EQ(outcome().code, Errc::Unavailable);
    EXPECT_EQ(stableCode(outcome()), "unavailable");
    oneUse.failure = Error{Errc::RateLimited, "slow", "http", {}, 429, seconds(30)};
    EXPECT_EQ(outcome().code, Errc::RateLimited);
    oneUse.failure = std::nullopt;
    oneUse.used.insert(linked.tokens.refreshToken);
    EXPECT_EQ(outcome().code, Errc::Unauthenticated);
    EXPECT_EQ(stableCode(outcome()), "access-revoked");
}

TEST_P(PortalTokens, AGrantIsEndedAtTheCloud)
{
    start();
    const LinkedTokens linked = grant();
    ASSERT_TRUE(device().revoke(*linked.portal, linked.tokens, {}));
    EXPECT_EQ(oneUse.ended, std::vector<std::string>{linked.tokens.refreshToken});
}

TEST_P(PortalTokens, EndingAGrantWhoseLastRenewalNobodyHeardOfEndsWhatItBrought)
{
    start();
    const LinkedTokens linked = grant();
    ASSERT_TRUE(device().refresh(*linked.portal, linked.tokens, {})); // lost on its way
    ASSERT_TRUE(device().revoke(*linked.portal, linked.tokens, {}));
    EXPECT_EQ(oneUse.ended, (std::vector<std::string>{"refresh-1", linked.tokens.refreshToken}));
    auto again = device().refresh(*linked.portal, linked.tokens, {});
    ASSERT_FALSE(again) << "and the kept answer is gone";
    EXPECT_EQ(again.error().code, Errc::Unauthenticated);
}

TEST_P(PortalTokens, EndingAGrantWhileItIsBeingRenewedEndsWhatTheRenewalBrings)
{
    start();
    const LinkedTokens linked = grant();
    oneUse.held = true;
    std::thread renewing([&] { (void)device().refresh(*linked.portal, linked.tokens, {}); });
    {
        std::unique_lock lock(oneUse.mutex);
        ASSERT_TRUE(oneUse.changed.wait_for(lock, seconds(10), [&] { return oneUse.asked > 0; }));
    }
    std::thread ending([&] { EXPECT_TRUE(device().revoke(*linked.portal, linked.tokens, {})); });
    {
        const std::scoped_lock lock(oneUse.mutex);
        oneUse.held = false;
    }
    oneUse.changed.notify_all();
    renewing.join();
    ending.join();
    EXPECT_EQ(oneUse.ended, (std::vector<std::string>{"refresh-1", linked.tokens.refreshToken}));
}

TEST_P(PortalTokens, OneRequestWaitsForAnotherAboutItsGrantAndFurtherOnesAreToldToComeBack)
{
    start();
    const LinkedTokens linked = grant();
    oneUse.held = true;
    std::mutex mutex;
    std::condition_variable told;
    int fine = 0;
    int busy = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            CurlHttpClient own;
            auto fresh = PortalClient(own, url, [this] { return now(); }).refresh(*linked.portal, linked.tokens, {});
            const std::scoped_lock lock(mutex);
            (fresh ? fine : busy) += 1;
            EXPECT_EQ(fresh ? seconds(5) : fresh.error().retryAfter, seconds(5))
                << (fresh ? "" : describe(fresh.error()));
            told.notify_all();
        });
    {
        std::unique_lock lock(mutex);
        EXPECT_TRUE(told.wait_for(lock, seconds(10), [&] { return busy == 2; }));
    }
    {
        const std::scoped_lock lock(oneUse.mutex);
        oneUse.held = false;
    }
    oneUse.changed.notify_all();
    for (auto &thread : threads)
        thread.join();
    EXPECT_EQ(fine, 2);
    EXPECT_EQ(busy, 2);
    EXPECT_EQ(oneUse.asked, 1);
}

TEST_P(PortalTokens, ASlowCloudLeavesThreadsForAllOthers)
{
    PortalRules rules;
    rules.mostCloudCalls = 1;
    start(rules);
    const LinkedTokens first = grant();
    keys = makeKeyPair();
    const LinkedTokens second = grant();
    const Begun begun = begin();
    oneUse.held = true;
    std::thread waiting([&] { EXPECT_TRUE(device().refresh(*first.portal, first.tokens, {})); });
    {
        std::unique_lock lock(oneUse.mutex);
        ASSERT_TRUE(oneUse.changed.wait_for(lock, seconds(10), [&] { return oneUse.asked > 0; }));
    }
    CurlHttpClient own;
    PortalClient other(own, url, [this] { return now(); });
    auto refused = other.refresh(*second.portal, second.tokens, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().retryAfter, seconds(5));
    EXPECT_TRUE(other.poll(begun.deviceCode, {}));
    {
        const std::scoped_lock lock(oneUse.mutex);
        oneUse.held = false;
    }
    oneUse.changed.notify_all();
    waiting.join();
    EXPECT_TRUE(other.refresh(*second.portal, second.tokens, {})) << "the request was not used up";
}

TEST_P(PortalTokens, TokensThatNoDeviceGetsAreEndedAtTheCloud)
{
    start();
    clouds().control(
        {{"do", "fault"}, {"route", "users/get_current_account"}, {"times", 10}, {"action", {{"status", 503}}}});
    const Begun begun = begin({}, "mirror");
    test::Browser browser;
    EXPECT_EQ(decide(browser, walkToCloud(browser, begun), kMara).word(), "provider-unreachable");
    EXPECT_EQ(oneUse.ended.size(), 1U);
}

// Gives up when the cloud is asked for the account.
class Impatient : public HttpClient {
public:
    explicit Impatient(HttpClient &next) : m_next(next) {}
    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override
    {
        if (request.url.find("get_current_account") != std::string::npos)
            patience.request_stop();
        if (auto r = call.poll(); !r)
            return std::move(r).error();
        return m_next.send(request, sink, call);
    }
    std::stop_source patience;

private:
    HttpClient &m_next;
};

TEST_P(PortalTokens, TokensThatCameWhenTheSignInsTimeIsUpAreEndedAtTheCloud)
{
    Impatient impatient(oneUse);
    cloud = &impatient;
    start();
    const Begun begun = begin({}, "mirror");
    test::Browser browser;
    const auto leaving = walkToCloud(browser, begun);
    const auto back = browser.getOnce(cloudAddress(leaving) + "&auto_approve=" + kMara);
    const std::string where(back.headers.get("Location"));
    const auto field = [&](const std::string &name) {
        const auto at = where.find(name + "=") + name.size() + 1;
        return percentDecode(where.substr(at, where.find('&', at) - at));
    };
    Call call;
    call.stop = impatient.patience.get_token();
    EXPECT_EQ(engine->finishSignIn(browser.cookie("portal"), "mirror", {field("state"), field("code"), "", ""}, call),
              Outcome::ProviderUnreachable);
    EXPECT_EQ(oneUse.ended.size(), 1U);
    stop();
}

TEST_P(PortalTokens, AGrantThatIsRefusedHereIsEndedAtTheCloud)
{
    start();
    const Begun begun = begin({"example.com"}, "mirror");
    test::Browser browser;
    decide(browser, walkToCloud(browser, begun), kMara);
    const auto outcome = poll(begun);
    const auto *denied = std::get_if<Denied>(&outcome);
    ASSERT_NE(denied, nullptr);
    EXPECT_EQ(denied->reason, "domain-refused");
    EXPECT_EQ(oneUse.ended.size(), 1U);
}

TEST_P(PortalTokens, NothingOfItStandsInTheLogOrTheDatabase)
{
    start();
    testing::internal::CaptureStderr();
    log::setLevel(log::Level::Debug);
    const LinkedTokens linked = grant();
    ASSERT_TRUE(device().refresh(*linked.portal, linked.tokens, {}));
    oneUse.failure = Error{Errc::Unavailable, "down", "http"};
    EXPECT_FALSE(
        device().refresh({linked.portal->ticket, linked.portal->portalKey, keys}, {"a", "refresh-9", {}, ""}, {}));
    stop();
    log::setLevel(log::Level::Info);
    std::string seen = testing::internal::GetCapturedStderr();
    for (const auto &entry : std::filesystem::directory_iterator(folder.path()))
        if (entry.path().filename() != "portal.key")
            if (auto bytes = readFile(entry.path(), 1U << 24U))
                seen += *bytes;
    for (const std::string &secret : {linked.tokens.refreshToken, linked.tokens.accessToken, std::string("refresh-1"),
                                      std::string("access-1"), linked.portal->ticket, std::string("refresh-9")})
        EXPECT_EQ(seen.find(secret), std::string::npos);
}

// The device's side: its links, its Vault, and the portal that has the secret.
struct Device {
    explicit Device(PortalTokens &world)
        : db(*Database::open(world.folder / "state.db", serviceSchema())),
          vault(db, *MasterKey::load(world.folder / "master.key")),
          portal(http, world.url, [&world] { return world.now(); }),
          links(actor, db, vault, http, portal,
                {{"dropbox", {clouds().credentials("dropbox")["client_id"], endpoints()}}},
                {[this](const std::string &id) { revoked = id; }, [](const LinkedTokens &) { return Result<void>(); }},
                [&world] { return world.now(); })
    {
    }
    static ProviderEndpoints endpoints()
    {
        ProviderEndpoints e;
        for (const char *name : {"www", "api", "content"})
            e.base[name] = clouds().base("dropbox");
        return e;
    }
    Result<Account> account()
    {
        auto provider = links.provider("p");
        if (!provider)
            return std::move(provider).error();
        return (*provider)->account({});
    }

    TaskQueue actor;
    Database db;
    Vault vault;
    CurlHttpClient http;
    PortalClient portal;
    std::string revoked;
    AccountLinks links;
};

struct LinksThroughThePortal : PortalTokens {
    LinksThroughThePortal()
    {
        oneUse.genuine = true;
        change = [](std::map<std::string, PortalProvider> &providers) {
            providers.at("dropbox").oauth.secretNeeded = true;
        };
    }
};

CONNECTOR_ON_BOTH_STORES(LinksThroughThePortal);

TEST_P(LinksThroughThePortal, ManyAtOnceRenewOnceAndWhatCameIsStoredBeforeItIsUsed)
{
    start();
    LinkedTokens linked = grant("dropbox");
    ASSERT_TRUE(linked.portal);
    Device mine(*this);
    ASSERT_TRUE(mine.actor.ask([&] { return mine.links.store("p", linked); }));
    advance(std::chrono::hours(5));
    std::vector<std::thread> threads;
    std::atomic<int> fine = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { fine += mine.account() ? 1 : 0; });
    for (auto &thread : threads)
        thread.join();
    EXPECT_EQ(fine, 4);
    EXPECT_EQ(oneUse.asked, 1);
    const auto stored = mine.actor.ask([&] { return mine.links.stored("p"); });
    ASSERT_TRUE(stored && stored->portal);
    EXPECT_EQ(stored->tokens.refreshToken, "refresh-1");
    EXPECT_NE(stored->portal->ticket, linked.portal->ticket);
}

TEST_P(LinksThroughThePortal, APortalThatIsDownIsWaitedForAndLosesNothing)
{
    start();
    Device mine(*this);
    ASSERT_TRUE(mine.actor.ask([&] { return mine.links.store("p", grant("dropbox")); }));
    advance(std::chrono::hours(5));
    stop();
    auto down = mine.account();
    ASSERT_FALSE(down);
    EXPECT_EQ(stableCode(down.error()), "portal-unreachable");
    EXPECT_EQ(remedyFor(down.error().code), Remedy::RetryLater) << "a job waits for that, and goes on by itself";
    EXPECT_TRUE(mine.revoked.empty());
    start();
    EXPECT_TRUE(mine.account());
    EXPECT_EQ(oneUse.asked, 1);
}

TEST_P(LinksThroughThePortal, ADeviceThatDiedBeforeItStoredTheAnswerAsksAgainAndGoesOn)
{
    start();
    LinkedTokens linked = grant("dropbox");
    linked.tokens.accessExpires = now();
    ASSERT_TRUE(device().refresh(*linked.portal, linked.tokens, {})); // stored nowhere
    Device mine(*this);
    ASSERT_TRUE(mine.actor.ask([&] { return mine.links.store("p", linked); }));
    EXPECT_TRUE(mine.account());
    EXPECT_EQ(oneUse.asked, 1);
    // What it got is good for the next renewal.
    advance(std::chrono::hours(5));
    EXPECT_TRUE(mine.account());
    EXPECT_EQ(oneUse.asked, 2);
    EXPECT_TRUE(mine.revoked.empty());
}

TEST_P(LinksThroughThePortal, AGrantThatTheCloudRefusesAsksToSignInAgain)
{
    start();
    LinkedTokens linked = grant("dropbox");
    Device mine(*this);
    ASSERT_TRUE(mine.actor.ask([&] { return mine.links.store("p", linked); }));
    advance(std::chrono::hours(5));
    oneUse.used.insert(linked.tokens.refreshToken);
    auto gone = mine.account();
    ASSERT_FALSE(gone);
    EXPECT_EQ(stableCode(gone.error()), "access-revoked");
    EXPECT_EQ(mine.revoked, "p");
}

} // namespace
} // namespace connector::portal
