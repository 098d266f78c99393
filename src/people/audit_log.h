// SPDX-License-Identifier: Apache-2.0
// Who did what, when and from which face. Never contents, names of files or secrets.
#pragma once

#include "core/boot_clock.h"
#include "store/audit_table.h"
#include "store/settings.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <set>

namespace connector {

// Who does something.
struct Actor {
    std::string owner = "service"; // "guest", "person:ID", "machine", or the service of itself
    std::string name;
    std::string face = "service";
};

// On the thread of its database. Entries older than the setting `auditDays` go, the oldest of more than 100,000, and of
// one kind by one owner the oldest of more than 5,000: whoever fills the log fills it with what is his. The same
// failure within an hour is one entry, which says how many times. Old is what has looked old for most of an hour of
// service: a clock that was set ahead, and is corrected, does not empty the log.
class AuditLog {
public:
    AuditLog(Database &db, const Vault &vault, const SettingsStore &settings, WallClock now = systemNow,
             BootClock bootClock = BootClock::system());
    ~AuditLog();
    AuditLog(const AuditLog &) = delete;
    AuditLog &operator=(const AuditLog &) = delete;

    // What cannot be written is told in the service's log; what was to be done is done all the same.
    void record(const Actor &who, const std::string &what, const std::string &subject = "",
                const std::string &outcome = "ok", const nlohmann::json &facts = {});
    // Newest first, those before that number.
    Result<std::vector<AuditRow>> list(std::int64_t before, std::int64_t count, const std::string &what);

private:
    // An entry that may happen again.
    struct Repeated {
        std::int64_t number = 0;
        WallTime first{};
        WallTime last{};
        std::string facts; // JSON, as they were the first time
        int times = 1;
        bool unwritten = false;
    };
    bool again(const std::string &key);
    void write(Repeated &entry);
    void writeAll();
    void forgetOld();
    Result<void> forgetOverdue();

    AuditTable m_table;
    const SettingsStore &m_settings;
    WallClock m_now;
    BootClock m_bootClock;
    std::optional<std::int64_t> m_overdueSince; // seconds of the boot clock
    int m_sinceForgotten = 0;
    int m_rounds = 0;
    std::set<std::pair<std::string, std::string>> m_kinds; // and owners, written down since
    std::map<std::string, Repeated> m_failures;
};

} // namespace connector
