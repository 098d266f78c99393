// SPDX-License-Identifier: Apache-2.0
#include "http/curl_http_client.h"
#include "support/scripted_server.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sys/resource.h>

namespace connector {
namespace {

using namespace std::chrono_literals;
using test::ScriptedServer;
using Exchange = ScriptedServer::Exchange;

HttpRequest get(const std::string &url)
{
    HttpRequest request;
    request.url = url;
    return request;
}

Call soon()
{
    return Call{}.within(20s);
}

// Counts, keeps nothing.
class CountingSink : public ByteSink {
public:
    Result<void> write(std::span<const char> bytes) override
    {
        m_bytes += static_cast<std::int64_t>(bytes.size());
        return {};
    }
    std::int64_t bytes() const { return m_bytes; }

private:
    std::int64_t m_bytes = 0;
};

// As many bytes as asked for, without holding them.
class EndlessSource : public ByteSource {
public:
    explicit EndlessSource(std::int64_t size) : m_size(size) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        const auto n = std::min<std::int64_t>(static_cast<std::int64_t>(buffer.size()), m_size - m_at);
        std::fill_n(buffer.begin(), n, 'x');
        m_at += n;
        return static_cast<std::size_t>(n);
    }
    std::optional<std::int64_t> size() const override { return m_size; }
    Result<void> seek(std::int64_t offset) override
    {
        m_at = offset;
        return {};
    }

private:
    std::int64_t m_size;
    std::int64_t m_at = 0;
};

long peakKiB()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

TEST(CurlHttpClient, AReplyComesWithStatusHeadersAndBody)
{
    ScriptedServer server([](Exchange &x) { x.reply(404, "not here", "X-One: a\r\nx-one: b\r\n"); });
    CurlHttpClient client;
    auto reply = client.send(get(server.url("/a?b=c")), nullptr, soon());
    ASSERT_TRUE(reply) << describe(reply.error());
    EXPECT_EQ(reply->status, 404);
    EXPECT_EQ(reply->body, "not here");
    EXPECT_EQ(reply->headers.get("X-ONE"), "a");
    EXPECT_EQ(server.requests().at(0).target, "/a?b=c");
}

TEST(CurlHttpClient, ABodyIsSentAsItIs)
{
    ScriptedServer server([](Exchange &x) { x.reply(200, x.request().body); });
    CurlHttpClient client;
    HttpRequest request = get(server.url());
    request.method = "POST";
    request.body = std::string("a\0b", 3);
    auto reply = client.send(request, nullptr, soon());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, request.body);
    EXPECT_FALSE(server.requests().at(0).headers.has("Expect"));
}

TEST(CurlHttpClient, ASourceIsSentFromWhereItStandsAndOnlyAsFarAsAsked)
{
    ScriptedServer server([](Exchange &x) { x.reply(200, x.request().body); });
    CurlHttpClient client;
    StringSource source("0123456789");
    ASSERT_TRUE(source.seek(2));
    HttpRequest request = get(server.url());
    request.method = "POST";
    request.source = &source;
    request.sourceStart = 2;
    request.sourceBytes = 5;
    auto reply = client.send(request, nullptr, soon());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, "23456");
    EXPECT_EQ(server.requests().at(0).method, "POST");
}

TEST(CurlHttpClient, AShortSourceIsDataLossAndTheServerSeesNoWholeRequest)
{
    ScriptedServer server([](Exchange &x) { x.reply(200, ""); });
    CurlHttpClient client;
    StringSource source("only this much", 1000);
    HttpRequest request = get(server.url());
    request.method = "POST";
    request.source = &source;
    auto reply = client.send(request, nullptr, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::DataLoss);
    EXPECT_TRUE(server.requests().empty());
}

TEST(CurlHttpClient, OnlyASuccessGoesToTheSink)
{
    ScriptedServer server([](Exchange &x) { x.reply(x.request().target == "/good" ? 200 : 500, "words"); });
    CurlHttpClient client;
    StringSink sink;
    auto good = client.send(get(server.url("/good")), &sink, soon());
    ASSERT_TRUE(good);
    EXPECT_EQ(good->body, "");
    EXPECT_EQ(sink.bytes(), "words");
    auto bad = client.send(get(server.url("/bad")), &sink, soon());
    ASSERT_TRUE(bad);
    EXPECT_EQ(bad->body, "words");
    EXPECT_EQ(sink.bytes(), "words");
}

