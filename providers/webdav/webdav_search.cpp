// SPDX-License-Identifier: Apache-2.0
// Search: the server's own at a Nextcloud; elsewhere folder by folder, a few per page.
#include "http/json_body.h"
#include "http/url.h"
#include "providers/transfer.h"
#include "providers/webdav/paths.h"
#include "providers/webdav/webdav_provider.h"

#include <algorithm>

namespace connector::webdav {

namespace {

constexpr int kHits = 200;                    // of one page, where the server searches
constexpr int kMostHits = 10'000;             // of all pages: a server may tell the same ones for ever
constexpr std::size_t kMostOfPage = 1000;     // hits, where we look ourselves; of a larger folder no more are told
constexpr std::ptrdiff_t kDeepest = 64;       // a folder that is linked into itself has no bottom
constexpr int kMostLooks = 2000;              // folders, where we look ourselves
constexpr std::size_t kMostPending = 1000;    // folders that are known and not looked into yet
constexpr std::size_t kLongestToken = 60'000; // of what is handed out for the next page

std::string folded(std::string_view text)
{
    std::string out(text);
    for (char &c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string shownPath(const std::string &path)
{
    std::string shown;
    for (std::string at = path; at.size() > 1; at = parentOf(at))
        shown = "/" + nameOf(at) + shown;
    return shown;
}

} // namespace

Result<Page> WebdavProvider::search(const std::string &text, const EntryId &folder, const std::string &pageToken,
                                    const Call &call)
{
    auto node = nodeOf(folder);
    if (!node)
        return std::move(node).error();
    if (!node->folder())
        return Error{Errc::InvalidArgument, "not a folder", kOrigin};
    if (auto r = settle(call); !r)
        return std::move(r).error();
    if (text.empty())
        return Page{};
    if (m_site->nextcloud() && !pageToken.starts_with('[')) {
        int skip = 0;
        for (const char c : pageToken.substr(0, 6))
            skip = skip * 10 + (c >= '0' && c <= '9' ? c - '0' : 0);
        auto page = searchThere(text, node->path, skip, call);
        if (page || page.error().code != Errc::Unsupported)
            return page;
    }
    return searchByWalking(text, node->path, pageToken, call);
}

Result<Page> WebdavProvider::searchThere(const std::string &text, const std::string &folder, int skip, const Call &call)
{
    Page page;
    int told = 0;
    const auto base = splitUrl(m_site->files);
    MultistatusReader reader(m_site->host, base ? base->path : "", [&](Resource &&resource) -> Result<void> {
        if (++told > kHits)
            return Error{Errc::Cancelled, kEnough, kOrigin, kEnough};
        if (resource.status >= 400 || resource.path == "/")
            return {};
        Entry entry = entryOf(resource);
        entry.path = shownPath(resource.path);
        const Node found = *nodeOf(entry.id);
        if (found.path != folder && found.path.starts_with(folder))
            page.entries.push_back(std::move(entry));
        return {};
    });
    auto reply = ask(searchRequest(*m_site, folder, text, kHits, skip), &reader, call);
    auto done = reply ? decodeDone(*reply) : Result<void>(reply.error());
    if (done)
        done = reader.finish();
    if (!done && told <= kHits)
        return std::move(done).error();
    if (told >= kHits && skip + kHits < kMostHits)
        page.nextPageToken = std::to_string(skip + kHits);
    return page;
}

// The token is how many folders were looked into, and which are still to be.
Result<Page> WebdavProvider::searchByWalking(const std::string &text, const std::string &folder,
                                             const std::string &pageToken, const Call &call)
{
    std::vector<std::string> pending{folder};
    std::int64_t looked = 0;
    if (!pageToken.empty()) {
        pending.clear();
        auto known = parseJson(pageToken, 2);
        if (!known || !known->is_array() || known->empty() || !known->front().is_number_integer())
            return listRestart(kOrigin);
        looked = std::clamp<std::int64_t>(known->front().get<std::int64_t>(), 0, kMostLooks);
        for (const auto &path : *known)
            if (path.is_string() && canonicalPath(path.get<std::string>()) == path.get<std::string>() &&
                path.get<std::string>().starts_with(folder))
                pending.push_back(path.get<std::string>());
    }
    const std::string wanted = folded(text);
    Page page;
    for (int looks = 0; looks < m_tuning.searchFolders && !pending.empty() && page.entries.size() < kMostOfPage;
         ++looks) {
        ++looked;
        const std::string at = pending.back();
        pending.pop_back();
        auto asked = propfind(
            m_site->files + at, 1, false,
            [&](Resource &&resource) -> Result<void> {
                Entry entry = entryOf(resource);
                const std::string path = nodeOf(entry.id)->path;
                if (path == at || resource.status >= 400)
                    return {};
                if (parentOf(path) != at)
                    return Error{Errc::BadReply, "an href leads out of the folder", kOrigin};
                if (resource.collection && !resource.encrypted && pending.size() < kMostPending &&
                    std::count(path.begin(), path.end(), '/') <= kDeepest)
                    pending.push_back(path);
                if (page.entries.size() < kMostOfPage && folded(entry.name).find(wanted) != std::string::npos) {
                    entry.path = shownPath(path);
                    page.entries.push_back(std::move(entry));
                }
                return {};
            },
            call);
        // A folder below that went away or is closed hides its own content only.
        if (!asked &&
            (at == folder || (asked.error().code != Errc::NotFound && asked.error().code != Errc::PermissionDenied)))
            return std::move(asked).error();
    }
    nlohmann::json rest = nlohmann::json::array({looked});
    std::size_t letters = 10;
    for (const auto &path : pending) // plain ASCII: nothing grows by quoting
        if (letters += path.size() + 3; letters < kLongestToken)
            rest.push_back(path);
    if (rest.size() > 1 && looked < kMostLooks)
        page.nextPageToken = rest.dump();
    return page;
}

} // namespace connector::webdav
