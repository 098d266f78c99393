// SPDX-License-Identifier: Apache-2.0
// Who did what, when and from which face. Never contents, names of files or secrets.
#pragma once

#include "store/audit_table.h"
#include "store/settings.h"

#include <nlohmann/json_fwd.hpp>

namespace connector {

// Who does something.
struct Actor {
    std::string owner = "service"; // "guest", "person:ID", "machine", or the service of itself
    std::string name;
    std::string face = "service";
};

// On the thread of its database. Entries older than the setting `auditDays` go, and the oldest of more than 100,000.
class AuditLog {
public:
    AuditLog(Database &db, const SettingsStore &settings, WallClock now = systemNow);

    // What cannot be written is told in the service's log; what was to be done is done all the same.
    void record(const Actor &who, const std::string &what, const std::string &subject = "",
                const std::string &outcome = "ok", const nlohmann::json &facts = {});
    // Newest first, those before that number.
    Result<std::vector<AuditRow>> list(std::int64_t before, std::int64_t count, const std::string &what);

private:
    void forgetOld();

    AuditTable m_table;
    const SettingsStore &m_settings;
    WallClock m_now;
    int m_sinceForgotten = 0;
};

} // namespace connector
