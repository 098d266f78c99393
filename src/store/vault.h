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
    // a fresh key when it is missing. LocalIo when it cannot be read or is no key ("master-key-damaged"); it is never
    // replaced. The service asks openMasterKey() (key_holder.h), which knows the database too.
    static Result<MasterKey> load(const std::filesystem::path &path);
    // That file and no other: NotFound where there is none.
    static Result<MasterKey> read(const std::filesystem::path &path);
    static std::optional<std::filesystem::path> credential(); // the credential's file, where there is one
    static Result<MasterKey> of(std::string &&bytes);         // wipes them
    static MasterKey fresh();
    MasterKey(MasterKey &&other) noexcept;
    MasterKey &operator=(MasterKey &&other) noexcept;
    ~MasterKey();
    const unsigned char *bytes() const { return m_key.data(); }
    std::string_view view() const { return {reinterpret_cast<const char *>(m_key.data()), m_key.size()}; }
    bool same(const MasterKey &other) const; // in constant time

private:
    MasterKey() = default;
    Result<void> check() const;
    std::array<unsigned char, 32> m_key{};
};

// A place in the database.
struct Cell {
    std::string_view column; // "table.column"
    std::string_view row;    // the row's id
};

// Every secret belongs to an owner (a profile's id); forgetting an owner drops its data key, so that nothing of it can
// be opened again, not from a backup of the database either. Same thread as the database. XChaCha20-Poly1305; owner and
// name are authenticated, so that a sealed value cannot be moved to another place.
class Vault {
public:
    Vault(Database &db, MasterKey key);

    // Whether the database has anything that only its master key opens: where it does, none is ever made in its place.
    static Result<bool> holdsSecrets(Database &db);
    // Fine where `key` is the one that the database is sealed with; one that holds nothing yet is that key's from here
    // on. DataLoss (stable "master-key-other") where it is another.
    static Result<void> bind(Database &db, const MasterKey &key);

    Result<void> put(const std::string &owner, const std::string &name, std::string_view secret);
    // nullopt where there is none; DataLoss (stable "secret-unreadable") where the master key is another one.
    Result<std::optional<std::string>> get(const std::string &owner, const std::string &name);
    Result<void> remove(const std::string &owner, const std::string &name);
    Result<void> forget(const std::string &owner);

    // For a cell of the database that only the master key is to open; what is sealed for one opens in no other.
    Blob sealCell(const Cell &cell, std::string_view text) const;
    Result<std::string> openCell(const Cell &cell, std::string_view sealed) const; // DataLoss ("secret-unreadable")

    // A keyed hash (hexadecimal) by which something secret and short is found again; without the master key nobody can
    // try values. Other purposes give other hashes of the same text.
    std::string keyedHash(std::string_view purpose, std::string_view text) const;

private:
    Result<std::optional<std::string>> dataKey(const std::string &owner);

    Database &m_db;
    MasterKey m_key;
    MasterKey m_cellKey; // derived
};

} // namespace connector
