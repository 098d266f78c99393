// SPDX-License-Identifier: Apache-2.0
// The store of several instances behind a balancer. Each call is one transaction whose statements decide by themselves
// (no value is read, judged here and written back), so instances need no agreement beyond the database's own.
#include "core/encoding.h"
#include "portal/portal_store.h"
#include "portal/postgres_connections.h"

#include <mutex>

namespace connector::portal {

namespace {

// Each runs once, in order, under a lock that instances share.
constexpr const char *kMigrations[] = {R"(
    CREATE TABLE portal_key (name TEXT NOT NULL);
    CREATE TABLE request (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        device_hash TEXT NOT NULL UNIQUE,
        user_hash TEXT NOT NULL UNIQUE,
        public_key TEXT NOT NULL,
        provider TEXT NOT NULL,
        device_name TEXT NOT NULL,
        device_place TEXT NOT NULL,
        domains TEXT NOT NULL,
        created BIGINT NOT NULL,
        expires BIGINT NOT NULL,
        state INTEGER NOT NULL DEFAULT 0,
        refusal TEXT NOT NULL DEFAULT '',
        entries INTEGER NOT NULL DEFAULT 0,
        sealed TEXT NOT NULL DEFAULT '');
    CREATE INDEX request_end ON request (state, expires);
    CREATE TABLE browser (
        hash TEXT PRIMARY KEY,
        request BIGINT NOT NULL REFERENCES request(id) ON DELETE CASCADE,
        state_hash TEXT NOT NULL,
        connected BOOLEAN NOT NULL,
        notice TEXT NOT NULL,
        expires BIGINT NOT NULL);
    CREATE INDEX browser_request ON browser (request);
    CREATE INDEX browser_end ON browser (expires);
    CREATE TABLE answer (id TEXT PRIMARY KEY, token_hash TEXT NOT NULL, sealed TEXT NOT NULL, expires BIGINT NOT NULL);
    CREATE TABLE lease (name TEXT PRIMARY KEY, owner TEXT NOT NULL, until BIGINT NOT NULL);
    CREATE TABLE seen (id TEXT PRIMARY KEY, until BIGINT NOT NULL);
    -- What may begin anew after a crash of the database: how fast devices ask, and how often somebody tried.
    CREATE UNLOGGED TABLE pace (
        device_hash TEXT PRIMARY KEY,
        polled BIGINT NOT NULL,
        wait BIGINT NOT NULL,
        early BOOLEAN NOT NULL);
    CREATE UNLOGGED TABLE tries (
        name TEXT PRIMARY KEY,
        left_over DOUBLE PRECISION NOT NULL,
        at BIGINT NOT NULL,
        full_at BIGINT NOT NULL);
)"};

constexpr std::pair<const char *, const char *> kStatements[] = {
    {"add", "INSERT INTO request (device_hash, user_hash, public_key, provider, device_name, device_place, domains, "
            "created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id"},
    {"live", "SELECT count(*) FROM request WHERE state = 0 AND expires > $1"},
    {"by_id", "SELECT id, device_hash, user_hash, public_key, provider, device_name, device_place, domains, created, "
              "expires, state, refusal, entries, sealed FROM request WHERE id = $1"},
    {"by_user", "SELECT id, device_hash, user_hash, public_key, provider, device_name, device_place, domains, "
                "created, expires, state, refusal, entries, sealed FROM request WHERE user_hash = $1"},
    {"found", "SELECT expires, state, refusal, domains, sealed FROM request WHERE device_hash = $1"},
    // $2: a test's clock, and $6: the leeway, in milliseconds; $3: the first interval, $4: slower by, $5: forgotten
    // after, in seconds. On the right of SET, p has the old values. The database's clock, because those of two
    // instances that a device reaches by turns need not agree.
    {"poll", "INSERT INTO pace AS p (device_hash, polled, wait, early) VALUES ($1, "
             "coalesce($2::bigint, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint), $3, false) "
             "ON CONFLICT (device_hash) DO UPDATE SET polled = excluded.polled, "
             "early = (excluded.polled >= p.polled AND excluded.polled - p.polled + $6 < p.wait * 1000), "
             "wait = CASE WHEN excluded.polled - p.polled > $5 * 1000 THEN $3 "
             "WHEN excluded.polled >= p.polled AND excluded.polled - p.polled + $6 < p.wait * 1000 "
             "THEN p.wait + $4 ELSE p.wait END "
             "RETURNING early, wait"},
    {"leave", "DELETE FROM browser WHERE hash = $1"},
    {"count_entry", "UPDATE request SET entries = entries + 1 WHERE id = $1 AND state = 0 AND entries < $2"},
    {"enter", "INSERT INTO browser (hash, request, state_hash, connected, notice, expires) "
              "VALUES ($1, $2, $3, $4, $5, $6)"},
    {"refusal", "UPDATE request SET refusal = $2 WHERE id = $1 AND state = 0"},
    // The names are for the page before the grant only.
    {"grant", "UPDATE request SET state = 1, sealed = $2, expires = $3, refusal = '', device_name = '', "
              "device_place = '', domains = '' WHERE id = $1 AND state = 0 AND expires > $4"},
    {"remove", "DELETE FROM request WHERE device_hash = $1"},
    {"remove_pace", "DELETE FROM pace WHERE device_hash = $1"},
    {"session", "SELECT hash, request, state_hash, connected, notice, expires FROM browser WHERE hash = $1"},
    {"connected", "UPDATE browser SET connected = true, notice = '' WHERE hash = $1"},
    {"state", "UPDATE browser SET state_hash = $2, notice = '' WHERE hash = $1"},
    {"take_state", "UPDATE browser SET state_hash = '' WHERE hash = $1 AND state_hash = $2 AND state_hash <> ''"},
    {"notice", "UPDATE browser SET notice = $2 WHERE hash = $1"},
    {"keep", "INSERT INTO answer (id, token_hash, sealed, expires) VALUES ($1, $2, $3, $4) "
             "ON CONFLICT (id) DO UPDATE SET token_hash = $2, sealed = $3, expires = $4"},
    {"answer", "SELECT token_hash, sealed, expires FROM answer WHERE id = $1"},
    {"forget", "DELETE FROM answer WHERE id = $1"},
    {"lease", "INSERT INTO lease AS l (name, owner, until) VALUES ($1, $2, $4) ON CONFLICT (name) "
              "DO UPDATE SET owner = $2, until = $4 WHERE l.owner = $2 OR l.until <= $3"},
    {"end_lease", "DELETE FROM lease WHERE name = $1 AND owner = $2"},
    {"seen", "INSERT INTO seen (id, until) VALUES ($1, $2) ON CONFLICT DO NOTHING"},
    // $2: burst, $3: per second, $4: now.
    {"try", "INSERT INTO tries AS t (name, left_over, at, full_at) "
            "VALUES ($1, $2::float8 - 1, $4::bigint, $4::bigint + ceil(1 / $3::float8)::bigint) "
            "ON CONFLICT (name) DO UPDATE SET "
            "left_over = least($2::float8, t.left_over + greatest(0, $4 - t.at) * $3::float8) - 1, "
            "at = greatest(t.at, $4), full_at = $4 + ceil($2::float8 / $3::float8)::bigint "
            "WHERE least($2::float8, t.left_over + greatest(0, $4 - t.at) * $3::float8) >= 1"},
    {"wait", "SELECT 1 - least($2::float8, left_over + greatest(0, $4::bigint - at) * $3::float8) FROM tries "
             "WHERE name = $1"},
    {"give_back", "UPDATE tries SET left_over = least($2::float8, left_over + 1) WHERE name = $1"},
};

// Fixed numbers of this product's locks.
constexpr const char *kLockSchema = "SELECT pg_advisory_xact_lock(782104, 1)";
// Nobody waits for longer behind somebody who locks a table; only the sweep may have much to do. What PostgreSQL does
// not end by itself, Connections does.
constexpr const char *kStatementLimit = "SET statement_timeout = '5s'";
constexpr const char *kSweepsLimit = "SET LOCAL statement_timeout = '60s'";
constexpr std::chrono::seconds kSweepsPatience{70};
constexpr std::chrono::seconds kMigrationsPatience{120};
constexpr const char *kLockCount = "SELECT pg_advisory_xact_lock(782104, 2)";

std::string unpacked(const pqxx::field &field)
{
    auto bytes = fromBase64Url(field.as<std::string>());
    return bytes ? *bytes : std::string();
}

Authorization authorizationOf(const pqxx::row &row)
{
    Authorization a;
    a.id = row[0].as<std::string>();
    a.deviceHash = row[1].as<std::string>();
    a.userHash = row[2].as<std::string>();
    a.publicKey = unpacked(row[3]);
    a.provider = row[4].as<std::string>();
    a.deviceName = row[5].as<std::string>();
    a.devicePlace = row[6].as<std::string>();
    a.domains = splitDomains(row[7].as<std::string>());
    a.created = fromUnix(row[8].as<std::int64_t>());
    a.expires = fromUnix(row[9].as<std::int64_t>());
    a.state = row[10].as<int>() == 1 ? Authorization::State::Granted : Authorization::State::Pending;
    a.refusal = row[11].as<std::string>();
    a.entries = row[12].as<int>();
    a.sealed = unpacked(row[13]);
    return a;
}

class PostgresPortalStore : public PortalStore {
public:
    PostgresPortalStore(const std::string &where, unsigned most, FineClock clock)
        : m_connections(where, most, prepare), m_clock(std::move(clock))
    {
    }

