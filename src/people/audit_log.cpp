// SPDX-License-Identifier: Apache-2.0
#include "people/audit_log.h"

#include "core/log.h"

#include <nlohmann/json.hpp>

namespace connector {

namespace {

constexpr std::int64_t kMostEntries = 100'000;
constexpr std::int64_t kMostOfOneKind = 5'000; // of one owner: all of a guest's kinds together leave room for others'
constexpr int kForgetEvery = 100;
constexpr std::int64_t kDoubt = 3000; // seconds of service
constexpr int kCountEvery = 10;       // of those rounds
constexpr std::chrono::hours kOneEntry{1};
constexpr std::size_t kMostFailures = 200;

} // namespace

AuditLog::AuditLog(Database &db, const Vault &vault, const SettingsStore &settings, WallClock now, BootClock bootClock)
    : m_table(db, vault), m_settings(settings), m_now(std::move(now)), m_bootClock(std::move(bootClock))
{
    forgetOld();
}

AuditLog::~AuditLog()
{
    writeAll();
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
    const bool failure = outcome != "ok";
    std::string key;
    for (const std::string &part : {row.what, row.who, row.whoName, row.face, row.subject, row.outcome, row.detail})
        key += part + '\0';
    if (failure && again(key))
        return;
    const auto number = m_table.add(row);
    if (!number)
        return log::error("audit", what + " was not written down: " + describe(number.error()));
    if (failure) {
        if (m_failures.size() >= kMostFailures) {
            writeAll();
            m_failures.clear();
        }
        m_failures[key] = {*number, row.at, row.at, row.detail, 1, false};
    }
    m_kinds.insert({row.what, row.who});
    const bool due = m_overdueSince && m_bootClock.seconds() - *m_overdueSince >= kDoubt;
    if (++m_sinceForgotten >= kForgetEvery || due)
        forgetOld();
}

// Counts it in the entry that there is; written at most once a second, and whenever the log is read.
bool AuditLog::again(const std::string &key)
{
    const auto at = m_failures.find(key);
    if (at == m_failures.end())
        return false;
    Repeated &entry = at->second;
    const WallTime now = m_now();
    if (now < entry.last || now - entry.first >= kOneEntry) {
        write(entry);
        m_failures.erase(at);
        return false;
    }
    ++entry.times;
    entry.unwritten = true;
    if (now - std::exchange(entry.last, now) >= std::chrono::seconds(1))
        write(entry);
    return true;
}

void AuditLog::write(Repeated &entry)
{
    if (!std::exchange(entry.unwritten, false))
        return;
    auto facts = nlohmann::json::parse(entry.facts, nullptr, false);
    facts["times"] = entry.times;
    facts["until"] = formatRfc3339(entry.last);
    if (auto r = m_table.setDetail(entry.number, facts.dump()); !r)
        log::error("audit", "a repeated failure was not written down: " + describe(r.error()));
}

void AuditLog::writeAll()
{
    for (auto &[key, entry] : m_failures)
        write(entry);
}

Result<std::vector<AuditRow>> AuditLog::list(std::int64_t before, std::int64_t count, const std::string &what)
{
    writeAll();
    return m_table.newest(before, count, what);
}

Result<void> AuditLog::forgetOverdue()
{
    const WallTime limit = m_now() - m_settings.get().auditDays;
    const auto some = m_table.hasOlder(limit);
    if (!some)
        return some.error();
    if (!*some) {
        m_overdueSince.reset();
        return {};
    }
    if (!m_overdueSince)
        m_overdueSince = m_bootClock.seconds();
    if (m_bootClock.seconds() - *m_overdueSince < kDoubt)
        return {};
    m_overdueSince.reset();
    return m_table.removeOlder(limit);
}

void AuditLog::forgetOld()
{
    m_sinceForgotten = 0;
    auto r = forgetOverdue();
    for (const auto &[what, who] : std::exchange(m_kinds, {}))
        if (r)
            r = m_table.keepNewestOf(what, who, kMostOfOneKind);
    if (r && m_rounds++ % kCountEvery == 0)
        r = m_table.keepNewest(kMostEntries);
    if (!r)
        log::error("audit", "old entries stay: " + describe(r.error()));
}

} // namespace connector
