// SPDX-License-Identifier: Apache-2.0
#include "portal/token_desk.h"

#include "core/encoding.h"
#include "core/log.h"

#include <sodium.h>

namespace connector::portal {

namespace {

constexpr std::chrono::seconds kLongestWait{20}; // for another request about the same grant
constexpr std::chrono::seconds kLongestCall{60};

void wipe(std::string &text)
{
    sodium_memzero(text.data(), text.size());
    text.clear();
}

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
        std::unique_lock lock(m_desk.m_mutex);
        m_mine = m_desk.m_turn.wait_for(lock, kLongestWait, [&] { return !m_desk.m_busy.contains(m_grant); });
        if (m_mine)
            m_desk.m_busy.insert(m_grant);
    }
    Turn(const Turn &) = delete;
    Turn &operator=(const Turn &) = delete;
    ~Turn()
    {
        if (!m_mine)
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
    bool m_mine = false;
};

TokenDesk::TokenDesk(const std::string &portalKey, TokenRules rules,
                     const std::map<std::string, PortalProvider> &providers, HttpClient &http, Kept kept, WallClock now)
    : m_tickets(portalKey), m_rules(rules), m_providers(providers), m_http(http), m_kept(std::move(kept)),
      m_now(std::move(now)), m_perGrant(m_rules.perGrant), m_strangers(m_rules.strangers)
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
    const std::string who = addressKey(address);
    if (!m_strangers.take(who, m_now()))
        return refuse(429, "rate-limited", "too many requests that prove nothing", m_strangers.wait(who, m_now()));
    return refuse(403, code, message);
}

bool TokenDesk::firstTime(const std::string &id)
{
    const std::scoped_lock lock(m_mutex);
    // Twice the tolerance: a request may be dated ahead by one, and is too old after another.
    return m_seen.size() < kMostIds && m_seen.emplace(id, m_now() + 2 * m_rules.clockTolerance).second;
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
    if (!m_perGrant.take(asked.grant, now))
        return refuse(429, "rate-limited", "too many requests about this grant", m_perGrant.wait(asked.grant, now));
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
    auto kept = m_kept.find(asked.grant);
    if (!kept)
        return refuse(503, "busy", "the portal cannot look it up now", std::chrono::seconds(10));
    if (*kept && (*kept)->tokenHash == asked.ticket.tokenHash && (*kept)->expires > m_now())
        return answer({{"sealed", toBase64Url((*kept)->sealed)}});
    if (!firstTime(asked.request.id))
        return refuse(403, "proof-refused", "the request came before");

    TokenSet old;
    old.refreshToken = asked.request.refreshToken;
    auto fresh = refreshTokens(m_http, asked.provider->oauth, asked.provider->client, old, m_now(), cloudCall());
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
        if (auto stored = m_kept.put(asked.grant, {asked.ticket.tokenHash, *sealed, m_now() + m_rules.answerLife});
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
    if (!turn.mine() || !firstTime(asked.request.id))
        return refuse(503, "busy", "another request about this grant is under way", std::chrono::seconds(5));
    TokenSet tokens;
    tokens.refreshToken = asked.request.refreshToken;
    auto ended = revokeTokens(m_http, asked.provider->oauth, asked.provider->client, tokens, m_now(), cloudCall());
    wipe(tokens.refreshToken);
    wipe(asked.request.refreshToken);
    if (!ended && ended.error().code == Errc::Unsupported)
        return refuse(400, "provider-unsupported", "this cloud cannot be asked to end a grant");
    if (!ended) {
        log::warning("portal", "a grant was not ended: " + describe(ended.error()));
        return cloudRefused(ended.error());
    }
    (void)m_kept.forget(asked.grant);
    return answer(nlohmann::json::object());
}

void TokenDesk::sweep()
{
    const std::scoped_lock lock(m_mutex);
    std::erase_if(m_seen, [now = m_now()](const auto &entry) { return entry.second <= now; });
}

} // namespace connector::portal
