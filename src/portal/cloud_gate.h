// SPDX-License-Identifier: Apache-2.0
// How many requests may wait for clouds at once: a slow cloud must not take all of the portal's threads.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace connector::portal {

// Thread-safe; never waits.
class CloudGate {
public:
    // One cloud gets two thirds of it.
    explicit CloudGate(unsigned most) : m_most(most), m_mostOfOne(std::max(1U, most * 2 / 3)) {}

    // The right to call, as long as it lives; false when there was none.
    class Pass {
    public:
        Pass(CloudGate &gate, std::string cloud) : m_gate(gate), m_cloud(std::move(cloud))
        {
            const std::scoped_lock lock(m_gate.m_mutex);
            unsigned &of = m_gate.m_calls[m_cloud];
            m_open = m_gate.m_all < m_gate.m_most && of < m_gate.m_mostOfOne;
            if (m_open) {
                ++of;
                ++m_gate.m_all;
            }
        }
        Pass(const Pass &) = delete;
        Pass &operator=(const Pass &) = delete;
        ~Pass()
        {
            if (!m_open)
                return;
            const std::scoped_lock lock(m_gate.m_mutex);
            --m_gate.m_calls[m_cloud];
            --m_gate.m_all;
        }
        explicit operator bool() const { return m_open; }

    private:
        CloudGate &m_gate;
        std::string m_cloud;
        bool m_open = false;
    };

private:
    const unsigned m_most;
    const unsigned m_mostOfOne;
    std::mutex m_mutex;
    unsigned m_all = 0;
    std::map<std::string, unsigned> m_calls;
};

} // namespace connector::portal
