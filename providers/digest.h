// SPDX-License-Identifier: Apache-2.0
// The hashes that clouds compare by.
#pragma once

#include "providers/provider.h"

#include <array>

struct evp_md_ctx_st;

namespace connector {

enum class DigestKind { Md5, Sha1, Sha256 };

// One digest, fed piece by piece. OpenSSL's, which uses the processor's own instructions where it has some.
class Digest {
public:
    explicit Digest(DigestKind kind);
    Digest(const Digest &) = delete;
    Digest &operator=(const Digest &) = delete;
    ~Digest();
    void restart();
    void update(std::span<const char> bytes);
    std::string finish(); // raw bytes; restart() before the next

    static std::string of(DigestKind kind, std::string_view bytes); // raw bytes

private:
    DigestKind m_kind;
    evp_md_ctx_st *m_context;
};

// A plain digest as a cloud's content hash: "sha1:" + hex.
class DigestHasher : public ContentHasher {
public:
    explicit DigestHasher(DigestKind kind) : m_kind(kind), m_digest(kind) {}
    void update(std::span<const char> bytes) override { m_digest.update(bytes); }
    std::string result() override;

private:
    DigestKind m_kind;
    Digest m_digest;
};

} // namespace connector
