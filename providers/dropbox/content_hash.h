// SPDX-License-Identifier: Apache-2.0
// Dropbox's content_hash: SHA-256 over the SHA-256 digests of the 4 MiB blocks.
#pragma once

#include "providers/digest.h"

namespace connector::dropbox {

class ContentHash : public ContentHasher {
public:
    void update(std::span<const char> bytes) override;
    std::string result() override; // "dropbox:" + 64 hex digits

private:
    void endBlock();

    Digest m_block{DigestKind::Sha256};
    Digest m_whole{DigestKind::Sha256};
    std::size_t m_inBlock = 0;
};

} // namespace connector::dropbox
