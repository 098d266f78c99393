// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"

#include "api/params.h"
#include "api/to_json.h"
#include "core/encoding.h"
#include "core/log.h"
#include "profiles/mail_domain.h"
#include "version.h"

namespace connector {

namespace {

constexpr int kApiVersion = 1;
constexpr std::chrono::seconds kPatience{60}; // for a cloud that answers slowly

// What a face calls itself, as far as it is a name: it ends up in logs.
std::string faceName(const std::string &said)
{
    std::string name;
    for (const char c : toLowerAscii(said).substr(0, 20))
        name += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
    return name.empty() ? "unnamed" : name;
}

std::string idText(const nlohmann::json &id)
{
    return dumpLine(id);
}

} // namespace

Api::Api(ApiRooms rooms) : m_rooms(std::move(rooms)), m_events(toUnix(systemNow()) * 1000)
{
    addMethods();
    addSessionMethods();
    addPeopleMethods();
    addAdminMethods();
    addAuditMethods();
    addProfileMethods();
    addInstructionMethods();
    addFileMethods();
    addDeviceMethods();
    addJobMethods();
    addShortcutMethods();

    Profiles::Events profiles;
    profiles.changed = [this](const Profile &p) {
        if (p.state != ProfileState::Ready) // what is no longer usable is no longer open anywhere
            for (const Connection &c : m_connections)
                c->shut(p.id);
        tell("profile.changed", p.owner, toApiJson(p));
        if (auto shortcuts = m_rooms.shortcuts.ofProfile(p.id))
            for (const Shortcut &shortcut : *shortcuts) // they show its name and state
                tell("shortcut.changed", p.owner, shown(nullptr, shortcut));
    };
    profiles.pinRenewed = [this](const std::string &id) {
        for (const Connection &c : m_connections)
            if (!c->m_authorizations.contains(id)) { // else it chose the new one
                c->shut(id);
                c->m_proven.erase(id);
                c->m_takenOver.erase(id);
            }
        ++m_renewedPins[id]; // an opening with the old one may be under way
    };
    profiles.removed = [this](const std::string &id, const std::string &owner) {
        m_rooms.jobs.cancelOf(id);
        m_rooms.shortcuts.removeOf(id);
        m_renewedPins.erase(id);
        tell("profile.removed", owner, {{"id", id}});
        m_rooms.audit.record(m_acting, "profile.deleted", id, "ok", {{"owner", owner}});
    };
    profiles.authorization = [this](const Authorization &a, const std::string &owner) {
        if (a.state == AuthorizationState::Granted)
            m_rooms.audit.record(m_acting, "profile.linked", a.profileId, "ok", {{"owner", owner}});
        else if (a.state == AuthorizationState::Denied)
            m_rooms.audit.record(m_acting, "profile.linked", a.profileId, a.error ? stableCode(*a.error) : "denied",
                                 {{"owner", owner}});
        tell("authorization.changed", owner, toApiJson(a));
    };
    m_rooms.profiles.setEvents(std::move(profiles));

    Shortcuts::Events shortcuts;
    shortcuts.changed = [this](const Shortcut &s) { tell("shortcut.changed", s.owner, shown(nullptr, s)); };
    shortcuts.removed = [this](const Shortcut &s) { tell("shortcut.removed", s.owner, {{"id", s.id}}); };
    m_rooms.shortcuts.setEvents(std::move(shortcuts));

    Jobs::Events jobs;
    jobs.changed = [this](const Job &job) {
        tell("job.changed", job.owner, toApiJson(job));
        if (isOver(job.state))
            auditEnd(job);
    };
    jobs.removed = [this](const std::string &id, const std::string &owner) {
        m_endsTold.erase(id);
        tell("job.removed", owner, {{"id", id}});
    };
    m_rooms.jobs.setEvents(std::move(jobs));

    DeviceWatch::Events devices;
    devices.printerChanged = [this](const PrinterStatus &s) { tell("printer.changed", "", toApiJson(s)); };
    devices.scannerChanged = [this](const ScannerStatus &s) { tell("scanner.changed", "", toApiJson(s)); };
    m_rooms.devices.setEvents(std::move(devices));
}

Api::~Api()
{
    *m_alive = false;
    m_rooms.profiles.setEvents({});
    m_rooms.shortcuts.setEvents({});
    m_rooms.jobs.setEvents({});
    m_rooms.devices.setEvents({});
}

std::vector<std::string> Api::methods() const
{
    std::vector<std::string> names;
    for (const auto &[name, handler] : m_methods)
        names.push_back(name);
    return names;
}

void Api::connected(const Connection &connection)
{
    m_rooms.actor.post([this, alive = m_alive, connection](std::stop_token) {
        if (*alive)
            m_connections.insert(connection);
    });
}

void Api::receive(const Connection &connection, std::string line)
{
    connection->m_waiting += line.size();
    m_rooms.actor.post([this, alive = m_alive, connection, line = std::move(line)](std::stop_token stop) {
        connection->m_waiting -= line.size();
        if (!*alive || connection->m_closed || stop.stop_requested())
            return;
        const auto parsed = parseRequest(line);
        if (const auto *refused = std::get_if<std::string>(&parsed))
            return connection->m_send(*refused);
        dispatch(connection, std::get<ApiRequest>(parsed));
    });
}

void Api::closed(const Connection &connection)
{
    m_rooms.actor.post([this, alive = m_alive, connection](std::stop_token) {
        if (!*alive)
            return;
        if (connection->m_session)
            m_rooms.audit.record(actorOf(connection), "session.ended", connection->m_session->person, "closed");
        connection->m_closed = true;
        connection->forget();
        for (auto &[id, stop] : connection->m_slow)
            stop.request_stop();
        m_connections.erase(connection);
        leaveAuthorizations(connection);
    });
}

// Its codes are no longer on its screen.
void Api::leaveAuthorizations(const Connection &connection)
{
    for (const std::string &id : std::exchange(connection->m_authorizations, {})) {
        const bool elsewhere = std::any_of(m_connections.begin(), m_connections.end(), [&](const Connection &other) {
            return other->m_authorizations.contains(id);
        });
        if (!elsewhere)
            m_rooms.profiles.pauseAuthorization(id);
    }
}

void Api::dispatch(const Connection &connection, const ApiRequest &request)
{
    if (request.method == "$/cancel") {
        if (const auto it = connection->m_slow.find(idText(request.params.value("id", Json())));
            it != connection->m_slow.end())
            it->second.request_stop();
        return;
    }
    const MethodAccess access = accessOf(request.method);
    // The answer may come from any thread, and late: it goes through the actor, to a connection that may be closed, or
    // somebody else's by now.
    Responder respond = [this, alive = m_alive, weak = std::weak_ptr(connection), id = request.id,
                         session = connection->m_sessions, changes = access.changesSession, request,
                         audited = access.audited, who = actorOf(connection)](ApiReply reply) {
        const auto deliver = [this, weak, id, session, changes, request, audited, who](ApiReply r) {
            if (!audited.empty())
                audit(who, request, audited, r);
            const auto face = weak.lock();
            if (!face || face->m_closed)
                return;
            face->m_slow.erase(idText(id));
            if (face->m_sessions != session && !changes)
                r = ApiError{Error{Errc::Cancelled, "the session has ended", "api"}};
            if (!id.is_null())
                face->m_send(replyLine(id, r));
        };
        if (m_rooms.actor.isCurrent())
            return deliver(reply);
        m_rooms.actor.post([alive, deliver, reply = std::move(reply)](std::stop_token) {
            if (*alive)
                deliver(reply);
        });
    };
    const auto method = m_methods.find(request.method);
    if (method == m_methods.end())
        return respond(ApiError{Error{Errc::InvalidArgument, "no such method", "api", {}, 0, {}, "no-such-method"}});
    if (access.presence)
        connection->m_lastSign = m_rooms.steady();
    if (auto refused = refusal(connection, access.access))
        return respond(ApiError{*std::move(refused)});
    m_acting = actorOf(connection);
    try {
        method->second({connection, request.id, request.params, respond});
    } catch (const Json::exception &) { // a parameter of a kind that the method did not expect
        respond(ApiError{params::bad("params", "not as the method takes them")});
    }
    m_acting = {};
}

void Api::tell(std::string type, std::string owner, Json data)
{
    const ApiEvent event = m_events.add(std::move(type), std::move(owner), std::move(data));
    for (const Connection &connection : std::set(m_connections))
        if (connection->m_subscribed)
            send(connection, event);
}

void Api::addMethods()
{
    m_methods["system.hello"] = [this](const Asked &asked) {
        std::string face = faceName(asked.params.value("client", std::string("unnamed")));
        // From afar nobody passes for the panel.
        if (asked.connection->m_whence == Whence::Network && face != "web")
            face = "web-" + face;
        asked.connection->m_face = std::move(face);
        log::debug("api", "a face said hello: " + asked.connection->m_face);
        asked.respond(Json{{"version", kVersion},
                           {"api", kApiVersion},
                           {"device", {{"name", m_rooms.device.name}, {"place", m_rooms.device.place}}},
                           {"time", formatRfc3339(m_rooms.now())},
                           {"sequence", m_events.last()}});
    };
    m_methods["system.status"] = [this](const Asked &asked) {
        asked.respond(Json{{"printer", toApiJson(m_rooms.devices.printer())},
                           {"scanner", toApiJson(m_rooms.devices.scanner())},
                           {"portal", {{"address", m_rooms.portalUrl}}},
                           {"mail", m_rooms.mailer != nullptr && m_rooms.mailer->complete()},
                           {"time", formatRfc3339(m_rooms.now())}});
    };
    m_methods["events.subscribe"] = [this](const Asked &asked) {
        const auto after = params::integer(asked.params, "after", m_events.last(), 0, INT64_MAX);
        if (!after)
            return asked.respond(ApiError{after.error()});
        const auto missed = m_events.since(*after);
        asked.respond(Json{{"sequence", m_events.last()}, {"reset", !missed}});
        asked.connection->m_subscribed = true;
        if (missed)
            for (const ApiEvent &event : *missed)
                send(asked.connection, event);
    };
    m_methods["settings.get"] = [this](const Asked &asked) { asked.respond(settingsFor(asked.connection)); };
    m_methods["settings.set"] = [this](const Asked &asked) {
        // Whoever stands at the panel may change how it looks; the rest is the administrators'.
        const bool administrator = !refusal(asked.connection, Access::Administrator);
        const bool here = asked.connection->m_whence == Whence::Here;
        for (const auto &[name, value] : asked.params.items())
            if (!administrator && (!here || (name != "language" && name != "highContrast")))
                return asked.respond(ApiError{Error{Errc::PermissionDenied,
                                                    "only an administrator may change " + name,
                                                    "api",
                                                    {},
                                                    0,
                                                    {},
                                                    "not-allowed"}});
        if (auto r = changeSettings(asked.params); !r) {
            const std::string reason = r.error().nativeCode;
            return asked.respond(ApiError{r.error(), reason.empty() ? Json::object() : Json{{"reason", reason}}});
        }
        asked.respond(settingsFor(asked.connection));
        tell("settings.changed", "", settingsFor(nullptr));
        if (asked.params.contains("allowedDomains"))
            m_rooms.profiles.domainsChanged();
    };
}

// The mail server is the administrators' to know; its password is nobody's.
Api::Json Api::settingsFor(const Connection &connection)
{
    Json settings = m_rooms.settings.toJson();
    if (connection && !refusal(connection, Access::Administrator))
        settings["mail"]["hasPassword"] = m_rooms.mailer != nullptr && m_rooms.mailer->hasPassword();
    else
        settings.erase("mail");
    return settings;
}

Result<void> Api::changeSettings(Json fields)
{
    std::optional<std::string> password;
    if (const auto mail = fields.find("mail"); mail != fields.end() && mail->is_object()) {
        if (mail->contains("password")) {
            auto text = params::text(*mail, "password", "", 256);
            if (!text)
                return std::move(text).error();
            password = *std::move(text);
            mail->erase("password");
        }
    }
    // As DNS compares them, international ones too.
    if (const auto domains = fields.find("allowedDomains"); domains != fields.end() && domains->is_array())
        for (const Json &domain : *domains)
            if (domain.is_string() && !domain.get_ref<const std::string &>().empty() &&
                domain.get_ref<const std::string &>().find_first_of("/:*?\"<>|+") == std::string::npos &&
                normalizeDomain(domain.get_ref<const std::string &>()).empty())
                return Error{
                    Errc::InvalidArgument, "allowedDomains: domain names only", "settings", "domains-name", 0, {},
                    "setting-invalid"};
    if (auto r = m_rooms.settings.change(fields); !r)
        return r;
    return password && m_rooms.mailer != nullptr ? m_rooms.mailer->setPassword(*password) : Result<void>();
}

Result<Profile> Api::openProfile(const Asked &asked)
{
    auto id = params::text(asked.params, "profile");
    return id ? openProfile(asked, *id) : Result<Profile>(id.error());
}

Result<Profile> Api::openProfile(const Asked &asked, const std::string &id)
{
    auto profile = m_rooms.profiles.find(asked.connection->m_owner, id);
    if (!profile)
        return profile;
    if (profile->state == ProfileState::Revoked)
        return Error{Errc::Unauthenticated, "access was revoked", "profiles", {}, 0, {}, "access-revoked"};
    if (profile->state == ProfileState::DomainRefused)
        return Error{Errc::PermissionDenied, "the account's domain is not allowed", "profiles", {}, 0, {},
                     "domain-refused"};
    if (!asked.connection->m_opened.contains(id))
        return Error{Errc::PermissionDenied,
                     "the profile is not open on this connection",
                     "api",
                     {},
                     0,
                     {},
                     profile->hasPin ? "pin-required" : "profile-not-open"};
    return profile;
}

Result<void> Api::provenProfile(const Asked &asked, const std::string &id)
{
    auto profile = m_rooms.profiles.find(asked.connection->m_owner, id);
    if (!profile)
        return std::move(profile).error();
    if (profile->hasPin && !asked.connection->m_opened.contains(id) && !asked.connection->m_proven.contains(id))
        return Error{Errc::PermissionDenied, "the profile is not open on this connection", "api", {}, 0, {},
                     "pin-required"};
    return {};
}

void Api::askCloud(const Asked &asked, CloudWork work)
{
    auto profile = openProfile(asked);
    if (!profile)
        return asked.respond(ApiError{profile.error()});
    auto &stop = asked.connection->m_slow[idText(asked.id)];
    stop = std::stop_source();
    // What comes is for whoever has the profile open: it may have been closed, or its domain refused, meanwhile.
    const auto respond = [this, alive = m_alive, asked, id = profile->id](ApiReply reply) {
        m_rooms.actor.post([this, alive, asked, id, reply = std::move(reply)](std::stop_token) {
            if (!*alive)
                return;
            const auto open = openProfile(asked, id);
            asked.respond(open || std::holds_alternative<ApiError>(reply) ? reply : ApiError{open.error()});
        });
    };
    m_rooms.workers.post([this, alive = m_alive, profileId = profile->id, owner = profile->owner, stop, respond,
                          work = std::move(work)](std::stop_token poolStop) mutable {
        const std::stop_callback onPoolStop(poolStop, [&stop] { stop.request_stop(); });
        Call call;
        call.stop = stop.get_token();
        auto cloud = m_rooms.profiles.links().provider(profileId);
        if (!cloud)
            return respond(ApiError{cloud.error()});
        // Whoever looks at this profile's files is told why they do not come.
        call.onWaiting = [&](const std::optional<Waiting> &waiting) {
            Json retryAt = nullptr;
            if (waiting)
                retryAt = formatRfc3339(m_rooms.now() +
                                        std::chrono::ceil<std::chrono::seconds>(waiting->until - Call::Clock::now()));
            m_rooms.actor.post(
                [this, alive, owner, profileId, retryAt, asked = waiting && waiting->asked](std::stop_token) {
                    if (*alive)
                        tell("profile.waiting", owner,
                             {{"id", profileId},
                              {"retryAt", retryAt},
                              {"reason", asked ? "rate-limited" : "network-waiting"}});
                });
        };
        auto result = work(**cloud, call.within(kPatience));
        if (!result) {
            if (result.error().code != Errc::Cancelled)
                log::info("api", "the cloud refused: " + describe(result.error()));
            return respond(ApiError{result.error()});
        }
        respond(*std::move(result));
    });
}

} // namespace connector
