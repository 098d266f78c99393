// SPDX-License-Identifier: Apache-2.0
// The HTTPS carrier as strangers, browsers and programs meet it: what it refuses, and what a session is.
#include "tests/component/web/web_house.h"

#include <gmock/gmock.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace connector::test {
namespace {

using testing::HasSubstr;

std::string code(const RawReply &reply)
{
    const json body = json::parse(reply.body, nullptr, false);
    return body.is_object() && body.contains("error") ? body["error"]["data"].value("code", "") : "";
}

std::string request(const std::string &head, const std::string &body = "")
{
    return head + (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" + body;
}

class HttpsTest : public ::testing::Test {
protected:
    RawReply raw(const std::string &bytes)
    {
        RawHttps connection(web.port());
        EXPECT_TRUE(connection.connected());
        connection.send(bytes);
        return connection.answer();
    }
    WebHouse web;
};

TEST_F(HttpsTest, TheCertificateIsMadeOnceAndNobodyElseReadsItsKey)
{
    struct stat facts {};
    ASSERT_EQ(::stat((web.house.folder / "web.pem").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    const auto again = ownIdentity(web.house.folder / "web.pem", {"another"});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->fingerprint, web.carrier->fingerprint());
    EXPECT_EQ(again->fingerprint.size(), 95U);
}

TEST_F(HttpsTest, EveryAnswerForbidsForeignAndInlineContent)
{
    web.add("Ada", "a right password", true);
    const std::string host = "Host: localhost\r\n";
    const std::pair<int, std::string> cases[] = {
        {200, request("GET /sign-in HTTP/1.1\r\n" + host)},
        {200, request("GET /assets/web.css HTTP/1.1\r\n" + host)},
        {200, request("GET /rpc HTTP/1.1\r\n" + host)},
        {303, request("GET /status HTTP/1.1\r\n" + host)},
        {403, request("POST /sign-in HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n" + host, "a=b")},
        {401, request("GET /events HTTP/1.1\r\n" + host)},
        {421, request("GET / HTTP/1.1\r\nHost: evil.example\r\n")},
        {405, request("PUT / HTTP/1.1\r\nContent-Length: 0\r\n" + host)},
        {413, request("POST /sign-in HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n" + host,
                      std::string(70000, 'a'))},
        {400, "GARBAGE\r\n\r\n"},
    };
    for (const auto &[status, bytes] : cases) {
        const RawReply reply = raw(bytes);
        EXPECT_EQ(reply.status, status) << bytes.substr(0, 60);
        const std::string policy = reply.header("Content-Security-Policy");
        EXPECT_THAT(policy, HasSubstr("default-src 'none'")) << bytes.substr(0, 60);
        EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
        EXPECT_THAT(policy, HasSubstr("form-action 'self'"));
        EXPECT_EQ(policy.find("unsafe"), std::string::npos);
        EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff") << bytes.substr(0, 60);
    }
}

TEST_F(HttpsTest, OnlyThisMachinesNamesAreAnswered)
{
    const auto asked = [&](const std::string &host) {
        return raw(request("GET /assets/web.css HTTP/1.1\r\n" + host)).status;
    };
    EXPECT_EQ(asked("Host: localhost\r\n"), 200);
    EXPECT_EQ(asked("Host: LocalHost.:8443\r\n"), 200);
    EXPECT_EQ(asked("Host: 127.0.0.1:" + std::to_string(web.port()) + "\r\n"), 200);
    EXPECT_EQ(asked("Host: printer.example\r\n"), 421);
    EXPECT_EQ(asked("Host: 10.1.2.3\r\n"), 421);
    EXPECT_EQ(asked("Host: localhost.evil.example\r\n"), 421);
    EXPECT_EQ(asked("Host: localhost\r\nHost: evil.example\r\n"), 421);
    EXPECT_EQ(asked("Host: \r\n"), 421);
    EXPECT_EQ(asked(""), 421);
}

TEST(Https, AConfiguredNameIsAnsweredToo)
{
    HttpsOptions options;
    options.names = {"Printer.Example"};
    WebHouse web(options);
    RawHttps connection(web.port());
    connection.send("GET /assets/web.css HTTP/1.1\r\nHost: printer.example\r\n\r\n");
    EXPECT_EQ(connection.answer().status, 200);
}

TEST_F(HttpsTest, WhatChangesSomethingNeedsTheTokenOfThisBrowsersPage)
{
    web.add("Ada", "a right password", true);
    RawBrowser browser(web.port());
    browser.get("/sign-in");
    const std::string right = browser.formToken;
    ASSERT_FALSE(right.empty());
    const std::map<std::string, std::string> who{{"name", "Ada"}, {"password", "a right password"}};
    auto with = [&](const std::string &token) {
        auto fields = who;
        fields["form"] = token;
        return fields;
    };
    EXPECT_EQ(browser.post("/sign-in", with("")).status, 403);
    EXPECT_EQ(browser.post("/sign-in", with("x" + right)).status, 403);
    RawBrowser other(web.port());
    other.get("/sign-in");
    EXPECT_EQ(browser.post("/sign-in", with(other.formToken)).status, 403);
    // A token without the cookie that it belongs to.
    RawBrowser bare(web.port());
    EXPECT_EQ(bare.post("/sign-in", with(right)).status, 403);
    // From another site, with everything right.
    browser.more = "Origin: https://evil.example\r\n";
    EXPECT_EQ(browser.post("/sign-in", with(right)).status, 403);
    browser.more = "Sec-Fetch-Site: cross-site\r\n";
    EXPECT_EQ(browser.post("/sign-in", with(right)).status, 403);
    browser.more = "Origin: https://localhost:" + std::to_string(web.port()) + "\r\nSec-Fetch-Site: same-origin\r\n";
    EXPECT_EQ(browser.post("/sign-in", with(right)).status, 303);
}

TEST_F(HttpsTest, TheCookieIsBoundToThisHostAndOutOfScriptsReach)
{
    RawBrowser browser(web.port());
    const RawReply reply = browser.get("/rpc");
    const std::string cookie = reply.header("Set-Cookie");
    EXPECT_THAT(cookie, testing::StartsWith("__Host-connector="));
    for (const char *wanted : {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"})
        EXPECT_THAT(cookie, HasSubstr(wanted));
}

TEST_F(HttpsTest, SigningInChangesTheCookieAndTheOldOneOpensNothing)
{
    web.add("Ada", "a right password", true);
    RawBrowser browser(web.port());
    browser.get("/sign-in");
    const auto before = browser.cookies;
    EXPECT_EQ(web.signIn(browser, "Ada", "a right password").status, 303);
    EXPECT_NE(browser.cookies, before);
    EXPECT_EQ(browser.get("/status").status, 200);
    RawBrowser thief(web.port());
    thief.cookies = before;
    EXPECT_EQ(thief.get("/status").status, 303);
}

TEST_F(HttpsTest, AStolenCookieIsWorthlessAfterSignOut)
{
    RawBrowser browser = web.administrator();
    RawBrowser thief(web.port());
    thief.cookies = browser.cookies;
    EXPECT_EQ(thief.get("/people").status, 200);
    EXPECT_EQ(browser.post("/sign-out", {}).status, 303);
    EXPECT_EQ(thief.get("/people").header("Location"), "/sign-in");
    EXPECT_EQ(code(thief.rpc(R"({"jsonrpc":"2.0","id":1,"method":"people.list","params":{}})")), "sign-in-required");
}

TEST(Https, ASessionEndsByInactivityAndAtItsLongest)
{
    std::atomic<std::chrono::seconds> later{std::chrono::seconds(0)};
    HttpsOptions options;
    options.sessions.inactivity = std::chrono::seconds(900);
    options.sessions.longest = std::chrono::seconds(3600);
    options.sessions.now = [&] { return std::chrono::steady_clock::time_point(later.load()); };
    WebHouse web(options);
    RawBrowser browser = web.administrator();
    for (int i = 1; i <= 4; ++i) { // in use
        later = std::chrono::seconds(i * 800);
        EXPECT_EQ(browser.get("/people").status, 200) << i;
    }
    later = std::chrono::seconds(3601);
    EXPECT_EQ(browser.get("/people").status, 303);
    EXPECT_EQ(web.signIn(browser, "Ada", "a right password").status, 303);
    EXPECT_EQ(browser.get("/people").status, 200);
    later = std::chrono::seconds(3601 + 899);
    EXPECT_EQ(browser.get("/status?fresh=1").status, 200) << "a page that refreshes itself is no sign of a person";
    later = std::chrono::seconds(3601 + 901);
    EXPECT_EQ(browser.get("/people").status, 303);
}

TEST_F(HttpsTest, ASessionInABrowserKeepsItsOwnTimeNotThePanels)
{
    RawBrowser browser = web.administrator();
    web.house.person({.name = "Mara Lind", .pin = "271828"});
    InProcessFace panel(*web.house.api);
    ASSERT_TRUE(panel.call("session.signIn", {{"method", "pin"}, {"secret", "271828"}}).ok());
    web.house.later = std::chrono::minutes(5);
    ASSERT_TRUE(panel.waitForEvent([](const json &e) { return e["type"] == "session.changed"; })) << "a minute there";
    EXPECT_EQ(browser.get("/people").status, 200) << "a quarter of an hour here";
}

TEST(Https, WhoeverSignsInAgainAndAgainDisplacesNobodyElse)
{
    HttpsOptions options;
    options.sessions.most = 3;
    options.sessions.mostOfOne = 2;
    WebHouse web(options);
    web.add("Mara", "another password", false);
    RawBrowser ada = web.administrator();
    std::vector<RawBrowser> mara;
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(web.signIn(mara.emplace_back(web.port()), "Mara", "another password").status, 303);
    EXPECT_EQ(ada.get("/people").status, 200);
    EXPECT_EQ(mara[0].get("/people").status, 303) << "hers that was unused longest";
    EXPECT_EQ(mara[2].get("/people").status, 403);
}

TEST(Https, WhatAProgramAsksForByItselfIsNoSignOfAPerson)
{
    std::atomic<std::chrono::seconds> later{std::chrono::seconds(0)};
    HttpsOptions options;
    options.sessions.now = [&] { return std::chrono::steady_clock::time_point(later.load()); };
    WebHouse web(options);
    RawBrowser browser = web.administrator();
    const auto call = [&](const std::string &method) {
        return code(browser.rpc(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":{}})"));
    };
    later = std::chrono::seconds(890);
    EXPECT_EQ(call("people.list"), "");
    later = std::chrono::seconds(2 * 890);
    EXPECT_EQ(call("system.status"), "");
    later = std::chrono::seconds(2 * 890 + 20);
    EXPECT_EQ(call("people.list"), "sign-in-required");
}

TEST_F(HttpsTest, WithoutASessionTheApiTellsNothingAndDoesNothing)
{
    web.add("Ada", "a right password", true);
    web.house.linkedProfile("Guests' own");
    std::vector<std::string> methods = web.house.actor.ask([&] { return web.house.api->methods(); });
    for (const std::string &method : methods) {
        RawBrowser stranger(web.port());
        const RawReply reply =
            stranger.rpc(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":{"provider":"dropbox"}})");
        if (method == "system.hello" || method == "session.get") {
            EXPECT_EQ(reply.status, 200) << method;
        } else if (method == "session.signIn" || method == "session.signOut") {
            continue; // have tests of their own
        } else {
            EXPECT_EQ(reply.status, 401) << method;
            EXPECT_EQ(code(reply), "sign-in-required") << method;
        }
    }
}

TEST_F(HttpsTest, TheApiIsTheSameForAProgramThatSignedIn)
{
    web.add("Ada", "a right password", true);
    RawBrowser program(web.port());
    const auto call = [&](const std::string &method, const json &params) {
        return program.rpc(json{{"jsonrpc", "2.0"}, {"id", "mine"}, {"method", method}, {"params", params}}.dump());
    };
    EXPECT_EQ(code(call("session.signIn", {{"method", "password"}, {"name", "Ada"}, {"secret", "wrong"}})),
              "sign-in-failed");
    const RawReply in =
        call("session.signIn", {{"method", "password"}, {"name", "Ada"}, {"secret", "a right password"}});
    EXPECT_EQ(json::parse(in.body)["id"], "mine");
    EXPECT_EQ(json::parse(in.body)["result"]["name"], "Ada");
    const RawReply people = call("people.list", json::object());
    EXPECT_EQ(json::parse(people.body)["result"]["people"].size(), 1U);
    EXPECT_EQ(json::parse(people.body)["id"], "mine");
    EXPECT_EQ(call("session.signOut", json::object()).status, 200);
    EXPECT_EQ(code(call("people.list", json::object())), "sign-in-required");
}

TEST_F(HttpsTest, AProgramWithoutTheTokenIsRefused)
{
    RawBrowser browser = web.administrator();
    std::string jar;
    for (const auto &[name, value] : browser.cookies)
        jar += name + "=" + value;
    const std::string body = R"({"jsonrpc":"2.0","id":1,"method":"people.list","params":{}})";
    const RawReply reply = raw(request("POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                       "Cookie: " +
                                           jar + "\r\n",
                                       body));
    EXPECT_EQ(reply.status, 403);
    EXPECT_EQ(code(reply), "form-expired");
    // A form of another site can send text, never JSON by its own name.
    EXPECT_EQ(
        raw(request("POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nCookie: " + jar + "\r\n",
                    body))
            .status,
        415);
}

TEST_F(HttpsTest, TooLargeABodyIsRefusedBeforeItIsSent)
{
    const auto status = [&](const std::string &path, const std::string &type, std::size_t size) {
        return raw("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type +
                   "\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n")
            .status;
    };
    EXPECT_EQ(status("/sign-in", "application/x-www-form-urlencoded", 100'000), 413);
    EXPECT_EQ(status("/rpc", "application/json", 100'000), 413); // nobody is signed in
    EXPECT_EQ(status("/rpc", "application/json", std::size_t{1} << 40U), 413);
    EXPECT_EQ(status("/sign-in", "multipart/form-data; boundary=x", 10), 415);
    EXPECT_EQ(raw("POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n")
                  .status,
              411);
}

TEST_F(HttpsTest, WhatFollowsARefusedRequestIsNotTakenForAnother)
{
    RawHttps connection(web.port());
    connection.send("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    "Content-Length: 100000\r\n\r\nGET /rpc HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(connection.answer().status, 413);
    EXPECT_EQ(connection.answer(std::chrono::seconds(5)).status, 0);
}

TEST(Https, GuessingFromOneAddressIsSlowedDown)
{
    HttpsOptions options;
    options.signIns = {3, 1.0 / 30};
    WebHouse web(options);
    web.add("Ada", "a right password", true);
    RawBrowser browser(web.port());
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(web.signIn(browser, "Nobody", "guess " + std::to_string(i)).status, 422);
    const RawReply refused = web.signIn(browser, "Ada", "a right password");
    EXPECT_EQ(refused.status, 429);
    EXPECT_THAT(refused.body, HasSubstr("sign-in-throttled"));
    EXPECT_EQ(browser.get("/status").status, 303);
}

TEST(Https, AWrongNameAndAWrongPasswordReadTheSame)
{
    WebHouse web;
    web.add("Ada", "a right password", true);
    RawBrowser browser(web.port());
    const auto without = [&](std::string body, const std::string &name) {
        for (const std::string &gone : {browser.formToken, name})
            for (auto at = body.find(gone); at != std::string::npos; at = body.find(gone))
                body.erase(at, gone.size());
        return body;
    };
    const std::string wrongName = without(web.signIn(browser, "Adb", "a right password").body, "Adb");
    const std::string wrongPassword = without(web.signIn(browser, "Ada", "a wrong password").body, "Ada");
    EXPECT_EQ(wrongName, wrongPassword);
}

TEST(Https, TooManyRequestsOfOneAddressAreRefused)
{
    HttpsOptions options;
    options.requests = {5, 0.01};
    WebHouse web(options);
    RawBrowser browser(web.port());
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(browser.get("/assets/web.css").status, 200);
    const RawReply refused = browser.get("/assets/web.css");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.header("Retry-After"), "5");
}

TEST(Https, OneAddressHoldsOnlySoManyConnections)
{
    HttpsOptions options;
    options.limits.perAddress = 3;
    options.limits.crowded = std::chrono::milliseconds(0); // always, not only while others wait
    WebHouse web(options);
    std::vector<std::unique_ptr<RawHttps>> held;
    for (int i = 0; i < 3; ++i) {
        held.push_back(std::make_unique<RawHttps>(web.port()));
        EXPECT_TRUE(held.back()->connected());
    }
    EXPECT_FALSE(RawHttps(web.port()).connected());
    held.front()->send("GET /assets/web.css HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(held.front()->answer().status, 200);
}

// Opens a connection from an address of this machine, and says nothing on it.
class Mute {
public:
    Mute(const char *from, int port) : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in own{};
        own.sin_family = AF_INET;
        ::inet_pton(AF_INET, from, &own.sin_addr);
        EXPECT_EQ(::bind(m_fd, reinterpret_cast<const sockaddr *>(&own), sizeof own), 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(port));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(m_fd, reinterpret_cast<const sockaddr *>(&to), sizeof to), 0);
    }
    Mute(const Mute &) = delete;
    Mute &operator=(const Mute &) = delete;
    ~Mute() { ::close(m_fd); }

private:
    int m_fd;
};

TEST(Https, AFewSlowAddressesDoNotHoldAllThreads)
{
    WebHouse web;
    std::vector<std::unique_ptr<Mute>> held;
    for (const char *from : {"127.0.0.2", "127.0.0.3", "127.0.0.4"})
        for (int i = 0; i < 20; ++i)
            held.push_back(std::make_unique<Mute>(from, web.port()));
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(RawBrowser(web.port()).get("/assets/web.css").status, 200);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(9)) << "a handshake may take ten";
}

TEST(Https, WhoeverSendsARequestDropByDropIsLetGo)
{
    HttpsOptions options;
    options.limits.idle = std::chrono::milliseconds(200);
    options.limits.request = std::chrono::milliseconds(400);
    WebHouse web(options);
    RawHttps silent(web.port());
    EXPECT_TRUE(silent.endsWithin(std::chrono::seconds(10)));
    RawHttps slow(web.port());
    slow.send("GET /assets/web.css HTTP/1.1\r\nHost: local");
    EXPECT_TRUE(slow.endsWithin(std::chrono::seconds(10)));
}

TEST_F(HttpsTest, EventsComeAsTheyHappenAndGoOnBehindTheLastOneSeen)
{
    RawBrowser browser = web.administrator();
    std::string jar;
    for (const auto &[name, value] : browser.cookies)
        jar += name + "=" + value;
    const auto open = [&](RawHttps &stream, const std::string &more) {
        stream.send("GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: " + jar + "\r\n" + more + "\r\n");
        return stream.readUntil(": here");
    };
    InProcessFace panel(*web.house.api);
    const auto setLanguage = [&](const char *language) {
        EXPECT_TRUE(panel.call("settings.set", {{"language", language}}).ok());
    };
    RawHttps stream(web.port());
    EXPECT_THAT(open(stream, ""), HasSubstr("text/event-stream"));
    setLanguage("fr");
    const std::string first = stream.readUntil("settings.changed");
    ASSERT_THAT(first, HasSubstr("settings.changed"));
    const auto at = first.find("\nid: ");
    ASSERT_NE(at, std::string::npos);
    const std::string id = first.substr(at + 5, first.find('\n', at + 1) - at - 5);
    setLanguage("en"); // while nobody of this stream listens
    RawHttps again(web.port());
    again.send("GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: " + jar + "\r\nLast-Event-ID: " + id + "\r\n\r\n");
    const std::string missed = again.readUntil("\"language\":\"en\"");
    EXPECT_THAT(missed, HasSubstr("\"language\":\"en\""));
    EXPECT_EQ(missed.find("\"language\":\"fr\""), std::string::npos);
    RawHttps lost(web.port());
    lost.send("GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: " + jar + "\r\nLast-Event-ID: 7\r\n\r\n");
    EXPECT_THAT(lost.readUntil("event: reset"), HasSubstr("event: reset"));
    // Signing out ends the streams.
    EXPECT_EQ(browser.post("/sign-out", {}).status, 303);
    EXPECT_THAT(stream.readUntil("event: over"), HasSubstr("event: over"));
    EXPECT_TRUE(stream.endsWithin(std::chrono::seconds(10)));
}

TEST_F(HttpsTest, StreamsOfOneSessionAreFew)
{
    RawBrowser browser = web.administrator();
    std::string jar;
    for (const auto &[name, value] : browser.cookies)
        jar += name + "=" + value;
    std::vector<std::unique_ptr<RawHttps>> streams;
    for (int i = 0; i < 3; ++i) {
        streams.push_back(std::make_unique<RawHttps>(web.port()));
        streams.back()->send("GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: " + jar + "\r\n\r\n");
        EXPECT_THAT(streams.back()->readUntil(": here"), HasSubstr(": here"));
    }
    const RawReply refused = browser.get("/events");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(browser.get("/people").status, 200);
}

TEST_F(HttpsTest, EndingTheServiceLetsGoOfEverybody)
{
    RawBrowser browser = web.administrator();
    std::string jar;
    for (const auto &[name, value] : browser.cookies)
        jar += name + "=" + value;
    RawHttps stream(web.port());
    stream.send("GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: " + jar + "\r\n\r\n");
    stream.readUntil(": here");
    RawHttps idle(web.port());
    const auto begin = std::chrono::steady_clock::now();
    web.carrier.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
    EXPECT_TRUE(stream.endsWithin(std::chrono::seconds(4)));
    EXPECT_TRUE(idle.endsWithin(std::chrono::seconds(4)));
}

} // namespace
} // namespace connector::test
