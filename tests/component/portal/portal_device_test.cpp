// SPDX-License-Identifier: Apache-2.0
// The device's calls: codes, polls, and what the portal does with what no device would send.
#include "tests/component/portal/portal_fixture.h"

#include <gmock/gmock.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace connector::portal {
namespace {

struct PortalDevices : PortalOnStores {};
CONNECTOR_ON_BOTH_STORES(PortalDevices);
using std::chrono::seconds;

TEST_P(PortalDevices, EveryTooEarlyPollSlowsTheDeviceDown)
{
    start();
    const Begun begun = begin();
    EXPECT_EQ(begun.interval, seconds(5));
    const auto next = [&] {
        auto outcome = device().poll(begun.deviceCode, {});
        EXPECT_TRUE(outcome && std::holds_alternative<Pending>(*outcome));
        return std::get<Pending>(*outcome).interval;
    };
    EXPECT_EQ(next(), seconds(5));
    advance(seconds(4));
    EXPECT_EQ(next(), seconds(10));
    advance(seconds(9));
    EXPECT_EQ(next(), seconds(15));
    advance(seconds(15));
    EXPECT_EQ(next(), seconds(15)) << "in time: no slower, and no faster either";
}

TEST_P(PortalDevices, APollIsTooEarlyByLessThanASecondToo)
{
    start();
    const Begun begun = begin();
    const auto after = [&](int milliseconds) {
        const int at = millis + milliseconds;
        advance(seconds(at / 1000));
        millis = at % 1000;
        auto outcome = device().poll(begun.deviceCode, {});
        EXPECT_TRUE(outcome && std::holds_alternative<Pending>(*outcome));
        return std::get<Pending>(*outcome).interval;
    };
    EXPECT_EQ(after(990), seconds(5));
    EXPECT_EQ(after(4980), seconds(5)) << "on time, if the poll before was slow to come";
    EXPECT_EQ(after(4750), seconds(5)) << "the leeway is a quarter of a second";
    EXPECT_EQ(after(4740), seconds(10));
    EXPECT_EQ(after(9300), seconds(15)) << "into the tenth second, and still too early";
    EXPECT_EQ(after(14800), seconds(15));
    EXPECT_EQ(after(0), seconds(20));
}

TEST_P(PortalDevices, ATooEarlyPollGetsNoGrant)
{
    start();
    const Begun begun = begin();
    test::Browser browser;
    decide(browser, walkToCloud(browser, begun), kMara);
    EXPECT_TRUE(std::holds_alternative<Granted>(poll(begun)));
    auto early = device().poll(begun.deviceCode, {});
    ASSERT_TRUE(early);
    EXPECT_TRUE(std::holds_alternative<Pending>(*early));
    EXPECT_TRUE(std::holds_alternative<Granted>(poll(begun))) << "until it is acknowledged, it can be fetched again";
}

TEST_P(PortalDevices, CancelTakesTheCodeBack)
{
    start();
    const Begun begun = begin();
    test::Browser browser;
    const auto leaving = walkToCloud(browser, begun);
    ASSERT_TRUE(device().cancel(begun.deviceCode, {}));
    EXPECT_EQ(decide(browser, leaving, kMara).word(), "session-lost");
    EXPECT_TRUE(browser.submit(browser.get(begun.verificationUriComplete), "/code").has("We do not know this code"));
    EXPECT_TRUE(std::holds_alternative<Expired>(poll(begun)));
}

TEST_P(PortalDevices, OddRequestsAreRefusedAsWhatTheyAre)
{
    start();
    const auto post = [&](const std::string &path, const std::string &body) {
        HttpRequest request;
        request.method = "POST";
        request.url = url + path;
        request.headers.set("Content-Type", "application/json");
        request.body = body;
        auto reply = http.send(request, nullptr, {});
        EXPECT_TRUE(reply);
        return reply ? *reply : HttpReply{};
    };
    const std::string key = toBase64Url(keys.publicKey);
    const auto good = nlohmann::json{
        {"publicKey", key}, {"provider", "dropbox"}, {"device", {{"id", "1"}, {"name", "P"}, {"place", ""}}}};
    EXPECT_EQ(post("/api/v1/authorizations", good.dump()).status, 200);
    const auto with = [&](const char *name, nlohmann::json value) {
        auto changed = good;
        changed[name] = std::move(value);
        return changed.dump();
    };
    for (const std::string &body :
         {std::string(), std::string("[]"), std::string("{"), std::string(2000, '['), with("publicKey", "AAAA"),
          with("publicKey", 7), with("provider", "nocloud"), with("provider", nullptr), with("device", "x"),
          with("device", {{"name", ""}}), with("device", {{"name", "a\nb"}}),
          with("device", {{"name", std::string(201, 'x')}}), with("device", {{"name", 5}}),
          with("allowedDomains", "example.org"), with("allowedDomains", {"*"}), with("allowedDomains", {""}),
          with("allowedDomains", {7})}) {
        const auto reply = post("/api/v1/authorizations", body);
        EXPECT_EQ(reply.status, 400) << body.substr(0, 80);
        EXPECT_TRUE(nlohmann::json::parse(reply.body, nullptr, false).is_object());
    }
    const auto refusedKey = [&](const std::string &bytes) {
        const auto reply = post("/api/v1/authorizations", with("publicKey", toBase64Url(bytes)));
        return nlohmann::json::parse(reply.body)["error"]["code"] == "key-refused" && reply.status == 400;
    };
    const std::string zeros(32, '\0');
    std::string one = zeros;
    one[0] = 1;
    std::string zeroAgain(32, '\xFF'); // p, which is zero
    zeroAgain[0] = '\xED';
    zeroAgain[31] = '\x7F';
    for (const std::string &bytes : {zeros, one, zeroAgain})
        EXPECT_TRUE(refusedKey(bytes)) << toBase64Url(bytes);
    for (const char *path :
         {"/api/v1/authorizations/poll", "/api/v1/authorizations/acknowledge", "/api/v1/authorizations/cancel"})
        for (const char *body : {"", "{}", R"({"deviceCode":""})", R"({"deviceCode":7})"})
            EXPECT_EQ(post(path, body).status, 400) << path << body;
    EXPECT_EQ(post("/api/v1/authorizations", std::string(40000, 'x')).status, 413);
    EXPECT_EQ(post("/api/v1/nothing", "{}").status, 404);
}

TEST_P(PortalDevices, WhatTurnsTextAroundIsTakenOutOfNames)
{
    start();
    auto begun = device().begin({keys.publicKey, "dropbox", {"d", "Print\xE2\x80\xAEretni", ""}, "en", {}}, {});
    ASSERT_TRUE(begun);
    test::Browser browser;
    const auto page = browser.submit(browser.get(begun->verificationUriComplete), "/code");
    EXPECT_TRUE(page.has("Printretni"));
    for (const char *unseen : {" ", "\xE2\x80\x8B", "\xEF\xBB\xBF", "\xD8\x9C", "A\xC2\x85"})
        EXPECT_FALSE(device().begin({keys.publicKey, "dropbox", {"d", unseen, ""}, "en", {}}, {})) << unseen;
}

TEST_P(PortalDevices, NewCodesAndUnknownCodesAreCountedPerAddress)
{
    PortalRules rules;
    rules.newCodes = {2, 0.01};
    rules.strangePolls = {3, 0.01};
    start(rules);
    begin();
    begin();
    auto third = device().begin({keys.publicKey, "dropbox", {"d", "P", ""}, "en", {}}, {});
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().code, Errc::RateLimited);
    EXPECT_EQ(third.error().retryAfter, seconds(100));
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(device().poll("guess-" + std::to_string(i), {}));
    auto fourth = device().poll("guess", {});
    ASSERT_FALSE(fourth);
    EXPECT_EQ(fourth.error().code, Errc::RateLimited);
}

