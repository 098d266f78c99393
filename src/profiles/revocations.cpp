// SPDX-License-Identifier: Apache-2.0
#include "profiles/revocations.h"

#include "core/log.h"
#include "core/random.h"

namespace connector {

namespace {

constexpr const char *kTokens = "tokens"; // its name in the Vault
constexpr std::int64_t kMost = 500;
constexpr std::int64_t kMostTries = 130; // with the waits below: some thirty days
constexpr std::chrono::hours kLongestWait{6};
constexpr std::chrono::seconds kCloudTime{20};

// What asking again cannot change.
bool isFinal(const Error &error)
{
    switch (error.code) {
    case Errc::Unauthenticated: // the grant is over
    case Errc::PermissionDenied:
    case Errc::NotFound:
    case Errc::Unsupported:
    case Errc::InvalidArgument:
        return true;
    default:
        return false;
    }
}

} // namespace

Result<void> Revocations::add(const LinkedTokens &linked)
{
    const std::string id = makeUuid();
    auto added = m_needs.db.transaction([&]() -> Result<void> {
        if (auto r = m_needs.db.run("INSERT INTO revocation (id) VALUES (?)", {id}); !r)
            return r;
        if (auto r = m_needs.vault.put(id, kTokens, toText(linked)); !r)
            return r;
        std::vector<std::string> tooMany;
        if (auto r = m_needs.db.run("SELECT id FROM revocation ORDER BY number DESC LIMIT -1 OFFSET ?", {kMost},
                                    [&](const Row &row) { tooMany.push_back(row.text(0)); });
            !r)
            return r;
        for (const std::string &old : tooMany) {
            log::warning("profiles", "too many grants wait for their end: the oldest is given up");
            if (auto r = forget(old); !r)
                return r;
        }
        return {};
    });
    if (added)
        wake();
    return added;
}

Result<std::int64_t> Revocations::waiting()
{
    std::int64_t count = 0;
    if (auto r = m_needs.db.run("SELECT COUNT(*) FROM revocation", {}, [&](const Row &row) { count = row.integer(0); });
        !r)
        return std::move(r).error();
    return count;
}

// Posted, so that a transaction around add() is over by then.
void Revocations::wake()
{
    m_needs.actor.post([this, alive = m_alive](std::stop_token stop) {
        if (*alive && !stop.stop_requested())
            next();
    });
}

void Revocations::next()
{
    if (m_busy)
        return;
    const auto now = std::chrono::steady_clock::now();
    auto soonest = std::chrono::steady_clock::time_point::max();
    std::string due;
    auto read = m_needs.db.run("SELECT id FROM revocation ORDER BY number", {}, [&](const Row &row) {
        const auto at = m_notBefore.find(row.text(0));
        if (at == m_notBefore.end() || at->second <= now) {
            if (due.empty())
                due = row.text(0);
        } else {
            soonest = std::min(soonest, at->second);
        }
    });
    if (!read)
        return log::error("profiles", "the grants to be ended cannot be read: " + describe(read.error()));
    if (due.empty()) {
        if (soonest != std::chrono::steady_clock::time_point::max())
            m_needs.actor.postAfter(std::chrono::ceil<std::chrono::milliseconds>(soonest - now),
                                    [this, alive = m_alive](std::stop_token stop) {
                                        if (*alive && !stop.stop_requested())
                                            next();
                                    });
        return;
    }
    auto text = m_needs.vault.get(due, kTokens);
    auto linked = text && *text ? linkedTokensFrom(**text)
                                : Result<LinkedTokens>(Error{Errc::NotFound, "its tokens cannot be read", "profiles"});
    if (!linked) {
        if (forget(due))
            wake();
        return;
    }
    m_busy = true;
    m_needs.workers.post([this, alive = m_alive, id = due, linked = *std::move(linked)](std::stop_token stop) mutable {
        Call call;
        call.stop = std::move(stop);
        auto outcome = std::make_shared<Result<void>>(m_needs.links.revoke(std::move(linked), call.within(kCloudTime)));
        m_needs.actor.post([this, alive, id, outcome](std::stop_token) {
            if (*alive)
                tried(id, *outcome);
        });
    });
}

void Revocations::tried(const std::string &id, const Result<void> &outcome)
{
    m_busy = false;
    if (outcome || isFinal(outcome.error())) {
        if (!outcome)
            log::info("profiles", "a grant's end is not to be had: " + describe(outcome.error()));
        (void)forget(id);
        return next();
    }
    if (outcome.error().code == Errc::Cancelled)
        return; // the service ends; the next start goes on
    log::warning("profiles", "a grant could not be ended yet: " + describe(outcome.error()));
    std::int64_t tries = 0;
    (void)m_needs.db.run("UPDATE revocation SET tries=tries+1 WHERE id=? RETURNING tries", {id},
                         [&](const Row &row) { tries = row.integer(0); });
    if (tries >= kMostTries) {
        log::warning("profiles", "a grant could not be ended in thirty days and is given up");
        (void)forget(id);
        return next();
    }
    const auto doublings = std::clamp<std::int64_t>(tries - 1, 0, 12);
    const auto wait = std::clamp<std::chrono::milliseconds>(m_needs.firstRetry * (std::int64_t{1} << doublings),
                                                            outcome.error().retryAfter, kLongestWait);
    m_notBefore[id] = std::chrono::steady_clock::now() + wait;
    next();
}

Result<void> Revocations::forget(const std::string &id)
{
    m_notBefore.erase(id);
    return m_needs.db.transaction([&]() -> Result<void> {
        if (auto r = m_needs.db.run("DELETE FROM revocation WHERE id=?", {id}); !r)
            return r;
        return m_needs.vault.forget(id);
    });
}

} // namespace connector
