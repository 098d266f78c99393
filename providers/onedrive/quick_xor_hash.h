// SPDX-License-Identifier: Apache-2.0
// OneDrive's own content hash: every byte XORed into 160 bits, eleven bits further each time.
#pragma once

#include "providers/provider.h"

#include <array>

namespace connector::onedrive {

class QuickXorHash : public ContentHasher {
public:
    void update(std::span<const char> bytes) override;
    std::string result() override; // "quickxor:" + hex

    static std::string of(std::string_view bytes); // the 20 raw bytes

private:
    static constexpr std::size_t kBits = 160;
    void addLine(const char *line);
    std::string digest() const;

    // Where a byte lands depends on its number modulo 160 alone, so bytes are first XORed by that, eight at a time, and
    // placed at the end.
    std::array<std::uint64_t, kBits / 8> m_columns{};
    std::uint64_t m_length = 0;
};

} // namespace connector::onedrive
