// SPDX-License-Identifier: Apache-2.0
#include "http/signing_http_client.h"
#include "http/tracing_http_client.h"

#include <gtest/gtest.h>

namespace connector {
namespace {

class FixedStatus : public HttpClient {
public:
    std::vector<int> statuses; // the last is repeated
    std::vector<std::string> authorizations;
    std::vector<std::string> bodies;

    Result<HttpReply> send(const HttpRequest &request, ByteSink *, const Call &) override
    {
        authorizations.emplace_back(request.headers.get("Authorization"));
        if (request.source != nullptr) {
            std::array<char, 64> buffer{};
            auto n = request.source->read(buffer);
            bodies.emplace_back(buffer.data(), n ? *n : 0);
        }
        HttpReply reply;
        reply.status = statuses.at(std::min(authorizations.size(), statuses.size()) - 1);
        return reply;
    }
};

class CountedTokens : public TokenSource {
public:
    Result<std::string> token(const Call &) override { return "token-" + std::to_string(generation); }
    void expired(const std::string &token) override
    {
        if (token == "token-" + std::to_string(generation))
            ++generation;
    }
    int generation = 1;
};

class Signing : public ::testing::Test {
protected:
    FixedStatus inner;
    CountedTokens tokens;
    SigningHttpClient client{inner, tokens};
};

TEST_F(Signing, TheTokenIsAdded)
{
    inner.statuses = {200};
    ASSERT_TRUE(client.send(HttpRequest{}, nullptr, {}));
    EXPECT_EQ(inner.authorizations, (std::vector<std::string>{"Bearer token-1"}));
}

TEST_F(Signing, A401IsAnsweredByOneRefreshAndOneRepeat)
{
    inner.statuses = {401, 200};
    StringSource source("0123456789");
    ASSERT_TRUE(source.seek(3));
    HttpRequest request;
    request.source = &source;
    request.sourceStart = 3;
    auto reply = client.send(request, nullptr, {});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(inner.authorizations, (std::vector<std::string>{"Bearer token-1", "Bearer token-2"}));
    EXPECT_EQ(inner.bodies, (std::vector<std::string>{"3456789", "3456789"}));
}

TEST_F(Signing, ASecond401IsReturned)
{
    inner.statuses = {401};
    auto reply = client.send(HttpRequest{}, nullptr, {});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 401);
    EXPECT_EQ(inner.authorizations.size(), 2U);
    EXPECT_EQ(tokens.generation, 2);
}

TEST_F(Signing, A403DoesNotRefresh)
{
    inner.statuses = {403};
    auto reply = client.send(HttpRequest{}, nullptr, {});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 403);
    EXPECT_EQ(inner.authorizations.size(), 1U);
    EXPECT_EQ(tokens.generation, 1);
}

TEST_F(Signing, APreAuthenticatedUrlGetsNoToken)
{
    inner.statuses = {401};
    HttpRequest request;
    request.signIt = false;
    ASSERT_TRUE(client.send(request, nullptr, {}));
    EXPECT_EQ(inner.authorizations, (std::vector<std::string>{""}));
}

TEST(Tracing, ALineTellsWhatHappenedAndNoSecret)
{
    FixedStatus inner;
    inner.statuses = {200};
    std::vector<std::string> lines;
    TracingHttpClient client(inner, [&](std::string_view line) { lines.emplace_back(line); });
    HttpRequest request;
    request.method = "POST";
    request.url = "https://api.example.org/2/files?code=hush-query";
    request.headers.set("Authorization", "Bearer hush-token");
    request.headers.set("Dropbox-API-Arg", "hush-header");
    request.body = "hush-body";
    ASSERT_TRUE(client.send(request, nullptr, {}));
    request.url = "https://up.example.org/hush-session";
    request.signIt = false;
    ASSERT_TRUE(client.send(request, nullptr, {}));
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].rfind("POST https://api.example.org:443/2/files -> HTTP 200", 0), 0U) << lines[0];
    for (const auto &line : lines)
        EXPECT_EQ(line.find("hush"), std::string::npos) << line;
}

} // namespace
} // namespace connector
