// SPDX-License-Identifier: Apache-2.0
#include "providers/webdav/webdav_codec.h"

#include "core/encoding.h"
#include "http/json_body.h"
#include "http/paced_http_client.h"
#include "http/url.h"
#include "providers/transfer.h"
#include "providers/webdav/paths.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace connector::webdav {

namespace {

constexpr std::size_t kLongestName = 255; // bytes, as disks have it; Nextcloud refuses a few letters earlier
constexpr std::size_t kLargestReply = 1U << 20U;

constexpr const char *kPlainProps = "<d:resourcetype/><d:getcontentlength/><d:getlastmodified/><d:getetag/>"
                                    "<d:getcontenttype/>";
constexpr const char *kNextcloudProps =
    "<oc:fileid/><oc:checksums/><oc:permissions/><nc:has-preview/><nc:is-encrypted/>";
constexpr const char *kNamespaces =
    " xmlns:d=\"DAV:\" xmlns:oc=\"http://owncloud.org/ns\" xmlns:nc=\"http://nextcloud.org/ns\"";

std::string propsOf(const Site &site)
{
    return std::string("<d:prop>") + kPlainProps + (site.nextcloud() ? kNextcloudProps : "") + "</d:prop>";
}

std::string xmlText(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        default:
            out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

HttpRequest xmlRequest(const char *method, std::string url, std::string body)
{
    HttpRequest request;
    request.method = method;
    request.url = std::move(url);
    request.headers.set("Content-Type", "application/xml; charset=utf-8");
    request.body = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + std::move(body);
    request.repeatable = true; // they only read
    request.largestBody = kLargestReply;
    return request;
}

void setOptions(const Site &site, HttpRequest &request, const PutOptions &options)
{
    if (!site.nextcloud())
        return;
    if (options.modified)
        request.headers.set("X-OC-MTime", std::to_string(toUnix(*options.modified)));
    if (!options.sha1.empty())
        request.headers.set("OC-Checksum", "SHA1:" + options.sha1);
}

std::string chunkName(std::int64_t number)
{
    std::array<char, 24> name{};
    std::snprintf(name.data(), name.size(), "%05lld", static_cast<long long>(number));
    return name.data();
}

// "SHA1:ab12…" or only the digits.
std::string sha1In(std::string_view value)
{
    std::string text = toLowerAscii(value);
    if (const auto at = text.find("sha1:"); at != std::string::npos)
        text = text.substr(at + 5, 40);
    return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string::npos ? text : std::string();
}

// The name of sabre/dav's exception, "Sabre\DAV\Exception\Locked" -> "Locked", as something that may stand in a log.
std::string exceptionOf(std::string_view body)
{
    const std::size_t from = body.find("exception>");
    if (from == std::string_view::npos)
        return {};
    std::string_view name = body.substr(from + 10, 160);
    name = name.substr(0, name.find('<'));
    if (const auto at = name.rfind('\\'); at != std::string_view::npos)
        name.remove_prefix(at + 1);
    const bool sound =
        std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
    return sound ? std::string(name) : std::string();
}

std::int64_t nonNegative(const nlohmann::json &object, const char *key)
{
    return std::max<std::int64_t>(integerOf(object, key).value_or(0), 0);
}

} // namespace

Result<std::string> serverOf(const std::string &configured)
{
    auto parts = splitUrl(configured);
    if (!parts)
        return Error{Errc::InvalidArgument, "not a server's address", kOrigin};
    std::string path = parts->path.substr(0, parts->path.find_first_of("?#"));
    for (const char *tail : {"/remote.php", "/index.php"})
        path = path.substr(0, path.find(tail));
    auto canonical = canonicalPath(path.empty() ? "/" : path);
    if (!canonical)
        return Error{Errc::InvalidArgument, "not a server's address", kOrigin};
    while (canonical->ends_with('/'))
        canonical->pop_back();
    const int usual = parts->scheme == "https" ? 443 : 80;
    const std::string port = parts->port == usual ? std::string() : ":" + std::to_string(parts->port);
    return parts->scheme + "://" + parts->host + port + *canonical;
}

Result<Site> plainSite(const std::string &configured)
{
    auto server = serverOf(configured);
    if (!server)
        return std::move(server).error();
    Site site;
    site.server = *server;
    site.files = *server;
    site.host = splitUrl(*server)->host;
    return site;
}

Site nextcloudSite(const Site &plain, const std::string &user)
{
    Site site = plain;
    site.user = user;
    site.files = plain.server + "/remote.php/dav/files/" + percentEncode(user);
    site.uploads = plain.server + "/remote.php/dav/uploads/" + percentEncode(user);
    return site;
}

EntryId idOf(const Node &node)
{
    if (node.path == "/")
        return {};
    return {node.fileId.empty() ? node.path : node.fileId + ":" + node.path};
}

Result<Node> nodeOf(const EntryId &id)
{
    Node node;
    if (id.value.empty())
        return node;
    const std::size_t slash = id.value.find('/');
    const Error none{Errc::NotFound, "not an id of this cloud", kOrigin};
    if (slash == std::string::npos || slash == 1)
        return none;
    if (slash > 1) {
        node.fileId = id.value.substr(0, slash - 1);
        if (id.value[slash - 1] != ':' || node.fileId.find_first_not_of("0123456789") != std::string::npos)
            return none;
    }
    node.path = id.value.substr(slash);
    if (canonicalPath(node.path) != node.path)
        return none;
    return node;
}

Result<void> checkName(std::string_view name)
{
    const bool control =
        std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (name.empty() || name == "." || name == ".." || name.size() > kLongestName || control || !isUtf8(name) ||
        name.find('/') != std::string_view::npos || name.find('\\') != std::string_view::npos)
        return nameInvalid(kOrigin);
    return {};
}

std::string numbered(std::string_view name, int number)
{
    std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0)
        dot = name.size();
    std::string stem(name.substr(0, dot));
    const std::string tail = " (" + std::to_string(number) + ")" + std::string(name.substr(dot));
    while (stem.size() + tail.size() > kLongestName && !stem.empty()) {
        stem.pop_back();
        while (!stem.empty() && (static_cast<unsigned char>(stem.back()) & 0xC0U) == 0x80U)
            stem.pop_back();
        if (!isUtf8(stem))
            stem.pop_back();
    }
    return stem + tail;
}

