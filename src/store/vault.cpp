// SPDX-License-Identifier: Apache-2.0
#include "store/vault.h"

#include "core/encoding.h"
#include "core/files.h"
#include "core/random.h"

#include <sodium.h>

#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace connector {

namespace {

constexpr std::size_t kKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char *bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

std::string place(std::string_view owner, std::string_view name)
{
    return std::string(owner) + '\0' + std::string(name);
}

std::string seal(const unsigned char *key, std::string_view plain, std::string_view where)
{
    std::string out = randomBytes(kNonceBytes);
    out.resize(kNonceBytes + plain.size() + kTagBytes);
    auto *const o = reinterpret_cast<unsigned char *>(out.data());
    crypto_aead_xchacha20poly1305_ietf_encrypt(o + kNonceBytes, nullptr, bytesOf(plain), plain.size(), bytesOf(where),
                                               where.size(), nullptr, o, key);
    return out;
}

Result<std::string> unseal(const unsigned char *key, std::string_view sealed, std::string_view where)
{
    const Error damaged{Errc::DataLoss, "a stored secret cannot be opened", "store", {}, 0, {}, "secret-unreadable"};
    if (sealed.size() < kNonceBytes + kTagBytes)
        return damaged;
    std::string out(sealed.size() - kNonceBytes - kTagBytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char *>(out.data()), nullptr, nullptr,
                                                   bytesOf(sealed) + kNonceBytes, sealed.size() - kNonceBytes,
                                                   bytesOf(where), where.size(), bytesOf(sealed), key) != 0)
        return damaged;
    return out;
}

} // namespace

MasterKey::MasterKey(const std::string &key)
{
    std::memcpy(m_key.data(), key.data(), m_key.size());
}

MasterKey::MasterKey(MasterKey &&other) noexcept : m_key(other.m_key)
{
    sodium_memzero(other.m_key.data(), other.m_key.size());
}

MasterKey::~MasterKey()
{
    sodium_memzero(m_key.data(), m_key.size());
}

Result<MasterKey> MasterKey::load(const std::filesystem::path &path)
{
    std::filesystem::path from = path;
    std::error_code ec;
    if (const char *credentials = std::getenv("CREDENTIALS_DIRECTORY"))
        if (std::filesystem::exists(std::filesystem::path(credentials) / "master-key", ec))
            from = std::filesystem::path(credentials) / "master-key";
    Result<std::string> bytes = readFile(from, kKeyBytes);
    if (!bytes && bytes.error().code == Errc::NotFound) {
        const std::string fresh = randomBytes(kKeyBytes);
        if (auto r = writeFileDurably(from, fresh); !r)
            return std::move(r).error();
        bytes = fresh;
    }
    if (!bytes)
        return std::move(bytes).error();
    if (bytes->size() != kKeyBytes)
        return Error{Errc::LocalIo, "the master key has not 32 bytes", "store", {}, 0, {}, "master-key-damaged"};
    MasterKey key(*bytes);
    sodium_memzero(bytes->data(), bytes->size());
    return key;
}

Result<std::optional<std::string>> Vault::dataKey(const std::string &owner)
{
    std::optional<std::string> wrapped;
    if (auto r = m_db.run("SELECT wrapped FROM vault_key WHERE owner=?", {owner},
                          [&](const Row &row) { wrapped = row.text(0); });
        !r)
        return std::move(r).error();
    if (!wrapped)
        return std::optional<std::string>{};
    auto key = unseal(m_key.bytes(), *wrapped, place(owner, ""));
    if (!key)
        return std::move(key).error();
    return std::optional(*std::move(key));
}

Result<void> Vault::put(const std::string &owner, const std::string &name, std::string_view secret)
{
    return m_db.transaction([&]() -> Result<void> {
        auto key = dataKey(owner);
        if (!key)
            return std::move(key).error();
        if (!*key) {
            *key = randomBytes(kKeyBytes);
            if (auto r = m_db.run("INSERT INTO vault_key (owner, wrapped) VALUES (?,?)",
                                  {owner, seal(m_key.bytes(), **key, place(owner, ""))});
                !r)
                return r;
        }
        const std::string sealed = seal(bytesOf(**key), secret, place(owner, name));
        sodium_memzero((*key)->data(), (*key)->size());
        return m_db.run("INSERT INTO vault_secret (owner, name, sealed) VALUES (?,?,?) "
                        "ON CONFLICT (owner, name) DO UPDATE SET sealed=excluded.sealed",
                        {owner, name, sealed});
    });
}

Result<std::optional<std::string>> Vault::get(const std::string &owner, const std::string &name)
{
    std::optional<std::string> sealed;
    if (auto r = m_db.run("SELECT sealed FROM vault_secret WHERE owner=? AND name=?", {owner, name},
                          [&](const Row &row) { sealed = row.text(0); });
        !r)
        return std::move(r).error();
    if (!sealed)
        return std::optional<std::string>{};
    auto key = dataKey(owner);
    if (!key)
        return std::move(key).error();
    if (!*key)
        return std::optional<std::string>{};
    auto plain = unseal(bytesOf(**key), *sealed, place(owner, name));
    sodium_memzero((*key)->data(), (*key)->size());
    if (!plain)
        return std::move(plain).error();
    return std::optional(*std::move(plain));
}

Result<void> Vault::remove(const std::string &owner, const std::string &name)
{
    return m_db.run("DELETE FROM vault_secret WHERE owner=? AND name=?", {owner, name});
}

Result<void> Vault::forget(const std::string &owner)
{
    return m_db.transaction([&]() -> Result<void> {
        if (auto r = m_db.run("DELETE FROM vault_secret WHERE owner=?", {owner}); !r)
            return r;
        return m_db.run("DELETE FROM vault_key WHERE owner=?", {owner});
    });
}

std::string Vault::keyedHash(std::string_view purpose, std::string_view text) const
{
    const auto mac = [](const unsigned char *key, std::string_view message) {
        std::string out(crypto_auth_hmacsha256_BYTES, '\0');
        crypto_auth_hmacsha256_state state;
        crypto_auth_hmacsha256_init(&state, key, crypto_auth_hmacsha256_KEYBYTES);
        crypto_auth_hmacsha256_update(&state, bytesOf(message), message.size());
        crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char *>(out.data()));
        return out;
    };
    std::string key = mac(m_key.bytes(), "keyed-hash:" + std::string(purpose));
    std::string hash = toHex(mac(bytesOf(key), text));
    sodium_memzero(key.data(), key.size());
    return hash;
}

} // namespace connector
