// SPDX-License-Identifier: Apache-2.0
#include "portal/portal.h"

#include "core/encoding.h"
#include "core/log.h"
#include "core/random.h"
#include "http/json_body.h"
#include "http/signing_http_client.h"
#include "portal/user_code.h"
#include "profiles/mail_domain.h"
#include "profiles/sealed_grant.h"

#include <nlohmann/json.hpp>
#include <sodium.h>

namespace connector::portal {

namespace {

constexpr std::chrono::seconds kSessionLife{3600};
constexpr std::chrono::seconds kTombstone{24 * 3600};
constexpr std::chrono::seconds kSlowerBy{5}; // RFC 8628, section 3.5

constexpr std::pair<Outcome, std::string_view> kWords[] = {
    {Outcome::Fine, "fine"},
    {Outcome::WrongCode, "code-wrong"},
    {Outcome::ExpiredCode, "code-expired"},
    {Outcome::UsedCode, "code-used"},
    {Outcome::TooManyTries, "too-many-tries"},
    {Outcome::TooManyEntries, "too-many-entries"},
    {Outcome::DomainRefused, "domain-refused"},
    {Outcome::EmailUnverified, "email-unverified"},
    {Outcome::ConsentDenied, "access-denied"},
    {Outcome::ProviderUnreachable, "provider-unreachable"},
    {Outcome::ProviderRefused, "provider-refused"},
    {Outcome::PasswordWrong, "password-wrong"},
    {Outcome::SessionLost, "session-lost"},
    {Outcome::Failed, "failed"},
};

void wipe(std::string &text)
{
    sodium_memzero(text.data(), text.size());
    text.clear();
}

// A text of a device as it may stand on a page: one line, no control characters, none that turn the direction of
// writing around (they could make a name look like another).
std::optional<std::string> shownText(const nlohmann::json &object, const char *name, std::size_t limit)
{
    const auto at = object.find(name);
    if (at == object.end())
        return std::string();
    if (!at->is_string())
        return std::nullopt;
    const std::string &text = at->get_ref<const std::string &>();
    if (text.size() > limit || !isUtf8(text))
        return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20 || c == 0x7F)
            return std::nullopt;
        if (c == 0xE2 && i + 2 < text.size()) {
            const auto b = static_cast<unsigned char>(text[i + 1]);
            const auto d = static_cast<unsigned char>(text[i + 2]);
            const bool turns = (b == 0x80 && ((d >= 0xAA && d <= 0xAE) || d == 0x8E || d == 0x8F)) ||
                               (b == 0x81 && d >= 0xA6 && d <= 0xA9);
            if (turns) {
                i += 2;
                continue;
            }
        }
        out += text[i];
    }
    return out;
}

std::optional<std::string> deviceCode(const std::string &body)
{
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object())
        return std::nullopt;
    const auto at = json.find("deviceCode");
    if (at == json.end() || !at->is_string())
        return std::nullopt;
    const std::string &code = at->get_ref<const std::string &>();
    return code.empty() || code.size() > 256 ? std::nullopt : std::optional(code);
}

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

Outcome providerOutcome(const Error &error)
{
    switch (remedyFor(error.code)) {
    case Remedy::RetryLater:
    case Remedy::None:
        return Outcome::ProviderUnreachable;
    case Remedy::SignIn:
    case Remedy::AskUser:
    case Remedy::GiveUp:
        break;
    }
    return Outcome::ProviderRefused;
}

} // namespace

std::string_view toString(Outcome outcome)
{
    for (const auto &[value, word] : kWords)
        if (value == outcome)
            return word;
    return "failed";
}

Outcome outcomeFrom(std::string_view word)
{
    for (const auto &[value, known] : kWords)
        if (known == word)
            return value;
    return Outcome::Fine;
}

template <class F>
auto Portal::onStore(F work) -> decltype(work(std::declval<PortalStore &>()))
{
    return m_queue.ask([&] { return work(*m_store); });
}

