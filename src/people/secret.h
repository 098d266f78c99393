// SPDX-License-Identifier: Apache-2.0
// How PINs and passwords are kept: hashed so slowly that guessing is dear, and not at all without the master key.
#pragma once

#include "store/vault.h"

#include <string>

namespace connector {

// Argon2id with 19 MiB and two passes (some 30 ms) of the secret's keyed hash: it gates a door, it does not wrap keys.
// Four digits would fall in minutes to whoever has the database, so the master key is needed to try at all. Other
// purposes give other hashes. LocalIo (stable "no-memory"). Any thread.
Result<std::string> hashSecret(const Vault &vault, std::string_view purpose, const std::string &secret);
// Those that earlier versions hashed without the master key match too: hash them anew when the secret is at hand.
bool secretMatches(const Vault &vault, std::string_view purpose, const std::string &hash, const std::string &secret);
bool isKeyed(const std::string &hash);
// A hash that nothing matches: verifying against it takes the time that verifying takes.
const std::string &nobodysHash();

} // namespace connector
