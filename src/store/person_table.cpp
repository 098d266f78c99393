// SPDX-License-Identifier: Apache-2.0
#include "store/person_table.h"

#include "core/name.h"

namespace connector {

Result<void> PersonTable::put(const PersonRow &row)
{
    return m_db.run(
        "INSERT INTO person (id, name, name_key, source, administrator, open, password_hash, pin_key, card_key, "
        "created_at, last_signed_in_at) VALUES (?,?,?,?,?,?,?,?,?,?,?) "
        "ON CONFLICT (id) DO UPDATE SET name=excluded.name, name_key=excluded.name_key, "
        "administrator=excluded.administrator, open=excluded.open, password_hash=excluded.password_hash, "
        "pin_key=excluded.pin_key, card_key=excluded.card_key, last_signed_in_at=excluded.last_signed_in_at",
        {row.id, m_sealing.seal("name", row.id, row.name), m_sealing.nameHash("", row.nameKey),
         row.directory ? "directory" : "own", std::int64_t{row.administrator}, std::int64_t{row.open},
         valueOrNull(row.passwordHash), valueOrNull(row.pinKey), valueOrNull(row.cardKey), toUnix(row.createdAt),
         valueOrNull(row.lastSignedInAt)});
}

Result<void> PersonTable::remove(const std::string &id)
{
    return m_db.run("DELETE FROM person WHERE id=?", {id});
}

Result<std::vector<PersonRow>> PersonTable::select(std::string_view where, std::initializer_list<SqlValue> values)
{
    std::vector<PersonRow> rows;
    Result<void> opened;
    auto r = m_db.run("SELECT id, name, source, administrator, open, password_hash, pin_key, card_key, "
                      "created_at, last_signed_in_at FROM person " +
                          std::string(where),
                      values, [&](const Row &row) {
                          PersonRow p;
                          p.id = row.text(0);
                          p.name = m_sealing.open("name", p.id, row, 1, opened);
                          p.nameKey = nameKey(p.name);
                          p.directory = row.text(2) == "directory";
                          p.administrator = row.integer(3) != 0;
                          p.open = row.integer(4) != 0;
                          p.passwordHash = row.maybeText(5);
                          p.pinKey = row.maybeText(6);
                          p.cardKey = row.maybeText(7);
                          p.createdAt = fromUnix(row.integer(8));
                          if (const auto at = row.maybeInteger(9))
                              p.lastSignedInAt = fromUnix(*at);
                          rows.push_back(std::move(p));
                      });
    if (!r || !opened)
        return !r ? r.error() : opened.error();
    return rows;
}

Result<std::optional<PersonRow>> PersonTable::one(std::string_view where, std::initializer_list<SqlValue> values)
{
    auto rows = select(where, values);
    if (!rows)
        return std::move(rows).error();
    return rows->empty() ? std::optional<PersonRow>{} : std::optional(std::move(rows->front()));
}

Result<std::optional<PersonRow>> PersonTable::find(const std::string &id)
{
    return one("WHERE id=?", {id});
}

Result<std::optional<PersonRow>> PersonTable::findOwnName(const std::string &nameKey)
{
    return one("WHERE name_key=? AND source='own'", {m_sealing.nameHash("", nameKey)});
}

Result<std::optional<PersonRow>> PersonTable::findPin(const std::string &pinKey)
{
    return one("WHERE pin_key=?", {pinKey});
}

Result<std::optional<PersonRow>> PersonTable::findCard(const std::string &cardKey)
{
    return one("WHERE card_key=?", {cardKey});
}

Result<std::vector<PersonRow>> PersonTable::all()
{
    auto rows = select("ORDER BY id", {});
    if (rows)
        sortByName(*rows);
    return rows;
}

Result<std::vector<TryRow>> TryTable::all()
{
    std::vector<TryRow> rows;
    auto r = m_db.run("SELECT door, wrong, wait, boot, at FROM sign_in_try", {}, [&](const Row &row) {
        rows.push_back({row.text(0), static_cast<int>(row.integer(1)), row.integer(2), row.text(3), row.integer(4)});
    });
    if (!r)
        return std::move(r).error();
    return rows;
}

Result<void> TryTable::put(const TryRow &row)
{
    return m_db.run("INSERT INTO sign_in_try (door, wrong, wait, boot, at) VALUES (?,?,?,?,?) ON CONFLICT (door) DO "
                    "UPDATE SET wrong=excluded.wrong, wait=excluded.wait, boot=excluded.boot, at=excluded.at",
                    {row.door, std::int64_t{row.wrong}, row.wait, row.boot, row.at});
}

Result<void> TryTable::remove(const std::string &door)
{
    return m_db.run("DELETE FROM sign_in_try WHERE door=?", {door});
}

} // namespace connector