Portal::Portal(std::unique_ptr<PortalStore> store, std::string key, PortalRules rules,
               std::map<std::string, PortalProvider> providers, HttpClient &http, WallClock now)
    : m_store(std::move(store)), m_key(std::move(key)), m_rules(std::move(rules)), m_providers(std::move(providers)),
      m_http(http), m_now(std::move(now)), m_codeTries(m_rules.codeTries), m_passwordTries(m_rules.codeTries),
      m_codeTriesTotal(m_rules.codeTriesTotal), m_newCodes(m_rules.newCodes), m_strangePolls(m_rules.strangePolls),
      m_desk(
          m_key, m_rules.tokens, m_providers, m_http,
          {[this](const std::string &grant) { return onStore([&](PortalStore &kept) { return kept.answer(grant); }); },
           [this](const std::string &grant, const KeptAnswer &sealed) {
               return onStore([&](PortalStore &kept) { return kept.keepAnswer(grant, sealed); });
           },
           [this](const std::string &grant) {
               return onStore([&](PortalStore &kept) { return kept.forgetAnswer(grant); });
           }},
          m_now)
{
}

Portal::~Portal()
{
    wipe(m_key);
}

// Purpose and value are told apart by their lengths: purposes are constants without a NUL.
std::string Portal::keyed(std::string_view purpose, std::string_view value) const
{
    std::string input(purpose);
    input += '\0';
    input += value;
    std::string hash(crypto_generichash_BYTES, '\0');
    crypto_generichash(reinterpret_cast<unsigned char *>(hash.data()), hash.size(),
                       reinterpret_cast<const unsigned char *>(input.data()), input.size(),
                       reinterpret_cast<const unsigned char *>(m_key.data()), m_key.size());
    wipe(input);
    return toBase64Url(hash);
}

bool Portal::formTokenFits(const std::string &session, const std::string &token) const
{
    const std::string expected = formToken(session);
    return !session.empty() && token.size() == expected.size() &&
           sodium_memcmp(token.data(), expected.data(), expected.size()) == 0;
}

// One address per provider, so that an answer of one cannot pass for another's (RFC 9700, mix-up).
std::string Portal::redirectUri(const std::string &provider) const
{
    return m_publicUrl + "/callback/" + provider;
}

DeviceAnswer Portal::begin(const std::string &body, const std::string &address)
{
    const WallTime now = m_now();
    if (!m_newCodes.take(addressKey(address), now))
        return refuse(429, "rate-limited", "too many new codes from this address",
                      m_newCodes.wait(addressKey(address), now));

    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object())
        return refuse(400, "bad-request", "not a JSON object");
    const auto device = json.find("device");
    const auto keyText = json.find("publicKey");
    const auto provider = json.find("provider");
    if (device == json.end() || !device->is_object() || keyText == json.end() || !keyText->is_string() ||
        provider == json.end() || !provider->is_string())
        return refuse(400, "bad-request", "publicKey, provider and device are needed");
    const auto publicKey = fromBase64Url(keyText->get_ref<const std::string &>());
    if (!publicKey || publicKey->size() != crypto_box_PUBLICKEYBYTES)
        return refuse(400, "bad-request", "publicKey is not an X25519 key");
    if (!m_providers.contains(provider->get<std::string>()))
        return refuse(400, "provider-unsupported", "this portal does not serve that provider");

    Authorization a;
    const auto name = shownText(*device, "name", 200);
    const auto place = shownText(*device, "place", 200);
    if (!name || !place || name->empty())
        return refuse(400, "bad-request", "device needs a name, and may have a place");
    a.publicKey = *publicKey;
    a.provider = provider->get<std::string>();
    a.deviceName = *name;
    a.devicePlace = *place;
    if (const auto domains = json.find("allowedDomains"); domains != json.end() && !domains->is_null()) {
        if (!domains->is_array() || domains->size() > 256)
            return refuse(400, "bad-request", "allowedDomains is not a list of domains");
        for (const auto &domain : *domains) {
            const std::string normal =
                domain.is_string() ? normalizeDomain(domain.get_ref<const std::string &>()) : std::string();
            // One that nobody can match must not become "all are allowed".
            if (normal.empty())
                return refuse(400, "bad-request", "allowedDomains has an entry that is not a domain");
            a.domains.push_back(normal);
        }
    }
    a.created = now;
    a.expires = now + m_rules.codeLife;

    for (int attempt = 0; attempt < 3; ++attempt) {
        const std::string code = makeToken();
        const std::string userCode = makeUserCode();
        a.id = makeUuid();
        a.deviceHash = keyed("device-code", code);
        a.userHash = keyed("user-code", userCode);
        auto added = onStore([&](PortalStore &store) { return store.add(a, m_rules.mostLiveCodes); });
        if (!added && added.error().code == Errc::Conflict)
            continue;
        if (!added) {
            log::warning("portal", describe(added.error()));
            return refuse(503, "busy", "no new code can be made now", std::chrono::seconds(60));
        }
        const std::string shown = formatUserCode(userCode);
        return answer({{"deviceCode", code},
                       {"userCode", shown},
                       {"verificationUri", m_publicUrl + "/"},
                       {"verificationUriComplete", m_publicUrl + "/?code=" + shown},
                       {"expiresAt", formatRfc3339(a.expires)},
                       {"expiresIn", m_rules.codeLife.count()},
                       {"interval", m_rules.pollInterval.count()}});
    }
    return refuse(503, "busy", "no new code can be made now", std::chrono::seconds(60));
}

