// SPDX-License-Identifier: Apache-2.0
// Nextcloud's Login Flow v2, led by the device: a page of the server where the person signs in, and an app password for
// the device once they did. No portal has a part in it.
#pragma once

#include "profiles/portal_client.h"
#include "providers/oauth.h"

namespace connector {

// Calls block (worker thread). They fail with Cancelled; Offline, Timeout, Unavailable, RateLimited; BadReply. Origin
// "webdav". Thread-safe as `http` is.
class LoginFlow {
public:
    // `http` is unsigned and outlives this.
    explicit LoginFlow(HttpClient &http, WallClock now = systemNow) : m_http(http), m_now(std::move(now)) {}

    // `server` as configured: only addresses there are accepted. NotFound: this server has no such flow;
    // PermissionDenied: it has, for nobody. The code has no letters to type; verificationUriComplete is the page.
    Result<Begun> begin(const std::string &server, const std::string &deviceName, const Call &call);

    // The password is told once: whoever gets it keeps it safe before anything else.
    using Outcome = std::variant<Pending, TokenSet, Expired>;
    Result<Outcome> poll(const std::string &deviceCode, const Call &call);

private:
    HttpClient &m_http;
    WallClock m_now;
};

} // namespace connector
