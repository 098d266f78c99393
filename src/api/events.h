// SPDX-License-Identifier: Apache-2.0
// The last events, numbered, so that a face which reconnects asks for what it missed.
#pragma once

#include <nlohmann/json.hpp>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace connector {

struct ApiEvent {
    std::int64_t sequence = 0;
    std::string type;  // "job.changed"
    std::string owner; // whose it is; "" concerns everybody
    nlohmann::json data;
};

// One thread.
class EventLog {
public:
    // Numbers go on from `first`: above those of an earlier run, so that these are recognised as gone.
    explicit EventLog(std::int64_t first) : m_next(first), m_oldest(first) {}

    const ApiEvent &add(std::string type, std::string owner, nlohmann::json data)
    {
        if (m_events.size() == kKept) {
            m_oldest = m_events.front().sequence + 1;
            m_events.pop_front();
        }
        return m_events.emplace_back(ApiEvent{m_next++, std::move(type), std::move(owner), std::move(data)});
    }

    std::int64_t last() const { return m_next - 1; }

    // Everything behind `after`; nullopt when some of it is no longer there.
    std::optional<std::vector<ApiEvent>> since(std::int64_t after) const
    {
        if (after < m_oldest - 1 || after >= m_next)
            return std::nullopt;
        std::vector<ApiEvent> out;
        for (const ApiEvent &event : m_events)
            if (event.sequence > after)
                out.push_back(event);
        return out;
    }

private:
    static constexpr std::size_t kKept = 1000;
    std::deque<ApiEvent> m_events;
    std::int64_t m_next;
    std::int64_t m_oldest;
};

} // namespace connector
