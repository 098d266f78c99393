// SPDX-License-Identifier: Apache-2.0
// Randomness that cannot be guessed (the kernel's, through libsodium).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace connector {

std::string randomBytes(std::size_t count);
std::uint32_t randomBelow(std::uint32_t bound); // uniform
std::string makeUuid();                         // RFC 9562 version 4, lower case
std::string makeToken(std::size_t bytes = 32);  // base64url

} // namespace connector
