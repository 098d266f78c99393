// SPDX-License-Identifier: Apache-2.0
#include "http/paced_http_client.h"

#include <gtest/gtest.h>

#include <deque>

namespace connector {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// Answers from a list; the last answer is repeated for ever.
class ListedClient : public HttpClient {
public:
    std::deque<Result<HttpReply>> answers;
    std::vector<std::string> bodies;
    std::string toSink;

    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &) override
    {
        std::string body = request.body;
        if (request.source != nullptr) {
            std::array<char, 64> buffer{};
            auto n = request.source->read(buffer);
            body.assign(buffer.data(), n ? *n : 0);
        }
        bodies.push_back(body);
        if (sink != nullptr && !toSink.empty()) {
            EXPECT_TRUE(sink->write(toSink));
        }
        auto answer = answers.front();
        if (answers.size() > 1)
            answers.pop_front();
        return answer;
    }
};

HttpReply status(int code, const std::string &retryAfter = "", std::string body = "")
{
    HttpReply reply;
    reply.status = code;
    if (!retryAfter.empty())
        reply.headers.set("Retry-After", retryAfter);
    reply.body = std::move(body);
    return reply;
}

Error cut()
{
    return Error{Errc::Offline, "cut", "http", "cut"};
}

class Paced : public ::testing::Test {
protected:
    PacingOptions options()
    {
        PacingOptions o;
        o.wait = [this](milliseconds wait, const Call &call) {
            waits.push_back(wait);
            now += wait;
            return call.poll();
        };
        o.now = [this] { return now; };
        o.jitter = [] { return 1.0; };
        o.wallClock = [] { return fromUnix(1'800'000'000); };
        return o;
    }
    Result<HttpReply> send(bool repeatable = true, ByteSink *sink = nullptr, const Call &call = {})
    {
        PacedHttpClient client(inner, pacer, options());
        HttpRequest request;
        request.repeatable = repeatable;
        request.body = "b";
        return client.send(request, sink, call);
    }

    ListedClient inner;
    std::shared_ptr<Pacer> pacer = std::make_shared<Pacer>();
    std::vector<milliseconds> waits;
    Call::Clock::time_point now = Call::Clock::now();
};

TEST_F(Paced, AFailureOfTheServerIsRepeatedWithGrowingWaitsUpToTheCap)
{
    inner.answers = {status(503)};
    auto reply = send();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 503);
    EXPECT_EQ(inner.bodies.size(), 6U);
    EXPECT_EQ(waits, (std::vector<milliseconds>{1s, 2s, 4s, 8s, 16s}));
}

TEST_F(Paced, TheWaitIsJitteredFromZero)
{
    inner.answers = {status(500), status(500), status(200)};
    auto o = options();
    o.jitter = [] { return 0.25; };
    PacedHttpClient client(inner, pacer, o);
    HttpRequest request;
    request.repeatable = true;
    ASSERT_TRUE(client.send(request, nullptr, {}));
    EXPECT_EQ(waits, (std::vector<milliseconds>{250ms, 500ms}));
}

TEST_F(Paced, WhatMayNotBeRepeatedIsNot)
{
    inner.answers = {status(503)};
    ASSERT_TRUE(send(false));
    EXPECT_EQ(inner.bodies.size(), 1U);
    inner.answers = {cut()};
    EXPECT_FALSE(send(false));
    EXPECT_EQ(inner.bodies.size(), 2U);
}

TEST_F(Paced, ARateLimitIsWaitedOutAlsoByWhatMayNotBeRepeated)
{
    inner.answers = {status(429, "7"), status(200)};
    auto reply = send(false);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(waits, (std::vector<milliseconds>{7s}));
}

TEST_F(Paced, AServerThatSaysWhenToComeAgainDidNothing)
{
    inner.answers = {status(503, "2.5"), status(200)};
    auto reply = send(false);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(waits, (std::vector<milliseconds>{2500ms}));
}

TEST_F(Paced, TheWaitMayStandInTheBody)
{
    inner.answers = {status(429, "", R"({"error":{"reason":{".tag":"too_many_requests"},"retry_after":3}})"),
                     status(200)};
    ASSERT_TRUE(send());
    EXPECT_EQ(waits, (std::vector<milliseconds>{3s}));
}

TEST_F(Paced, OneClientsRateLimitHoldsAllOfTheAccount)
{
    inner.answers = {status(429, "30"), status(200)};
    ASSERT_TRUE(send());
    waits.clear();
    pacer->holdUntil(now + 5s);
    ASSERT_TRUE(send());
    EXPECT_EQ(waits, (std::vector<milliseconds>{5s}));
}

TEST_F(Paced, ATooLongWaitIsHandedToTheCallerAndTheNextCallDoesNotEvenAsk)
{
    inner.answers = {status(429, "3600"), status(200)};
    auto reply = send();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 429);
    EXPECT_TRUE(waits.empty());
    auto next = send();
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, Errc::RateLimited);
    EXPECT_EQ(next.error().retryAfter, 3600s);
    EXPECT_EQ(inner.bodies.size(), 1U);
}

TEST_F(Paced, AWaitBeyondTheDeadlineIsNotBegun)
{
    inner.answers = {status(503, "60"), status(200)};
    Call call;
    call.deadline = now + 30s;
    auto reply = send(true, nullptr, call);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 503);
    EXPECT_TRUE(waits.empty());
}

