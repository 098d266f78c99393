// SPDX-License-Identifier: Apache-2.0
#include "store/profile_table.h"

#include "core/name.h"

namespace connector {

namespace {

SqlValue orNull(const std::optional<std::string> &text)
{
    return text ? SqlValue(*text) : SqlValue(nullptr);
}

SqlValue orNull(const std::optional<WallTime> &time)
{
    return time ? SqlValue(toUnix(*time)) : SqlValue(nullptr);
}

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

Result<void> ProfileTable::insert(const ProfileRow &row)
{
    return named(m_db.run("INSERT INTO profile (id, owner, provider, name, name_key, state, pin_hash, created_at) "
                          "VALUES (?,?,?,?,?,?,?,?)",
                          {row.id, row.owner, row.provider, row.name, nameKey(row.name), row.state, orNull(row.pinHash),
                           toUnix(row.createdAt)}));
}

Result<void> ProfileTable::update(const ProfileRow &row)
{
    auto r = named(m_db.run(
        "UPDATE profile SET name=?, name_key=?, state=?, pin_hash=?, wrong_pins=?, lock_seconds=?, lock_boot=?, "
        "lock_until=?, account_id=?, account_email=?, email_verified=?, renewed_at=?, last_used_at=? WHERE id=?",
        {row.name, nameKey(row.name), row.state, orNull(row.pinHash), std::int64_t{row.wrongPins},
         std::int64_t{row.lockSeconds}, row.lockBoot, row.lockUntil, orNull(row.accountId), orNull(row.accountEmail),
         std::int64_t{row.emailVerified ? 1 : 0}, orNull(row.renewedAt), orNull(row.lastUsedAt), row.id}));
    if (r && m_db.changes() == 0)
        return Error{Errc::NotFound, "no such profile", "store", {}, 0, {}, "profile-gone"};
    return r;
}

Result<void> ProfileTable::remove(const std::string &id)
{
    return m_db.run("DELETE FROM profile WHERE id=?", {id});
}

Result<std::vector<ProfileRow>> ProfileTable::select(std::string_view where, std::initializer_list<SqlValue> values)
{
    std::vector<ProfileRow> rows;
    auto r =
        m_db.run("SELECT id, owner, provider, name, state, pin_hash, wrong_pins, lock_seconds, lock_boot, lock_until, "
                 "account_id, account_email, created_at, last_used_at, email_verified, renewed_at FROM profile " +
                     std::string(where),
                 values, [&](const Row &row) {
                     ProfileRow p;
                     p.id = row.text(0);
                     p.owner = row.text(1);
                     p.provider = row.text(2);
                     p.name = row.text(3);
                     p.state = row.text(4);
                     p.pinHash = row.maybeText(5);
                     p.wrongPins = static_cast<int>(row.integer(6));
                     p.lockSeconds = static_cast<int>(row.integer(7));
                     p.lockBoot = row.text(8);
                     p.lockUntil = row.integer(9);
                     p.accountId = row.maybeText(10);
                     p.accountEmail = row.maybeText(11);
                     p.createdAt = fromUnix(row.integer(12));
                     if (const auto used = row.maybeInteger(13))
                         p.lastUsedAt = fromUnix(*used);
                     p.emailVerified = row.integer(14) != 0;
                     if (const auto renewed = row.maybeInteger(15))
                         p.renewedAt = fromUnix(*renewed);
                     rows.push_back(std::move(p));
                 });
    if (!r)
        return std::move(r).error();
    return rows;
}

Result<std::optional<ProfileRow>> ProfileTable::find(const std::string &id)
{
    auto rows = select("WHERE id=?", {id});
    if (!rows)
        return std::move(rows).error();
    return rows->empty() ? std::optional<ProfileRow>{} : std::optional(std::move(rows->front()));
}

Result<std::vector<ProfileRow>> ProfileTable::list(const std::string &owner)
{
    return select("WHERE owner=? ORDER BY name_key", {owner});
}

Result<std::vector<ProfileRow>> ProfileTable::all()
{
    return select("ORDER BY created_at", {});
}

Result<void> ProfileTable::refreshNameKeys()
{
    std::vector<std::array<std::string, 2>> changed;
    if (auto r = m_db.run("SELECT id, name, name_key FROM profile", {},
                          [&](const Row &row) {
                              if (nameKey(row.text(1)) != row.text(2))
                                  changed.push_back({row.text(0), nameKey(row.text(1))});
                          });
        !r)
        return r;
    for (const auto &[id, key] : changed)
        if (auto r = m_db.run("UPDATE profile SET name_key=? WHERE id=?", {key, id});
            !r && r.error().code != Errc::Conflict)
            return r;
    return {};
}

} // namespace connector
