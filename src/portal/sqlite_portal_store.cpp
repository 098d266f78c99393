// SPDX-License-Identifier: Apache-2.0
// The rows are on the disk; by which hash to find them is in memory, so that new codes are appended without touching
// random pages, and a poll that finds nothing new costs no read.
#include "connector_portal_core_embedded.h"
#include "core/encoding.h"
#include "core/log.h"
#include "portal/group_commit.h"
#include "portal/portal_store.h"
#include "store/migrations.h"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <sys/file.h>
#include <unistd.h>
#include <unordered_map>

namespace connector::portal {

namespace {

// Half of a keyed hash of 256 bits: nobody finds two codes with the same one.
using Name = std::array<std::uint64_t, 2>;
struct NameHash {
    std::size_t operator()(const Name &name) const { return name[0]; }
};
Name nameOf(const std::string &hash)
{
    const auto raw = fromBase64Url(hash);
    Name name{};
    if (raw)
        std::memcpy(name.data(), raw->data(), std::min(raw->size(), sizeof name));
    return name;
}

class SqlitePortalStore : public PortalStore {
public:
    SqlitePortalStore(Database db, int lock) : m_lock(lock), m_db(std::move(db)), m_commits(m_db) {}
    SqlitePortalStore(const SqlitePortalStore &) = delete;
    SqlitePortalStore &operator=(const SqlitePortalStore &) = delete;
    ~SqlitePortalStore() override { ::close(m_lock); }

    // Before load(): judged, and the name kept, before anything is read.
    Result<void> claim(const StoreKey &key)
    {
        return m_commits.run([&]() -> Result<void> {
            std::string known;
            if (auto r = m_db.run("SELECT name FROM portal_key", {}, [&](const Row &row) { known = row.text(0); }); !r)
                return r;
            // From before there were names: a number that was given to a code once is not given again.
            bool used = false;
            if (auto r = m_db.run("SELECT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'request' AND seq > 0) "
                                  "OR EXISTS (SELECT 1 FROM request) OR EXISTS (SELECT 1 FROM answer)",
                                  {}, [&](const Row &row) { used = row.integer(0) != 0; });
                !r)
                return r;
            auto mine = claims(key, known, used);
            if (!mine)
                return std::move(mine).error();
            return *mine ? m_db.run("INSERT INTO portal_key (name) VALUES (?)", {key.name}) : Result<void>();
        });
    }

    Result<void> load()
    {
        return m_commits.run([&]() -> Result<void> {
            return m_db.run("SELECT id, device_hash, user_hash, expires, state, refusal FROM request", {},
                            [&](const Row &row) {
                                m_users[nameOf(row.text(2))] = row.integer(0);
                                m_devices[nameOf(row.text(1))] = {row.integer(0), row.integer(3), 0, 0,
                                                                  row.integer(4) == 0 && row.text(5).empty()};
                                m_pending += row.integer(4) == 0 ? 1 : 0;
                            });
        });
    }

    Result<void> add(Authorization &a, std::int64_t mostLive) override
    {
        const Name device = nameOf(a.deviceHash);
        const Name user = nameOf(a.userHash);
        std::int64_t id = 0;
        return m_commits.run(
            [&, mostLive]() -> Result<void> {
                if (m_pending >= mostLive) {
                    // It also counts what expired since the last sweep.
                    auto live = countLive(toUnix(a.created));
                    if (!live)
                        return std::move(live).error();
                    if (*live >= mostLive)
                        return Error{Errc::Busy, "too many codes are waiting", "portal"};
                }
                {
                    const std::scoped_lock lock(m_mutex);
                    if (m_devices.contains(device) || !m_users.try_emplace(user, 0).second)
                        return Error{Errc::Conflict, "the code is taken", "portal"};
                }
                auto done = m_db.run(
                    "INSERT INTO request (device_hash, user_hash, public_key, provider, device_name, device_place, "
                    "domains, created, expires, state, refusal, entries, sealed) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', 0, '') RETURNING id",
                    {a.deviceHash, a.userHash, a.publicKey, a.provider, a.deviceName, a.devicePlace,
                     joinDomains(a.domains), toUnix(a.created), toUnix(a.expires)},
                    [&](const Row &row) { id = row.integer(0); });
                ++m_pending;
                return done;
            },
            [&](bool kept) {
                const std::scoped_lock lock(m_mutex);
                if (!kept) {
                    if (const auto at = m_users.find(user); at != m_users.end() && at->second == 0)
                        m_users.erase(at);
                    return;
                }
                a.id = std::to_string(id);
                m_users[user] = id;
                m_devices[device] = {id, toUnix(a.expires), 0, 0, true};
            });
    }

