// SPDX-License-Identifier: Apache-2.0
// Keeps a pool's threads busy, so that what is posted to it waits until the test says so.
#pragma once

#include "core/task_queue.h"

#include <future>

namespace connector::test {

// Destroyed before the pool.
class BusyPool {
public:
    BusyPool(WorkerPool &pool, int threads)
    {
        for (int i = 0; i < threads; ++i)
            pool.post([free = m_free](std::stop_token) { free.wait(); });
    }
    ~BusyPool() { release(); }
    BusyPool(const BusyPool &) = delete;
    BusyPool &operator=(const BusyPool &) = delete;

    void release()
    {
        if (!std::exchange(m_released, true))
            m_go.set_value();
    }

private:
    std::promise<void> m_go;
    std::shared_future<void> m_free = m_go.get_future().share();
    bool m_released = false;
};

} // namespace connector::test
