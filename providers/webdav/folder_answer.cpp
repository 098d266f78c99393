// SPDX-License-Identifier: Apache-2.0
#include "providers/webdav/folder_answer.h"

#include "providers/webdav/paths.h"

#include <algorithm>

namespace connector::webdav {

namespace {

Error refused(Errc code, const char *what)
{
    return Error{code, what, "webdav"};
}

std::string tagOf(const Resource &folder)
{
    if (!folder.etag.empty())
        return folder.etag;
    return folder.modified ? std::to_string(toUnix(*folder.modified)) : std::string();
}

} // namespace

Result<void> readFolder(HttpClient &http, const Site &site, const std::string &folder,
                        const std::function<void(const std::string &tag)> &tag,
                        const std::function<Result<void>(Entry &&)> &found, const Call &call)
{
    bool folderItself = false;
    bool any = false;
    auto asked = propfind(
        http, site, site.files + folder, 1, false,
        [&](Resource &&resource) -> Result<void> {
            std::string path = resource.path;
            if (!path.ends_with('/'))
                path += '/';
            if (path == folder) {
                if (!resource.collection)
                    return refused(Errc::InvalidArgument, "not a folder");
                folderItself = true;
                tag(tagOf(resource));
                return {};
            }
            if (parentOf(path) != folder)
                return refused(Errc::BadReply, "an href leads out of the folder");
            if (resource.status >= 400)
                return {};
            any = true;
            return found(entryOf(resource));
        },
        call);
    if (asked && !folderItself && !any)
        return refused(Errc::InvalidArgument, "not a folder");
    return asked;
}

FolderAnswer::FolderAnswer(HttpClient &http, const Site &site, const std::string &folder, AnswerLimits limits)
    : m_folder(folder), m_limits(limits),
      m_thread([this, &http, site](const std::stop_token &stop) { run(http, site, stop); })
{
}

FolderAnswer::~FolderAnswer()
{
    stop();
}

void FolderAnswer::stop()
{
    m_thread.request_stop();
}

void FolderAnswer::run(HttpClient &http, const Site &site, const std::stop_token &stop)
{
    Call call = Call{}.within(m_limits.reading);
    call.stop = stop;
    call.onWaiting = [this](const std::optional<Waiting> &waiting) {
        const std::scoped_lock lock(m_mutex);
        if (m_waiting != nullptr && m_waiting->onWaiting)
            m_waiting->onWaiting(waiting);
    };
    auto read = readFolder(
        http, site, m_folder,
        [this](const std::string &tag) {
            const std::scoped_lock lock(m_mutex);
            m_tag = tag;
        },
        [this](Entry &&entry) -> Result<void> {
            const std::scoped_lock lock(m_mutex);
            if (m_entries.size() == m_limits.most)
                return refused(Errc::Cancelled, "more than is kept");
            m_entries.push_back(std::move(entry));
            if (m_entries.size() >= m_wanted)
                m_news.notify_all();
            return {};
        },
        call);
    std::unique_lock lock(m_mutex);
    m_ended = true;
    if (!read)
        m_error = std::move(read).error();
    m_news.notify_all();
    while (!m_entries.empty() && !stop.stop_requested()) {
        const auto until = m_lastTaken + m_limits.keep;
        if (Call::Clock::now() >= until) {
            m_entries.clear();
            m_error = refused(Errc::Cancelled, "nobody turned the page");
        } else {
            m_news.wait_until(lock, stop, until, [this] { return m_entries.empty(); });
        }
    }
}

Result<std::optional<FolderAnswer::Taken>> FolderAnswer::take(std::int64_t at, std::size_t most, const std::string &tag,
                                                              const Call &call)
{
    std::unique_lock lock(m_mutex);
    if (at != m_taken || (at > 0 && tag != m_tag))
        return std::optional<Taken>();
    m_waiting = &call;
    m_wanted = most + 1; // one more tells whether there is another page
    const auto there = [&] { return m_ended || m_entries.size() > most || at != m_taken; };
    const auto until = std::min(call.deadline, Call::Clock::now() + m_limits.reading);
    const bool came = m_news.wait_until(lock, call.stop, until, there);
    m_waiting = nullptr;
    m_lastTaken = Call::Clock::now();
    if (auto r = call.poll(); !r)
        return std::move(r).error();
    if (!came || at != m_taken)
        return std::optional<Taken>();
    if (m_error && m_entries.size() <= most)
        return at == 0 ? Result<std::optional<Taken>>(*m_error) : std::optional<Taken>();
    Taken taken;
    taken.tag = m_tag;
    taken.more = m_entries.size() > most;
    const auto end = m_entries.begin() + static_cast<std::ptrdiff_t>(std::min(most, m_entries.size()));
    taken.entries.assign(std::make_move_iterator(m_entries.begin()), std::make_move_iterator(end));
    m_entries.erase(m_entries.begin(), end);
    m_taken += static_cast<std::int64_t>(taken.entries.size());
    if (m_entries.empty())
        m_news.notify_all();
    return std::optional(std::move(taken));
}

} // namespace connector::webdav
