// SPDX-License-Identifier: Apache-2.0
#include "http/rate_limiter.h"

#include <gtest/gtest.h>

namespace connector::portal {
namespace {

using std::chrono::seconds;

TEST(RateLimiter, GivesTheBurstAndThenTheRate)
{
    RateLimiter limiter({3, 0.1});
    const WallTime start = fromUnix(1'800'000'000);
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(limiter.take("a", start));
    EXPECT_FALSE(limiter.take("a", start));
    EXPECT_EQ(limiter.wait("a", start), seconds(10));
    EXPECT_TRUE(limiter.take("b", start));
    EXPECT_FALSE(limiter.take("a", start + seconds(9)));
    EXPECT_TRUE(limiter.take("a", start + seconds(10)));
    EXPECT_FALSE(limiter.take("a", start + seconds(10)));
}

TEST(RateLimiter, OverADayNobodyGetsMoreThanTheRate)
{
    RateLimiter limiter({10, 1.0 / 60});
    const WallTime start = fromUnix(1'800'000'000);
    int taken = 0;
    for (int second = 0; second < 86400; ++second)
        taken += limiter.take("a", start + seconds(second)) ? 1 : 0;
    EXPECT_LE(taken, 10 + 86400 / 60);
    EXPECT_GE(taken, 86400 / 60);
}

TEST(RateLimiter, AClockSetBackGivesNothingAndTakesNothing)
{
    RateLimiter limiter({1, 1});
    const WallTime start = fromUnix(1'800'000'000);
    EXPECT_TRUE(limiter.take("a", start));
    EXPECT_FALSE(limiter.take("a", start - seconds(1000)));
    EXPECT_TRUE(limiter.take("a", start - seconds(999))) << "and takes nothing";
}

TEST(RateLimiter, NewcomersShareOneBucketWhenThereAreTooMany)
{
    RateLimiter limiter({2, 0.001});
    const WallTime start = fromUnix(1'800'000'000);
    for (std::size_t i = 0; i < RateLimiter::kMostKeys; ++i)
        ASSERT_TRUE(limiter.take(std::to_string(i), start));
    EXPECT_TRUE(limiter.take("x", start));
    EXPECT_TRUE(limiter.take("y", start));
    EXPECT_FALSE(limiter.take("z", start));
}

TEST(RateLimiter, ManyNewcomersCostLittleEachWhenThereAreTooMany)
{
    RateLimiter limiter({2, 0.001});
    const WallTime start = fromUnix(1'800'000'000);
    for (std::size_t i = 0; i < RateLimiter::kMostKeys; ++i)
        ASSERT_TRUE(limiter.take(std::to_string(i), start));
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 50'000; ++i)
        limiter.take("new" + std::to_string(i), start);
    // Looking through all of them each time would take minutes.
    EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(10));
}

TEST(RateLimiter, CountsAnIPv6SubscriberAsOne)
{
    EXPECT_EQ(addressKey("2001:db8:1:2::1"), addressKey("2001:db8:1:2:ffff::9"));
    EXPECT_NE(addressKey("2001:db8:1:2::1"), addressKey("2001:db8:1:3::1"));
    EXPECT_EQ(addressKey("::ffff:192.0.2.7"), addressKey("192.0.2.7"));
    EXPECT_NE(addressKey("192.0.2.7"), addressKey("192.0.2.8"));
    EXPECT_EQ(siteKey("2001:db8:1:2::1"), siteKey("2001:db8:1:3::1"));
    EXPECT_NE(siteKey("2001:db8:1:2::1"), siteKey("2001:db8:2:2::1"));
    EXPECT_EQ(siteKey("::ffff:192.0.2.7"), "");
    EXPECT_EQ(siteKey("192.0.2.7"), "");
}

} // namespace
} // namespace connector::portal