    Result<void> add(Authorization &a, std::int64_t mostLive) override
    {
        return m_connections.run<void>([&](pqxx::work &db) -> Result<void> {
            if (crowded(mostLive)) {
                // From here on instances count one after the other, so that together they never make too many.
                db.exec(kLockCount);
                const auto live = db.exec_prepared1("live", toUnix(a.created))[0].as<std::int64_t>();
                counted(live);
                if (live >= mostLive)
                    return Error{Errc::Busy, "too many codes are waiting", "portal"};
            }
            const auto made =
                db.exec_prepared("add", a.deviceHash, a.userHash, toBase64Url(a.publicKey), a.provider, a.deviceName,
                                 a.devicePlace, joinDomains(a.domains), toUnix(a.created), toUnix(a.expires));
            if (made.empty())
                return Error{Errc::Conflict, "the code is taken", "portal"};
            a.id = made[0][0].as<std::string>();
            const std::scoped_lock lock(m_mutex);
            ++m_added;
            return {};
        });
    }

    Result<std::optional<Authorization>> byId(const std::string &id) override { return find("by_id", id); }
    Result<std::optional<Authorization>> byUser(const std::string &hash) override { return find("by_user", hash); }

    Result<std::optional<Polled>> poll(const std::string &deviceHash, FineTime now, const Pace &pace) override
    {
        return m_connections.run<std::optional<Polled>>([&](pqxx::work &db) -> Result<std::optional<Polled>> {
            const auto rows = db.exec_prepared("found", deviceHash);
            if (rows.empty())
                return std::optional<Polled>();
            Polled polled;
            polled.expires = fromUnix(rows[0][0].as<std::int64_t>());
            if (polled.expires <= now)
                return std::optional(polled);
            const std::string at = m_clock ? std::to_string(m_clock().time_since_epoch().count()) : std::string();
            const auto told =
                db.exec_prepared1("poll", deviceHash, at.empty() ? nullptr : at.c_str(), pace.first.count(),
                                  pace.slowerBy.count(), pace.forgotten.count(), pace.leeway.count());
            polled.early = told[0].as<bool>();
            polled.interval = std::chrono::seconds(told[1].as<std::int64_t>());
            polled.state = rows[0][1].as<int>() == 1 ? Authorization::State::Granted : Authorization::State::Pending;
            polled.refusal = rows[0][2].as<std::string>();
            polled.domains = splitDomains(rows[0][3].as<std::string>());
            polled.sealed = unpacked(rows[0][4]);
            return std::optional(polled);
        });
    }