    Result<std::optional<Authorization>> byId(const std::string &id) override
    {
        return inTurn<std::optional<Authorization>>([&] { return find(number(id)); });
    }

    Result<std::optional<Authorization>> byUser(const std::string &hash) override
    {
        const auto id = idOfUser(hash);
        if (id == 0)
            return std::optional<Authorization>();
        return inTurn<std::optional<Authorization>>([&] {
            auto found = find(id);
            if (found && *found && (*found)->userHash != hash)
                found->reset();
            return found;
        });
    }

    Result<std::optional<Polled>> poll(const std::string &deviceHash, FineTime now, const Pace &pace) override
    {
        Polled polled;
        std::int64_t id = 0;
        {
            const std::scoped_lock lock(m_mutex);
            const auto at = m_devices.find(nameOf(deviceHash));
            if (at == m_devices.end())
                return std::optional<Polled>();
            Device &device = at->second;
            polled.expires = fromUnix(device.expires);
            if (polled.expires <= now)
                return std::optional(polled);
            const FineTime last{std::chrono::milliseconds(device.polled)};
            const bool anew = device.polled == 0 || now - last > pace.forgotten;
            if (anew)
                device.interval = static_cast<std::int32_t>(pace.first.count());
            polled.early = !anew && now >= last && now - last + pace.leeway < std::chrono::seconds(device.interval);
            if (polled.early)
                device.interval += static_cast<std::int32_t>(pace.slowerBy.count());
            device.polled = now.time_since_epoch().count();
            polled.interval = std::chrono::seconds(device.interval);
            if (polled.early || device.plain)
                return std::optional(polled);
            id = device.id;
        }
        auto found = byId(std::to_string(id));
        if (!found)
            return std::move(found).error();
        if (!*found || (*found)->deviceHash != deviceHash)
            return std::optional<Polled>();
        polled.state = (*found)->state;
        polled.refusal = (*found)->refusal;
        polled.domains = (*found)->domains;
        polled.sealed = (*found)->sealed;
        return std::optional(polled);
    }

    Result<bool> enter(const BrowserSession &s, const std::string &oldSession, int mostEntries) override
    {
        return inTurn<bool>([&]() -> Result<bool> {
            if (auto r = m_db.run("DELETE FROM browser WHERE hash = ?", {oldSession}); !r)
                return std::move(r).error();
            if (auto r = m_db.run("UPDATE request SET entries = entries + 1 WHERE id = ? AND state = 0 AND entries < ?",
                                  {number(s.authorization), std::int64_t{mostEntries}});
                !r)
                return std::move(r).error();
            if (m_db.changes() != 1)
                return false;
            if (auto r = m_db.run("INSERT INTO browser (hash, request, state_hash, connected, notice, expires) "
                                  "VALUES (?, ?, ?, ?, ?, ?)",
                                  {s.hash, number(s.authorization), s.stateHash, std::int64_t{s.connected}, s.notice,
                                   toUnix(s.expires)});
                !r)
                return std::move(r).error();
            return true;
        });
    }

