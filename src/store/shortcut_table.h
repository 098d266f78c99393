// SPDX-License-Identifier: Apache-2.0
// The shortcuts as they are stored. Same thread as the database.
#pragma once

#include "core/time.h"
#include "store/sealing.h"

namespace connector {

struct ShortcutRow {
    std::string id;
    std::string owner;
    std::string profile;
    std::string kind; // "print", "scan"
    std::string name;
    std::string target;     // the cloud's id of the file or folder; "" is the account's root
    std::string targetName; // as last seen
    std::string wish;       // JSON: the print ticket or the scan settings
    bool pinned = false;
    std::string problem; // stable code of what stands in the way, as last seen; "" for nothing
    WallTime createdAt{};
    std::optional<WallTime> lastUsedAt;
};

class ShortcutTable {
public:
    ShortcutTable(Database &db, const Vault &vault) : m_db(db), m_sealing(vault, "shortcut") {}

    Result<void> insert(const ShortcutRow &row); // Conflict (stable "name-taken") when the owner has one of that name
    Result<void> update(const ShortcutRow &row); // likewise; all but id, owner, profile, kind and createdAt
    Result<void> remove(const std::string &id);
    Result<void> removeOrphans(); // those whose profile is no longer there
    Result<std::optional<ShortcutRow>> find(const std::string &id);
    Result<std::vector<ShortcutRow>> list(const std::string &owner);        // by name
    Result<std::vector<ShortcutRow>> ofProfile(const std::string &profile); // likewise

private:
    Result<std::vector<ShortcutRow>> select(std::string_view where, std::initializer_list<SqlValue> values,
                                            Damaged damaged);
    Database &m_db;
    Sealing m_sealing;
};

} // namespace connector
