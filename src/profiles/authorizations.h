// SPDX-License-Identifier: Apache-2.0
// Codes that are out: asked for at the portal (or the account's own server), polled, and turned into a grant.
#pragma once

#include "core/task_queue.h"
#include "profiles/account_links.h"
#include "profiles/login_flow.h"
#include "profiles/portal_client.h"
#include "profiles/profile.h"
#include "profiles/revocations.h"
#include "profiles/sealed_grant.h"
#include "store/profile_table.h"
#include "store/settings.h"

namespace connector {

// All calls on the actor's thread; the hooks are called there too.
class Authorizations {
public:
    struct Needs {
        TaskQueue &actor;
        WorkerPool &workers;
        Database &db;
        Vault &vault;
        SettingsStore &settings;
        PortalClient &portal;
        LoginFlow &flow;
        AccountLinks &links;
        Revocations &revocations;
        PortalDevice device;
    };
    struct Hooks {
        // Gives the profile its account, inside a transaction that also ends the authorization. PermissionDenied (with
        // what the screen says) refuses it for good and has the grant revoked; after any other error it is tried again.
        std::function<Result<void>(const std::string &id, const Grant &, const LinkedTokens &,
                                   const std::optional<std::string> &newPinHash)>
            take;
        // Behind it: granted (with a new PIN, or the old one), or ended without a grant.
        std::function<void(const std::string &id, AuthorizationState, bool newPin)> ended;
        std::function<void(const Authorization &, const std::string &owner)> tell;
    };

    Authorizations(Needs needs, Hooks hooks);
    ~Authorizations();

    // Asks for a code; one that is still out is cancelled. With the grant the PIN becomes the one given here.
    Authorization begin(const ProfileRow &row, const std::optional<std::string> &newPinHash);
    // How it stands, also after a restart; nullopt when none is under way.
    Result<std::optional<Authorization>> find(const ProfileRow &row);
    // As find(); and asks on its own until pause() because somebody looks at the code.
    Result<std::optional<Authorization>> show(const ProfileRow &row);
    void pause(const std::string &id);
    // With its grant the PIN stays as it is.
    void keepPin(const ProfileRow &row);
    // Asks once; `then` is called when the answer has been dealt with, at once when nothing can be asked, or was a
    // moment ago.
    void askOnce(const ProfileRow &row, std::function<void()> then);
    void cancel(const ProfileRow &row);

private:
    struct Waiting; // a code that is out
    struct Question;
    struct Answer;
    Result<Waiting *> restore(const ProfileRow &row);
    void begun(const std::string &id, int generation, Result<Begun> result);
    void schedulePoll(const std::string &id, std::chrono::seconds interval);
    void askAgain(Waiting &waiting, std::chrono::seconds wait);
    void planPoll(Waiting &waiting);
    void poll(const std::string &id, std::function<void()> then);
    void asked(const Question &question, Answer &answer, const Call &call);
    bool keepTaken(const std::string &id, int generation, const TokenSet &tokens);
    void polled(Waiting &waiting, Answer answer);
    void accept(Waiting &waiting, const Grant &grant);
    void end(const std::string &id, AuthorizationState state, std::optional<Error> error, bool forgetAtPortal);
    void letGo(Waiting &waiting, bool forgetAtPortal);
    void revokeUnused(const LinkedTokens &linked);
    void runOnWorker(std::function<void(const Call &)> work);

    Needs m_needs;
    Hooks m_hooks;
    std::map<std::string, std::unique_ptr<Waiting>> m_waiting; // by profile
    int m_generation = 0;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace connector
