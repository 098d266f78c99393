// SPDX-License-Identifier: Apache-2.0
// Secrets at rest: sealed with a data key per owner, the data keys wrapped by the device's master key.
#pragma once

#include "store/database.h"

#include <array>

namespace connector {

// The device's master key: 32 bytes that never enter the database. Wiped from memory at its end.
class MasterKey {
public:
    // A systemd credential named "master-key" where $CREDENTIALS_DIRECTORY has one; otherwise `path`, made (0600) with
    // a fresh key when it is missing. LocalIo when it cannot be read or has not 32 bytes; it is never replaced.
    static Result<MasterKey> load(const std::filesystem::path &path);
    MasterKey(MasterKey &&other) noexcept;
    MasterKey &operator=(MasterKey &&) = delete;
    ~MasterKey();
    const unsigned char *bytes() const { return m_key.data(); }

private:
    explicit MasterKey(const std::string &key);
    std::array<unsigned char, 32> m_key{};
};

// Every secret belongs to an owner (a profile's id); forgetting an owner drops its data key, so that nothing of it can
// be opened again, not from a backup of the database either. Same thread as the database. XChaCha20-Poly1305; owner and
// name are authenticated, so that a sealed value cannot be moved to another place.
class Vault {
public:
    Vault(Database &db, MasterKey key) : m_db(db), m_key(std::move(key)) {}

    Result<void> put(const std::string &owner, const std::string &name, std::string_view secret);
    // nullopt where there is none; DataLoss (stable "secret-unreadable") where the master key is another one.
    Result<std::optional<std::string>> get(const std::string &owner, const std::string &name);
    Result<void> remove(const std::string &owner, const std::string &name);
    Result<void> forget(const std::string &owner);

    // A keyed hash (hexadecimal) by which something secret and short is found again; without the master key nobody can
    // try values. Other purposes give other hashes of the same text.
    std::string keyedHash(std::string_view purpose, std::string_view text) const;

private:
    Result<std::optional<std::string>> dataKey(const std::string &owner);

    Database &m_db;
    MasterKey m_key;
};

} // namespace connector
