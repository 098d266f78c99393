// SPDX-License-Identifier: Apache-2.0
#include "web/admin_pages.h"

#include "connector_web_embedded.h"
#include "web/page.h"

namespace connector {

namespace {

bool asset(WebVisit &visit)
{
    static constexpr std::tuple<const char *, const char *, const char *> kAssets[] = {
        {"/assets/web.css", "web.css", "text/css; charset=utf-8"},
        {"/assets/status.js", "status.js", "text/javascript; charset=utf-8"},
        {"/assets/icon.svg", "icon.svg", "image/svg+xml"}};
    for (const auto &[path, file, type] : kAssets) {
        if (visit.path() != path || visit.isPost())
            continue;
        visit.asset(web::embedded(file).value_or(""), type);
        return true;
    }
    return false;
}

void setUp(web::Page &page)
{
    page.values["fingerprint"] = page.site.fingerprint;
    if (!page.visit.isPost())
        return page.show("setup");
    const std::string name = page.visit.param("name");
    const std::string password = page.visit.param("password");
    page.values["typed.name"] = name;
    page.values["typed.code"] = page.visit.param("code");
    if (password != page.visit.param("again")) {
        page.problem("setup-again", page.text("setup.again.problem"));
        return page.show("setup", 422);
    }
    if (const auto wait = page.visit.takeTry(); wait.count() > 0) {
        page.problem({nullptr, {{"code", "sign-in-throttled"}, {"retryAfter", wait.count()}}});
        return page.show("setup", 429);
    }
    const auto made =
        page.visit.call("setup.finish", {{"code", page.visit.param("code")}, {"name", name}, {"password", password}});
    if (!made.ok()) {
        page.problem(made);
        return page.show("setup", web::Page::statusOf(made));
    }
    const auto signedIn = page.visit.signIn({{"method", "password"}, {"name", name}, {"secret", password}});
    page.visit.go(signedIn.ok() ? "/status?done=setup.done" : "/sign-in");
}

void signIn(web::Page &page)
{
    if (!page.visit.isPost())
        return page.visit.session() != nullptr ? page.visit.go("/") : page.show("sign-in");
    const auto answer = page.visit.signIn(
        {{"method", "password"}, {"name", page.visit.param("name")}, {"secret", page.visit.param("password")}});
    if (answer.ok())
        return page.visit.go("/");
    page.values["typed.name"] = page.visit.param("name");
    page.problem(answer);
    page.show("sign-in", web::Page::statusOf(answer));
}

void forAdministrators(web::Page &page)
{
    const std::string &path = page.visit.path();
    const bool post = page.visit.isPost();
    if (const std::string done = page.visit.param("done"); done == "saved" || done == "setup.done")
        page.values["done"] = page.text(done);
    if (path == "/applications/cloud-connector")
        return post ? changeConfiguration(page) : showConfigure(page);
    if (path.starts_with("/people/"))
        return onePerson(page, path.substr(std::string_view("/people/").size()));
    if (path.starts_with("/profiles/"))
        return deleteProfile(page, path.substr(std::string_view("/profiles/").size()));
    if (post)
        return page.notice("not-found", 404);
    if (path == "/")
        return page.visit.go("/status");
    if (path == "/status")
        return showStatus(page);
    if (path == "/applications") {
        page.at("applications");
        return page.show("applications");
    }
    if (path == "/people")
        return showPeople(page);
    if (path == "/profiles")
        return showProfiles(page);
    if (path == "/audit")
        return showAudit(page);
    page.notice("not-found", 404);
}

} // namespace

WebPages makeAdminPages(AdminSite site)
{
    const auto whole = std::make_shared<const AdminSite>(std::move(site));
    // Once an administrator is there, one is for ever.
    const auto isSetUp = std::make_shared<std::atomic<bool>>(false);
    return [whole, isSetUp](WebVisit &visit) {
        if (asset(visit))
            return;
        web::Page page(*whole, visit);
        const std::string &path = visit.path();
        if (visit.refused())
            return page.notice("form-expired", 403);
        if (!*isSetUp) {
            const auto setup = visit.call("setup.get");
            if (!setup.ok())
                return page.notice("busy", 503);
            if (setup.result.value("needed", false))
                return path == "/setup" ? setUp(page) : visit.go("/setup");
            *isSetUp = true;
        }
        if (path == "/setup")
            return visit.go("/");
        if (path == "/sign-in")
            return signIn(page);
        if (visit.session() == nullptr)
            return visit.go("/sign-in");
        if (path == "/sign-out" && visit.isPost()) {
            visit.signOut();
            return visit.go("/sign-in");
        }
        if (!visit.session()->administrator)
            return page.notice("not-administrator", 403);
        forAdministrators(page);
    };
}

} // namespace connector
