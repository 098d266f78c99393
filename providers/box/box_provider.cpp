// SPDX-License-Identifier: Apache-2.0
#include "providers/box/box_provider.h"

#include "core/log.h"
#include "providers/digest.h"
#include "providers/reply.h"
#include "providers/transfer.h"

#include <charconv>

namespace connector::box {

using std::chrono::milliseconds;

namespace {

constexpr int kPatientAttempts = 6;
constexpr int kSearchPage = 200; // the most that the service gives

Error notAFolder()
{
    return Error{Errc::InvalidArgument, "not a folder", kOrigin};
}

} // namespace

BoxProvider::BoxProvider(HttpClient &http, Hosts hosts, Tuning tuning)
    : m_http(http), m_hosts(std::move(hosts)), m_tuning(tuning)
{
}

Features BoxProvider::features() const
{
    Features f;
    f.search = true;
    f.createFolder = true;
    f.thumbnails = true;
    f.serverSort = {SortKey::Name, SortKey::Size};
    f.caseInsensitiveNames = true;
    f.hashAlgorithm = "sha1";
    f.simpleUploadMax = m_tuning.simpleMax;
    f.chunkSize = m_tuning.usualPart;
    return f;
}

// Sends it; again where the service says "not now". What it refuses is logged with its ids, which its support asks for.
Result<HttpReply> BoxProvider::ask(const HttpRequest &request, const Call &call)
{
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        auto reply = m_http.send(request, nullptr, call);
        if (!reply || reply->status < 400)
            return reply;
        const Error error = decodeError(*reply);
        log::info(kOrigin, describe(error) + " (request " + requestIdsOf(*reply) + ")");
        if (reply->status != 409 || error.code != Errc::Busy || attempt == kPatientAttempts)
            return reply;
        if (auto r = waitFor(std::max<milliseconds>(wait, error.retryAfter), call); !r)
            return std::move(r).error();
    }
}

Result<Account> BoxProvider::account(const Call &call)
{
    auto reply = ask(accountRequest(m_hosts), call);
    if (!reply)
        return std::move(reply).error();
    return decodeAccount(*reply);
}

Result<Page> BoxProvider::list(const EntryId &folder, const std::string &pageToken, const Sort &sort, const Call &call)
{
    const auto item = itemOf(folder);
    if (!item || item->kind != ItemKind::Folder)
        return notAFolder();
    PageToken from;
    from.byMarker = !sortable(sort.by);
    from.sort = sort;
    if (!pageToken.empty()) {
        auto token = PageToken::parse(pageToken);
        if (!token || token->offset >= kLastOffset)
            return listRestart(kOrigin);
        from = std::move(*token);
    }
    const int limit = pageToken.empty() ? m_tuning.firstPage : m_tuning.pageSize;
    for (;;) {
        auto reply = ask(listRequest(m_hosts, item->number, from, limit), call);
        if (!reply)
            return std::move(reply).error();
        if (reply->status == 400 && !pageToken.empty())
            return listRestart(kOrigin);
        auto items = decodeItems(*reply);
        if (!items)
            return std::move(items).error();
        Page page;
        page.entries = std::move(items->entries);
        if (from.byMarker) {
            if (!items->nextMarker.empty() && items->nextMarker == from.marker)
                return badReply(kOrigin, "a list that does not go on", reply->status);
            from.marker = items->nextMarker;
            page.nextPageToken = from.marker.empty() ? "" : from.text();
            return page;
        }
        if (items->total > kLastOffset && pageToken.empty()) { // too large to be paged through in order
            from = {};
            from.byMarker = true;
            continue;
        }
        page.sorted = true;
        from.offset += items->limit > 0 && items->limit < limit ? items->limit : limit;
        if (from.offset < items->total)
            page.nextPageToken = from.text();
        return page;
    }
}

