// SPDX-License-Identifier: Apache-2.0
#include "profiles/profiles.h"

#include "core/encoding.h"
#include "core/log.h"
#include "core/random.h"
#include "profiles/name.h"

#include <nlohmann/json.hpp>

namespace connector {

using nlohmann::json;

namespace {

constexpr const char *kAuthorization = "authorization"; // its name in the Vault
constexpr std::chrono::seconds kPortalTime{20};
constexpr std::chrono::seconds kRetryPortal{5};

Error gone()
{
    return Error{Errc::NotFound, "no such profile", "profiles", {}, 0, {}, "profile-gone"};
}

} // namespace

std::string_view toString(ProfileState state) noexcept
{
    switch (state) {
    case ProfileState::Pending:
        return "pending";
    case ProfileState::Ready:
        return "ready";
    case ProfileState::Expired:
        return "expired";
    case ProfileState::Revoked:
        return "revoked";
    case ProfileState::DomainRefused:
        return "domain-refused";
    }
    return "expired";
}

ProfileState profileStateFrom(std::string_view word) noexcept
{
    for (const auto state :
         {ProfileState::Pending, ProfileState::Ready, ProfileState::Revoked, ProfileState::DomainRefused})
        if (toString(state) == word)
            return state;
    return ProfileState::Expired;
}

std::string_view toString(AuthorizationState state) noexcept
{
    switch (state) {
    case AuthorizationState::Requesting:
        return "requesting";
    case AuthorizationState::Waiting:
        return "waiting";
    case AuthorizationState::Granted:
        return "granted";
    case AuthorizationState::Denied:
        return "denied";
    case AuthorizationState::Expired:
        return "expired";
    case AuthorizationState::Failed:
        return "failed";
    case AuthorizationState::Cancelled:
        return "cancelled";
    }
    return "failed";
}

struct Profiles::Waiting {
    Authorization shown;
    std::string owner;
    std::string provider;
    std::string deviceCode;        // secret
    std::string server;            // "": the portal leads; else the account's own server
    std::optional<TokenSet> taken; // what that server gave, once and for all, until it is stored with the account
    KeyPair keys;
    int generation = 0; // answers to older questions are dropped
    bool onScreen = true;
    bool polling = false;

