// SPDX-License-Identifier: Apache-2.0
// Who is signed in by browser: sessions found by a cookie's token, and the tokens that tie forms to a browser.
#pragma once

#include "api/web_face.h"

namespace connector {

struct WebSession {
    WebFace face;
    std::string person; // as session.get tells it
    std::string name;
    bool administrator = false;
    std::atomic<int> streams = 0;

    explicit WebSession(Api &api) : face(api) {}
};

// Any thread but the actor's. Kept in memory only: whoever was signed in signs in again after a restart.
class WebSessions {
public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    struct Rules {
        std::chrono::seconds inactivity{900};
        std::chrono::seconds longest{12 * 3600};
        std::size_t most = 64;
        std::size_t mostOfOne = 8; // person
        Clock now = [] { return std::chrono::steady_clock::now(); };
    };

    explicit WebSessions(Rules rules);
    ~WebSessions();

    // Keeps a session and returns the token of its cookie. The one that was unused longest goes when there are too
    // many: of the same person's, when these are too many.
    std::string add(std::shared_ptr<WebSession> session);
    // The token's session unless it is over. `use` says that somebody is there.
    std::shared_ptr<WebSession> find(const std::string &token, bool use);
    void remove(const std::string &token);
    // Ends what is over by time.
    void sweep();
    void endAll();

    // What a form carries so that it is known to come from a page that this browser was given. A browser that is not
    // signed in has a token too.
    std::string formToken(const std::string &token) const;
    bool formTokenFits(const std::string &token, const std::string &formToken) const;

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Kept {
        std::shared_ptr<WebSession> session;
        Time since;
        Time used;
    };
    std::string keyed(const std::string &purpose, const std::string &token) const;
    bool isOver(const Kept &kept, Time now) const;

    Rules m_rules;
    std::string m_secret;
    std::mutex m_mutex;
    std::map<std::string, Kept> m_sessions; // by a hash of the token
};

} // namespace connector
