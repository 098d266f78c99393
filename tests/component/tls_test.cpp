// SPDX-License-Identifier: Apache-2.0
#include "http/curl_http_client.h"
#include "support/scripted_server.h"
#include "support/tls_server.h"

#include <gtest/gtest.h>

#include <csignal>

namespace connector {
namespace {

using namespace std::chrono_literals;
using test::TlsServer;

constexpr long kDay = 86400;

Result<HttpReply> ask(const TlsServer &server, bool trust)
{
    std::signal(SIGPIPE, SIG_IGN); // the server's own writes
    CurlOptions options;
    options.extraCaFile = trust ? server.caFile() : "";
    CurlHttpClient client(options);
    HttpRequest request;
    request.url = server.url();
    return client.send(request, nullptr, Call{}.within(20s));
}

TEST(Tls, AnExtraAuthorityIsTrusted)
{
    const TlsServer server(-kDay, kDay);
    auto reply = ask(server, true);
    ASSERT_TRUE(reply) << describe(reply.error());
    EXPECT_EQ(reply->body, "secure");
}

TEST(Tls, AStrangersCertificateIsRefused)
{
    const TlsServer server(-kDay, kDay);
    auto reply = ask(server, false);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::Offline);
    EXPECT_EQ(stableCode(reply.error()), "tls-failed") << describe(reply.error());
}

TEST(Tls, ACertificateThatIsNotYetValidMeansThatAClockIsWrong)
{
    const TlsServer server(kDay, 2 * kDay);
    auto reply = ask(server, true);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::Offline);
    EXPECT_EQ(stableCode(reply.error()), "clock-wrong") << describe(reply.error());
}

TEST(Tls, ACertificateThatHasExpiredMeansThatAClockIsWrong)
{
    const TlsServer server(-2 * kDay, -kDay);
    auto reply = ask(server, true);
    ASSERT_FALSE(reply);
    EXPECT_EQ(stableCode(reply.error()), "clock-wrong") << describe(reply.error());
}

TEST(Tls, AServerWithoutTlsIsATlsFailure)
{
    // It hangs up on what is not a request that ends.
    test::ScriptedServer server([](test::ScriptedServer::Exchange &) {});
    CurlOptions options;
    options.connectTimeout = 500ms;
    CurlHttpClient client(options);
    HttpRequest request;
    request.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    auto reply = client.send(request, nullptr, Call{}.within(20s));
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::Offline);
}

} // namespace
} // namespace connector
