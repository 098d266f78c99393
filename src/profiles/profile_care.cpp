// SPDX-License-Identifier: Apache-2.0
// What profiles need while nobody looks: access that would end for lack of use is renewed ahead of it, and guests'
// profiles that nobody uses any more go.
#include "core/log.h"
#include "profiles/profiles.h"

namespace connector {

namespace {

constexpr std::chrono::hours kEvery{1};
constexpr std::chrono::minutes kLate{5};
// A code that was granted in its last moment is fetched until then.
constexpr std::chrono::hours kGrantWaits{72};
constexpr std::chrono::seconds kRenewalTime{20};
// A clock that is set wrong must not empty the device. So a profile goes only after it was found unused for too long
// throughout a day of service: seconds of the boot clock between two looks, kept over restarts. The first looks come
// soon after the start, so that a machine that never runs for long gets there, too; each is twice as far from the last
// one as that was, so that one that runs on writes it down no oftener than every hour. One whose clock is put right
// again starts from nothing.
constexpr std::int64_t kDoubt = 86400;

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

void Profiles::careIn(std::chrono::milliseconds delay)
{
    m_betweenLooks = delay;
    m_needs.actor.postAfter(delay, [this, alive = m_alive, delay](std::stop_token stop) {
        if (!*alive || stop.stop_requested())
            return;
        care();
        careIn(std::min<std::chrono::milliseconds>(2 * delay, kEvery));
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
        if (!overdueLongEnough(row))
            continue;
        log::info("profiles", "a guest's profile that was not used for long is removed");
        if (auto r = remove(row.owner, row.id); !r)
            log::error("profiles", "an unused profile could not be removed: " + describe(r.error()));
    }
    renewAhead(std::move(due));
}

// By the clock on the wall: a guest's that was made, linked and opened too long ago, and for which no code is out.
bool Profiles::unused(const ProfileRow &row)
{
    const WallTime used =
        std::max({row.createdAt, row.linkedAt.value_or(row.createdAt), row.lastUsedAt.value_or(row.createdAt)});
    if (row.owner != "guest" || m_needs.now() <= used + m_needs.settings.get().guestProfileDays)
        return false;
    const auto code = m_authorizations.find(row);
    const bool out =
        code && *code &&
        ((*code)->state == AuthorizationState::Requesting || m_needs.now() <= (*code)->expiresAt + kGrantWaits);
    return !out;
}

bool Profiles::overdueLongEnough(ProfileRow row)
{
    std::int64_t overdue = 0;
    if (unused(row)) {
        const std::int64_t now = m_needs.bootClock.seconds();
        const auto [look, first] = m_overdueAt.emplace(row.id, now);
        // What is longer than between two looks was sleep, not service.
        const auto longest = std::chrono::ceil<std::chrono::seconds>(m_betweenLooks + kLate).count();
        overdue = row.overdueSeconds + std::min<std::int64_t>(now - look->second, longest);
        look->second = now;
    } else {
        m_overdueAt.erase(row.id);
    }
    if (overdue != row.overdueSeconds) {
        row.overdueSeconds = overdue;
        if (auto r = m_table.update(row); !r)
            log::error("profiles", "how long a profile was not used cannot be stored: " + describe(r.error()));
    }
    if (overdue < kDoubt)
        return false;
    m_overdueAt.erase(row.id);
    return true;
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