TEST_P(PortalDevices, AnIPv6SiteCountsAsAFewAddressesHoweverManyItHas)
{
    PortalRules rules;
    rules.newCodes = {2, 0.01};
    start(rules);
    const std::string body =
        nlohmann::json{{"publicKey", toBase64Url(keys.publicKey)}, {"provider", "dropbox"}, {"device", {{"name", "P"}}}}
            .dump();
    const auto made = [&](const std::string &prefix) {
        int count = 0;
        for (int i = 0; i < 40; ++i)
            count += engine->begin(body, prefix + std::to_string(i) + "::1").status == 200 ? 1 : 0;
        return count;
    };
    EXPECT_EQ(made("2001:db8:1:"), 16);
    EXPECT_EQ(made("2001:db8:2:"), 16) << "another site";
}

TEST_P(PortalDevices, TooManyLiveCodesAreRefusedUntilSomeEnd)
{
    PortalRules rules;
    rules.mostLiveCodes = 3;
    start(rules);
    const Begun first = begin();
    begin();
    begin();
    auto fourth = device().begin({keys.publicKey, "dropbox", {"d", "P", ""}, "en", {}}, {});
    ASSERT_FALSE(fourth);
    EXPECT_EQ(stableCode(fourth.error()), "portal-unreachable");
    ASSERT_TRUE(device().cancel(first.deviceCode, {}));
    begin();
}

TEST_P(PortalDevices, AWrongClockIsTold)
{
    start();
    PortalClient late(http, url, [this] { return now() - std::chrono::hours(1); });
    auto begun = late.begin({keys.publicKey, "dropbox", {"d", "P", ""}, "en", {}}, {});
    ASSERT_FALSE(begun);
    EXPECT_EQ(stableCode(begun.error()), "clock-wrong");
}

