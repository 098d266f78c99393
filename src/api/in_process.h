// SPDX-License-Identifier: Apache-2.0
// A face inside the same process: speaks the same lines as any other, without a socket. For tests and tools.
#pragma once

#include "api/api.h"

namespace connector {

// Any thread but the actor's. One user at a time.
class InProcessFace {
public:
    // `peer`: as ApiConnection takes it.
    explicit InProcessFace(Api &api, std::optional<std::uint32_t> peer = {});
    ~InProcessFace();
    InProcessFace(const InProcessFace &) = delete;
    InProcessFace &operator=(const InProcessFace &) = delete;

    struct Answer {
        nlohmann::json result; // null with an error
        nlohmann::json error;  // the error's data, null where there is none
        bool ok() const { return error.is_null(); }
        std::string code() const { return ok() ? "" : error.value("code", ""); }
    };

    // Sends a request and waits for its answer; Timeout's code "timeout" as an error when none comes in time.
    Answer call(const std::string &method, nlohmann::json params = nlohmann::json::object(),
                std::chrono::milliseconds patience = std::chrono::seconds(20));

    // Waits for a notified event that fits; events that came before count too, each once.
    std::optional<nlohmann::json> waitForEvent(const std::function<bool(const nlohmann::json &event)> &fits,
                                               std::chrono::milliseconds patience = std::chrono::seconds(20));

    // For what a face sends without waiting for an answer.
    const std::shared_ptr<ApiConnection> &connection() const { return m_connection; }

    // Sends any bytes as one line and returns the next answer's line.
    std::string sendRaw(const std::string &line, std::chrono::milliseconds patience = std::chrono::seconds(20));

private:
    void receive(const std::string &line);

    Api &m_api;
    std::mutex m_mutex;
    std::condition_variable m_came;
    std::map<std::int64_t, nlohmann::json> m_answers;
    std::deque<nlohmann::json> m_events;
    std::deque<std::string> m_raw; // answers without one of our ids
    std::int64_t m_lastId = 0;
    std::shared_ptr<ApiConnection> m_connection;
};

} // namespace connector
