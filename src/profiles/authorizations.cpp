// SPDX-License-Identifier: Apache-2.0
#include "profiles/authorizations.h"

#include "core/encoding.h"
#include "core/log.h"

#include <nlohmann/json.hpp>

namespace connector {

using nlohmann::json;

namespace {

constexpr const char *kAuthorization = "authorization"; // its name in the Vault
constexpr std::chrono::seconds kPortalTime{20};
constexpr std::chrono::seconds kRetryPortal{5};
constexpr std::chrono::seconds kLongestPause{60}; // somebody looks at the code, whatever the other side asks for

// Whether asking again may bring another answer. A grant that does not open for this device never will.
bool mayPass(const Error &error)
{
    switch (error.code) {
    case Errc::Unauthenticated:
    case Errc::PermissionDenied:
    case Errc::Unsupported:
    case Errc::InvalidArgument:
    case Errc::DataLoss:
        return false;
    default:
        return true;
    }
}

LinkedTokens linkedOf(const Grant &grant, const KeyPair &keys)
{
    LinkedTokens linked{grant.provider, grant.clientId, grant.tokens};
    if (!grant.ticket.empty())
        linked.portal = PortalTicket{grant.ticket, grant.portalKey, keys};
    return linked;
}

// The server that an organisation runs for its own accounts; "" for a cloud that the portal leads to.
std::string ownServer(const CloudConfigs &clouds, const std::string &provider)
{
    const ProviderInfo *info = findProvider(provider);
    const auto cloud = clouds.find(provider);
    if (info == nullptr || info->signIn != SignIn::Server || cloud == clouds.end())
        return {};
    const auto base = cloud->second.endpoints.base.find("server");
    return base == cloud->second.endpoints.base.end() ? std::string() : base->second;
}

} // namespace

struct Authorizations::Waiting {
    Authorization shown;
    std::string owner;
    std::string provider;
    std::string deviceCode;        // secret
    std::string server;            // "": the portal leads; else the account's own server
    std::optional<TokenSet> taken; // what that server gave, once and for all, until it is stored with the account
    std::optional<std::string> newPinHash;
    KeyPair keys;
    int generation = 0;               // answers to older questions are dropped
    int turn = 0;                     // of the next poll that is planned; those planned before do not happen
    std::chrono::seconds interval{0}; // as it was told last
    std::chrono::steady_clock::time_point nextPoll{}; // whoever asks earlier is slowed down
    bool onScreen = true;
    bool polling = false;

    std::string toText() const
    {
        return json{{"deviceCode", deviceCode},
                    {"server", server},
                    {"taken", taken ? taken->toJson() : ""},
                    {"newPinHash", newPinHash.value_or("")},
                    {"publicKey", toBase64(keys.publicKey)},
                    {"secretKey", toBase64(keys.secret)},
                    {"userCode", shown.userCode},
                    {"uri", shown.verificationUri},
                    {"uriComplete", shown.verificationUriComplete},
                    {"expiresAt", toUnix(shown.expiresAt)}}
            .dump();
    }

