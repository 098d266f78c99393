// SPDX-License-Identifier: Apache-2.0
// Grants that nobody here needs any more, until their clouds have ended them: kept through restarts and bad networks.
#pragma once

#include "core/task_queue.h"
#include "profiles/account_links.h"

namespace connector {

// All calls on the actor's thread.
class Revocations {
public:
    struct Needs {
        TaskQueue &actor;
        WorkerPool &workers;
        Database &db;
        Vault &vault;
        AccountLinks &links;
        std::chrono::milliseconds firstRetry{std::chrono::minutes{1}};
    };
    explicit Revocations(Needs needs) : m_needs(std::move(needs)) {}
    ~Revocations() { *m_alive = false; }

    // Takes up what an earlier run of the service did not get done.
    void start() { wake(); }
    // Durable when it returns (or with the caller's transaction); the cloud is asked behind it, one at a time, ever
    // less often for some thirty days. Of more than 500 the oldest are given up.
    Result<void> add(const LinkedTokens &linked);
    Result<std::int64_t> waiting();

private:
    void wake();
    void next();
    void tried(const std::string &id, const Result<void> &outcome);
    Result<void> forget(const std::string &id);

    Needs m_needs;
    bool m_busy = false;
    std::map<std::string, std::chrono::steady_clock::time_point> m_notBefore; // what is missing is due
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace connector
