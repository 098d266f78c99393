// SPDX-License-Identifier: Apache-2.0
#include "store/audit_table.h"

namespace connector {

Result<void> AuditTable::add(const AuditRow &row)
{
    return m_db.run(
        "INSERT INTO audit (at, what, who, who_name, face, subject, outcome, detail) VALUES (?,?,?,?,?,?,?,?)",
        {toUnix(row.at), row.what, row.who, row.whoName, row.face, row.subject, row.outcome, row.detail});
}

Result<std::vector<AuditRow>> AuditTable::newest(std::int64_t before, std::int64_t count, const std::string &what)
{
    std::vector<AuditRow> rows;
    auto r = m_db.run("SELECT number, at, what, who, who_name, face, subject, outcome, detail FROM audit "
                      "WHERE number < ? AND (?2 = '' OR what = ?2) ORDER BY number DESC LIMIT ?3",
                      {before, what, count}, [&](const Row &row) {
                          rows.push_back({row.integer(0), fromUnix(row.integer(1)), row.text(2), row.text(3),
                                          row.text(4), row.text(5), row.text(6), row.text(7), row.text(8)});
                      });
    if (!r)
        return std::move(r).error();
    return rows;
}

Result<void> AuditTable::removeOlder(WallTime than, std::int64_t keepAtMost)
{
    return m_db.run("DELETE FROM audit WHERE at < ? OR number <= (SELECT COALESCE(MAX(number), 0) FROM audit) - ?",
                    {toUnix(than), keepAtMost});
}

} // namespace connector