Result<Entry> BoxProvider::stat(const EntryId &id, const Call &call)
{
    const auto item = itemOf(id);
    if (!item)
        return Error{Errc::InvalidArgument, "not an id of Box", kOrigin};
    auto reply = ask(itemRequest(m_hosts, *item), call);
    if (!reply)
        return std::move(reply).error();
    return decodeItem(*reply);
}

Result<void> BoxProvider::remove(const EntryId &file, const Call &call)
{
    const auto item = itemOf(file);
    if (!item || file.value.empty())
        return Error{Errc::InvalidArgument, "this cannot be removed", kOrigin};
    auto reply = ask(removeRequest(m_hosts, *item), call);
    if (!reply)
        return std::move(reply).error();
    return decodeNothing(*reply);
}

Result<Page> BoxProvider::search(const std::string &text, const EntryId &folder, const std::string &pageToken,
                                 const Call &call)
{
    const auto item = itemOf(folder);
    if (!item || item->kind != ItemKind::Folder)
        return notAFolder();
    std::int64_t offset = 0;
    if (!pageToken.empty()) {
        const auto [end, error] = std::from_chars(pageToken.data(), pageToken.data() + pageToken.size(), offset);
        if (error != std::errc() || end != pageToken.data() + pageToken.size() || offset <= 0)
            return listRestart(kOrigin);
    }
    auto reply = ask(searchRequest(m_hosts, text, item->number, offset, kSearchPage), call);
    if (!reply)
        return std::move(reply).error();
    if (reply->status == 400 && offset > 0)
        return listRestart(kOrigin);
    // What others share may be seen from further down only, so the root is not looked for above it.
    auto items = decodeItems(*reply, folder.value.empty() ? "" : item->number);
    if (!items)
        return std::move(items).error();
    Page page;
    page.entries = std::move(items->entries);
    offset += items->limit > 0 && items->limit < kSearchPage ? items->limit : kSearchPage;
    if (offset < items->total && offset <= kLastOffset)
        page.nextPageToken = std::to_string(offset);
    return page;
}

Result<Entry> BoxProvider::createFolder(const EntryId &parent, const std::string &name, const Call &call)
{
    if (auto r = checkName(name); !r)
        return std::move(r).error();
    const auto item = itemOf(parent);
    if (!item || item->kind != ItemKind::Folder)
        return notAFolder();
    auto reply = ask(createFolderRequest(m_hosts, item->number, name), call);
    if (!reply)
        return std::move(reply).error();
    return decodeItem(*reply);
}

namespace {

const std::map<std::string, std::string> &defaultHosts()
{
    static const std::map<std::string, std::string> kHosts{{"account", "https://account.box.com"},
                                                           {"api", "https://api.box.com"},
                                                           {"upload", "https://upload.box.com"},
                                                           {"download", "https://dl.boxcloud.com"}};
    return kHosts;
}

OAuthSpec oauthFor(const ProviderEndpoints &endpoints)
{
    const auto base = endpoints.over(defaultHosts());
    OAuthSpec spec;
    spec.provider = kOrigin;
    spec.authorizeUrl = base.at("account") + "/api/oauth2/authorize";
    spec.tokenUrl = base.at("api") + "/oauth2/token";
    spec.revokeUrl = base.at("api") + "/oauth2/revoke";
    spec.scope = "root_readwrite";
    spec.pkce = false;
    spec.secretNeeded = true;
    spec.rotatesRefreshTokens = true;
    return spec;
}

} // namespace

ProviderInfo info()
{
    ProviderInfo info;
    info.id = kOrigin;
    info.title = "Box";
    info.oauth = oauthFor({});
    info.endpoints = defaultHosts();
    info.make = [](HttpClient &http, const ProviderEndpoints &endpoints) -> std::unique_ptr<Provider> {
        const auto base = endpoints.over(defaultHosts());
        return std::make_unique<BoxProvider>(http, Hosts{base.at("api"), base.at("upload"), base.at("download")});
    };
    info.makeHasher = [] { return std::make_unique<DigestHasher>(DigestKind::Sha1); };
    info.oauthFor = oauthFor;
    return info;
}

} // namespace connector::box
