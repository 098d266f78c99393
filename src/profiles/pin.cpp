// SPDX-License-Identifier: Apache-2.0
#include "profiles/pin.h"

#include "people/secret.h"

#include <algorithm>

namespace connector {

namespace {

constexpr const char *kPins = "profile-pin"; // what their hashes are for
constexpr std::chrono::seconds kFirstLock{60};
constexpr std::chrono::seconds kLongestLock{3600};

} // namespace

bool isPin(std::string_view text)
{
    return text.size() >= 4 && text.size() <= 8 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<std::string> hashPin(const Vault &vault, const std::string &pin)
{
    return hashSecret(vault, kPins, pin);
}

bool pinMatches(const Vault &vault, const std::string &hash, const std::string &pin)
{
    return secretMatches(vault, kPins, hash, pin);
}

std::chrono::seconds lockAfter(int wrongPins)
{
    if (wrongPins <= 0 || wrongPins % kTriesPerLock != 0 || wrongPins >= kTriesUntilDead)
        return std::chrono::seconds{0};
    const int doublings = std::min(wrongPins / kTriesPerLock - 1, 10);
    return std::min(kFirstLock * (1 << doublings), kLongestLock);
}

int triesLeft(int wrongPins)
{
    return kTriesPerLock - wrongPins % kTriesPerLock;
}

std::chrono::seconds lockLeft(ProfileRow &row, const BootClock &clock)
{
    if (row.lockSeconds == 0)
        return std::chrono::seconds{0};
    if (row.lockBoot != clock.boot) {
        row.lockBoot = clock.boot;
        row.lockUntil = clock.seconds() + row.lockSeconds;
    }
    const auto left = std::chrono::seconds{std::max<std::int64_t>(0, row.lockUntil - clock.seconds())};
    if (left.count() == 0)
        row.lockSeconds = 0; // over: a later reboot must not bring it back
    return left;
}

void countWrongPin(ProfileRow &row, const BootClock &clock)
{
    ++row.wrongPins;
    row.lockSeconds = static_cast<int>(lockAfter(row.wrongPins).count());
    row.lockBoot = clock.boot;
    row.lockUntil = clock.seconds() + row.lockSeconds;
}

} // namespace connector
