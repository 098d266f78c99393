// SPDX-License-Identifier: Apache-2.0
#include "profiles/pin.h"

#include "core/files.h"

#include <sodium.h>

#include <algorithm>
#include <time.h>

namespace connector {

namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemory = 19U << 20U;
constexpr std::chrono::seconds kFirstLock{60};
constexpr std::chrono::seconds kLongestLock{3600};

} // namespace

bool isPin(std::string_view text)
{
    return text.size() >= 4 && text.size() <= 8 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<std::string> hashPin(const std::string &pin)
{
    std::string hash(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str_alg(hash.data(), pin.data(), pin.size(), kPasses, kMemory, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return Error{Errc::LocalIo, "not enough memory for a PIN", "profiles", {}, 0, {}, "no-memory"};
    hash.resize(hash.find('\0'));
    return hash;
}

bool pinMatches(const std::string &hash, const std::string &pin)
{
    return crypto_pwhash_str_verify(hash.c_str(), pin.data(), pin.size()) == 0;
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

BootClock BootClock::system()
{
    const auto boot = readFile("/proc/sys/kernel/random/boot_id", 64);
    return {[] {
                timespec now{};
                ::clock_gettime(CLOCK_BOOTTIME, &now);
                return static_cast<std::int64_t>(now.tv_sec);
            },
            boot ? *boot : std::string("unknown")};
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
