// SPDX-License-Identifier: Apache-2.0
// What our HTTP servers share on top of cpp-httplib: a bounded pool of threads, cookies, and what a request may be.
#pragma once

#include <httplib.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace connector {

// A bounded queue: when all threads are busy and the queue is full, accepting pauses and the kernel's backlog holds the
// rest. The library's own queue grows without end.
class BoundedPool : public httplib::TaskQueue {
public:
    BoundedPool(unsigned threads, std::size_t depth);
    void enqueue(std::function<void()> task) override;
    void shutdown() override;
    // Whether tasks wait for a thread, and none is free.
    bool crowded() const { return m_waiting > m_idle; }

private:
    void work();

    std::size_t m_depth;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_room;
    std::deque<std::function<void()>> m_tasks;
    std::atomic<std::size_t> m_waiting = 0; // m_tasks' size, to be read without the lock
    std::atomic<std::size_t> m_idle = 0;    // threads
    bool m_over = false;
    std::vector<std::thread> m_threads;
};

// The cookie's value, at most 200 bytes of it; "" where there is none.
std::string cookieOf(const httplib::Request &request, std::string_view name);

// What the library would handle without bounds, and nobody who is meant to come here sends: a status and why, or 0.
std::pair<int, const char *> shapeProblem(const httplib::Request &request);

} // namespace connector