    Result<void> setRefusal(const std::string &id, const std::string &reason) override
    {
        std::string device;
        return m_commits.run(
            [&]() -> Result<void> {
                if (auto r =
                        m_db.run("UPDATE request SET refusal = ? WHERE id = ? AND state = 0", {reason, number(id)});
                    !r || m_db.changes() == 0)
                    return r;
                return deviceOf(id, device);
            },
            [&](bool kept) {
                if (!kept || device.empty())
                    return;
                const std::scoped_lock lock(m_mutex);
                if (const auto at = m_devices.find(nameOf(device)); at != m_devices.end())
                    at->second.plain = reason.empty();
            });
    }

    Result<bool> grant(const std::string &id, const std::string &sealed, WallTime now, WallTime keepUntil) override
    {
        bool won = false;
        std::string device;
        auto r = m_commits.run(
            [&]() -> Result<void> {
                // The names are for the page before the grant only.
                if (auto done = m_db.run("UPDATE request SET state = 1, sealed = ?, expires = ?, refusal = '', "
                                         "device_name = '', device_place = '', domains = '' "
                                         "WHERE id = ? AND state = 0 AND expires > ?",
                                         {sealed, toUnix(keepUntil), number(id), toUnix(now)});
                    !done)
                    return done;
                won = m_db.changes() == 1;
                return won ? deviceOf(id, device) : Result<void>();
            },
            [&](bool kept) {
                if (!kept || !won)
                    return;
                --m_pending;
                const std::scoped_lock lock(m_mutex);
                if (const auto at = m_devices.find(nameOf(device)); at != m_devices.end()) {
                    at->second.plain = false;
                    at->second.expires = toUnix(keepUntil);
                }
            });
        if (!r)
            return std::move(r).error();
        return won;
    }

    Result<bool> removeByDevice(const std::string &deviceHash) override
    {
        const Name device = nameOf(deviceHash);
        std::int64_t id = 0;
        {
            const std::scoped_lock lock(m_mutex);
            if (const auto at = m_devices.find(device); at != m_devices.end())
                id = at->second.id;
        }
        if (id == 0)
            return false;
        std::string user;
        bool gone = false;
        bool pending = false;
        auto r = m_commits.run(
            [&]() -> Result<void> {
                auto done = m_db.run("DELETE FROM request WHERE id = ? AND device_hash = ? RETURNING user_hash, state",
                                     {id, deviceHash}, [&](const Row &row) {
                                         gone = true;
                                         user = row.text(0);
                                         pending = row.integer(1) == 0;
                                     });
                return done;
            },
            [&](bool kept) {
                if (!kept || !gone)
                    return;
                m_pending -= pending ? 1 : 0;
                const std::scoped_lock lock(m_mutex);
                m_devices.erase(device);
                m_users.erase(nameOf(user));
            });
        if (!r)
            return std::move(r).error();
        return gone;
    }

    Result<std::optional<BrowserSession>> session(const std::string &hash) override
    {
        return inTurn<std::optional<BrowserSession>>([&]() -> Result<std::optional<BrowserSession>> {
            std::optional<BrowserSession> found;
            auto r = m_db.run("SELECT hash, request, state_hash, connected, notice, expires FROM browser "
                              "WHERE hash = ?",
                              {hash}, [&](const Row &row) {
                                  found = BrowserSession{row.text(0), std::to_string(row.integer(1)),
                                                         row.text(2), row.integer(3) != 0,
                                                         row.text(4), fromUnix(row.integer(5))};
                              });
            if (!r)
                return std::move(r).error();
            return found;
        });
    }

