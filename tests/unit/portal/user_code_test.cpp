// SPDX-License-Identifier: Apache-2.0
#include "portal/portal.h"
#include "portal/user_code.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace connector::portal {
namespace {

TEST(UserCode, HasOnlyTheTwentyConsonantsInGroups)
{
    std::set<char> seen;
    for (int i = 0; i < 500; ++i) {
        const std::string code = makeUserCode();
        EXPECT_EQ(code.size(), kUserCodeLetters);
        seen.insert(code.begin(), code.end());
    }
    EXPECT_EQ(std::string(seen.begin(), seen.end()), "BCDFGHJKLMNPQRSTVWXZ");
    EXPECT_EQ(formatUserCode("BCDFGHJKLMNPQRS"), "BCDFG-HJKLM-NPQRS");
}

TEST(UserCode, IsUnderstoodHoweverItIsTyped)
{
    for (const char *typed :
         {"BCDFG-HJKLM-NPQRS", "bcdfghjklmnpqrs", " bcdfg hjklm  npqrs ", "BCDFG\xE2\x80\x93HJKLM\xE2\x80\x91NPQRS",
          "b.c.d.f.g.h.j.k.l.m.n.p.q.r.s", "bcdfg\xC2\xA0hjklm\tnpqrs\r\n"})
        EXPECT_EQ(normalizeUserCode(typed), "BCDFGHJKLMNPQRS") << typed;
}

TEST(UserCode, WhatCannotBeACodeIsNone)
{
    for (const std::string &typed : {std::string(), std::string("BCDFG-HJKLM-NPQR"), std::string("BCDFG-HJKLM-NPQRSS"),
                                     std::string("ACDFG-HJKLM-NPQRS"), std::string("BCDFG-HJKLM-NPQR5"),
                                     std::string("BCDFG-HJKLM-NPQR\0S", 18), std::string(5000, 'B')})
        EXPECT_EQ(normalizeUserCode(typed), "");
}

// The sum of docs/portal-protocol.md: nobody hits any live code in a year, whatever the number of addresses.
TEST(UserCode, GuessingAllYearStaysUnderOneInAMillion)
{
    const PortalRules rules;
    constexpr double kYear = 366.0 * 24 * 3600;
    const double tries = rules.codeTriesTotal.perSecond * kYear + rules.codeTriesTotal.burst;
    const double space = std::pow(static_cast<double>(kUserCodeAlphabet.size()), static_cast<double>(kUserCodeLetters));
    EXPECT_LT(tries * static_cast<double>(rules.mostLiveCodes) / space, 1e-6);
}

// The same by trying: whoever guesses without a pause, from as many addresses as he likes.
TEST(UserCode, GuessingAtThePermittedRateGetsNoMoreLooksThanTheSumSays)
{
    const PortalRules rules;
    RateLimiter all(rules.codeTriesTotal);
    constexpr std::int64_t kStart = 1'800'000'000;
    constexpr std::int64_t kSeconds = std::int64_t{5} * 24 * 3600;
    std::int64_t looks = 0;
    for (std::int64_t second = 0; second < kSeconds; ++second)
        while (all.take("", fromUnix(kStart + second)))
            ++looks;
    const double permitted =
        rules.codeTriesTotal.perSecond * static_cast<double>(kSeconds) + rules.codeTriesTotal.burst;
    EXPECT_LE(static_cast<double>(looks), permitted);
    EXPECT_GE(static_cast<double>(looks), permitted - 10) << "the sum is not merely generous";
    const double space = std::pow(static_cast<double>(kUserCodeAlphabet.size()), static_cast<double>(kUserCodeLetters));
    const double inAYear = static_cast<double>(looks) * 366.0 * 24 * 3600 / static_cast<double>(kSeconds);
    EXPECT_LT(inAYear * static_cast<double>(rules.mostLiveCodes) / space, 1e-6);
}

} // namespace
} // namespace connector::portal
