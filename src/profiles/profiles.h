// SPDX-License-Identifier: Apache-2.0
// The profiles of this device: made, linked to a cloud account by a code, opened by PIN, deleted.
#pragma once

#include "profiles/authorizations.h"
#include "profiles/pin.h"

namespace connector {

constexpr std::size_t kMostProfiles = 200; // of one owner; the guests are one
constexpr int kMostPinsAtOnce = 64;        // that are hashed or looked at, or wait for it
constexpr int kMostNewPinsAtOnce = 32;     // of them; the others keep room for who opens a profile

// All calls on the actor's thread; callbacks and events come there too. What a caller may do is decided by `owner`: a
// profile of somebody else is not there (NotFound, stable "profile-gone").
class Profiles {
public:
    struct Needs {
        TaskQueue &actor;
        WorkerPool &workers;
        WorkerPool &pinWorkers; // apart, so that a portal that is slow to answer keeps no PIN waiting
        Database &db;
        Vault &vault;
        SettingsStore &settings;
        HttpClient &http;
        std::string portalUrl;
        PortalDevice device;
        CloudConfigs clouds;
        WallClock now = systemNow;
        BootClock bootClock = BootClock::system();
        std::chrono::milliseconds firstRetry{std::chrono::minutes{1}}; // of what the clouds still have to end
        std::chrono::milliseconds firstCare{std::chrono::minutes{5}};  // then ever more seldom, at least every hour
    };
    struct Events {
        std::function<void(const Profile &)> changed = [](const Profile &) {};
        // Whoever gave the old one has given nothing.
        std::function<void(const std::string &id)> pinRenewed = [](const auto &) {};
        std::function<void(const std::string &id, const std::string &owner)> removed = [](const auto &, const auto &) {
        };
        std::function<void(const Authorization &, const std::string &owner)> authorization = [](const auto &,
                                                                                                const auto &) {};
    };
    // Why a profile did not open; the numbers belong to "pin-wrong" and "profile-locked".
    struct Refusal {
        Error error;
        int triesLeft = 0;
        bool pinProven = false; // the PIN was right; something else stands in the way
        std::optional<WallTime> lockedUntil = {};
    };
    using Opened = std::function<void(std::variant<Profile, Refusal>)>;

    explicit Profiles(Needs needs);
    ~Profiles();
    void setEvents(Events events) { m_events = std::move(events); }

    Result<std::vector<Profile>> list(const std::string &owner);
    Result<std::vector<Profile>> all(); // everybody's, the oldest first
    Result<Profile> find(const std::string &owner, const std::string &id);

    // Hashes a PIN for create() or authorize(), on a worker: `then` comes later, at once where there is none.
    // InvalidArgument (stable "pin-invalid"), Busy. It takes long: what refuses the rest of the request is asked
    // before.
    void hashNewPin(const std::optional<std::string> &pin, const std::function<void(const Result<NewPin> &)> &then);
    // What create() refuses, ahead of a PIN that is hashed for it.
    Result<void> mayCreate(const std::string &owner, const std::string &provider, const std::string &name);
    // Stores the profile and asks the portal for a code; the rest comes as events. InvalidArgument (stable
    // "name-invalid"), Conflict ("name-taken"), Unsupported ("provider-unsupported"), QuotaExceeded
    // ("too-many-profiles").
    Result<Profile> create(const std::string &owner, const std::string &provider, const std::string &name,
                           const NewPin &pin = {});
    // A new code for the same profile. With its grant the PIN becomes `newPin`, and wrong ones are forgotten; a PIN
    // that was wrong too often needs a new one (InvalidArgument, stable "pin-new-required").
    Result<Authorization> authorize(const std::string &owner, const std::string &id, const NewPin &newPin = {});
    // How the authorization stands; NotFound (stable "no-authorization") when none is under way.
    Result<Authorization> authorization(const std::string &owner, const std::string &id);
    // With its grant the PIN stays as it is, whatever authorize() was told.
    void keepPin(const std::string &owner, const std::string &id);
    // Ends it. A profile that was never linked is removed with it.
    Result<void> cancelAuthorization(const std::string &owner, const std::string &id);
    // Nobody looks at the code any more: no polling until it is opened or shown again.
    void pauseAuthorization(const std::string &id) { m_authorizations.pause(id); }

    // Checks PIN, state and domain. Asks the portal once when the profile's code is still out. A PIN is looked at on a
    // worker, its try counted durably before: neither ending the service in between nor many at once get more of them.
    // Busy, and not counted, where too many wait.
    void open(const std::string &owner, const std::string &id, const std::optional<std::string> &pin, Opened done);
    Result<Profile> rename(const std::string &owner, const std::string &id, const std::string &name);
    // Removes profile and tokens here at once and revokes them at the cloud behind it, now or when it can be reached.
    Result<void> remove(const std::string &owner, const std::string &id);

    // The same, whoever's it is; also of one that is damaged, and left out of all lists.
    Result<void> removeAnybodys(const std::string &id);
    // The same for all that somebody has.
    Result<void> removeAll(const std::string &owner);
    // The allowed domains are others now: tells how the profiles stand.
    void domainsChanged();

    // What is done again and again: renews access that lies idle, removes guests' profiles that nobody uses.
    void care();

    AccountLinks &links() { return m_links; }
    Revocations &revocations() { return m_revocations; }

private:
    Result<ProfileRow> row(const std::string &owner, const std::string &id);
    Profile profileOf(ProfileRow row);
    bool allowed(const ProfileRow &row) const;
    Result<void> setState(const std::string &id, ProfileState state);
    Result<void> removeRow(const ProfileRow &row);
    Result<void> take(const std::string &id, const Grant &grant, const LinkedTokens &linked,
                      const std::optional<std::string> &newPinHash);
    void authorizationEnded(const std::string &id, AuthorizationState state, bool newPin);
    struct PinTry;
    std::optional<Refusal> countTry(ProfileRow &row, const std::optional<std::string> &pin);
    void lookAtPin(std::shared_ptr<PinTry> attempt);
    void pinLookedAt(const PinTry &attempt);
    Refusal wrongPin(const ProfileRow &counted) const;
    bool postPinWork(std::function<void()> work, std::function<void()> then);
    std::optional<Refusal> inTheWay(const ProfileRow &row) const;
    void enter(ProfileRow row, const Opened &done);
    void entered(ProfileRow row, const Opened &done);
    void revoked(const std::string &id);
    Result<void> renewed(const std::string &id);
    void startAfterBoot();
    void careIn(std::chrono::milliseconds delay);
    bool overdueLongEnough(ProfileRow row);
    bool unused(const ProfileRow &row);
    void renewAhead(std::vector<std::string> due);

    // Tasks that come late look at it first; so do the links, which are made after it.
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
    Needs m_needs;
    Events m_events;
    std::map<std::string, std::int64_t> m_overdueAt; // when guests' profiles were last found so, by the boot clock
    std::chrono::milliseconds m_betweenLooks{};
    int m_pinWork = 0; // posted, and not come back
    bool m_renewing = false;
    ProfileTable m_table;
    PortalClient m_portal;
    LoginFlow m_flow;
    AccountLinks m_links;
    Revocations m_revocations;
    Authorizations m_authorizations;
};

} // namespace connector