    static std::unique_ptr<Waiting> fromText(const std::string &text)
    {
        const json j = json::parse(text, nullptr, false);
        if (!j.is_object())
            return nullptr;
        auto publicKey = fromBase64(j.value("publicKey", ""));
        auto secretKey = fromBase64(j.value("secretKey", ""));
        if (!publicKey || !secretKey)
            return nullptr;
        auto waiting = std::make_unique<Waiting>();
        waiting->onScreen = false;
        waiting->shown.state = AuthorizationState::Waiting;
        waiting->keys = {*publicKey, *secretKey};
        waiting->deviceCode = j.value("deviceCode", "");
        waiting->server = j.value("server", "");
        if (auto taken = TokenSet::fromJson(j.value("taken", "")))
            waiting->taken = *std::move(taken);
        if (std::string hash = j.value("newPinHash", ""); !hash.empty())
            waiting->newPinHash = std::move(hash);
        waiting->shown.userCode = j.value("userCode", "");
        waiting->shown.verificationUri = j.value("uri", "");
        waiting->shown.verificationUriComplete = j.value("uriComplete", "");
        waiting->shown.expiresAt = fromUnix(j.value("expiresAt", std::int64_t{0}));
        return waiting;
    }
};

Authorizations::Authorizations(Needs needs, Hooks hooks) : m_needs(std::move(needs)), m_hooks(std::move(hooks)) {}

Authorizations::~Authorizations()
{
    *m_alive = false;
}

void Authorizations::runOnWorker(std::function<void(const Call &)> work)
{
    m_needs.workers.post([work = std::move(work)](std::stop_token stop) {
        Call call;
        call.stop = std::move(stop);
        work(call.within(kPortalTime));
    });
}

Authorization Authorizations::begin(const ProfileRow &row, const std::optional<std::string> &newPinHash)
{
    if (auto old = restore(row); old && *old != nullptr)
        letGo(**old, true);
    auto &slot = m_waiting[row.id];
    slot = std::make_unique<Waiting>();
    slot->shown.profileId = row.id;
    slot->owner = row.owner;
    slot->provider = row.provider;
    slot->newPinHash = newPinHash;
    slot->keys = makeKeyPair();
    slot->generation = ++m_generation;
    m_hooks.tell(slot->shown, slot->owner);
    BeginRequest request{slot->keys.publicKey, row.provider, m_needs.device, m_needs.settings.get().language,
                         m_needs.settings.get().allowedDomains};
    runOnWorker([this, alive = m_alive, id = row.id, generation = slot->generation,
                 server = ownServer(m_needs.links.clouds(), row.provider),
                 request = std::move(request)](const Call &call) {
        auto result = std::make_shared<Result<Begun>>(Error{Errc::NotFound, "no server", "profiles"});
        if (!server.empty())
            *result = m_needs.flow.begin(server, request.device.name, call);
        if (!*result && result->error().code == Errc::NotFound)
            *result = m_needs.portal.begin(request, call);
        m_needs.actor.post([this, alive, id, generation, result](std::stop_token) {
            if (*alive)
                begun(id, generation, std::move(*result));
        });
    });
    return slot->shown;
}

void Authorizations::begun(const std::string &id, int generation, Result<Begun> result)
{
    const auto it = m_waiting.find(id);
    if (it == m_waiting.end() || it->second->generation != generation) {
        // Asked for a code twice, or not any more: nobody will ever show this one.
        if (result && result->server.empty())
            runOnWorker(
                [this, code = result->deviceCode](const Call &call) { (void)m_needs.portal.cancel(code, call); });
        return;
    }
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
    m_hooks.tell(waiting.shown, waiting.owner);
    schedulePoll(id, result->interval);
}

void Authorizations::schedulePoll(const std::string &id, std::chrono::seconds interval)
{
    const auto it = m_waiting.find(id);
    if (it == m_waiting.end())
        return;
    it->second->interval = interval;
    askAgain(*it->second, interval);
}

// An error changes nothing about the interval: the portal may have counted the poll whose answer was lost.
void Authorizations::askAgain(Waiting &waiting, std::chrono::seconds wait)
{
    waiting.nextPoll = std::chrono::steady_clock::now() + std::max(wait, waiting.interval);
    planPoll(waiting);
}

// One at a time: two that take turns would both come too early for ever.
void Authorizations::planPoll(Waiting &waiting)
{
    if (!waiting.onScreen)
        return;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(waiting.nextPoll - std::chrono::steady_clock::now());
    m_needs.actor.postAfter(std::max(wait, std::chrono::milliseconds{0}),
                            [this, alive = m_alive, id = waiting.shown.profileId, generation = waiting.generation,
                             turn = ++waiting.turn](std::stop_token stop) {
                                if (!*alive || stop.stop_requested())
                                    return;
                                const auto it = m_waiting.find(id);
                                if (it != m_waiting.end() && it->second->generation == generation &&
                                    it->second->turn == turn && it->second->onScreen)
                                    poll(id, [] {});
                            });
}

struct Authorizations::Question {
    std::string id;
    int generation = 0;
    std::string provider;
    std::string deviceCode;
    std::string server;
    std::optional<TokenSet> taken;
    KeyPair keys;
};
struct Authorizations::Answer {
    Result<PollOutcome> outcome = PollOutcome(Pending{});
    std::optional<TokenSet> taken = {};
    bool kept = false;               // by whoever waits for it
    std::optional<Grant> grant = {}; // with the account as the cloud itself tells it
    std::optional<Grant> asked = {}; // what the box held, where the cloud did not tell the account
};

// On a worker: asks whoever leads the sign-in how it stands.
void Authorizations::asked(const Question &question, Answer &answer, const Call &call)
{
    Grant grant{question.provider, {}, {}, {}, {}, {}};
    if (question.server.empty()) {
        answer.outcome = m_needs.portal.poll(question.deviceCode, call);
        if (!answer.outcome || !std::holds_alternative<Granted>(*answer.outcome))
            return;
        auto opened = openSealed(std::get<Granted>(*answer.outcome).sealed, question.keys, question.provider);
        if (!opened) {
            answer.outcome = Error{Errc::DataLoss, opened.error().message, "portal", {}, 0, {}, "portal-bad-reply"};
            return;
        }
        grant = *std::move(opened);
    } else {
        answer.taken = question.taken;
        answer.kept = question.taken.has_value();
        if (!answer.taken) {
            auto outcome = m_needs.flow.poll(question.deviceCode, call);
            if (!outcome) {
                answer.outcome = std::move(outcome).error();
            } else if (const auto *pending = std::get_if<Pending>(&*outcome)) {
                answer.outcome = PollOutcome(*pending);
            } else if (auto *tokens = std::get_if<TokenSet>(&*outcome)) {
                answer.taken = std::move(*tokens);
                answer.kept = m_needs.actor.ask([&, alive = m_alive] {
                    return *alive && keepTaken(question.id, question.generation, *answer.taken);
                });
            } else {
                answer.outcome = PollOutcome(Expired{});
            }
        }
        if (!answer.taken)
            return;
        grant.tokens = *answer.taken;
    }
    auto cloud = m_needs.links.providerFor(question.provider, grant.tokens);
    if (!cloud) {
        answer.asked = grant;
        answer.outcome =
            Error{Errc::Unsupported, "this cloud is not offered", "profiles", {}, 0, {}, "provider-unsupported"};
        return;
    }
    // The device asks the cloud itself: the e-mail decides who may, and the portal could be mistaken.
    auto account = cloud->account(call);
    if (!account) {
        answer.asked = std::move(grant);
        answer.outcome = std::move(account).error();
        return;
    }
    grant.account = *std::move(account);
    answer.grant = std::move(grant);
}

void Authorizations::poll(const std::string &id, std::function<void()> then)
{
    Waiting &waiting = *m_waiting.at(id);
    if (waiting.polling)
        return then();
    waiting.polling = true;
    runOnWorker([this, alive = m_alive, id, generation = waiting.generation,
                 question = Question{id, waiting.generation, waiting.provider, waiting.deviceCode, waiting.server,
                                     waiting.taken, waiting.keys},
                 then = std::move(then)](const Call &call) {
        auto answer = std::make_shared<Answer>();
        asked(question, *answer, call);
        m_needs.actor.post([this, alive, id, generation, provider = question.provider, keys = question.keys, answer,
                            then](std::stop_token) {
            if (!*alive)
                return;
            const auto it = m_waiting.find(id);
            if (it == m_waiting.end() || it->second->generation != generation) {
                // Nobody waits for it any more.
                if (answer->taken && !answer->kept)
                    revokeUnused({provider, {}, *answer->taken});
                else if (answer->grant && !answer->kept)
                    revokeUnused(linkedOf(*answer->grant, keys));
            } else {
                polled(*it->second, std::move(*answer));
            }
            then();
        });
    });
}

// It will not be told again: safe before anything else can fail, or this service end.
bool Authorizations::keepTaken(const std::string &id, int generation, const TokenSet &tokens)
{
    const auto it = m_waiting.find(id);
    if (it == m_waiting.end() || it->second->generation != generation)
        return false;
    it->second->taken = tokens;
    if (auto r = m_needs.vault.put(id, kAuthorization, it->second->toText()); !r)
        log::error("profiles", "a password could not be kept: " + describe(r.error()));
    return true;
}

void Authorizations::polled(Waiting &waiting, Answer answer)
{
    const std::string id = waiting.shown.profileId;
    waiting.polling = false;
    auto &outcome = answer.outcome;
    const auto &grant = answer.grant;
    // The code goes on living: the screen says what is in the way, and still shows the code.
    const auto say = [&](std::optional<Error> error, std::vector<std::string> domains) {
        const auto stable = [](const std::optional<Error> &e) { return e ? stableCode(*e) : std::string(); };
        const bool news = stable(waiting.shown.error) != stable(error) || waiting.shown.domains != domains;
        waiting.shown.error = std::move(error);
        waiting.shown.domains = std::move(domains);
        if (news)
            m_hooks.tell(waiting.shown, waiting.owner);
    };
    if (!outcome) {
        log::warning("profiles", "asking for the grant: " + describe(outcome.error()));
        if (!mayPass(outcome.error())) {
            // Nobody else could end it: the portal's box goes, and this service does not keep the tokens.
            if (answer.asked && waiting.server.empty())
                revokeUnused(linkedOf(*answer.asked, waiting.keys));
            return end(id, AuthorizationState::Failed, outcome.error(), true);
        }
        say(outcome.error(), {});
        return askAgain(waiting, std::clamp(outcome.error().retryAfter, kRetryPortal, kLongestPause));
    }
    if (grant)
        return accept(waiting, *grant);
    if (const auto *denied = std::get_if<Denied>(&*outcome)) {
        say(Error{Errc::PermissionDenied, "refused at the portal", "portal", {}, 0, {}, denied->reason},
            denied->domains);
        return schedulePoll(id, denied->interval);
    }
    if (const auto *pending = std::get_if<Pending>(&*outcome)) {
        if (waiting.shown.error && waiting.shown.error->code != Errc::PermissionDenied)
            say(std::nullopt, {}); // the portal answers again
        return schedulePoll(id, pending->interval);
    }
    end(id, AuthorizationState::Expired, Error{Errc::NotFound, "the code ran out", "portal", {}, 0, {}, "code-expired"},
        false);
}

void Authorizations::revokeUnused(const LinkedTokens &linked)
{
    if (auto r = m_needs.revocations.add(linked); !r)
        log::error("profiles", "a grant that nobody keeps could not be noted for its end: " + describe(r.error()));
}

void Authorizations::accept(Waiting &waiting, const Grant &grant)
{
    const std::string id = waiting.shown.profileId;
    const LinkedTokens linked = linkedOf(grant, waiting.keys);
    auto stored = m_needs.db.transaction([&]() -> Result<void> {
        if (auto r = m_hooks.take(id, grant, linked, waiting.newPinHash); !r)
            return r;
        return m_needs.vault.remove(id, kAuthorization);
    });
    if (!stored && stored.error().code == Errc::PermissionDenied) {
        if (stored.error().stable == "domain-refused")
            waiting.shown.domains = m_needs.settings.get().allowedDomains;
        waiting.taken.reset();
        revokeUnused(linked);
        return end(id, AuthorizationState::Denied, stored.error(), true);
    }
    if (!stored) {
        log::error("profiles", "the grant could not be stored: " + describe(stored.error()));
        return askAgain(waiting, kRetryPortal); // the portal still has it, or we do
    }
    if (waiting.server.empty())
        runOnWorker([this, code = waiting.deviceCode](const Call &call) {
            if (auto r = m_needs.portal.acknowledge(code, call); !r)
                log::warning("profiles", "the portal did not take the acknowledgement: " + describe(r.error()));
        });
    log::info("profiles", "a profile was linked to " + grant.provider);
    waiting.shown.state = AuthorizationState::Granted;
    waiting.shown.error.reset();
    const auto ended = std::move(m_waiting.at(id));
    m_waiting.erase(id);
    m_hooks.ended(id, AuthorizationState::Granted, ended->newPinHash.has_value());
    m_hooks.tell(ended->shown, ended->owner);
}

// What it holds elsewhere is given back.
void Authorizations::letGo(Waiting &waiting, bool forgetAtPortal)
{
    if (waiting.taken)
        revokeUnused({waiting.provider, {}, *waiting.taken});
    if (forgetAtPortal && !waiting.deviceCode.empty() && waiting.server.empty())
        runOnWorker([this, code = waiting.deviceCode](const Call &call) { (void)m_needs.portal.cancel(code, call); });
}

// An authorization that did not lead to a grant: says so, forgets its secrets.
void Authorizations::end(const std::string &id, AuthorizationState state, std::optional<Error> error,
                         bool forgetAtPortal)
{
    const auto ended = std::move(m_waiting.at(id));
    m_waiting.erase(id);
    (void)m_needs.vault.remove(id, kAuthorization);
    letGo(*ended, forgetAtPortal);
    ended->shown.state = state;
    ended->shown.error = std::move(error);
    m_hooks.ended(id, state, false);
    m_hooks.tell(ended->shown, ended->owner);
}

// Takes up an authorization from before a restart. Null where there is none.
Result<Authorizations::Waiting *> Authorizations::restore(const ProfileRow &row)
{
    if (const auto it = m_waiting.find(row.id); it != m_waiting.end())
        return it->second.get();
    auto text = m_needs.vault.get(row.id, kAuthorization);
    if (!text)
        return std::move(text).error();
    auto waiting = *text ? Waiting::fromText(**text) : nullptr;
    if (!waiting)
        return nullptr;
    waiting->owner = row.owner;
    waiting->provider = row.provider;
    waiting->generation = ++m_generation;
    waiting->shown.profileId = row.id;
    auto &slot = m_waiting[row.id];
    slot = std::move(waiting);
    return slot.get();
}

Result<std::optional<Authorization>> Authorizations::find(const ProfileRow &row)
{
    auto waiting = restore(row);
    if (!waiting)
        return std::move(waiting).error();
    return *waiting == nullptr ? std::optional<Authorization>() : std::optional((*waiting)->shown);
}

Result<std::optional<Authorization>> Authorizations::show(const ProfileRow &row)
{
    auto shown = find(row);
    if (!shown || !*shown)
        return shown;
    Waiting &waiting = *m_waiting.at(row.id);
    if (!waiting.onScreen) {
        waiting.onScreen = true;
        planPoll(waiting);
    }
    return shown;
}

void Authorizations::keepPin(const ProfileRow &row)
{
    auto waiting = restore(row);
    if (!waiting || *waiting == nullptr || !(*waiting)->newPinHash)
        return;
    (*waiting)->newPinHash.reset();
    if ((*waiting)->shown.state == AuthorizationState::Waiting) // else it is stored with its code, without the PIN
        if (auto r = m_needs.vault.put(row.id, kAuthorization, (*waiting)->toText()); !r)
            log::error("profiles", "a code could not be stored anew: " + describe(r.error()));
}

void Authorizations::pause(const std::string &id)
{
    if (const auto it = m_waiting.find(id); it != m_waiting.end())
        it->second->onScreen = false;
}

void Authorizations::askOnce(const ProfileRow &row, std::function<void()> then)
{
    auto waiting = restore(row);
    if (!waiting || *waiting == nullptr || (*waiting)->deviceCode.empty()) // no code is out yet
        return then();
    // The portal tells those who come too early nothing; a server of the account's own has no such rule.
    if ((*waiting)->server.empty() && std::chrono::steady_clock::now() < (*waiting)->nextPoll)
        return then();
    poll(row.id, std::move(then));
}

void Authorizations::cancel(const ProfileRow &row)
{
    if (auto waiting = restore(row); waiting && *waiting != nullptr)
        end(row.id, AuthorizationState::Cancelled, std::nullopt, true);
}

} // namespace connector
