// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"
#include "core/name.h"

#include <gtest/gtest.h>

namespace connector {
namespace {

TEST(Name, TwoThatLookAlikeAreOne)
{
    for (const auto &[one, other] : std::initializer_list<std::pair<const char *, const char *>>{
             {"Mara", "mARA"},
             {"É", "e\xCC\x81"}, // composed, and letter by letter
             {"Straße", "STRASSE"},
             {"ΣΊΣΥΦΟΣ", "σίσυφος"},       // both forms of sigma
             {"ﬁle", "file"},              // a ligature
             {"Ａｌｉｃｅ", "alice"},      // full-width letters
             {"a b", "a\xC2\xA0 b"},       // spaces that do not break, and two of them
             {"Mara", "Ma\xE2\x80\x8Dra"}, // an invisible joiner
             {"Ǆ", "ǆ"},
             {"Ⅷ", "viii"}})
        EXPECT_EQ(nameKey(one), nameKey(other)) << one;
}

TEST(Name, ThoseThatPeopleTellApartAreTwo)
{
    for (const auto &[one, other] : std::initializer_list<std::pair<const char *, const char *>>{
             {"Mara", "Mära"}, {"Mara", "Mara 2"}, {"a b", "ab"}, {"ı", "i"}, {"日本", "日木"}})
        EXPECT_NE(nameKey(one), nameKey(other)) << one;
}

TEST(Name, IsStoredTidy)
{
    EXPECT_EQ(*checkedName("  Mara \xC2\xA0 Lind "), "Mara Lind");
    EXPECT_EQ(*checkedName("e\xCC\x81"), "é");
    EXPECT_EQ(*checkedName("👩‍🔬 Lab"), "👩‍🔬 Lab") << "emoji are made with joiners";
    EXPECT_TRUE(checkedName(std::string(40, 'x')));
}

TEST(Name, ThatShowsNothingOrSomethingElseIsRefused)
{
    for (const char *bad : {"", "   ", "\xE2\x80\x8D", "\xC2\xA0", "a\nb", "a\tb", "\x7F",
                            "a\xE2\x80\xAE"
                            "b",
                            "\xE2\x81\xA6x", "\xEF\xBB\xBFx", "\xFF",
                            "a\xE2\x80\xA8"
                            "b",
                            "\xEE\x80\x80"}) {
        const auto name = checkedName(bad);
        ASSERT_FALSE(name) << bad;
        EXPECT_EQ(stableCode(name.error()), "name-invalid");
    }
    EXPECT_FALSE(checkedName(std::string(41, 'x')));
    EXPECT_FALSE(checkedName(std::string(5000, 'x')));
}

} // namespace
} // namespace connector
