// SPDX-License-Identifier: Apache-2.0
// One thread that runs posted tasks in order: the actor that owns the service's state. And a pool for calls that block.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <vector>

namespace connector {

// post() and its kin may be called from any thread, also from a task. Destruction asks the running task to stop (its
// token says so) and runs what is still queued, with a token that says stop; tasks look at it first. Tasks posted for
// later are dropped then.
class TaskQueue {
public:
    using Task = std::function<void(std::stop_token)>;
    using Clock = std::chrono::steady_clock;

    TaskQueue() : m_thread([this](std::stop_token stop) { run(stop); }) {}

    void post(Task task)
    {
        {
            std::scoped_lock lock(m_mutex);
            m_tasks.push_back(std::move(task));
        }
        m_wake.notify_one();
    }

    void postAfter(std::chrono::milliseconds delay, Task task)
    {
        {
            std::scoped_lock lock(m_mutex);
            m_later.emplace(Clock::now() + delay, std::move(task));
        }
        m_wake.notify_one();
    }

    // True on the queue's own thread.
    bool isCurrent() const { return std::this_thread::get_id() == m_thread.get_id(); }

    // Runs `work` on the queue's thread and waits for what it returns; at once when called there.
    template <class Work>
    auto ask(Work work) -> std::invoke_result_t<Work>
    {
        if (isCurrent())
            return work();
        // Shared: the queue's thread is still inside the task when its answer is there already.
        const auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Work>()>>(std::move(work));
        auto answer = task->get_future();
        post([task](std::stop_token) { (*task)(); });
        return answer.get();
    }

private:
    void run(std::stop_token stop)
    {
        for (;;) {
            Task task;
            {
                std::unique_lock lock(m_mutex);
                for (;;) {
                    if (!m_tasks.empty()) {
                        task = std::move(m_tasks.front());
                        m_tasks.pop_front();
                        break;
                    }
                    if (stop.stop_requested())
                        return;
                    if (m_later.empty()) {
                        m_wake.wait(lock, stop, [this] { return !m_tasks.empty() || !m_later.empty(); });
                    } else if (const auto due = m_later.begin()->first; due <= Clock::now()) {
                        task = std::move(m_later.begin()->second);
                        m_later.erase(m_later.begin());
                        break;
                    } else {
                        m_wake.wait_until(lock, stop, due, [this, due] {
                            return !m_tasks.empty() || (!m_later.empty() && m_later.begin()->first < due);
                        });
                    }
                }
            }
            task(stop);
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Task> m_tasks;
    std::multimap<Clock::time_point, Task> m_later;
    std::jthread m_thread; // last member: stops and joins before the others die
};

// A few threads for calls that block. Each task gets a token that asks it to stop when the pool ends; destruction waits
// for the running ones and drops the others.
class WorkerPool {
public:
    using Task = std::function<void(std::stop_token)>;

    explicit WorkerPool(unsigned threads)
    {
        for (unsigned i = 0; i < threads; ++i)
            m_threads.emplace_back([this](std::stop_token stop) { run(stop); });
    }
    ~WorkerPool() { stop(); }
    WorkerPool(const WorkerPool &) = delete;
    WorkerPool &operator=(const WorkerPool &) = delete;

    // Any thread. Dropped after stop().
    void post(Task task)
    {
        {
            std::scoped_lock lock(m_mutex);
            m_tasks.push_back(std::move(task));
        }
        m_wake.notify_one();
    }

    // Ends the pool ahead of its destruction: what running tasks refer to may go afterwards. One thread, not a worker.
    void stop()
    {
        for (std::jthread &thread : m_threads)
            thread.request_stop(); // all at once: joining one by one would wait for each in turn
        m_threads.clear();
    }

private:
    void run(std::stop_token stop)
    {
        for (;;) {
            Task task;
            {
                std::unique_lock lock(m_mutex);
                if (!m_wake.wait(lock, stop, [this] { return !m_tasks.empty(); }) || stop.stop_requested())
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
    std::vector<std::jthread> m_threads; // last member
};

} // namespace connector
