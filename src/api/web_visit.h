// SPDX-License-Identifier: Apache-2.0
// One request of a browser, as the pages see it: what was asked, who asks, and the answer.
#pragma once

#include "api/web_sessions.h"

namespace connector {

// Used by the request's thread. A form that changes something has been checked before: `refused` says when it is none
// of a page that this browser was given.
class WebVisit {
public:
    virtual ~WebVisit() = default;

    virtual bool isPost() const = 0;
    virtual const std::string &path() const = 0;
    // Of the query or the form; "" where it is absent or not a text.
    virtual std::string param(const char *name) const = 0;
    virtual std::vector<std::string> params(const char *name) const = 0;
    virtual std::string cookie(std::string_view name) const = 0;
    virtual std::string acceptLanguage() const = 0;
    virtual bool refused() const = 0;

    virtual const WebSession *session() const = 0; // null: nobody is signed in
    // Calls the API as who is signed in, else as somebody who is not.
    virtual WebFace::Answer call(const std::string &method, nlohmann::json params = nlohmann::json::object()) = 0;
    // session.signIn; from here on the browser's.
    virtual WebFace::Answer signIn(const nlohmann::json &params) = 0;
    virtual void signOut() = 0;
    // Takes one of the address's tries at secrets; how long until the next one, 0 where this one may be made.
    virtual std::chrono::seconds takeTry() = 0;
    virtual std::string formToken() = 0;

    virtual void setCookie(const std::string &name, const std::string &value) = 0; // for a year
    virtual void html(int status, const std::string &page) = 0;
    virtual void go(const std::string &path) = 0;
    virtual void asset(std::string_view bytes, const char *type) = 0;
};

using WebPages = std::function<void(WebVisit &)>;

} // namespace connector
