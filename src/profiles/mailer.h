// SPDX-License-Identifier: Apache-2.0
// Sends the service's mails through the mail server of the settings.
#pragma once

#include "core/task_queue.h"
#include "http/smtp.h"
#include "store/settings.h"
#include "store/vault.h"

#include <deque>
#include <map>

namespace connector {

// All calls on the actor's thread; `done` comes there too.
class Mailer {
public:
    struct Needs {
        TaskQueue &actor;
        WorkerPool &workers;
        SettingsStore &settings;
        Vault &vault;
        std::string extraCaFile;
        WallClock now = systemNow;
    };
    explicit Mailer(Needs needs) : m_needs(std::move(needs)) {}
    ~Mailer() { *m_alive = false; }

    // The settings are complete: mails may be offered.
    bool complete() const;
    // Kept in the Vault; "" forgets it.
    Result<void> setPassword(const std::string &password);
    bool hasPassword();
    // Whether it went out now: the same mail to the same address within `kSameMail` went out once, whoever asks again.
    enum class Sent { Now, Before };
    using Done = std::function<void(Result<Sent>)>;
    // At most `kMostPerHour`, whoever asks. Errors as sendMail(), and Unsupported (stable "mail-not-set-up"),
    // RateLimited ("mail-too-many").
    void send(const Mail &mail, const std::string &fromName, Done done);
    static constexpr std::size_t kMostPerHour = 30;
    static constexpr std::chrono::minutes kSameMail{1};

private:
    using Same = std::pair<std::string, std::string>; // address and text
    struct Recent {
        std::chrono::steady_clock::time_point at;
        bool out = false; // not under way any more
        std::vector<Done> waiting = {};
    };
    void ended(const Same &mail, const Result<void> &outcome);

    Needs m_needs;
    std::map<Same, Recent> m_recent;
    std::deque<std::chrono::steady_clock::time_point> m_sent;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace connector