DeviceAnswer Portal::poll(const std::string &body, const std::string &address)
{
    const auto code = deviceCode(body);
    if (!code)
        return refuse(400, "bad-request", "deviceCode is needed");
    const WallTime now = m_now();
    auto found = onStore([&](PortalStore &store) { return store.byDevice(keyed("device-code", *code)); });
    if (!found)
        return refuse(503, "busy", "the portal cannot look it up now", std::chrono::seconds(10));
    if (!*found) {
        if (!m_strangePolls.take(addressKey(address), now))
            return refuse(429, "rate-limited", "too many unknown codes from this address",
                          m_strangePolls.wait(addressKey(address), now));
        return answer({{"state", "expired"}});
    }
    const Authorization &a = **found;
    if (a.expires <= now)
        return answer({{"state", "expired"}});

    std::chrono::seconds interval = m_rules.pollInterval;
    bool early = false;
    {
        const std::scoped_lock lock(m_pollsMutex);
        auto [at, first] = m_polls.try_emplace(a.id, Polls{now, m_rules.pollInterval});
        Polls &polls = at->second;
        if (!first) {
            early = now >= polls.last && now - polls.last < polls.interval;
            if (early)
                polls.interval += kSlowerBy;
            polls.last = now;
        }
        interval = polls.interval;
    }
    if (early)
        return answer({{"state", "slow-down"}, {"interval", interval.count()}});
    if (a.state == Authorization::State::Granted)
        return answer({{"state", "granted"}, {"sealed", toBase64Url(a.sealed)}});
    if (!a.refusal.empty())
        return answer(
            {{"state", "denied"},
             {"reason", a.refusal},
             {"domains", a.refusal == toString(Outcome::DomainRefused) ? a.domains : std::vector<std::string>()},
             {"interval", interval.count()}});
    return answer({{"state", "pending"}, {"interval", interval.count()}});
}

DeviceAnswer Portal::end(const std::string &body, const std::string &address)
{
    const auto code = deviceCode(body);
    if (!code)
        return refuse(400, "bad-request", "deviceCode is needed");
    const WallTime now = m_now();
    auto found = onStore([&](PortalStore &store) -> Result<std::optional<Authorization>> {
        auto a = store.byDevice(keyed("device-code", *code));
        if (a && *a)
            if (auto r = store.remove((*a)->id); !r)
                return std::move(r).error();
        return a;
    });
    if (!found)
        return refuse(503, "busy", "the portal cannot delete it now", std::chrono::seconds(10));
    if (*found) {
        const std::scoped_lock lock(m_pollsMutex);
        m_polls.erase((*found)->id);
    } else if (!m_strangePolls.take(addressKey(address), now)) {
        return refuse(429, "rate-limited", "too many unknown codes from this address",
                      m_strangePolls.wait(addressKey(address), now));
    }
    return answer(nlohmann::json::object());
}

Portal::Entered Portal::enter(const std::string &typedCode, const std::string &oldSession, const std::string &address)
{
    const WallTime now = m_now();
    const std::string who = addressKey(address);
    // A try is taken before the look and given back when the code was right, so that no number of parallel requests
    // gets more tries than the rate permits.
    if (!m_codeTries.take(who, now))
        return {Outcome::TooManyTries, {}};
    if (!m_codeTriesTotal.take("", now)) {
        m_codeTries.giveBack(who, now);
        log::warning("portal", "the total limit of wrong codes is reached");
        return {Outcome::TooManyTries, {}};
    }
    const std::string code = normalizeUserCode(typedCode);
    if (code.empty()) {
        // Cannot be anybody's code: a slip, not a guess.
        m_codeTriesTotal.giveBack("", now);
        return {Outcome::WrongCode, {}};
    }
    Entered entered;
    auto done = onStore([&](PortalStore &store) -> Result<void> {
        auto found = store.byUser(keyed("user-code", code));
        if (!found)
            return std::move(found).error();
        if (!*found) {
            entered.outcome = Outcome::WrongCode;
            return {};
        }
        const Authorization &a = **found;
        if (a.state == Authorization::State::Granted)
            entered.outcome = Outcome::UsedCode;
        else if (a.expires <= now || a.publicKey.empty())
            entered.outcome = Outcome::ExpiredCode;
        else if (a.entries >= m_rules.mostEntries)
            entered.outcome = Outcome::TooManyEntries;
        else {
            // A new session at every code: one that was planted into the browser before is worth nothing.
            const std::string session = makeToken();
            BrowserSession s;
            s.hash = keyed("session", session);
            s.authorization = a.id;
            s.expires = std::min(a.expires, now + kSessionLife);
            if (auto r = store.enter(s, keyed("session", oldSession)); !r)
                return r;
            entered = {Outcome::Fine, session};
        }
        return {};
    });
    if (!done) {
        log::error("portal", describe(done.error()));
        return {Outcome::Failed, {}};
    }
    if (entered.outcome != Outcome::WrongCode) {
        m_codeTries.giveBack(who, now);
        m_codeTriesTotal.giveBack("", now);
    }
    return entered;
}

