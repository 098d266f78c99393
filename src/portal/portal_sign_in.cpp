// SPDX-License-Identifier: Apache-2.0
// What a person brings back from the cloud becomes a sealed grant, or a refusal in words.
#include "core/encoding.h"
#include "core/log.h"
#include "core/octets.h"
#include "http/json_body.h"
#include "http/signing_http_client.h"
#include "portal/portal.h"
#include "profiles/mail_domain.h"
#include "profiles/sealed_grant.h"

namespace connector::portal {

namespace {

constexpr std::chrono::seconds kLongestEnding{5};

// The token for the one question that the portal asks the cloud: whose account is this?
class OneToken : public TokenSource {
public:
    explicit OneToken(const TokenSet &tokens) : m_token(tokens.accessToken), m_authorization(tokens.authorization()) {}
    OneToken(const OneToken &) = delete;
    OneToken &operator=(const OneToken &) = delete;
    ~OneToken() override
    {
        wipe(m_token);
        wipe(m_authorization);
    }
    Result<std::string> token(const Call &call) override
    {
        if (auto r = call.poll(); !r)
            return std::move(r).error();
        return m_token;
    }
    void expired(const std::string &) override {}
    std::string authorization(const std::string &) override { return m_authorization; }

private:
    std::string m_token;
    std::string m_authorization;
};

} // namespace

Outcome Portal::finishSignIn(const std::string &session, const std::string &provider, const Returned &returned,
                             const Call &call)
{
    const auto &[state, code, error, issuer] = returned;
    if (session.empty() || state.empty() || state.size() > 128 || code.size() > 4096 || !m_providers.contains(provider))
        return Outcome::SessionLost;
    // The provider is part of the hash: an answer at another provider's address does not fit.
    const auto taken = m_store->takeState(keyed("session", session), keyed("state", provider + " " + state));
    const auto found = taken && *taken ? visit(session) : Result<std::optional<Visit>>(std::optional<Visit>());
    if (!taken || !found) {
        log::error("portal", describe(taken ? found.error() : taken.error()));
        return Outcome::Failed;
    }
    if (!*found || (*found)->authorization.provider != provider)
        return Outcome::SessionLost;
    const auto &[s, a] = **found;

    // What it says of itself must be known before its answer is believed, also to an instance that sent nobody there
    // yet.
    if (const auto &generic = m_providers.at(provider).generic; generic && issuer.empty()) {
        MeasuredHttpClient net(m_http, m_metrics, provider);
        if (const CloudGate::Pass pass(m_gate, provider); pass)
            (void)generic->spec(net, call);
    }
    Outcome outcome = Outcome::Fine;
    if (a.expires <= m_now())
        outcome = Outcome::ExpiredCode;
    else if (a.state == Authorization::State::Granted)
        outcome = Outcome::UsedCode;
    else if (const auto &generic = m_providers.at(provider).generic; generic && !generic->isIssuer(issuer))
        outcome = Outcome::ProviderRefused;
    else if (error == "access_denied" || error == "consent_required" || error == "user_cancelled_login")
        outcome = Outcome::ConsentDenied;
    else if (error == "temporarily_unavailable" || error == "server_error")
        outcome = Outcome::ProviderUnreachable;
    else if (!error.empty() || code.empty())
        outcome = Outcome::ProviderRefused;
    else
        outcome = redeem(a, state, code, call);

    const bool told =
        outcome == Outcome::DomainRefused || outcome == Outcome::EmailUnverified || outcome == Outcome::ConsentDenied;
    auto kept = m_store->setNotice(s.hash, outcome == Outcome::Fine ? "done" : std::string(toString(outcome)));
    if (kept && told)
        kept = m_store->setRefusal(a.id, std::string(toString(outcome)));
    if (!kept)
        log::error("portal", describe(kept.error()));
    m_metrics.count("sign_ins", "outcome", toString(outcome));
    log::info("portal",
              "sign-in at " + provider + " for authorization " + a.id + ": " + std::string(toString(outcome)));
    return outcome;
}

Outcome Portal::finishPassword(const std::string &session, const std::string &state, const std::string &user,
                               const std::string &password, const std::string &address, const Call &call)
{
    const auto at = std::find_if(m_providers.begin(), m_providers.end(),
                                 [](const auto &entry) { return !entry.second.server.empty(); });
    if (at == m_providers.end())
        return Outcome::SessionLost;
    // As with codes, nobody gets to try without end: neither from one address nor one person's passwords. Sessions do
    // not count, since they cost nothing.
    const WallTime now = m_now();
    const Bucket whose = bucket("password-for", toLowerAscii(user), m_rules.codeTries);
    const auto fromThere = take("password-of", address, m_rules.codeTries, now);
    if (!fromThere)
        return Outcome::Failed;
    if (!fromThere->taken)
        return Outcome::TooManyTries;
    const auto forThem = m_store->take(whose, now);
    if (!forThem || !forThem->taken) {
        giveBack("password-of", address, m_rules.codeTries, now);
        return forThem ? Outcome::TooManyTries : Outcome::Failed;
    }
    std::string typed = nlohmann::json{{"user", user}, {"password", password}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
    const Outcome outcome = finishSignIn(session, at->first, {state, typed, {}, {}}, call);
    wipe(typed);
    if (outcome == Outcome::Fine) {
        giveBack("password-of", address, m_rules.codeTries, now);
        (void)m_store->giveBack(whose, now);
    }
    return outcome;
}

// Best effort: nobody gets these tokens, so nobody else could end them. Also where the sign-in's own time is up.
void Portal::endGrant(const PortalProvider &provider, const TokenSet &tokens)
{
    if (!provider.server.empty()) // a person's own password stays
        return;
    Call call;
    call.deadline = Call::Clock::now() + kLongestEnding;
    MeasuredHttpClient net(m_http, m_metrics, provider.oauth.provider);
    OneToken token(tokens);
    SigningHttpClient signing(net, token);
    if (provider.generic) {
        auto oauth = provider.generic->spec(net, call);
        if (!oauth || oauth->revokeUrl.empty())
            return;
        if (auto ended = revokeTokens(net, *oauth, provider.client, tokens, m_now(), call); !ended)
            log::warning("portal",
                         "a grant that its device does not get could not be ended: " + describe(ended.error()));
        return;
    }
    const auto ended = provider.oauth.revokeUrl.empty()
                           ? provider.make(signing)->revoke(call)
                           : revokeTokens(net, provider.oauth, provider.client, tokens, m_now(), call);
    if (!ended && ended.error().code != Errc::Unsupported)
        log::warning("portal", "a grant that its device does not get could not be ended: " + describe(ended.error()));
}

// What the person brought back from the cloud, or typed here.
Result<TokenSet> Portal::tokensOf(const PortalProvider &provider, const Authorization &a, const std::string &state,
                                  const std::string &code, const Call &call)
{
    if (provider.server.empty()) {
        std::string verifier = keyed("verifier", state);
        MeasuredHttpClient net(m_http, m_metrics, a.provider);
        auto oauth = specOf(provider, net, call);
        if (!oauth)
            return std::move(oauth).error();
        auto tokens = redeemCode(net, *oauth, provider.client, code, redirectUri(a.provider), verifier, m_now(), call);
        wipe(verifier);
        return tokens;
    }
    const auto typed = parseJson(code, 2);
    TokenSet tokens;
    tokens.scheme = TokenSet::Scheme::Basic;
    tokens.server = provider.server;
    if (typed) {
        tokens.user = textOf(*typed, "user");
        tokens.accessToken = textOf(*typed, "password");
    }
    std::string text = tokens.toJson();
    auto checked = TokenSet::fromJson(text); // what no server takes for a name and a password
    wipe(text);
    wipe(tokens.accessToken);
    if (!checked)
        return Error{Errc::Unauthenticated, "not a user's name and password", a.provider};
    return checked;
}

// Nobody else could end a grant whose tokens do not reach their device.
class Portal::Unfetched {
public:
    Unfetched(Portal &portal, const PortalProvider &provider, Grant &grant)
        : m_portal(portal), m_provider(provider), m_grant(grant)
    {
    }
    Unfetched(const Unfetched &) = delete;
    Unfetched &operator=(const Unfetched &) = delete;
    ~Unfetched()
    {
        if (!m_fetched)
            m_portal.endGrant(m_provider, m_grant.tokens);
        wipe(m_grant.tokens.accessToken);
        wipe(m_grant.tokens.refreshToken);
        wipe(m_grant.tokens.idToken);
    }
    void fetched() { m_fetched = true; }

private:
    Portal &m_portal;
    const PortalProvider &m_provider;
    Grant &m_grant;
    bool m_fetched = false;
};

Outcome Portal::redeem(const Authorization &a, const std::string &state, const std::string &code, const Call &call)
{
    const PortalProvider &provider = m_providers.at(a.provider);
    const auto refusal = [&](const Error &error) {
        return !provider.server.empty() && error.code == Errc::Unauthenticated ? Outcome::PasswordWrong
                                                                               : providerOutcome(error);
    };
    const CloudGate::Pass pass(m_gate, a.provider);
    if (!pass) {
        warnSeldom("too many wait for " + a.provider);
        return Outcome::ProviderUnreachable;
    }
    auto tokens = tokensOf(provider, a, state, code, call);
    if (!tokens) {
        log::warning("portal", "the code was not redeemed: " + describe(tokens.error()));
        return refusal(tokens.error());
    }
    Grant grant{a.provider, provider.client.id, std::move(*tokens), {}, {}, {}};
    Unfetched unfetched(*this, provider, grant);
    {
        MeasuredHttpClient net(m_http, m_metrics, a.provider);
        OneToken token(grant.tokens);
        SigningHttpClient signing(net, token);
        const auto ask = [&] {
            if (provider.generic)
                return provider.generic->account(net, grant.tokens, keyed("nonce", state), m_now(), call);
            const auto cloud =
                provider.server.empty() ? provider.make(signing) : provider.makeFor(signing, grant.tokens);
            return cloud->account(call);
        };
        auto account = ask();
        if (!account) {
            log::warning("portal", "the account was not told: " + describe(account.error()));
            return refusal(account.error());
        }
        grant.account = std::move(*account);
        if (provider.addFromIdToken)
            provider.addFromIdToken(grant.tokens.idToken, grant.account);
    }
    if (!a.domains.empty() && !domainAllowed(grant.account.email, a.domains))
        return Outcome::DomainRefused;
    if ((!a.domains.empty() || m_rules.verifiedEmail) && !grant.account.emailVerified)
        return Outcome::EmailUnverified;
    m_desk.addTicket(grant, a.publicKey);
    auto sealed = sealGrant(grant, a.publicKey);
    if (!sealed) {
        log::error("portal", describe(sealed.error()));
        return Outcome::Failed;
    }
    const WallTime now = m_now();
    const auto won = m_store->grant(a.id, *sealed, now, now + m_rules.grantLife);
    if (!won) {
        log::error("portal", describe(won.error()));
        return Outcome::Failed;
    }
    if (!*won)
        return Outcome::UsedCode;
    unfetched.fetched();
    return Outcome::Fine;
}

} // namespace connector::portal