    Result<void> setConnected(const std::string &hash) override
    {
        return write("UPDATE browser SET connected = 1, notice = '' WHERE hash = ?", {hash});
    }
    Result<void> setState(const std::string &hash, const std::string &stateHash) override
    {
        return write("UPDATE browser SET state_hash = ?, notice = '' WHERE hash = ?", {stateHash, hash});
    }
    Result<bool> takeState(const std::string &hash, const std::string &stateHash) override
    {
        return changed("UPDATE browser SET state_hash = '' WHERE hash = ? AND state_hash = ? AND state_hash <> ''",
                       {hash, stateHash});
    }
    Result<void> setNotice(const std::string &hash, const std::string &notice) override
    {
        return write("UPDATE browser SET notice = ? WHERE hash = ?", {notice, hash});
    }
    Result<void> removeSession(const std::string &hash) override
    {
        return write("DELETE FROM browser WHERE hash = ?", {hash});
    }

    Result<void> keepAnswer(const std::string &grant, const KeptAnswer &a) override
    {
        return write("INSERT OR REPLACE INTO answer (id, token_hash, sealed, expires) VALUES (?, ?, ?, ?)",
                     {grant, a.tokenHash, a.sealed, toUnix(a.expires)});
    }
    Result<std::optional<KeptAnswer>> answer(const std::string &grant) override
    {
        return inTurn<std::optional<KeptAnswer>>([&]() -> Result<std::optional<KeptAnswer>> {
            std::optional<KeptAnswer> found;
            auto r =
                m_db.run("SELECT token_hash, sealed, expires FROM answer WHERE id = ?", {grant}, [&](const Row &row) {
                    found = KeptAnswer{row.text(0), row.text(1), fromUnix(row.integer(2))};
                });
            if (!r)
                return std::move(r).error();
            return found;
        });
    }
    Result<void> forgetAnswer(const std::string &grant) override
    {
        return write("DELETE FROM answer WHERE id = ?", {grant});
    }

    // One process has the file, and its leases end with it.
    Result<bool> takeLease(const std::string &name, const std::string &owner, WallTime now, WallTime until) override
    {
        const std::scoped_lock lock(m_mutex);
        const auto at = m_leases.find(name);
        if (at != m_leases.end() && at->second.first != owner && at->second.second > now)
            return false;
        m_leases[name] = {owner, until};
        return true;
    }
    Result<void> endLease(const std::string &name, const std::string &owner) override
    {
        const std::scoped_lock lock(m_mutex);
        if (const auto at = m_leases.find(name); at != m_leases.end() && at->second.first == owner)
            m_leases.erase(at);
        return {};
    }
    Result<bool> firstTime(const std::string &id, WallTime until) override
    {
        return changed("INSERT OR IGNORE INTO seen (id, until) VALUES (?, ?)", {id, toUnix(until)});
    }

    Result<Try> take(const Bucket &bucket, WallTime now) override
    {
        RateLimiter &limiter = limiterOf(bucket);
        if (limiter.take(bucket.key, now))
            return Try{true, {}};
        return Try{false, limiter.wait(bucket.key, now)};
    }
    Result<void> giveBack(const Bucket &bucket, WallTime now) override
    {
        limiterOf(bucket).giveBack(bucket.key, now);
        return {};
    }

