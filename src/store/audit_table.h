// SPDX-License-Identifier: Apache-2.0
// The audit log as it is stored. Same thread as the database.
#pragma once

#include "core/time.h"
#include "store/sealing.h"

namespace connector {

struct AuditRow {
    std::int64_t number = 0;
    WallTime at{};
    std::string what;
    std::string who;
    std::string whoName;
    std::string face;
    std::string subject;
    std::string outcome;
    std::string detail = "{}"; // JSON
};

class AuditTable {
public:
    AuditTable(Database &db, const Vault &vault) : m_db(db), m_sealing(vault, "audit") {}

    Result<std::int64_t> add(const AuditRow &row); // the number it was given
    Result<void> setDetail(std::int64_t number, const std::string &detail);
    // At most `count` with a smaller number than `before`, newest first; `what` "" for all.
    Result<std::vector<AuditRow>> newest(std::int64_t before, std::int64_t count, const std::string &what);
    Result<bool> hasOlder(WallTime than);
    Result<void> removeOlder(WallTime than);
    Result<void> keepNewest(std::int64_t count);
    Result<void> keepNewestOf(const std::string &what, const std::string &who, std::int64_t count);

private:
    Database &m_db;
    Sealing m_sealing;
};

} // namespace connector
