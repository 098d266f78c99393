// SPDX-License-Identifier: Apache-2.0
#include "core/random.h"

#include "core/encoding.h"

#include <sodium.h>

#include <cstdlib>

namespace connector {

namespace {

void ensureSodium()
{
    // Without randomness nothing may go on: every key and code would be predictable.
    static const bool ready = sodium_init() >= 0;
    if (!ready)
        std::abort();
}

} // namespace

std::string randomBytes(std::size_t count)
{
    ensureSodium();
    std::string out(count, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

std::uint32_t randomBelow(std::uint32_t bound)
{
    ensureSodium();
    return randombytes_uniform(bound);
}

std::string makeUuid()
{
    std::string b = randomBytes(16);
    b[6] = static_cast<char>((static_cast<unsigned char>(b[6]) & 0x0FU) | 0x40U);
    b[8] = static_cast<char>((static_cast<unsigned char>(b[8]) & 0x3FU) | 0x80U);
    const std::string h = toHex(b);
    return h.substr(0, 8) + "-" + h.substr(8, 4) + "-" + h.substr(12, 4) + "-" + h.substr(16, 4) + "-" + h.substr(20);
}

std::string makeToken(std::size_t bytes)
{
    return toBase64Url(randomBytes(bytes));
}

} // namespace connector
