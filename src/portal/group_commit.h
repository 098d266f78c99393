// SPDX-License-Identifier: Apache-2.0
// One thread that owns a database and works for many: what came while it wrote is committed, and synced, together.
#pragma once

#include "store/database.h"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace connector::portal {

// Any thread may call run(), except the one inside.
class GroupCommit {
public:
    // `db` outlives this, and is touched by nobody else.
    explicit GroupCommit(Database &db);
    GroupCommit(const GroupCommit &) = delete;
    GroupCommit &operator=(const GroupCommit &) = delete;
    ~GroupCommit(); // after what is queued

    using Work = std::function<Result<void>()>;
    // Blocks until `work` has run and is on the disk; rolled back alone when it fails. `settled` follows on the same
    // thread before this returns, told whether it is kept.
    Result<void> run(Work work, std::function<void(bool kept)> settled = {});
    // The same without a transaction around it.
    Result<void> runOutside(Work work);

private:
    struct Job {
        Work work;
        std::function<void(bool)> settled;
        bool outside = false;
        Result<void> result = {};
        std::promise<void> done = {};
    };
    Result<void> queue(Job &job);
    void loop();
    void together(std::deque<Job *> &jobs);

    Database &m_db;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job *> m_jobs; // of callers that wait
    bool m_over = false;
    std::thread m_thread; // last member
};

} // namespace connector::portal
