// SPDX-License-Identifier: Apache-2.0
#include "portal/token_desk.h"

#include "core/encoding.h"
#include "core/log.h"
#include "core/octets.h"
#include "core/random.h"

namespace connector::portal {

namespace {

constexpr std::chrono::seconds kLongestWait{20}; // for another request about the same grant
constexpr std::chrono::seconds kLongestCall{60};
constexpr std::chrono::seconds kLease{90}; // longer than a call

// Not stopped with the portal: a cloud that has begun to replace a single-use token must be heard out.
Call cloudCall()
{
    Call call;
    call.deadline = Call::Clock::now() + kLongestCall;
    return call;
}

DeviceAnswer cloudRefused(const Error &error)
{
    const auto wait = std::max(error.retryAfter, std::chrono::seconds(5));
    switch (error.code) {
    case Errc::Unauthenticated:
        return refuse(400, "access-revoked", "the cloud refused the grant");
    case Errc::RateLimited:
        return refuse(429, "rate-limited", "the cloud asks to wait", wait);
    default:
        break;
    }
    if (remedyFor(error.code) == Remedy::RetryLater)
        return refuse(503, "provider-unreachable", "the cloud does not answer", wait);
    return refuse(502, "provider-refused", "the cloud refused this portal", wait);
}

} // namespace

class TokenDesk::Turn {
public:
    Turn(TokenDesk &desk, const std::string &grant) : m_desk(desk), m_grant(grant)
    {
        Call call;
        call.deadline = Call::Clock::now() + kLongestWait;
        {
            std::unique_lock lock(m_desk.m_mutex);
            const auto [at, first] = m_desk.m_busy.try_emplace(m_grant, false);
            if (!first) {
                // A second one may wait, for an answer that was lost; more would hold the portal's threads.
                if (at->second)
                    return;
                at->second = true;
                const bool free =
                    m_desk.m_turn.wait_until(lock, call.deadline, [&] { return !m_desk.m_busy.contains(m_grant); });
                if (!free) {
                    m_desk.m_busy[m_grant] = false;
                    return;
                }
                m_desk.m_busy.emplace(m_grant, false);
            }
            m_here = true;
        }
        // Another instance may be asking. Its lease ends by itself when it died.
        do {
            const auto now = m_desk.m_now();
            const auto mine = m_desk.m_store.takeLease(m_grant, m_desk.m_name, now, now + kLease);
            m_mine = mine && *mine;
            if (m_mine || !mine)
                return;
        } while (waitFor(std::chrono::milliseconds(100), call));
    }
    Turn(const Turn &) = delete;
    Turn &operator=(const Turn &) = delete;
    ~Turn()
    {
        if (m_mine)
            (void)m_desk.m_store.endLease(m_grant, m_desk.m_name);
        if (!m_here)
            return;
        {
            const std::scoped_lock lock(m_desk.m_mutex);
            m_desk.m_busy.erase(m_grant);
        }
        m_desk.m_turn.notify_all();
    }
    bool mine() const { return m_mine; }

private:
    TokenDesk &m_desk;
    const std::string &m_grant;
    bool m_here = false; // in this instance
    bool m_mine = false; // in all
};

TokenDesk::TokenDesk(const std::string &portalKey, TokenRules rules,
                     const std::map<std::string, PortalProvider> &providers, HttpClient &http, PortalStore &store,
                     CloudGate &gate, Metrics &metrics, WallClock now)
    : m_tickets(portalKey), m_rules(rules), m_providers(providers), m_http(http), m_store(store), m_gate(gate),
      m_metrics(metrics), m_now(std::move(now)), m_name(makeToken(12))
{
}

void TokenDesk::addTicket(Grant &grant, const std::string &deviceKey) const
{
    const PortalProvider &provider = m_providers.at(grant.provider);
    if (!provider.oauth.usesSecretOf(provider.client))
        return;
    grant.ticket = m_tickets.seal({grant.provider, grant.clientId, grant.account.id, deviceKey,
                                   m_tickets.hashOf(grant.tokens.refreshToken), m_now()});
    grant.portalKey = m_tickets.keys().publicKey;
}

DeviceAnswer TokenDesk::strange(const std::string &address, const char *code, const char *message)
{
    const auto mayAsk = m_store.take({"stranger", m_tickets.hashOf(addressKey(address)), m_rules.strangers}, m_now());
    if (!mayAsk)
        return refuse(503, "busy", "the portal's store does not answer", std::chrono::seconds(10));
    if (!mayAsk->taken)
        return refuse(429, "rate-limited", "too many requests that prove nothing", mayAsk->wait);
    return refuse(403, code, message);
}

std::variant<TokenDesk::Asked, DeviceAnswer> TokenDesk::ask(const std::string &body, const std::string &address,
                                                            TokenRequest::What what)
{
    const auto json = nlohmann::json::parse(body, nullptr, false);
    const auto field = [&](const char *name) {
        const auto at = json.is_object() ? json.find(name) : json.end();
        return json.is_object() && at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
    };
    const std::string ticketText = field("ticket");
    const auto box = fromBase64Url(field("box"));
    if (ticketText.empty() || !box || box->empty())
        return refuse(400, "bad-request", "ticket and box are needed");
    Asked asked;
    auto ticket = m_tickets.open(ticketText);
    if (!ticket)
        return strange(address, "ticket-refused", "this portal did not make that ticket");
    asked.ticket = *std::move(ticket);
    auto request = openRequest(*box, asked.ticket.deviceKey, m_tickets.keys());
    if (!request || request->what != what)
        return strange(address, "proof-refused", "the request is not from the ticket's device");
    asked.request = *std::move(request);
    const WallTime now = m_now();
    const auto apart = asked.request.at - now;
    if (apart > m_rules.clockTolerance || apart < -m_rules.clockTolerance)
        return refuse(403, "clock-wrong", "the request's time is too far from the portal's");
    if (m_tickets.hashOf(asked.request.refreshToken) != asked.ticket.tokenHash)
        return strange(address, "ticket-refused", "the ticket is for another token");
    const auto provider = m_providers.find(asked.ticket.provider);
    if (provider == m_providers.end() || provider->second.client.id != asked.ticket.clientId)
        return refuse(403, "ticket-refused", "this portal no longer serves that application");
    asked.provider = &provider->second;
    asked.grant = m_tickets.hashOf(asked.ticket.provider + '\n' + asked.ticket.account + '\n' + asked.ticket.deviceKey);
    const auto mayAsk = m_store.take({"grant", asked.grant, m_rules.perGrant}, now);
    if (!mayAsk)
        return refuse(503, "busy", "the portal's store does not answer", std::chrono::seconds(10));
    if (!mayAsk->taken)
        return refuse(429, "rate-limited", "too many requests about this grant", mayAsk->wait);
    return asked;
}

DeviceAnswer TokenDesk::refresh(const std::string &body, const std::string &address)
{
    auto heard = ask(body, address, TokenRequest::What::Refresh);
    if (auto *refused = std::get_if<DeviceAnswer>(&heard))
        return *refused;
    Asked &asked = std::get<Asked>(heard);
    const Turn turn(*this, asked.grant);
    if (!turn.mine())
        return refuse(503, "busy", "another request about this grant is under way", std::chrono::seconds(5));
    // The same answer once more for whoever did not hear it: the cloud would not take the old token again. A request
    // that somebody recorded gets no more than that either.
    auto kept = m_store.answer(asked.grant);
    if (!kept)
        return refuse(503, "busy", "the portal cannot look it up now", std::chrono::seconds(10));
    if (*kept && (*kept)->tokenHash == asked.ticket.tokenHash && (*kept)->expires > m_now())
        return answer({{"sealed", toBase64Url((*kept)->sealed)}});
    const CloudGate::Pass pass(m_gate, asked.ticket.provider);
    if (!pass)
        return refuse(503, "busy", "too many requests wait for this cloud", std::chrono::seconds(5));
    // Twice the tolerance: a request may be dated ahead by one, and is too old after another.
    const auto first = m_store.firstTime(asked.request.id, m_now() + 2 * m_rules.clockTolerance);
    if (!first)
        return refuse(503, "busy", "the portal's store does not answer", std::chrono::seconds(10));
    if (!*first)
        return refuse(403, "proof-refused", "the request came before");

    TokenSet old;
    old.refreshToken = asked.request.refreshToken;
    MeasuredHttpClient cloud(m_http, m_metrics, asked.ticket.provider);
    const Call call = cloudCall();
    const auto oauth = specOf(*asked.provider, cloud, call);
    if (!oauth)
        return cloudRefused(oauth.error());
    auto fresh = refreshTokens(cloud, *oauth, asked.provider->client, old, m_now(), call);
    wipe(old.refreshToken);
    if (!fresh) {
        log::warning("portal", "tokens were not renewed: " + describe(fresh.error()));
        return cloudRefused(fresh.error());
    }
    const bool replaced = fresh->refreshToken != asked.request.refreshToken;
    Ticket next = asked.ticket;
    next.tokenHash = m_tickets.hashOf(fresh->refreshToken);
    next.made = m_now();
    auto sealed = closeAnswer({*fresh, m_tickets.seal(next)}, asked.request, asked.ticket.deviceKey, m_tickets.keys());
    wipe(fresh->accessToken);
    wipe(fresh->refreshToken);
    wipe(asked.request.refreshToken);
    if (!sealed) {
        log::error("portal", describe(sealed.error()));
        return refuse(503, "busy", "the portal cannot answer", std::chrono::seconds(10));
    }
    if (replaced)
        if (auto stored =
                m_store.keepAnswer(asked.grant, {asked.ticket.tokenHash, *sealed, m_now() + m_rules.answerLife});
            !stored)
            log::error("portal", "an answer could not be kept: " + describe(stored.error()));
    return answer({{"sealed", toBase64Url(*sealed)}});
}

DeviceAnswer TokenDesk::revoke(const std::string &body, const std::string &address)
{
    auto heard = ask(body, address, TokenRequest::What::Revoke);
    if (auto *refused = std::get_if<DeviceAnswer>(&heard))
        return *refused;
    Asked &asked = std::get<Asked>(heard);
    const Turn turn(*this, asked.grant);
    if (!turn.mine())
        return refuse(503, "busy", "another request about this grant is under way", std::chrono::seconds(5));
    const CloudGate::Pass pass(m_gate, asked.ticket.provider);
    if (!pass)
        return refuse(503, "busy", "too many requests wait for this cloud", std::chrono::seconds(5));
    const auto first = m_store.firstTime(asked.request.id, m_now() + 2 * m_rules.clockTolerance);
    if (!first)
        return refuse(503, "busy", "the portal's store does not answer", std::chrono::seconds(10));
    if (!*first)
        return refuse(503, "busy", "the request came before", std::chrono::seconds(5));
    return endBoth(asked);
}

// Also what the last renewal brought and the device has not heard of: the cloud has forgotten the old token then, and
// ending only that one would leave the grant alive.
DeviceAnswer TokenDesk::endBoth(Asked &asked)
{
    auto kept = m_store.answer(asked.grant);
    if (!kept)
        return refuse(503, "busy", "the portal's store does not answer", std::chrono::seconds(10));
    std::vector<TokenSet> sets;
    if (*kept && (*kept)->tokenHash == asked.ticket.tokenHash) {
        // The box opens from either end, with the key that this request's ticket brings.
        const PortalTicket end{{}, asked.ticket.deviceKey, m_tickets.keys()};
        if (auto answer = openAnswer((*kept)->sealed, asked.request.refreshToken, end))
            sets.push_back(std::move(answer->tokens));
    }
    TokenSet old;
    old.refreshToken = asked.request.refreshToken;
    sets.push_back(std::move(old));
    wipe(asked.request.refreshToken);
    MeasuredHttpClient cloud(m_http, m_metrics, asked.ticket.provider);
    const auto oauth = specOf(*asked.provider, cloud, cloudCall());
    if (!oauth)
        return cloudRefused(oauth.error());
    Result<void> ended;
    for (TokenSet &tokens : sets) {
        // The first one decides: of a newer token, the cloud may know the older no more.
        auto done = revokeTokens(cloud, *oauth, asked.provider->client, tokens, m_now(), cloudCall());
        if (&tokens == &sets.front())
            ended = std::move(done);
    }
    for (TokenSet &tokens : sets) {
        wipe(tokens.accessToken);
        wipe(tokens.refreshToken);
    }
    if (!ended && ended.error().code == Errc::Unsupported)
        return refuse(400, "provider-unsupported", "this cloud cannot be asked to end a grant");
    if (!ended) {
        log::warning("portal", "a grant was not ended: " + describe(ended.error()));
        return cloudRefused(ended.error());
    }
    (void)m_store.forgetAnswer(asked.grant);
    return answer(nlohmann::json::object());
}

} // namespace connector::portal
