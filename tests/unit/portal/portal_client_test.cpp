// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"
#include "profiles/portal_client.h"
#include "profiles/sealed_grant.h"

#include <gtest/gtest.h>

namespace connector {
namespace {

// Answers with what the test says, and keeps what it was asked.
class Scripted : public HttpClient {
public:
    Result<HttpReply> send(const HttpRequest &request, ByteSink *, const Call &) override
    {
        asked.push_back(request);
        if (error)
            return *error;
        return reply;
    }
    std::vector<HttpRequest> asked;
    std::optional<Error> error;
    HttpReply reply;
};

struct PortalClientTest : ::testing::Test {
    PortalClientTest()
    {
        http.reply.status = 200;
        http.reply.headers.set("Connector-Portal-Protocol", "1");
        http.reply.headers.set("Date", "Sat, 21 Nov 2026 10:00:00 GMT");
        http.reply.body =
            R"({"deviceCode":"secret-1","userCode":"BCDFG-HJKLM-NPQRS","verificationUri":"https://p.example/",
            "verificationUriComplete":"https://p.example/?code=BCDFG-HJKLM-NPQRS","expiresAt":"2026-11-22T10:00:00Z","expiresIn":86400,"interval":7})";
    }
    std::string stableOf(const Result<PollOutcome> &r) { return r ? "fine" : stableCode(r.error()); }

    Scripted http;
    WallTime now = *parseRfc3339("2026-11-21T10:00:10Z");
    PortalClient client{http, "https://p.example/", [this] { return now; }};
};

TEST_F(PortalClientTest, AsksForACode)
{
    const auto begun =
        client.begin({std::string(32, 'k'), "dropbox", {"d1", "Printer", "Hall"}, "fr", {"example.org"}}, {});
    ASSERT_TRUE(begun) << describe(begun.error());
    EXPECT_EQ(begun->deviceCode, "secret-1");
    EXPECT_EQ(begun->userCode, "BCDFG-HJKLM-NPQRS");
    EXPECT_EQ(begun->interval, std::chrono::seconds(7));
    EXPECT_EQ(formatRfc3339(begun->expiresAt), "2026-11-22T10:00:00Z");
    ASSERT_EQ(http.asked.size(), 1u);
    EXPECT_EQ(http.asked[0].url, "https://p.example/api/v1/authorizations");
    EXPECT_FALSE(http.asked[0].repeatable);
    const auto body = nlohmann::json::parse(http.asked[0].body);
    EXPECT_EQ(body["publicKey"], toBase64Url(std::string(32, 'k')));
    EXPECT_EQ(body["allowedDomains"], nlohmann::json({"example.org"}));
}

TEST_F(PortalClientTest, AnIntervalOfHoursIsNotWaitedFor)
{
    for (const char *body :
         {R"({"state":"pending","interval":3600})", R"({"state":"slow-down","interval":999999999})"}) {
        http.reply.body = body;
        const auto outcome = client.poll("x", {});
        ASSERT_TRUE(outcome);
        EXPECT_EQ(std::get<Pending>(*outcome).interval, std::chrono::minutes(10));
    }
    http.reply.body = R"({"state":"pending","interval":-7})";
    EXPECT_EQ(std::get<Pending>(*client.poll("x", {})).interval, std::chrono::seconds(1));
}

TEST_F(PortalClientTest, TheSecretNeverStandsInAnAddress)
{
    http.reply.body = R"({"state":"pending","interval":5})";
    ASSERT_TRUE(client.poll("secret-1", {}));
    ASSERT_TRUE(client.acknowledge("secret-1", {}));
    for (const auto &request : http.asked)
        EXPECT_EQ(request.url.find("secret"), std::string::npos);
}

TEST_F(PortalClientTest, UnderstandsEveryStateOfAPoll)
{
    http.reply.body = R"({"state":"slow-down","interval":10})";
    auto outcome = client.poll("x", {});
    ASSERT_TRUE(outcome);
    ASSERT_TRUE(std::holds_alternative<Pending>(*outcome));
    EXPECT_EQ(std::get<Pending>(*outcome).interval, std::chrono::seconds(10));

    http.reply.body = R"({"state":"denied","reason":"domain-refused","domains":["example.org"],"interval":5})";
    outcome = client.poll("x", {});
    ASSERT_TRUE(outcome && std::holds_alternative<Denied>(*outcome));
    EXPECT_EQ(std::get<Denied>(*outcome).reason, "domain-refused");
    EXPECT_EQ(std::get<Denied>(*outcome).domains, std::vector<std::string>{"example.org"});

    http.reply.body = R"({"state":"granted","sealed":"AAEC"})";
    outcome = client.poll("x", {});
    ASSERT_TRUE(outcome && std::holds_alternative<Granted>(*outcome));
    EXPECT_EQ(std::get<Granted>(*outcome).sealed, std::string("\0\1\2", 3));

    http.reply.body = R"({"state":"expired"})";
    outcome = client.poll("x", {});
    ASSERT_TRUE(outcome && std::holds_alternative<Expired>(*outcome));
}

