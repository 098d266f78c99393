// SPDX-License-Identifier: Apache-2.0
#include "http/http_client.h"
#include "http/json_body.h"
#include "http/url.h"

#include <gtest/gtest.h>

namespace connector {
namespace {

TEST(Url, PartsAreFound)
{
    auto parts = splitUrl("HTTPS://API.Example.org/a/b?c=d#e");
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->scheme, "https");
    EXPECT_EQ(parts->host, "api.example.org");
    EXPECT_EQ(parts->port, 443);
    EXPECT_EQ(parts->path, "/a/b");
    EXPECT_EQ(splitUrl("http://[::1]:8080/")->host, "[::1]");
    EXPECT_EQ(splitUrl("http://h:8080")->port, 8080);
}

TEST(Url, OnlyHttpIsAUrl)
{
    for (const char *text : {"", "x", "/a", "file:///a", "ftp://h/", "javascript:alert(1)", "http://u:p@h/", "http://"})
        EXPECT_FALSE(splitUrl(text)) << text;
}

TEST(Url, OnlyAnAddressOrLocalhostIsThisMachine)
{
    for (const char *here : {"http://localhost/", "http://127.0.0.1:80/", "http://127.9.8.7/", "http://[::1]/"})
        EXPECT_TRUE(isLoopback(*splitUrl(here))) << here;
    for (const char *away : {"http://127.0.0.1.evil.example/", "http://127.evil.example/", "http://128.0.0.1/"})
        EXPECT_FALSE(isLoopback(*splitUrl(away))) << away;
}

TEST(Url, ReferencesAreResolved)
{
    EXPECT_EQ(*resolveUrl("https://h/a/b?c", "/d"), "https://h/d");
    EXPECT_EQ(*resolveUrl("https://h/a/b?c", "d?e"), "https://h/a/d?e");
    EXPECT_EQ(*resolveUrl("https://h/a", "//other/x"), "https://other/x");
    EXPECT_EQ(*resolveUrl("https://h/a", "http://other:81/x"), "http://other:81/x");
    EXPECT_FALSE(resolveUrl("https://h/a", "file:///etc/passwd"));
    EXPECT_FALSE(resolveUrl("https://h/a", "ftp://x/"));
}

TEST(Url, TheLogSeesNoQuery)
{
    EXPECT_EQ(urlForLog("https://h/a?token=hush"), "https://h:443/a");
    EXPECT_EQ(urlForLog("https://user:hush@h/a"), "(not a URL)");
}

TEST(Url, FormsAreEncoded)
{
    EXPECT_EQ(formEncode({{"a", "b c&=+"}, {"ü", ""}}), "a=b%20c%26%3D%2B&%C3%BC=");
}

TEST(HttpHeaders, NamesCompareWithoutCaseAndSetReplaces)
{
    HttpHeaders headers;
    headers.set("Retry-After", "1");
    headers.set("retry-after", "2");
    EXPECT_EQ(headers.get("RETRY-AFTER"), "2");
    EXPECT_EQ(headers.fields.size(), 1U);
    EXPECT_FALSE(headers.has("Retry"));
}

TEST(JsonBody, DepthIsBounded)
{
    EXPECT_TRUE(parseJson(std::string(32, '[') + std::string(32, ']')));
    auto deep = parseJson(std::string(33, '[') + std::string(33, ']'));
    ASSERT_FALSE(deep);
    EXPECT_EQ(deep.error().code, Errc::BadReply);
    EXPECT_FALSE(parseJson(std::string(1'000'000, '[')));
    EXPECT_TRUE(parseJson("\"" + std::string(100, '[') + "\\\"" + std::string(100, '{') + "\""));
}

TEST(JsonBody, TheNumberOfValuesIsBounded)
{
    const auto zeros = [](std::size_t count) {
        std::string text = "[0";
        for (std::size_t i = 1; i < count; ++i)
            text += ",0";
        return text + "]";
    };
    EXPECT_TRUE(parseJson(zeros(200'000)));
    auto many = parseJson(zeros(1'000'000));
    ASSERT_FALSE(many);
    EXPECT_EQ(many.error().code, Errc::BadReply);
    EXPECT_TRUE(parseJson("[\"" + std::string(1'000'000, ',') + "\"]"));
}

TEST(JsonBody, WhatIsNotUnicodeIsRepaired)
{
    EXPECT_EQ(textOf(*parseJson("{\"n\":\"a\xFF\"}"), "n"), "a\xEF\xBF\xBD");
    EXPECT_EQ(textOf(*parseJson(R"({"n":"a\ud800b"})"), "n"), "a\xEF\xBF\xBD"
                                                              "b");
    EXPECT_EQ(textOf(*parseJson(R"({"n":"a\udc00\ud800"})"), "n"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(textOf(*parseJson(R"({"n":"\ud83d\ude00"})"), "n"), "\xF0\x9F\x98\x80");
    EXPECT_EQ(textOf(*parseJson(R"({"n":"\\ud800"})"), "n"), "\\ud800");
}

TEST(JsonBody, NonsenseIsABadReply)
{
    for (const char *text : {"", "{", "{\"a\":}", "nul", "[1,]", "\"a", "\"\\u12\""})
        EXPECT_FALSE(parseJson(text)) << text;
}

TEST(JsonBody, MembersOfOtherTypesAreEmpty)
{
    auto v = parseJson(R"({"s":1,"i":"x","big":18446744073709551615,"f":1.5,"b":"true","n":-3})");
    ASSERT_TRUE(v);
    EXPECT_EQ(textOf(*v, "s"), "");
    EXPECT_EQ(integerOf(*v, "i"), std::nullopt);
    EXPECT_EQ(integerOf(*v, "big"), std::nullopt);
    EXPECT_EQ(integerOf(*v, "f"), std::nullopt);
    EXPECT_EQ(integerOf(*v, "n"), -3);
    EXPECT_FALSE(flagOf(*v, "b"));
    EXPECT_EQ(textOf(nlohmann::json("x"), "s"), "");
    EXPECT_TRUE(memberOf(nlohmann::json::array(), "s").is_null());
}

TEST(JsonBody, HeaderJsonIsAscii)
{
    EXPECT_EQ(asciiJson({{"p", "/\xC3\xBC\x7F\xF0\x9F\x98\x80"}}), R"({"p":"/\u00fc\u007f\ud83d\ude00"})");
}

} // namespace
} // namespace connector
