// SPDX-License-Identifier: Apache-2.0
#include "core/log.h"
#include "portal/portal_store.h"
#include "store/database.h"

namespace connector::portal {

namespace {

constexpr Migration kMigrations[] = {{1, R"(
    CREATE TABLE request (
        id TEXT PRIMARY KEY,
        device_hash TEXT NOT NULL UNIQUE,
        user_hash TEXT NOT NULL UNIQUE,
        public_key BLOB NOT NULL,
        provider TEXT NOT NULL,
        device_name TEXT NOT NULL,
        device_place TEXT NOT NULL,
        domains TEXT NOT NULL,
        created INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        state INTEGER NOT NULL,
        refusal TEXT NOT NULL,
        entries INTEGER NOT NULL,
        sealed BLOB NOT NULL) WITHOUT ROWID;
    CREATE INDEX request_end ON request (state, expires);
    CREATE TABLE browser (
        hash TEXT PRIMARY KEY,
        request TEXT NOT NULL REFERENCES request(id) ON DELETE CASCADE,
        state_hash TEXT NOT NULL,
        connected INTEGER NOT NULL,
        notice TEXT NOT NULL,
        expires INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX browser_request ON browser (request);
    CREATE INDEX browser_end ON browser (expires);
)"},
                                     {2, R"(
    CREATE TABLE answer (
        id TEXT PRIMARY KEY,
        token_hash TEXT NOT NULL,
        sealed BLOB NOT NULL,
        expires INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX answer_end ON answer (expires);
)"}};

constexpr std::string_view kColumns =
    "id, device_hash, user_hash, public_key, provider, device_name, device_place, domains, created, expires, state, "
    "refusal, entries, sealed";

std::string joined(const std::vector<std::string> &domains)
{
    std::string all;
    for (const std::string &domain : domains)
        all += (all.empty() ? "" : ",") + domain;
    return all;
}

std::vector<std::string> split(std::string_view all)
{
    std::vector<std::string> parts;
    while (!all.empty()) {
        const auto comma = all.find(',');
        parts.emplace_back(all.substr(0, comma));
        all.remove_prefix(comma == std::string_view::npos ? all.size() : comma + 1);
    }
    return parts;
}

class SqlitePortalStore : public PortalStore {
public:
    explicit SqlitePortalStore(Database db) : m_db(std::move(db)) {}

    Result<void> add(const Authorization &a, std::int64_t mostLive) override
    {
        return m_db.transaction([&]() -> Result<void> {
            std::int64_t live = 0;
            if (auto r = m_db.run("SELECT count(*) FROM request WHERE state = 0 AND expires > ?", {toUnix(a.created)},
                                  [&](const Row &row) { live = row.integer(0); });
                !r)
                return r;
            if (live >= mostLive)
                return Error{Errc::Busy, "too many codes are waiting", "portal"};
            return m_db.run("INSERT INTO request (id, device_hash, user_hash, public_key, provider, device_name, "
                            "device_place, domains, created, expires, state, refusal, entries, sealed) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', 0, '')",
                            {a.id, a.deviceHash, a.userHash, a.publicKey, a.provider, a.deviceName, a.devicePlace,
                             joined(a.domains), toUnix(a.created), toUnix(a.expires)});
        });
    }

    Result<std::optional<Authorization>> byId(const std::string &id) override { return find("id", id); }
    Result<std::optional<Authorization>> byDevice(const std::string &hash) override
    {
        return find("device_hash", hash);
    }
    Result<std::optional<Authorization>> byUser(const std::string &hash) override { return find("user_hash", hash); }

    Result<void> enter(const BrowserSession &s, const std::string &oldSession) override
    {
        return m_db.transaction([&]() -> Result<void> {
            if (auto r = m_db.run("DELETE FROM browser WHERE hash = ?", {oldSession}); !r)
                return r;
            if (auto r = m_db.run("UPDATE request SET entries = entries + 1 WHERE id = ?", {s.authorization}); !r)
                return r;
            return m_db.run(
                "INSERT INTO browser (hash, request, state_hash, connected, notice, expires) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                {s.hash, s.authorization, s.stateHash, std::int64_t{s.connected}, s.notice, toUnix(s.expires)});
        });
    }

    Result<void> setRefusal(const std::string &id, const std::string &reason) override
    {
        return m_db.transaction([&] {
            return m_db.run("UPDATE request SET refusal = ? WHERE id = ? AND state = 0", {reason, id});
        });
    }

    Result<bool> grant(const std::string &id, const std::string &sealed, WallTime now, WallTime keepUntil) override
    {
        bool won = false;
        auto r = m_db.transaction([&]() -> Result<void> {
            // The names are for the page before the grant only.
            auto done = m_db.run("UPDATE request SET state = 1, sealed = ?, expires = ?, refusal = '', "
                                 "device_name = '', device_place = '', domains = '' "
                                 "WHERE id = ? AND state = 0 AND expires > ?",
                                 {sealed, toUnix(keepUntil), id, toUnix(now)});
            won = m_db.changes() == 1;
            return done;
        });
        if (!r)
            return std::move(r).error();
        return won;
    }

    Result<void> remove(const std::string &id) override
    {
        auto r = m_db.transaction([&] { return m_db.run("DELETE FROM request WHERE id = ?", {id}); });
        return r;
    }

    Result<std::optional<BrowserSession>> session(const std::string &hash) override
    {
        std::optional<BrowserSession> found;
        auto r = m_db.run("SELECT hash, request, state_hash, connected, notice, expires FROM browser "
                          "WHERE hash = ?",
                          {hash}, [&](const Row &row) {
                              found = BrowserSession{row.text(0),         row.text(1), row.text(2),
                                                     row.integer(3) != 0, row.text(4), fromUnix(row.integer(5))};
                          });
        if (!r)
            return std::move(r).error();
        return found;
    }

    Result<void> updateSession(const BrowserSession &s) override
    {
        return m_db.transaction([&] {
            return m_db.run("UPDATE browser SET state_hash = ?, connected = ?, notice = ?, expires = ? WHERE hash = ?",
                            {s.stateHash, std::int64_t{s.connected}, s.notice, toUnix(s.expires), s.hash});
        });
    }

    Result<bool> takeState(const std::string &sessionHash, const std::string &stateHash) override
    {
        bool taken = false;
        auto r = m_db.transaction([&]() -> Result<void> {
            auto done = m_db.run("UPDATE browser SET state_hash = '' WHERE hash = ? AND state_hash = ? "
                                 "AND state_hash <> ''",
                                 {sessionHash, stateHash});
            taken = m_db.changes() == 1;
            return done;
        });
        if (!r)
            return std::move(r).error();
        return taken;
    }

    Result<void> removeSession(const std::string &hash) override
    {
        return m_db.transaction([&] { return m_db.run("DELETE FROM browser WHERE hash = ?", {hash}); });
    }

    Result<void> keepAnswer(const std::string &grant, const KeptAnswer &a) override
    {
        return m_db.transaction([&] {
            return m_db.run("INSERT OR REPLACE INTO answer (id, token_hash, sealed, expires) VALUES (?, ?, ?, ?)",
                            {grant, a.tokenHash, a.sealed, toUnix(a.expires)});
        });
    }

    Result<std::optional<KeptAnswer>> answer(const std::string &grant) override
    {
        std::optional<KeptAnswer> found;
        auto r = m_db.run("SELECT token_hash, sealed, expires FROM answer WHERE id = ?", {grant}, [&](const Row &row) {
            found = KeptAnswer{row.text(0), row.text(1), fromUnix(row.integer(2))};
        });
        if (!r)
            return std::move(r).error();
        return found;
    }

    Result<void> forgetAnswer(const std::string &grant) override
    {
        return m_db.transaction([&] { return m_db.run("DELETE FROM answer WHERE id = ?", {grant}); });
    }

    Result<int> sweep(WallTime now, std::chrono::seconds tombstone) override
    {
        int gone = 0;
        auto r = m_db.transaction([&]() -> Result<void> {
            for (const char *sql : {"DELETE FROM browser WHERE expires <= ?", "DELETE FROM answer WHERE expires <= ?"})
                if (auto done = m_db.run(sql, {toUnix(now)}); !done)
                    return done;
            if (auto done = m_db.run("DELETE FROM request WHERE state = 1 AND expires <= ?", {toUnix(now)}); !done)
                return done;
            gone = m_db.changes();
            // Of a code that nobody used only its hash stays, and no name.
            if (auto done = m_db.run("UPDATE request SET device_name = '', device_place = '', domains = '', "
                                     "public_key = '' WHERE state = 0 AND expires <= ? AND public_key <> ''",
                                     {toUnix(now)});
                !done)
                return done;
            auto done = m_db.run("DELETE FROM request WHERE state = 0 AND expires <= ?", {toUnix(now - tombstone)});
            gone += m_db.changes();
            return done;
        });
        if (!r)
            return std::move(r).error();
        // What was deleted also leaves the write-ahead log.
        if (auto done = m_db.run("PRAGMA wal_checkpoint(TRUNCATE)"); !done)
            log::warning("portal", describe(done.error()));
        return gone;
    }

    Result<std::int64_t> liveCodes(WallTime now) override
    {
        std::int64_t live = 0;
        auto r = m_db.run("SELECT count(*) FROM request WHERE state = 0 AND expires > ?", {toUnix(now)},
                          [&](const Row &row) { live = row.integer(0); });
        if (!r)
            return std::move(r).error();
        return live;
    }

private:
    Result<std::optional<Authorization>> find(std::string_view column, const std::string &value)
    {
        if (value.empty())
            return std::optional<Authorization>();
        std::optional<Authorization> found;
        const std::string sql =
            "SELECT " + std::string(kColumns) + " FROM request WHERE " + std::string(column) + " = ?";
        auto r = m_db.run(sql, {value}, [&](const Row &row) {
            Authorization a;
            a.id = row.text(0);
            a.deviceHash = row.text(1);
            a.userHash = row.text(2);
            a.publicKey = row.text(3);
            a.provider = row.text(4);
            a.deviceName = row.text(5);
            a.devicePlace = row.text(6);
            a.domains = split(row.text(7));
            a.created = fromUnix(row.integer(8));
            a.expires = fromUnix(row.integer(9));
            a.state = row.integer(10) == 1 ? Authorization::State::Granted : Authorization::State::Pending;
            a.refusal = row.text(11);
            a.entries = static_cast<int>(row.integer(12));
            a.sealed = row.text(13);
            found = std::move(a);
        });
        if (!r)
            return std::move(r).error();
        return found;
    }

    Database m_db;
};

} // namespace

Result<std::unique_ptr<PortalStore>> openSqlitePortalStore(const std::filesystem::path &file)
{
    auto db = Database::open(file, kMigrations);
    if (!db)
        return std::move(db).error();
    // Deleted means overwritten, not only unlinked.
    if (auto r = db->run("PRAGMA secure_delete = ON"); !r)
        return std::move(r).error();
    return std::unique_ptr<PortalStore>(std::make_unique<SqlitePortalStore>(std::move(*db)));
}

} // namespace connector::portal
