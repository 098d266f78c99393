// SPDX-License-Identifier: Apache-2.0
// Watches from the side: carries a SIGTERM to the device, and ends a driver that does not come back.
#pragma once

#include "scan/worker/report.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>

namespace connector::scan_worker {

// One per process, made before any other thread. Blocks SIGTERM and SIGINT in the whole process.
class Watch {
public:
    // Without a sign of life for that long, the process says so and ends.
    explicit Watch(std::chrono::seconds silence);
    Watch(const Watch &) = delete;
    Watch &operator=(const Watch &) = delete;

    bool cancelled() const { return m_cancelled; }
    void alive() { m_lastSign = std::chrono::steady_clock::now().time_since_epoch().count(); }
    // Null once it may no longer be cancelled.
    void device(SANE_Handle handle) { m_device = handle; }
    // A file that must not stay when the process ends here; "" for none.
    void temporary(std::string path)
    {
        const std::scoped_lock lock(m_mutex);
        m_temporary = std::move(path);
    }

private:
    void run(const std::stop_token &stop);
    [[noreturn]] void leave(const Failure &why);

    int m_signals = -1;
    std::chrono::seconds m_silence;
    std::atomic<bool> m_cancelled = false;
    std::atomic<std::chrono::steady_clock::rep> m_lastSign =
        std::chrono::steady_clock::now().time_since_epoch().count();
    std::atomic<void *> m_device = nullptr;
    std::mutex m_mutex;
    std::string m_temporary;
    std::jthread m_thread; // last member: stops before the others go
};

} // namespace connector::scan_worker
