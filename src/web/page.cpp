// SPDX-License-Identifier: Apache-2.0
#include "web/page.h"

#include "connector_web_embedded.h"
#include "core/time.h"

namespace connector::web {

namespace {

const std::vector<std::string> &languages()
{
    static const std::vector<std::string> all = {"en", "fr"};
    return all;
}

const PageTemplates &templates()
{
    static const PageTemplates made([](std::string_view file) { return embedded(file); }, languages());
    return made;
}

bool known(const std::string &language)
{
    return std::find(languages().begin(), languages().end(), language) != languages().end();
}

} // namespace

Page::Page(const AdminSite &theSite, WebVisit &theVisit) : visit(theVisit), site(theSite)
{
    const std::string wanted = visit.isPost() ? std::string() : visit.param("lang");
    const std::string kept = visit.cookie("__Host-lang");
    if (known(wanted)) {
        language = wanted;
        visit.setCookie("lang", wanted);
    } else {
        language = known(kept) ? kept : chooseLanguage(visit.acceptLanguage(), languages());
    }
}

std::string Page::text(std::string_view key, const PageValues &with) const
{
    return templates().text(language, key, with);
}

std::string Page::words(const WebFace::Answer &answer) const
{
    const std::string code = answer.error.value("reason", answer.code());
    PageValues with{{"code", code}};
    const std::int64_t wait = answer.error.value("retryAfter", std::int64_t{0});
    with["wait"] = wait > 90 ? text("wait.minutes", {{"count", std::to_string((wait + 59) / 60)}})
                             : text("wait.seconds", {{"count", std::to_string(std::max<std::int64_t>(wait, 1))}});
    return hasText(code) ? text(code, with) : text("unknown", with);
}

std::string Page::part(std::string_view name, const PageValues &with) const
{
    return templates().part(name, language, with);
}

std::string Page::when(const nlohmann::json &rfc3339)
{
    if (!rfc3339.is_string())
        return {};
    const auto time = parseRfc3339(rfc3339.get<std::string>());
    if (!time)
        return {};
    const std::time_t seconds = toUnix(*time);
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    char out[32];
    return {out, std::strftime(out, sizeof out, "%Y-%m-%d %H:%M", &parts)};
}

void Page::at(std::string_view menu)
{
    values["at." + std::string(menu)] = "1";
    if (!values.contains("title"))
        values["title"] = text(std::string(menu) + ".title");
}

void Page::problem(const WebFace::Answer &answer)
{
    problem(answer.code(), words(answer));
}

void Page::problem(const std::string &code, const std::string &words)
{
    values["problem"] = words;
    values["problemCode"] = code;
}

int Page::statusOf(const WebFace::Answer &answer)
{
    const std::string code = answer.code();
    return answer.ok()                                     ? 200
           : code == "sign-in-throttled" || code == "busy" ? 429
           : code == "not-allowed"                         ? 403
           : code == "timeout" || code == "disk-full"      ? 503
                                                           : 422;
}

void Page::show(const char *name, int status)
{
    values["device"] = site.device;
    values["place"] = site.place;
    values["version"] = site.version;
    values["form"] = visit.formToken();
    if (const WebSession *session = visit.session()) {
        values["user"] = session->name;
        if (session->administrator)
            values["administrator"] = "1";
    } else {
        values["narrow"] = "1";
    }
    values["isEn"] = language == "en" ? "1" : "";
    values["isFr"] = language == "fr" ? "1" : "";
    // The other language leads to the same page where it can be asked for again.
    const std::string &here = visit.path();
    const bool plain = here.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789/-") == std::string::npos &&
                       here.find("//") == std::string::npos; // "//host" would lead elsewhere
    values["here"] = plain && !here.ends_with("/sign-out") ? here : "/";
    if (!values.contains("title"))
        values["title"] = text(std::string(name) + ".title");
    visit.html(status, templates().page(name, language, values));
}

void Page::notice(const std::string &word, int status)
{
    PageValues with;
    if (const WebSession *session = visit.session())
        with["user"] = session->name;
    values["word"] = word;
    values["title"] = text(word + ".title", with);
    values["explanation"] = text(word + ".text", with);
    values["back"] = "/";
    values["backText"] = text("to-start");
    show("notice", status);
}

} // namespace connector::web
