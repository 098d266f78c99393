// SPDX-License-Identifier: Apache-2.0
#include "providers/google_drive/google_drive_provider.h"

#include "providers/digest.h"
#include "providers/transfer.h"

#include <algorithm>

namespace connector::google_drive {

using std::chrono::milliseconds;

namespace {

constexpr int kPatientAttempts = 5;
constexpr int kRecentFiles = 100;
constexpr int kSearchPage = 100;
constexpr int kMostPages = 20; // of drives, or of files with one name
constexpr int kMostLookups = 60;
constexpr int kDeepest = 100; // the service's own limit

// A page token of ours: the shared drive that is looked in, and the service's own token.
std::string packToken(const std::string &driveId, const std::string &token)
{
    return token.empty() ? "" : driveId + "/" + token;
}

std::pair<std::string, std::string> unpackToken(const std::string &token)
{
    const std::size_t slash = token.find('/');
    if (slash == std::string::npos)
        return {};
    return {token.substr(0, slash), token.substr(slash + 1)};
}

Entry madeUpFolder(const EntryId &id)
{
    Entry entry;
    entry.id = id;
    entry.kind = EntryKind::Folder;
    entry.downloadable = false;
    entry.writable = !isPlace(id);
    return entry;
}

} // namespace

GoogleDriveProvider::GoogleDriveProvider(HttpClient &http, Hosts hosts, Tuning tuning)
    : m_http(http), m_hosts(std::move(hosts)), m_tuning(tuning)
{
}

Features GoogleDriveProvider::features() const
{
    Features f;
    f.search = true;
    f.searchScope = SearchScope::Account;
    f.places = true;
    f.createFolder = true;
    f.thumbnails = true;
    f.serverSort = {SortKey::Name, SortKey::Modified};
    f.duplicateNames = true;
    f.forbiddenInNames = "/"; // ours, not the cloud's: such a file could not be kept anywhere else
    f.hashAlgorithm = "sha256";
    f.simpleUploadMax = m_tuning.simpleMax;
    f.chunkSize = m_tuning.chunk;
    f.uploadMax = kUploadMax;
    return f;
}

// Rate limits come as 403, which nobody below knows to be passing.
Result<HttpReply> GoogleDriveProvider::ask(const HttpRequest &request, ByteSink *sink, const Call &call)
{
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        auto reply = m_http.send(request, sink, call);
        if (!reply || attempt == kPatientAttempts || !isRateLimit(*reply))
            return reply;
        if (request.source != nullptr && !request.source->seek(request.sourceStart))
            return reply;
        if (auto r = waitFor(wait, call); !r)
            return std::move(r).error();
    }
}

