// SPDX-License-Identifier: Apache-2.0
// What the audit log is told, and what it tells.
#include "api/api.h"
#include "api/params.h"

namespace connector {

namespace {

using Json = nlohmann::json;

// The id of what a method made or touched.
std::string subjectOf(const std::string &method, const Json &params, const Json &result)
{
    for (const char *kind : {"person", "profile", "shortcut", "job"})
        if (const auto it = result.find(kind); it != result.end() && it->is_object() && it->contains("id"))
            return it->at("id").get<std::string>();
    const auto id = params.find(method == "files.createFolder" ? "profile" : "id"); // a folder's own is its cloud's
    // An id that is not ours may be any text.
    return id != params.end() && id->is_string() && id->get_ref<const std::string &>().size() == 36
               ? id->get<std::string>()
               : std::string();
}

// Facts that are no contents: which cloud, what kind of job, which fields were changed.
Json factsOf(const std::string &method, const Json &params, const Json &result, const Json &settings)
{
    Json facts = Json::object();
    if (const auto profile = result.find("profile"); profile != result.end() && profile->is_object())
        facts["provider"] = profile->value("provider", "");
    if (const auto job = result.find("job"); job != result.end() && job->is_object()) {
        facts["kind"] = job->value("kind", "");
        facts["provider"] = job->value("provider", "");
        facts["profile"] = job->value("profile", "");
    }
    Json fields = Json::array();
    if (method == "settings.set") {
        for (const auto &[name, value] : params.items())
            if (settings.contains(name))
                fields.push_back(name);
    } else if (method == "people.add" || method == "people.update") {
        for (const char *name : {"name", "role", "password", "pin", "card", "open"})
            if (params.contains(name))
                fields.push_back(name);
    }
    if (method == "jobs.continue") // a discard takes pages away
        for (const char *action : {"next-page", "finish", "retry", "discard"})
            if (const auto given = params.find("action"); given != params.end() && *given == action)
                facts["action"] = action;
    if (method == "profiles.sendInstructions" && result.value("again", false))
        facts["again"] = true; // no second mail
    if (!fields.empty())
        facts["fields"] = fields;
    return facts;
}

} // namespace

Actor Api::actorOf(const Connection &connection) const
{
    const auto &session = connection->m_session;
    return {connection->m_owner, session ? session->name : "Guest", connection->m_face};
}

void Api::audit(const Actor &who, const ApiRequest &request, std::string_view what, const ApiReply &reply)
{
    const auto *result = std::get_if<Json>(&reply);
    const Json nothing = Json::object();
    const Json &answer = result != nullptr ? *result : nothing;
    // The id of nothing says nothing, and may be any text.
    const bool there = result != nullptr || std::get<ApiError>(reply).error.code != Errc::NotFound;
    m_rooms.audit.record(who, std::string(what),
                         there ? subjectOf(request.method, request.params, answer) : std::string(),
                         result != nullptr ? "ok" : stableCode(std::get<ApiError>(reply).error),
                         factsOf(request.method, request.params, answer, m_rooms.settings.toJson()));
}

void Api::auditEnd(const Job &job)
{
    // Once for each job, and not again for those that had ended before the service started.
    constexpr std::chrono::minutes kJustNow{1};
    if (!job.endedAt || m_rooms.now() - *job.endedAt > kJustNow || !m_endsTold.insert(job.id).second)
        return;
    std::string outcome(toString(job.state));
    if (job.state == JobState::Completed)
        outcome = "ok";
    else if (job.error)
        outcome = job.error->code;
    m_rooms.audit.record({job.owner, "", "service"}, "job.ended", job.id, outcome,
                         {{"kind", job.kind == JobKind::Print ? "print" : "scan"},
                          {"provider", job.provider},
                          {"profile", job.profile},
                          {"pages", job.pages}});
}

void Api::addAuditMethods()
{
    m_methods["audit.list"] = [this](const Asked &asked) {
        auto before = params::integer(asked.params, "before", INT64_MAX, 1, INT64_MAX);
        auto limit = params::integer(asked.params, "limit", 50, 1, 500);
        auto what = params::text(asked.params, "what", "", 64);
        if (!before || !limit)
            return asked.respond(ApiError{(!before ? before : limit).error()});
        if (!what)
            return asked.respond(ApiError{what.error()});
        auto rows = m_rooms.audit.list(*before, *limit, *what);
        if (!rows)
            return asked.respond(ApiError{rows.error()});
        Json entries = Json::array();
        for (const AuditRow &row : *rows)
            entries.push_back({{"number", row.number},
                               {"at", formatRfc3339(row.at)},
                               {"what", row.what},
                               {"who", row.who},
                               {"whoName", row.whoName},
                               {"face", row.face},
                               {"subject", row.subject},
                               {"outcome", row.outcome},
                               {"facts", Json::parse(row.detail, nullptr, false)}});
        const bool more = static_cast<std::int64_t>(rows->size()) == *limit;
        asked.respond(Json{{"entries", entries}, {"next", more ? Json(rows->back().number) : Json(nullptr)}});
    };
}

} // namespace connector