    Result<bool> enter(const BrowserSession &s, const std::string &oldSession, int mostEntries) override
    {
        return m_connections.run<bool>([&](pqxx::work &db) -> Result<bool> {
            db.exec_prepared("leave", oldSession);
            if (db.exec_prepared("count_entry", s.authorization, mostEntries).affected_rows() != 1)
                return false;
            db.exec_prepared("enter", s.hash, s.authorization, s.stateHash, s.connected, s.notice, toUnix(s.expires));
            return true;
        });
    }

    Result<void> setRefusal(const std::string &id, const std::string &reason) override
    {
        return write("refusal", id, reason);
    }
    Result<bool> grant(const std::string &id, const std::string &sealed, WallTime now, WallTime keepUntil) override
    {
        return changed("grant", id, toBase64Url(sealed), toUnix(keepUntil), toUnix(now));
    }
    Result<bool> removeByDevice(const std::string &deviceHash) override
    {
        return m_connections.run<bool>([&](pqxx::work &db) -> Result<bool> {
            db.exec_prepared("remove_pace", deviceHash);
            return db.exec_prepared("remove", deviceHash).affected_rows() == 1;
        });
    }

    Result<std::optional<BrowserSession>> session(const std::string &hash) override
    {
        return m_connections.run<std::optional<BrowserSession>>(
            [&](pqxx::work &db) -> Result<std::optional<BrowserSession>> {
                const auto rows = db.exec_prepared("session", hash);
                if (rows.empty())
                    return std::optional<BrowserSession>();
                const pqxx::row row = rows[0];
                return std::optional(BrowserSession{row[0].as<std::string>(), row[1].as<std::string>(),
                                                    row[2].as<std::string>(), row[3].as<bool>(),
                                                    row[4].as<std::string>(), fromUnix(row[5].as<std::int64_t>())});
            });
    }
    Result<void> setConnected(const std::string &hash) override { return write("connected", hash); }
    Result<void> setState(const std::string &hash, const std::string &stateHash) override
    {
        return write("state", hash, stateHash);
    }
    Result<bool> takeState(const std::string &hash, const std::string &stateHash) override
    {
        return changed("take_state", hash, stateHash);
    }
    Result<void> setNotice(const std::string &hash, const std::string &notice) override
    {
        return write("notice", hash, notice);
    }
    Result<void> removeSession(const std::string &hash) override { return write("leave", hash); }

