// SPDX-License-Identifier: Apache-2.0
#include "portal/group_commit.h"

#include <algorithm>

namespace connector::portal {

GroupCommit::GroupCommit(Database &db) : m_db(db), m_thread([this] { loop(); }) {}

GroupCommit::~GroupCommit()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_over = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

Result<void> GroupCommit::run(Work work, std::function<void(bool)> settled)
{
    Job job{std::move(work), std::move(settled)};
    return queue(job);
}

Result<void> GroupCommit::runOutside(Work work)
{
    Job job{std::move(work), {}, true};
    return queue(job);
}

Result<void> GroupCommit::queue(Job &job)
{
    auto done = job.done.get_future();
    {
        const std::scoped_lock lock(m_mutex);
        m_jobs.push_back(&job);
    }
    m_wake.notify_one();
    done.wait();
    return std::move(job.result);
}

void GroupCommit::loop()
{
    for (;;) {
        std::deque<Job *> jobs;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return !m_jobs.empty() || m_over; });
            if (m_jobs.empty())
                return;
            jobs.swap(m_jobs);
        }
        together(jobs);
    }
}

void GroupCommit::together(std::deque<Job *> &jobs)
{
    const auto committed = m_db.transaction([&]() -> Result<void> {
        for (Job *job : jobs) {
            if (job->outside)
                continue;
            if (auto r = m_db.run("SAVEPOINT job"); !r)
                return r;
            job->result = job->work();
            if (!job->result)
                if (auto r = m_db.run("ROLLBACK TO job"); !r)
                    return r;
            if (auto r = m_db.run("RELEASE job"); !r)
                return r;
        }
        return {};
    });
    // What stands outside may take long: nobody whose work is done waits for it.
    std::stable_partition(jobs.begin(), jobs.end(), [](const Job *job) { return !job->outside; });
    for (Job *job : jobs) {
        if (job->outside)
            job->result = job->work();
        else if (!committed)
            job->result = committed.error();
        if (job->settled)
            job->settled(job->result.has_value());
        // The caller's object, gone from here on.
        auto done = std::move(job->done);
        done.set_value();
    }
}

} // namespace connector::portal
