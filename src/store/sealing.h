// SPDX-License-Identifier: Apache-2.0
// Columns that only the master key opens: what people print and scan, and what they and their accounts are called.
#pragma once

#include "core/name.h"
#include "store/vault.h"

#include <algorithm>
#include <set>

namespace connector {

// Rows of which something does not open any more: are an error, are left out, or come without what does not open.
enum class Damaged { Refused, LeftOut, Kept };

// Of one table. Sealed text is stored as a blob, bound to its column and row; keys for finding as keyed hashes.
class Sealing {
public:
    Sealing(const Vault &vault, std::string table) : m_vault(vault), m_table(std::move(table)) {}

    Blob seal(const char *column, const std::string &id, const std::string &text) const;
    // Of a name, for telling that it is taken: `owner` is whose name it is, where each has names of their own.
    Blob nameHash(const std::string &owner, const std::string &nameKey) const;
    // DataLoss (stable "secret-unreadable"), also for plain text.
    Result<std::string> open(const char *column, const std::string &id, const Row &row, int index) const;
    // The same for a statement's rows: "" where it fails, and why in `failed`.
    std::string open(const char *column, const std::string &id, const Row &row, int index, Result<void> &failed) const;
    // Of a statement's row that was opened so: whether it is left out. That is logged once for each, with the `remedy`,
    // and `failed` is forgotten where it is not to be an error.
    bool leavesOut(Damaged damaged, const std::string &id, const std::string &remedy, Result<void> &failed);

private:
    std::string place(const char *column) const { return m_table + "." + column; }

    const Vault &m_vault;
    std::string m_table;
    std::set<std::string> m_told; // what was left out
};

// What the database cannot sort, for it has no names.
template <class Named>
void sortByName(std::vector<Named> &rows)
{
    std::vector<std::pair<std::string, Named>> keyed;
    for (Named &row : rows)
        keyed.emplace_back(nameKey(row.name), std::move(row));
    std::stable_sort(keyed.begin(), keyed.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = std::move(keyed[i].second);
}

// Seals what older versions wrote as plain text, once, and leaves nothing of that text in the file or its WAL. What a
// death in between left undone is done at the next start. Before any of the tables is used.
Result<void> sealOldRows(Database &db, const Vault &vault);

} // namespace connector
