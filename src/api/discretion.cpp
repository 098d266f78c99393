// SPDX-License-Identifier: Apache-2.0
// What a connection is told of its owner's things. Guests share theirs: what lies behind a PIN is told only where the
// PIN was given, and a code only where it is on the screen.
#include "api/api.h"
#include "api/to_json.h"

namespace connector {

bool Api::behindPin(const Connection &connection, const std::string &profile)
{
    if (connection->m_owner != "guest" || connection->m_opened.contains(profile) ||
        connection->m_proven.contains(profile))
        return false;
    const auto found = m_rooms.profiles.find(connection->m_owner, profile);
    return !found || found->hasPin; // of one that is gone nobody knows any more
}

Api::Json Api::discreetJob(const Connection &connection, Json job)
{
    const auto profile = job.at("profile").get<std::string>();
    if (!connection->began(job.at("id").get<std::string>(), profile) && behindPin(connection, profile))
        for (const char *name : {"name", "folderName", "resultName"})
            job[name] = nullptr;
    return job;
}

Api::Json Api::discreetProfile(const Connection &connection, Json profile)
{
    if (profile.at("hasPin") == true && behindPin(connection, profile.at("id").get<std::string>())) {
        profile["account"] = profile["accountName"] = nullptr;
        profile["accountVerified"] = false;
    }
    return profile;
}

// docs/decisions/guests-and-each-others-jobs.md
Result<Job> Api::jobToActOn(const Asked &asked, const std::string &id)
{
    auto job = m_rooms.jobs.find(asked.connection->m_owner, id);
    if (!job || asked.connection->m_owner != "guest" || asked.connection->began(id, job->profile))
        return job;
    auto proven = provenProfile(asked, job->profile);
    if (!proven && proven.error().stable != "profile-gone") // of one that is gone nobody has the PIN any more
        return std::move(proven).error();
    return job;
}

void Api::takeOverJobs(const Connection &connection, const std::string &profile)
{
    for (const Job &job : m_rooms.jobs.list(connection->m_owner, false))
        if (job.profile == profile)
            connection->m_takenOver[profile].insert(job.id);
}

int Api::timesRenewed(const std::string &profile) const
{
    const auto renewed = m_renewedPins.find(profile);
    return renewed == m_renewedPins.end() ? 0 : renewed->second;
}

ApiReply Api::begunHere(const Connection &connection, const Result<Job> &job)
{
    if (!job)
        return ApiError{job.error()};
    connection->m_begun.insert(job->id);
    return Json{{"job", toApiJson(*job)}};
}

void Api::takeOverCode(const Connection &connection, const std::string &profile)
{
    Authorization over;
    over.profileId = profile;
    over.state = AuthorizationState::Cancelled;
    for (const Connection &other : std::set(m_connections)) {
        other->m_codes.erase(profile);
        if (other != connection && other->m_authorizations.erase(profile) > 0 && other->m_subscribed)
            other->m_send(notificationLine(
                "event",
                {{"sequence", m_events.last()}, {"type", "authorization.changed"}, {"data", toApiJson(over)}}));
    }
    connection->m_authorizations.insert(profile);
    connection->m_codes.insert(profile);
}

void Api::send(const Connection &connection, const ApiEvent &event)
{
    if (!event.owner.empty() && event.owner != connection->m_owner)
        return;
    Json data = event.data;
    if (event.type == "job.changed")
        data = discreetJob(connection, std::move(data));
    else if (event.type == "profile.changed")
        data = discreetProfile(connection, std::move(data));
    else if (event.type == "authorization.changed" &&
             !connection->m_authorizations.contains(data.at("profileId").get<std::string>()))
        return;
    connection->m_send(
        notificationLine("event", {{"sequence", event.sequence}, {"type", event.type}, {"data", std::move(data)}}));
}

} // namespace connector
