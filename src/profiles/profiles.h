// SPDX-License-Identifier: Apache-2.0
// The profiles of this device: made, linked to a cloud account by a code, opened by PIN, deleted.
#pragma once

#include "core/task_queue.h"
#include "profiles/account_links.h"
#include "profiles/login_flow.h"
#include "profiles/pin.h"
#include "profiles/portal_client.h"
#include "profiles/profile.h"
#include "profiles/sealed_grant.h"
#include "store/settings.h"

namespace connector {

// All calls on the actor's thread; callbacks and events come there too. What a caller may do is decided by `owner`: a
// profile of somebody else is not there (NotFound, stable "profile-gone").
class Profiles {
public:
    struct Needs {
        TaskQueue &actor;
        WorkerPool &workers;
        Database &db;
        Vault &vault;
        SettingsStore &settings;
        HttpClient &http;
        std::string portalUrl;
        PortalDevice device;
        CloudConfigs clouds;
        WallClock now = systemNow;
        BootClock bootClock = BootClock::system();
    };
    struct Events {
        std::function<void(const Profile &)> changed = [](const Profile &) {};
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
    Result<Profile> find(const std::string &owner, const std::string &id);

    // Stores the profile and asks the portal for a code; the rest comes as events. InvalidArgument (stable
    // "name-invalid", "pin-invalid"), Conflict ("name-taken"), Unsupported ("provider-unsupported").
    Result<Profile> create(const std::string &owner, const std::string &provider, const std::string &name,
                           const std::optional<std::string> &pin);
    // A new code for the same profile.
    Result<Authorization> authorize(const std::string &owner, const std::string &id);
    // How the authorization stands; NotFound (stable "no-authorization") when none is under way.
    Result<Authorization> authorization(const std::string &owner, const std::string &id);
    // Ends it. A profile that was never linked is removed with it.
    Result<void> cancelAuthorization(const std::string &owner, const std::string &id);
    // Nobody looks at the code any more: no polling until it is opened or shown again.
    void pauseAuthorization(const std::string &id);

    // Checks PIN, state and domain. Asks the portal once when the profile's code is still out.
    void open(const std::string &owner, const std::string &id, const std::optional<std::string> &pin, Opened done);
    Result<Profile> rename(const std::string &owner, const std::string &id, const std::string &name);
    // Removes profile and tokens here at once and revokes them at the cloud behind it.
    Result<void> remove(const std::string &owner, const std::string &id);

    AccountLinks &links() { return m_links; }

private:
    struct Waiting; // an authorization under way
    Result<ProfileRow> row(const std::string &owner, const std::string &id);
    Profile profileOf(ProfileRow row);
    bool allowed(const ProfileRow &row) const;
    void begin(const ProfileRow &row);
    void begun(const std::string &id, int generation, Result<Begun> result);
    void poll(const std::string &id, std::function<void()> then);
    struct Question;
    struct Answer;
    void asked(const Question &question, Answer &answer, const Call &call);
    void polled(const std::string &id, int generation, Answer answer);
    void accept(Waiting &waiting, const Grant &grant);
    void revokeUnused(LinkedTokens linked);
    void schedulePoll(const std::string &id, std::chrono::seconds interval);
    void tell(const Waiting &waiting);
    void end(const std::string &id, AuthorizationState state, std::optional<Error> error, bool forgetAtPortal);
    Result<void> setState(const std::string &id, ProfileState state);
    Result<Waiting *> restore(const ProfileRow &row);
    Refusal openChecked(ProfileRow &row, const std::optional<std::string> &pin);
    void revoked(const std::string &id);
    void runOnWorker(std::function<void(const Call &)> work);

    // Tasks that come late look at it first; so do the links, which are made after it.
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
    Needs m_needs;
    Events m_events;
    ProfileTable m_table;
    PortalClient m_portal;
    LoginFlow m_flow;
    AccountLinks m_links;
    std::map<std::string, std::unique_ptr<Waiting>> m_waiting; // by profile
    int m_generation = 0;
};

} // namespace connector
