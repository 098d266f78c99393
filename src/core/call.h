// SPDX-License-Identifier: Apache-2.0
// What travels with every blocking call: may I go on, until when, whom do I tell.
#pragma once

#include "core/result.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

namespace connector {

struct Progress {
    std::int64_t bytes = 0;
    std::int64_t totalBytes = -1; // -1 where nobody knows
};

// Somebody makes the call wait.
struct Waiting {
    std::chrono::steady_clock::time_point until{};
    bool asked = false; // the far end asks for it (a rate limit), rather than not answering
};

struct Call {
    using Clock = std::chrono::steady_clock;

    std::stop_token stop = {};
    Clock::time_point deadline = Clock::time_point::max();
    std::function<void(Progress)> onProgress = {}; // called on the worker thread
    // Told, on the worker thread, before a wait of a second or more, and with nullopt when it is over.
    std::function<void(const std::optional<Waiting> &)> onWaiting = {};

    // Cancelled when a stop was asked for, Timeout when the deadline is over, else fine.
    Result<void> poll() const;
    void report(Progress p) const;
    // The same call that must end earlier (or at its own deadline, whichever comes first).
    Call within(std::chrono::milliseconds limit) const;
};

// Sleeps; wakes within milliseconds when the call is cancelled. Returns what poll() says afterwards.
Result<void> waitFor(std::chrono::milliseconds duration, const Call &call);

} // namespace connector
