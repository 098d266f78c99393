// SPDX-License-Identifier: Apache-2.0
#include "store/audit_table.h"

namespace connector {

// Sealed for its number, which it gets by being stored.
Result<std::int64_t> AuditTable::add(const AuditRow &row)
{
    std::int64_t number = 0;
    auto added = m_db.transaction([&]() -> Result<void> {
        if (auto r = m_db.run("INSERT INTO audit (at, what, who, who_name, face, subject, outcome, detail) "
                              "VALUES (?,?,?,'',?,?,?,'') RETURNING number",
                              {toUnix(row.at), row.what, row.who, row.face, row.subject, row.outcome},
                              [&](const Row &given) { number = given.integer(0); });
            !r)
            return r;
        const std::string id = std::to_string(number);
        return m_db.run(
            "UPDATE audit SET who_name=?, detail=? WHERE number=?",
            {m_sealing.seal("who_name", id, row.whoName), m_sealing.seal("detail", id, row.detail), number});
    });
    if (!added)
        return std::move(added).error();
    return number;
}

Result<void> AuditTable::setDetail(std::int64_t number, const std::string &detail)
{
    return m_db.run("UPDATE audit SET detail=? WHERE number=?",
                    {m_sealing.seal("detail", std::to_string(number), detail), number});
}

Result<std::vector<AuditRow>> AuditTable::newest(std::int64_t before, std::int64_t count, const std::string &what)
{
    std::vector<AuditRow> rows;
    auto r = m_db.run("SELECT number, at, what, who, who_name, face, subject, outcome, detail FROM audit "
                      "WHERE number < ? AND (?2 = '' OR what = ?2) ORDER BY number DESC LIMIT ?3",
                      {before, what, count}, [&](const Row &row) {
                          // A damaged entry does not hide the others.
                          const std::string id = row.text(0);
                          const auto name = m_sealing.open("who_name", id, row, 4);
                          const auto detail = m_sealing.open("detail", id, row, 8);
                          rows.push_back({row.integer(0), fromUnix(row.integer(1)), row.text(2), row.text(3),
                                          name ? *name : "", row.text(5), row.text(6), row.text(7),
                                          detail ? *detail : R"({"damaged":true})"});
                      });
    if (!r)
        return std::move(r).error();
    return rows;
}

Result<bool> AuditTable::hasOlder(WallTime than)
{
    bool some = false;
    if (auto r =
            m_db.run("SELECT 1 FROM audit WHERE at < ? LIMIT 1", {toUnix(than)}, [&](const Row &) { some = true; });
        !r)
        return std::move(r).error();
    return some;
}

Result<void> AuditTable::removeOlder(WallTime than)
{
    return m_db.run("DELETE FROM audit WHERE at < ?", {toUnix(than)});
}

// Counted, not reckoned from the numbers: those of removed entries are missing between the others.
Result<void> AuditTable::keepNewest(std::int64_t count)
{
    return m_db.run(
        "DELETE FROM audit WHERE number <= (SELECT number FROM audit ORDER BY number DESC LIMIT 1 OFFSET ?)", {count});
}

Result<void> AuditTable::keepNewestOf(const std::string &what, const std::string &who, std::int64_t count)
{
    return m_db.run("DELETE FROM audit WHERE what=?1 AND who=?2 AND number <= (SELECT number FROM audit "
                    "WHERE what=?1 AND who=?2 ORDER BY number DESC LIMIT 1 OFFSET ?3)",
                    {what, who, count});
}

} // namespace connector
