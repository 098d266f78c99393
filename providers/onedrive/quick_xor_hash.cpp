// SPDX-License-Identifier: Apache-2.0
#include "providers/onedrive/quick_xor_hash.h"

#include "core/encoding.h"

#include <cstring>

namespace connector::onedrive {

namespace {

constexpr std::size_t kBytes = 20;
constexpr std::size_t kShift = 11;

} // namespace

// 160 bytes, the first of which belongs into the first column.
void QuickXorHash::addLine(const char *line)
{
    std::array<std::uint64_t, kBits / 8> words;
    std::memcpy(words.data(), line, kBits);
    for (std::size_t i = 0; i < words.size(); ++i)
        m_columns[i] ^= words[i];
}

void QuickXorHash::update(std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const auto column = static_cast<std::size_t>(m_length % kBits);
        const std::size_t run = std::min(bytes.size(), kBits - column);
        if (run == kBits) {
            addLine(bytes.data());
        } else {
            std::array<char, kBits> line{};
            std::memcpy(line.data() + column, bytes.data(), run);
            addLine(line.data());
        }
        m_length += run;
        bytes = bytes.subspan(run);
    }
}

std::string QuickXorHash::digest() const
{
    std::array<unsigned char, kBits> columns{};
    std::memcpy(columns.data(), m_columns.data(), kBits);
    std::array<unsigned char, kBytes> out{};
    for (std::size_t i = 0; i < kBits; ++i) {
        const std::size_t bit = kShift * i % kBits;
        const unsigned wide = static_cast<unsigned>(columns[i]) << (bit % 8);
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
