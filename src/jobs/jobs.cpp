// SPDX-License-Identifier: Apache-2.0
#include "jobs/jobs.h"

#include "core/encoding.h"
#include "core/files.h"
#include "core/log.h"
#include "core/random.h"

namespace connector {

namespace {

constexpr std::chrono::hours kKeepEnded{24};
constexpr std::chrono::seconds kUndoTime{20};
constexpr std::chrono::seconds kRetryStore{5};
constexpr std::size_t kLongestName = 200; // bytes, leaves room for ".pdf" and a number in the cloud's 255
constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kMostItems = 100;

Error gone()
{
    return Error{Errc::NotFound, "no such job", "jobs", {}, 0, {}, "job-gone"};
}

Error badRequest(const std::string &why)
{
    return Error{Errc::InvalidArgument, why, "jobs", {}, 0, {}, "bad-request"};
}

JobRow rowOf(const Job &job)
{
    JobRow row;
    row.id = job.id;
    row.owner = job.owner;
    row.requestKey = job.requestKey;
    row.kind = job.kind == JobKind::Print ? "print" : "scan";
    row.state = toString(job.state);
    row.detail = toDetail(job);
    row.cancelRequested = job.cancelRequested;
    row.createdAt = job.createdAt;
    row.endedAt = job.endedAt;
    return row;
}

} // namespace

Result<std::string> checkedDocumentName(std::string name)
{
    const auto trim = [](char c) { return c == ' ' || c == '.'; };
    while (!name.empty() && trim(name.back()))
        name.pop_back();
    while (!name.empty() && trim(name.front()))
        name.erase(name.begin());
    const bool bad = std::any_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 ||
               std::string_view("/\\:*?\"<>|\x7F").find(c) != std::string_view::npos;
    });
    if (name.empty() || name.size() > kLongestName || bad || !isUtf8(name))
        return Error{Errc::InvalidArgument, "the name cannot be used for a file", "jobs", {}, 0, {}, "name-invalid"};
    return name;
}

Jobs::Jobs(JobRooms rooms)
    : m_rooms(std::move(rooms)), m_table(m_rooms.db, m_rooms.vault), m_printers(std::make_unique<WorkerPool>(4)),
      m_scanners(std::make_unique<WorkerPool>(4)), m_cleaners(std::make_unique<WorkerPool>(2))
{
}

Jobs::~Jobs()
{
    m_rooms.actor.ask([this] {
        *m_alive = false;
        for (auto &[id, entry] : m_jobs)
            if (entry.running)
                entry.running->request_stop();
    });
}

Result<void> Jobs::start()
{
    if (auto r = makePrivateFolder(m_rooms.spool); !r)
        return r;
    auto rows = m_table.all();
    if (!rows)
        return std::move(rows).error();
    for (const JobRow &row : *rows) {
        auto job = fromDetail(row.detail);
        const auto state = jobStateFrom(row.state);
        if (!job || !state) {
            log::error("jobs", row.id + " is unreadable and left alone");
            continue;
        }
        job->id = row.id;
        job->owner = row.owner;
        job->requestKey = row.requestKey;
        job->state = *state;
        job->cancelRequested = row.cancelRequested;
        job->createdAt = row.createdAt;
        job->endedAt = row.endedAt;
        m_order.push_back(row.id);
        m_jobs[row.id] = {*std::move(job), std::nullopt, false};
    }
    sweep();
    forgetOld();
    for (const std::string &id : std::vector(m_order)) {
        Held &entry = m_jobs.at(id);
        if (isOver(entry.job.state))
            continue;
        if (entry.job.cancelRequested) {
            cleanUp(id);
        } else if (entry.job.awaiting == Awaiting::Nothing && entry.job.state != JobState::PendingHeld) {
            entry.job.state = JobState::Pending; // nothing runs yet in this process
            run(id);
        }
    }
    return {};
}

// Folders that no unfinished job owns are left-overs of a crash.
void Jobs::sweep()
{
    std::error_code ec;
    for (const auto &folder : std::filesystem::directory_iterator(m_rooms.spool, ec)) {
        const auto it = m_jobs.find(folder.path().filename().string());
        if (it == m_jobs.end() || isOver(it->second.job.state)) {
            std::filesystem::remove_all(folder.path(), ec);
            log::info("jobs", "removed left-over spool folder " + folder.path().filename().string());
        }
    }
}

void Jobs::forgetOld()
{
    const WallTime now = m_rooms.now();
    for (const std::string &id : std::vector(m_order)) {
        const Job &job = m_jobs.at(id).job;
        if (isOver(job.state) && job.endedAt && *job.endedAt + kKeepEnded < now)
            (void)dismiss(std::string(job.owner), id); // the job goes, and its owner's name with it
    }
}

