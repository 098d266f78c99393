// SPDX-License-Identifier: Apache-2.0
#include "people/secret.h"

#include "core/random.h"

#include <sodium.h>

namespace connector {

namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemory = 19U << 20U;
constexpr std::string_view kKeyed = "keyed"; // before Argon2's own form, which begins with a $

Result<std::string> slowHash(const std::string &text)
{
    std::string hash(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str_alg(hash.data(), text.data(), text.size(), kPasses, kMemory, crypto_pwhash_ALG_ARGON2ID13) !=
        0)
        return Error{Errc::LocalIo, "not enough memory for a secret's hash", "people", {}, 0, {}, "no-memory"};
    hash.resize(hash.find('\0'));
    return std::string(kKeyed) + hash;
}

} // namespace

Result<std::string> hashSecret(const Vault &vault, std::string_view purpose, const std::string &secret)
{
    std::string keyed = vault.keyedHash(purpose, secret);
    auto hash = slowHash(keyed);
    sodium_memzero(keyed.data(), keyed.size());
    return hash;
}

bool secretMatches(const Vault &vault, std::string_view purpose, const std::string &hash, const std::string &secret)
{
    if (!isKeyed(hash))
        return crypto_pwhash_str_verify(hash.c_str(), secret.data(), secret.size()) == 0;
    std::string keyed = vault.keyedHash(purpose, secret);
    const bool matches = crypto_pwhash_str_verify(hash.c_str() + kKeyed.size(), keyed.data(), keyed.size()) == 0;
    sodium_memzero(keyed.data(), keyed.size());
    return matches;
}

bool isKeyed(const std::string &hash)
{
    return hash.rfind(kKeyed, 0) == 0;
}

const std::string &nobodysHash()
{
    static const std::string hash = [] {
        auto made = slowHash(randomBytes(32));
        return made ? *std::move(made) : std::string();
    }();
    return hash;
}

} // namespace connector
