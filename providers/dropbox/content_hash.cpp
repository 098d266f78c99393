// SPDX-License-Identifier: Apache-2.0
#include "providers/dropbox/content_hash.h"

#include "core/encoding.h"

#include <array>
#include <cstdlib>
#include <openssl/evp.h>

namespace connector::dropbox {

namespace {

constexpr std::size_t kBlock = 4U << 20U;

const EVP_MD *sha256()
{
    // Fetched once: a look-up per block costs more than hashing a small one.
    static const EVP_MD *const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return kSha256;
}

void mustWork(int result)
{
    if (result != 1) // out of memory at most
        std::abort();
}

} // namespace

// OpenSSL, not libsodium: it uses the processor's SHA instructions.
struct ContentHash::Digest {
    Digest() { restart(); }
    Digest(const Digest &) = delete;
    Digest &operator=(const Digest &) = delete;
    ~Digest() { EVP_MD_CTX_free(context); }
    void restart() { mustWork(EVP_DigestInit_ex2(context, sha256(), nullptr)); }
    void update(const char *data, std::size_t size) { mustWork(EVP_DigestUpdate(context, data, size)); }
    std::string finish()
    {
        std::array<unsigned char, 32> bytes{};
        mustWork(EVP_DigestFinal_ex(context, bytes.data(), nullptr));
        return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
};

ContentHash::ContentHash() : m_block(std::make_unique<Digest>()), m_whole(std::make_unique<Digest>()) {}

ContentHash::~ContentHash() = default;

void ContentHash::endBlock()
{
    const std::string digest = m_block->finish();
    m_whole->update(digest.data(), digest.size());
    m_block->restart();
    m_inBlock = 0;
}

void ContentHash::update(std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const std::size_t n = std::min(bytes.size(), kBlock - m_inBlock);
        m_block->update(bytes.data(), n);
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
    return "dropbox:" + toHex(m_whole->finish());
}

} // namespace connector::dropbox
