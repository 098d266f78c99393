// SPDX-License-Identifier: Apache-2.0
// A browser's place at the local API: one connection that calls are made through, and the last events it was told.
#pragma once

#include "api/api.h"

namespace connector {

// Any thread but the actor's; several at a time.
class WebFace {
public:
    explicit WebFace(Api &api);
    ~WebFace();
    WebFace(const WebFace &) = delete;
    WebFace &operator=(const WebFace &) = delete;

    struct Answer {
        nlohmann::json result; // null with an error
        nlohmann::json error;  // the error's data, null where there is none
        bool ok() const { return error.is_null(); }
        std::string code() const { return ok() ? "" : error.value("code", "internal"); }
    };
    // Calls a method and waits for its answer; error code "timeout" when none comes.
    Answer call(const std::string &method, nlohmann::json params = nlohmann::json::object());

    // The answer's line to a request's line, "" to a notification.
    std::string forward(std::string_view line);

    struct Events {
        std::vector<std::pair<std::int64_t, std::string>> lines; // sequence and one event's JSON
        bool reset = false;                                      // some that were wanted are gone: read everything anew
        std::int64_t last = 0;                                   // go on behind this one
        bool over = false;                                       // there will be none any more
    };
    // The events behind `after` (negative: from now on), waiting for one at most that long.
    Events events(std::int64_t after, std::chrono::milliseconds patience);

    // Lets go of everybody who waits. The session is over then.
    void end();
    // Also when the service itself ended the session.
    bool over() const;

private:
    using Json = nlohmann::json;
    void receive(const std::string &line);
    Json ask(Json request);

    Api &m_api;
    mutable std::mutex m_mutex;
    std::condition_variable m_came;
    std::map<std::int64_t, Json> m_answers;       // by our own id; null while it is awaited
    std::map<std::string, std::int64_t> m_theirs; // requests under way, by the browser's id
    std::deque<std::pair<std::int64_t, std::string>> m_events;
    std::size_t m_eventBytes = 0;
    std::int64_t m_forgotten = 0; // up to this one events are gone
    std::int64_t m_lastEvent = 0;
    std::int64_t m_lastId = 0;
    bool m_subscribed = false;
    bool m_over = false;
    std::shared_ptr<ApiConnection> m_connection;
};

} // namespace connector
