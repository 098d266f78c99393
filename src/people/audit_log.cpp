// SPDX-License-Identifier: Apache-2.0
#include "people/audit_log.h"

#include "core/log.h"

#include <nlohmann/json.hpp>

namespace connector {

namespace {

constexpr std::int64_t kMostEntries = 100'000;
constexpr int kForgetEvery = 100;

} // namespace

AuditLog::AuditLog(Database &db, const SettingsStore &settings, WallClock now)
    : m_table(db), m_settings(settings), m_now(std::move(now))
{
    forgetOld();
}

void AuditLog::record(const Actor &who, const std::string &what, const std::string &subject, const std::string &outcome,
                      const nlohmann::json &facts)
{
    AuditRow row;
    row.at = m_now();
    row.what = what;
    row.who = who.owner;
    row.whoName = who.name;
    row.face = who.face;
    row.subject = subject;
    row.outcome = outcome;
    if (facts.is_object())
        row.detail = facts.dump();
    if (auto r = m_table.add(row); !r)
        log::error("audit", what + " was not written down: " + describe(r.error()));
    if (++m_sinceForgotten >= kForgetEvery)
        forgetOld();
}

Result<std::vector<AuditRow>> AuditLog::list(std::int64_t before, std::int64_t count, const std::string &what)
{
    return m_table.newest(before, count, what);
}

void AuditLog::forgetOld()
{
    m_sinceForgotten = 0;
    if (auto r = m_table.removeOlder(m_now() - m_settings.get().auditDays, kMostEntries); !r)
        log::error("audit", "old entries stay: " + describe(r.error()));
}

} // namespace connector
