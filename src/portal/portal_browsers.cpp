// SPDX-License-Identifier: Apache-2.0
// A person's browser on its way from the code to the cloud.
#include "core/encoding.h"
#include "core/log.h"
#include "core/octets.h"
#include "core/random.h"
#include "portal/portal.h"
#include "portal/user_code.h"

#include <sodium.h>

namespace connector::portal {

namespace {

constexpr std::chrono::seconds kSessionLife{3600};

} // namespace

Portal::Entered Portal::enter(const std::string &typedCode, const std::string &oldSession, const std::string &address)
{
    Entered entered = look(typedCode, oldSession, address);
    m_metrics.count("codes_entered", "outcome", toString(entered.outcome));
    return entered;
}

Portal::Entered Portal::look(const std::string &typedCode, const std::string &oldSession, const std::string &address)
{
    const std::string code = normalizeUserCode(typedCode);
    const WallTime now = m_now();
    const Bucket all = bucket("codes", "", m_rules.codeTriesTotal);
    const auto failed = [](const Error &error) {
        log::error("portal", describe(error));
        return Entered{Outcome::Failed, {}};
    };
    // A try is taken before the look and given back when the code was right, so that no number of parallel requests
    // gets more tries than the rate permits.
    const auto mine = take("code", address, m_rules.codeTries, now);
    if (!mine)
        return failed(mine.error());
    if (!mine->taken)
        return {Outcome::TooManyTries, {}};
    // What cannot be anybody's code is a slip, not a guess.
    if (code.empty())
        return {Outcome::WrongCode, {}};
    const auto everybodys = m_store->take(all, now);
    if (!everybodys)
        return failed(everybodys.error());
    if (!everybodys->taken) {
        giveBack("code", address, m_rules.codeTries, now);
        warnSeldom("the total limit of wrong codes is reached");
        return {Outcome::TooManyTries, {}};
    }
    auto found = m_store->byUser(keyed("user-code", code));
    if (!found)
        return failed(found.error());
    if (!*found)
        return {Outcome::WrongCode, {}};
    giveBack("code", address, m_rules.codeTries, now);
    (void)m_store->giveBack(all, now);

    const Authorization &a = **found;
    if (a.expires <= now) // also of a grant that its printer did not fetch: no profile is ready there
        return {Outcome::ExpiredCode, {}};
    if (a.state == Authorization::State::Granted)
        return {Outcome::UsedCode, {}};
    // A new session at every code: one that was planted into the browser before is worth nothing.
    const std::string session = makeToken();
    BrowserSession s;
    s.hash = keyed("session", session);
    s.authorization = a.id;
    s.expires = now + kSessionLife; // also beyond the code's end, so that it is told as what it is
    const auto entered = m_store->enter(s, keyed("session", oldSession), m_rules.mostEntries);
    if (!entered)
        return failed(entered.error());
    return *entered ? Entered{Outcome::Fine, session} : Entered{Outcome::TooManyEntries, {}};
}

// Nothing when it is over, or its authorization is gone.
Result<std::optional<Portal::Visit>> Portal::visit(const std::string &session)
{
    if (session.empty())
        return std::optional<Visit>();
    auto s = m_store->session(keyed("session", session));
    if (!s)
        return std::move(s).error();
    if (!*s || (*s)->expires <= m_now())
        return std::optional<Visit>();
    auto a = m_store->byId((*s)->authorization);
    if (!a)
        return std::move(a).error();
    if (!*a)
        return std::optional<Visit>();
    return std::optional(Visit{std::move(**s), std::move(**a)});
}

std::optional<View> Portal::view(const std::string &session)
{
    const auto found = visit(session);
    if (!found)
        log::error("portal", describe(found.error()));
    if (!found || !*found)
        return std::nullopt;
    const auto &[s, a] = **found;
    View v;
    v.provider = a.provider;
    v.deviceName = a.deviceName;
    v.devicePlace = a.devicePlace;
    v.domains = a.domains;
    v.created = a.created;
    v.expires = a.expires;
    v.connected = s.connected;
    v.used = a.state == Authorization::State::Granted;
    v.expired = a.expires <= m_now();
    v.notice = outcomeFrom(s.notice);
    if (const auto p = m_providers.find(v.provider); p != m_providers.end()) {
        v.providerTitle = p->second.title;
        v.asksPassword = !p->second.server.empty();
    }
    return v;
}

bool Portal::asksPasswords() const
{
    return std::any_of(m_providers.begin(), m_providers.end(),
                       [](const auto &entry) { return !entry.second.server.empty(); });
}

Outcome Portal::connect(const std::string &session)
{
    const auto found = visit(session);
    if (!found)
        return Outcome::Failed;
    if (!*found)
        return Outcome::SessionLost;
    return m_store->setConnected((*found)->session.hash) ? Outcome::Fine : Outcome::Failed;
}

void Portal::leave(const std::string &session)
{
    if (auto done = m_store->removeSession(keyed("session", session)); !done)
        log::error("portal", describe(done.error()));
}

Portal::Started Portal::startSignIn(const std::string &session, const std::string &address, const Call &call)
{
    const auto failed = [](const Error &error) {
        log::error("portal", describe(error));
        return Started{Outcome::Failed, {}, {}};
    };
    const auto found = visit(session);
    if (!found)
        return failed(found.error());
    if (!*found || !(*found)->session.connected)
        return {Outcome::SessionLost, {}, {}};
    const auto &[s, a] = **found;
    if (a.expires <= m_now())
        return {Outcome::ExpiredCode, {}, {}};
    if (a.state == Authorization::State::Granted)
        return {Outcome::UsedCode, {}, {}};
    const auto at = m_providers.find(a.provider);
    if (at == m_providers.end())
        return {Outcome::Failed, {}, {}};
    // Whoever began one can send the cloud a made-up code through us, and a cloud that has enough of that refuses
    // everybody.
    const auto mayTry = take("sign-in", address, m_rules.signIns, m_now());
    if (!mayTry)
        return failed(mayTry.error());
    if (!mayTry->taken)
        return {Outcome::TooManySignIns, {}, {}};
    const PortalProvider &provider = at->second;
    OAuthSpec oauth = provider.oauth;
    if (provider.generic) {
        const CloudGate::Pass pass(m_gate, a.provider);
        if (!pass)
            return {Outcome::ProviderUnreachable, {}, {}};
        MeasuredHttpClient net(m_http, m_metrics, a.provider);
        auto way = provider.generic->spec(net, call);
        if (!way) {
            log::warning("portal", "it is not known how to sign in: " + describe(way.error()));
            return {providerOutcome(way.error()), {}, {}};
        }
        oauth = *std::move(way);
    }
    const std::string state = makeToken();
    if (provider.generic)
        oauth.extraAuthorize["nonce"] = keyed("nonce", state);
    if (auto r = m_store->setState(s.hash, keyed("state", a.provider + " " + state)); !r)
        return failed(r.error());
    // Another attempt is under way: the panel stops showing why the last one was refused.
    if (!a.refusal.empty())
        if (auto r = m_store->setRefusal(a.id, ""); !r)
            return failed(r.error());

    Started started{Outcome::Fine, {}, provider.title};
    if (!provider.server.empty()) {
        started.server = provider.server;
        started.state = state;
        return started;
    }
    // The verifier follows from the state and the portal's key: nothing of it is stored, and any instance can make it.
    Pkce pkce;
    pkce.verifier = keyed("verifier", state);
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, octets(pkce.verifier), pkce.verifier.size());
    pkce.challenge = toBase64Url(std::string_view(reinterpret_cast<const char *>(digest), sizeof digest));
    started.url = authorizeUrl(oauth, provider.client, redirectUri(a.provider), state, pkce);
    wipe(pkce.verifier);
    return started;
}

} // namespace connector::portal
