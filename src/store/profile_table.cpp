// SPDX-License-Identifier: Apache-2.0
#include "store/profile_table.h"

#include "core/name.h"

namespace connector {

namespace {

Result<void> named(Result<void> result)
{
    if (!result && result.error().code == Errc::Conflict) {
        Error error = result.error();
        error.stable = "name-taken";
        return error;
    }
    return result;
}

} // namespace

SqlValue ProfileTable::sealed(const char *column, const ProfileRow &row, const std::optional<std::string> &text) const
{
    return text ? SqlValue(m_sealing.seal(column, row.id, *text)) : SqlValue(nullptr);
}

Result<void> ProfileTable::insert(const ProfileRow &row)
{
    return named(m_db.run("INSERT INTO profile (id, owner, provider, name, name_key, state, pin_hash, created_at) "
                          "VALUES (?,?,?,?,?,?,?,?)",
                          {row.id, row.owner, row.provider, sealed("name", row, row.name),
                           m_sealing.nameHash(row.owner, nameKey(row.name)), row.state, valueOrNull(row.pinHash),
                           toUnix(row.createdAt)}));
}

Result<void> ProfileTable::update(const ProfileRow &row)
{
    auto r = named(m_db.run(
        "UPDATE profile SET name=?, name_key=?, state=?, pin_hash=?, wrong_pins=?, lock_seconds=?, lock_boot=?, "
        "lock_until=?, account_id=?, account_email=?, email_verified=?, renewed_at=?, last_used_at=?, "
        "overdue_seconds=?, linked_at=? WHERE id=?",
        {sealed("name", row, row.name), m_sealing.nameHash(row.owner, nameKey(row.name)), row.state,
         valueOrNull(row.pinHash), std::int64_t{row.wrongPins}, std::int64_t{row.lockSeconds}, row.lockBoot,
         row.lockUntil, sealed("account_id", row, row.accountId), sealed("account_email", row, row.accountEmail),
         std::int64_t{row.emailVerified ? 1 : 0}, valueOrNull(row.renewedAt), valueOrNull(row.lastUsedAt),
         row.overdueSeconds, valueOrNull(row.linkedAt), row.id}));
    if (r && m_db.changes() == 0)
        return Error{Errc::NotFound, "no such profile", "store", {}, 0, {}, "profile-gone"};
    return r;
}

Result<void> ProfileTable::remove(const std::string &id)
{
    return m_db.run("DELETE FROM profile WHERE id=?", {id});
}

Result<std::vector<ProfileRow>> ProfileTable::select(std::string_view where, std::initializer_list<SqlValue> values,
                                                     Damaged damaged)
{
    std::vector<ProfileRow> rows;
    Result<void> opened;
    auto r =
        m_db.run("SELECT id, owner, provider, name, state, pin_hash, wrong_pins, lock_seconds, lock_boot, lock_until, "
                 "account_id, account_email, created_at, last_used_at, email_verified, renewed_at, overdue_seconds, "
                 "linked_at FROM profile " +
                     std::string(where),
                 values, [&](const Row &row) {
                     ProfileRow p;
                     p.id = row.text(0);
                     p.owner = row.text(1);
                     p.provider = row.text(2);
                     p.name = m_sealing.open("name", p.id, row, 3, opened);
                     p.state = row.text(4);
                     p.pinHash = row.maybeText(5);
                     p.wrongPins = static_cast<int>(row.integer(6));
                     p.lockSeconds = static_cast<int>(row.integer(7));
                     p.lockBoot = row.text(8);
                     p.lockUntil = row.integer(9);
                     if (!row.isNull(10))
                         p.accountId = m_sealing.open("account_id", p.id, row, 10, opened);
                     if (!row.isNull(11))
                         p.accountEmail = m_sealing.open("account_email", p.id, row, 11, opened);
                     p.createdAt = fromUnix(row.integer(12));
                     if (const auto used = row.maybeInteger(13))
                         p.lastUsedAt = fromUnix(*used);
                     p.emailVerified = row.integer(14) != 0;
                     if (const auto renewed = row.maybeInteger(15))
                         p.renewedAt = fromUnix(*renewed);
                     p.overdueSeconds = row.integer(16);
                     if (const auto linked = row.maybeInteger(17))
                         p.linkedAt = fromUnix(*linked);
                     if (!m_sealing.leavesOut(damaged, p.id, "connectorctl profiles delete " + p.id, opened))
                         rows.push_back(std::move(p));
                 });
    if (!r || !opened)
        return !r ? r.error() : opened.error();
    return rows;
}

Result<std::optional<ProfileRow>> ProfileTable::find(const std::string &id, Damaged damaged)
{
    auto rows = select("WHERE id=?", {id}, damaged);
    if (!rows)
        return std::move(rows).error();
    return rows->empty() ? std::optional<ProfileRow>{} : std::optional(std::move(rows->front()));
}

Result<std::vector<ProfileRow>> ProfileTable::list(const std::string &owner, Damaged damaged)
{
    auto rows = select("WHERE owner=?", {owner}, damaged);
    if (rows)
        sortByName(*rows);
    return rows;
}

Result<bool> ProfileTable::nameTaken(const std::string &owner, const std::string &name)
{
    bool taken = false;
    if (auto r = m_db.run("SELECT 1 FROM profile WHERE owner=? AND name_key=?",
                          {owner, m_sealing.nameHash(owner, nameKey(name))}, [&](const Row &) { taken = true; });
        !r)
        return std::move(r).error();
    return taken;
}

Result<std::vector<ProfileRow>> ProfileTable::all()
{
    return select("ORDER BY created_at", {}, Damaged::LeftOut);
}

Result<void> ProfileTable::refreshNameKeys()
{
    auto rows = all();
    if (!rows)
        return std::move(rows).error();
    for (const ProfileRow &row : *rows) {
        const Blob key = m_sealing.nameHash(row.owner, nameKey(row.name));
        if (auto r = m_db.run("UPDATE profile SET name_key=?1 WHERE id=?2 AND name_key<>?1", {key, row.id});
            !r && r.error().code != Errc::Conflict)
            return r;
    }
    return {};
}

} // namespace connector