    Result<void> keepAnswer(const std::string &grant, const KeptAnswer &a) override
    {
        return write("keep", grant, a.tokenHash, toBase64Url(a.sealed), toUnix(a.expires));
    }
    Result<std::optional<KeptAnswer>> answer(const std::string &grant) override
    {
        return m_connections.run<std::optional<KeptAnswer>>([&](pqxx::work &db) -> Result<std::optional<KeptAnswer>> {
            const auto rows = db.exec_prepared("answer", grant);
            if (rows.empty())
                return std::optional<KeptAnswer>();
            return std::optional(KeptAnswer{rows[0][0].as<std::string>(), unpacked(rows[0][1]),
                                            fromUnix(rows[0][2].as<std::int64_t>())});
        });
    }
    Result<void> forgetAnswer(const std::string &grant) override { return write("forget", grant); }

    Result<bool> takeLease(const std::string &name, const std::string &owner, WallTime now, WallTime until) override
    {
        return changed("lease", name, owner, toUnix(now), toUnix(until));
    }
    Result<void> endLease(const std::string &name, const std::string &owner) override
    {
        return write("end_lease", name, owner);
    }
    Result<bool> firstTime(const std::string &id, WallTime until) override
    {
        return changed("seen", id, toUnix(until));
    }

    Result<Try> take(const Bucket &bucket, WallTime now) override
    {
        return m_connections.run<Try>([&](pqxx::work &db) -> Result<Try> {
            const std::string name = bucket.kind + " " + bucket.key;
            if (db.exec_prepared("try", name, bucket.rate.burst, bucket.rate.perSecond, toUnix(now)).affected_rows() ==
                1)
                return Try{true, {}};
            const auto rows = db.exec_prepared("wait", name, bucket.rate.burst, bucket.rate.perSecond, toUnix(now));
            const double missing = rows.empty() ? 0 : rows[0][0].as<double>();
            return Try{false, RateLimiter::timeFor(missing, bucket.rate)};
        });
    }
    Result<void> giveBack(const Bucket &bucket, WallTime) override
    {
        return write("give_back", bucket.kind + " " + bucket.key, bucket.rate.burst);
    }

    Result<int> sweep(WallTime now, std::chrono::seconds tombstone) override
    {
        return m_connections.run<int>(
            [&](pqxx::work &db) -> Result<int> {
                db.exec(kSweepsLimit);
                const std::int64_t over = toUnix(now);
                for (const char *sql :
                     {"DELETE FROM browser WHERE expires <= $1", "DELETE FROM answer WHERE expires <= $1",
                      "DELETE FROM lease WHERE until <= $1", "DELETE FROM seen WHERE until <= $1",
                      "DELETE FROM tries WHERE full_at <= $1",
                      // Of a code that nobody used only its hash stays, and no name.
                      "UPDATE request SET device_name = '', device_place = '', domains = '', public_key = '' "
                      "WHERE state = 0 AND expires <= $1 AND public_key <> ''"})
                    db.exec_params(sql, over);
                const auto boxes = db.exec_params("DELETE FROM request WHERE state = 1 AND expires <= $1", over);
                const auto codes =
                    db.exec_params("DELETE FROM request WHERE state = 0 AND expires <= $1", toUnix(now - tombstone));
                db.exec("DELETE FROM pace WHERE NOT EXISTS "
                        "(SELECT 1 FROM request WHERE request.device_hash = pace.device_hash)");
                return static_cast<int>(boxes.affected_rows() + codes.affected_rows());
            },
            kSweepsPatience);
    }