TEST(CurlHttpClient, TheHeadCanRefuseTheBodyBeforeAnythingIsWritten)
{
    ScriptedServer server([](Exchange &x) { x.reply(200, "words", "Content-Type: text/html\r\n"); });
    CurlHttpClient client;
    StringSink sink;
    HttpRequest request = get(server.url());
    request.onHead = [](const HttpReply &head) -> Result<void> {
        return Error{Errc::Unsupported, std::string(head.headers.get("Content-Type"))};
    };
    auto reply = client.send(request, &sink, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().message, "text/html");
    EXPECT_EQ(sink.bytes(), "");
}

TEST(CurlHttpClient, TheHeadOfAnEmptyReplyIsSeenToo)
{
    ScriptedServer server([](Exchange &x) { x.reply(200, ""); });
    CurlHttpClient client;
    StringSink sink;
    HttpRequest request = get(server.url());
    int seen = 0;
    request.onHead = [&](const HttpReply &head) -> Result<void> {
        seen += head.status;
        return {};
    };
    ASSERT_TRUE(client.send(request, &sink, soon()));
    EXPECT_EQ(seen, 200);
}

TEST(CurlHttpClient, TheSinksOwnErrorIsReturned)
{
    ScriptedServer server([](Exchange &x) { x.reply(200, "more than three"); });
    CurlHttpClient client;
    StringSink sink(3);
    auto reply = client.send(get(server.url()), &sink, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::LocalIo);
}

TEST(CurlHttpClient, ACancelEndsTheCallBeforeTheServerAnswers)
{
    ScriptedServer server([](Exchange &x) { x.hang(); });
    CurlHttpClient client;
    std::stop_source stop;
    Call call;
    call.stop = stop.get_token();
    std::jthread other([&] {
        server.waitForRequests(1);
        stop.request_stop();
    });
    auto reply = client.send(get(server.url()), nullptr, call); // nobody else would end this
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::Cancelled);
}

TEST(CurlHttpClient, ACancelIsNoticedWithinMilliseconds)
{
    ScriptedServer server([](Exchange &x) { x.hang(); });
    CurlHttpClient client;
    std::vector<Call::Clock::duration> took;
    for (int i = 0; i < 9; ++i) {
        std::stop_source stop;
        Call call;
        call.stop = stop.get_token();
        Call::Clock::time_point asked;
        std::jthread other([&, i] {
            server.waitForRequests(static_cast<std::size_t>(i) + 1);
            asked = Call::Clock::now();
            stop.request_stop();
        });
        ASSERT_FALSE(client.send(get(server.url()), nullptr, call));
        const auto ended = Call::Clock::now();
        other.join();
        took.push_back(ended - asked);
    }
    std::sort(took.begin(), took.end());
    // The median: a busy machine may hold up one of them.
    EXPECT_LT(took[took.size() / 2], 50ms);
}

TEST(CurlHttpClient, ACallThatWasCancelledBeforeDoesNotConnect)
{
    ScriptedServer server([](Exchange &x) { x.reply(200, ""); });
    CurlHttpClient client;
    std::stop_source stop;
    stop.request_stop();
    Call call;
    call.stop = stop.get_token();
    auto reply = client.send(get(server.url()), nullptr, call);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::Cancelled);
    EXPECT_EQ(server.connections(), 0);
}

TEST(CurlHttpClient, TheDeadlineEndsTheCall)
{
    ScriptedServer server([](Exchange &x) { x.hang(); });
    CurlHttpClient client;
    auto reply = client.send(get(server.url()), nullptr, Call{}.within(100ms));
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::Timeout);
}

TEST(CurlHttpClient, AStalledServerIsATimeoutOfItsOwn)
{
    ScriptedServer server([](Exchange &x) {
        x.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        x.hang();
    });
    CurlOptions options;
    options.stallTimeout = 1s;
    CurlHttpClient client(options);
    StringSink sink;
    auto reply = client.send(get(server.url()), &sink, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::Timeout);
    EXPECT_EQ(reply.error().nativeCode, "stalled");
    EXPECT_EQ(sink.bytes(), "half");
}

TEST(CurlHttpClient, ACutBodyIsDataLossAndWhatCameStays)
{
    ScriptedServer server([](Exchange &x) {
        x.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nthe first half");
        x.close();
    });
    CurlHttpClient client;
    StringSink sink;
    auto reply = client.send(get(server.url()), &sink, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::DataLoss);
    EXPECT_EQ(sink.bytes(), "the first half");
}

TEST(CurlHttpClient, ABodyLongerThanAnnouncedIsCutAtItsLength)
{
    ScriptedServer server([](Exchange &x) {
        x.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour and more");
        x.close();
    });
    CurlHttpClient client;
    auto reply = client.send(get(server.url()), nullptr, soon());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, "four");
}