    std::string toText() const
    {
        return json{{"deviceCode", deviceCode},
                    {"server", server},
                    {"taken", taken ? taken->toJson() : ""},
                    {"publicKey", toBase64(keys.publicKey)},
                    {"secretKey", toBase64(keys.secret)},
                    {"userCode", shown.userCode},
                    {"uri", shown.verificationUri},
                    {"uriComplete", shown.verificationUriComplete},
                    {"expiresAt", toUnix(shown.expiresAt)}}
            .dump();
    }
};

Profiles::Profiles(Needs needs)
    : m_needs(std::move(needs)), m_table(m_needs.db), m_portal(m_needs.http, m_needs.portalUrl, m_needs.now),
      m_flow(m_needs.http, m_needs.now), m_links(
                                             m_needs.actor, m_needs.vault, m_needs.http, m_portal, m_needs.clouds,
                                             [this, alive = m_alive](const std::string &id) {
                                                 m_needs.actor.post([this, alive, id](std::stop_token) {
                                                     if (*alive)
                                                         revoked(id);
                                                 });
                                             },
                                             m_needs.now)
{
    // Locks from before a reboot start again now, once; not each time somebody looks.
    if (auto rows = m_table.all())
        for (ProfileRow &row : *rows)
            if (row.lockSeconds > 0 && row.lockBoot != m_needs.bootClock.boot &&
                lockLeft(row, m_needs.bootClock).count() > 0)
                (void)m_table.update(row);
}

Profiles::~Profiles()
{
    *m_alive = false;
}

void Profiles::runOnWorker(std::function<void(const Call &)> work)
{
    m_needs.workers.post([work = std::move(work)](std::stop_token stop) {
        Call call;
        call.stop = std::move(stop);
        work(call.within(kPortalTime));
    });
}

Result<ProfileRow> Profiles::row(const std::string &owner, const std::string &id)
{
    auto found = m_table.find(id);
    if (!found)
        return std::move(found).error();
    if (!*found || (*found)->owner != owner)
        return gone();
    return **std::move(found);
}

bool Profiles::allowed(const ProfileRow &row) const
{
    return domainAllowed(row.accountEmail.value_or(""), m_needs.settings.get().allowedDomains);
}

Profile Profiles::profileOf(ProfileRow row)
{
    Profile p{row.id,
              row.owner,
              row.provider,
              row.name,
              row.accountEmail.value_or(""),
              row.pinHash.has_value(),
              profileStateFrom(row.state),
              std::nullopt,
              row.createdAt,
              row.lastUsedAt};
    if (p.state == ProfileState::Ready && !allowed(row))
        p.state = ProfileState::DomainRefused;
    if (const auto left = lockLeft(row, m_needs.bootClock); left.count() > 0)
        p.lockedUntil = m_needs.now() + left;
    return p;
}

Result<std::vector<Profile>> Profiles::list(const std::string &owner)
{
    auto rows = m_table.list(owner);
    if (!rows)
        return std::move(rows).error();
    std::vector<Profile> out;
    for (ProfileRow &r : *rows)
        out.push_back(profileOf(std::move(r)));
    return out;
}

Result<Profile> Profiles::find(const std::string &owner, const std::string &id)
{
    auto r = row(owner, id);
    if (!r)
        return std::move(r).error();
    return profileOf(*std::move(r));
}

Result<Profile> Profiles::create(const std::string &owner, const std::string &provider, const std::string &name,
                                 const std::optional<std::string> &pin)
{
    if (findProvider(provider) == nullptr || !m_needs.clouds.contains(provider))
        return Error{Errc::Unsupported, "this cloud is not offered", "profiles", {}, 0, {}, "provider-unsupported"};
    auto checked = checkedName(name);
    if (!checked)
        return std::move(checked).error();
    ProfileRow fresh;
    if (pin) {
        if (!isPin(*pin))
            return Error{Errc::InvalidArgument, "a PIN of 4 to 8 digits", "profiles", {}, 0, {}, "pin-invalid"};
        auto hash = hashPin(*pin);
        if (!hash)
            return std::move(hash).error();
        fresh.pinHash = *std::move(hash);
    }
    fresh.id = makeUuid();
    fresh.owner = owner;
    fresh.provider = provider;
    fresh.name = *std::move(checked);
    fresh.state = toString(ProfileState::Pending);
    fresh.createdAt = m_needs.now();
    if (auto r = m_table.insert(fresh); !r)
        return std::move(r).error();
    const Profile made = profileOf(fresh);
    m_events.changed(made);
    begin(fresh);
    return made;
}

void Profiles::tell(const Waiting &waiting)
{
    m_events.authorization(waiting.shown, waiting.owner);
}

void Profiles::begin(const ProfileRow &row)
{
    auto &slot = m_waiting[row.id];
    slot = std::make_unique<Waiting>();
    slot->shown.profileId = row.id;
    slot->owner = row.owner;
    slot->provider = row.provider;
    slot->keys = makeKeyPair();
    slot->generation = ++m_generation;
    tell(*slot);
    BeginRequest request{slot->keys.publicKey, row.provider, m_needs.device, m_needs.settings.get().language,
                         m_needs.settings.get().allowedDomains};
    // A cloud whose accounts are at the organisation's own server has them sign in there, where that server can.
    const ProviderInfo *info = findProvider(row.provider);
    std::string server;
    if (const auto cloud = m_needs.clouds.find(row.provider);
        info != nullptr && info->signIn == SignIn::Server && cloud != m_needs.clouds.end())
        if (const auto base = cloud->second.endpoints.base.find("server"); base != cloud->second.endpoints.base.end())
            server = base->second;
    runOnWorker([this, alive = m_alive, id = row.id, generation = slot->generation, server = std::move(server),
                 request = std::move(request)](const Call &call) {
        auto result = std::make_shared<Result<Begun>>(Error{Errc::NotFound, "no server", "profiles"});
        if (!server.empty())
            *result = m_flow.begin(server, request.device.name, call);
        if (!*result && result->error().code == Errc::NotFound)
            *result = m_portal.begin(request, call);
        m_needs.actor.post([this, alive, id, generation, result](std::stop_token) {
            if (*alive)
                begun(id, generation, std::move(*result));
        });
    });
}

void Profiles::begun(const std::string &id, int generation, Result<Begun> result)
{
    const auto it = m_waiting.find(id);
    if (it == m_waiting.end() || it->second->generation != generation)
        return;
    Waiting &waiting = *it->second;
    if (!result) {
        log::warning("profiles", "no code: " + describe(result.error()));
        end(id, AuthorizationState::Failed, result.error(), false);
        return;
    }
    waiting.deviceCode = result->deviceCode;
    waiting.server = result->server;
    waiting.shown.userCode = result->userCode;
    waiting.shown.verificationUri = result->verificationUri;
    waiting.shown.verificationUriComplete = result->verificationUriComplete;
    waiting.shown.expiresAt = result->expiresAt;
    waiting.shown.state = AuthorizationState::Waiting;
    if (auto r = m_needs.vault.put(id, kAuthorization, waiting.toText()); !r) {
        end(id, AuthorizationState::Failed, r.error(), true);
        return;
    }
    tell(waiting);
    schedulePoll(id, result->interval);
}

void Profiles::schedulePoll(const std::string &id, std::chrono::seconds interval)
{
    const auto it = m_waiting.find(id);
    if (it == m_waiting.end() || !it->second->onScreen)
        return;
    m_needs.actor.postAfter(
        interval, [this, alive = m_alive, id, generation = it->second->generation](std::stop_token stop) {
            if (!*alive || stop.stop_requested())
                return;
            const auto now = m_waiting.find(id);
            if (now != m_waiting.end() && now->second->generation == generation && now->second->onScreen)
                poll(id, [] {});
        });
}

struct Profiles::Question {
    std::string provider;
    std::string deviceCode;
    std::string server;
    std::optional<TokenSet> taken;
    KeyPair keys;
};
struct Profiles::Answer {
    Result<PollOutcome> outcome = PollOutcome(Pending{});
    std::optional<TokenSet> taken = {};
    std::optional<Grant> grant = {}; // with the account as the cloud itself tells it
};

// On a worker: asks whoever leads the sign-in how it stands.
void Profiles::asked(const Question &question, Answer &answer, const Call &call)
{
    Grant grant{question.provider, {}, {}, {}, {}, {}};
    if (question.server.empty()) {
        answer.outcome = m_portal.poll(question.deviceCode, call);
        if (!answer.outcome || !std::holds_alternative<Granted>(*answer.outcome))
            return;
        auto opened = openSealed(std::get<Granted>(*answer.outcome).sealed, question.keys, question.provider);
        if (!opened) {
            answer.outcome = std::move(opened).error();
            return;
        }
        grant = *std::move(opened);
    } else {
        answer.taken = question.taken;
        if (!answer.taken) {
            auto outcome = m_flow.poll(question.deviceCode, call);
            if (!outcome)
                answer.outcome = std::move(outcome).error();
            else if (const auto *pending = std::get_if<Pending>(&*outcome))
                answer.outcome = PollOutcome(*pending);
            else if (auto *tokens = std::get_if<TokenSet>(&*outcome))
                answer.taken = std::move(*tokens);
            else
                answer.outcome = PollOutcome(Expired{});
        }
        if (!answer.taken)
            return;
        grant.tokens = *answer.taken;
    }
    auto cloud = m_links.providerFor(question.provider, grant.tokens);
    if (!cloud) {
        answer.outcome =
            Error{Errc::Unsupported, "this cloud is not offered", "profiles", {}, 0, {}, "provider-unsupported"};
        return;
    }
    // The device asks the cloud itself: the e-mail decides who may, and the portal could be mistaken.
    auto account = cloud->account(call);
    if (!account) {
        answer.outcome = std::move(account).error();
        return;
    }
    grant.account = *std::move(account);
    answer.grant = std::move(grant);
}

// Asks once how the sign-in stands. `then` is called when the answer has been dealt with.
void Profiles::poll(const std::string &id, std::function<void()> then)
{
    Waiting &waiting = *m_waiting.at(id);
    if (waiting.polling)
        return then();
    waiting.polling = true;
    runOnWorker([this, alive = m_alive, id, generation = waiting.generation,
                 question = Question{waiting.provider, waiting.deviceCode, waiting.server, waiting.taken, waiting.keys},
                 then = std::move(then)](const Call &call) {
        auto answer = std::make_shared<Answer>();
        asked(question, *answer, call);
        m_needs.actor.post([this, alive, id, generation, provider = question.provider, answer, then](std::stop_token) {
            if (!*alive)
                return;
            const auto it = m_waiting.find(id);
            if (answer->taken && (it == m_waiting.end() || it->second->generation != generation))
                revokeUnused({provider, {}, *answer->taken}); // nobody waits for it any more
            polled(id, generation, std::move(*answer));
            then();
        });
    });
}

void Profiles::polled(const std::string &id, int generation, Answer answer)
{
    const auto it = m_waiting.find(id);
    if (it == m_waiting.end() || it->second->generation != generation)
        return;
    Waiting &waiting = *it->second;
    waiting.polling = false;
    auto &[outcome, taken, grant] = answer;
    if (taken && !waiting.taken) {
        // It will not be told again: safe before anything else can fail.
        waiting.taken = std::move(taken);
        if (auto r = m_needs.vault.put(id, kAuthorization, waiting.toText()); !r)
            log::error("profiles", "a password could not be kept: " + describe(r.error()));
    }
    if (!outcome) {
        log::warning("profiles", "asking for the grant: " + describe(outcome.error()));
        if (remedyFor(outcome.error().code) != Remedy::RetryLater)
            return end(id, AuthorizationState::Failed, outcome.error(), true);
        return schedulePoll(id, std::max(kRetryPortal, outcome.error().retryAfter));
    }
    if (grant)
        return accept(waiting, *grant);
    if (const auto *pending = std::get_if<Pending>(&*outcome))
        return schedulePoll(id, pending->interval);
    if (std::holds_alternative<Expired>(*outcome))
        return end(id, AuthorizationState::Expired,
                   Error{Errc::NotFound, "the code ran out", "portal", {}, 0, {}, "code-expired"}, false);
    if (const auto *denied = std::get_if<Denied>(&*outcome)) {
        // The code goes on living: the screen shows why it did not work, and still shows the code.
        if (!waiting.shown.error || waiting.shown.error->stable != denied->reason) {
            waiting.shown.error =
                Error{Errc::PermissionDenied, "refused at the portal", "portal", {}, 0, {}, denied->reason};
            waiting.shown.domains = denied->domains;
            tell(waiting);
        }
        return schedulePoll(id, denied->interval);
    }
}

// Best effort: nobody keeps these tokens.
void Profiles::revokeUnused(LinkedTokens linked)
{
    runOnWorker([this, linked = std::move(linked)](const Call &call) { (void)m_links.revoke(linked, call); });
}

void Profiles::accept(Waiting &waiting, const Grant &grant)
{
    const std::string id = waiting.shown.profileId;
    LinkedTokens linked{grant.provider, grant.clientId, grant.tokens};
    if (!grant.ticket.empty())
        linked.portal = PortalTicket{grant.ticket, grant.portalKey, waiting.keys};
    waiting.taken.reset(); // from here on it is `linked`'s
    const auto &domains = m_needs.settings.get().allowedDomains;
    if (!domains.empty() && (!grant.account.emailVerified || !domainAllowed(grant.account.email, domains))) {
        waiting.shown.domains = domains;
        revokeUnused(linked);
        return end(id, AuthorizationState::Denied,
                   Error{Errc::PermissionDenied,
                         "the account's domain is not allowed",
                         "profiles",
                         {},
                         0,
                         {},
                         grant.account.emailVerified ? "domain-refused" : "email-unverified"},
                   true);
    }
    // Signing in again renews access to the same account. Whoever could bring another one in under an existing profile
    // would receive what its owner scans.
    if (auto known = m_table.find(id);
        known && *known && (*known)->accountId && *(*known)->accountId != grant.account.id) {
        revokeUnused(linked);
        return end(
            id, AuthorizationState::Denied,
            Error{Errc::PermissionDenied, "another account than the profile's", "profiles", {}, 0, {}, "other-account"},
            true);
    }
    auto stored = m_needs.db.transaction([&]() -> Result<void> {
        if (auto r = m_links.store(id, linked); !r)
            return r;
        if (auto r = m_needs.vault.remove(id, kAuthorization); !r)
            return r;
        auto found = m_table.find(id);
        if (!found)
            return std::move(found).error();
        if (!*found)
            return gone();
        ProfileRow &row = **found;
        row.state = toString(ProfileState::Ready);
        row.accountId = grant.account.id;
        row.accountEmail = grant.account.email;
        row.wrongPins = 0; // whoever signs in to the account is its owner
        row.lockSeconds = 0;
        return m_table.update(row);
    });
    if (!stored) {
        log::error("profiles", "the grant could not be stored: " + describe(stored.error()));
        if (!waiting.server.empty())
            waiting.taken = grant.tokens;
        return schedulePoll(id, kRetryPortal); // the portal still has it, or we do
    }
    if (waiting.server.empty())
        runOnWorker([this, code = waiting.deviceCode](const Call &call) {
            if (auto r = m_portal.acknowledge(code, call); !r)
                log::warning("profiles", "the portal did not take the acknowledgement: " + describe(r.error()));
        });
    log::info("profiles", "a profile was linked to " + grant.provider);
    waiting.shown.state = AuthorizationState::Granted;
    waiting.shown.error.reset();
    const auto ended = std::move(m_waiting.at(id));
    m_waiting.erase(id);
    if (auto found = m_table.find(id); found && *found)
        m_events.changed(profileOf(**std::move(found)));
    tell(*ended);
}

Result<void> Profiles::setState(const std::string &id, ProfileState state)
{
    auto found = m_table.find(id);
    if (!found)
        return std::move(found).error();
    if (!*found)
        return gone();
    ProfileRow &row = **found;
    row.state = toString(state);
    if (auto r = m_table.update(row); !r)
        return r;
    m_events.changed(profileOf(std::move(row)));
    return {};
}

// An authorization that did not lead to a grant: says so, forgets its secrets. A profile that was linked before keeps
// its state; one that never was waits for a new code.
void Profiles::end(const std::string &id, AuthorizationState state, std::optional<Error> error, bool forgetAtPortal)
{
    const auto ended = std::move(m_waiting.at(id));
    m_waiting.erase(id);
    (void)m_needs.vault.remove(id, kAuthorization);
    if (ended->taken)
        revokeUnused({ended->provider, {}, *ended->taken});
    if (forgetAtPortal && !ended->deviceCode.empty() && ended->server.empty())
        runOnWorker([this, code = ended->deviceCode](const Call &call) { (void)m_portal.cancel(code, call); });
    ended->shown.state = state;
    ended->shown.error = std::move(error);
    if (auto found = m_table.find(id); found && *found && profileStateFrom((*found)->state) == ProfileState::Pending &&
                                       state != AuthorizationState::Cancelled)
        (void)setState(id, ProfileState::Expired);
    tell(*ended);
}

// Takes up an authorization from before a restart. Null where there is none.
Result<Profiles::Waiting *> Profiles::restore(const ProfileRow &row)
{
    if (const auto it = m_waiting.find(row.id); it != m_waiting.end())
        return it->second.get();
    auto text = m_needs.vault.get(row.id, kAuthorization);
    if (!text)
        return std::move(text).error();
    if (!*text)
        return nullptr;
    const json j = json::parse(**text, nullptr, false);
    auto waiting = std::make_unique<Waiting>();
    waiting->owner = row.owner;
    waiting->provider = row.provider;
    waiting->generation = ++m_generation;
    waiting->onScreen = false;
    waiting->shown.profileId = row.id;
    waiting->shown.state = AuthorizationState::Waiting;
    auto publicKey = fromBase64(j.value("publicKey", ""));
    auto secretKey = fromBase64(j.value("secretKey", ""));
    if (!publicKey || !secretKey)
        return nullptr;
    waiting->keys = {*publicKey, *secretKey};
    waiting->deviceCode = j.value("deviceCode", "");
    waiting->server = j.value("server", "");
    if (auto taken = TokenSet::fromJson(j.value("taken", "")))
        waiting->taken = *std::move(taken);
    waiting->shown.userCode = j.value("userCode", "");
    waiting->shown.verificationUri = j.value("uri", "");
    waiting->shown.verificationUriComplete = j.value("uriComplete", "");
    waiting->shown.expiresAt = fromUnix(j.value("expiresAt", std::int64_t{0}));
    auto &slot = m_waiting[row.id];
    slot = std::move(waiting);
    return slot.get();
}

Result<Authorization> Profiles::authorize(const std::string &owner, const std::string &id)
{
    auto r = row(owner, id);
    if (!r)
        return std::move(r).error();
    if (const auto it = m_waiting.find(id); it != m_waiting.end() && it->second->taken)
        revokeUnused({r->provider, {}, *it->second->taken});
    if (const auto it = m_waiting.find(id);
        it != m_waiting.end() && !it->second->deviceCode.empty() && it->second->server.empty())
        runOnWorker([this, code = it->second->deviceCode](const Call &call) { (void)m_portal.cancel(code, call); });
    if (profileStateFrom(r->state) == ProfileState::Expired)
        if (auto s = setState(id, ProfileState::Pending); !s)
            return std::move(s).error();
    begin(*r);
    return m_waiting.at(id)->shown;
}

Result<Authorization> Profiles::authorization(const std::string &owner, const std::string &id)
{
    auto r = row(owner, id);
    if (!r)
        return std::move(r).error();
    auto waiting = restore(*r);
    if (!waiting)
        return std::move(waiting).error();
    if (*waiting == nullptr)
        return Error{Errc::NotFound, "no code is out for this profile", "profiles", {}, 0, {}, "no-authorization"};
    if (!(*waiting)->onScreen) {
        (*waiting)->onScreen = true;
        schedulePoll(id, std::chrono::seconds{0});
    }
    return (*waiting)->shown;
}

Result<void> Profiles::cancelAuthorization(const std::string &owner, const std::string &id)
{
    auto r = row(owner, id);
    if (!r)
        return std::move(r).error();
    if (auto waiting = restore(*r); waiting && *waiting != nullptr)
        end(id, AuthorizationState::Cancelled, std::nullopt, true);
    if (!r->accountId)
        return remove(owner, id);
    return {};
}

void Profiles::pauseAuthorization(const std::string &id)
{
    if (const auto it = m_waiting.find(id); it != m_waiting.end())
        it->second->onScreen = false;
}

// The refusal, with an empty message where there is none; the row's counters are brought up to date and stored.
Profiles::Refusal Profiles::openChecked(ProfileRow &row, const std::optional<std::string> &pin)
{
    bool proven = false;
    const auto refuse = [&proven](std::string stable) {
        return Refusal{
            Error{Errc::PermissionDenied, "not opened: " + stable, "profiles", {}, 0, {}, stable}, 0, proven, {}};
    };
    if (row.pinHash) {
        if (row.wrongPins >= kTriesUntilDead)
            return refuse("pin-dead");
        if (const auto left = lockLeft(row, m_needs.bootClock); left.count() > 0) {
            (void)m_table.update(row); // a lock that a reboot restarted
            Refusal refusal = refuse("profile-locked");
            refusal.lockedUntil = m_needs.now() + left;
            return refusal;
        }
        if (!pin)
            return refuse("pin-required");
        if (!pinMatches(*row.pinHash, *pin)) {
            countWrongPin(row, m_needs.bootClock);
            if (auto stored = m_table.update(row); !stored)
                return Refusal{stored.error()}; // an uncounted try must not tell right from wrong
            m_events.changed(profileOf(row));
            Refusal refusal = refuse(row.lockSeconds > 0 ? "profile-locked" : "pin-wrong");
            refusal.triesLeft = triesLeft(row.wrongPins);
            if (row.lockSeconds > 0) {
                refusal.triesLeft = 0;
                refusal.lockedUntil = m_needs.now() + std::chrono::seconds{row.lockSeconds};
            }
            return refusal;
        }
        proven = true;
        row.wrongPins = 0;
        row.lockSeconds = 0;
        if (auto stored = m_table.update(row); !stored)
            return Refusal{stored.error()};
    }
    switch (profileStateFrom(row.state)) {
    case ProfileState::Revoked:
        return refuse("access-revoked");
    case ProfileState::Expired:
        return refuse("profile-expired");
    case ProfileState::Pending:
        return refuse("not-linked");
    case ProfileState::DomainRefused:
        return refuse("domain-refused");
    case ProfileState::Ready:
        break;
    }
    if (!allowed(row))
        return refuse("domain-refused");
    return Refusal{Error{Errc::Cancelled, ""}};
}

void Profiles::open(const std::string &owner, const std::string &id, const std::optional<std::string> &pin, Opened done)
{
    auto found = row(owner, id);
    if (!found)
        return done(Refusal{found.error()});
    const auto finish = [this, owner, id, done](ProfileRow &checked, const Refusal &refusal) {
        if (!refusal.error.message.empty())
            return done(refusal);
        checked.lastUsedAt = m_needs.now();
        if (auto r = m_table.update(checked); !r)
            return done(Refusal{r.error()});
        done(profileOf(checked));
    };
    const Refusal refusal = openChecked(*found, pin);
    if (refusal.error.stable != "not-linked")
        return finish(*found, refusal);
    auto waiting = restore(*found);
    if (!waiting || *waiting == nullptr || (*waiting)->deviceCode.empty()) // no code is out yet
        return finish(*found, refusal);
    poll(id, [this, owner, id, finish, done] {
        auto again = row(owner, id);
        if (!again)
            return done(Refusal{again.error()});
        std::optional<std::string> stored; // the PIN was right a moment ago
        std::swap(stored, again->pinHash);
        Refusal now = openChecked(*again, std::nullopt);
        now.pinProven = true;
        std::swap(stored, again->pinHash);
        finish(*again, now);
    });
}

Result<Profile> Profiles::rename(const std::string &owner, const std::string &id, const std::string &name)
{
    auto r = row(owner, id);
    if (!r)
        return std::move(r).error();
    auto checked = checkedName(name);
    if (!checked)
        return std::move(checked).error();
    r->name = *std::move(checked);
    if (auto stored = m_table.update(*r); !stored)
        return std::move(stored).error();
    const Profile renamed = profileOf(*std::move(r));
    m_events.changed(renamed);
    return renamed;
}

Result<void> Profiles::remove(const std::string &owner, const std::string &id)
{
    auto r = row(owner, id);
    if (!r)
        return std::move(r).error();
    if (const auto it = m_waiting.find(id); it != m_waiting.end())
        end(id, AuthorizationState::Cancelled, std::nullopt, true);
    // Read before it is forgotten here: the revocation behind it works on a copy that dies with it.
    const auto linked = m_links.stored(id);
    auto removed = m_needs.db.transaction([&]() -> Result<void> {
        if (auto f = m_needs.vault.forget(id); !f)
            return f;
        return m_table.remove(id);
    });
    if (!removed)
        return removed;
    m_links.drop(id);
    m_events.removed(id, owner);
    if (linked)
        runOnWorker([this, linked = *linked](const Call &call) {
            if (auto ended = m_links.revoke(linked, call); !ended)
                log::warning("profiles",
                             "the grant of a deleted profile could not be revoked: " + describe(ended.error()));
        });
    return {};
}

void Profiles::revoked(const std::string &id)
{
    if (auto found = m_table.find(id); found && *found && profileStateFrom((*found)->state) == ProfileState::Ready)
        (void)setState(id, ProfileState::Revoked);
}

} // namespace connector
