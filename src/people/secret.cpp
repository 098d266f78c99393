// SPDX-License-Identifier: Apache-2.0
#include "people/secret.h"

#include "core/random.h"

#include <sodium.h>

namespace connector {

namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemory = 19U << 20U;

} // namespace

Result<std::string> hashSecret(const std::string &secret)
{
    std::string hash(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str_alg(hash.data(), secret.data(), secret.size(), kPasses, kMemory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return Error{Errc::LocalIo, "not enough memory for a secret's hash", "people", {}, 0, {}, "no-memory"};
    hash.resize(hash.find('\0'));
    return hash;
}

bool secretMatches(const std::string &hash, const std::string &secret)
{
    return crypto_pwhash_str_verify(hash.c_str(), secret.data(), secret.size()) == 0;
}

const std::string &nobodysHash()
{
    static const std::string hash = [] {
        auto made = hashSecret(randomBytes(32));
        return made ? *std::move(made) : std::string();
    }();
    return hash;
}

} // namespace connector