TEST(CurlHttpClient, AConnectionCutBeforeTheReplyIsOffline)
{
    ScriptedServer server([](Exchange &x) { x.close(); });
    CurlHttpClient client;
    auto reply = client.send(get(server.url()), nullptr, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::Offline);
    EXPECT_EQ(reply.error().nativeCode, "cut");
}

TEST(CurlHttpClient, NobodyListeningIsOffline)
{
    std::string url;
    {
        ScriptedServer server([](Exchange &) {});
        url = server.url();
    }
    CurlHttpClient client;
    auto reply = client.send(get(url), nullptr, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::Offline);
    EXPECT_EQ(reply.error().nativeCode, "not-connected");
    EXPECT_EQ(stableCode(reply.error()), "offline");
}

TEST(CurlHttpClient, AnUnknownHostIsOffline)
{
    CurlHttpClient client;
    auto reply = client.send(get("https://no-such-host.invalid/"), nullptr, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::Offline);
    EXPECT_EQ(reply.error().nativeCode, "not-resolved");
}

TEST(CurlHttpClient, AnOverlongBodyIsABadReply)
{
    ScriptedServer server([](Exchange &x) { x.reply(200, std::string(5000, 'x')); });
    CurlHttpClient client;
    HttpRequest request = get(server.url());
    request.largestBody = 4999;
    auto reply = client.send(request, nullptr, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::BadReply);
    request.largestBody = 5000;
    EXPECT_TRUE(client.send(request, nullptr, soon()));
}

TEST(CurlHttpClient, HugeHeadersAreABadReply)
{
    ScriptedServer many([](Exchange &x) {
        x.send("HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < 400 && x.send("X-Pad: " + std::string(1000, 'x') + "\r\n"); ++i) {
        }
        x.close();
    });
    ScriptedServer one([](Exchange &x) {
        x.send("HTTP/1.1 200 OK\r\nX-Pad: " + std::string(300000, 'x') + "\r\n\r\n");
        x.close();
    });
    CurlHttpClient client;
    for (auto *server : {&many, &one}) {
        auto reply = client.send(get(server->url()), nullptr, soon());
        ASSERT_FALSE(reply);
        EXPECT_EQ(reply.error().code, Errc::BadReply) << describe(reply.error());
    }
}

TEST(CurlHttpClient, WhatIsNotHttpIsABadReply)
{
    ScriptedServer server([](Exchange &x) {
        x.send("220 mail.example.org ESMTP\r\n");
        x.close();
    });
    CurlHttpClient client;
    auto reply = client.send(get(server.url()), nullptr, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::BadReply) << describe(reply.error());
}

TEST(CurlHttpClient, InterimRepliesAreSkipped)
{
    ScriptedServer server([](Exchange &x) {
        x.send("HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n");
        x.reply(200, "done");
    });
    CurlHttpClient client;
    auto reply = client.send(get(server.url()), nullptr, soon());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200);
    EXPECT_FALSE(reply->headers.has("X-Early"));
}

TEST(CurlHttpClient, ConnectionsAreUsedAgain)
{
    ScriptedServer server([](Exchange &x) { x.reply(200, "x"); });
    CurlHttpClient client;
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(client.send(get(server.url()), nullptr, soon()));
    EXPECT_EQ(server.connections(), 1);
}

TEST(CurlHttpClient, AKeptConnectionThatDiedIsReplacedUnnoticed)
{
    std::atomic<int> count = 0;
    ScriptedServer server([&](Exchange &x) {
        x.reply(200, x.request().body);
        if (++count == 1)
            x.close(); // after a reply that promised to stay
    });
    CurlHttpClient client;
    HttpRequest request = get(server.url());
    request.method = "POST";
    request.repeatable = true;
    for (int i = 0; i < 3; ++i) {
        StringSource source("payload");
        request.source = &source;
        auto reply = client.send(request, nullptr, soon());
        ASSERT_TRUE(reply) << describe(reply.error());
        EXPECT_EQ(reply->body, "payload");
    }
}

