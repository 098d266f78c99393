// SPDX-License-Identifier: Apache-2.0
#include "store/job_table.h"

namespace connector {

Result<void> JobTable::insert(const JobRow &row)
{
    return m_db.run("INSERT INTO job (id, owner, request_key, kind, state, detail, created_at) VALUES (?,?,?,?,?,?,?)",
                    {row.id, row.owner, row.requestKey.empty() ? SqlValue(nullptr) : SqlValue(row.requestKey), row.kind,
                     row.state, m_sealing.seal("detail", row.id, row.detail), toUnix(row.createdAt)});
}

Result<void> JobTable::update(const JobRow &row)
{
    return m_db.run("UPDATE job SET state=?, detail=?, cancel_requested=?, ended_at=? WHERE id=?",
                    {row.state, m_sealing.seal("detail", row.id, row.detail), std::int64_t{row.cancelRequested ? 1 : 0},
                     valueOrNull(row.endedAt), row.id});
}

Result<void> JobTable::remove(const std::string &id)
{
    return m_db.run("DELETE FROM job WHERE id=?", {id});
}

Result<std::vector<JobRow>> JobTable::select(std::string_view where, std::initializer_list<SqlValue> values)
{
    std::vector<JobRow> rows;
    auto r = m_db.run(
        "SELECT id, owner, request_key, kind, state, detail, cancel_requested, created_at, ended_at FROM job " +
            std::string(where),
        values, [&](const Row &row) {
            JobRow job;
            job.id = row.text(0);
            job.owner = row.text(1);
            job.requestKey = row.text(2);
            job.kind = row.text(3);
            job.state = row.text(4);
            if (auto detail = m_sealing.open("detail", job.id, row, 5)) // or one job is lost, not all
                job.detail = *std::move(detail);
            job.cancelRequested = row.integer(6) != 0;
            job.createdAt = fromUnix(row.integer(7));
            if (const auto ended = row.maybeInteger(8))
                job.endedAt = fromUnix(*ended);
            rows.push_back(std::move(job));
        });
    if (!r)
        return std::move(r).error();
    return rows;
}

Result<std::optional<JobRow>> JobTable::findByKey(const std::string &owner, const std::string &requestKey)
{
    auto rows = select("WHERE owner=? AND request_key=?", {owner, requestKey});
    if (!rows)
        return std::move(rows).error();
    return rows->empty() ? std::optional<JobRow>{} : std::optional(std::move(rows->front()));
}

Result<std::vector<JobRow>> JobTable::all()
{
    return select("ORDER BY number", {});
}

Result<std::map<std::string, std::string>> SettingTable::all()
{
    std::map<std::string, std::string> out;
    if (auto r =
            m_db.run("SELECT name, value FROM setting", {}, [&](const Row &row) { out[row.text(0)] = row.text(1); });
        !r)
        return std::move(r).error();
    return out;
}

Result<void> SettingTable::set(const std::string &name, const std::string &value)
{
    return m_db.run(
        "INSERT INTO setting (name, value) VALUES (?,?) ON CONFLICT (name) DO UPDATE SET value=excluded.value",
        {name, value});
}

} // namespace connector
