// SPDX-License-Identifier: Apache-2.0
// Strings of bytes as libsodium and OpenSSL take them, and their end where they held a secret.
#pragma once

#include <string>
#include <string_view>

namespace connector {

inline const unsigned char *octets(std::string_view bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.data());
}

inline unsigned char *octets(std::string &bytes)
{
    return reinterpret_cast<unsigned char *>(bytes.data());
}

// Overwrites it where it stood, and empties it.
void wipe(std::string &secret);

} // namespace connector
