// SPDX-License-Identifier: Apache-2.0
// The profiles as they are stored. Same thread as the database.
#pragma once

#include "core/time.h"
#include "store/sealing.h"

namespace connector {

struct ProfileRow {
    std::string id;
    std::string owner;
    std::string provider;
    std::string name;
    std::string state; // profiles/profile.h knows the words
    std::optional<std::string> pinHash;
    int wrongPins = 0;
    int lockSeconds = 0;
    std::string lockBoot;
    std::int64_t lockUntil = 0;
    std::optional<std::string> accountId;
    std::optional<std::string> accountEmail;
    bool emailVerified = false;        // by the cloud
    std::optional<WallTime> renewedAt; // when the cloud last gave tokens
    std::optional<WallTime> linkedAt;  // when somebody last signed in for it
    WallTime createdAt{};
    std::optional<WallTime> lastUsedAt;
    std::int64_t overdueSeconds = 0; // of service, in which it stood unused for too long
};

class ProfileTable {
public:
    ProfileTable(Database &db, const Vault &vault) : m_db(db), m_sealing(vault, "profile") {}

    Result<void> insert(const ProfileRow &row); // Conflict (stable "name-taken") when the owner has one of that name
    Result<void> update(const ProfileRow &row); // likewise; NotFound
    Result<void> remove(const std::string &id);
    Result<std::optional<ProfileRow>> find(const std::string &id, Damaged damaged = Damaged::Refused);
    Result<std::vector<ProfileRow>> list(const std::string &owner, Damaged damaged = Damaged::LeftOut); // by name
    // Whether the owner has one of that name, as names are compared.
    Result<bool> nameTaken(const std::string &owner, const std::string &name);
    Result<std::vector<ProfileRow>> all();
    // Names that were stored when others were taken for the same are compared as now; those that clash stay.
    Result<void> refreshNameKeys();

private:
    Result<std::vector<ProfileRow>> select(std::string_view where, std::initializer_list<SqlValue> values,
                                           Damaged damaged);
    SqlValue sealed(const char *column, const ProfileRow &row, const std::optional<std::string> &text) const;
    Database &m_db;
    Sealing m_sealing;
};

} // namespace connector