    Result<std::int64_t> liveCodes(WallTime now) override
    {
        return m_connections.run<std::int64_t>([&](pqxx::work &db) -> Result<std::int64_t> {
            const auto live = db.exec_prepared1("live", toUnix(now))[0].as<std::int64_t>();
            counted(live);
            return live;
        });
    }

private:
    static void prepare(pqxx::connection &connection)
    {
        pqxx::nontransaction(connection).exec(kStatementLimit);
        for (const auto &[name, sql] : kStatements)
            connection.prepare(name, sql);
    }

    // Whether to count exactly before one more is made. Far below what is allowed, a count of the last second and what
    // this instance made since will do: the others cannot have made all the rest meanwhile.
    bool crowded(std::int64_t mostLive)
    {
        const std::scoped_lock lock(m_mutex);
        return std::chrono::steady_clock::now() - m_countedAt > std::chrono::seconds(1) ||
               m_counted + m_added >= mostLive / 16;
    }
    void counted(std::int64_t live)
    {
        const std::scoped_lock lock(m_mutex);
        m_counted = live;
        m_added = 0;
        m_countedAt = std::chrono::steady_clock::now();
    }

    Result<std::optional<Authorization>> find(const char *statement, const std::string &value)
    {
        if (value.empty())
            return std::optional<Authorization>();
        return m_connections.run<std::optional<Authorization>>(
            [&](pqxx::work &db) -> Result<std::optional<Authorization>> {
                const auto rows = db.exec_prepared(statement, value);
                if (rows.empty())
                    return std::optional<Authorization>();
                return std::optional(authorizationOf(rows[0]));
            });
    }
    template <class... Values>
    Result<void> write(const char *statement, const Values &...values)
    {
        return m_connections.run<void>([&](pqxx::work &db) -> Result<void> {
            db.exec_prepared(statement, values...);
            return {};
        });
    }
    template <class... Values>
    Result<bool> changed(const char *statement, const Values &...values)
    {
        return m_connections.run<bool>([&](pqxx::work &db) -> Result<bool> {
            return db.exec_prepared(statement, values...).affected_rows() == 1;
        });
    }

    Connections m_connections;
    const FineClock m_clock;
    std::mutex m_mutex;
    std::int64_t m_counted = 0;
    std::int64_t m_added = 0;
    std::chrono::steady_clock::time_point m_countedAt{};
};

// Throws what libpqxx throws.
Result<void> migrate(const std::string &where, const StoreKey &key)
{
    Deadlines deadlines;
    pqxx::connection connection(where);
    neverAnew(connection);
    const Deadlines::Guard guard(deadlines, connection.sock(), std::chrono::steady_clock::now() + kMigrationsPatience);
    pqxx::work db(connection);
    db.exec(kLockSchema);
    db.exec("SET LOCAL client_min_messages = warning");
    db.exec("CREATE TABLE IF NOT EXISTS portal_schema (version INTEGER NOT NULL)");
    const auto known = db.exec1("SELECT coalesce(max(version), 0) FROM portal_schema")[0].as<std::size_t>();
    if (known > std::size(kMigrations))
        return Error{Errc::Unsupported, "the database was written by a newer version", "portal", {}, 0, {},
                     "store-newer"};
    for (std::size_t version = known; version < std::size(kMigrations); ++version) {
        db.exec(kMigrations[version]);
        db.exec_params("INSERT INTO portal_schema (version) VALUES ($1)", static_cast<std::int64_t>(version + 1));
    }
    const auto names = db.exec("SELECT name FROM portal_key");
    auto mine = claims(key, names.empty() ? std::string() : names[0][0].as<std::string>(), false);
    if (!mine)
        return std::move(mine).error();
    if (*mine)
        db.exec_params("INSERT INTO portal_key (name) VALUES ($1)", key.name);
    db.commit();
    return {};
}

} // namespace

Result<std::unique_ptr<PortalStore>> openPostgresPortalStore(const std::string &connection, unsigned connections,
                                                             const StoreKey &key, FineClock clock)
{
    try {
        if (auto r = migrate(bounded(connection), key); !r)
            return std::move(r).error();
    } catch (const pqxx::sql_error &e) {
        return Error{Errc::Unavailable, "PostgreSQL refused the schema (" + e.sqlstate() + ")", "portal"};
    } catch (const std::exception &) {
        // What it says may repeat the connection's words, and with them the password.
        return Error{Errc::Unavailable, "PostgreSQL cannot be reached as configured", "portal"};
    }
    return std::unique_ptr<PortalStore>(
        std::make_unique<PostgresPortalStore>(bounded(connection), connections, std::move(clock)));
}

} // namespace connector::portal
