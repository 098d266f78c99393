// SPDX-License-Identifier: Apache-2.0
#include "people/throttle.h"

#include "core/log.h"

#include <algorithm>

namespace connector {

namespace {

constexpr int kTriesPerLock = 5;
constexpr std::int64_t kFirstLock = 60;
constexpr std::int64_t kLongestLock = 3600;
constexpr std::size_t kKeptDoors = 10000;
constexpr std::int64_t kForgetAfter = 24 * 3600;

} // namespace

SignInThrottle::SignInThrottle(Database &db, BootClock clock) : m_db(db), m_table(db), m_clock(std::move(clock))
{
    auto rows = m_table.all();
    if (!rows) {
        log::error("people", "wrong tries cannot be read: " + describe(rows.error()));
        return;
    }
    for (TryRow &row : *rows) {
        if (row.boot != m_clock.boot) { // how long the machine was off is not known: waiting starts again
            row.boot = m_clock.boot;
            row.at = m_clock.seconds();
            (void)m_table.put(row);
        }
        m_rows[row.door] = std::move(row);
    }
}

std::int64_t SignInThrottle::unpaid(const TryRow &row) const
{
    return std::max<std::int64_t>(0, row.wait - (m_clock.seconds() - row.at));
}

std::chrono::seconds SignInThrottle::waitFor(const std::vector<TryDoor> &doors) const
{
    std::int64_t longest = 0;
    for (const TryDoor &door : doors)
        if (const auto it = m_rows.find(door.name); it != m_rows.end())
            longest = std::max(longest, unpaid(it->second) - (door.locks ? 0 : door.cost.count() * (door.credit - 1)));
    return std::chrono::seconds{longest};
}

Result<void> SignInThrottle::store(TryRow row)
{
    row.boot = m_clock.boot;
    row.at = m_clock.seconds();
    if (auto r = m_table.put(row); !r)
        return r;
    m_rows[row.door] = std::move(row);
    return {};
}

Result<void> SignInThrottle::count(const std::vector<TryDoor> &doors)
{
    forgetOld();
    return m_db.transaction([&]() -> Result<void> {
        for (const TryDoor &door : doors) {
            TryRow row{door.name, 0, 0, "", 0};
            if (const auto it = m_rows.find(door.name); it != m_rows.end())
                row = it->second;
            row.wait = unpaid(row) + door.cost.count();
            ++row.wrong;
            if (door.locks && row.wrong % kTriesPerLock == 0)
                row.wait = std::min(kFirstLock << std::min(row.wrong / kTriesPerLock - 1, 10), kLongestLock);
            if (auto r = store(std::move(row)); !r)
                return r;
        }
        return {};
    });
}

Result<void> SignInThrottle::forgive(const std::vector<TryDoor> &doors)
{
    return m_db.transaction([&]() -> Result<void> {
        for (const TryDoor &door : doors) {
            const auto it = m_rows.find(door.name);
            if (it == m_rows.end())
                continue;
            TryRow row = it->second;
            row.wrong = 0;
            row.wait = door.locks ? 0 : std::max<std::int64_t>(0, unpaid(row) - door.cost.count());
            if (auto r = store(std::move(row)); !r)
                return r;
        }
        return {};
    });
}

// Names that nobody has are counted like others, so there can be any number of them.
void SignInThrottle::forgetOld()
{
    if (m_rows.size() < kKeptDoors)
        return;
    const std::int64_t now = m_clock.seconds();
    std::erase_if(m_rows, [&](const auto &entry) {
        const auto &[name, row] = entry;
        return now - row.at > kForgetAfter && unpaid(row) == 0 && m_table.remove(name);
    });
}

} // namespace connector
