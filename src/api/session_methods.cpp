// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"
#include "api/params.h"

#include <unistd.h>

namespace connector {

namespace {

constexpr std::chrono::milliseconds kLookAtSessions{500};

Error notAllowed(const char *stable, const char *why)
{
    Error error{Errc::PermissionDenied, why, "api"};
    error.stable = stable;
    return error;
}

} // namespace

std::optional<Error> Api::refusal(const Connection &connection, Access access) const
{
    const auto &session = connection->m_session;
    switch (access) {
    case Access::Anyone:
        return std::nullopt;
    case Access::Guest:
        if (!session && (connection->m_whence == Whence::Network || !m_rooms.settings.get().guests))
            return notAllowed("sign-in-required", "guests may not use this device");
        return std::nullopt;
    case Access::Person:
        if (!session || session->person.empty())
            return notAllowed("sign-in-required", "for people who are signed in");
        return std::nullopt;
    case Access::Administrator:
        if (!session || !session->administrator)
            return notAllowed("not-allowed", "for administrators only");
        return std::nullopt;
    }
    return notAllowed("not-allowed", "unknown access");
}

nlohmann::json Api::sessionJson(const Connection &connection) const
{
    const auto &session = connection->m_session;
    const Settings &settings = m_rooms.settings.get();
    Json roles = Json::array();
    if (!session || !session->person.empty())
        roles.push_back("person");
    if (session && session->administrator)
        roles.push_back("administrator");
    return {{"kind", !session                  ? "guest"
                     : session->person.empty() ? "machine"
                                               : "person"},
            {"id", session && !session->person.empty() ? Json(session->person) : Json(nullptr)},
            {"name", session ? session->name : "Guest"},
            {"roles", roles},
            {"timeout", settings.sessionTimeout.count()},
            {"signIn", {{"methods", settings.signInMethods}, {"guests", settings.guests}}}};
}

void Api::become(const Connection &connection, std::optional<ApiSession> session)
{
    for (auto &[id, stop] : connection->m_slow)
        stop.request_stop();
    connection->forget();
    leaveAuthorizations(connection);
    ++connection->m_epoch;
    ++connection->m_sessions;
    connection->m_owner = !session ? "guest" : session->person.empty() ? "machine" : "person:" + session->person;
    connection->m_session = std::move(session);
    connection->m_lastSign = m_rooms.steady();
    if (connection->m_session)
        watchSessions();
}

void Api::endSession(const Connection &connection, const std::string &reason)
{
    m_rooms.audit.record(actorOf(connection), "session.ended", connection->m_session->person, reason);
    become(connection, std::nullopt);
    // Its own sequence does not count: it is nobody else's, and a face that comes back is a guest.
    connection->m_send(
        notificationLine("event", {{"sequence", m_events.last()},
                                   {"type", "session.changed"},
                                   {"data", {{"session", sessionJson(connection)}, {"reason", reason}}}}));
}

void Api::endSessionsOf(const std::string &person, const std::string &reason, const Connection &except)
{
    for (const Connection &connection : std::set(m_connections))
        if (connection != except && connection->m_session && connection->m_session->person == person)
            endSession(connection, reason);
}

// Looks while anybody is signed in.
void Api::watchSessions()
{
    if (std::exchange(m_watching, true))
        return;
    m_rooms.actor.postAfter(kLookAtSessions, [this, alive = m_alive](std::stop_token stop) {
        if (!*alive || stop.stop_requested())
            return;
        m_watching = false;
        bool some = false;
        for (const Connection &connection : std::set(m_connections)) {
            if (!connection->m_session || connection->m_whence == Whence::Network)
                continue;
            if (m_rooms.steady() - connection->m_lastSign >= m_rooms.settings.get().sessionTimeout)
                endSession(connection, "inactive");
            else
                some = true;
        }
        if (some)
            watchSessions();
    });
}

void Api::addSessionMethods()
{
    m_methods["session.get"] = [this](const Asked &asked) { asked.respond(sessionJson(asked.connection)); };
    m_methods["session.touch"] = [](const Asked &asked) { asked.respond(Json::object()); };
    m_methods["session.end"] = [this](const Asked &asked) {
        asked.connection->forget();
        leaveAuthorizations(asked.connection);
        ++asked.connection->m_epoch;
        asked.respond(Json::object());
    };
    m_methods["session.signOut"] = [this](const Asked &asked) {
        if (asked.connection->m_session)
            m_rooms.audit.record(actorOf(asked.connection), "session.ended", asked.connection->m_session->person);
        become(asked.connection, std::nullopt);
        asked.respond(sessionJson(asked.connection));
    };
    m_methods["session.signIn"] = [this](const Asked &asked) {
        Claim request;
        const std::pair<const char *, std::string *> words[] = {{"method", &request.method},
                                                                {"person", &request.person},
                                                                {"name", &request.name},
                                                                {"secret", &request.secret}};
        for (const auto &[name, word] : words) {
            auto value = params::text(asked.params, name,
                                      word == &request.method ? std::nullopt : std::optional<std::string>(""), 1024);
            if (!value)
                return asked.respond(ApiError{value.error()});
            *word = *std::move(value);
        }
        if (request.method == "machine") {
            const auto peer = asked.connection->m_peer;
            if (!peer || (*peer != 0 && *peer != ::geteuid())) {
                m_rooms.audit.record(actorOf(asked.connection), "session.began", "", "not-allowed",
                                     {{"method", request.method}});
                return asked.respond(ApiError{
                    notAllowed("not-allowed", "for root and the service's own user, over the service's socket")});
            }
            become(asked.connection, ApiSession{"", *peer == 0 ? "root" : "service", true});
            m_rooms.audit.record(actorOf(asked.connection), "session.began", "", "ok", {{"method", request.method}});
            return asked.respond(sessionJson(asked.connection));
        }
        if (request.method != "list" && request.method != "password" && request.method != "pin" &&
            request.method != "card")
            return asked.respond(ApiError{params::bad("method", "list, password, pin or card")});
        request.network = asked.connection->m_whence == Whence::Network;
        // A tap on the list, a few digits or a card are proof of somebody who stands there.
        if (request.network && request.method != "password")
            return asked.respond(ApiError{notAllowed("sign-in-method-off", "over the network by password only")});
        auto &stop = asked.connection->m_slow[dumpLine(asked.id)];
        stop = std::stop_source();
        m_rooms.people.signIn(
            request, stop.get_token(),
            [this, asked, session = asked.connection->m_sessions, method = request.method,
             claimed = m_rooms.people.idOf(request), who = actorOf(asked.connection)](Result<SignedIn> known) {
                if (!known) // also of those who do not wait for the answer
                    m_rooms.audit.record(who, "session.began", claimed, stableCode(known.error()),
                                         {{"method", method}});
                if (asked.connection->m_closed)
                    return;
                if (asked.connection->m_sessions != session)
                    return asked.respond(ApiError{Error{Errc::Cancelled, "the session has ended", "api"}});
                if (!known)
                    return asked.respond(ApiError{known.error()});
                const Person &person = known->person;
                become(asked.connection, ApiSession{person.id, person.name, known->administrator});
                m_rooms.audit.record(actorOf(asked.connection), "session.began", person.id, "ok", {{"method", method}});
                asked.respond(sessionJson(asked.connection));
            });
    };
}

} // namespace connector
