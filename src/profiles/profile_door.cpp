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

Error tooManyPins()
{
    return Error{Errc::Busy, "too many PINs at once", "profiles", {}, 0, {}, "busy"};
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

// Hashing takes long, and whoever asks does not: what waits for it is bounded. False: too much does already. `then`
// comes on the actor's thread.
bool Profiles::postPinWork(std::function<void()> work, std::function<void()> then)
{
    if (m_pinWork >= kMostPinsAtOnce)
        return false;
    ++m_pinWork;
    m_needs.pinWorkers.post(
        [this, alive = m_alive, work = std::move(work), then = std::move(then)](std::stop_token) mutable {
            work();
            m_needs.actor.post([this, alive, then = std::move(then)](std::stop_token) {
                if (!*alive)
                    return;
                --m_pinWork;
                then();
            });
        });
    return true;
}

struct Profiles::PinTry {
    ProfileRow counted; // as it was stored before the PIN was looked at
    std::string pin;
    Opened done;
    bool fits = false;
    std::optional<std::string> newHash = {}; // in place of one from before PINs were hashed with the master key
};

void Profiles::hashNewPin(const std::optional<std::string> &pin,
                          const std::function<void(const Result<NewPin> &)> &then)
{
    if (!pin)
        return then(NewPin{});
    if (!isPin(*pin))
        return then(Error{Errc::InvalidArgument, "a PIN of 4 to 8 digits", "profiles", {}, 0, {}, "pin-invalid"});
    const auto hashed = std::make_shared<Result<NewPin>>(NewPin{});
    const auto work = [this, pin = *pin, hashed] {
        auto hash = hashPin(m_needs.vault, pin);
        *hashed = hash ? Result<NewPin>(NewPin{*std::move(hash)}) : Result<NewPin>(hash.error());
    };
    if (m_pinWork >= kMostNewPinsAtOnce || !postPinWork(work, [then, hashed] { then(*hashed); }))
        then(tooManyPins());
}

// What refuses a PIN before anybody looks at it; otherwise its try is counted as a wrong one.
std::optional<Profiles::Refusal> Profiles::countTry(ProfileRow &row, const std::optional<std::string> &pin)
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
    if (m_pinWork >= kMostPinsAtOnce) // it could not be looked at
        return Refusal{tooManyPins()};
    countWrongPin(row, m_needs.bootClock);
    if (auto stored = m_table.update(row); !stored)
        return Refusal{stored.error()}; // an uncounted try must not tell right from wrong
    return std::nullopt;
}

void Profiles::lookAtPin(std::shared_ptr<PinTry> attempt)
{
    const auto look = [this, attempt] {
        const std::string &hash = *attempt->counted.pinHash;
        attempt->fits = pinMatches(m_needs.vault, hash, attempt->pin);
        if (attempt->fits && !isKeyed(hash))
            if (auto again = hashPin(m_needs.vault, attempt->pin))
                attempt->newHash = *std::move(again);
    };
    if (!postPinWork(look, [this, attempt] { pinLookedAt(*attempt); }))
        attempt->done(Refusal{tooManyPins()});
}

void Profiles::pinLookedAt(const PinTry &attempt)
{
    auto now = row(attempt.counted.owner, attempt.counted.id);
    if (!now)
        return attempt.done(Refusal{now.error()});
    if (now->pinHash != attempt.counted.pinHash) // another PIN meanwhile, whose tries are counted anew
        return open(now->owner, now->id, attempt.pin, attempt.done);
    if (!attempt.fits) {
        m_events.changed(profileOf(*now));
        // A right one beside it may have forgotten this try, and the lock that it began.
        return attempt.done(wrongPin(now->wrongPins <= attempt.counted.wrongPins ? *now : attempt.counted));
    }
    if (attempt.newHash)
        now->pinHash = attempt.newHash;
    const bool lockSeen = now->lockSeconds > 0; // this try's own, or that of others at the same time
    now->wrongPins = 0;
    now->lockSeconds = 0;
    now->overdueSeconds = 0; // somebody knows it, though more may be in the way
    m_overdueAt.erase(now->id);
    if (auto stored = m_table.update(*now); !stored)
        return attempt.done(Refusal{stored.error()});
    if (lockSeen)
        m_events.changed(profileOf(*now));
    enter(*std::move(now), attempt.done);
}

Profiles::Refusal Profiles::wrongPin(const ProfileRow &counted) const
{
    if (counted.wrongPins >= kTriesUntilDead)
        return refusal("pin-dead");
    Refusal wrong = refusal(counted.lockSeconds > 0 ? "profile-locked" : "pin-wrong");
    if (counted.lockSeconds > 0)
        wrong.lockedUntil = m_needs.now() + std::chrono::seconds{counted.lockUntil - m_needs.bootClock.seconds()};
    else
        wrong.triesLeft = triesLeft(counted.wrongPins);
    return wrong;
}

// What keeps a profile shut whose PIN was right, or which has none.
std::optional<Profiles::Refusal> Profiles::inTheWay(const ProfileRow &row) const
{
    const bool hasPin = row.pinHash.has_value();
    if (const auto state = profileStateFrom(row.state); state != ProfileState::Ready)
        return refusal(stableOf(state), hasPin);
    if (!allowed(row))
        return refusal("domain-refused", hasPin);
    return std::nullopt;
}

void Profiles::open(const std::string &owner, const std::string &id, const std::optional<std::string> &pin, Opened done)
{
    auto found = row(owner, id);
    if (!found)
        return done(Refusal{found.error()});
    if (!found->pinHash)
        return enter(*std::move(found), done);
    if (auto refused = countTry(*found, pin))
        return done(*std::move(refused));
    lookAtPin(std::make_shared<PinTry>(PinTry{*std::move(found), *pin, std::move(done)}));
}

void Profiles::enter(ProfileRow row, const Opened &done)
{
    const auto refused = inTheWay(row);
    if (!refused || refused->error.stable != "not-linked")
        return entered(std::move(row), done);
    m_authorizations.askOnce(row, [this, owner = row.owner, id = row.id, done] {
        auto again = this->row(owner, id);
        if (!again)
            return done(Refusal{again.error()});
        entered(*std::move(again), done);
    });
}

void Profiles::entered(ProfileRow row, const Opened &done)
{
    if (auto refused = inTheWay(row))
        return done(*std::move(refused));
    const bool first = !row.lastUsedAt;
    row.lastUsedAt = m_needs.now();
    row.overdueSeconds = 0;
    m_overdueAt.erase(row.id);
    if (auto r = m_table.update(row); !r)
        return done(Refusal{r.error()});
    const Profile profile = profileOf(std::move(row));
    if (first) // lists show which ones nobody opened yet
        m_events.changed(profile);
    done(profile);
}

} // namespace connector
