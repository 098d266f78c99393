// SPDX-License-Identifier: Apache-2.0
// Several portals on one PostgreSQL, as behind a balancer that gives every request to the next one.
#include "core/random.h"
#include "tests/component/portal/portal_fixture.h"

#include <httplib.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#ifdef CONNECTOR_SANITIZED
// libpqxx 6.4 forgets the last result of a connection that the server ended: two hundred bytes each time.
extern "C" const char *__lsan_default_suppressions()
{
    return "leak:libpqxx";
}

// std::regex asks the one std::ctype of the locale, which writes down without a lock what it found: always the same
// byte (libstdc++ PR 77704). Browsers of these tests read pages in several threads.
extern "C" const char *__tsan_default_suppressions()
{
    return "race:std::ctype<char>::narrow";
}

// cpp-httplib, which Debian builds without the thread sanitizer, makes its tables at the first request, under a lock
// that is not seen. So the first request is read here, before there is a second thread.
struct FirstRequest : httplib::Server {
    FirstRequest()
    {
        httplib::detail::BufferStream stream;
        stream.httplib::Stream::write("GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\n\r\n");
        bool closed = false;
        process_request(stream, true, closed, nullptr);
    }
};
static const FirstRequest kFirst;
#endif

namespace connector::portal {
namespace {

using std::chrono::seconds;

// Two instances and the balancer before them: each request to the client's side of it goes to the other one.
class Turns : public HttpClient {
public:
    explicit Turns(HttpClient &next) : m_next(next) {}
    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override
    {
        HttpRequest turned = request;
        const std::string &target = servers[++asked % servers.size()];
        if (turned.url.starts_with(address))
            turned.url = target + turned.url.substr(address.size());
        turned.headers.set("Host", address.substr(7));
        return m_next.send(turned, sink, call);
    }
    std::string address = "http://127.0.0.1:1";
    std::vector<std::string> servers;
    std::size_t asked = 0;

private:
    HttpClient &m_next;
};

struct PortalBalanced : PortalFixture {
    struct Instance {
        std::unique_ptr<Portal> engine;
        std::unique_ptr<PortalServer> server;
    };

    Instance make(const PortalRules &rules)
    {
        auto store = openPostgresPortalStore(database, 4, {nameOfKey(key)}, [this] { return now(); });
        EXPECT_TRUE(store) << describe(store.error());
        Instance one;
        one.engine = std::make_unique<Portal>(std::move(*store), key, rules, *makeProviders(emulatedDropbox()), http,
                                              [this] { return now(); });
        ServerOptions options;
        options.threads = 4;
        one.server = std::make_unique<PortalServer>(*one.engine, options);
        const int bound = *one.server->bind("127.0.0.1", 0);
        turns.servers.push_back("http://127.0.0.1:" + std::to_string(bound));
        one.engine->setPublicUrl(turns.address);
        one.server->start();
        return one;
    }
    void startBoth(const PortalRules &rules = {})
    {
        for (int i = 0; i < 2; ++i)
            instances.push_back(make(rules));
    }
    PortalClient balanced()
    {
        return PortalClient(turns, turns.address, [this] { return now(); });
    }
    Begun beginThere()
    {
        auto begun = balanced().begin(
            {keys.publicKey, "dropbox", {"device-1", "Printer in the library", "Ground floor"}, "en", {}}, {});
        EXPECT_TRUE(begun) << describe(begun.error());
        return begun ? *begun : Begun{};
    }
    PollOutcome pollThere(const Begun &begun)
    {
        auto outcome = balanced().poll(begun.deviceCode, {});
        EXPECT_TRUE(outcome) << describe(outcome.error());
        return outcome ? *outcome : PollOutcome(Expired{});
    }

