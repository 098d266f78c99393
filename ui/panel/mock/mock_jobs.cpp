// SPDX-License-Identifier: Apache-2.0
// The jobs of the service in memory, and how they move.
#include "ui/panel/mock/mock_service.h"
#include "ui/panel/mock/mock_things.h"

#include <algorithm>
#include <utility>

namespace connector::ui {

void MockService::furnishJobs()
{
    if (is("empty") || is("no-clouds") || is("one-cloud"))
        return;
    const QJsonObject progress{{"bytes", 7'340'032}, {"totalBytes", 7'340'032}, {"pages", 12}, {"totalPages", 12}};
    addJob({{"id", "j-done"},
            {"kind", "print"},
            {"name", "Agenda.pdf"},
            {"state", "completed"},
            {"stage", "done"},
            {"progress", progress},
            {"endedAt", inTime(-3500)},
            {"createdAt", inTime(-3600)}});
    if (is("job-failed") || is("normal"))
        addJob({{"id", "j-failed"},
                {"kind", "print"},
                {"name", "Budget 2027.xlsx"},
                {"state", "aborted"},
                {"stage", "fetch"},
                {"error", QJsonObject{{"code", "file-gone"}}},
                {"endedAt", inTime(-1500)},
                {"createdAt", inTime(-1600)}});
    if (is("job-waiting") || is("out-of-paper"))
        addJob({{"id", "j-wait"},
                {"kind", "print"},
                {"name", "Plan.pdf"},
                {"state", "processing-stopped"},
                {"stage", "print"},
                {"reasons", QJsonArray{"media-empty"}},
                {"progress",
                 QJsonObject{{"bytes", 7'340'032}, {"totalBytes", 7'340'032}, {"pages", 3}, {"totalPages", 12}}}});
    if (is("normal"))
        addJob({{"id", "j-scan"},
                {"kind", "scan"},
                {"name", "Scan 2026-11-21 10.05"},
                {"state", "completed"},
                {"stage", "done"},
                {"folderName", "Scans"},
                {"resultName", "Scan 2026-11-21 10.05.pdf"},
                {"progress", QJsonObject{{"bytes", 912'400}, {"totalBytes", 912'400}, {"pages", 2}, {"totalPages", 0}}},
                {"endedAt", inTime(-600)},
                {"createdAt", inTime(-700)}});
}

QJsonObject MockService::answerJob(const QString &method, const QJsonObject &params, Failure &failure)
{
    const QString id = params["id"].toString();
    if (method == "jobs.print" || method == "jobs.scan")
        return {{"job", newJob(method == "jobs.print" ? "print" : "scan", params)}};
    if (method == "jobs.list") {
        QJsonArray some;
        for (const auto &one : std::as_const(m_jobs)) {
            if (own(one.toObject()))
                some += one;
        }
        return {{"jobs", some}};
    }
    const int row = jobRow(id);
    if (row < 0) {
        failure.code = "not-found";
        return {};
    }
    if (method == "jobs.get")
        return {{"job", m_jobs[row]}};
    if (method == "jobs.cancel") {
        change(id,
               {{"state", "canceled"}, {"awaiting", QJsonValue()}, {"reasons", QJsonArray{}}, {"endedAt", inTime(0)}});
        return {{"job", m_jobs[row]}};
    }
    if (method == "jobs.continue") {
        const QString action = params["action"].toString();
        const QJsonObject job = m_jobs[row].toObject();
        if (job["awaiting"].toString().isEmpty()) {
            failure.code = "not-waiting";
            return {};
        }
        const QJsonObject none{{"awaiting", QJsonValue()},
                               {"awaitingError", QJsonValue()},
                               {"reasons", QJsonArray{}},
                               {"state", "processing"}};
        QJsonObject more = none;
        if (action == "discard") {
            more["state"] = "canceled";
            more["endedAt"] = inTime(0);
        } else if (action == "finish") {
            more["stage"] = "assemble";
        } else {
            more["ticks"] = 0;
        }
        change(id, more);
        return {{"job", m_jobs[row]}};
    }
    if (method == "jobs.again") {
        const QJsonObject old = m_jobs[row].toObject();
        return {{"job", newJob("print", {{"items", QJsonArray{QJsonObject{{"name", old["name"]}}}},
                                         {"profile", old["profile"]}})}};
    }
    if (method == "jobs.dismiss") {
        m_jobs.removeAt(row);
        tell("job.removed", {{"id", id}});
        return {};
    }
    failure.code = "bad-request";
    return {};
}

QString MockService::addJob(const QJsonObject &fields)
{
    QJsonObject job{{"id", QStringLiteral("j-%1").arg(m_nextId++)},
                    {"kind", "print"},
                    {"name", "Plan.pdf"},
                    {"state", "processing"},
                    {"stage", "queued"},
                    {"reasons", QJsonArray{}},
                    {"progress", QJsonObject{{"bytes", 0}, {"totalBytes", 0}, {"pages", 0}, {"totalPages", 0}}},
                    {"awaiting", QJsonValue()},
                    {"error", QJsonValue()},
                    {"profile", "p-lab"},
                    {"profileName", "Lab notebook"},
                    {"provider", "dropbox"},
                    {"owner", m_owner},
                    {"folderName", "Scans"},
                    {"resultName", QJsonValue()},
                    {"createdAt", inTime(0)},
                    {"endedAt", QJsonValue()}};
    for (auto it = fields.begin(); it != fields.end(); ++it)
        job[it.key()] = it.value();
    m_jobs.prepend(job);
    tell("job.changed", job);
    return job["id"].toString();
}

QJsonObject MockService::newJob(const QString &kind, const QJsonObject &params)
{
    const QString key = params["key"].toString();
    if (!key.isEmpty() && m_keys.contains(key)) {
        const int row = jobRow(m_keys.value(key));
        if (row >= 0)
            return m_jobs[row].toObject();
    }
    const QJsonArray items = params["items"].toArray();
    const QJsonObject settings = params["settings"].toObject();
    const QString id = addJob({{"kind", kind},
                               {"name", kind == "print" ? items.first().toObject()["name"] : params["name"]},
                               {"folderName", params["folderName"]},
                               {"profile", params["profile"]},
                               {"many", settings["pages"].toString() == "many"},
                               {"glass", settings["source"].toString() == "flatbed"}});
    m_keys.insert(key, id);
    return m_jobs[jobRow(id)].toObject();
}

void MockService::change(const QString &jobId, const QJsonObject &fields)
{
    const int row = jobRow(jobId);
    if (row < 0)
        return;
    QJsonObject job = m_jobs[row].toObject();
    for (auto it = fields.begin(); it != fields.end(); ++it)
        job[it.key()] = it.value();
    m_jobs[row] = job;
    tell("job.changed", job);
}

void MockService::step()
{
    for (int i = 0; i < m_jobs.size(); ++i) {
        QJsonObject job = m_jobs[i].toObject();
        const QJsonObject before = job;
        if (job["endedAt"].isNull() && job["awaiting"].isNull() && job["reasons"].toArray().isEmpty())
            stepJob(job);
        if (job == before)
            continue;
        m_jobs[i] = job;
        tell("job.changed", job);
    }
}

void MockService::stepJob(QJsonObject &job)
{
    const QString stage = job["stage"].toString();
    QJsonObject progress = job["progress"].toObject();
    const auto next = [&job](const char *to) { job["stage"] = to; };
    const int ticks = job["ticks"].toInt() + 1;
    job["ticks"] = ticks;
    if (job["kind"].toString() == "print") {
        if (stage == "queued") {
            progress = {{"bytes", 0}, {"totalBytes", 7'340'032}, {"pages", 0}, {"totalPages", 0}};
            next("fetch");
        } else if (stage == "fetch") {
            progress["bytes"] = std::min(progress["bytes"].toDouble() + 524'288, progress["totalBytes"].toDouble());
            if (progress["bytes"] == progress["totalBytes"])
                next("send");
        } else if (stage == "send") {
            progress["totalPages"] = 12;
            next("print");
        } else if (stage == "print" && ticks % 5 == 0) {
            progress["pages"] = progress["pages"].toInt() + 1;
            if (progress["pages"] == progress["totalPages"]) {
                next("done");
                job["state"] = "completed";
                job["endedAt"] = inTime(0);
            }
        }
        job["progress"] = progress;
        return;
    }
    if (stage == "queued") {
        next("scan");
        job["ticks"] = 0;
    } else if (stage == "scan" && ticks >= 15) {
        progress["pages"] = progress["pages"].toInt() + 1;
        job["ticks"] = 0;
        if (is("scan-jam") && progress["pages"].toInt() == 2) {
            job["state"] = "processing-stopped";
            job["awaiting"] = "decision";
            job["awaitingError"] = QJsonObject{{"code", "feeder-jammed"}};
        } else if (job["many"].toBool() && job["glass"].toBool()) {
            job["state"] = "processing-stopped";
            job["awaiting"] = "next-page";
        } else if (!job["many"].toBool() || progress["pages"].toInt() == 4) {
            next("assemble");
        }
    } else if (stage == "assemble") {
        progress["bytes"] = 0;
        progress["totalBytes"] = 912'400;
        next("deliver");
    } else if (stage == "deliver") {
        if (is("storage-full")) {
            job["state"] = "aborted";
            job["error"] = QJsonObject{{"code", "storage-full"}};
            job["endedAt"] = inTime(0);
        }
        progress["bytes"] = std::min(progress["bytes"].toDouble() + 131'072, 912'400.0);
        if (progress["bytes"] == progress["totalBytes"]) {
            next("done");
            job["state"] = "completed";
            job["resultName"] = job["name"].toString() + ".pdf";
            job["endedAt"] = inTime(0);
        }
    }
    job["progress"] = progress;
}

int MockService::jobRow(const QString &id) const
{
    for (int i = 0; i < m_jobs.size(); ++i) {
        if (m_jobs[i].toObject()["id"].toString() == id)
            return i;
    }
    return -1;
}

} // namespace connector::ui