HttpRequest whoRequest(const Site &site)
{
    HttpRequest request;
    request.url = site.server + "/ocs/v2.php/cloud/user?format=json";
    request.headers.set("OCS-APIRequest", "true");
    request.headers.set("Accept", "application/json");
    request.repeatable = true;
    request.largestBody = kLargestReply;
    return request;
}

HttpRequest propfindRequest(const Site &site, const std::string &url, int depth, bool quota)
{
    const std::string props =
        quota ? "<d:prop><d:resourcetype/><d:quota-used-bytes/><d:quota-available-bytes/></d:prop>" : propsOf(site);
    auto request =
        xmlRequest("PROPFIND", url, std::string("<d:propfind") + kNamespaces + ">" + props + "</d:propfind>\n");
    request.headers.set("Depth", std::to_string(depth));
    return request;
}

HttpRequest downloadRequest(const Site &site, const std::string &path, const std::string &revision, std::int64_t offset)
{
    HttpRequest request;
    request.url = site.files + path;
    if (!revision.empty())
        request.headers.set("If-Match", "\"" + revision + "\"");
    if (offset > 0)
        request.headers.set("Range", "bytes=" + std::to_string(offset) + "-");
    request.repeatable = true;
    return request;
}

HttpRequest putRequest(const Site &site, const std::string &path, const PutOptions &options)
{
    HttpRequest request;
    request.method = "PUT";
    request.url = site.files + path;
    request.headers.set("Content-Type", "application/octet-stream");
    if (!options.replace)
        request.headers.set("If-None-Match", "*");
    if (site.nextcloud())
        request.headers.set("X-Hash", "sha1"); // the server tells what it received
    setOptions(site, request, options);
    request.largestBody = kLargestReply;
    return request;
}

HttpRequest folderRequest(const std::string &url)
{
    HttpRequest request;
    request.method = "MKCOL";
    request.url = url;
    request.largestBody = kLargestReply;
    return request;
}

HttpRequest idleRequest(const Site &site)
{
    return folderRequest(site.files + "/");
}

HttpRequest removeRequest(const std::string &url)
{
    HttpRequest request;
    request.method = "DELETE";
    request.url = url;
    request.largestBody = kLargestReply;
    return request;
}

HttpRequest removeRequest(const Site &site, const std::string &path, const std::string &etag)
{
    auto request = removeRequest(site.files + path);
    // If-Match is not true of an etag that the server holds for weak, as Apache does in a file's first second; WebDAV's
    // own condition is, and every plain server must know it. Without its path Apache asks it of the folder, too.
    if (!etag.empty() && site.nextcloud()) {
        request.headers.set("If-Match", "\"" + etag + "\"");
    } else if (!etag.empty()) {
        const auto parts = splitUrl(request.url);
        request.headers.set("If", "<" + (parts ? parts->path : path) + "> ([\"" + etag + "\"])");
    }
    return request;
}

