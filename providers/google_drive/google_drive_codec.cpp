// SPDX-License-Identifier: Apache-2.0
// The requests; the replies are in google_drive_replies.cpp.
#include "providers/google_drive/google_drive_codec.h"

#include "core/encoding.h"
#include "http/json_body.h"
#include "http/url.h"
#include "providers/transfer.h"

#include <algorithm>
#include <array>

namespace connector::google_drive {

using nlohmann::json;

namespace {

constexpr std::size_t kLongestId = 200;
constexpr std::size_t kLongestName = 255; // characters
constexpr std::size_t kLongestText = 300; // bytes of a search
constexpr std::size_t kListBody = 16U << 20U;

// Everything that an Entry is made of; without a mask a file would come as a name only.
constexpr const char *kFileFields =
    "id,name,mimeType,size,createdTime,modifiedTime,trashed,parents,driveId,headRevisionId,version,sha256Checksum,"
    "resourceKey,shortcutDetails(targetId,targetMimeType,targetResourceKey),capabilities(canDownload,canAddChildren),"
    "contentRestrictions(readOnly)";

// Of what was uploaded, for the rare file that has no SHA-256 yet.
std::string madeFields()
{
    return std::string(kFileFields) + ",md5Checksum";
}

using Fields = std::vector<std::pair<std::string, std::string>>;

HttpRequest get(const std::string &url, const Fields &fields)
{
    HttpRequest request;
    request.url = url + (fields.empty() ? "" : "?" + formEncode(fields));
    request.repeatable = true;
    return request;
}

std::string fileUrl(const Hosts &hosts, const FileRef &file, const char *base = "/drive/v3/files")
{
    return hosts.api + base + "/" + percentEncode(file.id);
}

void setKey(HttpRequest &request, const FileRef &file)
{
    if (!file.resourceKey.empty())
        request.headers.set("X-Goog-Drive-Resource-Keys", file.id + "/" + file.resourceKey);
}

HttpRequest getFile(const Hosts &hosts, const FileRef &file, const Fields &fields)
{
    auto request = get(fileUrl(hosts, file), fields);
    setKey(request, file);
    return request;
}

void setJson(HttpRequest &request, const json &body)
{
    request.headers.set("Content-Type", "application/json; charset=UTF-8");
    request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string literal(std::string_view text)
{
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "'";
}

// Folders come first whatever the key. There is no key for the size: quotaBytesUsed counts kept versions too, and is 0
// for what belongs to others.
std::string orderOf(const Sort &sort)
{
    std::string order = sort.by == SortKey::Modified ? "folder,modifiedTime" : "folder,name_natural";
    if (sort.descending && sort.by != SortKey::Size)
        order += " desc";
    return order;
}

// What scans are saved as, and a few more; the service finds out the rest from the content.
std::string_view mimeTypeOf(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTypes{{{"pdf", "application/pdf"},
                                                                                          {"jpg", "image/jpeg"},
                                                                                          {"jpeg", "image/jpeg"},
                                                                                          {"png", "image/png"},
                                                                                          {"tif", "image/tiff"},
                                                                                          {"tiff", "image/tiff"},
                                                                                          {"txt", "text/plain"},
                                                                                          {"zip", "application/zip"}}};
    const std::size_t dot = name.rfind('.');
    const std::string extension = dot == std::string_view::npos ? "" : toLowerAscii(name.substr(dot + 1));
    for (const auto &[ending, type] : kTypes)
        if (ending == extension)
            return type;
    return "application/octet-stream";
}

json metadataOf(const NewFile &file)
{
    json body = json::object();
    if (!file.replaces) {
        body["id"] = file.id;
        body["name"] = file.name;
        body["parents"] = {file.parent.id};
    }
    if (file.modified)
        body["modifiedTime"] = formatRfc3339(*file.modified);
    return body;
}

HttpRequest upload(const Hosts &hosts, const NewFile &file, const char *type)
{
    HttpRequest request;
    request.method = file.replaces ? "PATCH" : "POST";
    const std::string url =
        file.replaces ? fileUrl(hosts, {file.id, {}}, "/upload/drive/v3/files") : hosts.api + "/upload/drive/v3/files";
    request.url =
        url + "?" + formEncode({{"uploadType", type}, {"supportsAllDrives", "true"}, {"fields", madeFields()}});
    setKey(request, file.parent);
    return request;
}

HttpRequest toSession(const std::string &session)
{
    HttpRequest request;
    request.method = "PUT";
    request.url = session;
    request.signIt = false;
    return request;
}

} // namespace

Result<FileRef> refOf(const EntryId &entry)
{
    if (entry.value.empty())
        return FileRef{"root", {}};
    const std::size_t slash = entry.value.find('/');
    FileRef ref{entry.value.substr(0, slash), {}};
    if (slash != std::string::npos)
        ref.resourceKey = entry.value.substr(slash + 1);
    const auto plain = [](const std::string &text) {
        return text.size() <= kLongestId && std::all_of(text.begin(), text.end(), [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '_';
               });
    };
    if (ref.id.empty() || !plain(ref.id) || !plain(ref.resourceKey))
        return Error{Errc::InvalidArgument, "not an id of Google Drive", kOrigin};
    return ref;
}

EntryId entryIdOf(const FileRef &ref)
{
    return {ref.resourceKey.empty() ? ref.id : ref.id + "/" + ref.resourceKey};
}

bool isPlace(const EntryId &entry)
{
    return entry.value == kSharedWithMe || entry.value == kRecent;
}

Query childrenQuery(const FileRef &folder, const std::string &driveId, const Sort &sort)
{
    return {literal(folder.id) + " in parents and trashed = false", orderOf(sort), driveId, false, folder};
}

Query sharedQuery(const Sort &sort)
{
    return {"sharedWithMe = true and trashed = false", orderOf(sort)};
}

Query recentQuery()
{
    return {"mimeType != 'application/vnd.google-apps.folder' and trashed = false", "recency desc"};
}

Query searchQuery(const std::string &text, const std::string &driveId, bool sharedOnly)
{
    std::string words = makeUtf8(text);
    if (words.size() > kLongestText) {
        words.resize(kLongestText);
        while (!words.empty() && !isUtf8(words))
            words.pop_back();
    }
    // A name's words are found by how they begin, content by whole words; sorting is not allowed with fullText.
    std::string names;
    std::istringstream each(words);
    for (std::string word; each >> word;)
        names += (names.empty() ? "" : " and ") + ("name contains " + literal(word));
    if (names.empty())
        names = "name contains " + literal(words);
    return {"((" + names + ") or fullText contains " + literal(words) + ")" +
                (sharedOnly ? " and sharedWithMe = true" : "") + " and trashed = false",
            {},
            driveId,
            driveId.empty() && !sharedOnly,
            {}};
}

Query namesQuery(const FileRef &folder, const std::string &driveId, const std::vector<std::string> &names)
{
    std::string any;
    for (const auto &name : names)
        any += (any.empty() ? "" : " or ") + ("name = " + literal(name));
    return {literal(folder.id) + " in parents and trashed = false and (" + any + ")", "modifiedTime desc", driveId,
            false, folder};
}

HttpRequest userinfoRequest(const Hosts &hosts)
{
    return get(hosts.userinfo + "/v1/userinfo", {});
}

HttpRequest aboutRequest(const Hosts &hosts)
{
    return get(hosts.api + "/drive/v3/about", {{"fields", "user(displayName,emailAddress),storageQuota(limit,usage)"}});
}

HttpRequest filesRequest(const Hosts &hosts, const Query &query, int pageSize, const std::string &pageToken)
{
    Fields fields{{"q", query.q},
                  {"pageSize", std::to_string(pageSize)},
                  {"fields", std::string("nextPageToken,incompleteSearch,files(") + kFileFields + ")"},
                  {"spaces", "drive"},
                  {"supportsAllDrives", "true"},
                  {"includeItemsFromAllDrives", "true"}};
    if (!query.orderBy.empty())
        fields.emplace_back("orderBy", query.orderBy);
    if (!query.driveId.empty()) {
        fields.emplace_back("corpora", "drive");
        fields.emplace_back("driveId", query.driveId);
    } else if (query.everywhere) {
        fields.emplace_back("corpora", "allDrives");
    }
    if (!pageToken.empty())
        fields.emplace_back("pageToken", pageToken);
    auto request = get(hosts.api + "/drive/v3/files", fields);
    setKey(request, query.key);
    request.largestBody = kListBody;
    return request;
}

HttpRequest drivesRequest(const Hosts &hosts, const std::string &pageToken)
{
    Fields fields{{"pageSize", "100"}, {"fields", "nextPageToken,drives(id,name)"}};
    if (!pageToken.empty())
        fields.emplace_back("pageToken", pageToken);
    return get(hosts.api + "/drive/v3/drives", fields);
}

HttpRequest fileRequest(const Hosts &hosts, const FileRef &file)
{
    return getFile(hosts, file, {{"fields", kFileFields}, {"supportsAllDrives", "true"}});
}

HttpRequest madeFileRequest(const Hosts &hosts, const std::string &id)
{
    return getFile(hosts, {id, {}}, {{"fields", madeFields()}, {"supportsAllDrives", "true"}});
}

HttpRequest exportLinksRequest(const Hosts &hosts, const FileRef &file)
{
    return getFile(hosts, file, {{"fields", "exportLinks"}, {"supportsAllDrives", "true"}});
}

HttpRequest thumbnailLinkRequest(const Hosts &hosts, const FileRef &file)
{
    return getFile(hosts, file, {{"fields", "hasThumbnail,thumbnailLink"}, {"supportsAllDrives", "true"}});
}

HttpRequest downloadRequest(const Hosts &hosts, const FileRef &file, std::int64_t offset)
{
    auto request = getFile(hosts, file, {{"alt", "media"}, {"supportsAllDrives", "true"}});
    if (offset > 0)
        request.headers.set("Range", "bytes=" + std::to_string(offset) + "-");
    return request;
}

HttpRequest exportRequest(const Hosts &hosts, const FileRef &file)
{
    auto request = get(fileUrl(hosts, file) + "/export", {{"mimeType", "application/pdf"}});
    setKey(request, file);
    return request;
}

HttpRequest createFolderRequest(const Hosts &hosts, const FileRef &parent, const std::string &name)
{
    HttpRequest request;
    request.method = "POST";
    request.url = hosts.api + "/drive/v3/files?" + formEncode({{"supportsAllDrives", "true"}, {"fields", kFileFields}});
    setJson(
        request,
        {{"name", name}, {"mimeType", "application/vnd.google-apps.folder"}, {"parents", json::array({parent.id})}});
    setKey(request, parent);
    return request;
}

HttpRequest deleteRequest(const Hosts &hosts, const FileRef &file)
{
    auto request = getFile(hosts, file, {{"supportsAllDrives", "true"}});
    request.method = "DELETE";
    request.repeatable = false; // the repeat of one that succeeded would say that there is no such file
    return request;
}

HttpRequest trashRequest(const Hosts &hosts, const FileRef &file)
{
    auto request = getFile(hosts, file, {{"supportsAllDrives", "true"}, {"fields", "id"}});
    request.method = "PATCH";
    setJson(request, {{"trashed", true}});
    return request;
}

HttpRequest renameRequest(const Hosts &hosts, const std::string &id, const std::string &name)
{
    auto request = getFile(hosts, {id, {}}, {{"supportsAllDrives", "true"}, {"fields", kFileFields}});
    request.method = "PATCH";
    setJson(request, {{"name", name}});
    return request;
}

HttpRequest generateIdRequest(const Hosts &hosts)
{
    return get(hosts.api + "/drive/v3/files/generateIds", {{"count", "1"}, {"space", "drive"}});
}

Multipart uploadRequest(const Hosts &hosts, const NewFile &file, const std::string &boundary)
{
    Multipart out{upload(hosts, file, "multipart"), {}, "\r\n--" + boundary + "--\r\n"};
    out.request.headers.set("Content-Type", "multipart/related; boundary=" + boundary);
    out.before = "--" + boundary + "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n" +
                 metadataOf(file).dump(-1, ' ', false, json::error_handler_t::replace) + "\r\n--" + boundary +
                 "\r\nContent-Type: " + std::string(mimeTypeOf(file.name)) + "\r\n\r\n";
    return out;
}

HttpRequest sessionRequest(const Hosts &hosts, const NewFile &file, std::int64_t size)
{
    auto request = upload(hosts, file, "resumable");
    setJson(request, metadataOf(file));
    request.headers.set("X-Upload-Content-Type", std::string(mimeTypeOf(file.name)));
    request.headers.set("X-Upload-Content-Length", std::to_string(size));
    request.repeatable = true; // a session whose answer was lost is orphaned and expires
    return request;
}

HttpRequest chunkRequest(const std::string &session, std::int64_t first, std::int64_t count, std::int64_t size)
{
    auto request = toSession(session);
    request.headers.set("Content-Range", "bytes " + std::to_string(first) + "-" + std::to_string(first + count - 1) +
                                             "/" + std::to_string(size));
    // Not repeatable: the service may have kept a part of it, which has to be asked for.
    return request;
}

HttpRequest statusRequest(const std::string &session, std::int64_t size)
{
    auto request = toSession(session);
    request.headers.set("Content-Range", "bytes */" + std::to_string(size));
    request.repeatable = true;
    return request;
}

Result<void> checkName(const std::string &name)
{
    const auto characters = std::count_if(name.begin(), name.end(),
                                          [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    if (name.empty() || name == "." || name == ".." || static_cast<std::size_t>(characters) > kLongestName ||
        !isUtf8(name) || std::any_of(name.begin(), name.end(), [](char c) {
            return c == '/' || c == 0x7F || static_cast<unsigned char>(c) < 0x20;
        }))
        return nameInvalid(kOrigin);
    return {};
}

std::string numbered(const std::string &name, int number)
{
    if (number == 0)
        return name;
    std::size_t dot = name.rfind('.');
    if (dot == std::string::npos || dot == 0)
        dot = name.size();
    return name.substr(0, dot) + " (" + std::to_string(number) + ")" + name.substr(dot);
}

std::string resized(const std::string &link, int pixels)
{
    const std::size_t mark = link.rfind("=s");
    if (mark == std::string::npos || mark + 2 == link.size())
        return link;
    const std::size_t rest = link.find_first_not_of("0123456789", mark + 2);
    if (rest == mark + 2 || (rest != std::string::npos && link[rest] != '-'))
        return link;
    return link.substr(0, mark + 2) + std::to_string(std::clamp(pixels, 16, 1600)) +
           (rest == std::string::npos ? "" : link.substr(rest));
}

namespace {

bool sameOrigin(const UrlParts &url, const std::string &base)
{
    auto parts = splitUrl(base);
    return parts && originOf(*parts) == originOf(url);
}

// False for an installation that speaks to something else: its tokens are none of Google's business.
bool speaksToGoogle(const Hosts &hosts)
{
    auto api = splitUrl(hosts.api);
    return api && api->scheme == "https" && api->host.ends_with(".googleapis.com");
}

// lh3.googleusercontent.com and its like. Other names below that domain belong to Google's customers.
bool isPictureHost(std::string_view host)
{
    constexpr std::string_view kDomain = ".googleusercontent.com";
    if (!host.starts_with("lh") || !host.ends_with(kDomain))
        return false;
    host.remove_prefix(2);
    host.remove_suffix(kDomain.size());
    return host.size() == 1 && host[0] >= '0' && host[0] <= '9';
}

} // namespace

Trust trustOf(const Hosts &hosts, const std::string &url)
{
    auto parts = splitUrl(url);
    if (!parts)
        return Trust::None;
    for (const auto &base : {hosts.api, hosts.docs, hosts.pictures})
        if (sameOrigin(*parts, base))
            return Trust::Signed;
    if (!speaksToGoogle(hosts) || parts->scheme != "https" || parts->port != 443)
        return Trust::None;
    if (parts->host == "docs.google.com" || parts->host == "drive.google.com" || isPictureHost(parts->host))
        return Trust::Signed;
    return parts->host.ends_with(".googleusercontent.com") ? Trust::Bare : Trust::None;
}

bool isSession(const Hosts &hosts, const std::string &url)
{
    auto parts = splitUrl(url);
    if (!parts)
        return false;
    return sameOrigin(*parts, hosts.api) || (speaksToGoogle(hosts) && parts->scheme == "https" && parts->port == 443 &&
                                             parts->host.ends_with(".googleapis.com"));
}

} // namespace connector::google_drive
