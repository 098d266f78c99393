// SPDX-License-Identifier: Apache-2.0
// Waits and repeats under an adapter: the server's Retry-After, exponential back-off, one pace per account.
#pragma once

#include "core/time.h"
#include "http/http_client.h"

#include <memory>
#include <mutex>

namespace connector {

// One account's pace, shared by all its clients: when one was told to wait, all do. Thread-safe.
class Pacer {
public:
    using TimePoint = Call::Clock::time_point;
    void holdUntil(TimePoint time);
    TimePoint openAt() const;

private:
    mutable std::mutex m_mutex;
    TimePoint m_openAt{};
};

struct PacingOptions {
    int attempts = 6;        // of one request in all
    int offlineAttempts = 3; // when no connection came about: a person is waiting to hear that
    std::chrono::milliseconds base{1000};
    std::chrono::milliseconds cap{64000};
    std::chrono::milliseconds longestWait{120000}; // asked to wait longer, the reply is returned instead
    // Doors for tests; the defaults are the real ones.
    std::function<Result<void>(std::chrono::milliseconds, const Call &)> wait = {};
    std::function<double()> jitter = {}; // 0..1
    std::function<Call::Clock::time_point()> now = {};
    WallClock wallClock = {}; // for a Retry-After that is a date
    // Told before a wait until when it lasts, and with nullopt when it is over. On the calling thread. Besides,
    // Call::onWaiting tells whoever made the call.
    std::function<void(std::optional<Call::Clock::time_point>)> onWaiting = {};
};

std::optional<WallTime> parseHttpDate(std::string_view value);

// How long a Retry-After value asks to wait: seconds, also fractions, or a date. nullopt when it is neither.
std::optional<std::chrono::milliseconds> parseRetryAfter(std::string_view value, WallTime now);

// Repeats requests marked repeatable after 408, 5xx and cut connections; any request after 429, or 503 with
// Retry-After, where the server did nothing. Repeats only while nothing went to the sink. When the attempts are used up
// the last reply or error is returned. RateLimited when the account's pace is on hold for longer than a call may wait.
class PacedHttpClient : public HttpClient {
public:
    // `next` outlives this.
    PacedHttpClient(HttpClient &next, std::shared_ptr<Pacer> pacer, PacingOptions options = {});
    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override;

private:
    bool fits(std::chrono::milliseconds wait, const Call &call) const;
    Result<void> pause(std::chrono::milliseconds wait, bool asked, const Call &call) const;
    std::chrono::milliseconds backOff(int attempt) const;

    HttpClient &m_next;
    std::shared_ptr<Pacer> m_pacer;
    PacingOptions m_options;
};

} // namespace connector
