// SPDX-License-Identifier: Apache-2.0
// A print or scan job: its states, its stages, what was wished and how far it got; and how that is stored.
#pragma once

#include "core/call.h"
#include "core/time.h"
#include "print/printer.h"
#include "scan/scanner.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace connector {

// IPP's seven (RFC 8011 section 5.3.7).
//
//   pending ──> processing <──> processing-stopped        pending-held: not used yet (secure release)
//      │             │                 │
//      └─────────────┴────> completed, aborted, canceled: the end
enum class JobState { Pending, PendingHeld, Processing, ProcessingStopped, Canceled, Aborted, Completed };

std::string_view toString(JobState state) noexcept;
std::optional<JobState> jobStateFrom(std::string_view word) noexcept;

constexpr bool isOver(JobState s) noexcept
{
    return s == JobState::Canceled || s == JobState::Aborted || s == JobState::Completed;
}

// The allowed moves. A job that runs goes back to pending when the service starts again.
constexpr bool mayMove(JobState from, JobState to) noexcept
{
    using S = JobState;
    if (from == to)
        return true;
    switch (from) {
    case S::Pending:
        return to != S::Completed;
    case S::PendingHeld:
        return to == S::Pending || to == S::Canceled || to == S::Aborted;
    case S::Processing:
    case S::ProcessingStopped:
        return to != S::PendingHeld;
    case S::Canceled:
    case S::Aborted:
    case S::Completed:
        return false;
    }
    return false;
}
static_assert(!mayMove(JobState::Completed, JobState::Processing));
static_assert(!mayMove(JobState::Canceled, JobState::Completed));
static_assert(!mayMove(JobState::Pending, JobState::Completed));
static_assert(mayMove(JobState::ProcessingStopped, JobState::Processing));

enum class JobKind { Print, Scan };
// Print: queued fetch convert send print done. Scan: queued scan assemble deliver done.
enum class Stage { Queued, Fetch, Convert, Send, Print, Scan, Assemble, Deliver, Done };
std::string_view toString(Stage stage) noexcept;

// What a scan job may wait for a person to decide.
enum class Awaiting { Nothing, NextPage, Decision };

// The error as it is kept with a job: what a face shows and the log told.
struct JobError {
    std::string code; // stable
    std::string origin;
};
JobError jobErrorFrom(const Error &error);

struct PrintItem {
    std::string file; // EntryId
    std::string name;
    std::string revision;
    std::string format; // MIME type of the body, once fetched
    std::int64_t size = -1;
    int pages = 0; // of the document; 0 where unknown
    // How far it got, each flag stored before the next step: together they tell after a crash what the printer has.
    bool fetched = false; // the body is whole in the spool
    bool converted = false;
    bool rangesApplied = false; // the body holds the wished pages only
    int attempt = 1;            // documents that reached the printer by half are given up for a new job
    bool createStarted = false; // the printer may know the job
    int printerJob = 0;         // the printer's number for it
    bool sendStarted = false;   // the printer may have the document
    bool takingBack = false;    // half a document at the printer is being canceled by us
    bool sent = false;          // the printer has the whole document
    bool printed = false;
};

struct PrintWish {
    std::vector<PrintItem> items;
    Ticket ticket;
    std::optional<WallTime> goodUntil = {}; // nothing is sent after it
};

struct ScanWish {
    std::string folder; // EntryId
    std::string name;
    ScanSettings settings;
    bool manyPages = false; // the flatbed asks for each further page
    // How far it got.
    std::vector<ScannedPage> pages; // paths are file names in the job's folder
    bool scanning = false;          // a page may be under way in the scanner
    bool allPages = false;
    std::string contentHash; // of the document, in the cloud's algorithm
    std::int64_t size = -1;
    bool uploadStarted = false; // the cloud may have it

    bool fromFeeder() const { return settings.source != scan_words::kFlatbed && !settings.source.empty(); }
};

struct Job {
    std::string id;
    std::string owner;
    std::string requestKey;
    JobKind kind = JobKind::Print;
    std::string name;
    JobState state = JobState::Pending;
    Stage stage = Stage::Queued;
    std::vector<std::string> reasons;
    std::optional<WallTime> retryAt;
    Progress progress{0, -1};
    int pages = 0;
    int totalPages = 0;
    Awaiting awaiting = Awaiting::Nothing;
    std::optional<JobError> awaitingError;
    std::optional<JobError> error;
    std::string profile;
    std::string profileName;
    std::string provider;
    std::string folderName;
    std::string resultName;
    WallTime createdAt{};
    std::optional<WallTime> endedAt;
    bool cancelRequested = false;
    PrintWish print;
    ScanWish scan;
};

// Whether it goes on with the machine's paper this moment: printing (also where it stands there without paper), or
// drawing sheets in. Nothing moves on a flatbed.
bool movesPaper(const Job &job);

// What faces see (docs/api.md).
nlohmann::json toApiJson(const Job &job);

// What the job table's `detail` holds; the columns beside it hold the rest.
std::string toDetail(const Job &job);
// Fills in everything but the columns. DataLoss when the text is not a job.
Result<Job> fromDetail(const std::string &text);

} // namespace connector