HttpRequest hashRequest(const Site &site, const std::string &path)
{
    HttpRequest request;
    request.method = "PATCH";
    request.url = site.files + path;
    request.headers.set("X-Recalculate-Hash", "sha1");
    request.repeatable = true;
    request.largestBody = kLargestReply;
    return request;
}

std::string sessionUrl(const Site &site, const std::string &session)
{
    return site.uploads + "/" + percentEncode(session);
}

HttpRequest sessionRequest(const Site &site, const std::string &session, const std::string &path)
{
    auto request = folderRequest(sessionUrl(site, session));
    request.headers.set("Destination", site.files + path);
    return request;
}

HttpRequest chunkRequest(const Site &site, const std::string &session, std::int64_t number, std::int64_t total,
                         const std::string &path)
{
    HttpRequest request;
    request.method = "PUT";
    request.url = sessionUrl(site, session) + "/" + chunkName(number);
    request.headers.set("Content-Type", "application/octet-stream");
    request.headers.set("Destination", site.files + path);
    request.headers.set("OC-Total-Length", std::to_string(total));
    request.repeatable = true; // the same bytes under the same name
    request.largestBody = kLargestReply;
    return request;
}

HttpRequest assembleRequest(const Site &site, const std::string &session, std::int64_t total, const std::string &path,
                            const PutOptions &options)
{
    HttpRequest request;
    request.method = "MOVE";
    request.url = sessionUrl(site, session) + "/.file";
    request.headers.set("Destination", site.files + path);
    request.headers.set("Overwrite", options.replace ? "T" : "F");
    request.headers.set("OC-Total-Length", std::to_string(total));
    setOptions(site, request, options);
    request.largestBody = kLargestReply;
    return request;
}

HttpRequest thumbnailRequest(const Site &site, const std::string &fileId, int pixels)
{
    HttpRequest request;
    const std::string side = std::to_string(pixels);
    request.url = site.server + "/index.php/core/preview?" +
                  formEncode({{"fileId", fileId}, {"x", side}, {"y", side}, {"a", "1"}, {"forceIcon", "0"}});
    request.headers.set("OCS-APIRequest", "true");
    request.repeatable = true;
    return request;
}

HttpRequest revokeRequest(const Site &site)
{
    HttpRequest request;
    request.method = "DELETE";
    request.url = site.server + "/ocs/v2.php/core/apppassword?format=json";
    request.headers.set("OCS-APIRequest", "true");
    request.headers.set("Accept", "application/json");
    request.largestBody = kLargestReply;
    return request;
}

namespace {

HttpRequest basicSearch(const Site &site, const std::string &folder, const std::string &where, int most, int skip)
{
    const std::string scope = "/files/" + percentEncode(site.user) + folder;
    std::string body = std::string("<d:searchrequest") + kNamespaces + "><d:basicsearch><d:select>" + propsOf(site) +
                       "</d:select><d:from><d:scope><d:href>" + xmlText(scope) +
                       "</d:href><d:depth>infinity</d:depth></d:scope></d:from><d:where>" + where +
                       "</d:where><d:limit><d:nresults>" + std::to_string(most) + "</d:nresults>";
    if (skip > 0)
        body += "<nc:firstresult>" + std::to_string(skip) + "</nc:firstresult>";
    body += "</d:limit></d:basicsearch></d:searchrequest>\n";
    return xmlRequest("SEARCH", site.server + "/remote.php/dav/", std::move(body));
}

} // namespace

HttpRequest findRequest(const Site &site, const std::string &fileId)
{
    return basicSearch(
        site, "/", "<d:eq><d:prop><oc:fileid/></d:prop><d:literal>" + xmlText(fileId) + "</d:literal></d:eq>", 1, 0);
}

HttpRequest searchRequest(const Site &site, const std::string &folder, const std::string &text, int most, int skip)
{
    std::string pattern;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') // they mean something in a pattern
            pattern += '\\';
        pattern += c;
    }
    return basicSearch(site, folder,
                       "<d:like><d:prop><d:displayname/></d:prop><d:literal>%" + xmlText(pattern) +
                           "%</d:literal></d:like>",
                       most, skip);
}

