// SPDX-License-Identifier: Apache-2.0
// What the first start and the administrators' pages ask for.
#include "api/api.h"
#include "api/params.h"
#include "api/to_json.h"
#include "core/random.h"

#include <sodium.h>

#include <unistd.h>

namespace connector {

namespace {

// RFC 8628's letters; ten of them (43 bits) cannot be guessed over a network in the days until a device is set up.
constexpr std::string_view kLetters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t kCodeLength = 10;

std::string makeCode()
{
    std::string code;
    for (std::size_t i = 0; i < kCodeLength; ++i)
        code += kLetters[randomBelow(static_cast<std::uint32_t>(kLetters.size()))];
    return code;
}

// As it was made, however it was typed.
std::string normalized(const std::string &typed)
{
    std::string code;
    for (const char c : typed) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        if (kLetters.find(upper) != std::string_view::npos)
            code += upper;
    }
    return code;
}

Error refused(Errc code, const char *why, const char *stable)
{
    Error error{code, why, "setup"};
    error.stable = stable;
    return error;
}

} // namespace

void Api::setWebDoor(int port, std::string fingerprint)
{
    m_rooms.actor.ask([&] {
        m_webPort = port;
        m_webFingerprint = std::move(fingerprint);
    });
}

void Api::addAdminMethods()
{
    m_methods["setup.get"] = [this](const Asked &asked) {
        const auto there = m_rooms.people.hasAdministrator();
        if (!there)
            return asked.respond(ApiError{there.error()});
        Json answer{{"needed", !*there}};
        // Who may open the service's socket is at the device; a browser may be anywhere.
        const auto peer = asked.connection->m_peer;
        if (peer)
            answer["web"] =
                m_webPort == 0 ? Json(nullptr) : Json{{"port", m_webPort}, {"fingerprint", m_webFingerprint}};
        // The code makes an administrator: it is for those who are one anyway, and for the panel, which shows it to
        // whoever stands there before the device is set up; not for every program that may use the socket.
        if (!*there && peer && (*peer == 0 || *peer == ::geteuid() || peer == m_rooms.panelUser)) {
            if (m_setupCode.empty())
                m_setupCode = makeCode();
            answer["code"] = m_setupCode.substr(0, kCodeLength / 2) + "-" + m_setupCode.substr(kCodeLength / 2);
        }
        asked.respond(answer);
    };
    m_methods["setup.finish"] = [this](const Asked &asked) {
        auto code = params::text(asked.params, "code", std::nullopt, 64);
        auto name = params::text(asked.params, "name", std::nullopt, 1024);
        auto password = params::text(asked.params, "password", std::nullopt, 1024);
        for (const auto *text : {&code, &name, &password})
            if (!*text)
                return asked.respond(ApiError{text->error()});
        const auto there = m_rooms.people.hasAdministrator();
        if (!there)
            return asked.respond(ApiError{there.error()});
        if (*there)
            return asked.respond(ApiError{refused(Errc::Conflict, "there is an administrator already", "setup-done")});
        // Nobody asked for a code yet: then none fits.
        const std::string typed = normalized(*code);
        if (m_setupCode.empty() || typed.size() != m_setupCode.size() ||
            sodium_memcmp(typed.data(), m_setupCode.data(), typed.size()) != 0)
            return asked.respond(ApiError{refused(Errc::PermissionDenied, "not the setup code", "setup-code-wrong")});
        if (std::exchange(m_settingUp, true))
            return asked.respond(ApiError{refused(Errc::Busy, "it is being set up", "busy")});
        PersonChange person;
        person.name = *name;
        person.password = *password;
        person.administrator = true;
        m_rooms.people.add(person, [this, asked](const Result<Person> &made) {
            m_settingUp = false;
            if (!made)
                return asked.respond(ApiError{made.error()});
            m_setupCode.clear();
            asked.respond(Json::object());
        });
    };

    m_methods["profiles.overview"] = [this](const Asked &asked) {
        auto profiles = m_rooms.profiles.all();
        auto people = m_rooms.people.list();
        if (!profiles || !people)
            return asked.respond(ApiError{!profiles ? profiles.error() : people.error()});
        Json list = Json::array();
        for (const Profile &p : *profiles) {
            Json shown = toApiJson(p);
            const auto owner = std::find_if(people->begin(), people->end(),
                                            [&](const Person &person) { return ownerOf(person) == p.owner; });
            shown["owner"] = owner == people->end() ? Json(nullptr) : Json{{"id", owner->id}, {"name", owner->name}};
            shown["guest"] = p.owner == "guest";
            list.push_back(std::move(shown));
        }
        asked.respond(Json{{"profiles", list}});
    };
    // Anybody's, and without its PIN: nothing is told of it.
    m_methods["profiles.remove"] = [this](const Asked &asked) {
        auto id = params::text(asked.params, "id");
        auto r = id ? m_rooms.profiles.removeAnybodys(*id) : Result<void>(id.error());
        asked.respond(r ? ApiReply(Json::object()) : ApiReply(ApiError{r.error()}));
    };
}

} // namespace connector