    std::string database = postgres().newDatabase();
    const std::string key = randomBytes(32);
    Turns turns{http};
    std::vector<Instance> instances;
};

TEST_F(PortalBalanced, TwoInstancesServeOneAuthorizationTurnByTurn)
{
    startBoth();
    const Begun begun = beginThere();
    test::Browser browser("en", turns);
    auto page = browser.get(begun.verificationUriComplete);
    page = browser.submit(page, "/code");
    EXPECT_TRUE(page.has("Printer in the library")) << page.word();
    page = browser.submit(page, "/connect");
    EXPECT_TRUE(std::holds_alternative<Pending>(pollThere(begun)));
    page = browser.submit(page, "/terms");
    page = decide(browser, page, kMara);
    EXPECT_TRUE(page.url.ends_with("/done")) << page.word();
    advance(seconds(60));
    const auto outcome = pollThere(begun);
    ASSERT_TRUE(std::holds_alternative<Granted>(outcome));
    EXPECT_TRUE(openSealed(std::get<Granted>(outcome).sealed, keys, "dropbox"));
    ASSERT_TRUE(balanced().acknowledge(begun.deviceCode, {}));
    advance(seconds(60));
    EXPECT_TRUE(std::holds_alternative<Expired>(pollThere(begun)));
    EXPECT_GT(turns.asked, 10U);
}

TEST_F(PortalBalanced, ADeviceThatAsksTooOftenIsSlowedDownWhicheverInstanceItReaches)
{
    startBoth();
    const Begun begun = beginThere();
    const auto interval = [&] { return std::get<Pending>(pollThere(begun)).interval; };
    EXPECT_EQ(interval(), seconds(5));
    for (int i = 2; i <= 5; ++i)
        EXPECT_EQ(interval(), seconds(5 * i));
}

TEST_F(PortalBalanced, ClocksThatDifferSlowNoDeviceDownThatAsksInTime)
{
    std::vector<std::unique_ptr<PortalStore>> stores;
    for (int i = 0; i < 2; ++i)
        stores.push_back(*openPostgresPortalStore(database, 4, {"key"}));
    Authorization a;
    a.deviceHash = "device";
    a.userHash = "user";
    a.created = now();
    a.expires = now() + std::chrono::hours(24);
    ASSERT_TRUE(stores[0]->add(a, 10));
    pqxx::connection connection(database);
    const auto poll = [&](std::size_t instance, seconds after) {
        // As if so much time had gone by, on all clocks.
        pqxx::nontransaction(connection)
            .exec("UPDATE pace SET polled = polled - " + std::to_string(after.count() * 1000));
        const auto ahead = std::chrono::milliseconds(instance == 0 ? 3000 : 0);
        const auto polled = stores[instance]->poll("device", now() + ahead, Pace{});
        EXPECT_TRUE(polled && *polled);
        return polled && *polled ? **polled : Polled{};
    };
    for (std::size_t turn = 0; turn < 6; ++turn) {
        const auto polled = poll(turn % 2, seconds(5));
        EXPECT_FALSE(polled.early) << turn;
        EXPECT_EQ(polled.interval, seconds(5)) << turn;
    }
    EXPECT_TRUE(poll(0, seconds(4)).early) << "nor does a clock that is ahead help one that does not";
}

TEST_F(PortalBalanced, GuessesAreCountedOverAllInstances)
{
    PortalRules rules;
    rules.codeTries = {5, 0.001};
    startBoth(rules);
    test::Browser browser("en", turns);
    int looked = 0;
    for (int i = 0; i < 12; ++i) {
        const auto page = browser.get(turns.address + "/code");
        looked += browser.submit(page, "/code", {{"code", "BCDFGHJKLMNPQRS"}}).status == 400 ? 1 : 0;
        ++turns.asked; // else the pages would be one instance's, and the forms the other's
    }
    EXPECT_EQ(looked, 5);
}

TEST_F(PortalBalanced, OneBrowserWinsACodeThatTwoInstancesGrantAtOnce)
{
    startBoth();
    const Begun begun = beginThere();
    std::atomic<int> fine = 0;
    std::atomic<int> used = 0;
    std::vector<std::string> callbacks;
    std::vector<std::unique_ptr<test::Browser>> browsers;
    for (const std::string &instance : turns.servers) {
        browsers.push_back(std::make_unique<test::Browser>("en"));
        auto page = browsers.back()->get(instance + "/?code=" + begun.userCode);
        page = browsers.back()->submit(page, "/code");
        page = browsers.back()->submit(page, "/connect");
        page = browsers.back()->submit(page, "/terms");
        const auto back = browsers.back()->getOnce(cloudAddress(page) + "&auto_approve=" + kMara);
        const std::string to(back.headers.get("Location"));
        callbacks.push_back(instance + to.substr(turns.address.size()));
    }
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 2; ++i)
        threads.emplace_back([&, i] {
            const auto page = browsers[i]->get(callbacks[i]);
            fine += page.url.ends_with("/done") ? 1 : 0;
            used += page.word() == "code-used" ? 1 : 0;
        });
    for (auto &thread : threads)
        thread.join();
    EXPECT_EQ(fine, 1);
    EXPECT_EQ(used, 1);
}

TEST_F(PortalBalanced, ADatabaseThatEndsAllConnectionsIsNotNoticed)
{
    startBoth();
    const Begun begun = beginThere();
    (void)pollThere(begun);
    postgres().dropConnections();
    for (int i = 0; i < 4; ++i) {
        advance(seconds(600));
        EXPECT_TRUE(std::holds_alternative<Pending>(pollThere(begun))) << i;
    }
}

TEST_F(PortalBalanced, ATableThatSomebodyLocksIsNotWaitedForWithoutEnd)
{
    startBoth();
    const Begun begun = beginThere();
    {
        pqxx::connection connection(database);
        pqxx::work other(connection);
        other.exec("LOCK TABLE request");
        auto outcome = balanced().poll(begun.deviceCode, {});
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().httpStatus, 503) << "an answer, not silence";
    }
    EXPECT_TRUE(std::holds_alternative<Pending>(pollThere(begun)));
}

