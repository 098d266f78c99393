// SPDX-License-Identifier: Apache-2.0
// A profile's door: the PIN and its lock, the state, the account's domain.
#include "people/secret.h"
#include "profiles/profiles.h"

namespace connector {

namespace {

Profiles::Refusal refusal(std::string stable, bool pinProven = false)
{
    return {Error{Errc::PermissionDenied, "not opened: " + stable, "profiles", {}, 0, {}, stable}, 0, pinProven, {}};
}

const char *stableOf(ProfileState state)
{
    switch (state) {
    case ProfileState::Revoked:
        return "access-revoked";
    case ProfileState::Expired:
        return "profile-expired";
    case ProfileState::Pending:
        return "not-linked";
    case ProfileState::DomainRefused:
        return "domain-refused";
    case ProfileState::Ready:
        break;
    }
    return "";
}

} // namespace

// Nothing when the PIN is right or there is none; the row's counters are brought up to date and stored.
std::optional<Profiles::Refusal> Profiles::pinRefusal(ProfileRow &row, const std::optional<std::string> &pin)
{
    if (row.wrongPins >= kTriesUntilDead)
        return refusal("pin-dead");
    if (const auto left = lockLeft(row, m_needs.bootClock); left.count() > 0) {
        (void)m_table.update(row); // a lock that a reboot restarted
        Refusal locked = refusal("profile-locked");
        locked.lockedUntil = m_needs.now() + left;
        return locked;
    }
    if (!pin)
        return refusal("pin-required");
    if (pinMatches(m_needs.vault, *row.pinHash, *pin)) {
        if (!isKeyed(*row.pinHash)) // one from before
            if (auto hash = hashPin(m_needs.vault, *pin))
                row.pinHash = *std::move(hash);
        row.wrongPins = 0;
        row.lockSeconds = 0;
        if (auto stored = m_table.update(row); !stored)
            return Refusal{stored.error()};
        return std::nullopt;
    }
    countWrongPin(row, m_needs.bootClock);
    if (auto stored = m_table.update(row); !stored)
        return Refusal{stored.error()}; // an uncounted try must not tell right from wrong
    m_events.changed(profileOf(row));
    if (row.wrongPins >= kTriesUntilDead)
        return refusal("pin-dead");
    Refusal wrong = refusal(row.lockSeconds > 0 ? "profile-locked" : "pin-wrong");
    if (row.lockSeconds > 0)
        wrong.lockedUntil = m_needs.now() + std::chrono::seconds{row.lockSeconds};
    else
        wrong.triesLeft = triesLeft(row.wrongPins);
    return wrong;
}

// The refusal, with an empty message where there is none.
Profiles::Refusal Profiles::checked(ProfileRow &row, const std::optional<std::string> &pin)
{
    const bool hasPin = row.pinHash.has_value();
    if (hasPin)
        if (auto refused = pinRefusal(row, pin))
            return *std::move(refused);
    if (const auto state = profileStateFrom(row.state); state != ProfileState::Ready)
        return refusal(stableOf(state), hasPin);
    if (!allowed(row))
        return refusal("domain-refused", hasPin);
    return Refusal{Error{Errc::Cancelled, ""}};
}

void Profiles::open(const std::string &owner, const std::string &id, const std::optional<std::string> &pin, Opened done)
{
    auto found = row(owner, id);
    if (!found)
        return done(Refusal{found.error()});
    const auto finish = [this, done](ProfileRow &row, const Refusal &refused) {
        if (!refused.error.message.empty())
            return done(refused);
        row.lastUsedAt = m_needs.now();
        if (auto r = m_table.update(row); !r)
            return done(Refusal{r.error()});
        done(profileOf(row));
    };
    const Refusal refused = checked(*found, pin);
    if (refused.error.stable != "not-linked")
        return finish(*found, refused);
    m_authorizations.askOnce(*found, [this, owner, id, finish, done] {
        auto again = row(owner, id);
        if (!again)
            return done(Refusal{again.error()});
        std::optional<std::string> stored; // the PIN was right a moment ago
        std::swap(stored, again->pinHash);
        Refusal now = checked(*again, std::nullopt);
        now.pinProven = true;
        std::swap(stored, again->pinHash);
        finish(*again, now);
    });
}

} // namespace connector
