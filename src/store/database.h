// SPDX-License-Identifier: Apache-2.0
// SQLite as the product uses it: one connection on one thread, WAL, synced commits, numbered migrations.
#pragma once

#include "core/result.h"
#include "core/time.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace connector {

class Database;

struct Blob {
    std::string bytes;
};
using SqlValue = std::variant<std::nullptr_t, std::int64_t, std::string, Blob>; // strings as they are, NULs too
SqlValue valueOrNull(const std::optional<std::string> &text);
SqlValue valueOrNull(const std::optional<WallTime> &time); // Unix seconds

// One row of a result, valid until the next step.
class Row {
public:
    std::int64_t integer(int column) const;
    std::string text(int column) const; // also for blobs
    bool isNull(int column) const;
    bool isBlob(int column) const;
    std::optional<std::int64_t> maybeInteger(int column) const;
    std::optional<std::string> maybeText(int column) const;

private:
    friend class Database;
    explicit Row(sqlite3_stmt *statement) : m_statement(statement) {}
    sqlite3_stmt *m_statement;
};

// A numbered step of a schema: its SQL runs once, in one transaction, in order.
struct Migration {
    int version; // 1, 2, 3, …
    std::string_view sql;
};

// Not thread-safe: all calls from the thread that owns it. Errors are LocalIo (stable "disk-full" where it is that,
// "store-damaged" where the file is not a sound database), Conflict for a violated uniqueness.
class Database {
public:
    // Opens or creates the file (mode 0600) and brings its schema up to date. A file that a newer version wrote is
    // refused (Unsupported).
    static Result<Database> open(const std::filesystem::path &path, std::span<const Migration> migrations);
    Database(Database &&other) noexcept;
    Database &operator=(Database &&other) = delete;
    ~Database();

    // Runs one statement; onRow is called for each row.
    Result<void> run(std::string_view sql, std::initializer_list<SqlValue> values = {},
                     const std::function<void(const Row &)> &onRow = {});
    // Rows that the last INSERT, UPDATE or DELETE changed.
    int changes() const;

    // Runs `work` in one transaction: committed and synced when it returns fine, rolled back otherwise. Nested calls
    // join the outer one.
    Result<void> transaction(const std::function<Result<void>()> &work);

    // Writes the file anew and empties its WAL: nothing of what was removed or changed before is left in them.
    Result<void> rewrite();

    // A door for tests: called around each transaction's commit with its number, counted from 1.
    enum class CommitPhase { Before, After };
    void onCommit(std::function<void(int number, CommitPhase phase)> hook) { m_commitHook = std::move(hook); }

private:
    explicit Database(sqlite3 *db) : m_db(db) {}
    Result<sqlite3_stmt *> prepare(std::string_view sql);
    Error error(std::string_view what) const;
    Result<void> migrate(std::span<const Migration> migrations);

    sqlite3 *m_db;
    std::vector<std::pair<std::string, sqlite3_stmt *>> m_statements; // prepared ones, kept
    int m_depth = 0;
    int m_commits = 0;
    std::function<void(int, CommitPhase)> m_commitHook;
};

} // namespace connector