Jobs::Held *Jobs::held(const std::string &owner, const std::string &id)
{
    const auto it = m_jobs.find(id);
    return it != m_jobs.end() && it->second.job.owner == owner ? &it->second : nullptr;
}

const Jobs::Held *Jobs::held(const std::string &owner, const std::string &id) const
{
    const auto it = m_jobs.find(id);
    return it != m_jobs.end() && it->second.job.owner == owner ? &it->second : nullptr;
}

// `body`: the first document, where no cloud has it.
Result<Job> Jobs::accept(Job job, const std::string &body)
{
    if (job.requestKey.size() > kLongestKey)
        return badRequest("key: at most 64 characters");
    if (!job.requestKey.empty()) {
        auto known = m_table.findByKey(job.owner, job.requestKey);
        if (!known)
            return std::move(known).error();
        if (*known) {
            if (const Held *entry = held(job.owner, (*known)->id))
                return entry->job;
        }
    }
    forgetOld();
    job.id = makeUuid();
    job.createdAt = m_rooms.now();
    Result<void> kept;
    if (!body.empty()) {
        kept = makePrivateFolder(m_rooms.spool / job.id);
        if (kept)
            kept = writeFileDurably(m_rooms.spool / job.id / "0.body", body);
    }
    if (kept)
        kept = m_rooms.db.transaction([&] { return m_table.insert(rowOf(job)); });
    if (!kept) { // what a full disk refused must not go on filling it
        std::error_code ec;
        std::filesystem::remove_all(m_rooms.spool / job.id, ec);
        return std::move(kept).error();
    }
    m_order.push_back(job.id);
    m_jobs[job.id] = {job, std::nullopt, false};
    m_events.changed(job);
    run(job.id);
    return job;
}

Result<Job> Jobs::print(const std::string &owner, PrintRequest request)
{
    if (request.items.empty() || request.items.size() > kMostItems)
        return badRequest("items: 1 to 100 files");
    if (request.ticket.copies < 1 || request.ticket.copies > 999)
        return badRequest("copies: 1 to 999");
    Job job;
    job.owner = owner;
    job.kind = JobKind::Print;
    job.requestKey = std::move(request.key);
    job.name = makeUtf8(request.items.front().name);
    job.profile = std::move(request.profile);
    job.profileName = std::move(request.profileName);
    job.provider = std::move(request.provider);
    job.print.items = std::move(request.items);
    job.print.ticket = std::move(request.ticket);
    return accept(std::move(job));
}

Result<Job> Jobs::printOwn(const std::string &owner, PrintRequest request, const std::string &name,
                           const std::string &pdf)
{
    PrintItem item;
    item.name = name + ".pdf";
    item.format = "application/pdf";
    item.size = static_cast<std::int64_t>(pdf.size());
    item.fetched = true;
    Job job;
    job.owner = owner;
    job.kind = JobKind::Print;
    job.requestKey = std::move(request.key);
    job.name = makeUtf8(name);
    job.profile = std::move(request.profile);
    job.profileName = std::move(request.profileName);
    job.provider = std::move(request.provider);
    job.print.items = {std::move(item)};
    job.print.ticket = std::move(request.ticket);
    job.print.goodUntil = request.goodUntil;
    return accept(std::move(job), pdf);
}

Result<Job> Jobs::scan(const std::string &owner, ScanRequest request)
{
    auto name = checkedDocumentName(std::move(request.name));
    if (!name)
        return std::move(name).error();
    Job job;
    job.owner = owner;
    job.kind = JobKind::Scan;
    job.requestKey = std::move(request.key);
    job.name = *name;
    job.profile = std::move(request.profile);
    job.profileName = std::move(request.profileName);
    job.provider = std::move(request.provider);
    job.folderName = std::move(request.folderName);
    job.scan.folder = std::move(request.folder);
    job.scan.name = *std::move(name);
    job.scan.settings = std::move(request.settings);
    job.scan.manyPages = request.manyPages;
    return accept(std::move(job));
}

std::optional<Job> Jobs::made(const std::string &owner, const std::string &key) const
{
    for (const auto &[id, entry] : m_jobs)
        if (!key.empty() && entry.job.requestKey == key && entry.job.owner == owner)
            return entry.job;
    return std::nullopt;
}

std::vector<Job> Jobs::list(const std::string &owner, bool openOnly) const
{
    std::vector<Job> out;
    for (auto id = m_order.rbegin(); id != m_order.rend(); ++id) {
        const Job &job = m_jobs.at(*id).job;
        if (job.owner == owner && (!openOnly || !isOver(job.state)))
            out.push_back(job);
    }
    return out;
}

Result<Job> Jobs::find(const std::string &owner, const std::string &id) const
{
    const Held *entry = held(owner, id);
    return entry == nullptr ? Result<Job>(gone()) : Result<Job>(entry->job);
}