std::optional<View> Portal::view(const std::string &session)
{
    if (session.empty())
        return std::nullopt;
    const WallTime now = m_now();
    auto found = onStore([&](PortalStore &store) -> Result<std::optional<View>> {
        auto s = store.session(keyed("session", session));
        if (!s)
            return std::move(s).error();
        if (!*s || (*s)->expires <= now)
            return std::optional<View>();
        auto a = store.byId((*s)->authorization);
        if (!a)
            return std::move(a).error();
        if (!*a)
            return std::optional<View>();
        View v;
        v.provider = (*a)->provider;
        v.deviceName = (*a)->deviceName;
        v.devicePlace = (*a)->devicePlace;
        v.domains = (*a)->domains;
        v.created = (*a)->created;
        v.expires = (*a)->expires;
        v.connected = (*s)->connected;
        v.used = (*a)->state == Authorization::State::Granted;
        v.expired = (*a)->expires <= now;
        v.notice = outcomeFrom((*s)->notice);
        return std::optional(v);
    });
    if (!found) {
        log::error("portal", describe(found.error()));
        return std::nullopt;
    }
    if (*found)
        if (const auto p = m_providers.find((*found)->provider); p != m_providers.end())
            (*found)->providerTitle = p->second.title;
    return *found;
}

Outcome Portal::connect(const std::string &session)
{
    const WallTime now = m_now();
    Outcome outcome = Outcome::SessionLost;
    auto done = onStore([&](PortalStore &store) -> Result<void> {
        auto s = store.session(keyed("session", session));
        if (!s)
            return std::move(s).error();
        if (!*s || (*s)->expires <= now)
            return {};
        BrowserSession changed = **s;
        changed.connected = true;
        changed.notice = "";
        outcome = Outcome::Fine;
        return store.updateSession(changed);
    });
    return done ? outcome : Outcome::Failed;
}

void Portal::leave(const std::string &session)
{
    auto done = onStore([&](PortalStore &store) { return store.removeSession(keyed("session", session)); });
    if (!done)
        log::error("portal", describe(done.error()));
}

Portal::Started Portal::startSignIn(const std::string &session)
{
    const WallTime now = m_now();
    const std::string state = makeToken();
    Started started{Outcome::SessionLost, {}, {}};
    std::string provider;
    auto done = onStore([&](PortalStore &store) -> Result<void> {
        auto s = store.session(keyed("session", session));
        if (!s)
            return std::move(s).error();
        if (!*s || (*s)->expires <= now || !(*s)->connected)
            return {};
        auto a = store.byId((*s)->authorization);
        if (!a)
            return std::move(a).error();
        if (!*a)
            return {};
        if ((*a)->state == Authorization::State::Granted) {
            started.outcome = Outcome::UsedCode;
            return {};
        }
        if ((*a)->expires <= now) {
            started.outcome = Outcome::ExpiredCode;
            return {};
        }
        provider = (*a)->provider;
        BrowserSession changed = **s;
        changed.stateHash = keyed("state", provider + " " + state);
        changed.notice = "";
        if (auto r = store.updateSession(changed); !r)
            return r;
        started.outcome = Outcome::Fine;
        // Another attempt is under way: the panel stops showing why the last one was refused.
        return store.setRefusal((*a)->id, "");
    });
    if (!done) {
        log::error("portal", describe(done.error()));
        return {Outcome::Failed, {}, {}};
    }
    if (started.outcome != Outcome::Fine)
        return started;
    const auto at = m_providers.find(provider);
    if (at == m_providers.end())
        return {Outcome::Failed, {}, {}};
    started.providerTitle = at->second.title;
    if (!at->second.server.empty()) {
        started.server = at->second.server;
        started.state = state;
        return started;
    }
    // The verifier follows from the state and the portal's key: nothing of it is stored, and any instance can make it.
    Pkce pkce;
    pkce.verifier = keyed("verifier", state);
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, reinterpret_cast<const unsigned char *>(pkce.verifier.data()), pkce.verifier.size());
    pkce.challenge = toBase64Url(std::string_view(reinterpret_cast<const char *>(digest), sizeof digest));
    started.url = authorizeUrl(at->second.oauth, at->second.client, redirectUri(provider), state, pkce);
    wipe(pkce.verifier);
    return started;
}

