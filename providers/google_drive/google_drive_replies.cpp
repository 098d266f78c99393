// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"
#include "http/json_body.h"
#include "providers/google_drive/google_drive_codec.h"
#include "providers/reply.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace connector::google_drive {

using nlohmann::json;
using std::chrono::seconds;

namespace {

constexpr std::string_view kApps = "application/vnd.google-apps.";
constexpr std::string_view kFolder = "application/vnd.google-apps.folder";
constexpr std::string_view kShortcut = "application/vnd.google-apps.shortcut";
constexpr std::size_t kLongestLink = 8192;
// The service does not say how long; these are the usual waits.
constexpr seconds kRateWait{60};
constexpr seconds kDailyWait{3600};

// What files.export turns into a PDF.
bool exportsPdf(std::string_view mimeType)
{
    if (!mimeType.starts_with(kApps))
        return false;
    mimeType.remove_prefix(kApps.size());
    return mimeType == "document" || mimeType == "spreadsheet" || mimeType == "presentation" || mimeType == "drawing";
}

// 64-bit numbers come as strings.
std::optional<std::int64_t> numberOf(const json &object, const char *key)
{
    const std::string text = textOf(object, key);
    std::optional<std::int64_t> number = integerOf(object, key);
    if (!text.empty()) {
        std::int64_t value = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (problem == std::errc() && end == text.data() + text.size())
            number = value;
    }
    return number && *number >= 0 ? number : std::nullopt;
}

Result<json> objectOf(const HttpReply &reply)
{
    if (reply.status / 100 != 2)
        return decodeError(reply);
    return jsonObjectOf(reply, kOrigin);
}

bool isDigest(const std::string &text, std::size_t length)
{
    return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

// Fills in what follows from the type.
void setKind(Entry &entry, const std::string &mimeType, const json &capabilities)
{
    entry.mimeType = mimeType;
    const bool mayDownload = flagOf(capabilities, "canDownload", true);
    if (mimeType == kFolder) {
        entry.kind = EntryKind::Folder;
        entry.writable = flagOf(capabilities, "canAddChildren", true);
        entry.downloadable = false;
    } else if (mimeType == kShortcut) {
        entry.kind = EntryKind::Link;
        entry.downloadable = false;
    } else if (mimeType.starts_with(kApps)) {
        entry.kind = EntryKind::Document;
        entry.downloadable = false;
        entry.convertible = mayDownload && exportsPdf(mimeType);
    } else {
        entry.downloadable = mayDownload;
    }
}

std::optional<File> fileOf(const json &object)
{
    const FileRef ref{textOf(object, "id"), textOf(object, "resourceKey")};
    File file;
    file.entry.id = entryIdOf(ref);
    if (ref.id.empty() || !refOf(file.entry.id))
        return std::nullopt;
    Entry &entry = file.entry;
    entry.name = textOf(object, "name");
    if (entry.name.empty())
        entry.name = "Untitled";
    setKind(entry, textOf(object, "mimeType"), memberOf(object, "capabilities"));
    if (auto time = parseRfc3339(textOf(object, "modifiedTime")))
        entry.modified = *time;
    if (entry.kind == EntryKind::File) {
        entry.size = numberOf(object, "size");
        if (const std::string hash = toLowerAscii(textOf(object, "sha256Checksum")); isDigest(hash, 64))
            entry.contentHash = "sha256:" + hash;
        if (const std::string hash = toLowerAscii(textOf(object, "md5Checksum")); isDigest(hash, 32))
            file.md5 = "md5:" + hash;
        entry.revision = textOf(object, "headRevisionId");
        if (entry.revision.empty())
            entry.revision = entry.contentHash;
    } else if (entry.kind == EntryKind::Document) {
        if (auto version = numberOf(object, "version"))
            entry.revision = std::to_string(*version);
    } else if (entry.kind == EntryKind::Link) {
        const json &details = memberOf(object, "shortcutDetails");
        const EntryId target = entryIdOf({textOf(details, "targetId"), textOf(details, "targetResourceKey")});
        if (!target.value.empty() && refOf(target))
            file.target = target;
        file.targetMimeType = textOf(details, "targetMimeType");
    }
    file.created = textOf(object, "createdTime");
    file.driveId = textOf(object, "driveId");
    if (!refOf({file.driveId}))
        file.driveId.clear();
    if (const json &parents = memberOf(object, "parents"); parents.is_array())
        for (const auto &parent : parents)
            if (parent.is_string() && refOf({parent.get_ref<const std::string &>()}))
                file.parents.push_back(parent.get<std::string>());
    file.trashed = flagOf(object, "trashed");
    if (const json &restrictions = memberOf(object, "contentRestrictions"); restrictions.is_array())
        for (const auto &restriction : restrictions)
            file.locked = file.locked || flagOf(restriction, "readOnly");
    return file;
}

struct Meaning {
    std::string_view reason;
    Errc code;
    std::string_view stable = {};
};

// A 403 says nothing by itself: the reason tells a missing right from a full account and from a rate limit.
constexpr std::array kMeanings{
    Meaning{"insufficientPermissions", Errc::PermissionDenied, "scope-missing"},
    Meaning{"appNotAuthorizedToFile", Errc::PermissionDenied, "scope-missing"},
    Meaning{"ACCESS_TOKEN_SCOPE_INSUFFICIENT", Errc::PermissionDenied, "scope-missing"},
    Meaning{"insufficientFilePermissions", Errc::PermissionDenied},
    Meaning{"forbidden", Errc::PermissionDenied},
    Meaning{"domainPolicy", Errc::PermissionDenied},
    Meaning{"cannotDownloadAbusiveFile", Errc::PermissionDenied, "file-blocked"},
    Meaning{"cannotDownloadFile", Errc::PermissionDenied, "file-blocked"},
    Meaning{"cannotExportFile", Errc::PermissionDenied, "file-blocked"},
    Meaning{"storageQuotaExceeded", Errc::QuotaExceeded},
    Meaning{"quotaExceeded", Errc::QuotaExceeded},
    Meaning{"teamDriveFileLimitExceeded", Errc::QuotaExceeded},
    Meaning{"numChildrenInNonRootLimitExceeded", Errc::QuotaExceeded},
    Meaning{"teamDriveHierarchyTooDeep", Errc::Unsupported},
    Meaning{"userRateLimitExceeded", Errc::RateLimited},
    Meaning{"rateLimitExceeded", Errc::RateLimited},
    Meaning{"RATE_LIMIT_EXCEEDED", Errc::RateLimited},
    Meaning{"sharingRateLimitExceeded", Errc::RateLimited},
    Meaning{"dailyLimitExceeded", Errc::RateLimited},
    Meaning{"uploadLimitExceeded", Errc::RateLimited},
    Meaning{"downloadQuotaExceeded", Errc::RateLimited},
    Meaning{"exportSizeLimitExceeded", Errc::Unsupported, "conversion-too-large"},
    Meaning{"fileNotDownloadable", Errc::Unsupported},
    Meaning{"fileNotExportable", Errc::Unsupported},
    Meaning{"uploadTooLarge", Errc::Unsupported, "file-too-large"},
    Meaning{"authError", Errc::Unauthenticated},
    Meaning{"notFound", Errc::NotFound},
};

constexpr std::array<std::string_view, 3> kDaily{"dailyLimitExceeded", "uploadLimitExceeded", "downloadQuotaExceeded"};

const Meaning *meaningOf(std::string_view reason)
{
    const auto *found =
        std::find_if(kMeanings.begin(), kMeanings.end(), [&](const Meaning &row) { return row.reason == reason; });
    return found == kMeanings.end() ? nullptr : found;
}

struct Refusal {
    std::string reason; // fit for a log
    std::string location;
};

// The first entry's reason decides; the gateway's own errors may carry theirs in the details only.
Refusal refusalOf(const json &body)
{
    const json &error = memberOf(body, "error");
    std::string location;
    std::vector<std::string> reasons;
    if (const json &entries = memberOf(error, "errors"); entries.is_array() && !entries.empty()) {
        reasons.push_back(textOf(entries[0], "reason"));
        location = textOf(entries[0], "location");
    }
    if (const json &details = memberOf(error, "details"); details.is_array())
        for (const auto &detail : details)
            reasons.push_back(textOf(detail, "reason"));
    reasons.push_back(textOf(error, "status"));
    reasons.push_back(textOf(body, "error")); // of the sign-in's hosts
    const auto sound = [](const std::string &word) {
        return !word.empty() && word.size() <= 64 && std::all_of(word.begin(), word.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        });
    };
    auto known = std::find_if(reasons.begin(), reasons.end(), [](const auto &word) { return meaningOf(word); });
    if (known == reasons.end())
        known = std::find_if(reasons.begin(), reasons.end(), sound);
    return {known == reasons.end() ? "" : *known, location};
}

} // namespace