Result<void> Jobs::store(const Job &job)
{
    const auto it = m_jobs.find(job.id);
    if (it == m_jobs.end())
        return gone();
    Job fresh = job;
    fresh.cancelRequested = it->second.job.cancelRequested; // the run's copy may be older
    if (isOver(fresh.state) && !fresh.endedAt)
        fresh.endedAt = m_rooms.now();
    auto stored = m_rooms.db.transaction([&]() -> Result<void> {
        if (auto r = m_table.update(rowOf(fresh)); !r)
            return r;
        // What an ended job kept secret (an upload's session) goes with it.
        return isOver(fresh.state) ? m_rooms.vault.forget(fresh.id) : Result<void>();
    });
    if (!stored)
        return stored;
    it->second.job = std::move(fresh);
    m_events.changed(it->second.job);
    return {};
}

void Jobs::run(const std::string &id)
{
    Held &entry = m_jobs.at(id);
    entry.running.emplace();
    entry.begun = false;
    entry.afterStop = false;
    WorkerPool &pool = entry.job.kind == JobKind::Print ? *m_printers : *m_scanners;
    pool.post([this, id, stop = *entry.running, job = entry.job](std::stop_token poolStop) mutable {
        const std::stop_callback onPoolStop(poolStop, [&stop] { stop.request_stop(); });
        Call call;
        call.stop = stop.get_token();
        // Canceled while it was queued: it is taken back already, and this is not its run any more.
        const bool mine = m_rooms.actor.ask([&] {
            const auto it = m_jobs.find(id);
            if (it == m_jobs.end() || call.stop.stop_requested())
                return false;
            it->second.begun = true;
            return true;
        });
        if (!mine)
            return;
        JobRun jobRun(
            m_rooms, std::move(job), [this](const Job &changed) { return store(changed); },
            [this](const Job &changed) {
                if (const auto it = m_jobs.find(changed.id); it != m_jobs.end()) {
                    const bool cancelRequested = it->second.job.cancelRequested;
                    it->second.job = changed;
                    it->second.job.cancelRequested = cancelRequested;
                    m_events.changed(changed);
                }
            });
        // Also what is as good as done has to be processing to be completed.
        jobRun.show([](Job &started) { started.state = JobState::Processing; });
        const RunEnd end = jobRun.job().kind == JobKind::Print ? runPrint(jobRun, m_printLane, call)
                                                               : runScan(jobRun, m_scanLane, call);
        m_rooms.actor.post([this, alive = m_alive, id, end](std::stop_token) {
            if (*alive)
                ended(id, end);
        });
    });
}

void Jobs::ended(const std::string &id, RunEnd end)
{
    const auto removeFolder = [&] {
        std::error_code ec;
        std::filesystem::remove_all(m_rooms.spool / id, ec);
    };
    const auto it = m_jobs.find(id);
    if (it == m_jobs.end())
        return removeFolder(); // dismissed as soon as it was over
    it->second.running.reset();
    it->second.begun = false;
    const bool interrupted = std::exchange(it->second.interrupted, false);
    if (it->second.job.cancelRequested && !isOver(it->second.job.state))
        return cleanUp(id);
    switch (end) {
    case RunEnd::Over:
        return removeFolder();
    case RunEnd::Parked:
        if (it->second.job.awaiting == Awaiting::Nothing && !isOver(it->second.job.state))
            run(id); // answered before this end was known
        return;
    case RunEnd::Stopped:
    case RunEnd::Cancelled:
        if (interrupted) { // asks what to do with the pages; or goes on, where none was under way any more
            run(id);
            it->second.afterStop = true;
            return;
        }
        // Not a person's wish: the disk was full, or the service ends. In the first case it is worth another try.
        m_rooms.actor.postAfter(kRetryStore, [this, alive = m_alive, id](std::stop_token stop) {
            if (!*alive || stop.stop_requested())
                return;
            const auto now = m_jobs.find(id);
            if (now != m_jobs.end() && !now->second.running && !isOver(now->second.job.state))
                run(id);
        });
        return;
    }
}

