// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"
#include "http/curl_http_client.h"
#include "support/mod_dav.h"

#include <gmock/gmock.h>

#include <csignal>
#include <fstream>

namespace connector {
namespace {

using namespace std::chrono_literals;
using test::ModDav;

HttpRequest request(const std::string &method, const std::string &url)
{
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.headers.set("Depth", "1");
    return request;
}

Call soon()
{
    return Call{}.within(20s);
}

TEST(ModDav, ServesItsFolderToWhoKnowsThePassword)
{
    ModDav server;
    std::ofstream(server.folder() / "hello.txt") << "hello";
    CurlHttpClient client;
    auto stranger = client.send(request("PROPFIND", server.url() + "/"), nullptr, soon());
    ASSERT_TRUE(stranger);
    EXPECT_EQ(stranger->status, 401);
    auto known = request("PROPFIND", server.url() + "/");
    known.headers.set("Authorization", "Basic " + toBase64(server.user() + ":" + server.password()));
    auto reply = client.send(known, nullptr, soon());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 207);
    EXPECT_THAT(reply->body, testing::HasSubstr("/dav/hello.txt"));
}

TEST(ModDav, ApacheIsGoneWithTheObject)
{
    pid_t apache = 0;
    {
        ModDav server;
        apache = server.apache();
        EXPECT_EQ(::kill(apache, 0), 0);
    }
    EXPECT_EQ(::kill(apache, 0), -1);
}

} // namespace
} // namespace connector
