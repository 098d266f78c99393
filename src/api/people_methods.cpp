// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"
#include "api/params.h"
#include "api/to_json.h"

namespace connector {

namespace {

using Json = nlohmann::json;

Result<PersonChange> changeFrom(const Json &params)
{
    PersonChange change;
    const std::pair<const char *, std::optional<std::string> *> texts[] = {
        {"name", &change.name}, {"password", &change.password}, {"pin", &change.pin}, {"card", &change.card}};
    for (const auto &[name, field] : texts) {
        if (!params.contains(name))
            continue;
        auto value = params::text(params, name, "", 1024); // null takes a secret away
        if (!value)
            return std::move(value).error();
        *field = *std::move(value);
    }
    auto role = params::text(params, "role", "", 16);
    if (!role || (!role->empty() && *role != "person" && *role != "administrator"))
        return params::bad("role", "person or administrator");
    if (!role->empty())
        change.administrator = *role == "administrator";
    if (params.contains("open")) {
        auto open = params::boolean(params, "open", false);
        if (!open)
            return std::move(open).error();
        change.open = *open;
    }
    return change;
}

} // namespace

void Api::addPeopleMethods()
{
    m_methods["people.choices"] = [this](const Asked &asked) {
        Json list = Json::array();
        const auto &methods = m_rooms.settings.get().signInMethods;
        const bool here = asked.connection->m_whence == Whence::Here;
        if (here && std::find(methods.begin(), methods.end(), "list") != methods.end()) {
            auto people = m_rooms.people.list();
            if (!people)
                return asked.respond(ApiError{people.error()});
            for (const Person &p : *people)
                if (!p.directory && (p.open || p.hasPin || p.hasPassword))
                    list.push_back({{"id", p.id},
                                    {"name", p.name},
                                    {"secret", p.open     ? "none"
                                               : p.hasPin ? "pin"
                                                          : "password"}});
        }
        asked.respond(Json{{"people", list}});
    };
    m_methods["people.list"] = [this](const Asked &asked) {
        auto people = m_rooms.people.list();
        if (!people)
            return asked.respond(ApiError{people.error()});
        Json list = Json::array();
        for (const Person &p : *people)
            list.push_back(toApiJson(p));
        asked.respond(Json{{"people", list}});
    };
    const auto answer = [](const Asked &asked, const Result<Person> &person) {
        asked.respond(person ? ApiReply(Json{{"person", toApiJson(*person)}}) : ApiReply(ApiError{person.error()}));
    };
    m_methods["people.add"] = [this, answer](const Asked &asked) {
        auto change = changeFrom(asked.params);
        if (!change)
            return asked.respond(ApiError{change.error()});
        m_rooms.people.add(*change, [asked, answer](const Result<Person> &person) { answer(asked, person); });
    };
    m_methods["people.update"] = [this, answer](const Asked &asked) {
        auto id = params::text(asked.params, "id");
        auto change = changeFrom(asked.params);
        if (!id || !change)
            return asked.respond(ApiError{!id ? id.error() : change.error()});
        m_rooms.people.change(*id, *change, [this, asked, answer](const Result<Person> &person) {
            answer(asked, person);
            if (!person)
                return;
            // Whoever knew the old secret is sent out; the administrator who changed his own stays one who is one
            // still.
            const bool stays = person->administrator;
            endSessionsOf(person->id, "signed-out", stays ? asked.connection : nullptr);
            if (auto &session = asked.connection->m_session; session && session->person == person->id)
                session->name = person->name;
        });
    };
    m_methods["people.remove"] = [this](const Asked &asked) {
        auto id = params::text(asked.params, "id");
        if (!id)
            return asked.respond(ApiError{id.error()});
        auto person = m_rooms.people.mayRemove(*id);
        if (!person)
            return asked.respond(ApiError{person.error()});
        // The profiles first: without their person nobody could reach them to delete them.
        auto removed = m_rooms.profiles.removeAll(ownerOf(*person));
        if (removed)
            removed = m_rooms.people.remove(*id);
        asked.respond(removed ? ApiReply(Json::object()) : ApiReply(ApiError{removed.error()}));
        if (removed)
            endSessionsOf(*id, "removed", nullptr);
    };
}

} // namespace connector
