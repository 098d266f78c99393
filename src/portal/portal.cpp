// SPDX-License-Identifier: Apache-2.0
#include "portal/portal.h"

#include "core/encoding.h"
#include "core/log.h"
#include "core/octets.h"

#include <sodium.h>

namespace connector::portal {

namespace {

constexpr std::chrono::seconds kTombstone{24 * 3600};
constexpr double kAddressesOfASite = 8;

Rate wider(Rate rate)
{
    return {rate.burst * kAddressesOfASite, rate.perSecond * kAddressesOfASite};
}

// Purpose and value are told apart by their lengths: purposes are constants without a NUL.
std::string keyedHash(const std::string &key, std::string_view purpose, std::string_view value)
{
    std::string input(purpose);
    input += '\0';
    input += value;
    std::string hash(crypto_generichash_BYTES, '\0');
    crypto_generichash(octets(hash), hash.size(), octets(input), input.size(), octets(key), key.size());
    wipe(input);
    return toBase64Url(hash);
}

constexpr std::pair<Outcome, std::string_view> kWords[] = {
    {Outcome::Fine, "fine"},
    {Outcome::WrongCode, "code-wrong"},
    {Outcome::ExpiredCode, "code-expired"},
    {Outcome::UsedCode, "code-used"},
    {Outcome::TooManyTries, "too-many-tries"},
    {Outcome::TooManyEntries, "too-many-entries"},
    {Outcome::TooManySignIns, "too-many-sign-ins"},
    {Outcome::DomainRefused, "domain-refused"},
    {Outcome::EmailUnverified, "email-unverified"},
    {Outcome::ConsentDenied, "access-denied"},
    {Outcome::ProviderUnreachable, "provider-unreachable"},
    {Outcome::ProviderRefused, "provider-refused"},
    {Outcome::PasswordWrong, "password-wrong"},
    {Outcome::SessionLost, "session-lost"},
    {Outcome::Failed, "failed"},
};

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

Portal::Portal(std::unique_ptr<PortalStore> store, std::string key, PortalRules rules,
               std::map<std::string, PortalProvider> providers, HttpClient &http, FineClock now)
    : m_store(std::move(store)), m_key(std::move(key)), m_rules(std::move(rules)), m_providers(std::move(providers)),
      m_http(http), m_fineNow(std::move(now)),
      m_now([this] { return std::chrono::floor<std::chrono::seconds>(m_fineNow()); }), m_gate(m_rules.mostCloudCalls),
      m_desk(m_key, m_rules.tokens, m_providers, m_http, *m_store, m_gate, m_metrics, m_now)
{
}

Portal::~Portal()
{
    wipe(m_key);
}

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

std::string nameOfKey(const std::string &key)
{
    return keyedHash(key, "name", "");
}

std::string Portal::keyed(std::string_view purpose, std::string_view value) const
{
    return keyedHash(m_key, purpose, value);
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

Bucket Portal::bucket(const std::string &kind, std::string_view key, Rate rate) const
{
    return {kind, key.empty() ? std::string() : keyed("counted", key), rate};
}

Result<Try> Portal::take(const char *kind, const std::string &address, Rate rate, WallTime now)
{
    const Bucket who = bucket(kind, addressKey(address), rate);
    auto mine = m_store->take(who, now);
    const std::string site = siteKey(address);
    if (!mine || !mine->taken || site.empty())
        return mine;
    auto ours = m_store->take(bucket(kind + std::string("-site"), site, wider(rate)), now);
    if (!ours || !ours->taken)
        (void)m_store->giveBack(who, now);
    return ours;
}

void Portal::giveBack(const char *kind, const std::string &address, Rate rate, WallTime now)
{
    (void)m_store->giveBack(bucket(kind, addressKey(address), rate), now);
    if (const std::string site = siteKey(address); !site.empty())
        (void)m_store->giveBack(bucket(kind + std::string("-site"), site, wider(rate)), now);
}

void Portal::warnSeldom(const std::string &what)
{
    {
        const std::scoped_lock lock(m_mutex);
        WallTime &last = m_warned[what];
        if (m_now() - last < std::chrono::minutes(1))
            return;
        last = m_now();
    }
    log::warning("portal", what);
}

Result<int> Portal::sweep()
{
    return m_store->sweep(m_now(), kTombstone);
}

Result<void> Portal::answers()
{
    auto asked = m_store->session("");
    return asked ? Result<void>() : Result<void>(std::move(asked).error());
}

Result<std::int64_t> Portal::liveCodes()
{
    return m_store->liveCodes(m_now());
}

} // namespace connector::portal
