// SPDX-License-Identifier: Apache-2.0
#include "profiles/profiles.h"

#include "core/log.h"
#include "core/name.h"
#include "core/random.h"
#include "profiles/mail_domain.h"

namespace connector {

namespace {

constexpr std::size_t kLongestName = 40; // letters

Error gone()
{
    return Error{Errc::NotFound, "no such profile", "profiles", {}, 0, {}, "profile-gone"};
}

Error refusedAccount(const char *why, std::string stable)
{
    return Error{Errc::PermissionDenied, why, "profiles", {}, 0, {}, std::move(stable)};
}

} // namespace

Profiles::Profiles(Needs needs)
    : m_needs(std::move(needs)), m_table(m_needs.db, m_needs.vault),
      m_portal(m_needs.http, m_needs.portalUrl, m_needs.now), m_flow(m_needs.http, m_needs.now),
      m_links(m_needs.actor, m_needs.db, m_needs.vault, m_needs.http, m_portal, m_needs.clouds,
              {[this, alive = m_alive](const std::string &id) {
                   m_needs.actor.post([this, alive, id](std::stop_token) {
                       if (*alive)
                           revoked(id);
                   });
               },
               [this, alive = m_alive](const LinkedTokens &orphan) {
                   return *alive ? m_revocations.add(orphan) : Result<void>();
               },
               [this, alive = m_alive](const std::string &id) { return *alive ? renewed(id) : Result<void>(); }},
              m_needs.now),
      m_revocations({m_needs.actor, m_needs.workers, m_needs.db, m_needs.vault, m_links, m_needs.firstRetry}),
      m_authorizations({m_needs.actor, m_needs.workers, m_needs.db, m_needs.vault, m_needs.settings, m_portal, m_flow,
                        m_links, m_revocations, m_needs.device},
                       {[this](const auto &id, const auto &grant, const auto &linked, const auto &newPinHash) {
                            return take(id, grant, linked, newPinHash);
                        },
                        [this](const auto &id, auto state, bool newPin) { authorizationEnded(id, state, newPin); },
                        [this](const auto &shown, const auto &owner) { m_events.authorization(shown, owner); }})
{
    if (auto r = m_table.refreshNameKeys(); !r)
        log::warning("profiles", "names are compared as they were: " + describe(r.error()));
    startAfterBoot();
    m_revocations.start();
    careIn(m_needs.firstCare);
}

Profiles::~Profiles()
{
    *m_alive = false;
}

// Locks from before a reboot start again now, once; not each time somebody looks.
void Profiles::startAfterBoot()
{
    if (auto rows = m_table.all())
        for (ProfileRow &row : *rows)
            if (row.lockSeconds > 0 && row.lockBoot != m_needs.bootClock.boot &&
                lockLeft(row, m_needs.bootClock).count() > 0)
                (void)m_table.update(row);
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
    const auto &domains = m_needs.settings.get().allowedDomains;
    return domains.empty() || (row.emailVerified && domainAllowed(row.accountEmail.value_or(""), domains));
}

Profile Profiles::profileOf(ProfileRow row)
{
    Profile p{row.id,
              row.owner,
              row.provider,
              row.name,
              row.accountEmail.value_or(""),
              row.accountEmail && row.emailVerified,
              accountIsNamed(row.provider) ? row.accountId.value_or("") : "",
              row.pinHash.has_value(),
              profileStateFrom(row.state),
              row.pinHash && row.wrongPins >= kTriesUntilDead,
              std::nullopt,
              row.createdAt,
              row.lastUsedAt,
              std::nullopt};
    if (const auto life = idleLifeOf(row.provider); life && p.state == ProfileState::Ready)
        p.accessEndsAt = row.renewedAt.value_or(row.createdAt) + *life;
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

Result<std::vector<Profile>> Profiles::all()
{
    auto rows = m_table.all();
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

Result<void> Profiles::mayCreate(const std::string &owner, const std::string &provider, const std::string &name)
{
    if (findProvider(provider) == nullptr || !m_needs.clouds.contains(provider))
        return Error{Errc::Unsupported, "this cloud is not offered", "profiles", {}, 0, {}, "provider-unsupported"};
    auto checked = checkedName(name, kLongestName);
    if (!checked)
        return std::move(checked).error();
    auto others = m_table.list(owner);
    if (!others)
        return std::move(others).error();
    if (others->size() >= kMostProfiles)
        return Error{Errc::QuotaExceeded, "as many as are kept", "profiles", {}, 0, {}, "too-many-profiles"};
    auto taken = m_table.nameTaken(owner, *checked);
    if (!taken)
        return std::move(taken).error();
    if (*taken)
        return Error{Errc::Conflict, "there is one of that name", "profiles", {}, 0, {}, "name-taken"};
    return {};
}

Result<Profile> Profiles::create(const std::string &owner, const std::string &provider, const std::string &name,
                                 const NewPin &pin)
{
    if (auto r = mayCreate(owner, provider, name); !r) // it may have changed while the PIN was hashed
        return std::move(r).error();
    ProfileRow fresh;
    fresh.pinHash = pin.hash;
    fresh.id = makeUuid();
    fresh.owner = owner;
    fresh.provider = provider;
    fresh.name = *checkedName(name, kLongestName);
    fresh.state = toString(ProfileState::Pending);
    fresh.createdAt = m_needs.now();
    if (auto r = m_table.insert(fresh); !r)
        return std::move(r).error();
    const Profile made = profileOf(fresh);
    m_events.changed(made);
    m_authorizations.begin(fresh, std::nullopt);
    return made;
}

Result<Authorization> Profiles::authorize(const std::string &owner, const std::string &id, const NewPin &newPin)
{
    auto r = row(owner, id);
    if (!r)
        return std::move(r).error();
    if (!newPin.hash && r->pinHash && r->wrongPins >= kTriesUntilDead)
        return Error{Errc::InvalidArgument, "the old PIN no longer works", "profiles", {}, 0, {}, "pin-new-required"};
    if (profileStateFrom(r->state) == ProfileState::Expired)
        if (auto s = setState(id, ProfileState::Pending); !s)
            return std::move(s).error();
    return m_authorizations.begin(*r, newPin.hash);
}

Result<Authorization> Profiles::authorization(const std::string &owner, const std::string &id)
{
    auto r = row(owner, id);
    if (!r)
        return std::move(r).error();
    auto shown = m_authorizations.show(*r);
    if (!shown)
        return std::move(shown).error();
    if (!*shown)
        return Error{Errc::NotFound, "no code is out for this profile", "profiles", {}, 0, {}, "no-authorization"};
    return **std::move(shown);
}

void Profiles::keepPin(const std::string &owner, const std::string &id)
{
    if (auto r = row(owner, id))
        m_authorizations.keepPin(*r);
}

Result<void> Profiles::cancelAuthorization(const std::string &owner, const std::string &id)
{
    auto r = row(owner, id);
    if (!r)
        return std::move(r).error();
    m_authorizations.cancel(*r);
    if (!r->accountId)
        return remove(owner, id);
    return {};
}

Result<void> Profiles::take(const std::string &id, const Grant &grant, const LinkedTokens &linked,
                            const std::optional<std::string> &newPinHash)
{
    const auto &domains = m_needs.settings.get().allowedDomains;
    if (!domains.empty() && !grant.account.emailVerified)
        return refusedAccount("the account's address is not verified", "email-unverified");
    if (!domains.empty() && !domainAllowed(grant.account.email, domains))
        return refusedAccount("the account's domain is not allowed", "domain-refused");
    auto found = m_table.find(id);
    if (!found)
        return std::move(found).error();
    if (!*found)
        return refusedAccount("the profile is gone", "profile-gone");
    ProfileRow &row = **found;
    // Signing in again renews access to the same account. Whoever could bring another one in under an existing profile
    // would receive what its owner scans.
    if (row.accountId && *row.accountId != grant.account.id)
        return refusedAccount("another account than the profile's", "other-account");
    // A password that was made for this device ends only when somebody ends it. (Grants of one application may be one
    // and the same at a cloud: there the old one stays.)
    const auto old = m_links.stored(id);
    if (old && old->tokens.scheme == TokenSet::Scheme::Basic && old->tokens.accessToken != linked.tokens.accessToken)
        if (auto r = m_revocations.add(*old); !r)
            return r;
    if (auto r = m_links.store(id, linked); !r)
        return r;
    row.state = toString(ProfileState::Ready);
    row.accountId = grant.account.id;
    row.accountEmail = grant.account.email;
    row.emailVerified = grant.account.emailVerified;
    row.renewedAt = row.linkedAt = m_needs.now();
    row.overdueSeconds = 0;
    m_overdueAt.erase(id);
    // Whoever signs in to the account is its owner. A PIN that was tried to death stays dead without a new one.
    if (newPinHash)
        row.pinHash = newPinHash;
    if (newPinHash || row.wrongPins < kTriesUntilDead) {
        row.wrongPins = 0;
        row.lockSeconds = 0;
    }
    return m_table.update(row);
}

// A profile that was linked before keeps its state; one that never was waits for a new code.
void Profiles::authorizationEnded(const std::string &id, AuthorizationState state, bool newPin)
{
    auto found = m_table.find(id);
    if (!found || !*found)
        return;
    if (newPin)
        m_events.pinRenewed(id);
    if (state == AuthorizationState::Granted)
        m_events.changed(profileOf(**std::move(found)));
    else if (profileStateFrom((*found)->state) == ProfileState::Pending && state != AuthorizationState::Cancelled)
        (void)setState(id, ProfileState::Expired);
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

Result<Profile> Profiles::rename(const std::string &owner, const std::string &id, const std::string &name)
{
    auto r = row(owner, id);
    if (!r)
        return std::move(r).error();
    auto checked = checkedName(name, kLongestName);
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
    return r ? removeRow(*r) : Result<void>(r.error());
}

// A row that is damaged is as good: only its id, owner and provider are looked at.
Result<void> Profiles::removeRow(const ProfileRow &row)
{
    const std::string &id = row.id;
    m_authorizations.cancel(row);
    auto removed = m_needs.db.transaction([&]() -> Result<void> {
        if (const auto linked = m_links.stored(id))
            if (auto noted = m_revocations.add(*linked); !noted)
                return noted;
        if (auto f = m_needs.vault.forget(id); !f)
            return f;
        return m_table.remove(id);
    });
    if (!removed)
        return removed;
    m_links.drop(id);
    m_overdueAt.erase(id);
    m_events.removed(id, row.owner);
    return {};
}

Result<void> Profiles::removeAnybodys(const std::string &id)
{
    const auto found = m_table.find(id, Damaged::Kept);
    if (!found)
        return found.error();
    return *found ? removeRow(**found) : Result<void>(gone());
}

void Profiles::domainsChanged()
{
    auto rows = m_table.all();
    if (!rows)
        return log::error("profiles", "the profiles cannot be read: " + describe(rows.error()));
    for (ProfileRow &row : *rows)
        if (profileStateFrom(row.state) == ProfileState::Ready)
            m_events.changed(profileOf(std::move(row)));
}

Result<void> Profiles::renewed(const std::string &id)
{
    auto found = m_table.find(id);
    if (!found || !*found)
        return found ? Result<void>() : std::move(found).error();
    (*found)->renewedAt = m_needs.now();
    return m_table.update(**found);
}

Result<void> Profiles::removeAll(const std::string &owner)
{
    auto rows = m_table.list(owner, Damaged::Kept);
    if (!rows)
        return std::move(rows).error();
    for (const ProfileRow &one : *rows)
        if (auto r = removeRow(one); !r)
            return r;
    return {};
}

void Profiles::revoked(const std::string &id)
{
    if (auto found = m_table.find(id); found && *found && profileStateFrom((*found)->state) == ProfileState::Ready)
        (void)setState(id, ProfileState::Revoked);
}

} // namespace connector