// Takes a canceled job back from printer and cloud, then removes what it has on the disk.
void Jobs::cleanUp(const std::string &id)
{
    Held &entry = m_jobs.at(id);
    entry.running.emplace();
    entry.begun = true;
    m_cleaners->post([this, id, job = entry.job](std::stop_token poolStop) mutable {
        Call call;
        call.stop = std::move(poolStop);
        JobRun jobRun(
            m_rooms, std::move(job), [this](const Job &changed) { return store(changed); }, [](const Job &) {});
        const Call undo = call.within(kUndoTime);
        auto undone = jobRun.job().kind == JobKind::Print ? undoPrint(jobRun, undo) : undoScan(jobRun, undo);
        if (call.stop.stop_requested())
            return; // goes on at the next start
        if (!undone)
            log::warning("jobs", id + " was canceled, but could not be taken back: " + describe(undone.error()));
        std::error_code ec;
        std::filesystem::remove_all(m_rooms.spool / id, ec);
        const auto stored = jobRun.commit([&](Job &j) {
            j.state = JobState::Canceled;
            j.stage = Stage::Done;
            j.reasons.clear();
            j.retryAt.reset();
            j.awaiting = Awaiting::Nothing;
            j.awaitingError.reset();
            if (!undone)
                j.error = jobErrorFrom(undone.error());
        });
        m_rooms.actor.post([this, alive = m_alive, id, ok = stored.has_value()](std::stop_token) {
            if (!*alive)
                return;
            if (const auto it = m_jobs.find(id); it != m_jobs.end()) {
                it->second.running.reset();
                it->second.begun = false;
            }
            if (!ok)
                ended(id, RunEnd::Stopped);
        });
    });
}

Result<Job> Jobs::cancel(const std::string &owner, const std::string &id)
{
    Held *entry = held(owner, id);
    if (entry == nullptr)
        return gone();
    if (isOver(entry->job.state) || entry->job.cancelRequested)
        return entry->job;
    Job wished = entry->job;
    wished.cancelRequested = true;
    // Durable first: a canceled job must not print after a crash.
    if (auto r = m_rooms.db.transaction([&] { return m_table.update(rowOf(wished)); }); !r)
        return std::move(r).error();
    entry->job.cancelRequested = true;
    if (entry->running)
        entry->running->request_stop();
    if (!entry->begun)
        cleanUp(id);
    return entry->job;
}

Result<Job> Jobs::stopMachine(const std::string &owner, const std::string &id)
{
    Held *entry = held(owner, id);
    if (entry == nullptr)
        return gone();
    if (entry->job.kind == JobKind::Print)
        return cancel(owner, id);
    if (entry->running && entry->begun && !entry->afterStop && movesPaper(entry->job)) {
        entry->interrupted = true;
        entry->running->request_stop();
    }
    return entry->job;
}

Result<Job> Jobs::answer(const std::string &owner, const std::string &id, ScanAction action)
{
    Held *entry = held(owner, id);
    if (entry == nullptr)
        return gone();
    const Error notWaiting{Errc::Conflict, "the job does not wait for that", "jobs", {}, 0, {}, "not-waiting"};
    if (entry->job.awaiting == Awaiting::Nothing || isOver(entry->job.state))
        return notWaiting;
    if (action == ScanAction::Discard)
        return cancel(owner, id);
    if (action == ScanAction::NextPage && entry->job.awaiting != Awaiting::NextPage)
        return notWaiting;
    if (action == ScanAction::Finish && entry->job.scan.pages.empty())
        return notWaiting;
    Job next = entry->job;
    next.awaiting = Awaiting::Nothing;
    next.awaitingError.reset();
    next.state = JobState::Pending;
    if (action == ScanAction::Finish)
        next.scan.allPages = true;
    if (auto r = store(next); !r)
        return std::move(r).error();
    if (!entry->running) // else the run that asked is still on its way out: see ended()
        run(id);
    return entry->job;
}

Result<Job> Jobs::again(const std::string &owner, const std::string &id, std::string key)
{
    const Held *entry = held(owner, id);
    if (entry == nullptr)
        return gone();
    if (!isOver(entry->job.state) || entry->job.kind != JobKind::Print)
        return Error{Errc::Conflict, "the job has not ended", "jobs", {}, 0, {}, "not-over"};
    PrintRequest request{entry->job.profile,      entry->job.profileName, entry->job.provider, {},
                         entry->job.print.ticket, std::move(key)};
    for (const PrintItem &item : entry->job.print.items) {
        if (item.file.empty())
            return Error{Errc::Unsupported, "a page of the service's own is not kept", "jobs"};
        PrintItem fresh;
        fresh.file = item.file;
        fresh.name = item.name;
        request.items.push_back(std::move(fresh));
    }
    return print(owner, std::move(request));
}

Result<void> Jobs::dismiss(const std::string &owner, const std::string &id)
{
    const Held *entry = held(owner, id);
    if (entry == nullptr)
        return gone();
    if (!isOver(entry->job.state))
        return Error{Errc::Conflict, "the job has not ended", "jobs", {}, 0, {}, "not-over"};
    if (auto r = m_table.remove(id); !r)
        return r;
    m_jobs.erase(id);
    std::erase(m_order, id);
    m_events.removed(id, owner);
    return {};
}

void Jobs::cancelOf(const std::string &profile)
{
    for (const std::string &id : std::vector(m_order)) {
        const Job &job = m_jobs.at(id).job;
        if (job.profile == profile && !isOver(job.state))
            (void)cancel(job.owner, id);
    }
}

} // namespace connector
