// SPDX-License-Identifier: Apache-2.0
// A print job's way: fetch, convert, send, print. What is stored at each step tells after a kill at any instruction
// what the printer has, so that nothing is printed twice and nothing is forgotten.
#include "core/encoding.h"
#include "core/files.h"
#include "core/log.h"
#include "jobs/run.h"
#include "print/document.h"

namespace connector {

namespace {

constexpr const char *kPdf = "application/pdf";
constexpr std::chrono::seconds kDeviceAnswer{15};
constexpr std::chrono::seconds kSettling{3}; // how long a printer may take to know a job it has just accepted
constexpr std::chrono::seconds kStuck{2}; // without a page, after which a warning of the printer is shown as the reason

std::filesystem::path bodyPath(const JobRun &run, std::size_t index)
{
    return run.folder() / (std::to_string(index) + ".body");
}

std::filesystem::path readyPath(const JobRun &run, std::size_t index)
{
    return run.folder() / (std::to_string(index) + ".ready");
}

// The name on the printer's own panel, with what finds the job again after a crash.
std::string printerJobName(const Job &job, std::size_t index)
{
    const std::string &name = job.print.items[index].name;
    std::string shown = makeUtf8(name).substr(0, 80); // job-name is at most 255 bytes (RFC 8011 section 5.3.5)
    while (!shown.empty() && !isUtf8(shown))
        shown.pop_back();
    return shown + " [" + job.id + "-" + std::to_string(index) + "." + std::to_string(job.print.items[index].attempt) +
           "]";
}

std::string extensionOf(const std::string &name)
{
    const auto dot = name.rfind('.');
    return dot == std::string::npos ? std::string() : toLowerAscii(std::string_view(name).substr(dot + 1));
}

Error unsupported(const std::string &name)
{
    return Error{
        Errc::Unsupported, "this kind of file cannot be printed here: ." + extensionOf(name), "jobs", {}, 0, {},
        "unsupported-type"};
}

// Reads the file once more and compares it with the cloud's own hash.
Result<bool> bodyIsRight(JobRun &run, const std::filesystem::path &path, const std::string &expected, const Call &call)
{
    auto hasher = run.rooms().clouds.hasher(run.job().profile);
    if (!hasher || expected.empty())
        return true;
    auto source = FileSource::open(path);
    if (!source)
        return std::move(source).error();
    std::vector<char> buffer(std::size_t{256} << 10U);
    for (;;) {
        if (auto r = call.poll(); !r)
            return std::move(r).error();
        auto n = source->read(buffer);
        if (!n)
            return std::move(n).error();
        if (*n == 0)
            return hasher->result() == expected;
        hasher->update(std::span(buffer.data(), *n));
    }
}

// One attempt to bring the whole file into the spool, behind what an earlier attempt left there.
Result<void> fetchOnce(JobRun &run, std::size_t index, const Call &call)
{
    const PrintItem &item = run.job().print.items[index];
    auto cloud = run.rooms().clouds.provider(run.job().profile);
    if (!cloud)
        return std::move(cloud).error();
    auto entry = (*cloud)->stat({item.file}, call);
    if (!entry)
        return std::move(entry).error();
    const bool byCloud = entry->convertible;
    if (!byCloud && (entry->kind != EntryKind::File || !entry->downloadable))
        return unsupported(entry->name);

    // What is there already belongs to the revision that is stored with the item; another one starts over.
    const bool resume = !byCloud && !entry->revision.empty() && item.revision == entry->revision && item.size >= 0;
    auto sink = FileSink::open(bodyPath(run, index), resume ? FileSink::Mode::Append : FileSink::Mode::Truncate);
    if (!sink)
        return std::move(sink).error();
    if (entry->size && sink->size() > *entry->size)
        if (auto r = sink->restart(); !r)
            return r;
    if (auto r = requireSpace(run.folder(), entry->size.value_or(0) - sink->size()); !r)
        return r;
    auto known = run.commit([&](Job &job) {
        PrintItem &mine = job.print.items[index];
        mine.revision = entry->revision;
        mine.size = entry->size.value_or(-1);
        mine.format = byCloud ? kPdf : formatOfName(entry->name);
        job.progress = {sink->size(), byCloud ? -1 : mine.size};
    });
    if (!known)
        return known;

    Call fetchCall = call;
    fetchCall.onProgress = [&](Progress) { run.show([&](Job &job) { job.progress.bytes = sink->size(); }, true); };
    Result<void> fetched = byCloud ? (*cloud)->downloadPdf({item.file}, *sink, fetchCall)
                           : entry->size && sink->size() == *entry->size
                               ? Result<void>()
                               : (*cloud)->download({item.file}, entry->revision, sink->size(), *sink, fetchCall);
    if (!fetched) {
        if (byCloud || stableCode(fetched.error()) == "file-changed")
            (void)sink->restart();
        if (stableCode(fetched.error()) == "file-changed" || (fetched.error().code == Errc::DataLoss && !byCloud)) {
            Error again = fetched.error();
            again.code = Errc::Unavailable; // cut in the middle or replaced meanwhile: go on, or start over
            again.stable = stableCode(fetched.error());
            return again;
        }
        return fetched;
    }
    if (auto r = sink->sync(); !r)
        return r;
    if (!byCloud) {
        auto right = bodyIsRight(run, bodyPath(run, index), entry->contentHash, call);
        if (!right)
            return std::move(right).error();
        if (!*right) {
            (void)sink->restart();
            Error damaged{Errc::DataLoss, "the file that arrived is not the one in the cloud", run.job().provider};
            damaged.stable = stableCode(damaged);
            damaged.code = Errc::Unavailable; // once more, from the start
            return damaged;
        }
    }
    return run.commit([&](Job &job) {
        job.print.items[index].fetched = true;
        job.progress = {sink->size(), sink->size()};
        job.stage = Stage::Convert;
    });
}

Result<void> fetch(JobRun &run, std::size_t index, const Call &call)
{
    if (auto r = run.commit([&](Job &job) {
            job.state = JobState::Processing;
            job.stage = Stage::Fetch;
            job.progress = {0, job.print.items[index].size};
        });
        !r)
        return r;
    // Every attempt that gets further is worth another; a file that will not come at all is given up, and so is one
    // that has to be begun anew again and again.
    constexpr int kFruitlessAttempts = 5;
    int fruitless = 0;
    int begunAnew = 0;
    std::int64_t before = -1;
    return run.persist(
        [&]() -> Result<void> {
            auto r = fetchOnce(run, index, run.toCloud(call));
            if (r || stableCode(r.error()) == "offline" || !JobRun::passesByItself(r.error()))
                return r;
            std::error_code ec;
            const auto size = static_cast<std::int64_t>(std::filesystem::file_size(bodyPath(run, index), ec));
            fruitless = size > before ? 0 : fruitless + 1;
            begunAnew += size < before ? 1 : 0;
            before = size;
            if ((fruitless >= kFruitlessAttempts || begunAnew >= kFruitlessAttempts) &&
                (stableCode(r.error()) == "data-damaged" || stableCode(r.error()) == "file-changed")) {
                Error final = r.error();
                final.code = Errc::DataLoss;
                return final;
            }
            return r;
        },
        call);
}

struct Prepared {
    std::string format;
    int pages = 0; // that one copy prints; 0 where nobody knows
    bool rangesApplied = false;
};

// Pages of the document that the ranges (all, without any) ask for.
int pagesIn(const std::vector<PageRange> &ranges, int pages)
{
    if (ranges.empty())
        return pages;
    int count = 0;
    for (const PageRange &range : ranges)
        count += std::max(0, std::min(range.last, pages) - range.first + 1);
    return count;
}

// The body again under the name of what is sent.
Result<void> sendAsItIs(const std::filesystem::path &body, const std::filesystem::path &ready)
{
    std::error_code ec;
    std::filesystem::remove(ready, ec);
    std::filesystem::create_hard_link(body, ready, ec);
    if (ec)
        return localIoError("link", ec.value());
    return syncFolder(ready.parent_path());
}

Result<Prepared> prepare(JobRun &run, std::size_t index, const PrinterCapabilities &printer, const Call &call)
{
    const PrintItem &item = run.job().print.items[index];
    const Ticket &ticket = run.job().print.ticket;
    const RenderWorker worker(run.rooms().renderWorker);
    const Conversion conversion = conversionFor(item.format, printer.formats);
    if (conversion.route == Conversion::Route::Unsupported)
        return unsupported(item.name);
    const auto body = bodyPath(run, index);
    const auto ready = readyPath(run, index);
    if (conversion.sendAs != kPdf) { // a picture that the printer knows: one page
        if (auto r = sendAsItIs(body, ready); !r)
            return std::move(r).error();
        return Prepared{conversion.sendAs, 1, true};
    }
    const bool rangesHere = !ticket.pageRanges.empty() && !printer.pageRanges;
    auto pdf = body;
    if (conversion.route == Conversion::Route::ThroughWorker) {
        pdf = rangesHere ? run.folder() / (std::to_string(index) + ".pdf") : ready;
        auto made = worker.toPdf(body, item.format, pdf, paperSizeOf(ticket.media), call);
        if (!made)
            return std::move(made).error();
    }
    auto info = worker.inspectPdf(pdf, call);
    if (!info)
        return std::move(info).error();
    const int pages = pagesIn(ticket.pageRanges, info->pages);
    if (pages == 0)
        return Error{Errc::InvalidArgument, "none of the wished pages is in the document", "jobs", "page-ranges", 0, {},
                     "ticket-refused"};
    if (rangesHere || info->encrypted) {
        auto picked = worker.subsetPdf(pdf, ready, rangesHere ? ticket.pageRanges : std::vector<PageRange>{}, call);
        if (!picked)
            return std::move(picked).error();
    } else if (pdf == body) {
        if (auto r = sendAsItIs(body, ready); !r)
            return std::move(r).error();
    }
    return Prepared{kPdf, pages, rangesHere};
}

// Whether what is to be printed is still worth its paper.
Result<void> stillGood(const JobRun &run)
{
    const auto &until = run.job().print.goodUntil;
    if (until && run.rooms().now() >= *until)
        return Error{Errc::InvalidArgument, "the code on the page has expired", "jobs", {}, 0, {}, "code-expired"};
    return {};
}

// Makes the body into something that the printer takes.
Result<void> convert(JobRun &run, std::size_t index, const Call &call)
{
    if (auto r = run.commit([&](Job &job) {
            job.state = JobState::Processing;
            job.stage = Stage::Convert;
        });
        !r)
        return r;
    auto capabilities = run.persist(
        [&]() -> Result<PrinterCapabilities> {
            if (auto r = stillGood(run); !r)
                return std::move(r).error();
            return run.rooms().printer.capabilities(call.within(kDeviceAnswer));
        },
        call);
    if (!capabilities)
        return std::move(capabilities).error();
    if (auto r = validateTicket(run.job().print.ticket, *capabilities); !r)
        return r;
    auto prepared = prepare(run, index, *capabilities, call);
    if (!prepared)
        return std::move(prepared).error();
    return run.commit([&](Job &job) {
        PrintItem &item = job.print.items[index];
        item.converted = true;
        item.format = prepared->format;
        item.pages = prepared->pages;
        item.rangesApplied = prepared->rangesApplied;
        job.totalPages = 0;
        for (const PrintItem &each : job.print.items)
            job.totalPages += each.pages * job.print.ticket.copies;
        job.stage = Stage::Send;
    });
}

Ticket ticketFor(const Job &job, std::size_t index)
{
    Ticket ticket = job.print.ticket;
    ticket.documentFormat = job.print.items[index].format;
    if (job.print.items[index].rangesApplied)
        ticket.pageRanges.clear();
    return ticket;
}

// What the printer knows of our job; nullopt: nothing.
Result<std::optional<JobRef>> lookUp(JobRun &run, std::size_t index, const Call &call)
{
    const PrintItem &item = run.job().print.items[index];
    Printer &printer = run.rooms().printer;
    if (item.printerJob != 0) {
        auto state = printer.jobState(item.printerJob, call.within(kDeviceAnswer));
        if (state)
            return std::optional(JobRef{item.printerJob, *state});
        if (state.error().code != Errc::NotFound)
            return std::move(state).error();
    }
    return printer.findJob(printerJobName(run.job(), index), call.within(kDeviceAnswer));
}

Error outcomeUnknown()
{
    return Error{Errc::DataLoss, "the printer no longer knows the job", "ipp", {}, 0, {}, "print-outcome-unknown"};
}

// Whether the printer's job will never have its document whole.
bool isHalf(const JobRef &there, const PrintItem &item)
{
    const bool over = there.state.phase == PrinterJobPhase::Completed;
    const bool aborted = there.state.phase == PrinterJobPhase::Aborted;
    return (item.takingBack && !over) || (item.sendStarted && (there.incoming() || aborted)) ||
           (there.incoming() && aborted);
}

// One attempt to have the whole document at the printer. Looks first what an earlier attempt, perhaps of a process that
// died, left there.
Result<void> sendOnce(JobRun &run, std::size_t index, const Call &call)
{
    Printer &printer = run.rooms().printer;
    const PrintItem &item = run.job().print.items[index];
    if (item.createStarted) {
        auto known = lookUp(run, index, call);
        if (!known)
            return std::move(known).error();
        const auto startOver = [&] {
            return run.commit([&](Job &job) {
                PrintItem &mine = job.print.items[index];
                mine.printerJob = 0;
                mine.createStarted = false;
                mine.sendStarted = false;
                mine.takingBack = false;
                ++mine.attempt;
            });
        };
        if (!*known) {
            if (item.sendStarted && !item.takingBack)
                return outcomeUnknown(); // it may have been printed and forgotten: a person must look
            if (auto r = startOver(); !r)
                return r;
        } else if (const JobRef &there = **known; isHalf(there, item)) {
            // The printer will not print it: taken back, and a new job made. Stored first: afterwards it looks like one
            // that somebody canceled at the printer.
            if (auto r = run.commit([&](Job &job) { job.print.items[index].takingBack = true; }); !r)
                return r;
            if (auto r = printer.cancelJob(there.id, call.within(kDeviceAnswer));
                !r && r.error().code != Errc::NotFound)
                return r;
            if (auto r = startOver(); !r)
                return r;
        } else {
            // Empty yet, it waits for the document; else the document is there whole, and its confirmation was lost.
            const bool empty = there.incoming() && !item.sendStarted;
            if (auto r = run.commit([&](Job &job) {
                    PrintItem &mine = job.print.items[index];
                    mine.printerJob = there.id;
                    mine.sent = !empty;
                });
                !r || !empty)
                return r;
        }
    }
    if (auto r = stillGood(run); !r)
        return r;
    if (item.printerJob == 0) {
        if (auto r = run.commit([&](Job &job) { job.print.items[index].createStarted = true; }); !r)
            return r;
        auto id = printer.createJob(printerJobName(run.job(), index), ticketFor(run.job(), index),
                                    call.within(kDeviceAnswer));
        if (!id)
            return std::move(id).error();
        if (auto r = run.commit([&](Job &job) { job.print.items[index].printerJob = *id; }); !r)
            return r;
    }
    auto source = FileSource::open(readyPath(run, index));
    if (!source)
        return std::move(source).error();
    if (auto r = run.commit([&](Job &job) {
            job.print.items[index].sendStarted = true;
            job.progress = {0, source->size().value_or(-1)};
        });
        !r)
        return r;
    Call sendCall = call;
    sendCall.onProgress = [&](Progress p) { run.show([&](Job &job) { job.progress.bytes = p.bytes; }, true); };
    if (auto r = printer.sendDocument(item.printerJob, *source, item.format, item.name, sendCall); !r)
        return r;
    return run.commit([&](Job &job) {
        job.print.items[index].sent = true;
        job.stage = Stage::Print;
    });
}

Result<void> send(JobRun &run, std::size_t index, const Call &call)
{
    if (auto r = run.commit([&](Job &job) {
            job.state = JobState::Processing;
            job.stage = Stage::Send;
            job.reasons.clear();
        });
        !r)
        return r;
    return run.persist([&] { return sendOnce(run, index, call); }, call);
}

// Shows what the printer says of the job, in one event where something changed. `stuck`: no page has come out for a
// while; then a warning, too, is why (some printers go on saying "processing" and warn of an empty tray).
void showPrinting(JobRun &run, const PrinterJobState &state, const PrinterStatus *printer, int pagesBefore, bool stuck)
{
    std::vector<std::string> reasons;
    const bool stopped = state.phase == PrinterJobPhase::ProcessingStopped ||
                         (printer != nullptr && printer->state == PrinterState::Stopped);
    if (printer != nullptr)
        for (const PrinterReason &reason : printer->reasons)
            if (reason.severity == PrinterReason::Severity::Error || stopped ||
                (stuck && reason.severity == PrinterReason::Severity::Warning && !reason.keyword.ends_with("-low")))
                reasons.push_back(reason.keyword);
    const JobState shown = stopped || !reasons.empty() ? JobState::ProcessingStopped : JobState::Processing;
    const int pages = std::max(run.job().pages, pagesBefore + std::max(0, state.impressionsCompleted));
    if (run.job().state == shown && run.job().reasons == reasons && run.job().pages == pages)
        return;
    run.show([&](Job &job) {
        job.state = shown;
        job.reasons = std::move(reasons);
        job.pages = pages;
    });
}

// Follows the printer's job to its end.
Result<void> follow(JobRun &run, std::size_t index, const Call &call)
{
    if (auto r = run.commit([&](Job &job) {
            job.state = JobState::Processing;
            job.stage = Stage::Print;
        });
        !r)
        return r;
    Printer &printer = run.rooms().printer;
    int pagesBefore = 0;
    for (std::size_t i = 0; i < index; ++i)
        pagesBefore += run.job().print.items[i].pages * run.job().print.ticket.copies;
    const auto settledAt = Call::Clock::now() + kSettling;
    auto progressAt = Call::Clock::now();
    int impressions = 0;
    for (;;) {
        if (auto r = call.poll(); !r)
            return r;
        auto state = run.persist(
            [&]() -> Result<PrinterJobState> {
                auto asked = printer.jobState(run.job().print.items[index].printerJob, call.within(kDeviceAnswer));
                if (!asked && asked.error().code == Errc::NotFound && Call::Clock::now() < settledAt)
                    return Error{Errc::Busy,    "the printer does not know its new job yet", "ipp", {}, 0, {},
                                 "printer-busy"};
                return asked;
            },
            call);
        if (!state)
            return state.error().code == Errc::NotFound ? Result<void>(outcomeUnknown()) : Result<void>(state.error());
        switch (state->phase) {
        case PrinterJobPhase::Completed:
            return run.commit([&](Job &job) {
                PrintItem &item = job.print.items[index];
                item.printed = true;
                job.state = JobState::Processing;
                job.reasons.clear();
                job.pages = std::max({job.pages, pagesBefore + state->impressionsCompleted,
                                      pagesBefore + item.pages * job.print.ticket.copies});
            });
        case PrinterJobPhase::Canceled:
            return Error{Errc::PermissionDenied, "the job was canceled at the printer", "ipp", {}, 0, {},
                         "printer-canceled"};
        case PrinterJobPhase::Aborted: {
            std::string why;
            for (const std::string &reason : state->reasons)
                why += (why.empty() ? "" : ",") + reason;
            return Error{Errc::DataLoss, "the printer gave the job up: " + why, "ipp", why, 0, {}, "printer-aborted"};
        }
        case PrinterJobPhase::Pending:
        case PrinterJobPhase::PendingHeld:
        case PrinterJobPhase::Processing:
        case PrinterJobPhase::ProcessingStopped:
            break;
        }
        if (state->impressionsCompleted != impressions) {
            impressions = state->impressionsCompleted;
            progressAt = Call::Clock::now();
        }
        auto status = printer.status(call.within(kDeviceAnswer));
        showPrinting(run, *state, status && status->state != PrinterState::Unreachable ? &*status : nullptr,
                     pagesBefore, Call::Clock::now() - progressAt >= kStuck);
        if (auto r = waitFor(run.rooms().devicePoll, call); !r)
            return r;
    }
}

Result<void> printItem(JobRun &run, std::size_t index, Lane &lane, const Call &call)
{
    const auto item = [&]() -> const PrintItem & { return run.job().print.items[index]; };
    std::error_code ec;
    if (!item().sent) {
        if (!item().fetched || !std::filesystem::exists(bodyPath(run, index), ec))
            if (auto r = fetch(run, index, call); !r)
                return r;
        if (!item().converted || !std::filesystem::exists(readyPath(run, index), ec))
            if (auto r = convert(run, index, call); !r)
                return r;
    }
    // One job at a time goes to the printer: many take only one, and people expect the order in which they pressed
    // Print.
    auto turn = lane.enter(call, [&] {
        run.show([](Job &job) {
            job.state = JobState::Pending;
            job.reasons = {"printer-busy"};
        });
    });
    if (!turn)
        return std::move(turn).error();
    if (!item().sent)
        if (auto r = send(run, index, call); !r)
            return r;
    if (auto r = follow(run, index, call); !r)
        return r;
    std::filesystem::remove(bodyPath(run, index), ec);
    std::filesystem::remove(readyPath(run, index), ec);
    return {};
}

} // namespace

RunEnd runPrint(JobRun &run, Lane &printer, const Call &call)
{
    if (auto r = makePrivateFolder(run.folder()); !r)
        return run.abort(r.error());
    for (std::size_t i = 0; i < run.job().print.items.size(); ++i) {
        if (run.job().print.items[i].printed)
            continue;
        if (auto r = printItem(run, i, printer, call); !r) {
            if (r.error().code == Errc::Cancelled)
                return RunEnd::Cancelled;
            // What the printer has of it by now must not come out later.
            if (run.job().print.items[i].printerJob != 0)
                (void)run.rooms().printer.cancelJob(run.job().print.items[i].printerJob, call.within(kDeviceAnswer));
            return run.abort(r.error());
        }
    }
    const auto done = run.commit([](Job &job) {
        job.state = JobState::Completed;
        job.stage = Stage::Done;
    });
    return done ? RunEnd::Over : RunEnd::Stopped;
}

Result<void> undoPrint(JobRun &run, const Call &call)
{
    for (std::size_t i = 0; i < run.job().print.items.size(); ++i) {
        const PrintItem &item = run.job().print.items[i];
        if (!item.createStarted || item.printed)
            continue;
        auto known = lookUp(run, i, call);
        if (!known)
            return std::move(known).error();
        if (*known && !isOver((*known)->state.phase))
            if (auto r = run.rooms().printer.cancelJob((*known)->id, call.within(kDeviceAnswer)); !r)
                return r;
    }
    return {};
}

} // namespace connector
