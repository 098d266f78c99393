// SPDX-License-Identifier: Apache-2.0
// The portal's pages for people: one method for each thing that a browser asks for.
#pragma once

#include "portal/pages.h"
#include "portal/server.h"

#include <httplib.h>

namespace connector::portal {

// Thread-safe; each method writes the answer.
class PortalSite {
public:
    // Both outlive this. `stop` breaks off the waiting for a cloud.
    PortalSite(Portal &portal, const ServerOptions &options, std::stop_token stop)
        : m_portal(portal), m_options(options), m_stop(std::move(stop))
    {
    }

    // Once, before the first request: whether browsers reach the portal over HTTPS.
    void setSecure(bool secure);
    bool secure() const { return m_secure; }

    // Everything a page needs to know about the browser that asked.
    struct Visit {
        const httplib::Request &request;
        httplib::Response &reply;
        std::string language;
        std::string session;
    };

    // Who asked: the connection's other end, or whom a trusted proxy names.
    std::string address(const httplib::Request &request) const;
    bool trusts(const std::string &proxy) const;
    Visit visit(const httplib::Request &request, httplib::Response &reply) const;
    // True when the form came from a page of ours in this browser; otherwise the answer is written.
    bool fromOurPage(Visit &v) const;

    void start(Visit &v) const;
    void code(Visit &v, const std::string &typed, Outcome problem) const;
    void enter(Visit &v) const;
    void connectPage(Visit &v) const;
    void connect(Visit &v) const;
    void leave(Visit &v) const;
    void termsPage(Visit &v) const;
    void accept(Visit &v) const;
    void password(Visit &v) const;
    void callback(Visit &v, const std::string &provider) const;
    void result(Visit &v) const;
    void done(Visit &v) const;
    void notFound(Visit &v, int status) const;

private:
    void setCookie(httplib::Response &reply, const std::string &name, const std::string &value, const char *more) const;
    void setSession(Visit &v, const std::string &session) const;
    void show(Visit &v, const char *name, Values values, int status = 200) const;
    void go(Visit &v, const std::string &where) const;
    // A refusal in words: what happened, and what to do.
    void refuse(Visit &v, Outcome outcome, const std::optional<View> &seen = std::nullopt) const;
    // The state of the browser's authorization, or nothing after an answer was written.
    std::optional<View> current(Visit &v) const;

    Portal &m_portal;
    const ServerOptions &m_options;
    const std::stop_token m_stop;
    bool m_secure = false;
    std::string m_sessionCookie = "portal";
};

} // namespace connector::portal