// A connection by hand; closed at its end.
class RawConnection {
public:
    explicit RawConnection(int port) : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval patience{5, 0};
        ::setsockopt(m_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        EXPECT_EQ(::connect(m_fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    }
    ~RawConnection() { ::close(m_fd); }
    RawConnection(const RawConnection &) = delete;
    RawConnection &operator=(const RawConnection &) = delete;

    bool send(const std::string &bytes)
    {
        return ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
    }
    // The next piece; "" at the end or after five seconds of silence.
    std::string piece()
    {
        char buffer[4096];
        const ssize_t n = ::recv(m_fd, buffer, sizeof buffer, 0);
        return n > 0 ? std::string(buffer, static_cast<std::size_t>(n)) : std::string();
    }
    std::string rest()
    {
        std::string text;
        for (std::string more = piece(); !more.empty(); more = piece())
            text += more;
        return text;
    }

private:
    int m_fd;
};

// What a server answers to these bytes until it closes the connection or says nothing for five seconds.
std::string rawAnswer(int port, const std::string &bytes)
{
    RawConnection connection(port);
    return connection.send(bytes) ? connection.rest() : std::string();
}

TEST_P(PortalDevices, WhoeverSendsARequestDropByDropIsLetGo)
{
    ServerOptions options;
    options.requestLimit = std::chrono::milliseconds(300);
    start({}, options);
    RawConnection slow(port);
    const auto end = std::chrono::steady_clock::now() + seconds(20);
    bool taken = slow.send("GET /healthz HTTP/1.1\r\nX: ");
    // One byte at a time, each well before a pause would be noticed.
    while (taken && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        taken = slow.send("x");
    }
    EXPECT_FALSE(taken) << "the connection is held for as long as bytes come";
}

TEST_P(PortalDevices, RequestsThatComeTogetherAreAnsweredInTurn)
{
    start();
    const std::string body = R"({"deviceCode":"nobody's"})";
    const std::string answers =
        rawAnswer(port, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nPOST /api/v1/authorizations/poll HTTP/1.1\r\nHost: "
                        "x\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
    const auto first = answers.find("\r\n\r\nok\n");
    ASSERT_NE(first, std::string::npos) << answers;
    EXPECT_THAT(answers.substr(first), ::testing::HasSubstr("expired"));
}

TEST_P(PortalDevices, ARefusalThatEndsTheConnectionSaysSo)
{
    start();
    // Nothing in the request asks for the end.
    const std::string answer =
        rawAnswer(port, "POST /api/v1/authorizations/poll HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[]");
    EXPECT_THAT(answer, ::testing::StartsWith("HTTP/1.1 400"));
    EXPECT_THAT(answer, ::testing::HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_THAT(answer, ::testing::HasSubstr("\"bad-request\""));
}

TEST_P(PortalDevices, ABodyThatWaitsToBeAskedForIsAskedFor)
{
    start();
    const std::string body = R"({"deviceCode":"nobody's"})";
    RawConnection polite(port);
    ASSERT_TRUE(polite.send("POST /api/v1/authorizations/poll HTTP/1.1\r\nHost: x\r\nExpect: "
                            "100-continue\r\nConnection: close\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n"));
    EXPECT_THAT(polite.piece(), ::testing::StartsWith("HTTP/1.1 100"));
    ASSERT_TRUE(polite.send(body));
    EXPECT_THAT(polite.rest(), ::testing::HasSubstr("expired"));
}

TEST_P(PortalDevices, ABodyWithoutAnnouncedLengthIsNotTaken)
{
    start();
    const std::string head = "POST /api/v1/authorizations/poll HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                             "chunked\r\nConnection: close\r\n\r\n";
    EXPECT_THAT(rawAnswer(port, head + "ffff\r\n"), ::testing::StartsWith("HTTP/1.1 411"));
}

TEST_P(PortalDevices, WhatHasNoBoundIsRefusedAndItsConnectionNotUsedAgain)
{
    start();
    const auto refused = [&](const std::string &head, const std::string &status) {
        const std::string answer = rawAnswer(port, head + "\r\nHost: x\r\nConnection: close\r\n\r\n");
        EXPECT_THAT(answer, ::testing::StartsWith("HTTP/1.1 " + status)) << head;
        EXPECT_THAT(answer, ::testing::HasSubstr("\r\nConnection: close\r\n")) << head;
        EXPECT_THAT(answer, ::testing::Not(::testing::HasSubstr("multipart"))) << head;
    };
    const std::string poll = " /api/v1/authorizations/poll HTTP/1.1\r\n";
    refused("POST" + poll + "Accept: */*", "411");
    refused("DELETE" + poll + "Accept: */*", "411");
    refused("POST" + poll + "Content-Length: two", "400");
    refused("GET /healthz HTTP/1.1\r\nContent-Length: 5", "400");
    refused("POST" + poll + "Content-Length: 2\r\nContent-Encoding: gzip", "415");
    refused("POST" + poll + "Content-Length: 2\r\nContent-Encoding: br", "415");
    refused("GET /assets/portal.css HTTP/1.1\r\nRange: bytes=0-,0-,0-", "416");
    EXPECT_THAT(rawAnswer(port, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                ::testing::StartsWith("HTTP/1.1 200"));
}

TEST_P(PortalDevices, WhoeverSendsARequestDropByDropKeepsNobodyElseWaiting)
{
    start();
    std::deque<RawConnection> slow; // more than there are threads
    for (int i = 0; i < 12; ++i)
        EXPECT_TRUE(slow.emplace_back(port).send("GET / HTTP/1.1\r\nHost: x\r\nX"));
    EXPECT_THAT(rawAnswer(port, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                ::testing::StartsWith("HTTP/1.1 200"));
}

TEST_P(PortalDevices, ARequestWithoutEndIsCutOff)
{
    start();
    RawConnection caller(port);
    ASSERT_TRUE(caller.send("GET / HTTP/1.1\r\nHost: x\r\n"));
    const std::string line = "X: " + std::string(4000, 'x') + "\r\n";
    int lines = 0;
    while (lines < 20000 && caller.send(line))
        ++lines;
    EXPECT_LT(lines, 20000) << "eighty megabytes were taken";
}

TEST_P(PortalDevices, WhatFollowsARefusedRequestIsNotTakenForAnother)
{
    start();
    const std::string inner = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    const std::string answer = rawAnswer(
        port, "PUT /code HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(inner.size()) + "\r\n\r\n" + inner);
    EXPECT_THAT(answer, ::testing::StartsWith("HTTP/1.1 400"));
    EXPECT_THAT(answer, ::testing::Not(::testing::HasSubstr("HTTP/1.1 200")));
}

// The listening socket of this process at that port.
int listeningSocket(int port)
{
    for (int fd = 3; fd < 1024; ++fd) {
        int listens = 0;
        socklen_t size = sizeof listens;
        sockaddr_in address{};
        socklen_t addressSize = sizeof address;
        if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0 &&
            ::getsockname(fd, reinterpret_cast<sockaddr *>(&address), &addressSize) == 0 &&
            ntohs(address.sin_port) == port)
            return fd;
    }
    return -1;
}

TEST_P(PortalDevices, ThatListeningEndedByItselfIsTold)
{
    start();
    test::Browser browser;
    EXPECT_EQ(browser.get(url + "/healthz").status, 200);
    EXPECT_FALSE(died);
    ASSERT_EQ(::shutdown(listeningSocket(port), SHUT_RDWR), 0);
    const auto deadline = std::chrono::steady_clock::now() + seconds(10);
    while (!died && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_TRUE(died);
    stop(); // and this ends
}

TEST_P(PortalDevices, ThePageOfAnOddAddressLeadsNowhereElse)
{
    start();
    const std::string answer = rawAnswer(port, "GET //evil.example HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, ::testing::StartsWith("HTTP/1.1 404"));
    EXPECT_THAT(answer, ::testing::Not(::testing::HasSubstr("evil.example")));
}

TEST_P(PortalDevices, SaysWhetherItIsWell)
{
    start();
    test::Browser browser;
    const auto page = browser.get(url + "/healthz");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.html, "ok\n");
}

TEST_P(PortalDevices, EndsWithinAMomentWhileACloudKeepsItWaiting)
{
    start();
    const Begun begun = begin();
    test::Browser browser;
    const auto leaving = walkToCloud(browser, begun);
    const auto back = browser.getOnce(cloudAddress(leaving) + "&auto_approve=" + kMara);
    clouds().control({{"do", "fault"}, {"route", "oauth2/token"}, {"action", {{"delayMs", 15000}}}});
    std::thread waiting([&] { (void)browser.getOnce(std::string(back.headers.get("Location"))); });
    // The cloud has the request: from then on the portal waits.
    const auto deadline = std::chrono::steady_clock::now() + seconds(10);
    bool asked = false;
    while (!asked && std::chrono::steady_clock::now() < deadline) {
        const auto faults = clouds().control({{"do", "faults"}});
        asked = faults["faults"].empty() || faults["faults"][0]["acted"] > 0;
    }
    EXPECT_TRUE(asked);
    const auto began = std::chrono::steady_clock::now();
    server->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(3));
    waiting.join();
}

} // namespace
} // namespace connector::portal
