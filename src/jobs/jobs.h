// SPDX-License-Identifier: Apache-2.0
// All jobs: accepted durably, run by workers, taken up again after a restart, ended and cleaned up.
#pragma once

#include "jobs/run.h"
#include "store/job_table.h"

namespace connector {

struct PrintRequest {
    std::string profile;
    std::string profileName;
    std::string provider;
    std::vector<PrintItem> items;
    Ticket ticket;
    std::string key; // of the face; a repeated request with the same key is the same job
    std::optional<WallTime> goodUntil =
        {}; // of what is printed: it ends with "code-expired" rather than come out later
};

struct ScanRequest {
    std::string profile;
    std::string profileName;
    std::string provider;
    std::string folder;
    std::string folderName;
    std::string name; // of the document, without ".pdf"
    ScanSettings settings;
    bool manyPages = false;
    std::string key;
};

// A document's name that every cloud takes: without separators, control characters, dots or spaces at its ends.
// InvalidArgument (stable "name-invalid").
Result<std::string> checkedDocumentName(std::string name);

enum class ScanAction { NextPage, Finish, Retry, Discard };

// All calls and events on the actor's thread. A job of another owner is not there (NotFound, stable "job-gone").
class Jobs {
public:
    struct Events {
        std::function<void(const Job &)> changed = [](const Job &) {};
        std::function<void(const std::string &id, const std::string &owner)> removed = [](const auto &, const auto &) {
        };
    };

    explicit Jobs(JobRooms rooms);
    // Asks all runs to stop and waits for them. Not on the actor's thread, which they still need.
    ~Jobs();
    void setEvents(Events events) { m_events = std::move(events); }

    // Reads all jobs, sweeps the spool of what belongs to none, and takes up what has not ended.
    Result<void> start();

    // Durable when they return. InvalidArgument (stable "bad-request", "name-invalid").
    Result<Job> print(const std::string &owner, PrintRequest request);
    Result<Job> scan(const std::string &owner, ScanRequest request);
    // Prints a PDF that the service made itself; `request` has no items. It is not there to be printed again.
    Result<Job> printOwn(const std::string &owner, PrintRequest request, const std::string &name,
                         const std::string &pdf);

    // The job that was made by an earlier request of that key, if it is still there.
    std::optional<Job> made(const std::string &owner, const std::string &key) const;
    std::vector<Job> list(const std::string &owner, bool openOnly) const; // newest first
    Result<Job> find(const std::string &owner, const std::string &id) const;
    Result<Job> cancel(const std::string &owner, const std::string &id);
    // For whoever stands there and has no say over the job, where movesPaper(): a print is canceled; a scan stops
    // drawing in, keeps its pages, and waits for the decision of those who have.
    Result<Job> stopMachine(const std::string &owner, const std::string &id);
    // Conflict (stable "not-waiting") when the job does not wait for that.
    Result<Job> answer(const std::string &owner, const std::string &id, ScanAction action);
    // A new print job with the same wishes; Conflict (stable "not-over").
    Result<Job> again(const std::string &owner, const std::string &id, std::string key);
    Result<void> dismiss(const std::string &owner, const std::string &id);

    // Cancels what a deleted profile still has under way.
    void cancelOf(const std::string &profile);

private:
    struct Held {
        Job job;
        std::optional<std::stop_source> running; // queued for a worker, or on one
        bool begun = false;                      // on a worker
        bool interrupted = false;                // the run is to stop, the job is not
        bool afterStop = false;                  // the run is the one behind that: it moves nothing
    };
    Result<Job> accept(Job job, const std::string &body = {});
    Held *held(const std::string &owner, const std::string &id);
    const Held *held(const std::string &owner, const std::string &id) const;
    Result<void> store(const Job &job); // durable, then told
    void run(const std::string &id);
    void ended(const std::string &id, RunEnd end);
    void cleanUp(const std::string &id);
    void sweep();
    void forgetOld();

    JobRooms m_rooms;
    JobTable m_table;
    Events m_events;
    std::map<std::string, Held> m_jobs;
    std::vector<std::string> m_order; // of acceptance
    Lane m_printLane;
    Lane m_scanLane;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
    // Apart, so that jobs which wait for a printer never keep a scanner waiting. Last: their threads use the rest.
    std::unique_ptr<WorkerPool> m_printers;
    std::unique_ptr<WorkerPool> m_scanners;
    std::unique_ptr<WorkerPool> m_cleaners; // a canceled job never waits behind those that stand still
};

} // namespace connector
