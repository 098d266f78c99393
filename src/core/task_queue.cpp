// SPDX-License-Identifier: Apache-2.0
#include "core/task_queue.h"

#include <future>
#include <memory>

namespace connector {

TaskQueue::TaskQueue() : m_thread([this](std::stop_token stop) { run(stop); }) {}

void TaskQueue::post(Task task)
{
    {
        std::scoped_lock lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_one();
}

void TaskQueue::postAfter(std::chrono::milliseconds delay, Task task)
{
    {
        std::scoped_lock lock(m_mutex);
        m_later.emplace(Clock::now() + delay, std::move(task));
    }
    m_wake.notify_one();
}

void TaskQueue::runAndWait(std::function<void()> work)
{
    // Shared: the queue's thread is still inside the task when its answer is there already.
    const auto task = std::make_shared<std::packaged_task<void()>>(std::move(work));
    auto done = task->get_future();
    post([task](std::stop_token) { (*task)(); });
    done.get();
}

void TaskQueue::run(std::stop_token stop)
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

WorkerPool::WorkerPool(unsigned threads)
{
    for (unsigned i = 0; i < threads; ++i)
        m_threads.emplace_back([this](std::stop_token stop) { run(stop); });
}

void WorkerPool::post(Task task)
{
    {
        std::scoped_lock lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_one();
}

void WorkerPool::stop()
{
    for (std::jthread &thread : m_threads)
        thread.request_stop(); // all at once: joining one by one would wait for each in turn
    m_threads.clear();
}

void WorkerPool::run(std::stop_token stop)
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

} // namespace connector