TEST(CurlHttpClient, WhatMayNotBeRepeatedIsSentOnceWhenAKeptConnectionEndsWithoutAReply)
{
    std::atomic<int> count = 0;
    ScriptedServer server([&](Exchange &x) {
        if (++count % 2 == 1)
            x.reply(200, "");
        else
            x.close();
    });
    CurlHttpClient client;
    for (const bool bySource : {true, false}) {
        ASSERT_TRUE(client.send(get(server.url()), nullptr, soon()));
        const std::size_t before = server.requests().size();
        StringSource source("payload");
        HttpRequest request = get(server.url());
        request.method = "POST";
        request.source = bySource ? &source : nullptr;
        request.body = bySource ? "" : "payload";
        auto reply = client.send(request, nullptr, soon());
        ASSERT_FALSE(reply);
        EXPECT_EQ(reply.error().code, Errc::Offline);
        EXPECT_EQ(reply.error().nativeCode, "cut");
        EXPECT_EQ(server.requests().size(), before + 1);
    }
}

TEST(CurlHttpClient, ManyThreadsShareOneClient)
{
    ScriptedServer server([](Exchange &x) { x.reply(200, x.request().target); });
    CurlHttpClient client;
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 8; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 25; ++i) {
                    const std::string path = "/" + std::to_string(t) + "/" + std::to_string(i);
                    auto reply = client.send(get(server.url(path)), nullptr, soon());
                    good += reply && reply->body == path ? 1 : 0;
                }
            });
    }
    EXPECT_EQ(good, 200);
}

TEST(CurlHttpClient, RedirectsAreReturnedUnlessAskedFor)
{
    ScriptedServer server([](Exchange &x) { x.reply(302, "", "Location: /elsewhere\r\n"); });
    CurlHttpClient client;
    auto reply = client.send(get(server.url()), nullptr, soon());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 302);
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST(CurlHttpClient, ARedirectToAnotherOriginDoesNotCarryTheToken)
{
    ScriptedServer target([](Exchange &x) { x.reply(200, "bytes"); });
    ScriptedServer server([&](Exchange &x) {
        if (x.request().target == "/same")
            x.reply(302, "", "Location: /next\r\n");
        else
            x.reply(302, "", "Location: " + target.url("/file") + "\r\n");
    });
    CurlHttpClient client;
    HttpRequest request = get(server.url("/same"));
    request.headers.set("Authorization", "Bearer secret");
    request.headers.set("Range", "bytes=5-");
    request.followRedirects = true;
    StringSink sink;
    auto reply = client.send(request, &sink, soon());
    ASSERT_TRUE(reply);
    EXPECT_EQ(sink.bytes(), "bytes");
    EXPECT_EQ(server.requests().at(1).headers.get("Authorization"), "Bearer secret");
    EXPECT_FALSE(target.requests().at(0).headers.has("Authorization"));
    EXPECT_EQ(target.requests().at(0).headers.get("Range"), "bytes=5-");
}

TEST(CurlHttpClient, A307KeepsMethodAndBodyA303DoesNot)
{
    ScriptedServer server([](Exchange &x) {
        if (x.request().target == "/307")
            x.reply(307, "", "Location: /end\r\n");
        else if (x.request().target == "/303")
            x.reply(303, "", "Location: /end\r\n");
        else
            x.reply(200, x.request().method + " " + x.request().body);
    });
    CurlHttpClient client;
    StringSource source("payload");
    HttpRequest request = get(server.url("/307"));
    request.method = "POST";
    request.source = &source;
    request.followRedirects = true;
    auto kept = client.send(request, nullptr, soon());
    ASSERT_TRUE(kept) << describe(kept.error());
    EXPECT_EQ(kept->body, "POST payload");
    ASSERT_TRUE(source.seek(0));
    request.url = server.url("/303");
    auto changed = client.send(request, nullptr, soon());
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->body, "GET ");
}

TEST(CurlHttpClient, RedirectsEndAfterFiveAndLeadNowhereButHttp)
{
    ScriptedServer server([](Exchange &x) {
        if (x.request().target == "/file")
            x.reply(302, "", "Location: file:///etc/passwd\r\n");
        else
            x.reply(302, "", "Location: " + x.request().target + "x\r\n");
    });
    CurlHttpClient client;
    HttpRequest request = get(server.url("/loop"));
    request.followRedirects = true;
    auto loop = client.send(request, nullptr, soon());
    ASSERT_FALSE(loop);
    EXPECT_EQ(loop.error().code, Errc::BadReply);
    EXPECT_EQ(server.requests().size(), 6U);
    request.url = server.url("/file");
    auto file = client.send(request, nullptr, soon());
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Errc::BadReply);
}