TEST_F(PortalClientTest, NamesWhatIsWrong)
{
    http.error = Error{Errc::Offline, "connection refused", "curl"};
    EXPECT_EQ(stableOf(client.poll("x", {})), "portal-unreachable");
    http.error = Error{Errc::Offline, "certificate", "curl", {}, 0, {}, "tls-failed"};
    EXPECT_EQ(stableOf(client.poll("x", {})), "tls-failed");
    http.error = Error{Errc::Cancelled, "stop", "curl"};
    EXPECT_EQ(client.poll("x", {}).error().code, Errc::Cancelled);
    http.error.reset();

    http.reply.status = 502;
    EXPECT_EQ(stableOf(client.poll("x", {})), "portal-unreachable");
    http.reply.status = 429;
    http.reply.headers.set("Retry-After", "42");
    const auto limited = client.poll("x", {});
    ASSERT_FALSE(limited);
    EXPECT_EQ(limited.error().code, Errc::RateLimited);
    EXPECT_EQ(limited.error().retryAfter, std::chrono::seconds(42));
    // However long it asks for: nobody stands there tomorrow.
    for (const char *much : {"86400", "61", "9223372036854775807"}) {
        http.reply.headers.set("Retry-After", much);
        for (const int status : {429, 503}) {
            http.reply.status = status;
            EXPECT_LE(client.poll("x", {}).error().retryAfter, std::chrono::seconds(60)) << much;
            EXPECT_LE(client.begin({std::string(32, 'k'), "dropbox", {"d1", "P", ""}, "en", {}}, {}).error().retryAfter,
                      std::chrono::minutes(5));
        }
    }
    for (const char *rubbish :
         {"-5", "0", "soon", "", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "1e9"}) {
        http.reply.headers.set("Retry-After", rubbish);
        const auto wait = client.poll("x", {}).error().retryAfter;
        EXPECT_TRUE(wait >= std::chrono::seconds(1) && wait <= std::chrono::seconds(60)) << rubbish;
    }

    http.reply.status = 400;
    http.reply.body = R"({"error":{"code":"provider-unsupported"}})";
    const auto begun = client.begin({std::string(32, 'k'), "nocloud", {"d1", "Printer", ""}, "en", {}}, {});
    ASSERT_FALSE(begun);
    EXPECT_EQ(stableCode(begun.error()), "provider-unsupported");

    http.reply.status = 200;
    for (const char *body : {"", "hello", "[]", "{}", R"({"state":"odd"})", R"({"state":7})", R"({"state":"granted"})",
                             R"({"state":"granted","sealed":"!!"})"}) {
        http.reply.body = body;
        EXPECT_EQ(stableOf(client.poll("x", {})), "portal-bad-reply") << body;
    }
    http.reply.headers.set("Connector-Portal-Protocol", "2");
    EXPECT_EQ(stableOf(client.poll("x", {})), "portal-version");
    http.reply.headers = {};
    http.reply.body = "<html>Welcome to the hotel</html>";
    EXPECT_EQ(stableOf(client.poll("x", {})), "portal-bad-reply");
}

TEST_F(PortalClientTest, TellsThatTheClockIsWrongAndLeavesNoCodeBehind)
{
    now = *parseRfc3339("2026-11-21T10:04:59Z");
    EXPECT_TRUE(client.begin({std::string(32, 'k'), "dropbox", {"d1", "P", ""}, "en", {}}, {}));
    now = *parseRfc3339("2026-11-21T10:05:01Z");
    const auto late = client.begin({std::string(32, 'k'), "dropbox", {"d1", "P", ""}, "en", {}}, {});
    ASSERT_FALSE(late);
    EXPECT_EQ(stableCode(late.error()), "clock-wrong");
    EXPECT_EQ(http.asked.back().url, "https://p.example/api/v1/authorizations/cancel");
    now = *parseRfc3339("2020-01-01T00:00:00Z");
    http.reply.body = R"({"state":"pending","interval":5})";
    EXPECT_EQ(stableOf(client.poll("x", {})), "clock-wrong");
}

} // namespace
} // namespace connector
