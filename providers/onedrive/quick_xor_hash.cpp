// SPDX-License-Identifier: Apache-2.0
#include "providers/onedrive/quick_xor_hash.h"

#include "core/encoding.h"

namespace connector::onedrive {

namespace {

constexpr std::size_t kBytes = 20;
constexpr std::size_t kShift = 11;

} // namespace

void QuickXorHash::update(std::span<const char> bytes)
{
    const char *at = bytes.data();
    std::size_t left = bytes.size();
    std::size_t column = static_cast<std::size_t>(m_length % kBits);
    m_length += left;
    while (left > 0) {
        const std::size_t run = std::min(left, kBits - column);
        for (std::size_t i = 0; i < run; ++i) // the compiler makes wide instructions of this
            m_columns[column + i] ^= static_cast<unsigned char>(at[i]);
        at += run;
        left -= run;
        column = 0;
    }
}

std::string QuickXorHash::digest() const
{
    std::array<unsigned char, kBytes> out{};
    for (std::size_t i = 0; i < kBits; ++i) {
        const std::size_t bit = kShift * i % kBits;
        const unsigned wide = static_cast<unsigned>(m_columns[i]) << (bit % 8);
        out[bit / 8] ^= static_cast<unsigned char>(wide);
        out[(bit / 8 + 1) % kBytes] ^= static_cast<unsigned char>(wide >> 8U);
    }
    for (std::size_t i = 0; i < 8; ++i)
        out[kBytes - 8 + i] ^= static_cast<unsigned char>(m_length >> (8 * i));
    return {out.begin(), out.end()};
}

std::string QuickXorHash::result()
{
    return "quickxor:" + toHex(digest());
}

std::string QuickXorHash::of(std::string_view bytes)
{
    QuickXorHash hash;
    hash.update(bytes);
    return hash.digest();
}

} // namespace connector::onedrive
