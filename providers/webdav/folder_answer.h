// SPDX-License-Identifier: Apache-2.0
// A server's answer about a folder while it comes in: a thread of its own reads it to the end, whoever pages through
// the folder takes the entries out as they are there. One request, however many pages.
#pragma once

#include "providers/webdav/propfind.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace connector::webdav {

struct AnswerLimits {
    std::size_t most = 50'000;         // entries that wait for their page; the answer is left when there are more
    std::chrono::seconds keep{60};     // for whoever turns no further page
    std::chrono::seconds reading{300}; // until the last entry has come
};

// Thread-safe. The destructor stops the reading and waits for that: milliseconds.
class FolderAnswer {
public:
    struct Taken {
        std::vector<Entry> entries;
        std::string tag; // of the folder; changes when its content does
        bool more = false;
    };

    // `http` outlives this; `folder` is its path.
    FolderAnswer(HttpClient &http, const Site &site, const std::string &folder, AnswerLimits limits = {});
    FolderAnswer(const FolderAnswer &) = delete;
    FolderAnswer &operator=(const FolderAnswer &) = delete;
    ~FolderAnswer();

    const std::string &folder() const { return m_folder; }
    // The entries from `at` on, `most` of them or all that are left; waits for them. nullopt where the answer has no
    // such entries any more (each is handed out once; `tag` is what the page before told) or broke off: they have to be
    // asked for anew. The answer's own error where not even the first page came.
    Result<std::optional<Taken>> take(std::int64_t at, std::size_t most, const std::string &tag, const Call &call);
    void stop();

private:
    void run(HttpClient &http, const Site &site, const std::stop_token &stop);

    const std::string m_folder;
    const AnswerLimits m_limits;
    std::mutex m_mutex;
    std::condition_variable_any m_news;
    const Call *m_waiting = nullptr; // who is told why it takes long
    std::size_t m_wanted = 0;        // whoever waits is woken when there are so many
    std::deque<Entry> m_entries;     // not taken yet
    std::int64_t m_taken = 0;
    Call::Clock::time_point m_lastTaken = Call::Clock::now();
    std::string m_tag;
    bool m_ended = false;
    std::optional<Error> m_error;
    std::jthread m_thread; // last: it ends before the others die
};

// `folder`'s entries as the server tells them, without the folder itself and what it may not show; `tag` is told first.
Result<void> readFolder(HttpClient &http, const Site &site, const std::string &folder,
                        const std::function<void(const std::string &tag)> &tag,
                        const std::function<Result<void>(Entry &&)> &found, const Call &call);

} // namespace connector::webdav
