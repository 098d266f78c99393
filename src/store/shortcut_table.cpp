// SPDX-License-Identifier: Apache-2.0
#include "store/shortcut_table.h"

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

Result<void> ShortcutTable::insert(const ShortcutRow &row)
{
    const auto seal = [&](const char *column, const std::string &text) { return m_sealing.seal(column, row.id, text); };
    return named(
        m_db.run("INSERT INTO shortcut (id, owner, profile, kind, name, name_key, target, target_name, wish, pinned, "
                 "problem, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                 {row.id, row.owner, row.profile, row.kind, seal("name", row.name),
                  m_sealing.nameHash(row.owner, nameKey(row.name)), seal("target", row.target),
                  seal("target_name", row.targetName), seal("wish", row.wish), std::int64_t{row.pinned ? 1 : 0},
                  row.problem, toUnix(row.createdAt)}));
}

Result<void> ShortcutTable::update(const ShortcutRow &row)
{
    const auto seal = [&](const char *column, const std::string &text) { return m_sealing.seal(column, row.id, text); };
    return named(m_db.run("UPDATE shortcut SET name=?, name_key=?, target=?, target_name=?, wish=?, pinned=?, "
                          "problem=?, last_used_at=? WHERE id=?",
                          {seal("name", row.name), m_sealing.nameHash(row.owner, nameKey(row.name)),
                           seal("target", row.target), seal("target_name", row.targetName), seal("wish", row.wish),
                           std::int64_t{row.pinned ? 1 : 0}, row.problem, valueOrNull(row.lastUsedAt), row.id}));
}

Result<void> ShortcutTable::remove(const std::string &id)
{
    return m_db.run("DELETE FROM shortcut WHERE id=?", {id});
}

Result<void> ShortcutTable::removeOrphans()
{
    return m_db.run("DELETE FROM shortcut WHERE profile NOT IN (SELECT id FROM profile)");
}

Result<std::vector<ShortcutRow>> ShortcutTable::select(std::string_view where, std::initializer_list<SqlValue> values,
                                                       Damaged damaged)
{
    std::vector<ShortcutRow> rows;
    Result<void> opened;
    auto r = m_db.run("SELECT id, owner, profile, kind, name, target, target_name, wish, pinned, problem, created_at, "
                      "last_used_at FROM shortcut " +
                          std::string(where),
                      values, [&](const Row &row) {
                          ShortcutRow s;
                          s.id = row.text(0);
                          s.owner = row.text(1);
                          s.profile = row.text(2);
                          s.kind = row.text(3);
                          s.name = m_sealing.open("name", s.id, row, 4, opened);
                          s.target = m_sealing.open("target", s.id, row, 5, opened);
                          s.targetName = m_sealing.open("target_name", s.id, row, 6, opened);
                          s.wish = m_sealing.open("wish", s.id, row, 7, opened);
                          s.pinned = row.integer(8) != 0;
                          s.problem = row.text(9);
                          s.createdAt = fromUnix(row.integer(10));
                          if (const auto used = row.maybeInteger(11))
                              s.lastUsedAt = fromUnix(*used);
                          if (!m_sealing.leavesOut(damaged, s.id, {}, opened))
                              rows.push_back(std::move(s));
                      });
    if (!r || !opened)
        return !r ? r.error() : opened.error();
    return rows;
}

Result<std::optional<ShortcutRow>> ShortcutTable::find(const std::string &id)
{
    auto rows = select("WHERE id=?", {id}, Damaged::Refused);
    if (!rows)
        return std::move(rows).error();
    return rows->empty() ? std::optional<ShortcutRow>{} : std::optional(std::move(rows->front()));
}

Result<std::vector<ShortcutRow>> ShortcutTable::list(const std::string &owner)
{
    auto rows = select("WHERE owner=?", {owner}, Damaged::LeftOut);
    if (rows)
        sortByName(*rows);
    return rows;
}

Result<std::vector<ShortcutRow>> ShortcutTable::ofProfile(const std::string &profile)
{
    auto rows = select("WHERE profile=?", {profile}, Damaged::LeftOut);
    if (rows)
        sortByName(*rows);
    return rows;
}

} // namespace connector
