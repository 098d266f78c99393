// SPDX-License-Identifier: Apache-2.0
// What the portal remembers, and nothing more: authorizations that wait, sealed boxes, and browsers on their way.
#pragma once

#include "core/time.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace connector::portal {

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

// Every call is one transaction. Not thread-safe: one thread owns it. All fail with LocalIo.
class PortalStore {
public:
    virtual ~PortalStore() = default;

    // Conflict when a code is taken already; Busy when `mostLive` codes wait.
    virtual Result<void> add(const Authorization &authorization, std::int64_t mostLive) = 0;
    virtual Result<std::optional<Authorization>> byId(const std::string &id) = 0;
    virtual Result<std::optional<Authorization>> byDevice(const std::string &deviceHash) = 0;
    virtual Result<std::optional<Authorization>> byUser(const std::string &userHash) = 0;
    // Starts a browser on a code: counts the entry, and forgets `oldSession` of the same browser.
    virtual Result<void> enter(const BrowserSession &session, const std::string &oldSession) = 0;
    virtual Result<void> setRefusal(const std::string &id, const std::string &reason) = 0;
    // False when it was granted already, has expired or is gone: only one browser wins.
    virtual Result<bool> grant(const std::string &id, const std::string &sealed, WallTime now, WallTime keepUntil) = 0;
    // With all its browsers.
    virtual Result<void> remove(const std::string &id) = 0;

    virtual Result<std::optional<BrowserSession>> session(const std::string &hash) = 0;
    virtual Result<void> updateSession(const BrowserSession &session) = 0;
    // Uses the state up; false when it is not this session's one.
    virtual Result<bool> takeState(const std::string &sessionHash, const std::string &stateHash) = 0;
    virtual Result<void> removeSession(const std::string &hash) = 0;

    // One per grant: the newest.
    virtual Result<void> keepAnswer(const std::string &grant, const KeptAnswer &answer) = 0;
    virtual Result<std::optional<KeptAnswer>> answer(const std::string &grant) = 0;
    virtual Result<void> forgetAnswer(const std::string &grant) = 0;

    // Removes what is over: boxes, answers and browsers at their end, codes `tombstone` later (so that people are told
    // that theirs has expired). Returns how many authorizations went.
    virtual Result<int> sweep(WallTime now, std::chrono::seconds tombstone) = 0;
    virtual Result<std::int64_t> liveCodes(WallTime now) = 0;
};

Result<std::unique_ptr<PortalStore>> openSqlitePortalStore(const std::filesystem::path &file);

} // namespace connector::portal