Result<std::optional<Who>> decodeWho(const Site &site, const HttpReply &reply)
{
    if (reply.status == 401 || reply.status == 429 || (reply.status >= 500 && reply.status != 501))
        return decodeError(reply);
    if (reply.status != 200)
        return std::optional<Who>();
    auto body = parseJson(reply.body, 16);
    if (!body)
        return std::optional<Who>();
    const auto &data = memberOf(memberOf(*body, "ocs"), "data");
    Who who;
    who.user = textOf(data, "id");
    if (who.user.empty() || who.user.size() > 256 || who.user == "." || who.user == "..")
        return std::optional<Who>();
    who.account.id = who.user + "@" + site.server.substr(site.server.find("//") + 2);
    who.account.name = textOf(data, "displayname");
    if (who.account.name.empty())
        who.account.name = textOf(data, "display-name");
    if (who.account.name.empty())
        who.account.name = who.user;
    who.account.email = textOf(data, "email");
    const auto &quota = memberOf(data, "quota");
    if (quota.is_object()) {
        who.account.usedBytes = nonNegative(quota, "used");
        if (const auto total = nonNegative(quota, "total"); total > 0)
            who.account.totalBytes = total;
    }
    return std::optional(std::move(who));
}

Result<void> decodeDone(const HttpReply &reply)
{
    if (reply.status >= 200 && reply.status < 300)
        return {};
    return decodeError(reply);
}

// "00000123ocabcdefghij": padded, and the instance behind it.
std::string fileIdIn(const HttpReply &reply)
{
    std::string_view id = reply.headers.get("OC-FileId");
    id = id.substr(0, id.find_first_not_of("0123456789"));
    id.remove_prefix(std::min(id.find_first_not_of('0'), id.size()));
    return std::string(id);
}

std::string serverSha1(const HttpReply &reply)
{
    if (const auto own = sha1In(reply.headers.get("X-Hash-SHA1")); !own.empty())
        return own;
    return sha1In(reply.headers.get("OC-Checksum"));
}

Entry entryOf(const Resource &resource)
{
    Node node{resource.fileId, resource.path};
    if (resource.collection && !node.folder())
        node.path += '/';
    while (!resource.collection && node.path.size() > 1 && node.folder())
        node.path.pop_back();
    Entry entry;
    entry.id = idOf(node);
    entry.name = nameOf(node.path);
    entry.kind = resource.collection ? EntryKind::Folder : EntryKind::File;
    entry.modified = resource.modified;
    entry.downloadable = !resource.collection && !resource.encrypted;
    // C: files may be created in it; W: its content may be changed.
    entry.writable =
        !resource.encrypted && (resource.permissions.empty() ||
                                resource.permissions.find(resource.collection ? 'C' : 'W') != std::string::npos);
    if (!resource.collection) {
        entry.size = resource.size;
        entry.mimeType = resource.contentType;
        entry.revision = resource.etag;
        if (!resource.sha1.empty())
            entry.contentHash = "sha1:" + resource.sha1;
    }
    return entry;
}

Error decodeError(const HttpReply &reply)
{
    Error error{Errc::BadReply, "the server refused", kOrigin, exceptionOf(reply.body), reply.status};
    const auto wait = parseRetryAfter(reply.headers.get("Retry-After"), systemNow());
    switch (reply.status) {
    case 400:
        error.code = Errc::InvalidArgument;
        if (error.nativeCode.find("InvalidPath") != std::string::npos || error.nativeCode == "InvalidResourceType")
            error.stable = "name-invalid";
        break;
    case 401:
        error.code = Errc::Unauthenticated;
        break;
    case 403:
        error.code = Errc::PermissionDenied;
        if (reply.body.find("file access control") != std::string::npos) // an app's rules: malware, tags, places
            error.stable = "file-blocked";
        break;
    case 404:
    case 409: // the folder around it is missing
    case 410:
        error.code = Errc::NotFound;
        break;
    case 412:
        error.code = Errc::Conflict;
        break;
    case 405:
    case 415:
    case 501:
        error.code = Errc::Unsupported;
        break;
    case 413:
        error.code = Errc::Unsupported;
        error.stable = "file-too-large";
        break;
    case 414:
        error.code = Errc::InvalidArgument;
        error.stable = "name-invalid";
        break;
    case 423:
        error.code = Errc::Busy;
        error.stable = "file-locked";
        break;
    case 429:
        error.code = Errc::RateLimited;
        break;
    case 507:
        error.code = Errc::QuotaExceeded;
        break;
    default:
        if (reply.status >= 500)
            error.code = Errc::Unavailable;
        break;
    }
    if (error.code == Errc::RateLimited || error.code == Errc::Unavailable)
        error.retryAfter = std::chrono::ceil<std::chrono::seconds>(wait.value_or(std::chrono::milliseconds{0}));
    if (error.code == Errc::RateLimited && error.retryAfter.count() <= 0)
        error.retryAfter = std::chrono::seconds{30};
    if (reply.status == 503 && !reply.headers.get("X-Nextcloud-Maintenance-Mode").empty())
        error.nativeCode = "maintenance";
    return error;
}

} // namespace connector::webdav
