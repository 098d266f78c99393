// SPDX-License-Identifier: Apache-2.0
// How long a code lives, and a grant that nobody fetches: up to the last second, and what is told afterwards.
#include "tests/component/portal/portal_fixture.h"

#include <gmock/gmock.h>

namespace connector::portal {
namespace {

struct PortalLifetimes : PortalOnStores {};
CONNECTOR_ON_BOTH_STORES(PortalLifetimes);
using std::chrono::hours;
using std::chrono::seconds;
using ::testing::HasSubstr;

TEST_P(PortalLifetimes, ACodeLives24HoursToTheSecondUnlessToldOtherwise)
{
    start();
    const Begun begun = begin();
    EXPECT_EQ(begun.expiresAt, now() + hours(24));
    advance(hours(24) - seconds(1));
    test::Browser browser;
    EXPECT_TRUE(browser.submit(browser.get(begun.verificationUriComplete), "/code").url.ends_with("/connect"));
    advance(seconds(1));
    test::Browser later;
    EXPECT_EQ(later.submit(later.get(begun.verificationUriComplete), "/code").word(), "code-expired");
    EXPECT_TRUE(std::holds_alternative<Expired>(poll(begun)));
}

TEST_P(PortalLifetimes, ACodeOf72HoursThatIsUsedInItsLastSecondIsFetchedUpTo72HoursAfterThat)
{
    PortalRules rules;
    rules.codeLife = hours(72);
    start(rules);
    const Begun begun = begin();
    EXPECT_EQ(begun.expiresAt, now() + hours(72));
    test::Browser browser;
    const auto leaving = walkToCloud(browser, begun);
    advance(hours(72) - seconds(1));
    // The browser was left alone for longer than its hour, so it starts again: the code still works.
    EXPECT_EQ(decide(browser, leaving, kMara).word(), "session-lost");
    const auto page = decide(browser, walkToCloud(browser, begun), kMara);
    EXPECT_TRUE(page.url.ends_with("/done")) << page.word();
    advance(hours(72) - seconds(61));
    EXPECT_TRUE(std::holds_alternative<Granted>(poll(begun))) << "a second before its end";
    EXPECT_TRUE(std::holds_alternative<Expired>(poll(begun)));
}

TEST_P(PortalLifetimes, AnExpiredCodeSaysSoForADayAndIsThenUnknown)
{
    start();
    const Begun begun = begin();
    advance(std::chrono::hours(24));
    test::Browser browser;
    auto page = browser.submit(browser.get(begun.verificationUriComplete), "/code");
    EXPECT_EQ(page.word(), "code-expired");
    EXPECT_TRUE(std::holds_alternative<Expired>(poll(begun)));
    ASSERT_TRUE(engine->sweep());
    page = browser.submit(browser.get(begun.verificationUriComplete), "/code");
    EXPECT_EQ(page.word(), "code-expired");
    advance(std::chrono::hours(25));
    ASSERT_TRUE(engine->sweep());
    page = browser.submit(browser.get(begun.verificationUriComplete), "/code");
    EXPECT_TRUE(page.has("We do not know this code"));
}

TEST_P(PortalLifetimes, ACodeThatExpiresOnTheWayIsRefusedAtTheCloud)
{
    start();
    const Begun begun = begin();
    advance(std::chrono::hours(24) - std::chrono::seconds(30));
    test::Browser browser;
    const auto leaving = walkToCloud(browser, begun);
    advance(std::chrono::seconds(31));
    const auto page = decide(browser, leaving, kMara);
    EXPECT_EQ(page.word(), "code-expired") << "not that it still works";
    EXPECT_EQ(browser.get(url + "/connect").word(), "code-expired");
    EXPECT_TRUE(std::holds_alternative<Expired>(poll(begun)));
}

TEST_P(PortalLifetimes, AGrantWaits72HoursForItsDeviceAndIsThenGone)
{
    start();
    const Begun begun = begin();
    test::Browser browser;
    decide(browser, walkToCloud(browser, begun), kMara);
    advance(std::chrono::hours(72) - seconds(120));
    EXPECT_TRUE(std::holds_alternative<Granted>(poll(begun)));
    EXPECT_TRUE(std::holds_alternative<Expired>(poll(begun)));
    test::Browser later;
    EXPECT_EQ(later.submit(later.get(begun.verificationUriComplete), "/code").word(), "code-expired")
        << "no profile is ready at the printer";
    EXPECT_EQ(browser.get(url + "/connect").word(), "session-lost");
    auto gone = engine->sweep();
    ASSERT_TRUE(gone);
    EXPECT_EQ(*gone, 1);
    EXPECT_TRUE(std::holds_alternative<Expired>(poll(begun)));
    const auto page = later.submit(later.get(begun.verificationUriComplete), "/code");
    EXPECT_THAT(page.html, HasSubstr("We do not know this code"));
    EXPECT_THAT(page.html, HasSubstr("let the printer show a new one"));
}

} // namespace
} // namespace connector::portal