TEST_F(Paced, ACancelEndsTheWait)
{
    inner.answers = {status(503)};
    std::stop_source stop;
    Call call;
    call.stop = stop.get_token();
    auto o = options();
    o.wait = [&](milliseconds, const Call &c) {
        stop.request_stop();
        return c.poll();
    };
    PacedHttpClient client(inner, pacer, o);
    HttpRequest request;
    request.repeatable = true;
    auto reply = client.send(request, nullptr, call);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::Cancelled);
}

TEST_F(Paced, TheSourceGoesBackToWhereItStood)
{
    inner.answers = {status(503), cut(), status(200)};
    StringSource source("0123456789");
    ASSERT_TRUE(source.seek(4));
    PacedHttpClient client(inner, pacer, options());
    HttpRequest request;
    request.repeatable = true;
    request.source = &source;
    request.sourceStart = 4;
    ASSERT_TRUE(client.send(request, nullptr, {}));
    EXPECT_EQ(inner.bodies, (std::vector<std::string>{"456789", "456789", "456789"}));
}

TEST_F(Paced, NothingIsRepeatedOnceBytesWentToTheSink)
{
    inner.answers = {Error{Errc::DataLoss, "short", "http"}, status(200)};
    inner.toSink = "half";
    StringSink sink;
    auto reply = send(true, &sink);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::DataLoss);
    EXPECT_EQ(sink.bytes(), "half");
}

TEST_F(Paced, WhatWillNotChangeIsNotRepeated)
{
    for (int code : {200, 301, 400, 401, 403, 404, 409, 412, 501, 507}) {
        inner.answers = {status(code)};
        inner.bodies.clear();
        ASSERT_TRUE(send());
        EXPECT_EQ(inner.bodies.size(), 1U) << code;
    }
    for (const char *stable : {"tls-failed", "clock-wrong", "proxy-refused"}) {
        Error error = cut();
        error.stable = stable;
        inner.answers = {error};
        inner.bodies.clear();
        EXPECT_FALSE(send());
        EXPECT_EQ(inner.bodies.size(), 1U) << stable;
    }
}

TEST_F(Paced, NoNetworkIsReportedSoon)
{
    inner.answers = {Error{Errc::Offline, "no", "http", "not-connected"}};
    EXPECT_FALSE(send());
    EXPECT_EQ(inner.bodies.size(), 3U);
}

TEST_F(Paced, TheListenerHearsUntilWhenAndThatItIsOver)
{
    inner.answers = {status(429, "7"), status(200)};
    std::vector<std::optional<Call::Clock::time_point>> heard;
    auto o = options();
    o.onWaiting = [&](auto until) { heard.push_back(until); };
    const auto start = now;
    PacedHttpClient client(inner, pacer, o);
    ASSERT_TRUE(client.send(HttpRequest{}, nullptr, {}));
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_EQ(heard[0], start + 7s);
    EXPECT_EQ(heard[1], std::nullopt);
}

TEST_F(Paced, TheCallHearsWhetherTheFarEndAskedForTheWait)
{
    inner.answers = {status(429, "7"), status(500), status(200)};
    std::vector<std::optional<Waiting>> heard;
    Call call;
    call.onWaiting = [&](const std::optional<Waiting> &waiting) { heard.push_back(waiting); };
    const auto start = now;
    HttpRequest request;
    request.repeatable = true;
    auto o = options();
    o.base = std::chrono::seconds(4);
    o.jitter = [] { return 1.0; };
    PacedHttpClient client(inner, pacer, o);
    ASSERT_TRUE(client.send(request, nullptr, call));
    ASSERT_EQ(heard.size(), 4U);
    EXPECT_EQ(heard[0]->until, start + 7s);
    EXPECT_TRUE(heard[0]->asked);
    EXPECT_FALSE(heard[1]);
    EXPECT_FALSE(heard[2]->asked);
    heard.clear();
    inner.answers = {status(429, "0.5"), status(200)};
    ASSERT_TRUE(client.send(request, nullptr, call));
    EXPECT_TRUE(heard.empty()) << "not worth a word";
}

TEST(RetryAfter, SecondsFractionsAndDatesAreUnderstood)
{
    const auto now = fromUnix(784111777); // Sun, 06 Nov 1994 08:49:37 GMT
    EXPECT_EQ(parseRetryAfter("120", now), 120s);
    EXPECT_EQ(parseRetryAfter(" 0.25 ", now), 250ms);
    EXPECT_EQ(parseRetryAfter("0", now), 0ms);
    EXPECT_EQ(parseRetryAfter("Sun, 06 Nov 1994 08:50:00 GMT", now), 23s);
    EXPECT_EQ(parseRetryAfter("Sun, 06 Nov 1994 08:00:00 GMT", now), 0ms);
}

TEST(RetryAfter, NonsenseIsNoWaitAndHugeOnesAreBounded)
{
    const auto now = fromUnix(784111777);
    for (const char *text : {"", "soon", "-5", "1e9", "nan", "1.2.3", "99999999999999999999999"})
        EXPECT_EQ(parseRetryAfter(text, now), std::nullopt) << text;
    EXPECT_EQ(parseRetryAfter("99999999999", now), std::chrono::hours(24 * 7));
}

} // namespace
} // namespace connector
