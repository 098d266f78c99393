// SPDX-License-Identifier: Apache-2.0
// One thread that runs posted tasks in order: the actor that owns the service's state. And a pool for calls that block.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
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

    TaskQueue();

    void post(Task task);
    void postAfter(std::chrono::milliseconds delay, Task task);

    // True on the queue's own thread.
    bool isCurrent() const { return std::this_thread::get_id() == m_thread.get_id(); }

    // Runs `work` on the queue's thread and waits for what it returns; at once when called there.
    template <class Work>
    auto ask(Work work) -> std::invoke_result_t<Work>
    {
        if (isCurrent())
            return work();
        if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
            runAndWait([&work] { work(); });
        } else {
            std::optional<std::invoke_result_t<Work>> answer;
            runAndWait([&] { answer.emplace(work()); });
            return *std::move(answer);
        }
    }

private:
    // An exception of the work is thrown here.
    void runAndWait(std::function<void()> work);
    void run(std::stop_token stop);

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

    explicit WorkerPool(unsigned threads);
    ~WorkerPool() { stop(); }
    WorkerPool(const WorkerPool &) = delete;
    WorkerPool &operator=(const WorkerPool &) = delete;

    // Any thread. Dropped after stop().
    void post(Task task);

    // Ends the pool ahead of its destruction: what running tasks refer to may go afterwards. One thread, not a worker.
    void stop();

private:
    void run(std::stop_token stop);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Task> m_tasks;
    std::vector<std::jthread> m_threads; // last member
};

} // namespace connector
