// SPDX-License-Identifier: Apache-2.0
#include "store/sealing.h"

#include "core/log.h"

namespace connector {

namespace {

struct OldTable {
    const char *name;
    const char *id;
    std::vector<const char *> sealed;
    const char *nameOwner = nullptr; // the SQL for whose the name is, where there is a name_key
};

const std::vector<OldTable> &oldTables()
{
    static const std::vector<OldTable> tables{{"job", "id", {"detail"}},
                                              {"profile", "id", {"name", "account_id", "account_email"}, "owner"},
                                              {"shortcut", "id", {"name", "target", "target_name", "wish"}, "owner"},
                                              {"person", "id", {"name"}, "''"},
                                              {"audit", "number", {"who_name", "detail"}}};
    return tables;
}

// Of every row where the column is no blob, thus not sealed yet; `with` is one more column or text for `sealed`.
Result<void> sealColumn(Database &db, const OldTable &table, const std::string &column, const std::string &with,
                        const std::function<Blob(const std::string &with, const std::string &text)> &sealed)
{
    std::vector<std::array<std::string, 3>> old;
    const std::string id = table.id;
    if (auto r = db.run("SELECT " + id + ", " + with + ", " + column + " FROM " + table.name + " WHERE typeof(" +
                            column + ")='text'",
                        {},
                        [&](const Row &row) {
                            old.push_back({row.text(0), row.text(1), row.text(2)});
                        });
        !r)
        return r;
    const std::string update = std::string("UPDATE ") + table.name + " SET " + column + "=? WHERE " + id + "=?";
    for (const auto &[row, more, text] : old)
        if (auto r = db.run(update, {sealed(more, text), row}); !r)
            return r;
    return {};
}

Result<void> sealTable(Database &db, const Vault &vault, const OldTable &table)
{
    const Sealing sealing(vault, table.name);
    for (const char *column : table.sealed) {
        const auto seal = [&](const std::string &id, const std::string &text) {
            return sealing.seal(column, id, text);
        };
        if (auto r = sealColumn(db, table, column, table.id, seal); !r)
            return r;
    }
    if (table.nameOwner == nullptr)
        return {};
    return sealColumn(db, table, "name_key", table.nameOwner,
                      [&](const std::string &owner, const std::string &key) { return sealing.nameHash(owner, key); });
}

} // namespace

Blob Sealing::seal(const char *column, const std::string &id, const std::string &text) const
{
    return m_vault.sealCell({place(column), id}, text);
}

Blob Sealing::nameHash(const std::string &owner, const std::string &nameKey) const
{
    return {m_vault.keyedHash(place("name_key"), owner + '\0' + nameKey)};
}

Result<std::string> Sealing::open(const char *column, const std::string &id, const Row &row, int index) const
{
    return m_vault.openCell({place(column), id}, row.isBlob(index) ? row.text(index) : std::string());
}

std::string Sealing::open(const char *column, const std::string &id, const Row &row, int index,
                          Result<void> &failed) const
{
    auto text = open(column, id, row, index);
    if (!text)
        failed = text.error();
    return text ? *std::move(text) : std::string();
}

bool Sealing::leavesOut(Damaged damaged, const std::string &id, const std::string &remedy, Result<void> &failed)
{
    const bool out = !failed && damaged == Damaged::LeftOut;
    if (out && m_told.insert(id).second)
        log::error("store", "a " + m_table + " is left out, for it does not open: " + id +
                                (remedy.empty() ? "" : " (\"" + remedy + "\" removes it)"));
    if (damaged != Damaged::Refused)
        failed = {};
    return out;
}

Result<void> sealOldRows(Database &db, const Vault &vault)
{
    std::vector<std::string> due;
    if (auto r = db.run("SELECT name FROM unsealed", {}, [&](const Row &row) { due.push_back(row.text(0)); }); !r)
        return r;
    if (due.empty())
        return {};
    auto sealed = db.transaction([&]() -> Result<void> {
        for (const OldTable &table : oldTables())
            if (std::find(due.begin(), due.end(), table.name) != due.end())
                if (auto r = sealTable(db, vault, table); !r)
                    return r;
        return {};
    });
    if (!sealed)
        return sealed;
    // Noted as done behind it: what fails or dies before is done at the next start.
    if (auto r = db.rewrite(); !r) {
        log::warning("store", "plain text of before may remain in free places of the database: " + describe(r.error()));
        return {};
    }
    if (auto r = db.run("DELETE FROM unsealed"); !r) // everything is sealed: it is only looked at once more
        log::warning("store", "that everything is sealed could not be noted: " + describe(r.error()));
    return {};
}

} // namespace connector
