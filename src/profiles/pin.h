// SPDX-License-Identifier: Apache-2.0
// PINs of profiles: how they are kept, and how wrong ones lock the door (CC-2.6).
#pragma once

#include "core/boot_clock.h"
#include "core/result.h"
#include "store/profile_table.h"
#include "store/vault.h"

namespace connector {

constexpr int kTriesPerLock = 5;
constexpr int kTriesUntilDead = 100;

// A PIN as it is kept; nothing: none. From Profiles::hashNewPin().
struct NewPin {
    std::optional<std::string> hash = {};
};

bool isPin(std::string_view text); // 4 to 8 digits
// Both take long: on a worker.
Result<std::string> hashPin(const Vault &vault, const std::string &pin);
bool pinMatches(const Vault &vault, const std::string &hash, const std::string &pin);

// How long the door stays locked after this many wrong PINs in a row: 0 in between, a minute after five, doubled with
// each further five, at most an hour.
std::chrono::seconds lockAfter(int wrongPins);
int triesLeft(int wrongPins); // until the next lock

// Seconds left of the row's lock. Changes the row when the lock is over, and restarts it when the machine was rebooted
// since: store it then.
std::chrono::seconds lockLeft(ProfileRow &row, const BootClock &clock);
// Counts a wrong PIN in the row and starts a lock where one is due.
void countWrongPin(ProfileRow &row, const BootClock &clock);

} // namespace connector
