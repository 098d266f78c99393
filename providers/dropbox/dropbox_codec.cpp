// SPDX-License-Identifier: Apache-2.0
#include "providers/dropbox/dropbox_codec.h"

#include "core/encoding.h"
#include "http/json_body.h"
#include "providers/reply.h"

#include <algorithm>
#include <array>
#include <set>

namespace connector::dropbox {

using nlohmann::json;

namespace {

// What get_preview turns into a PDF. Sheets become HTML there, so they are not in this list.
bool hasPdfPreview(std::string_view name)
{
    static const std::set<std::string, std::less<>> kExtensions{"ai",      "doc",  "docm", "docx", "eps",  "gdoc",
                                                                "gslides", "odp",  "odt",  "pps",  "ppsm", "ppsx",
                                                                "ppt",     "pptm", "pptx", "rtf"};
    const std::size_t dot = name.rfind('.');
    return dot != std::string_view::npos && kExtensions.contains(toLowerAscii(name.substr(dot + 1)));
}

constexpr std::size_t kLongestName = 255; // characters, of one component
constexpr std::size_t kLongestQuery = 1000;
constexpr std::size_t kListBody = 16U << 20U;

HttpRequest rpc(const std::string &host, const char *route, const json &argument, bool repeatable)
{
    HttpRequest request;
    request.method = "POST";
    request.url = host + "/2/" + route;
    request.headers.set("Content-Type", "application/json");
    request.body = argument.dump(-1, ' ', false, json::error_handler_t::replace);
    request.repeatable = repeatable;
    return request;
}

HttpRequest content(const std::string &host, const char *route, const json &argument, bool upload, bool repeatable)
{
    HttpRequest request;
    request.method = "POST";
    request.url = host + "/2/" + route;
    request.headers.set("Dropbox-API-Arg", asciiJson(argument));
    if (upload)
        request.headers.set("Content-Type", "application/octet-stream");
    request.repeatable = repeatable;
    return request;
}

json commit(const std::string &path, const UploadTarget &target)
{
    json info{{"path", path},
              {"mode", target.onConflict == OnConflict::Replace ? "overwrite" : "add"},
              {"autorename", target.onConflict == OnConflict::Rename},
              {"mute", false}};
    // Without it a file of the same bytes counts as ours, and a later removal would take someone else's.
    info["strict_conflict"] = target.onConflict != OnConflict::Replace;
    if (target.modified)
        info["client_modified"] = formatRfc3339(*target.modified);
    return info;
}

std::string wordOf(const json &value)
{
    return value.is_string() ? value.get<std::string>() : textOf(value, ".tag");
}

// The tags from the outside in: {"path", "conflict", "file"}.
std::vector<std::string> tagsOf(const json &body)
{
    std::vector<std::string> tags;
    const json *at = &memberOf(body, "error");
    if (at->is_object() && !at->contains(".tag")) // rate limits: {"reason": {".tag": …}, "retry_after": …}
        at = &memberOf(*at, "reason");
    while (tags.size() < 8) {
        const std::string tag = wordOf(*at);
        if (tag.empty())
            break;
        tags.push_back(tag);
        const json &inner = memberOf(*at, tag.c_str());
        at = inner.is_null() ? &memberOf(*at, "reason") : &inner; // upload's failures hang under "reason"
    }
    if (!tags.empty())
        return tags;
    // No tree: the summary says the same, with a varying number of dots behind.
    std::istringstream summary(textOf(body, "error_summary"));
    for (std::string tag; tags.size() < 8 && std::getline(summary, tag, '/');)
        if (tag.find_first_not_of('.') != std::string::npos)
            tags.push_back(tag);
    return tags;
}

struct Meaning {
    std::string_view tag;
    Errc code;
    std::string_view stable = {};
};

// What a tag means, wherever in the tree it stands. The innermost tag that is listed decides.
constexpr std::array kMeanings{
    Meaning{"not_found", Errc::NotFound},
    Meaning{"not_file", Errc::InvalidArgument},
    Meaning{"not_folder", Errc::InvalidArgument},
    Meaning{"conflict", Errc::Conflict},
    Meaning{"reset", Errc::Conflict, "list-restart"},
    Meaning{"insufficient_space", Errc::QuotaExceeded},
    Meaning{"no_write_permission", Errc::PermissionDenied},
    Meaning{"no_permission", Errc::PermissionDenied},
    Meaning{"access_restricted", Errc::PermissionDenied},
    Meaning{"access_denied", Errc::PermissionDenied},
    Meaning{"operation_suppressed", Errc::PermissionDenied},
    Meaning{"team_folder", Errc::PermissionDenied},
    Meaning{"not_allowed", Errc::PermissionDenied},
    Meaning{"email_not_verified", Errc::PermissionDenied},
    Meaning{"restricted_content", Errc::PermissionDenied, "file-blocked"},
    Meaning{"invalid_account_type", Errc::PermissionDenied},
    Meaning{"paper_access_denied", Errc::PermissionDenied},
    Meaning{"team_access_denied", Errc::PermissionDenied},
    Meaning{"missing_scope", Errc::PermissionDenied, "scope-missing"},
    Meaning{"route_access_denied", Errc::PermissionDenied},
    Meaning{"disallowed_name", Errc::InvalidArgument, "name-invalid"},
    Meaning{"malformed_path", Errc::InvalidArgument, "name-invalid"},
    Meaning{"payload_too_large", Errc::Unsupported, "file-too-large"},
    Meaning{"too_large", Errc::Unsupported, "file-too-large"},
    Meaning{"unsupported_file", Errc::Unsupported},
    Meaning{"unsupported_extension", Errc::Unsupported},
    Meaning{"unsupported_content", Errc::Unsupported},
    Meaning{"unsupported_content_type", Errc::Unsupported},
    Meaning{"unsupported_image", Errc::Unsupported},
    Meaning{"conversion_error", Errc::Unsupported},
    Meaning{"encrypted_content", Errc::Unsupported},
    Meaning{"locked", Errc::Busy, "file-locked"},
    Meaning{"in_progress", Errc::Busy},
    Meaning{"too_many_write_operations", Errc::RateLimited},
    Meaning{"too_many_requests", Errc::RateLimited},
    Meaning{"content_hash_mismatch", Errc::DataLoss},
    Meaning{"internal_error", Errc::Unavailable},
    Meaning{"expired_access_token", Errc::Unauthenticated},
    Meaning{"invalid_access_token", Errc::Unauthenticated},
    Meaning{"user_suspended", Errc::Unauthenticated},
};

const Meaning *meaningOf(const std::vector<std::string> &tags)
{
    for (auto tag = tags.rbegin(); tag != tags.rend(); ++tag)
        for (const auto &row : kMeanings)
            if (row.tag == *tag)
                return &row;
    return nullptr;
}

Errc codeFor(int status)
{
    switch (status) {
    case 404: // no address of the service's; what a 409 is, its tags say
    case 409:
        return Errc::BadReply;
    case 422: // the team moved its root
        return Errc::Conflict;
    default:
        return errcOf(status);
    }
}

std::optional<WallTime> timeOf(const json &object, const char *key)
{
    auto time = parseRfc3339(textOf(object, key));
    return time ? std::optional(*time) : std::nullopt;
}

// The entry, or nothing for what is no entry (deleted ones, tags of tomorrow).
std::optional<Entry> entryOf(const json &object, std::string tag)
{
    Entry entry;
    if (const std::string own = textOf(object, ".tag"); !own.empty())
        tag = own;
    entry.name = textOf(object, "name");
    entry.id.value = textOf(object, "id");
    if (entry.id.value.empty())
        entry.id.value = textOf(object, "path_lower");
    if (entry.id.value.empty() || entry.name.empty() || (tag != "file" && tag != "folder"))
        return std::nullopt;
    entry.path = textOf(object, "path_display");
    if (tag == "folder") {
        entry.kind = EntryKind::Folder;
        entry.downloadable = false;
        const json &sharing = memberOf(object, "sharing_info");
        entry.writable = !sharing.is_object() || !flagOf(sharing, "read_only");
        return entry;
    }
    entry.size = integerOf(object, "size");
    if (entry.size && *entry.size < 0)
        entry.size.reset();
    entry.modified = timeOf(object, "client_modified");
    if (!entry.modified)
        entry.modified = timeOf(object, "server_modified");
    entry.revision = textOf(object, "rev");
    if (const std::string hash = textOf(object, "content_hash"); !hash.empty())
        entry.contentHash = "dropbox:" + toLowerAscii(hash);
    entry.downloadable = flagOf(object, "is_downloadable", true);
    entry.convertible = hasPdfPreview(entry.name);
    if (memberOf(object, "symlink_info").is_object())
        entry.kind = EntryKind::Link;
    else if (!entry.downloadable)
        entry.kind = EntryKind::Document;
    return entry;
}

Result<json> objectOf(const HttpReply &reply)
{
    if (reply.status / 100 != 2)
        return decodeError(reply);
    return jsonObjectOf(reply, kOrigin);
}

Result<std::string> cursorOf(const json &body, int status)
{
    if (!flagOf(body, "has_more"))
        return std::string();
    std::string cursor = textOf(body, "cursor");
    if (cursor.empty())
        return badReply(kOrigin, "more is announced without a cursor", status);
    return cursor;
}

} // namespace

HttpRequest accountRequest(const Hosts &hosts)
{
    return rpc(hosts.api, "users/get_current_account", nullptr, true);
}

HttpRequest quotaRequest(const Hosts &hosts)
{
    return rpc(hosts.api, "users/get_space_usage", nullptr, true);
}

HttpRequest listRequest(const Hosts &hosts, const EntryId &folder, int limit)
{
    auto request = rpc(hosts.api, "files/list_folder",
                       {{"path", folder.value},
                        {"recursive", false},
                        {"include_deleted", false},
                        {"include_mounted_folders", true},
                        {"include_non_downloadable_files", true},
                        {"limit", limit}},
                       true);
    request.largestBody = kListBody;
    return request;
}

HttpRequest listMoreRequest(const Hosts &hosts, const std::string &cursor)
{
    auto request = rpc(hosts.api, "files/list_folder/continue", {{"cursor", cursor}}, true);
    request.largestBody = kListBody;
    return request;
}

HttpRequest metadataRequest(const Hosts &hosts, const std::string &path)
{
    return rpc(hosts.api, "files/get_metadata", {{"path", path}}, true);
}

HttpRequest searchRequest(const Hosts &hosts, const std::string &text, const EntryId &folder)
{
    std::string query = makeUtf8(text);
    if (query.size() > kLongestQuery) { // bytes are at least as many as characters
        query.resize(kLongestQuery);
        while (!query.empty() && !isUtf8(query))
            query.pop_back();
    }
    json options{{"max_results", 100}, {"filename_only", true}, {"file_status", "active"}};
    if (!folder.value.empty())
        options["path"] = folder.value;
    auto request = rpc(hosts.api, "files/search_v2", {{"query", query}, {"options", options}}, true);
    request.largestBody = kListBody;
    return request;
}

HttpRequest searchMoreRequest(const Hosts &hosts, const std::string &cursor)
{
    auto request = rpc(hosts.api, "files/search/continue_v2", {{"cursor", cursor}}, true);
    request.largestBody = kListBody;
    return request;
}

HttpRequest createFolderRequest(const Hosts &hosts, const std::string &path)
{
    return rpc(hosts.api, "files/create_folder_v2", {{"path", path}, {"autorename", false}}, false);
}

HttpRequest deleteRequest(const Hosts &hosts, const EntryId &entry)
{
    return rpc(hosts.api, "files/delete_v2", {{"path", entry.value}}, false);
}

HttpRequest revokeRequest(const Hosts &hosts)
{
    return rpc(hosts.api, "auth/token/revoke", nullptr, false);
}

HttpRequest downloadRequest(const Hosts &hosts, const EntryId &file, const std::string &revision, std::int64_t offset)
{
    const std::string path = revision.empty() ? file.value : "rev:" + revision;
    auto request = content(hosts.content, "files/download", {{"path", path}}, false, true);
    if (offset > 0)
        request.headers.set("Range", "bytes=" + std::to_string(offset) + "-");
    return request;
}

HttpRequest previewRequest(const Hosts &hosts, const EntryId &file)
{
    return content(hosts.content, "files/get_preview", {{"path", file.value}}, false, true);
}

HttpRequest thumbnailRequest(const Hosts &hosts, const EntryId &file, int pixels)
{
    struct Size {
        int edge;
        const char *name;
    };
    static constexpr std::array kSizes{Size{32, "w32h32"},     Size{64, "w64h64"},      Size{128, "w128h128"},
                                       Size{256, "w256h256"},  Size{480, "w640h480"},   Size{640, "w960h640"},
                                       Size{768, "w1024h768"}, Size{1536, "w2048h1536"}};
    const auto fits = std::find_if(kSizes.begin(), kSizes.end(), [&](const Size &s) { return s.edge >= pixels; });
    return content(hosts.content, "files/get_thumbnail_v2",
                   {{"resource", {{".tag", "path"}, {"path", file.value}}},
                    {"format", "jpeg"},
                    {"size", fits == kSizes.end() ? kSizes.back().name : fits->name},
                    {"mode", "strict"}},
                   false, true);
}

HttpRequest uploadRequest(const Hosts &hosts, const std::string &path, const UploadTarget &target)
{
    return content(hosts.content, "files/upload", commit(path, target), true, false);
}

HttpRequest sessionStartRequest(const Hosts &hosts)
{
    // A session whose answer was lost is orphaned and expires.
    return content(hosts.content, "files/upload_session/start", {{"close", false}}, true, true);
}

HttpRequest sessionAppendRequest(const Hosts &hosts, const UploadCursor &cursor)
{
    return content(hosts.content, "files/upload_session/append_v2",
                   {{"cursor", {{"session_id", cursor.session}, {"offset", cursor.offset}}}, {"close", false}}, true,
                   true);
}

HttpRequest sessionFinishRequest(const Hosts &hosts, const UploadCursor &cursor, const std::string &path,
                                 const UploadTarget &target)
{
    return content(
        hosts.content, "files/upload_session/finish",
        {{"cursor", {{"session_id", cursor.session}, {"offset", cursor.offset}}}, {"commit", commit(path, target)}},
        true, true);
}

void setPathRoot(HttpRequest &request, const PathRoot &root)
{
    if (!root.namespaceId.empty())
        request.headers.set("Dropbox-API-Path-Root", asciiJson({{".tag", "root"}, {"root", root.namespaceId}}));
}

Result<AccountReply> decodeAccount(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    AccountReply out;
    out.account.id = textOf(*body, "account_id");
    out.account.name = textOf(memberOf(*body, "name"), "display_name");
    out.account.email = textOf(*body, "email");
    out.account.emailVerified = flagOf(*body, "email_verified");
    if (out.account.id.empty())
        return badReply(kOrigin, "an account without an id", reply.status);
    const json &root = memberOf(*body, "root_info");
    const std::string all = textOf(root, "root_namespace_id");
    if (all != textOf(root, "home_namespace_id"))
        out.root.namespaceId = all;
    return out;
}

Result<Quota> decodeQuota(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &allocation = memberOf(*body, "allocation");
    Quota quota;
    quota.used = integerOf(*body, "used");
    quota.total = integerOf(allocation, "allocated");
    if (textOf(allocation, ".tag") == "team") {
        // A member may have an own limit inside the team's; without one the team's numbers are what counts.
        const auto own = integerOf(allocation, "user_within_team_space_allocated").value_or(0);
        if (own > 0)
            quota.total = own;
        else if (const auto team = integerOf(allocation, "used"))
            quota.used = team;
    }
    return quota;
}

Result<Page> decodeList(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &entries = memberOf(*body, "entries");
    if (!entries.is_array())
        return badReply(kOrigin, "a list without entries", reply.status);
    Page page;
    for (const json &item : entries)
        if (auto entry = entryOf(item, ""))
            page.entries.push_back(std::move(*entry));
    auto cursor = cursorOf(*body, reply.status);
    if (!cursor)
        return std::move(cursor).error();
    page.nextPageToken = std::move(*cursor);
    return page;
}

Result<Page> decodeSearch(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &matches = memberOf(*body, "matches");
    if (!matches.is_array())
        return badReply(kOrigin, "a search without matches", reply.status);
    Page page;
    for (const json &match : matches)
        if (auto entry = entryOf(memberOf(memberOf(match, "metadata"), "metadata"), ""))
            page.entries.push_back(std::move(*entry));
    auto cursor = cursorOf(*body, reply.status);
    if (!cursor)
        return std::move(cursor).error();
    page.nextPageToken = std::move(*cursor);
    return page;
}

std::optional<WallTime> decodeMade(const HttpReply &metadata)
{
    auto body = objectOf(metadata);
    return body ? timeOf(*body, "server_modified") : std::nullopt;
}

Result<Entry> decodeMetadata(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    if (textOf(*body, ".tag") == "deleted")
        return Error{Errc::NotFound, "the entry was deleted", kOrigin, "deleted", reply.status};
    auto entry = entryOf(*body, "file");
    if (!entry)
        return badReply(kOrigin, "not an entry", reply.status);
    return std::move(*entry);
}

Result<Entry> decodeWrapped(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    auto entry = entryOf(memberOf(*body, "metadata"), "folder");
    if (!entry)
        return badReply(kOrigin, "not an entry", reply.status);
    return std::move(*entry);
}

Result<std::string> decodeSession(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    std::string session = textOf(*body, "session_id");
    if (session.empty())
        return badReply(kOrigin, "a session without an id", reply.status);
    return session;
}

Result<void> decodeNothing(const HttpReply &reply)
{
    if (reply.status / 100 != 2)
        return decodeError(reply);
    return {};
}

Result<Entry> decodeDownloadHead(const HttpReply &head)
{
    auto body = parseJson(head.headers.get("Dropbox-API-Result"));
    std::optional<Entry> entry = body ? entryOf(*body, "file") : std::nullopt;
    if (!entry)
        return badReply(kOrigin, "a download without its metadata", head.status);
    return std::move(*entry);
}

Result<std::string> decodePath(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    if (textOf(*body, ".tag") == "deleted")
        return Error{Errc::NotFound, "the folder was deleted", kOrigin, "deleted", reply.status};
    if (textOf(*body, ".tag") != "folder")
        return Error{Errc::InvalidArgument, "not a folder", kOrigin, "not_folder", reply.status};
    std::string path = textOf(*body, "path_lower");
    if (path.empty()) // a shared folder that is not mounted
        return Error{Errc::PermissionDenied, "the folder is not part of the account's tree", kOrigin, "not_mounted"};
    return path;
}

std::optional<std::int64_t> correctOffset(const HttpReply &reply)
{
    if (reply.status != 409)
        return std::nullopt;
    auto body = parseJson(reply.body);
    if (!body)
        return std::nullopt;
    const json &error = memberOf(*body, "error");
    for (const json *at : {&error, &memberOf(error, "lookup_failed")})
        if (textOf(*at, ".tag") == "incorrect_offset")
            return integerOf(*at, "correct_offset");
    return std::nullopt;
}

Error decodeError(const HttpReply &reply)
{
    Error error{codeFor(reply.status), "Dropbox refused the request", kOrigin, {}, reply.status};
    // Plain text for a malformed request, and sometimes for a rate limit; it may hold names, so it stays here.
    auto body = parseJson(reply.body);
    const auto tags = body ? tagsOf(*body) : std::vector<std::string>();
    for (const auto &tag : tags)
        if (tag.size() <= 64 && std::all_of(tag.begin(), tag.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
            }))
            error.nativeCode += (error.nativeCode.empty() ? "" : "/") + tag;
    if (reply.status == 409 || reply.status == 401 || reply.status == 403) {
        if (const Meaning *meaning = meaningOf(tags)) {
            error.code = meaning->code;
            error.stable = meaning->stable;
        }
    }
    if (error.code == Errc::RateLimited || error.code == Errc::Unavailable || error.code == Errc::Busy) {
        auto wait = retryAfterOf(reply.headers);
        if (!wait && body)
            if (auto seconds = integerOf(memberOf(*body, "error"), "retry_after"); seconds && *seconds >= 0)
                wait = std::chrono::seconds(std::min<std::int64_t>(*seconds, 7 * 24 * 3600));
        error.retryAfter = wait.value_or(std::chrono::seconds{0});
    }
    return error;
}

Result<void> checkName(const std::string &name)
{
    Error bad{Errc::InvalidArgument, "Dropbox does not take this name", kOrigin};
    bad.stable = "name-invalid";
    const auto characters = std::count_if(name.begin(), name.end(),
                                          [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    if (name.empty() || name == "." || name == ".." || static_cast<std::size_t>(characters) > kLongestName ||
        !isUtf8(name) || name.back() == ' ' || std::any_of(name.begin(), name.end(), [](char c) {
            return c == '/' || c == '\\' || c == 0x7F || static_cast<unsigned char>(c) < 0x20;
        }))
        return bad;
    // Names that the sync client leaves out; the service refuses them.
    static constexpr std::array<std::string_view, 5> kIgnored{"desktop.ini", "thumbs.db", ".ds_store", ".dropbox",
                                                              ".dropbox.attr"};
    if (std::find(kIgnored.begin(), kIgnored.end(), toLowerAscii(name)) != kIgnored.end())
        return bad;
    return {};
}

} // namespace connector::dropbox
