// SPDX-License-Identifier: Apache-2.0
#include "providers/digest.h"

#include "core/encoding.h"

#include <cstdlib>
#include <openssl/evp.h>

namespace connector {

namespace {

// Fetched once: a look-up per digest costs more than hashing a small piece.
const EVP_MD *algorithm(DigestKind kind)
{
    static const std::array<const EVP_MD *, 3> kAlgorithms{EVP_MD_fetch(nullptr, "MD5", nullptr),
                                                           EVP_MD_fetch(nullptr, "SHA1", nullptr),
                                                           EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    return kAlgorithms.at(static_cast<std::size_t>(kind));
}

const char *nameOf(DigestKind kind)
{
    static constexpr std::array<const char *, 3> kNames{"md5", "sha1", "sha256"};
    return kNames.at(static_cast<std::size_t>(kind));
}

void mustWork(int result)
{
    if (result != 1) // out of memory at most
        std::abort();
}

} // namespace

Digest::Digest(DigestKind kind) : m_kind(kind), m_context(EVP_MD_CTX_new())
{
    restart();
}

Digest::~Digest()
{
    EVP_MD_CTX_free(m_context);
}

void Digest::restart()
{
    mustWork(EVP_DigestInit_ex2(m_context, algorithm(m_kind), nullptr));
}

void Digest::update(std::span<const char> bytes)
{
    mustWork(EVP_DigestUpdate(m_context, bytes.data(), bytes.size()));
}

std::string Digest::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    mustWork(EVP_DigestFinal_ex(m_context, bytes.data(), &size));
    return {reinterpret_cast<const char *>(bytes.data()), size};
}

std::string Digest::of(DigestKind kind, std::string_view bytes)
{
    Digest digest(kind);
    digest.update({bytes.data(), bytes.size()});
    return digest.finish();
}

std::string DigestHasher::result()
{
    return std::string(nameOf(m_kind)) + ":" + toHex(m_digest.finish());
}

} // namespace connector