    Result<int> sweep(WallTime now, std::chrono::seconds tombstone) override
    {
        std::vector<std::pair<Name, Name>> gone;
        auto r = m_commits.run(
            [&]() -> Result<void> {
                for (const char *sql : {"DELETE FROM browser WHERE expires <= ?",
                                        "DELETE FROM answer WHERE expires <= ?", "DELETE FROM seen WHERE until <= ?"})
                    if (auto done = m_db.run(sql, {toUnix(now)}); !done)
                        return done;
                const auto note = [&](const Row &row) { gone.emplace_back(nameOf(row.text(0)), nameOf(row.text(1))); };
                if (auto done = m_db.run("DELETE FROM request WHERE state = 1 AND expires <= ? "
                                         "RETURNING device_hash, user_hash",
                                         {toUnix(now)}, note);
                    !done)
                    return done;
                // Of a code that nobody used only its hash stays, and no name.
                if (auto done = m_db.run("UPDATE request SET device_name = '', device_place = '', domains = '', "
                                         "public_key = '' WHERE state = 0 AND expires <= ? AND public_key <> ''",
                                         {toUnix(now)});
                    !done)
                    return done;
                if (auto done = m_db.run("DELETE FROM request WHERE state = 0 AND expires <= ? "
                                         "RETURNING device_hash, user_hash",
                                         {toUnix(now - tombstone)}, note);
                    !done)
                    return done;
                auto live = countLive(toUnix(now));
                return live ? Result<void>() : Result<void>(std::move(live).error());
            },
            [&](bool kept) {
                if (!kept)
                    return;
                const std::scoped_lock lock(m_mutex);
                for (const auto &[device, user] : gone) {
                    m_devices.erase(device);
                    m_users.erase(user);
                }
                std::erase_if(m_leases, [&](const auto &lease) { return lease.second.second <= now; });
            });
        if (!r)
            return std::move(r).error();
        // What was deleted also leaves the write-ahead log.
        if (auto done = m_commits.runOutside([&] { return m_db.run("PRAGMA wal_checkpoint(TRUNCATE)"); }); !done)
            log::warning("portal", describe(done.error()));
        return static_cast<int>(gone.size());
    }

    Result<std::int64_t> liveCodes(WallTime now) override
    {
        return inTurn<std::int64_t>([&] { return countLive(toUnix(now)); });
    }

private:
    struct Device {
        std::int64_t id = 0;
        std::int64_t expires = 0;
        std::int64_t polled = 0; // milliseconds; 0: not yet
        std::int32_t interval = 0;
        bool plain = true; // waits, and no refusal is to be told
    };

    static std::int64_t number(const std::string &id) { return std::strtoll(id.c_str(), nullptr, 10); }

    std::int64_t idOfUser(const std::string &hash)
    {
        const std::scoped_lock lock(m_mutex);
        const auto at = m_users.find(nameOf(hash));
        return at == m_users.end() ? 0 : at->second;
    }

    RateLimiter &limiterOf(const Bucket &bucket)
    {
        const std::scoped_lock lock(m_mutex);
        return m_limits.try_emplace(bucket.kind, bucket.rate).first->second;
    }

    template <class T, class F>
    Result<T> inTurn(F work)
    {
        T value{};
        auto r = m_commits.run([&]() -> Result<void> {
            Result<T> got = work();
            if (!got)
                return std::move(got).error();
            value = *std::move(got);
            return {};
        });
        if (!r)
            return std::move(r).error();
        return value;
    }

    Result<void> write(const char *sql, std::initializer_list<SqlValue> values)
    {
        return m_commits.run([&] { return m_db.run(sql, values); });
    }
    Result<bool> changed(const char *sql, std::initializer_list<SqlValue> values)
    {
        return inTurn<bool>([&]() -> Result<bool> {
            if (auto r = m_db.run(sql, values); !r)
                return std::move(r).error();
            return m_db.changes() == 1;
        });
    }

    // The rest is called on the database's thread.
    Result<void> deviceOf(const std::string &id, std::string &hash)
    {
        return m_db.run("SELECT device_hash FROM request WHERE id = ?", {number(id)},
                        [&](const Row &row) { hash = row.text(0); });
    }

    Result<std::int64_t> countLive(std::int64_t now)
    {
        std::int64_t live = 0;
        auto r = m_db.run("SELECT count(*) FROM request WHERE state = 0 AND expires > ?", {now},
                          [&](const Row &row) { live = row.integer(0); });
        if (!r)
            return std::move(r).error();
        m_pending = live;
        return live;
    }

