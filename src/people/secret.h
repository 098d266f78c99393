// SPDX-License-Identifier: Apache-2.0
// How PINs and passwords are kept: hashed so slowly that guessing is dear.
#pragma once

#include "core/result.h"

#include <string>

namespace connector {

// Argon2id with 19 MiB and two passes (some 30 ms): it gates a door, it does not wrap keys. LocalIo (stable
// "no-memory").
Result<std::string> hashSecret(const std::string &secret);
bool secretMatches(const std::string &hash, const std::string &secret);
// A hash that nothing matches: verifying against it takes the time that verifying takes.
const std::string &nobodysHash();

} // namespace connector