TEST_F(PortalBalanced, ADatabaseThatFreezesIsGivenUpSoonAndFoundAgainWhenItAnswers)
{
    using Clock = std::chrono::steady_clock;
    startBoth();
    const Begun begun = beginThere();
    for (int i = 0; i < 2; ++i) { // each has its connection
        advance(seconds(60));
        (void)pollThere(begun);
    }
    const auto health = [&](std::size_t instance) {
        HttpRequest request;
        request.url = turns.servers[instance] + "/healthz";
        const auto reply = http.send(request, nullptr, Call().within(seconds(20)));
        return reply ? reply->status : 0;
    };
    struct Thaw {
        ~Thaw() { postgres().thaw(); }
    };
    {
        const Thaw thaw;
        postgres().freeze();
        auto began = Clock::now();
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < 2; ++i)
            threads.emplace_back([&, i] {
                CurlHttpClient own;
                PortalClient client(own, turns.servers[i], [this] { return now(); });
                const auto outcome = client.poll(begun.deviceCode, {});
                ASSERT_FALSE(outcome);
                EXPECT_EQ(outcome.error().httpStatus, 503) << "an answer, not silence";
                EXPECT_EQ(outcome.error().retryAfter, seconds(10));
            });
        for (auto &thread : threads)
            thread.join();
        threads.clear();
        EXPECT_LT(Clock::now() - began, seconds(15));
        began = Clock::now();
        // Once it is known, nobody waits for it but who looks whether it is back.
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] { EXPECT_EQ(health(1), 503); });
        for (auto &thread : threads)
            thread.join();
        EXPECT_LT(Clock::now() - began, seconds(6));
    }
    const auto until = Clock::now() + seconds(15);
    for (std::size_t i = 0; i < 2; ++i)
        while (health(i) != 200 && Clock::now() < until)
            std::this_thread::yield();
    for (int i = 0; i < 2; ++i) {
        advance(seconds(60));
        EXPECT_TRUE(std::holds_alternative<Pending>(pollThere(begun)));
    }
}

TEST_F(PortalBalanced, ADatabaseThatSaysNothingIsGivenUpSoon)
{
    const int silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(silent, reinterpret_cast<const sockaddr *>(&address), size), 0);
    ASSERT_EQ(::getsockname(silent, reinterpret_cast<sockaddr *>(&address), &size), 0);
    ASSERT_EQ(::listen(silent, 8), 0);
    const std::string number = std::to_string(ntohs(address.sin_port));
    const auto began = std::chrono::steady_clock::now();
    for (const std::string &where : {"host=127.0.0.1 sslmode=disable dbname=x port=" + number,
                                     "postgresql://127.0.0.1:" + number + "/x?sslmode=disable"}) {
        auto store = openPostgresPortalStore(where, 1, {"key"});
        ASSERT_FALSE(store);
        EXPECT_EQ(store.error().code, Errc::Unavailable);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(15));
    ::close(silent);
}

TEST_F(PortalBalanced, AnInstanceWithAnotherKeyIsToldSo)
{
    startBoth();
    const auto stranger = openPostgresPortalStore(database, 1, {nameOfKey(randomBytes(32))});
    ASSERT_FALSE(stranger);
    EXPECT_NE(stranger.error().message.find("another portal.key"), std::string::npos);
}

TEST_F(PortalBalanced, TogetherInstancesMakeNoMoreCodesThanAreAllowed)
{
    PortalRules rules;
    rules.mostLiveCodes = 20;
    startBoth(rules);
    std::atomic<int> made = 0;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 2; ++i)
        threads.emplace_back([&, i] {
            CurlHttpClient own;
            PortalClient client(own, turns.servers[i], [this] { return now(); });
            for (int n = 0; n < 20; ++n)
                made += client.begin({keys.publicKey, "dropbox", {"d", "P", ""}, "en", {}}, {}) ? 1 : 0;
        });
    for (auto &thread : threads)
        thread.join();
    EXPECT_EQ(made, 20);
}

} // namespace
} // namespace connector::portal
