// SPDX-License-Identifier: Apache-2.0
// One page being made for one visit: its language, its values, and the words for what went wrong.
#pragma once

#include "api/web_visit.h"
#include "http/page_templates.h"
#include "web/admin_pages.h"

namespace connector::web {

class Page {
public:
    Page(const AdminSite &site, WebVisit &visit);

    WebVisit &visit;
    const AdminSite &site;
    std::string language;
    PageValues values; // what the template shows

    std::string text(std::string_view key, const PageValues &with = {}) const;
    bool hasText(std::string_view key) const { return text(key) != key; }
    // What an API error says to people.
    std::string words(const WebFace::Answer &answer) const;
    // A row's or another part's HTML.
    std::string part(std::string_view name, const PageValues &with) const;
    // A time of the API in this machine's time zone; "" for none.
    static std::string when(const nlohmann::json &rfc3339);

    // values["title"] and the current entry of the menu.
    void at(std::string_view menu);
    // Shown above the page.
    void problem(const WebFace::Answer &answer);
    void problem(const std::string &code, const std::string &words);
    void show(const char *name, int status = 200);
    // A page of its own that says what happened.
    void notice(const std::string &word, int status);
    // The status of a page that shows an error.
    static int statusOf(const WebFace::Answer &answer);
};

// The rooms of the site. Each answers the visit.
void showStatus(Page &page);
void showConfigure(Page &page);
void changeConfiguration(Page &page);
void showPeople(Page &page);
// Below /people/: adding, changing and removing one person.
void onePerson(Page &page, const std::string &rest);
void showProfiles(Page &page);
// Below /profiles/: deleting one, which is asked first.
void deleteProfile(Page &page, const std::string &rest);
void showAudit(Page &page);

} // namespace connector::web
