// SPDX-License-Identifier: Apache-2.0
// A scan job's way: scan, assemble, deliver. What is stored at each step lets it go on after a kill at any instruction.
#include "core/files.h"
#include "core/log.h"
#include "jobs/run.h"
#include "scan/document/pdf_writer.h"

namespace connector {

namespace {

constexpr int kMostListRestarts = 3;
constexpr const char *kUploadState = "upload"; // in the Vault, under the job's id: it may hold a session's URL

std::filesystem::path documentPath(const JobRun &run)
{
    return run.folder() / "document.pdf";
}

std::vector<ScannedPage> pagesOnDisk(const JobRun &run)
{
    std::vector<ScannedPage> pages = run.job().scan.pages;
    for (ScannedPage &page : pages)
        page.path = run.folder() / page.path.filename();
    return pages;
}

RunEnd park(JobRun &run, Awaiting awaiting, const Error *error)
{
    if (error != nullptr)
        log::info("jobs", run.job().id + " waits for a decision: " + describe(*error));
    const auto stored = run.commit([&](Job &job) {
        job.state = JobState::ProcessingStopped;
        job.awaiting = awaiting;
        job.awaitingError = error != nullptr ? std::optional(jobErrorFrom(*error)) : std::nullopt;
        job.scan.scanning = false;
    });
    return stored ? RunEnd::Parked : RunEnd::Stopped;
}

// Scans the next page (flatbed) or all that are in the feeder. nullopt: go on to the next stage.
std::optional<RunEnd> scanPages(JobRun &run, Lane &scanner, const Call &call)
{
    if (run.job().scan.scanning && run.job().scan.fromFeeder()) {
        // The service died, or somebody stopped the scanner, while a sheet went through: nobody but the person knows
        // which sheets are out.
        const Error interrupted{Errc::Unavailable, "the scan was interrupted", "sane", {}, 0, {}, "scan-interrupted"};
        return park(run, Awaiting::Decision, &interrupted);
    }
    auto turn = scanner.enter(call, [&] {
        run.show([](Job &job) {
            job.state = JobState::ProcessingStopped;
            job.reasons = {"scanner-busy"};
        });
    });
    if (!turn)
        return RunEnd::Cancelled;
    auto begun = run.commit([](Job &job) {
        job.state = JobState::Processing;
        job.stage = Stage::Scan;
        job.reasons.clear();
        job.awaiting = Awaiting::Nothing;
        job.awaitingError.reset();
        job.scan.scanning = true;
    });
    if (!begun)
        return run.abort(begun.error());

    Result<void> kept;
    Call scanCall = call;
    scanCall.onProgress = [&](Progress p) { run.show([&](Job &job) { job.progress = p; }, true); };
    // A busy scanner is waited for; everything else that can go wrong at the device is the person's to decide.
    auto ended = run.persist(
        [&] {
            return run.rooms().scanner.scan(
                run.job().scan.settings, run.folder(), static_cast<int>(run.job().scan.pages.size()) + 1,
                [&](const ScannedPage &page) {
                    kept = run.commit([&](Job &job) {
                        job.scan.pages.push_back(page);
                        job.scan.pages.back().path = page.path.filename();
                        job.pages = static_cast<int>(job.scan.pages.size());
                    });
                },
                scanCall);
        },
        scanCall, [](const Error &error) { return error.code == Errc::Busy; });
    if (!kept)
        return run.abort(kept.error());
    if (!ended)
        return ended.error().code == Errc::Cancelled ? RunEnd::Cancelled
                                                     : park(run, Awaiting::Decision, &ended.error());
    if (!run.job().scan.fromFeeder() && run.job().scan.manyPages)
        return park(run, Awaiting::NextPage, nullptr);
    auto all = run.commit([](Job &job) {
        job.scan.scanning = false;
        job.scan.allPages = true;
    });
    if (!all)
        return run.abort(all.error());
    return std::nullopt;
}

// Makes the document from the encoded pages and computes the cloud's own hash of it.
Result<void> assemble(JobRun &run, const Call &call)
{
    if (auto r = run.commit([](Job &job) {
            job.state = JobState::Processing;
            job.stage = Stage::Assemble;
            job.awaiting = Awaiting::Nothing;
            job.awaitingError.reset();
        });
        !r)
        return r;
    PdfMetadata metadata;
    metadata.title = run.job().scan.name;
    metadata.createdAt = run.job().createdAt;
    if (auto r = assemblePdf(pagesOnDisk(run), metadata, documentPath(run), call); !r)
        return std::move(r).error();
    auto hasher = run.persist(
        [&]() -> Result<std::unique_ptr<ContentHasher>> { return run.rooms().clouds.hasher(run.job().profile); }, call);
    if (!hasher)
        return std::move(hasher).error();
    auto source = FileSource::open(documentPath(run));
    if (!source)
        return std::move(source).error();
    std::vector<char> buffer(std::size_t{256} << 10U);
    for (;;) {
        if (auto r = call.poll(); !r)
            return r;
        auto n = source->read(buffer);
        if (!n)
            return std::move(n).error();
        if (*n == 0)
            break;
        if (*hasher)
            (*hasher)->update(std::span(buffer.data(), *n));
    }
    return run.commit([&](Job &job) {
        job.scan.size = source->size().value_or(-1);
        job.scan.contentHash = *hasher ? (*hasher)->result() : std::string();
        job.stage = Stage::Deliver;
        job.progress = {0, job.scan.size};
    });
}

// After an answer that was lost: our document by its hash: its bytes hold its title, its second and its pages.
Result<std::optional<Entry>> findDelivered(JobRun &run, Provider &cloud, const Call &call)
{
    const ScanWish &scan = run.job().scan;
    if (scan.contentHash.empty())
        return std::optional<Entry>{};
    std::string token;
    int restarts = 0;
    for (;;) {
        auto page = cloud.list({scan.folder}, token, {}, call);
        if (!page && stableCode(page.error()) == "list-restart" && ++restarts <= kMostListRestarts) {
            token.clear(); // somebody else is at work in the folder
            if (auto r = call.poll(); !r)
                return std::move(r).error();
            continue;
        }
        if (!page) {
            Error error = std::move(page).error();
            if (error.stable == "list-restart")
                error.code = Errc::Unavailable; // it passes: no reason to give the delivery up
            return error;
        }
        if (!token.empty() && page->nextPageToken == token)
            return Error{Errc::BadReply, "the listing has no end", run.job().provider};
        for (Entry &entry : page->entries)
            if (entry.contentHash == scan.contentHash && entry.size == scan.size)
                return std::optional(std::move(entry));
        token = page->nextPageToken;
        if (token.empty())
            return std::optional<Entry>{};
    }
}

Result<Entry> deliverOnce(JobRun &run, const Call &call)
{
    auto cloud = run.rooms().clouds.provider(run.job().profile);
    if (!cloud)
        return std::move(cloud).error();
    UploadState state;
    if (run.job().scan.uploadStarted) {
        auto there = findDelivered(run, **cloud, run.toCloud(call));
        if (!there)
            return std::move(there).error();
        if (*there)
            return **std::move(there);
        auto stored = run.rooms().actor.ask([&] { return run.rooms().vault.get(run.job().id, kUploadState); });
        if (!stored)
            return std::move(stored).error();
        state.opaque = stored->value_or("");
    } else if (auto r = run.commit([](Job &job) { job.scan.uploadStarted = true; }); !r) {
        return std::move(r).error();
    }
    auto source = FileSource::open(documentPath(run));
    if (!source)
        return std::move(source).error();
    UploadTarget target;
    target.folder = {run.job().scan.folder};
    target.name = run.job().scan.name + ".pdf";
    target.onConflict = OnConflict::Rename;
    target.modified = run.job().createdAt;
    Call uploadCall = run.toCloud(call);
    uploadCall.onProgress = [&](Progress p) {
        run.show([&](Job &job) { job.progress = {p.bytes, job.scan.size}; }, true);
    };
    const auto keep = [&](const UploadState &fresh) {
        return run.rooms().actor.ask([&] { return run.rooms().vault.put(run.job().id, kUploadState, fresh.opaque); });
    };
    return (*cloud)->upload(target, *source, state, keep, uploadCall);
}

RunEnd deliver(JobRun &run, const Call &call)
{
    auto shown = run.commit([](Job &job) {
        job.state = JobState::Processing;
        job.stage = Stage::Deliver;
        job.awaiting = Awaiting::Nothing;
        job.awaitingError.reset();
        job.progress.totalBytes = job.scan.size;
    });
    if (!shown)
        return run.abort(shown.error());
    auto entry = run.persist(
        [&] {
            auto once = deliverOnce(run, call);
            if (!once && once.error().code == Errc::DataLoss && once.error().origin == "http") {
                Error cut = std::move(once).error();
                cut.code = Errc::Unavailable; // an answer that ended early: it passes
                once = std::move(cut);
            }
            return once;
        },
        call);
    if (!entry) {
        // The scan is kept: the person may free storage, sign in again, or discard it.
        const Remedy remedy = remedyFor(entry.error().code);
        if (remedy == Remedy::None)
            return RunEnd::Cancelled;
        return park(run, Awaiting::Decision, &entry.error());
    }
    const ScanWish &scan = run.job().scan;
    if ((entry->size && *entry->size != scan.size) ||
        (!entry->contentHash.empty() && !scan.contentHash.empty() && entry->contentHash != scan.contentHash)) {
        const Error damaged{Errc::DataLoss, "the cloud holds other bytes than were sent", run.job().provider};
        return park(run, Awaiting::Decision, &damaged);
    }
    auto done = run.commit([&](Job &job) {
        job.state = JobState::Completed;
        job.stage = Stage::Done;
        job.resultName = entry->name;
        job.progress = {job.scan.size, job.scan.size};
    });
    return done ? RunEnd::Over : RunEnd::Stopped;
}

} // namespace

RunEnd runScan(JobRun &run, Lane &scanner, const Call &call)
{
    if (auto r = makePrivateFolder(run.folder()); !r)
        return run.abort(r.error());
    if (!run.job().scan.allPages) {
        if (auto r = requireSpace(run.folder(), 0); !r)
            return run.abort(r.error());
        if (const auto end = scanPages(run, scanner, call))
            return *end;
    }
    std::error_code ec;
    if (run.job().scan.size < 0 || !std::filesystem::exists(documentPath(run), ec)) {
        if (auto r = assemble(run, call); !r) {
            if (r.error().code == Errc::Cancelled)
                return RunEnd::Cancelled;
            return park(run, Awaiting::Decision, &r.error());
        }
    }
    return deliver(run, call);
}

Result<void> undoScan(JobRun &run, const Call &call)
{
    if (!run.job().scan.uploadStarted)
        return {};
    auto cloud = run.rooms().clouds.provider(run.job().profile);
    if (!cloud)
        return std::move(cloud).error();
    auto there = findDelivered(run, **cloud, call);
    if (!there)
        return std::move(there).error();
    if (!*there)
        return {};
    auto removed = (*cloud)->remove((*there)->id, call);
    if (!removed && removed.error().code == Errc::NotFound)
        return {};
    return removed;
}

} // namespace connector
