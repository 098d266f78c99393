// SPDX-License-Identifier: Apache-2.0
// One at a time, first come first served: the way to a device that does one thing at once.
#pragma once

#include "core/call.h"

#include <condition_variable>
#include <list>
#include <mutex>

namespace connector {

class Lane {
public:
    // The right to use the device; gives it back at its end.
    class Turn {
    public:
        explicit Turn(Lane &lane) : m_lane(&lane) {}
        Turn(Turn &&other) noexcept : m_lane(std::exchange(other.m_lane, nullptr)) {}
        Turn &operator=(Turn &&) = delete;
        ~Turn()
        {
            if (m_lane != nullptr)
                m_lane->leave();
        }

    private:
        Lane *m_lane;
    };

    // Blocks until it is our turn; Cancelled or Timeout as the call says. onWait is called once if there is a wait.
    Result<Turn> enter(const Call &call, const std::function<void()> &onWait)
    {
        std::unique_lock lock(m_mutex);
        const auto place = m_queue.insert(m_queue.end(), 0);
        if (m_queue.begin() != place && onWait) {
            lock.unlock();
            onWait();
            lock.lock();
        }
        m_moved.wait_until(lock, call.stop, call.deadline, [&] { return m_queue.begin() == place; });
        if (m_queue.begin() == place)
            return Turn(*this);
        m_queue.erase(place);
        return call.stop.stop_requested() ? Error{Errc::Cancelled, "cancelled"} : Error{Errc::Timeout, "took too long"};
    }

private:
    void leave()
    {
        std::scoped_lock lock(m_mutex);
        m_queue.pop_front();
        m_moved.notify_all();
    }

    std::mutex m_mutex;
    std::condition_variable_any m_moved;
    std::list<int> m_queue; // its first holds the device
};

} // namespace connector
