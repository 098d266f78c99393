// SPDX-License-Identifier: Apache-2.0
#include "jobs/job.h"

#include <nlohmann/json.hpp>

namespace connector {

using nlohmann::json;

namespace {

constexpr std::array kStates{JobState::Pending,           JobState::PendingHeld, JobState::Processing,
                             JobState::ProcessingStopped, JobState::Canceled,    JobState::Aborted,
                             JobState::Completed};
constexpr std::array kStages{Stage::Queued, Stage::Fetch,    Stage::Convert, Stage::Send, Stage::Print,
                             Stage::Scan,   Stage::Assemble, Stage::Deliver, Stage::Done};

std::string_view toString(Awaiting awaiting) noexcept
{
    switch (awaiting) {
    case Awaiting::Nothing:
        return "";
    case Awaiting::NextPage:
        return "next-page";
    case Awaiting::Decision:
        return "decision";
    }
    return "";
}

json orNull(std::string_view text)
{
    return text.empty() ? json(nullptr) : json(text);
}

json asJson(const std::optional<JobError> &error)
{
    return error ? json{{"code", error->code}, {"origin", error->origin}} : json(nullptr);
}

std::optional<JobError> errorFrom(const json &j)
{
    if (!j.is_object())
        return std::nullopt;
    return JobError{j.value("code", ""), j.value("origin", "")};
}

json asJson(const Ticket &t)
{
    return {{"copies", t.copies},
            {"colorMode", t.colorMode},
            {"sides", t.sides},
            {"media", t.media},
            {"quality", t.quality},
            {"scaling", t.scaling},
            {"orientation", t.orientation},
            {"pageRanges", formatPageRanges(t.pageRanges)}};
}

Ticket ticketFrom(const json &j)
{
    Ticket t;
    t.copies = j.value("copies", 1);
    t.colorMode = j.value("colorMode", "");
    t.sides = j.value("sides", "");
    t.media = j.value("media", "");
    t.quality = j.value("quality", "");
    t.scaling = j.value("scaling", "");
    t.orientation = j.value("orientation", "");
    if (const std::string ranges = j.value("pageRanges", ""); !ranges.empty())
        if (auto parsed = parsePageRanges(ranges))
            t.pageRanges = *std::move(parsed);
    return t;
}

json asJson(const PrintItem &i)
{
    return {{"file", i.file},
            {"name", i.name},
            {"revision", i.revision},
            {"format", i.format},
            {"size", i.size},
            {"pages", i.pages},
            {"fetched", i.fetched},
            {"converted", i.converted},
            {"rangesApplied", i.rangesApplied},
            {"attempt", i.attempt},
            {"createStarted", i.createStarted},
            {"printerJob", i.printerJob},
            {"sendStarted", i.sendStarted},
            {"takingBack", i.takingBack},
            {"sent", i.sent},
            {"printed", i.printed}};
}

PrintItem itemFrom(const json &j)
{
    PrintItem i;
    i.file = j.value("file", "");
    i.name = j.value("name", "");
    i.revision = j.value("revision", "");
    i.format = j.value("format", "");
    i.size = j.value("size", std::int64_t{-1});
    i.pages = j.value("pages", 0);
    i.fetched = j.value("fetched", false);
    i.converted = j.value("converted", false);
    i.rangesApplied = j.value("rangesApplied", false);
    i.attempt = j.value("attempt", 1);
    i.createStarted = j.value("createStarted", false);
    i.printerJob = j.value("printerJob", 0);
    i.sendStarted = j.value("sendStarted", false);
    i.takingBack = j.value("takingBack", false);
    i.sent = j.value("sent", false);
    i.printed = j.value("printed", false);
    return i;
}

json asJson(const ScanWish &s)
{
    json pages = json::array();
    for (const ScannedPage &p : s.pages)
        pages.push_back({{"file", p.path.filename().string()},
                         {"number", p.number},
                         {"width", p.width},
                         {"height", p.height},
                         {"dpi", p.dpi},
                         {"colorMode", p.colorMode},
                         {"bytes", p.bytes}});
    return {{"folder", s.folder},
            {"name", s.name},
            {"source", s.settings.source},
            {"colorMode", s.settings.colorMode},
            {"resolution", s.settings.resolution},
            {"pageSize", s.settings.pageSize},
            {"manyPages", s.manyPages},
            {"pages", pages},
            {"scanning", s.scanning},
            {"allPages", s.allPages},
            {"contentHash", s.contentHash},
            {"size", s.size},
            {"uploadStarted", s.uploadStarted}};
}

ScanWish scanFrom(const json &j)
{
    ScanWish s;
    s.folder = j.value("folder", "");
    s.name = j.value("name", "");
    s.settings.source = j.value("source", "");
    s.settings.colorMode = j.value("colorMode", "");
    s.settings.resolution = j.value("resolution", 0);
    s.settings.pageSize = j.value("pageSize", "");
    s.manyPages = j.value("manyPages", false);
    for (const json &p : j.value("pages", json::array())) {
        ScannedPage page;
        page.path = p.value("file", "");
        page.number = p.value("number", 0);
        page.width = p.value("width", 0);
        page.height = p.value("height", 0);
        page.dpi = p.value("dpi", 0);
        page.colorMode = p.value("colorMode", "");
        page.bytes = p.value("bytes", std::int64_t{0});
        s.pages.push_back(std::move(page));
    }
    s.scanning = j.value("scanning", false);
    s.allPages = j.value("allPages", false);
    s.contentHash = j.value("contentHash", "");
    s.size = j.value("size", std::int64_t{-1});
    s.uploadStarted = j.value("uploadStarted", false);
    return s;
}

} // namespace

std::string_view toString(JobState state) noexcept
{
    switch (state) {
    case JobState::Pending:
        return "pending";
    case JobState::PendingHeld:
        return "pending-held";
    case JobState::Processing:
        return "processing";
    case JobState::ProcessingStopped:
        return "processing-stopped";
    case JobState::Canceled:
        return "canceled";
    case JobState::Aborted:
        return "aborted";
    case JobState::Completed:
        return "completed";
    }
    return "aborted";
}

std::optional<JobState> jobStateFrom(std::string_view word) noexcept
{
    for (const JobState state : kStates)
        if (toString(state) == word)
            return state;
    return std::nullopt;
}

std::string_view toString(Stage stage) noexcept
{
    switch (stage) {
    case Stage::Queued:
        return "queued";
    case Stage::Fetch:
        return "fetch";
    case Stage::Convert:
        return "convert";
    case Stage::Send:
        return "send";
    case Stage::Print:
        return "print";
    case Stage::Scan:
        return "scan";
    case Stage::Assemble:
        return "assemble";
    case Stage::Deliver:
        return "deliver";
    case Stage::Done:
        return "done";
    }
    return "queued";
}

JobError jobErrorFrom(const Error &error)
{
    return {stableCode(error), error.origin};
}

bool movesPaper(const Job &job)
{
    if (job.kind == JobKind::Print)
        return job.stage == Stage::Print || (job.stage == Stage::Send && job.state != JobState::Pending); // its turn
    return job.stage == Stage::Scan && job.state == JobState::Processing && job.scan.scanning && job.scan.fromFeeder();
}

json toApiJson(const Job &job)
{
    json out{{"id", job.id},
             {"kind", job.kind == JobKind::Print ? "print" : "scan"},
             {"name", job.name},
             {"state", toString(job.state)},
             {"stage", toString(job.stage)},
             {"reasons", job.reasons},
             {"retryAt", job.retryAt ? json(formatRfc3339(*job.retryAt)) : json(nullptr)},
             {"progress",
              {{"bytes", job.progress.bytes},
               {"totalBytes", job.progress.totalBytes < 0 ? json(nullptr) : json(job.progress.totalBytes)},
               {"pages", job.pages},
               {"totalPages", job.totalPages == 0 ? json(nullptr) : json(job.totalPages)}}},
             {"awaiting", orNull(toString(job.awaiting))},
             {"awaitingError", asJson(job.awaitingError)},
             {"error", asJson(job.error)},
             {"profile", job.profile},
             {"profileName", job.profileName},
             {"provider", job.provider},
             {"folderName", orNull(job.folderName)},
             {"resultName", orNull(job.resultName)},
             {"createdAt", formatRfc3339(job.createdAt)},
             {"endedAt", job.endedAt ? json(formatRfc3339(*job.endedAt)) : json(nullptr)}};
    return out;
}

std::string toDetail(const Job &job)
{
    json out{{"name", job.name},
             {"stage", toString(job.stage)},
             {"pages", job.pages},
             {"totalPages", job.totalPages},
             {"awaiting", toString(job.awaiting)},
             {"awaitingError", asJson(job.awaitingError)},
             {"error", asJson(job.error)},
             {"profile", job.profile},
             {"profileName", job.profileName},
             {"provider", job.provider},
             {"folderName", job.folderName},
             {"resultName", job.resultName}};
    if (job.kind == JobKind::Print) {
        json items = json::array();
        for (const PrintItem &item : job.print.items)
            items.push_back(asJson(item));
        out["print"] = {{"items", items}, {"ticket", asJson(job.print.ticket)}};
        if (job.print.goodUntil)
            out["print"]["goodUntil"] = toUnix(*job.print.goodUntil);
    } else {
        out["scan"] = asJson(job.scan);
    }
    // The cloud's names are not always UTF-8; a name must never keep a job from being stored.
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Job> fromDetail(const std::string &text)
{
    const Error damaged{Errc::DataLoss, "a stored job is malformed", "store", {}, 0, {}, "store-damaged"};
    try {
        const json j = json::parse(text);
        Job job;
        job.name = j.value("name", "");
        const std::string stage = j.value("stage", "queued");
        for (const Stage s : kStages)
            if (toString(s) == stage)
                job.stage = s;
        job.pages = j.value("pages", 0);
        job.totalPages = j.value("totalPages", 0);
        const std::string awaiting = j.value("awaiting", "");
        for (const Awaiting a : {Awaiting::NextPage, Awaiting::Decision})
            if (toString(a) == awaiting)
                job.awaiting = a;
        job.awaitingError = errorFrom(j.value("awaitingError", json()));
        job.error = errorFrom(j.value("error", json()));
        job.profile = j.value("profile", "");
        job.profileName = j.value("profileName", "");
        job.provider = j.value("provider", "");
        job.folderName = j.value("folderName", "");
        job.resultName = j.value("resultName", "");
        if (j.contains("print")) {
            job.kind = JobKind::Print;
            for (const json &item : j["print"].at("items"))
                job.print.items.push_back(itemFrom(item));
            job.print.ticket = ticketFrom(j["print"].at("ticket"));
            if (const auto until = j["print"].find("goodUntil"); until != j["print"].end())
                job.print.goodUntil = fromUnix(until->get<std::int64_t>());
        } else {
            job.kind = JobKind::Scan;
            job.scan = scanFrom(j.at("scan"));
        }
        return job;
    } catch (const json::exception &) {
        return damaged;
    }
}

} // namespace connector
