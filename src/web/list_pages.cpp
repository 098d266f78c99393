// SPDX-License-Identifier: Apache-2.0
// Status, profiles and the audit log: what is only looked at.
#include "core/time.h"
#include "web/page.h"

#include <charconv>

namespace connector::web {

namespace {

using Json = nlohmann::json;

constexpr int kAuditPage = 50;

void showDevice(Page &page, const std::string &kind, const Json &status)
{
    const std::string state = status.value("state", "unreachable");
    PageValues &values = page.values;
    const std::string name = status.value("name", "");
    values[kind + ".name"] = name.empty() ? page.text("status.nameless") : name;
    values[kind + ".state"] = page.text(kind + "." + state);
    values[kind + ".mood"] = state == "idle"          ? "good"
                             : state == "unreachable" ? "bad"
                             : state == "stopped"     ? "warn"
                                                      : "work";
    std::string reasons;
    for (const Json &reason : status.value("reasons", Json::array())) {
        const std::string word = reason.is_string() ? reason.get<std::string>() : "";
        const std::string key = "reason." + word;
        reasons += "<li>" + escapeHtml(page.hasText(key) ? page.text(key) : word) + "</li>";
    }
    values[kind + ".reasons"] = reasons;
}

// The few words of an entry's facts that say something to people.
std::string factsOf(const Json &facts)
{
    std::string out;
    const auto add = [&](const Json &word) {
        if (word.is_string() && !word.get_ref<const std::string &>().empty())
            out += (out.empty() ? "" : ", ") + word.get<std::string>();
    };
    if (!facts.is_object())
        return out;
    for (const char *name : {"method", "kind", "action", "provider"})
        add(facts.value(name, Json()));
    for (const Json &field : facts.value("fields", Json::array()))
        add(field);
    if (const int times = facts.value("times", 1); times > 1)
        add("\u00D7 " + std::to_string(times));
    return out;
}

} // namespace

void showStatus(Page &page)
{
    const auto status = page.visit.call("system.status");
    if (!status.ok()) {
        page.problem(status);
    } else {
        showDevice(page, "printer", status.result.value("printer", Json::object()));
        showDevice(page, "scanner", status.result.value("scanner", Json::object()));
        page.values["portal"] = status.result.value("portal", Json::object()).value("address", "");
        page.values["time"] = Page::when(status.result.value("time", Json()));
    }
    page.values["live"] = "1";
    page.at("status");
    page.show("status", Page::statusOf(status));
}

void showProfiles(Page &page)
{
    const auto profiles = page.visit.call("profiles.overview");
    if (!profiles.ok())
        page.problem(profiles);
    std::string rows;
    for (const Json &p : profiles.ok() ? profiles.result.value("profiles", Json::array()) : Json::array()) {
        const std::string state = p.value("state", "");
        const Json owner = p.value("owner", Json());
        const Json email = p.value("account", Json());
        const Json account = email.is_string() ? email : p.value("accountName", Json());
        rows += page.part("profiles-row", {{"id", p.value("id", "")},
                                           {"name", p.value("name", "")},
                                           {"hasPin", p.value("hasPin", false) ? "1" : ""},
                                           {"owner", owner.is_object()         ? owner.value("name", "")
                                                     : p.value("guest", false) ? page.text("profiles.guest")
                                                                               : page.text("profiles.gone")},
                                           {"cloud", p.value("providerTitle", p.value("provider", ""))},
                                           {"account", account.is_string() ? account.get<std::string>() : "–"},
                                           {"state", page.text("profile." + state)},
                                           {"mood", state == "ready"     ? "good"
                                                    : state == "pending" ? ""
                                                                         : "warn"},
                                           {"used", Page::when(p.value("lastUsedAt", Json()))}});
    }
    page.values["rows"] = rows;
    if (page.visit.param("done") == "deleted")
        page.values["done"] = page.text("profiles.deleted");
    page.at("profiles");
    page.show("profiles", Page::statusOf(profiles));
}

void deleteProfile(Page &page, const std::string &rest)
{
    const auto slash = rest.find('/');
    if (slash == std::string::npos || rest.substr(slash) != "/delete")
        return page.notice("not-found", 404);
    const auto profiles = page.visit.call("profiles.overview");
    Json found;
    for (const Json &p : profiles.ok() ? profiles.result.value("profiles", Json::array()) : Json::array())
        if (p.value("id", "") == rest.substr(0, slash))
            found = p;
    if (found.is_null())
        return page.notice("not-found", 404);
    int status = 200;
    if (page.visit.isPost()) {
        const auto answer = page.visit.call("profiles.remove", {{"id", found.value("id", "")}});
        if (answer.ok())
            return page.visit.go("/profiles?done=deleted");
        page.problem(answer);
        status = Page::statusOf(answer);
    }
    page.values["id"] = found.value("id", "");
    page.values["name"] = found.value("name", "");
    page.values["title"] = page.text("profile.delete.title");
    page.at("profiles");
    page.show("profile-delete", status);
}

void showAudit(Page &page)
{
    Json wanted{{"limit", kAuditPage}};
    const std::string before = page.visit.param("before");
    std::int64_t number = 0;
    if (std::from_chars(before.data(), before.data() + before.size(), number).ec == std::errc() && number > 0) {
        wanted["before"] = number;
        page.values["newest"] = "1";
    }
    const auto audit = page.visit.call("audit.list", wanted);
    if (!audit.ok())
        page.problem(audit);
    std::string rows;
    for (const Json &e : audit.ok() ? audit.result.value("entries", Json::array()) : Json::array()) {
        const std::string outcome = e.value("outcome", "");
        const std::string what = e.value("what", "");
        const std::string face = e.value("face", "");
        const auto word = [&](const std::string &key, const std::string &otherwise) {
            return page.hasText(key) ? page.text(key) : otherwise;
        };
        const std::string who = e.value("who", "");
        const std::string name = e.value("whoName", "");
        rows += page.part("audit-row", {{"when", Page::when(e.value("at", Json()))},
                                        {"who", word("who." + who, name.empty() ? who : name)},
                                        {"what", word("did." + what, what)},
                                        {"facts", factsOf(e.value("facts", Json()))},
                                        {"face", word("face." + face, face)},
                                        {"outcome", word("outcome." + outcome, outcome)},
                                        {"mood", outcome == "ok" ? "good" : "warn"}});
    }
    page.values["rows"] = rows;
    if (const Json next = audit.ok() ? audit.result.value("next", Json()) : Json(); next.is_number_integer())
        page.values["older"] = std::to_string(next.get<std::int64_t>());
    page.at("audit");
    page.show("audit", Page::statusOf(audit));
}

} // namespace connector::web
