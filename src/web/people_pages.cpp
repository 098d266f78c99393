// SPDX-License-Identifier: Apache-2.0
#include "web/page.h"

namespace connector::web {

namespace {

using Json = nlohmann::json;

constexpr const char *kSecrets[] = {"password", "pin", "card"};

std::string has(const char *secret)
{
    std::string key = secret;
    key[0] = static_cast<char>(key[0] - 'a' + 'A');
    return "has" + key;
}

std::string secretsOf(const Page &page, const Json &person)
{
    if (person.value("source", "") == "directory")
        return page.text("secret.directory");
    std::string out;
    const auto add = [&](const char *key) { out += (out.empty() ? "" : ", ") + page.text(key); };
    for (const char *secret : kSecrets)
        if (person.value(has(secret), false))
            add(("secret." + std::string(secret)).c_str());
    if (person.value("open", false))
        add("secret.open");
    return out.empty() ? page.text("secret.none") : out;
}

// The person of that id; null, with the page answered, where there is none.
Json find(Page &page, const std::string &id)
{
    const auto people = page.visit.call("people.list");
    if (!people.ok()) {
        page.notice("not-found", Page::statusOf(people));
        return nullptr;
    }
    for (const Json &person : people.result.value("people", Json::array()))
        if (person.value("id", "") == id)
            return person;
    page.notice("not-found", 404);
    return nullptr;
}

// The form, for a new person where `person` is null; what was typed before stays.
void showForm(Page &page, const Json &person, int status)
{
    const bool fresh = person.is_null();
    page.values["heading"] = fresh ? page.text("person.add") : person.value("name", "");
    page.values["title"] = page.values["heading"];
    page.values["action"] = fresh ? "/people/add" : "/people/" + person.value("id", "");
    page.values["save"] = page.text(fresh ? "people.add" : "save");
    if (!fresh) {
        page.values["id"] = person.value("id", "");
        page.values.emplace("name", person.value("name", ""));
        page.values.emplace("isAdministrator", person.value("role", "") == "administrator" ? "1" : "");
        page.values["directory"] = person.value("source", "") == "directory" ? "1" : "";
        for (const char *secret : kSecrets)
            page.values[has(secret)] = person.value(has(secret), false) ? "1" : "";
    }
    page.at("people");
    page.show("person", status);
}

// Says next to its field why something was refused.
void explain(Page &page, const WebFace::Answer &answer)
{
    const std::string code = answer.code();
    for (const char *field : {"name", "password", "pin", "card"}) {
        if (code.starts_with(std::string(field) + "-")) {
            page.values[std::string(field) + ".problem"] = page.words(answer);
            return;
        }
    }
    if (code == "last-administrator")
        page.values["role.problem"] = page.words(answer);
    else
        page.problem(answer);
}

void save(Page &page, const Json &person)
{
    const bool fresh = person.is_null();
    const bool ours = fresh || person.value("source", "") != "directory";
    Json wanted = Json::object();
    if (ours) {
        wanted["name"] = page.values["name"] = page.visit.param("name");
        const bool administrator = page.visit.param("role") == "administrator";
        wanted["role"] = administrator ? "administrator" : "person";
        page.values["isAdministrator"] = administrator ? "1" : "";
    }
    for (const char *secret : kSecrets) {
        const std::string typed = page.visit.param(secret);
        if (!typed.empty())
            wanted[secret] = typed;
        else if (page.visit.param(("no-" + std::string(secret)).c_str()) == "yes")
            wanted[secret] = nullptr;
    }
    if (!fresh)
        wanted["id"] = person.value("id", "");
    const auto answer = page.visit.call(fresh ? "people.add" : "people.update", wanted);
    if (!answer.ok()) {
        explain(page, answer);
        return showForm(page, person, Page::statusOf(answer));
    }
    const std::string id = answer.result.value("person", Json::object()).value("id", "");
    page.visit.go("/people?done=" + std::string(fresh ? "added" : "changed") + "&id=" + id);
}

} // namespace

void showPeople(Page &page)
{
    const auto people = page.visit.call("people.list");
    if (!people.ok())
        page.problem(people);
    const std::string done = page.visit.param("done");
    const std::string whom = page.visit.param("id");
    std::string rows;
    for (const Json &person : people.ok() ? people.result.value("people", Json::array()) : Json::array()) {
        const std::string name = person.value("name", "");
        const std::string last = Page::when(person.value("lastSignedInAt", Json()));
        rows += page.part("people-row", {{"id", person.value("id", "")},
                                         {"name", name},
                                         {"role", page.text("role." + person.value("role", ""))},
                                         {"directory", person.value("source", "") == "directory" ? "1" : ""},
                                         {"secrets", secretsOf(page, person)},
                                         {"last", last.empty() ? page.text("people.never") : last}});
        if ((done == "added" || done == "changed") && person.value("id", "") == whom)
            page.values["done"] = page.text("people." + done, {{"name", name}});
    }
    if (done == "removed")
        page.values["done"] = page.text("people.removed");
    page.values["rows"] = rows;
    page.at("people");
    page.show("people", Page::statusOf(people));
}

void onePerson(Page &page, const std::string &rest)
{
    const bool post = page.visit.isPost();
    if (rest == "add")
        return post ? save(page, nullptr) : showForm(page, nullptr, 200);
    const auto slash = rest.find('/');
    const Json person = find(page, rest.substr(0, slash));
    if (person.is_null())
        return;
    if (slash == std::string::npos)
        return post ? save(page, person) : showForm(page, person, 200);
    if (rest.substr(slash) != "/remove")
        return page.notice("not-found", 404);
    const std::string id = person.value("id", "");
    if (post) {
        const auto answer = page.visit.call("people.remove", {{"id", id}});
        if (answer.ok())
            return page.visit.go("/people?done=removed");
        page.problem(answer);
    }
    page.values["id"] = id;
    page.values["name"] = person.value("name", "");
    page.values["title"] = page.text("remove.title");
    page.at("people");
    page.show("person-remove", post ? 422 : 200);
}

} // namespace connector::web