TEST(CurlHttpClient, OnlyAllowedHostsAreAskedAlsoByRedirect)
{
    ScriptedServer server([](Exchange &x) { x.reply(302, "", "Location: http://localhost:1/\r\n"); });
    CurlOptions options;
    options.allowedHosts = {"127.0.0.1", ".example.org"};
    CurlHttpClient client(options);
    HttpRequest request = get(server.url());
    request.followRedirects = true;
    auto away = client.send(request, nullptr, soon());
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().code, Errc::PermissionDenied);
    auto other = client.send(get("https://example.com/"), nullptr, soon());
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Errc::PermissionDenied);
}

TEST(CurlHttpClient, PlainHttpLeavesThisMachineOnlyWhenAllowed)
{
    CurlHttpClient client;
    auto reply = client.send(get("http://192.0.2.1/"), nullptr, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::InvalidArgument);
}

TEST(CurlHttpClient, ALineBreakInAHeaderIsRefused)
{
    ScriptedServer server([](Exchange &x) { x.reply(200, ""); });
    CurlHttpClient client;
    HttpRequest request = get(server.url());
    request.headers.set("X-A", "b\r\nX-Evil: c");
    auto reply = client.send(request, nullptr, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::InvalidArgument);
    EXPECT_EQ(server.connections(), 0);
}

TEST(CurlHttpClient, OtherSchemesAndUserNamesAreNoUrls)
{
    CurlHttpClient client;
    for (const char *url : {"file:///etc/passwd", "ftp://127.0.0.1/", "http://user:pw@127.0.0.1/", "nonsense", ""}) {
        auto reply = client.send(get(url), nullptr, soon());
        ASSERT_FALSE(reply) << url;
        EXPECT_EQ(reply.error().code, Errc::InvalidArgument) << url;
    }
}

TEST(CurlHttpClient, AProxyThatRefusesIsNamed)
{
    ScriptedServer proxy([](Exchange &x) {
        x.reply(x.request().method == "CONNECT" ? 403 : 407, "");
        x.close();
    });
    CurlOptions options;
    options.proxy = proxy.url("");
    options.noProxy = "";
    options.allowPlainHttp = true;
    CurlHttpClient client(options);
    for (const char *url : {"https://example.org/", "http://example.org/"}) {
        auto reply = client.send(get(url), nullptr, soon());
        ASSERT_FALSE(reply) << url;
        EXPECT_EQ(reply.error().code, Errc::Offline);
        EXPECT_EQ(stableCode(reply.error()), "proxy-refused") << describe(reply.error());
    }
}

TEST(CurlHttpClient, AProxyIsUsed)
{
    ScriptedServer proxy([](Exchange &x) { x.reply(200, x.request().target); });
    CurlOptions options;
    options.proxy = proxy.url("");
    options.allowPlainHttp = true;
    CurlHttpClient client(options);
    auto reply = client.send(get("http://example.org/path"), nullptr, soon());
    ASSERT_TRUE(reply) << describe(reply.error());
    EXPECT_EQ(reply->body, "http://example.org/path");
}

TEST(CurlHttpClient, AProxyThatIsNotThereIsNamed)
{
    std::string gone;
    {
        ScriptedServer server([](Exchange &) {});
        gone = server.url("");
    }
    CurlOptions options;
    options.proxy = gone;
    CurlHttpClient client(options);
    auto reply = client.send(get("https://example.org/"), nullptr, soon());
    ASSERT_FALSE(reply);
    EXPECT_EQ(stableCode(reply.error()), "proxy-refused");
}

TEST(CurlHttpClient, AHundredMegabytesUseBoundedMemory)
{
    constexpr std::int64_t kSize = 100LL << 20U;
    ScriptedServer server([](Exchange &x) {
        if (x.request().method == "POST") {
            x.reply(200, "");
            return;
        }
        x.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n");
        const std::string piece(1U << 20U, 'y');
        for (int i = 0; i < 100 && x.send(piece); ++i) {
        }
    });
    CurlHttpClient client;
    const auto warm = client.send(get(server.url()), nullptr, Call{}.within(1ms)); // code and buffers are paged in
    (void)warm;
    const long before = peakKiB();
    EndlessSource source(kSize);
    HttpRequest upload = get(server.url());
    upload.method = "POST";
    upload.source = &source;
    auto sent = client.send(upload, nullptr, Call{}.within(60s));
    ASSERT_TRUE(sent) << describe(sent.error());
    CountingSink sink;
    auto received = client.send(get(server.url()), &sink, Call{}.within(60s));
    ASSERT_TRUE(received) << describe(received.error());
    EXPECT_EQ(sink.bytes(), kSize);
    EXPECT_LT(peakKiB() - before, 24 * 1024);
}

} // namespace
} // namespace connector