Result<Account> decodeUserinfo(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    Account account;
    account.id = textOf(*body, "sub");
    account.name = textOf(*body, "name");
    account.email = textOf(*body, "email");
    account.emailVerified = !account.email.empty() && flagOf(*body, "email_verified");
    if (account.id.empty())
        return badReply(kOrigin, "an account without an id", reply.status);
    return account;
}

Result<About> decodeAbout(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &user = memberOf(*body, "user");
    const json &quota = memberOf(*body, "storageQuota");
    return About{textOf(user, "displayName"), textOf(user, "emailAddress"), numberOf(quota, "usage"),
                 numberOf(quota, "limit")};
}

Result<FilePage> decodeFiles(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &files = memberOf(*body, "files");
    if (!files.is_array())
        return badReply(kOrigin, "a list without files", reply.status);
    FilePage page;
    for (const auto &item : files)
        if (auto file = fileOf(item))
            page.files.push_back(std::move(*file));
    page.nextPageToken = textOf(*body, "nextPageToken");
    return page;
}

Result<DrivePage> decodeDrives(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &drives = memberOf(*body, "drives");
    if (!drives.is_array())
        return badReply(kOrigin, "a list without drives", reply.status);
    DrivePage page;
    for (const auto &drive : drives) {
        const EntryId id{textOf(drive, "id")};
        const std::string name = textOf(drive, "name");
        if (!id.value.empty() && !name.empty() && refOf(id))
            page.drives.push_back({id, Place::Kind::Drive, name});
    }
    page.nextPageToken = textOf(*body, "nextPageToken");
    return page;
}