Outcome Portal::finishSignIn(const std::string &session, const std::string &provider, const std::string &state,
                             const std::string &code, const std::string &error, const Call &call)
{
    const WallTime now = m_now();
    if (session.empty() || state.empty() || state.size() > 128 || code.size() > 4096 || !m_providers.contains(provider))
        return Outcome::SessionLost;
    std::optional<BrowserSession> s;
    std::optional<Authorization> a;
    auto looked = onStore([&](PortalStore &store) -> Result<void> {
        const std::string hash = keyed("session", session);
        // The provider is part of the hash: an answer at another provider's address does not fit.
        auto taken = store.takeState(hash, keyed("state", provider + " " + state));
        if (!taken)
            return std::move(taken).error();
        if (!*taken)
            return {};
        auto foundSession = store.session(hash);
        if (!foundSession)
            return std::move(foundSession).error();
        if (!*foundSession || (*foundSession)->expires <= now)
            return {};
        auto found = store.byId((*foundSession)->authorization);
        if (!found)
            return std::move(found).error();
        if (!*found || (*found)->provider != provider)
            return {};
        s = *foundSession;
        a = *found;
        return {};
    });
    if (!looked) {
        log::error("portal", describe(looked.error()));
        return Outcome::Failed;
    }
    if (!s || !a)
        return Outcome::SessionLost;

    Outcome outcome = Outcome::Fine;
    if (a->state == Authorization::State::Granted)
        outcome = Outcome::UsedCode;
    else if (a->expires <= now)
        outcome = Outcome::ExpiredCode;
    else if (error == "access_denied" || error == "consent_required" || error == "user_cancelled_login")
        outcome = Outcome::ConsentDenied;
    else if (error == "temporarily_unavailable" || error == "server_error")
        outcome = Outcome::ProviderUnreachable;
    else if (!error.empty() || code.empty())
        outcome = Outcome::ProviderRefused;
    else
        outcome = redeem(*s, *a, state, code, call);

    const bool told =
        outcome == Outcome::DomainRefused || outcome == Outcome::EmailUnverified || outcome == Outcome::ConsentDenied;
    auto kept = onStore([&](PortalStore &store) -> Result<void> {
        BrowserSession changed = *s;
        changed.stateHash = "";
        changed.notice = outcome == Outcome::Fine ? "done" : std::string(toString(outcome));
        if (auto r = store.updateSession(changed); !r)
            return r;
        return told ? store.setRefusal(a->id, std::string(toString(outcome))) : Result<void>();
    });
    if (!kept)
        log::error("portal", describe(kept.error()));
    log::info("portal",
              "sign-in at " + provider + " for authorization " + a->id + ": " + std::string(toString(outcome)));
    return outcome;
}

Outcome Portal::finishPassword(const std::string &session, const std::string &state, const std::string &user,
                               const std::string &password, const std::string &address, const Call &call)
{
    for (const auto &[id, provider] : m_providers) {
        if (provider.server.empty())
            continue;
        // As with codes, nobody gets to try without end: neither from one address nor one person's passwords. Sessions
        // do not count, since they cost nothing.
        const WallTime now = m_now();
        const std::string who = "address " + addressKey(address);
        const std::string whose = "user " + keyed("user", toLowerAscii(user));
        if (!m_passwordTries.take(who, now))
            return Outcome::TooManyTries;
        if (!m_passwordTries.take(whose, now)) {
            m_passwordTries.giveBack(who, now);
            return Outcome::TooManyTries;
        }
        std::string typed = nlohmann::json{{"user", user}, {"password", password}}.dump(
            -1, ' ', false, nlohmann::json::error_handler_t::replace);
        const Outcome outcome = finishSignIn(session, id, state, typed, "", call);
        wipe(typed);
        if (outcome == Outcome::Fine) {
            m_passwordTries.giveBack(who, now);
            m_passwordTries.giveBack(whose, now);
        }
        return outcome;
    }
    return Outcome::SessionLost;
}

