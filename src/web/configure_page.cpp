// SPDX-License-Identifier: Apache-2.0
#include "web/page.h"

#include <charconv>

namespace connector::web {

namespace {

using Json = nlohmann::json;

constexpr const char *kHere = "/applications/cloud-connector";

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const auto from = text.find_first_not_of(kSpace);
    return from == std::string_view::npos ? std::string_view()
                                          : text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

Json listOf(std::string_view commaSeparated)
{
    Json list = Json::array();
    while (!commaSeparated.empty()) {
        const auto comma = commaSeparated.find(',');
        if (const auto item = trimmed(commaSeparated.substr(0, comma)); !item.empty())
            list.push_back(std::string(item));
        commaSeparated.remove_prefix(comma == std::string_view::npos ? commaSeparated.size() : comma + 1);
    }
    return list;
}

// A whole number, or null, which no setting takes.
Json number(std::string_view typed)
{
    const auto digits = trimmed(typed);
    int value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return read.ec == std::errc() && read.ptr == digits.data() + digits.size() ? Json(value) : Json(nullptr);
}

std::string joined(const Json &list)
{
    std::string out;
    for (const Json &item : list)
        if (item.is_string())
            out += (out.empty() ? "" : ", ") + item.get<std::string>();
    return out;
}

// Shows the settings; what the values hold already (as it was typed, and why it was refused) stays.
void show(Page &page, int status)
{
    const auto settings = page.visit.call("settings.get");
    if (!settings.ok()) {
        page.problem(settings);
        status = Page::statusOf(settings);
    } else {
        const Json &s = settings.result;
        page.values.emplace("domains", joined(s.value("allowedDomains", Json::array())));
        page.values.emplace("timeout", std::to_string(s.value("sessionTimeout", 60)));
        page.values.emplace("language." + s.value("language", "en"), "1");
        page.values.emplace("audit-days", std::to_string(s.value("auditDays", 90)));
        page.values.emplace("guest-profile-days", std::to_string(s.value("guestProfileDays", 90)));
        for (const Json &method : s.value("signInMethods", Json::array()))
            page.values.emplace("methods." + method.get<std::string>(), "1");
        if (const Json mail = s.value("mail", Json()); mail.is_object()) {
            page.values["mail"] = "1";
            for (const char *field : {"server", "from", "user"})
                page.values.emplace("mail." + std::string(field), mail.value(field, ""));
            page.values.emplace("mail.port", std::to_string(mail.value("port", 587)));
            if (!page.values.contains("mail.typed"))
                page.values["mail." + mail.value("security", "starttls")] = "1";
            page.values["mail.hasPassword"] = mail.value("hasPassword", false) ? "1" : "";
        }
        page.values.emplace("guests", s.value("guests", true) ? "1" : "");
    }
    page.values["title"] = page.text("configure.title");
    page.at("applications");
    page.show("configure", status);
}

} // namespace

void showConfigure(Page &page)
{
    show(page, 200);
}

void changeConfiguration(Page &page)
{
    const std::string section = page.visit.param("section");
    Json wanted = Json::object();
    const char *field = nullptr; // that a refusal belongs to
    if (section == "advanced") {
        field = "domains";
        page.values["domains"] = page.visit.param("domains");
        wanted["allowedDomains"] = listOf(page.values["domains"]);
        // Nothing but commas is not "all": it is refused.
        if (wanted["allowedDomains"].empty() && !trimmed(page.values["domains"]).empty())
            wanted["allowedDomains"].push_back("");
    } else if (section == "panel") {
        field = "timeout";
        wanted["sessionTimeout"] = number(page.values["timeout"] = page.visit.param("timeout"));
        wanted["language"] = page.visit.param("language");
        page.values["language." + page.visit.param("language")] = "1";
    } else if (section == "sign-in") {
        wanted["signInMethods"] = page.visit.params("methods");
        wanted["guests"] = page.visit.param("guests") == "yes";
    } else if (section == "keeping") {
        // Each field is called as its refusal is.
        wanted["auditDays"] = number(page.values["audit-days"] = page.visit.param("audit-days"));
        wanted["guestProfileDays"] = number(page.values["guest-profile-days"] = page.visit.param("guest-profile-days"));
    } else if (section == "mail") {
        field = "mail.server";
        Json mail = Json::object();
        for (const char *name : {"server", "from", "user", "security"})
            mail[name] = page.values["mail." + std::string(name)] = std::string(trimmed(page.visit.param(name)));
        mail["port"] = number(page.values["mail.port"] = page.visit.param("port"));
        page.values["mail.typed"] = "1";
        page.values["mail." + page.visit.param("security")] = "1";
        if (const std::string password = page.visit.param("password"); !password.empty())
            mail["password"] = password;
        wanted["mail"] = std::move(mail);
    } else {
        return page.notice("not-found", 404);
    }
    const auto answer = page.visit.call("settings.set", wanted);
    if (answer.ok())
        return page.visit.go(std::string(kHere) + "?done=saved");
    if (answer.code() == "setting-invalid" && section == "panel")
        page.values["timeout.problem"] = page.text("panel.timeout.problem");
    else if (answer.code() == "setting-invalid" && section == "keeping")
        page.values[answer.error.value("reason", std::string("audit-days")) + ".problem"] = page.words(answer);
    else if (field != nullptr && Page::statusOf(answer) == 422)
        page.values[std::string(field) + ".problem"] = page.words(answer);
    else
        page.problem(answer);
    show(page, Page::statusOf(answer));
}

} // namespace connector::web