Result<Account> GoogleDriveProvider::account(const Call &call)
{
    auto reply = ask(userinfoRequest(m_hosts), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto account = decodeUserinfo(*reply);
    if (!account)
        return account;
    auto space = ask(aboutRequest(m_hosts), nullptr, call);
    if (!space)
        return std::move(space).error();
    auto about = decodeAbout(*space);
    if (!about) {
        // Whoever unticked Drive on the consent page hears of it here, not at the first listing.
        if (about.error().stable == "scope-missing" || about.error().code == Errc::Unauthenticated)
            return std::move(about).error();
        return account; // an account without its quota is still an account
    }
    account->usedBytes = about->used;
    account->totalBytes = about->total;
    if (account->name.empty())
        account->name = about->name;
    if (account->email.empty()) // not verified, as far as we know
        account->email = about->email;
    return account;
}

// The file as it is now; what a shortcut points at, under the shortcut's name.
Result<File> GoogleDriveProvider::fileAt(const EntryId &id, const Call &call)
{
    auto ref = refOf(id);
    if (!ref)
        return std::move(ref).error();
    auto reply = ask(fileRequest(m_hosts, *ref), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto file = decodeFile(*reply);
    if (file && file->trashed)
        return Error{Errc::NotFound, "it is in the trash", kOrigin, "trashed"};
    if (file && file->target)
        return followed(std::move(*file), call);
    return file;
}

// What a shortcut points at. It stays what it is where that is gone, closed to us, or a shortcut again.
Result<File> GoogleDriveProvider::followed(File shortcut, const Call &call)
{
    auto ref = shortcut.target ? refOf(*shortcut.target) : Result<FileRef>(Error{});
    if (!ref)
        return shortcut;
    auto reply = ask(fileRequest(m_hosts, *ref), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto target = decodeFile(*reply);
    if (!target) {
        if (target.error().code == Errc::NotFound || target.error().code == Errc::PermissionDenied)
            return shortcut;
        return target;
    }
    if (target->trashed || target->entry.kind == EntryKind::Link)
        return shortcut;
    target->entry.id = *shortcut.target;
    target->entry.name = shortcut.entry.name;
    return target;
}

Result<File> GoogleDriveProvider::folderAt(const EntryId &id, const Call &call)
{
    if (id.value.empty()) {
        File root;
        root.entry = madeUpFolder(id);
        return root;
    }
    if (isPlace(id))
        return refused(Errc::PermissionDenied, "this place takes no files", "");
    auto file = fileAt(id, call);
    if (file && file->entry.kind != EntryKind::Folder)
        return Error{Errc::InvalidArgument, "not a folder", kOrigin};
    return file;
}

Result<FilePage> GoogleDriveProvider::filesOf(const Query &query, int pageSize, const std::string &token,
                                              const Call &call)
{
    auto reply = ask(filesRequest(m_hosts, query, pageSize, token), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    if (!token.empty() && (reply->status == 400 || reply->status == 410))
        return listRestart(kOrigin);
    return decodeFiles(*reply);
}

// Files as entries, shortcuts as what they point at.
Result<std::vector<Entry>> GoogleDriveProvider::shown(std::vector<File> files, const Call &call)
{
    std::vector<Entry> entries;
    int left = m_tuning.shortcutsPerPage;
    for (File &file : files) {
        if (file.target && left-- > 0) {
            auto target = followed(std::move(file), call);
            if (!target)
                return std::move(target).error();
            entries.push_back(std::move(target->entry));
        } else {
            entries.push_back(file.target ? asTarget(file) : std::move(file.entry));
        }
    }
    return entries;
}

Result<Page> GoogleDriveProvider::list(const EntryId &folder, const std::string &pageToken, const Sort &sort,
                                       const Call &call)
{
    auto [driveId, token] = unpackToken(pageToken);
    if (!pageToken.empty() && token.empty())
        return listRestart(kOrigin);
    const bool recent = folder.value == kRecent;
    Query query;
    if (recent) {
        query = recentQuery();
    } else if (isPlace(folder)) {
        query = sharedQuery(sort);
    } else {
        auto ref = refOf(folder);
        if (!ref)
            return std::move(ref).error();
        // A folder that is gone, or a file, would be listed as empty.
        if (pageToken.empty()) {
            auto known = folderAt(folder, call);
            if (!known)
                return std::move(known).error();
            driveId = known->driveId;
            if (!folder.value.empty())
                ref = refOf(known->entry.id); // of a shortcut's target
        }
        query = childrenQuery(*ref, driveId, sort);
    }
    auto files = filesOf(query, recent ? kRecentFiles : m_tuning.pageSize, token, call);
    if (!files)
        return std::move(files).error();
    auto entries = shown(std::move(files->files), call);
    if (!entries)
        return std::move(entries).error();
    Page page{std::move(*entries), packToken(driveId, files->nextPageToken), sort.by != SortKey::Size};
    if (recent) { // the latest ones, not the whole account
        page.nextPageToken.clear();
        page.sorted = sort.by == SortKey::Modified && sort.descending;
    }
    return page;
}

Result<Entry> GoogleDriveProvider::stat(const EntryId &id, const Call &call)
{
    if (id.value.empty() || isPlace(id)) {
        if (auto r = call.poll(); !r)
            return std::move(r).error();
        return madeUpFolder(id);
    }
    auto file = fileAt(id, call);
    if (!file)
        return std::move(file).error();
    return std::move(file->entry);
}

Result<void> GoogleDriveProvider::remove(const EntryId &file, const Call &call)
{
    auto ref = refOf(file);
    if (!ref || file.value.empty())
        return Error{Errc::InvalidArgument, "this cannot be removed", kOrigin};
    auto reply = ask(deleteRequest(m_hosts, *ref), nullptr, call);
    auto done = reply ? decodeNothing(*reply) : Result<void>(reply.error());
    if (!done && outcomeUnknown(done.error())) {
        reply = ask(deleteRequest(m_hosts, *ref), nullptr, call);
        done = reply ? decodeNothing(*reply) : Result<void>(reply.error());
        if (!done && done.error().code == Errc::NotFound)
            return {};
    }
    if (done || done.error().code != Errc::PermissionDenied || done.error().stable == "scope-missing")
        return done;
    auto known = fileAt(file, call);
    if (!known)
        return std::move(known).error();
    if (known->locked)
        return refused(Errc::Busy, "the file is locked", "file-locked");
    // In shared drives a member may throw away what only a manager may delete for good.
    auto trashed = ask(trashRequest(m_hosts, *ref), nullptr, call);
    if (!trashed)
        return std::move(trashed).error();
    return decodeNothing(*trashed);
}

Result<std::vector<Place>> GoogleDriveProvider::places(const Call &call)
{
    std::vector<Place> places{{{kSharedWithMe}, Place::Kind::SharedWithMe, {}}, {{kRecent}, Place::Kind::Recent, {}}};
    std::string token;
    for (int pages = 0; pages < kMostPages; ++pages) {
        auto reply = ask(drivesRequest(m_hosts, token), nullptr, call);
        if (!reply)
            return std::move(reply).error();
        auto page = decodeDrives(*reply);
        if (!page) {
            // An organisation may forbid shared drives; the rest is there all the same.
            if (page.error().code == Errc::PermissionDenied && page.error().stable.empty())
                break;
            return std::move(page).error();
        }
        places.insert(places.end(), page->drives.begin(), page->drives.end());
        token = page->nextPageToken;
        if (token.empty())
            break;
    }
    return places;
}

// Parents that are known already, and how many more may be asked for.
struct GoogleDriveProvider::Ancestry {
    std::map<std::string, std::string> parentOf;
    int left = kMostLookups;
};

// Also true where it would take too long to tell.
Result<bool> GoogleDriveProvider::isBelow(const File &file, const std::string &folder, Ancestry &known,
                                          const Call &call)
{
    std::string at = file.parents.empty() ? "" : file.parents.front();
    for (int depth = 0; depth < kDeepest; ++depth) {
        if (at.empty() || at == folder)
            return at == folder;
        if (const auto found = known.parentOf.find(at); found != known.parentOf.end()) {
            at = found->second;
            continue;
        }
        if (known.left-- <= 0)
            return true;
        auto reply = ask(fileRequest(m_hosts, {at, {}}), nullptr, call);
        if (!reply)
            return std::move(reply).error();
        auto parent = decodeFile(*reply);
        if (!parent && parent.error().code != Errc::NotFound && parent.error().code != Errc::PermissionDenied)
            return std::move(parent).error();
        std::string &next = known.parentOf[at]; // "": the top, or closed to us
        if (parent && !parent->parents.empty())
            next = parent->parents.front();
        at = next;
    }
    return false;
}

Result<Page> GoogleDriveProvider::search(const std::string &text, const EntryId &folder, const std::string &pageToken,
                                         const Call &call)
{
    auto [driveId, token] = unpackToken(pageToken);
    if (!pageToken.empty() && token.empty())
        return listRestart(kOrigin);
    const bool within = !folder.value.empty() && !isPlace(folder);
    EntryId top = folder;
    if (within && pageToken.empty()) {
        auto known = folderAt(folder, call);
        if (!known)
            return std::move(known).error();
        driveId = known->driveId;
        top = known->entry.id;
    }
    auto files = filesOf(searchQuery(text, driveId, folder.value == kSharedWithMe), kSearchPage, token, call);
    if (!files)
        return std::move(files).error();
    if (within && top.value != driveId) {
        auto ref = refOf(top);
        if (!ref)
            return std::move(ref).error();
        Ancestry known;
        std::vector<File> below;
        for (File &file : files->files) {
            auto is = isBelow(file, ref->id, known, call);
            if (!is)
                return std::move(is).error();
            if (*is)
                below.push_back(std::move(file));
        }
        files->files = std::move(below);
    }
    auto entries = shown(std::move(files->files), call);
    if (!entries)
        return std::move(entries).error();
    return Page{std::move(*entries), packToken(driveId, files->nextPageToken), false};
}

// What stands in the folder under one of the names, to the letter; the last changed first.
Result<std::vector<File>> GoogleDriveProvider::namesakes(const File &folder, const std::vector<std::string> &names,
                                                         const Call &call)
{
    auto ref = refOf(folder.entry.id);
    if (!ref)
        return std::move(ref).error();
    const Query query = namesQuery(*ref, folder.driveId, names);
    std::vector<File> found;
    std::string token;
    for (int pages = 0; pages < kMostPages; ++pages) {
        auto page = filesOf(query, m_tuning.pageSize, token, call);
        if (!page)
            return std::move(page).error();
        for (File &file : page->files)
            if (std::find(names.begin(), names.end(), file.entry.name) != names.end())
                found.push_back(std::move(file));
        token = page->nextPageToken;
        if (token.empty())
            break;
    }
    return found;
}

Result<Entry> GoogleDriveProvider::createFolder(const EntryId &parent, const std::string &name, const Call &call)
{
    if (auto r = checkName(name); !r)
        return std::move(r).error();
    auto folder = folderAt(parent, call);
    if (!folder)
        return std::move(folder).error();
    // The cloud would make a second one of the same name.
    const auto find = [&]() -> Result<std::optional<Entry>> {
        auto taken = namesakes(*folder, {name}, call);
        if (!taken)
            return std::move(taken).error();
        for (File &file : *taken)
            if (file.entry.kind == EntryKind::Folder)
                return std::optional(std::move(file.entry));
        return std::optional<Entry>();
    };
    auto before = find();
    if (!before)
        return std::move(before).error();
    if (*before)
        return refused(Errc::Conflict, "there is a folder of this name", "");
    auto ref = refOf(folder->entry.id);
    if (!ref)
        return std::move(ref).error();
    auto reply = ask(createFolderRequest(m_hosts, *ref, name), nullptr, call);
    auto made = reply ? decodeFile(*reply) : Result<File>(reply.error());
    if (made)
        return std::move(made->entry);
    if (outcomeUnknown(made.error())) {
        auto after = find();
        if (after && *after)
            return std::move(**after);
    }
    return std::move(made).error();
}

namespace {

const std::map<std::string, std::string> &defaultHosts()
{
    static const std::map<std::string, std::string> kHosts{{"accounts", "https://accounts.google.com"},
                                                           {"oauth2", "https://oauth2.googleapis.com"},
                                                           {"userinfo", "https://openidconnect.googleapis.com"},
                                                           {"api", "https://www.googleapis.com"},
                                                           {"docs", "https://docs.google.com"},
                                                           {"pictures", "https://lh3.googleusercontent.com"}};
    return kHosts;
}

OAuthSpec oauthFor(const ProviderEndpoints &endpoints)
{
    const auto base = endpoints.over(defaultHosts());
    OAuthSpec spec;
    spec.provider = kOrigin;
    spec.authorizeUrl = base.at("accounts") + "/o/oauth2/v2/auth";
    spec.tokenUrl = base.at("oauth2") + "/token";
    // No revokeUrl: there, all grants of the person to this application end, those at other printers, too.
    spec.scope = "https://www.googleapis.com/auth/drive openid email";
    // Without both, a second consent gives no refresh token.
    spec.extraAuthorize = {{"access_type", "offline"}, {"prompt", "consent"}};
    spec.pkce = true;
    spec.secretNeeded = true;
    return spec;
}

} // namespace

ProviderInfo info()
{
    ProviderInfo info;
    info.id = kOrigin;
    info.title = "Google Drive";
    info.oauth = oauthFor({});
    info.endpoints = defaultHosts();
    info.make = [](HttpClient &http, const ProviderEndpoints &endpoints) -> std::unique_ptr<Provider> {
        const auto base = endpoints.over(defaultHosts());
        return std::make_unique<GoogleDriveProvider>(
            http, Hosts{base.at("userinfo"), base.at("api"), base.at("docs"), base.at("pictures")});
    };
    info.makeHasher = [] { return std::make_unique<DigestHasher>(DigestKind::Sha256); };
    info.oauthFor = oauthFor;
    return info;
}

} // namespace connector::google_drive