// Best effort: nobody gets these tokens, so nobody else could end them.
void Portal::endGrant(const PortalProvider &provider, const TokenSet &tokens, const Call &call)
{
    if (!provider.server.empty()) // a person's own password stays
        return;
    OneToken token(tokens);
    SigningHttpClient signing(m_http, token);
    const auto ended = provider.oauth.revokeUrl.empty()
                           ? provider.make(signing)->revoke(call)
                           : revokeTokens(m_http, provider.oauth, provider.client, tokens, m_now(), call);
    if (!ended && ended.error().code != Errc::Unsupported)
        log::warning("portal", "a grant that was refused here could not be ended: " + describe(ended.error()));
}

// What the person brought back from the cloud, or typed here.
Result<TokenSet> Portal::tokensOf(const PortalProvider &provider, const Authorization &a, const std::string &state,
                                  const std::string &code, const Call &call)
{
    if (provider.server.empty()) {
        std::string verifier = keyed("verifier", state);
        auto tokens =
            redeemCode(m_http, provider.oauth, provider.client, code, redirectUri(a.provider), verifier, m_now(), call);
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

Outcome Portal::redeem(const BrowserSession &, const Authorization &a, const std::string &state,
                       const std::string &code, const Call &call)
{
    const PortalProvider &provider = m_providers.at(a.provider);
    const auto refusal = [&](const Error &error) {
        return !provider.server.empty() && error.code == Errc::Unauthenticated ? Outcome::PasswordWrong
                                                                               : providerOutcome(error);
    };
    auto tokens = tokensOf(provider, a, state, code, call);
    if (!tokens) {
        log::warning("portal", "the code was not redeemed: " + describe(tokens.error()));
        return refusal(tokens.error());
    }
    Grant grant{a.provider, provider.client.id, std::move(*tokens), {}, {}, {}};
    const auto forget = [&grant] {
        wipe(grant.tokens.accessToken);
        wipe(grant.tokens.refreshToken);
        wipe(grant.tokens.idToken);
    };
    {
        OneToken token(grant.tokens);
        SigningHttpClient signing(m_http, token);
        const auto cloud = provider.server.empty() ? provider.make(signing) : provider.makeFor(signing, grant.tokens);
        auto account = cloud->account(call);
        if (!account) {
            forget();
            log::warning("portal", "the account was not told: " + describe(account.error()));
            return refusal(account.error());
        }
        grant.account = std::move(*account);
        if (provider.addFromIdToken)
            provider.addFromIdToken(grant.tokens.idToken, grant.account);
    }
    if (!a.domains.empty() && !domainAllowed(grant.account.email, a.domains)) {
        endGrant(provider, grant.tokens, call);
        forget();
        return Outcome::DomainRefused;
    }
    if ((!a.domains.empty() || m_rules.verifiedEmail) && !grant.account.emailVerified) {
        endGrant(provider, grant.tokens, call);
        forget();
        return Outcome::EmailUnverified;
    }
    m_desk.addTicket(grant, a.publicKey);
    auto sealed = sealGrant(grant, a.publicKey);
    forget();
    if (!sealed) {
        log::error("portal", describe(sealed.error()));
        return Outcome::Failed;
    }
    const WallTime now = m_now();
    auto won = onStore([&](PortalStore &store) { return store.grant(a.id, *sealed, now, now + m_rules.grantLife); });
    if (!won) {
        log::error("portal", describe(won.error()));
        return Outcome::Failed;
    }
    return *won ? Outcome::Fine : Outcome::UsedCode;
}

Result<int> Portal::sweep()
{
    const WallTime now = m_now();
    m_desk.sweep();
    {
        // A device that has not polled for an hour starts with the first interval again.
        const std::scoped_lock lock(m_pollsMutex);
        std::erase_if(m_polls, [&](const auto &entry) { return now - entry.second.last > std::chrono::hours(1); });
    }
    return onStore([&](PortalStore &store) { return store.sweep(now, kTombstone); });
}

Result<void> Portal::healthy()
{
    auto live = onStore([&](PortalStore &store) { return store.liveCodes(m_now()); });
    if (!live)
        return std::move(live).error();
    return {};
}

} // namespace connector::portal
