// SPDX-License-Identifier: Apache-2.0
// One thread that runs posted tasks in order: the actor that owns the service's state.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace connector {

// post() may be called from any thread, also from a task. Destruction asks the running task to stop (its token
// says so) and runs what is still queued, with a token that says stop; tasks look at it first.
class TaskQueue {
public:
    using Task = std::function<void(std::stop_token)>;

    TaskQueue() : m_thread([this](std::stop_token stop) { run(stop); }) {}

    void post(Task task)
    {
        {
            std::scoped_lock lock(m_mutex);
            m_tasks.push_back(std::move(task));
        }
        m_wake.notify_one();
    }

    // True on the queue's own thread.
    bool isCurrent() const { return std::this_thread::get_id() == m_thread.get_id(); }

private:
    void run(std::stop_token stop)
    {
        for (;;) {
            Task task;
            {
                std::unique_lock lock(m_mutex);
                if (!m_wake.wait(lock, stop, [this] { return !m_tasks.empty(); }))
                    return;
                task = std::move(m_tasks.front());
                m_tasks.pop_front();
            }
            task(stop);
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Task> m_tasks;
    std::jthread m_thread; // last member: stops and joins before the others die
};

} // namespace connector
