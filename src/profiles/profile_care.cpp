// SPDX-License-Identifier: Apache-2.0
// What profiles need while nobody looks: access that would end for lack of use is renewed ahead of it, and guests'
// profiles that nobody uses any more go.
#include "core/log.h"
#include "profiles/profiles.h"

namespace connector {

namespace {

constexpr std::chrono::hours kEvery{1};
constexpr std::chrono::seconds kRenewalTime{20};
constexpr std::int64_t kDoubt = 3000; // seconds of service that a profile must be overdue: a wrong clock is corrected

} // namespace

std::optional<std::chrono::days> idleLifeOf(std::string_view provider)
{
    if (provider == "box")
        return std::chrono::days{60};
    if (provider == "onedrive")
        return std::chrono::days{90};
    if (provider == "google-drive")
        return std::chrono::days{180};
    return std::nullopt;
}

void Profiles::careEveryHour()
{
    m_needs.actor.postAfter(kEvery, [this, alive = m_alive](std::stop_token stop) {
        if (!*alive || stop.stop_requested())
            return;
        care();
        careEveryHour();
    });
}

void Profiles::care()
{
    auto rows = m_table.all();
    if (!rows)
        return log::error("profiles", "the profiles cannot be read: " + describe(rows.error()));
    const WallTime now = m_needs.now();
    std::vector<std::string> due;
    for (const ProfileRow &row : *rows) {
        const auto life = idleLifeOf(row.provider);
        if (life && profileStateFrom(row.state) == ProfileState::Ready &&
            now > row.renewedAt.value_or(row.createdAt) + std::chrono::hours(*life) / 3)
            due.push_back(row.id);
        const WallTime used = std::max(row.createdAt, row.lastUsedAt.value_or(row.createdAt));
        if (row.owner != "guest" || now <= used + m_needs.settings.get().guestProfileDays) {
            m_overdueSince.erase(row.id);
            continue;
        }
        const auto since = m_overdueSince.emplace(row.id, m_needs.bootClock.seconds()).first->second;
        if (m_needs.bootClock.seconds() - since < kDoubt)
            continue;
        m_overdueSince.erase(row.id);
        log::info("profiles", "a guest's profile that was not used for long is removed");
        if (auto r = remove(row.owner, row.id); !r)
            log::error("profiles", "an unused profile could not be removed: " + describe(r.error()));
    }
    renewAhead(std::move(due));
}

// One after the other, so that the portal's workers stay free for people.
void Profiles::renewAhead(std::vector<std::string> due)
{
    if (due.empty() || m_renewing)
        return;
    m_renewing = true;
    m_needs.workers.post([this, alive = m_alive, due = std::move(due)](std::stop_token stop) {
        Call call;
        call.stop = stop;
        for (const std::string &id : due) {
            if (stop.stop_requested())
                return;
            if (auto r = m_links.renew(id, call.within(kRenewalTime)); !r)
                log::warning("profiles", "access could not be renewed ahead: " + describe(r.error()));
        }
        m_needs.actor.post([this, alive](std::stop_token) {
            if (*alive)
                m_renewing = false;
        });
    });
}

} // namespace connector