Result<File> decodeFile(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    auto file = fileOf(*body);
    if (!file)
        return badReply(kOrigin, "not a file", reply.status);
    return std::move(*file);
}

Result<std::string> decodeId(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &ids = memberOf(*body, "ids");
    if (!ids.is_array() || ids.empty() || !ids[0].is_string())
        return badReply(kOrigin, "no id was generated", reply.status);
    auto ref = refOf({ids[0].get<std::string>()});
    if (!ref || ref->id == "root" || !ref->resourceKey.empty())
        return badReply(kOrigin, "what was generated is not an id", reply.status);
    return std::move(ref->id);
}

Result<std::string> decodeExportLink(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    std::string link = textOf(memberOf(*body, "exportLinks"), "application/pdf");
    if (link.empty() || link.size() > kLongestLink)
        return Error{Errc::Unsupported, "there is no link to a PDF of it", kOrigin, {}, reply.status};
    return link;
}

Result<std::string> decodeThumbnailLink(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    std::string link = textOf(*body, "thumbnailLink");
    if (link.empty() || link.size() > kLongestLink)
        return Error{Errc::Unsupported, "there is no thumbnail of it", kOrigin, {}, reply.status};
    return link;
}

Result<std::string> decodeSession(const Hosts &hosts, const HttpReply &reply)
{
    if (reply.status / 100 != 2)
        return decodeError(reply);
    std::string session(reply.headers.get("Location"));
    if (session.size() > kLongestLink || !isSession(hosts, session))
        return badReply(kOrigin, "an upload session at an address that is not the cloud's", reply.status);
    return session;
}

Result<void> decodeNothing(const HttpReply &reply)
{
    if (reply.status / 100 != 2)
        return decodeError(reply);
    return {};
}

Error refused(Errc code, const char *message, const char *stable)
{
    return Error{code, message, kOrigin, {}, 0, {}, stable};
}

Error decodeError(const HttpReply &reply)
{
    Error error{errcOf(reply.status), "Google Drive refused the request", kOrigin, {}, reply.status};
    auto body = parseJson(reply.body);
    const Refusal refusal = body ? refusalOf(*body) : Refusal{};
    error.nativeCode = refusal.reason;
    if (reply.status / 100 == 4) {
        const Meaning *meaning = meaningOf(refusal.reason);
        // What expired is expired whatever else is said, and so on: only these statuses are ambiguous.
        if (meaning != nullptr && (reply.status == 400 || reply.status == 403 || reply.status == 413)) {
            error.code = meaning->code;
            error.stable = meaning->stable;
        } else if (reply.status == 413) {
            error.stable = "file-too-large";
        } else if (reply.status == 400 && (refusal.location == "name" || refusal.location == "file.name")) {
            error.stable = "name-invalid";
        }
    }
    if (error.code == Errc::RateLimited || error.code == Errc::Unavailable) {
        auto wait = retryAfterOf(reply.headers);
        if (!wait && error.code == Errc::RateLimited)
            wait = std::find(kDaily.begin(), kDaily.end(), error.nativeCode) == kDaily.end() ? kRateWait : kDailyWait;
        error.retryAfter = wait.value_or(seconds{0});
    }
    return error;
}

std::int64_t storedBytes(const HttpReply &reply)
{
    std::string_view range = reply.headers.get("Range");
    if (range.empty())
        return 0;
    std::int64_t last = -1;
    if (!range.starts_with("bytes=0-"))
        return -1;
    range.remove_prefix(8);
    const auto [end, problem] = std::from_chars(range.data(), range.data() + range.size(), last);
    if (problem != std::errc() || end != range.data() + range.size() || last < 0 || last > (1LL << 60U))
        return -1;
    return last + 1;
}

bool isRateLimit(const HttpReply &reply)
{
    if (reply.status != 403)
        return false;
    const Error error = decodeError(reply);
    return error.code == Errc::RateLimited && std::find(kDaily.begin(), kDaily.end(), error.nativeCode) == kDaily.end();
}

Entry asTarget(const File &shortcut)
{
    Entry entry = shortcut.entry;
    if (!shortcut.target || shortcut.targetMimeType.empty() || shortcut.targetMimeType == kShortcut)
        return entry;
    entry.id = *shortcut.target;
    entry.kind = EntryKind::File;
    setKind(entry, shortcut.targetMimeType, json());
    return entry;
}

} // namespace connector::google_drive
