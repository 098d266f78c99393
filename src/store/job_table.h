// SPDX-License-Identifier: Apache-2.0
// The jobs as they are stored. Same thread as the database.
#pragma once

#include "core/time.h"
#include "store/sealing.h"

namespace connector {

struct JobRow {
    std::string id;
    std::string owner;
    std::string requestKey; // "" for none
    std::string kind;
    std::string state;
    std::string detail; // JSON, sealed in the database; "" where it could not be opened
    bool cancelRequested = false;
    WallTime createdAt{};
    std::optional<WallTime> endedAt;
};

class JobTable {
public:
    JobTable(Database &db, const Vault &vault) : m_db(db), m_sealing(vault, "job") {}

    Result<void> insert(const JobRow &row); // Conflict when the owner has a job of that request key
    Result<void> update(const JobRow &row); // all but id, owner, key, kind, createdAt
    Result<void> remove(const std::string &id);
    Result<std::optional<JobRow>> findByKey(const std::string &owner, const std::string &requestKey);
    Result<std::vector<JobRow>> all(); // in order of acceptance

private:
    Result<std::vector<JobRow>> select(std::string_view where, std::initializer_list<SqlValue> values);
    Database &m_db;
    Sealing m_sealing;
};

// Settings as text by name. Same thread as the database.
class SettingTable {
public:
    explicit SettingTable(Database &db) : m_db(db) {}
    Result<std::map<std::string, std::string>> all();
    Result<void> set(const std::string &name, const std::string &value);

private:
    Database &m_db;
};

} // namespace connector
