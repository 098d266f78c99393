// SPDX-License-Identifier: Apache-2.0
// Dropbox's content_hash: SHA-256 over the SHA-256 digests of the 4 MiB blocks.
#pragma once

#include "providers/provider.h"

namespace connector::dropbox {

// Hashes more than a megabyte on a thread of its own, so that a transfer does not wait for it; holds 3 MiB at most.
class ContentHash : public ContentHasher {
public:
    ContentHash();
    ~ContentHash() override;
    void update(std::span<const char> bytes) override;
    std::string result() override; // "dropbox:" + 64 hex digits

private:
    class Blocks;
    class Worker;
    std::unique_ptr<Blocks> m_blocks;
    std::string m_filling;
    std::unique_ptr<Worker> m_worker; // works on m_blocks, so it ends first
};

} // namespace connector::dropbox
