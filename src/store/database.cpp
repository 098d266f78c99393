// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include <sqlite3.h>

#include <sys/stat.h>

namespace connector {

SqlValue valueOrNull(const std::optional<std::string> &text)
{
    return text ? SqlValue(*text) : SqlValue(nullptr);
}

SqlValue valueOrNull(const std::optional<WallTime> &time)
{
    return time ? SqlValue(toUnix(*time)) : SqlValue(nullptr);
}

std::int64_t Row::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::string Row::text(int column) const
{
    const void *bytes = sqlite3_column_blob(m_statement, column);
    const int size = sqlite3_column_bytes(m_statement, column);
    return size == 0 ? std::string() : std::string(static_cast<const char *>(bytes), static_cast<std::size_t>(size));
}

bool Row::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

bool Row::isBlob(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_BLOB;
}

std::optional<std::int64_t> Row::maybeInteger(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<std::string> Row::maybeText(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(text(column));
}

Database::Database(Database &&other) noexcept
    : m_db(std::exchange(other.m_db, nullptr)), m_statements(std::move(other.m_statements)), m_depth(other.m_depth),
      m_commits(other.m_commits), m_commitHook(std::move(other.m_commitHook))
{
    other.m_statements.clear();
}

Database::~Database()
{
    for (const auto &[sql, statement] : m_statements)
        sqlite3_finalize(statement);
    sqlite3_close_v2(m_db);
}

Error Database::error(std::string_view what) const
{
    Error e{Errc::LocalIo, std::string(what) + ": " + sqlite3_errmsg(m_db), "store",
            std::to_string(sqlite3_extended_errcode(m_db))};
    switch (sqlite3_errcode(m_db) & 0xFF) { // the primary code
    case SQLITE_FULL:
        e.stable = "disk-full";
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        e.stable = "store-damaged";
        break;
    case SQLITE_CONSTRAINT:
        e.code = Errc::Conflict;
        break;
    default:
        break;
    }
    return e;
}

Result<Database> Database::open(const std::filesystem::path &path, std::span<const Migration> migrations)
{
    const mode_t before = ::umask(0077); // the file and its WAL are the owner's alone
    sqlite3 *handle = nullptr;
    const int rc = sqlite3_open_v2(
        path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        nullptr);
    Database db(handle);
    if (rc != SQLITE_OK) {
        ::umask(before);
        return db.error("open database");
    }
    sqlite3_busy_timeout(handle, 5000);
    Result<void> ready;
    // secure_delete: a deleted token must not stay readable in a free page; temp_store: nor come into another file.
    for (const char *pragma :
         {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA secure_delete=ON",
          "PRAGMA temp_store=MEMORY", "PRAGMA cache_size=-1024", "PRAGMA trusted_schema=OFF"})
        if (ready)
            ready = db.run(pragma);
    if (ready)
        ready = db.migrate(migrations);
    ::umask(before);
    if (!ready)
        return std::move(ready).error();
    return db;
}

Result<void> Database::migrate(std::span<const Migration> migrations)
{
    int version = 0;
    if (auto r = run("PRAGMA user_version", {}, [&](const Row &row) { version = static_cast<int>(row.integer(0)); });
        !r)
        return r;
    if (!migrations.empty() && version > migrations.back().version)
        return Error{Errc::Unsupported, "the database was written by a newer version", "store", {}, 0, {},
                     "store-newer"};
    for (const Migration &step : migrations) {
        if (step.version <= version)
            continue;
        auto r = transaction([&]() -> Result<void> {
            const std::string sql(step.sql);
            if (sqlite3_exec(m_db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
                return error("migration " + std::to_string(step.version));
            return run("PRAGMA user_version=" + std::to_string(step.version));
        });
        if (!r)
            return r;
    }
    return {};
}

Result<sqlite3_stmt *> Database::prepare(std::string_view sql)
{
    for (const auto &[known, statement] : m_statements)
        if (known == sql)
            return statement;
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v3(m_db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr) != SQLITE_OK)
        return error("prepare");
    m_statements.emplace_back(std::string(sql), statement);
    return statement;
}

Result<void> Database::run(std::string_view sql, std::initializer_list<SqlValue> values,
                           const std::function<void(const Row &)> &onRow)
{
    auto prepared = prepare(sql);
    if (!prepared)
        return std::move(prepared).error();
    sqlite3_stmt *const statement = *prepared;
    int index = 0;
    for (const SqlValue &value : values) {
        ++index;
        int rc = SQLITE_OK;
        if (const auto *number = std::get_if<std::int64_t>(&value))
            rc = sqlite3_bind_int64(statement, index, *number);
        else if (const auto *string = std::get_if<std::string>(&value))
            rc = sqlite3_bind_text64(statement, index, string->data(), string->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        else if (const auto *blob = std::get_if<Blob>(&value))
            rc = sqlite3_bind_blob64(statement, index, blob->bytes.data(), blob->bytes.size(), SQLITE_TRANSIENT);
        else
            rc = sqlite3_bind_null(statement, index);
        if (rc != SQLITE_OK) {
            sqlite3_clear_bindings(statement);
            return error("bind");
        }
    }
    int rc = SQLITE_ROW;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW)
        if (onRow)
            onRow(Row(statement));
    Result<void> result;
    if (rc != SQLITE_DONE)
        result = error("step");
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result;
}

int Database::changes() const
{
    return sqlite3_changes(m_db);
}

Result<void> Database::rewrite()
{
    if (auto r = run("VACUUM"); !r)
        return r;
    bool whole = false;
    if (auto r = run("PRAGMA wal_checkpoint(TRUNCATE)", {}, [&](const Row &row) { whole = row.integer(0) == 0; }); !r)
        return r;
    return whole ? Result<void>() : Result<void>(Error{Errc::Busy, "the WAL is in use and was not emptied", "store"});
}

Result<void> Database::transaction(const std::function<Result<void>()> &work)
{
    if (m_depth > 0)
        return work();
    if (auto r = run("BEGIN IMMEDIATE"); !r)
        return r;
    ++m_depth;
    Result<void> result = work();
    --m_depth;
    if (result) {
        if (m_commitHook)
            m_commitHook(++m_commits, CommitPhase::Before);
        result = run("COMMIT");
        if (result && m_commitHook)
            m_commitHook(m_commits, CommitPhase::After);
    }
    if (!result && sqlite3_get_autocommit(m_db) == 0)
        (void)run("ROLLBACK");
    return result;
}

} // namespace connector
