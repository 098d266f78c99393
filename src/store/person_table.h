// SPDX-License-Identifier: Apache-2.0
// The people of this device and their wrong tries, as they are stored. Same thread as the database.
#pragma once

#include "core/time.h"
#include "store/sealing.h"

namespace connector {

struct PersonRow {
    std::string id;
    std::string name;
    std::string nameKey; // the name as it is compared
    bool directory = false;
    bool administrator = false;
    bool open = false;
    std::optional<std::string> passwordHash;
    std::optional<std::string> pinKey;
    std::optional<std::string> cardKey;
    WallTime createdAt{};
    std::optional<WallTime> lastSignedInAt;
};

class PersonTable {
public:
    PersonTable(Database &db, const Vault &vault) : m_db(db), m_sealing(vault, "person") {}

    Result<void> put(const PersonRow &row); // new or changed; Conflict for a name, PIN or card that another one has
    Result<void> remove(const std::string &id);
    Result<std::optional<PersonRow>> find(const std::string &id);
    Result<std::optional<PersonRow>> findOwnName(const std::string &nameKey);
    Result<std::optional<PersonRow>> findPin(const std::string &pinKey);
    Result<std::optional<PersonRow>> findCard(const std::string &cardKey);
    Result<std::vector<PersonRow>> all(); // by name

private:
    Result<std::vector<PersonRow>> select(std::string_view where, std::initializer_list<SqlValue> values);
    Result<std::optional<PersonRow>> one(std::string_view where, std::initializer_list<SqlValue> values);
    Database &m_db;
    Sealing m_sealing;
};

struct TryRow {
    std::string door;
    int wrong = 0;
    std::int64_t wait = 0;
    std::string boot;
    std::int64_t at = 0;
};

class TryTable {
public:
    explicit TryTable(Database &db) : m_db(db) {}

    Result<std::vector<TryRow>> all();
    Result<void> put(const TryRow &row);
    Result<void> remove(const std::string &door);

private:
    Database &m_db;
};

} // namespace connector
