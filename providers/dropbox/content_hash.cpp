// SPDX-License-Identifier: Apache-2.0
#include "providers/dropbox/content_hash.h"

#include "core/encoding.h"

namespace connector::dropbox {

constexpr std::size_t kBlock = 4U << 20U;

void ContentHash::update(std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const std::size_t n = std::min(bytes.size(), kBlock - m_inBlock);
        m_block.update(bytes.first(n));
        m_inBlock += n;
        if (m_inBlock == kBlock)
            endBlock();
        bytes = bytes.subspan(n);
    }
}

std::string ContentHash::result()
{
    if (m_inBlock > 0)
        endBlock();
    return "dropbox:" + toHex(m_whole.finish());
}

void ContentHash::endBlock()
{
    m_whole.update(m_block.finish());
    m_block.restart();
    m_inBlock = 0;
}

} // namespace connector::dropbox
