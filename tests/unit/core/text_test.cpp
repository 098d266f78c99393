// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"
#include "core/random.h"
#include "core/time.h"

#include <gtest/gtest.h>

#include <set>

namespace connector {
namespace {

TEST(Encoding, HexGoesBothWays)
{
    EXPECT_EQ(toHex(std::string("\0\xFF\x10", 3)), "00ff10");
    EXPECT_EQ(*fromHex("00fF10"), std::string("\0\xFF\x10", 3));
    for (const char *text : {"0", "0g", "zz", "0x10"})
        EXPECT_FALSE(fromHex(text)) << text;
}

TEST(Encoding, Base64IsRfc4648)
{
    const std::pair<const char *, const char *> known[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto &[bytes, text] : known) {
        EXPECT_EQ(toBase64(bytes), text);
        EXPECT_EQ(*fromBase64(text), bytes);
    }
    EXPECT_EQ(toBase64Url("\xFB\xFF\xFE"), "-__-");
    EXPECT_EQ(*fromBase64Url("-__-"), "\xFB\xFF\xFE");
    EXPECT_EQ(toBase64Url("f"), "Zg");
    EXPECT_EQ(*fromBase64Url("Zg=="), "f");
    for (const char *text : {"Z", "Zm9v!", "Zm 9v", "-__-"})
        EXPECT_FALSE(fromBase64(text)) << text;
    EXPECT_FALSE(fromBase64Url("+//+"));
}

TEST(Encoding, PercentGoesBothWays)
{
    std::string all;
    for (int i = 0; i < 256; ++i)
        all += static_cast<char>(i);
    EXPECT_EQ(percentDecode(percentEncode(all)), all);
    EXPECT_EQ(percentEncode("a-._~/ ü"), "a-._~%2F%20%C3%BC");
    EXPECT_EQ(percentDecode("a+b%2B%"), "a+b+%");
    EXPECT_EQ(percentDecode("a+b%zz%4", true), "a b%zz%4");
}

TEST(Encoding, OnlyWellFormedUtf8IsUtf8)
{
    for (const char *text : {"", "abc", "ü", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"})
        EXPECT_TRUE(isUtf8(text)) << text;
    for (const char *text : {"\x80", "\xC3", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                             "\xF0\x80\x80\xAF", "\xFF", "a\xE2\x82"}) {
        EXPECT_FALSE(isUtf8(text));
        EXPECT_TRUE(isUtf8(makeUtf8(text)));
    }
    EXPECT_EQ(makeUtf8("a\xFF"
                       "b"),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(makeUtf8("gut ü"), "gut ü");
}

TEST(Time, Rfc3339GoesBothWays)
{
    EXPECT_EQ(formatRfc3339(fromUnix(0)), "1970-01-01T00:00:00Z");
    EXPECT_EQ(toUnix(*parseRfc3339("2026-11-21T10:00:00Z")), 1'795'255'200);
    const std::pair<const char *, const char *> same[] = {{"2026-05-11T10:00:00+02:00", "2026-05-11T08:00:00Z"},
                                                          {"2026-05-11T08:00:00.1234567Z", "2026-05-11T08:00:00Z"},
                                                          {"2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"},
                                                          {"2024-02-29 23:59:59z", "2024-02-29T23:59:59Z"},
                                                          {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"}};
    for (const auto &[text, utc] : same) {
        auto time = parseRfc3339(text);
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(formatRfc3339(*time), utc);
    }
}

TEST(Time, WhatIsNoTimeIsRefused)
{
    for (const char *text :
         {"", "2026", "2026-05-11", "2026-05-11T08:00Z", "2026-05-11T08:00:00", "2026-13-11T08:00:00Z",
          "2026-02-30T08:00:00Z", "2025-02-29T08:00:00Z", "2026-05-11T24:00:00Z", "2026-05-11T08:60:00Z",
          "2026-05-11T08:00:00.Z", "2026-05-11T08:00:00+2:00", "2026-05-11T08:00:00Zx", "-026-05-11T08:00:00Z"})
        EXPECT_FALSE(parseRfc3339(text)) << text;
}

TEST(Random, UuidsAreVersionFourAndDiffer)
{
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string uuid = makeUuid();
        ASSERT_EQ(uuid.size(), 36U);
        EXPECT_EQ(uuid[14], '4');
        EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
        seen.insert(uuid);
    }
    EXPECT_EQ(seen.size(), 1000U);
    EXPECT_EQ(makeToken().size(), 43U);
    for (int i = 0; i < 1000; ++i)
        EXPECT_LT(randomBelow(7), 7U);
}

} // namespace
} // namespace connector
