// SPDX-License-Identifier: Apache-2.0
#include "providers/onedrive/onedrive_provider.h"

#include "http/url.h"
#include "providers/onedrive/quick_xor_hash.h"
#include "providers/transfer.h"

#include <algorithm>

namespace connector::onedrive {

namespace {

constexpr const char *kShared = "@shared";
constexpr const char *kRecent = "@recent";
constexpr std::int64_t kUploadMax = 250LL << 30U;
constexpr int kMostSites = 20;
constexpr int kMostLookUps = 200; // of parents, for one page of hits
constexpr int kMostLevels = 100;
constexpr std::size_t kMostParents = 20000;

Entry rootEntry()
{
    Entry root;
    root.kind = EntryKind::Folder;
    root.downloadable = false;
    return root;
}

} // namespace

OneDriveProvider::OneDriveProvider(HttpClient &http, Hosts hosts, Tuning tuning)
    : m_http(http), m_hosts(std::move(hosts)), m_tuning(tuning)
{
}

Features OneDriveProvider::features() const
{
    Features f;
    f.verifiedEmail = false;
    f.search = true;
    f.places = true;
    f.createFolder = true;
    f.thumbnails = true;
    f.serverSort = {SortKey::Name};
    if (m_own && m_own->kind == DriveKind::Personal)
        f.serverSort = {SortKey::Name, SortKey::Modified, SortKey::Size};
    f.caseInsensitiveNames = true;
    f.forbiddenInNames = "\"*:<>?/\\|";
    f.hashAlgorithm = "quickxor";
    f.simpleUploadMax = m_tuning.simpleMax;
    f.chunkSize = m_tuning.chunk;
    f.uploadMax = kUploadMax;
    return f;
}

// Which drive is the account's own, and of what kind: that decides what may be asked of it.
Result<void> OneDriveProvider::learn(const Call &call)
{
    if (m_own)
        return call.poll();
    auto reply = m_http.send(driveRequest(m_hosts), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto drive = decodeDrive(*reply);
    if (!drive) {
        Error error = std::move(drive).error();
        if (error.code == Errc::NotFound) // someone without a licence; no file is missing
            error.code = Errc::PermissionDenied;
        return error;
    }
    m_own = std::move(*drive);
    return {};
}

DriveKind OneDriveProvider::kindOf(const std::string &drive) const
{
    if (m_own && (drive.empty() || drive == m_own->id))
        return m_own->kind;
    const auto known = m_kinds.find(drive);
    return known == m_kinds.end() ? DriveKind::Unknown : known->second;
}

Page OneDriveProvider::pageOf(ItemPage items, bool sorted)
{
    Page page;
    page.sorted = sorted;
    for (auto &item : items.items) {
        if (item.kind != DriveKind::Unknown && m_kinds.size() < kMostParents)
            m_kinds[item.at.drive] = item.kind;
        page.entries.push_back(std::move(item.entry));
    }
    if (!items.next.empty())
        page.nextPageToken = (sorted ? "s" : "u") + items.next;
    return page;
}

Result<Account> OneDriveProvider::account(const Call &call)
{
    auto reply = m_http.send(accountRequest(m_hosts), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto account = decodeAccount(*reply);
    if (!account)
        return account;
    m_own.reset();
    if (auto r = learn(call); !r) {
        if (r.error().code == Errc::PermissionDenied) // an account all the same
            return account;
        return std::move(r).error();
    }
    account->usedBytes = m_own->used;
    account->totalBytes = m_own->total;
    return account;
}

Result<Item> OneDriveProvider::itemAt(const ItemRef &ref, const Call &call)
{
    auto reply = m_http.send(itemRequest(m_hosts, ref), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    return decodeItem(*reply, ref.drive.empty() && m_own ? m_own->id : ref.drive);
}

Result<ItemPage> OneDriveProvider::firstPage(const ItemRef &folder, const std::string &order, const Call &call)
{
    auto reply = m_http.send(listRequest(m_hosts, folder, m_tuning.pageSize, order), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto page = decodeItems(m_hosts, *reply, folder.drive.empty() ? m_own->id : folder.drive);
    const bool odd = page ? page->items.empty() && page->next.empty()
                          : page.error().code == Errc::InvalidArgument || page.error().code == Errc::NotFound;
    if (!odd || folder.item.empty())
        return page;
    // A file has no children: whether the service says so, or shows none, is its mood.
    auto item = itemAt(folder, call);
    if (!item)
        return std::move(item).error();
    if (item->entry.kind != EntryKind::Folder)
        return Error{Errc::InvalidArgument, "not a folder", kOrigin, "notAFolder"};
    return page;
}

Result<ItemPage> OneDriveProvider::listPlace(HttpRequest request, const Call &call)
{
    auto reply = m_http.send(std::move(request), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    return decodeItems(m_hosts, *reply, m_own->id);
}

Result<ItemPage> OneDriveProvider::nextPage(const std::string &pageToken, const std::string &drive, const Call &call)
{
    const std::string url = pageToken.substr(1);
    if (!isPageUrl(m_hosts, url)) // not one of ours: the token must not go there
        return listRestart(kOrigin);
    auto reply = m_http.send(pageRequest(url), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    if (reply->status == 400 || reply->status == 410) {
        Error dead = listRestart(kOrigin);
        dead.nativeCode = decodeError(*reply).nativeCode;
        dead.httpStatus = reply->status;
        return dead;
    }
    return decodeItems(m_hosts, *reply, drive);
}

Result<Page> OneDriveProvider::list(const EntryId &folder, const std::string &pageToken, const Sort &sort,
                                    const Call &call)
{
    if (auto r = learn(call); !r)
        return std::move(r).error();
    if (folder.value == kShared || folder.value == kRecent) {
        auto page = !pageToken.empty()        ? nextPage(pageToken, m_own->id, call)
                    : folder.value == kShared ? listPlace(sharedRequest(m_hosts), call)
                                              : listPlace(recentRequest(m_hosts), call);
        if (!page)
            return std::move(page).error();
        return pageOf(std::move(*page), false);
    }
    auto ref = refOf(folder);
    if (!ref)
        return std::move(ref).error();
    if (!pageToken.empty()) {
        auto page = nextPage(pageToken, ref->drive.empty() ? m_own->id : ref->drive, call);
        if (!page)
            return std::move(page).error();
        return pageOf(std::move(*page), pageToken[0] == 's');
    }
    std::string order = m_unsorted.contains(ref->drive) ? "" : orderBy(sort, kindOf(ref->drive));
    auto page = firstPage(*ref, order, call);
    if (!page && !order.empty() &&
        (page.error().code == Errc::InvalidArgument || page.error().code == Errc::Unsupported)) {
        order.clear();
        page = firstPage(*ref, order, call);
        if (page)
            m_unsorted[ref->drive] = true;
    }
    if (!page)
        return std::move(page).error();
    return pageOf(std::move(*page), !order.empty());
}

Result<Entry> OneDriveProvider::stat(const EntryId &id, const Call &call)
{
    if (auto r = call.poll(); !r)
        return std::move(r).error();
    if (id.value.empty())
        return rootEntry();
    if (id.value == kShared || id.value == kRecent) {
        Entry place = rootEntry();
        place.id = id;
        place.writable = false;
        return place;
    }
    auto ref = refOf(id);
    if (!ref)
        return std::move(ref).error();
    auto item = itemAt(*ref, call);
    if (!item)
        return std::move(item).error();
    item->entry.id = id; // a library's root keeps the name that its place has
    return std::move(item->entry);
}

Result<void> OneDriveProvider::remove(const EntryId &file, const Call &call)
{
    auto ref = refOf(file);
    if (!ref)
        return std::move(ref).error();
    if (ref->item.empty())
        return Error{Errc::InvalidArgument, "a drive cannot be removed", kOrigin};
    auto reply = m_http.send(deleteRequest(m_hosts, *ref), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    return decodeNothing(*reply);
}

Result<Entry> OneDriveProvider::createFolder(const EntryId &parent, const std::string &name, const Call &call)
{
    if (auto r = checkName(name); !r)
        return std::move(r).error();
    if (name.front() == '~')
        return nameInvalid(kOrigin);
    auto ref = refOf(parent);
    if (!ref)
        return std::move(ref).error();
    if (auto r = learn(call); !r)
        return std::move(r).error();
    auto reply = m_http.send(createFolderRequest(m_hosts, *ref, name), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto item = decodeItem(*reply, ref->drive.empty() ? m_own->id : ref->drive);
    if (!item)
        return std::move(item).error();
    return std::move(item->entry);
}

Result<std::vector<Place>> OneDriveProvider::places(const Call &call)
{
    if (auto r = learn(call); !r)
        return std::move(r).error();
    std::vector<Place> places{{{kShared}, Place::Kind::SharedWithMe, {}}, {{kRecent}, Place::Kind::Recent, {}}};
    if (m_own->kind != DriveKind::Personal)
        if (auto r = addLibraries(places, call); !r)
            return std::move(r).error();
    return places;
}

// The document libraries of the sites that the person follows.
Result<void> OneDriveProvider::addLibraries(std::vector<Place> &places, const Call &call)
{
    // A grant without the right to see sites still has its own drive.
    const auto closed = [](const Error &error) {
        return error.code == Errc::PermissionDenied || error.code == Errc::NotFound ||
               error.code == Errc::InvalidArgument || error.code == Errc::Unsupported;
    };
    auto reply = m_http.send(sitesRequest(m_hosts), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto sites = decodeSites(*reply);
    if (!sites)
        return closed(sites.error()) ? Result<void>() : std::move(sites).error();
    if (sites->size() > kMostSites)
        sites->resize(kMostSites);
    for (const Site &site : *sites) {
        auto libraries = m_http.send(librariesRequest(m_hosts, site), nullptr, call);
        if (!libraries)
            return std::move(libraries).error();
        auto drives = decodeDrives(*libraries);
        if (!drives && !closed(drives.error()))
            return std::move(drives).error();
        if (!drives)
            continue;
        for (const Drive &drive : *drives) {
            m_kinds[drive.id] = drive.kind;
            const bool alone = drives->size() == 1 || drive.name.empty() || drive.name == site.name;
            places.push_back({idOf({drive.id, ""}), Place::Kind::Drive,
                              alone && !site.name.empty() ? site.name : site.name + " / " + drive.name});
        }
    }
    return {};
}

Result<Page> OneDriveProvider::search(const std::string &text, const EntryId &folder, const std::string &pageToken,
                                      const Call &call)
{
    if (auto r = learn(call); !r)
        return std::move(r).error();
    const bool shared = folder.value == kShared;
    auto ref = shared || folder.value == kRecent ? Result<ItemRef>(ItemRef{}) : refOf(folder);
    if (!ref)
        return std::move(ref).error();
    const std::string drive = ref->drive.empty() ? m_own->id : ref->drive;
    // A search below a folder is sound on personal drives. Elsewhere it leaves hits out and adds others, so the whole
    // drive is searched and we look ourselves where the hits are.
    const bool narrow = !ref->item.empty() && kindOf(drive) != DriveKind::Personal;
    Result<ItemPage> hits = Error{Errc::BadReply, ""};
    if (!pageToken.empty()) {
        hits = nextPage(pageToken, drive, call);
    } else {
        m_parents.clear(); // folders move
        auto reply = m_http.send(
            shared ? searchAllRequest(m_hosts, text, m_tuning.pageSize)
                   : searchRequest(m_hosts, narrow ? ItemRef{ref->drive, ""} : *ref, text, m_tuning.pageSize),
            nullptr, call);
        if (!reply)
            return std::move(reply).error();
        hits = decodeItems(m_hosts, *reply, drive);
    }
    if (!hits)
        return std::move(hits).error();
    if (shared)
        std::erase_if(hits->items, [](const Item &item) { return !item.remote; });
    if (narrow) {
        std::vector<Item> inside;
        int lookUps = kMostLookUps;
        for (auto &item : hits->items) {
            auto below = isBelow(item, *ref, lookUps, call);
            if (!below)
                return std::move(below).error();
            if (*below)
                inside.push_back(std::move(item));
        }
        hits->items = std::move(inside);
    }
    return pageOf(std::move(*hits), false);
}

Result<bool> OneDriveProvider::isBelow(const Item &item, const ItemRef &folder, int &lookUps, const Call &call)
{
    if (item.at.drive != folder.drive)
        return false;
    std::string at = item.at.item;
    std::string parent = item.parent;
    for (int level = 0; level < kMostLevels; ++level) {
        if (parent == folder.item)
            return true;
        if (parent.empty() && level > 0) // the root, or one that does not say
            return false;
        if (!parent.empty() && m_parents.size() < kMostParents)
            m_parents[folder.drive + "/" + at] = parent;
        const std::string next = parent.empty() ? at : parent;
        const auto known = m_parents.find(folder.drive + "/" + next);
        if (known != m_parents.end()) {
            at = next;
            parent = known->second;
            continue;
        }
        if (--lookUps < 0)
            return false;
        auto found = itemAt({folder.drive, next}, call);
        if (!found && found.error().code != Errc::NotFound && found.error().code != Errc::PermissionDenied)
            return std::move(found).error();
        at = next;
        parent = found ? found->parent : "";
        if (m_parents.size() < kMostParents)
            m_parents[folder.drive + "/" + at] = parent;
    }
    return false;
}

namespace {

const std::map<std::string, std::string> &defaultHosts()
{
    static const std::map<std::string, std::string> kHosts{{"login", "https://login.microsoftonline.com"},
                                                           {"graph", "https://graph.microsoft.com"}};
    return kHosts;
}

// Who may sign in stands in the path: "common" is everybody, unless the address names an own tenant behind the host.
std::string withTenant(const std::string &login)
{
    const std::string last = login.substr(login.rfind('/') + 1);
    auto parts = splitUrl(login);
    const bool path = parts && parts->path.size() > 1;
    const bool number = last.size() == 36 && std::count(last.begin(), last.end(), '-') == 4;
    const bool tenant = path && (last == "common" || last == "organizations" || last == "consumers" || number ||
                                 last.find('.') != std::string::npos);
    return tenant ? login : login + "/common";
}

OAuthSpec oauthFor(const ProviderEndpoints &endpoints)
{
    const auto base = endpoints.over(defaultHosts());
    const std::string login = withTenant(base.at("login"));
    OAuthSpec spec;
    spec.provider = kOrigin;
    spec.authorizeUrl = login + "/oauth2/v2.0/authorize";
    spec.tokenUrl = login + "/oauth2/v2.0/token";
    spec.scope = "offline_access openid profile email User.Read Files.ReadWrite.All Sites.Read.All";
    spec.extraAuthorize = {{"response_mode", "query"}, {"prompt", "select_account"}};
    spec.pkce = true;
    spec.secretNeeded = false;
    spec.secretOptional = true;
    spec.rotatesRefreshTokens = true;
    return spec;
}

} // namespace

ProviderInfo info()
{
    ProviderInfo info;
    info.id = kOrigin;
    info.title = "OneDrive";
    info.oauth = oauthFor({});
    info.endpoints = defaultHosts();
    info.make = [](HttpClient &http, const ProviderEndpoints &endpoints) -> std::unique_ptr<Provider> {
        const auto base = endpoints.over(defaultHosts());
        return std::make_unique<OneDriveProvider>(http, Hosts{base.at("graph")});
    };
    info.makeHasher = [] { return std::make_unique<QuickXorHash>(); };
    info.oauthFor = oauthFor;
    info.addFromIdToken = addFromIdToken;
    return info;
}

} // namespace connector::onedrive
