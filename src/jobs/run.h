// SPDX-License-Identifier: Apache-2.0
// One run of a job on a worker thread: what the run sees of its job, and how it tells and stores how far it got.
#pragma once

#include "core/task_queue.h"
#include "jobs/job.h"
#include "jobs/lane.h"
#include "profiles/cloud_access.h"
#include "store/vault.h"

#include <filesystem>

namespace connector {

// The parts of the house that jobs bring together. All outlive the jobs.
struct JobRooms {
    TaskQueue &actor;
    Database &db;
    Vault &vault;
    CloudAccess &clouds;
    Printer &printer;
    Scanner &scanner;
    std::filesystem::path spool;        // one folder per job
    std::filesystem::path renderWorker; // the program
    WallClock now = systemNow;
    std::chrono::milliseconds firstRetry{1000};
    std::chrono::milliseconds longestRetry{60000};
    std::chrono::milliseconds devicePoll{200};
};

// How a run ended. The job's row says so already, except for Stopped and Cancelled.
enum class RunEnd {
    Over,      // completed or aborted
    Parked,    // waits for a person
    Stopped,   // the service ends; the job goes on at the next start
    Cancelled, // a person wished so: clean up
};

class JobRun {
public:
    using Change = std::function<void(Job &)>;
    // `store` and `tell` run on the actor's thread: the first makes the job durable, both pass it on as an event.
    JobRun(JobRooms &rooms, Job job, std::function<Result<void>(const Job &)> store,
           std::function<void(const Job &)> tell);

    const Job &job() const { return m_job; }
    JobRooms &rooms() const { return m_rooms; }
    std::filesystem::path folder() const { return m_rooms.spool / m_job.id; }

    // Changes the job; durable when it returns fine.
    Result<void> commit(const Change &change);
    // Changes what faces see; lost in a crash. At most ten times a second for progress (`often`).
    void show(const Change &change, bool often = false);

    static bool passesByItself(const Error &error) { return remedyFor(error.code) == Remedy::RetryLater; }

    // Calls `attempt` until it succeeds or fails with an error that is not `temporary`. In between the job stands
    // still, says why, waits as long as the error asks or ever longer, and goes on by itself. Cancelled when the call
    // is stopped.
    template <class Attempt>
    auto persist(Attempt attempt, const Call &call, bool (*temporary)(const Error &) = passesByItself)
        -> decltype(attempt())
    {
        for (int tries = 0;; ++tries) {
            auto result = attempt();
            if (result || !temporary(result.error()))
                return result;
            if (auto waited = standStill(result.error(), tries, call); !waited)
                return std::move(waited).error();
        }
    }

    RunEnd abort(const Error &error);

    // The call for a cloud's work: while the cloud makes it wait, the job says so, and until when.
    Call toCloud(const Call &call);

private:
    Result<void> standStill(const Error &error, int tries, const Call &call);

    JobRooms &m_rooms;
    Job m_job;
    std::function<Result<void>(const Job &)> m_store;
    std::function<void(const Job &)> m_tell;
    Call::Clock::time_point m_lastShown{};
};

// The two kinds of work. Both can be killed at any instruction and started again: they go on where the row says.
RunEnd runPrint(JobRun &run, Lane &printer, const Call &call);
RunEnd runScan(JobRun &run, Lane &scanner, const Call &call);

// After a cancel: takes back what is in the printer's queue or in the cloud. Fails when that could not be reached.
Result<void> undoPrint(JobRun &run, const Call &call);
Result<void> undoScan(JobRun &run, const Call &call);

} // namespace connector
