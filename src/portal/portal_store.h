// SPDX-License-Identifier: Apache-2.0
// What the portal remembers, and nothing more: authorizations that wait, sealed boxes, and browsers on their way.
#pragma once

#include "core/time.h"
#include "http/rate_limiter.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace connector::portal {

// Where a second is too long. Any WallClock is such a clock, too.
using FineTime = std::chrono::sys_time<std::chrono::milliseconds>;
using FineClock = std::function<FineTime()>;
inline FineTime fineNow()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// Codes are here as keyed hashes; the tokens only inside `sealed`.
struct Authorization {
    enum class State { Pending = 0, Granted = 1 };

    std::string id;
    std::string deviceHash;
    std::string userHash;
    std::string publicKey;
    std::string provider;
    std::string deviceName;
    std::string devicePlace;
    std::vector<std::string> domains;
    WallTime created{};
    WallTime expires{}; // of the code; once granted, of the box
    State state = State::Pending;
    std::string refusal; // why the last attempt was refused; "" when there was none, or another one is under way
    int entries = 0;     // how often the code was entered
    std::string sealed;
};

// One browser on its way from the code to the grant.
struct BrowserSession {
    std::string hash;
    std::string authorization; // Authorization::id
    std::string stateHash;     // of the OAuth state that is out; "" when none is
    bool connected = false;    // Connect was pressed
    std::string notice;        // how the last attempt ended
    WallTime expires{};
};

// The sealed answer to a renewal whose old token the cloud will not take again.
struct KeptAnswer {
    std::string tokenHash; // of the token that was asked about
    std::string sealed;
    WallTime expires{};
};

// What a poll finds; with `early`, nothing but the interval is told.
struct Polled {
    WallTime expires{};
    bool early = false;
    std::chrono::seconds interval{};
    Authorization::State state = Authorization::State::Pending;
    std::string refusal;
    std::vector<std::string> domains; // with a refusal
    std::string sealed;               // once granted
};

struct Pace {
    std::chrono::seconds first{5};        // between two polls
    std::chrono::seconds slowerBy{5};     // after each that came too early
    std::chrono::seconds forgotten{3600}; // a device that was silent for so long begins anew
    std::chrono::milliseconds leeway{
        250}; // a poll on time seems so much too early when the one before was slow to come
};

// A bucket of tries: how many there are at once, and how fast they come back.
struct Bucket {
    std::string kind;
    std::string key; // no address or name, only a hash of one
    Rate rate;
};
struct Try {
    bool taken = false;
    std::chrono::seconds wait{0}; // until the next one, when it was not
};

// Any thread; calls block, and each is one transaction that has happened on the disk when it returns. Instances that
// share a store see one another's. All fail with LocalIo or Unavailable.
class PortalStore {
public:
    virtual ~PortalStore() = default;

    // Sets its `id`. Conflict when a code is taken already; Busy when `mostLive` codes wait.
    virtual Result<void> add(Authorization &authorization, std::int64_t mostLive) = 0;
    virtual Result<std::optional<Authorization>> byId(const std::string &id) = 0;
    virtual Result<std::optional<Authorization>> byUser(const std::string &userHash) = 0;
    // Counts as a poll, except of a code that has expired.
    virtual Result<std::optional<Polled>> poll(const std::string &deviceHash, FineTime now, const Pace &pace) = 0;
    // Starts a browser on a code: counts the entry, and forgets `oldSession` of the same browser. False when the code
    // was entered `mostEntries` times, or waits no longer.
    virtual Result<bool> enter(const BrowserSession &session, const std::string &oldSession, int mostEntries) = 0;
    virtual Result<void> setRefusal(const std::string &id, const std::string &reason) = 0;
    // False when it was granted already, has expired or is gone: only one browser wins.
    virtual Result<bool> grant(const std::string &id, const std::string &sealed, WallTime now, WallTime keepUntil) = 0;
    // With all its browsers; false when there is none.
    virtual Result<bool> removeByDevice(const std::string &deviceHash) = 0;

    virtual Result<std::optional<BrowserSession>> session(const std::string &hash) = 0;
    // Connect was pressed.
    virtual Result<void> setConnected(const std::string &sessionHash) = 0;
    // A sign-in goes out, with this state; the ones before are void.
    virtual Result<void> setState(const std::string &sessionHash, const std::string &stateHash) = 0;
    // Uses the state up; false when it is not this session's one.
    virtual Result<bool> takeState(const std::string &sessionHash, const std::string &stateHash) = 0;
    virtual Result<void> setNotice(const std::string &sessionHash, const std::string &notice) = 0;
    virtual Result<void> removeSession(const std::string &hash) = 0;

    // One per grant: the newest.
    virtual Result<void> keepAnswer(const std::string &grant, const KeptAnswer &answer) = 0;
    virtual Result<std::optional<KeptAnswer>> answer(const std::string &grant) = 0;
    virtual Result<void> forgetAnswer(const std::string &grant) = 0;

    // Only one owner at a time has the lease of a name, until it gives it back or the time is over.
    virtual Result<bool> takeLease(const std::string &name, const std::string &owner, WallTime now, WallTime until) = 0;
    virtual Result<void> endLease(const std::string &name, const std::string &owner) = 0;
    // True once for each id, until that time.
    virtual Result<bool> firstTime(const std::string &id, WallTime until) = 0;

    virtual Result<Try> take(const Bucket &bucket, WallTime now) = 0;
    // It was no wrong try.
    virtual Result<void> giveBack(const Bucket &bucket, WallTime now) = 0;

    // Removes what is over: boxes, answers and browsers at their end, codes `tombstone` later (so that people are told
    // that theirs has expired). Returns how many authorizations went.
    virtual Result<int> sweep(WallTime now, std::chrono::seconds tombstone) = 0;
    virtual Result<std::int64_t> liveCodes(WallTime now) = 0;
};

// The key that a store is opened with. A store is the first one's that opens it, and from then on no other's: with
// another key no code would be found in it, and no ticket opened.
struct StoreKey {
    std::string name; // nameOfKey()
    // Set where the key was made just now: writes it down, once the store is known to be nobody's yet.
    std::function<Result<void>()> keep = {};
};

// Both fail with NotFound where the key is new and the store another's, with InvalidArgument where it is not new.
// For one instance, which has the file for itself (Busy when another has it).
Result<std::unique_ptr<PortalStore>> openSqlitePortalStore(const std::filesystem::path &file, const StoreKey &key);
// For any number of instances with one key. `connection`: as libpq takes it ("postgresql://…" or "host=… dbname=…");
// never logged. `clock`: what the pace of polls is measured by, instead of the database's one.
Result<std::unique_ptr<PortalStore>> openPostgresPortalStore(const std::string &connection, unsigned connections,
                                                             const StoreKey &key, FineClock clock = {});

// Whether the key's name is still to be written into a store that has `known` ("": none), and that was `used` before
// names were written.
Result<bool> claims(const StoreKey &key, const std::string &known, bool used);

// How both stores write a list of domains.
std::string joinDomains(const std::vector<std::string> &domains);
std::vector<std::string> splitDomains(std::string_view all);

} // namespace connector::portal