    Result<std::optional<Authorization>> find(std::int64_t id)
    {
        std::optional<Authorization> found;
        auto r = m_db.run("SELECT id, device_hash, user_hash, public_key, provider, device_name, device_place, "
                          "domains, created, expires, state, refusal, entries, sealed FROM request WHERE id = ?",
                          {id}, [&](const Row &row) {
                              Authorization a;
                              a.id = std::to_string(row.integer(0));
                              a.deviceHash = row.text(1);
                              a.userHash = row.text(2);
                              a.publicKey = row.text(3);
                              a.provider = row.text(4);
                              a.deviceName = row.text(5);
                              a.devicePlace = row.text(6);
                              a.domains = splitDomains(row.text(7));
                              a.created = fromUnix(row.integer(8));
                              a.expires = fromUnix(row.integer(9));
                              a.state =
                                  row.integer(10) == 1 ? Authorization::State::Granted : Authorization::State::Pending;
                              a.refusal = row.text(11);
                              a.entries = static_cast<int>(row.integer(12));
                              a.sealed = row.text(13);
                              found = std::move(a);
                          });
        if (!r)
            return std::move(r).error();
        return found;
    }

    const int m_lock;
    Database m_db;                                            // on m_commits' thread only, as m_pending
    std::int64_t m_pending = 0;                               // not fewer than wait; exact after a count
    std::mutex m_mutex;                                       // of what follows
    std::unordered_map<Name, Device, NameHash> m_devices;     // every row of `request`
    std::unordered_map<Name, std::int64_t, NameHash> m_users; // 0: being added
    std::map<std::string, std::pair<std::string, WallTime>> m_leases;
    std::map<std::string, RateLimiter> m_limits;
    GroupCommit m_commits; // last member: stops before the others die
};

} // namespace

Result<bool> claims(const StoreKey &key, const std::string &known, bool used)
{
    const bool fresh = static_cast<bool>(key.keep);
    if (fresh && (used || !known.empty()))
        return Error{Errc::NotFound, "the portal's key is missing, and the database needs it", "portal"};
    if (!known.empty() && known != key.name)
        return Error{Errc::InvalidArgument, "this database belongs to portals with another portal.key", "portal"};
    if (fresh)
        if (auto r = key.keep(); !r)
            return std::move(r).error();
    return known.empty();
}

std::string joinDomains(const std::vector<std::string> &domains)
{
    std::string all;
    for (const std::string &domain : domains)
        all += (all.empty() ? "" : ",") + domain;
    return all;
}

std::vector<std::string> splitDomains(std::string_view all)
{
    std::vector<std::string> parts;
    while (!all.empty()) {
        const auto comma = all.find(',');
        parts.emplace_back(all.substr(0, comma));
        all.remove_prefix(comma == std::string_view::npos ? all.size() : comma + 1);
    }
    return parts;
}

Result<std::unique_ptr<PortalStore>> openSqlitePortalStore(const std::filesystem::path &file, const StoreKey &key)
{
    // What is known in memory must be all there is: two programs on one file would not see each other's codes.
    const int lock = ::open((file.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (lock >= 0)
            ::close(lock);
        return Error{Errc::Busy, "another portal uses this folder; several need PostgreSQL", "portal"};
    }
    static const auto schema = numbered({*embedded("001_first.sql"), *embedded("002_answers.sql"),
                                         *embedded("003_numbers.sql"), *embedded("004_key.sql")});
    auto db = Database::open(file, schema);
    if (!db) {
        ::close(lock);
        return std::move(db).error();
    }
    // Deleted means overwritten, not only unlinked. The log is written back seldom, since those wait who come just
    // then; the sweep does it each minute.
    for (const char *pragma :
         {"PRAGMA secure_delete = ON", "PRAGMA cache_size = -8192", "PRAGMA wal_autocheckpoint = 8000"})
        if (auto r = db->run(pragma); !r) {
            ::close(lock);
            return std::move(r).error();
        }
    auto store = std::make_unique<SqlitePortalStore>(std::move(*db), lock);
    if (auto r = store->claim(key); !r)
        return std::move(r).error();
    if (auto r = store->load(); !r)
        return std::move(r).error();
    return std::unique_ptr<PortalStore>(std::move(store));
}

} // namespace connector::portal
