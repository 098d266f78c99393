// SPDX-License-Identifier: Apache-2.0
#include "store/vault.h"

#include "core/bytes.h"
#include "core/encoding.h"
#include "core/files.h"
#include "core/octets.h"
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
constexpr std::string_view kDevice; // as an owner: sorts before all others

Error damagedKey()
{
    return Error{Errc::LocalIo, "the master key has not 32 bytes", "store", {}, 0, {}, "master-key-damaged"};
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
    crypto_aead_xchacha20poly1305_ietf_encrypt(o + kNonceBytes, nullptr, octets(plain), plain.size(), octets(where),
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
                                                   octets(sealed) + kNonceBytes, sealed.size() - kNonceBytes,
                                                   octets(where), where.size(), octets(sealed), key) != 0)
        return damaged;
    return out;
}

std::string mac(const unsigned char *key, std::string_view message)
{
    std::string out(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, crypto_auth_hmacsha256_KEYBYTES);
    crypto_auth_hmacsha256_update(&state, octets(message), message.size());
    crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char *>(out.data()));
    return out;
}

} // namespace

MasterKey::MasterKey(MasterKey &&other) noexcept : m_key(other.m_key)
{
    sodium_memzero(other.m_key.data(), other.m_key.size());
}

MasterKey &MasterKey::operator=(MasterKey &&other) noexcept
{
    if (this != &other) {
        m_key = other.m_key;
        sodium_memzero(other.m_key.data(), other.m_key.size());
    }
    return *this;
}

MasterKey::~MasterKey()
{
    sodium_memzero(m_key.data(), m_key.size());
}

bool MasterKey::same(const MasterKey &other) const
{
    return sodium_memcmp(m_key.data(), other.m_key.data(), m_key.size()) == 0;
}

// Zeros are what a disk that lost a block gives.
Result<void> MasterKey::check() const
{
    if (sodium_is_zero(m_key.data(), m_key.size()) != 0)
        return damagedKey();
    return {};
}

MasterKey MasterKey::fresh()
{
    MasterKey key;
    randombytes_buf(key.m_key.data(), key.m_key.size());
    return key;
}

Result<MasterKey> MasterKey::of(std::string &&bytes)
{
    MasterKey key;
    const bool fits = bytes.size() == key.m_key.size();
    if (fits)
        std::memcpy(key.m_key.data(), bytes.data(), key.m_key.size());
    sodium_memzero(bytes.data(), bytes.size());
    if (!fits)
        return damagedKey();
    if (auto r = key.check(); !r)
        return std::move(r).error();
    return key;
}

Result<MasterKey> MasterKey::read(const std::filesystem::path &path)
{
    auto source = FileSource::open(path);
    if (!source)
        return std::move(source).error();
    MasterKey key;
    std::size_t at = 0;
    while (at < key.m_key.size()) {
        auto n = source->read(std::span(reinterpret_cast<char *>(key.m_key.data()) + at, key.m_key.size() - at));
        if (!n)
            return std::move(n).error();
        if (*n == 0)
            return damagedKey();
        at += *n;
    }
    char more = 0;
    auto n = source->read(std::span(&more, 1));
    if (!n)
        return std::move(n).error();
    if (*n != 0)
        return damagedKey();
    if (auto r = key.check(); !r)
        return std::move(r).error();
    return key;
}

std::optional<std::filesystem::path> MasterKey::credential()
{
    const char *folder = std::getenv("CREDENTIALS_DIRECTORY");
    std::error_code ec;
    if (folder == nullptr || !std::filesystem::exists(std::filesystem::path(folder) / "master-key", ec))
        return std::nullopt;
    return std::filesystem::path(folder) / "master-key";
}

Result<MasterKey> MasterKey::load(const std::filesystem::path &path)
{
    const auto given = credential();
    auto key = read(given.value_or(path));
    if (key || given || key.error().code != Errc::NotFound)
        return key;
    MasterKey made = fresh();
    if (auto r = writeFileDurably(path, made.view()); !r)
        return std::move(r).error();
    return made;
}

Vault::Vault(Database &db, MasterKey key)
    : m_db(db), m_key(std::move(key)), m_cellKey(*MasterKey::of(mac(m_key.bytes(), "cells")))
{
}

Result<bool> Vault::holdsSecrets(Database &db)
{
    bool holds = false;
    if (auto r = db.run("SELECT EXISTS (SELECT 1 FROM vault_key) OR EXISTS (SELECT 1 FROM person "
                        "WHERE pin_key IS NOT NULL OR card_key IS NOT NULL)",
                        {}, [&](const Row &row) { holds = row.integer(0) != 0; });
        !r)
        return std::move(r).error();
    return holds;
}

// The device's own data key, which no profile has, tells whose the database is.
Result<void> Vault::bind(Database &db, const MasterKey &key)
{
    return db.transaction([&]() -> Result<void> {
        bool any = false;
        bool opened = false;
        bool own = false;
        const auto look = [&](const Row &row) {
            if (own)
                return;
            any = true;
            own = row.text(0) == kDevice; // the first, if there is one; databases from before have none
            if (auto data = unseal(key.bytes(), row.text(1), place(row.text(0), ""))) {
                sodium_memzero(data->data(), data->size());
                opened = true;
            }
        };
        if (auto r = db.run("SELECT owner, wrapped FROM vault_key ORDER BY owner", {}, look); !r)
            return r;
        if (any && !opened)
            return Error{Errc::DataLoss,    "the database was sealed with another master key", "store", {}, 0, {},
                         "master-key-other"};
        if (own)
            return {};
        std::string fresh = randomBytes(kKeyBytes);
        const std::string wrapped = seal(key.bytes(), fresh, place(kDevice, ""));
        sodium_memzero(fresh.data(), fresh.size());
        return db.run("INSERT INTO vault_key (owner, wrapped) VALUES (?,?)", {std::string(kDevice), wrapped});
    });
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
        const std::string sealed = seal(octets(**key), secret, place(owner, name));
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
    auto plain = unseal(octets(**key), *sealed, place(owner, name));
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

Blob Vault::sealCell(const Cell &cell, std::string_view text) const
{
    return {seal(m_cellKey.bytes(), text, place(cell.column, cell.row))};
}

Result<std::string> Vault::openCell(const Cell &cell, std::string_view sealed) const
{
    return unseal(m_cellKey.bytes(), sealed, place(cell.column, cell.row));
}

std::string Vault::keyedHash(std::string_view purpose, std::string_view text) const
{
    std::string key = mac(m_key.bytes(), "keyed-hash:" + std::string(purpose));
    std::string hash = toHex(mac(octets(key), text));
    sodium_memzero(key.data(), key.size());
    return hash;
}

} // namespace connector
