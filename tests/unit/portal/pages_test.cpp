// SPDX-License-Identifier: Apache-2.0
#include "portal/pages.h"
#include "portal/portal.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>

namespace connector::portal {
namespace {

nlohmann::json texts(const std::string &language)
{
    std::ifstream in(std::filesystem::path(CONNECTOR_UI_PORTAL) / ("texts." + language + ".json"));
    return nlohmann::json::parse(in);
}

std::set<std::string> placeholders(const std::string &text)
{
    static const std::regex kPattern("\\{([a-z]+)\\}");
    std::set<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), kPattern), end; at != end; ++at)
        found.insert((*at)[1]);
    return found;
}

TEST(Pages, EveryTextIsThereInEveryLanguageWithTheSamePlaceholders)
{
    const auto english = texts("en");
    for (const std::string &language : languages()) {
        const auto other = texts(language);
        EXPECT_EQ(other.size(), english.size()) << language;
        for (const auto &[key, value] : english.items()) {
            ASSERT_TRUE(other.contains(key)) << language << " " << key;
            EXPECT_EQ(placeholders(value), placeholders(other[key])) << language << " " << key;
        }
    }
}

TEST(Pages, TheTemplatesUseOnlyTextsThatExist)
{
    const auto english = texts("en");
    static const std::regex kUse("\\{\\{t\\.([^}]+)\\}\\}");
    int used = 0;
    for (const auto &file : std::filesystem::directory_iterator(CONNECTOR_UI_PORTAL)) {
        if (file.path().extension() != ".html")
            continue;
        std::ifstream in(file.path());
        const std::string html((std::istreambuf_iterator<char>(in)), {});
        for (std::sregex_iterator at(html.begin(), html.end(), kUse), end; at != end; ++at, ++used)
            EXPECT_TRUE(english.contains((*at)[1].str())) << file.path() << " " << (*at)[1];
    }
    EXPECT_GT(used, 40);
}

TEST(Pages, EveryOutcomeHasATitleAndAnExplanation)
{
    const auto english = texts("en");
    for (int i = static_cast<int>(Outcome::WrongCode); i <= static_cast<int>(Outcome::Failed); ++i) {
        const auto outcome = static_cast<Outcome>(i);
        const std::string word(toString(outcome));
        EXPECT_EQ(outcomeFrom(word), outcome);
        EXPECT_TRUE(english.contains(word + ".title")) << word;
        EXPECT_TRUE(english.contains(word + ".text")) << word;
    }
}

TEST(Pages, WhatADeviceCallsItselfCannotBecomeMarkup)
{
    const std::string html =
        page("connect", "en", {{"device", "<script>alert(1)</script>\"' {{{terms}}}"}, {"terms", "<b>"}});
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_NE(html.find("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; {{{terms}}}"), std::string::npos);
}

TEST(Pages, ChoosesTheBrowsersLanguage)
{
    EXPECT_EQ(chooseLanguage("fr-CA,fr;q=0.8,en;q=0.5"), "fr");
    EXPECT_EQ(chooseLanguage("de-DE, en;q=0.3, fr;q=0.4"), "fr");
    EXPECT_EQ(chooseLanguage("de"), "en");
    EXPECT_EQ(chooseLanguage(""), "en");
    EXPECT_EQ(chooseLanguage("fr;q=0, en;q=0.1"), "en");
    EXPECT_EQ(chooseLanguage(",,;q=,fr;q=x"), "en");
}

TEST(Pages, SaysHowLongAgoSomethingWas)
{
    EXPECT_EQ(ago("en", 5), "just now");
    EXPECT_EQ(ago("en", 60), "1 minute ago");
    EXPECT_EQ(ago("en", 47 * 3600), "47 hours ago");
    EXPECT_EQ(ago("fr", 180), "il y a 3 minutes");
    EXPECT_EQ(duration("en", 23 * 3600 + 59 * 60), "23 hours");
}

TEST(Pages, AHeadingEndsWithItsLine)
{
    EXPECT_EQ(paragraphs("## One\nfirst <b>\n\nsecond\n"), "<h2>One</h2>\n<p>first &lt;b&gt;</p>\n<p>second</p>\n");
}

} // namespace
} // namespace connector::portal
