// SPDX-License-Identifier: Apache-2.0
#include "providers/onedrive/onedrive_codec.h"

#include "core/encoding.h"
#include "http/json_body.h"
#include "http/url.h"

#include <algorithm>
#include <array>

namespace connector::onedrive {

using nlohmann::json;

namespace {

constexpr std::size_t kLongestId = 400;
constexpr std::size_t kLongestQuery = 255;
constexpr std::size_t kListBody = 16U << 20U;
constexpr std::size_t kSmallBody = 1U << 20U;

// Where Microsoft's clouds hand out bytes and take them in. A name that begins with a dot stands for all below it.
constexpr std::array<std::string_view, 10> kByteHosts{
    ".sharepoint.com", ".sharepoint.us",     ".sharepoint-mil.us", ".sharepoint.cn", ".microsoftpersonalcontent.com",
    ".1drv.com",       ".livefilestore.com", ".storage.live.com",  ".onedrive.com",  ".svc.ms"};

// An id in a path, with its "!" and "," as everybody sends them.
std::string segment(const std::string &id)
{
    std::string out;
    for (const char c : id)
        out += c == '!' || c == ',' ? std::string(1, c) : percentEncode({&c, 1});
    return out;
}

std::string pathOf(const ItemRef &ref)
{
    const std::string drive = ref.drive.empty() ? "/me/drive" : "/drives/" + segment(ref.drive);
    return "/v1.0" + drive + (ref.item.empty() ? "/root" : "/items/" + segment(ref.item));
}

std::string pathOf(const ItemRef &folder, const std::string &name)
{
    return pathOf(folder) + ":/" + percentEncode(name) + ":";
}

HttpRequest get(std::string url, std::size_t largest = kSmallBody)
{
    HttpRequest request;
    request.url = std::move(url);
    request.repeatable = true;
    request.largestBody = largest;
    return request;
}

HttpRequest withJson(const char *method, std::string url, const json &body, bool repeatable)
{
    HttpRequest request;
    request.method = method;
    request.url = std::move(url);
    request.headers.set("Content-Type", "application/json");
    request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    request.repeatable = repeatable;
    request.largestBody = kSmallBody;
    return request;
}

HttpRequest unsignedRequest(const char *method, const std::string &url)
{
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.signIt = false;
    request.repeatable = true;
    request.largestBody = kSmallBody;
    return request;
}

const char *behaviour(OnConflict policy)
{
    switch (policy) {
    case OnConflict::Fail:
        return "fail";
    case OnConflict::Replace:
        return "replace";
    case OnConflict::Rename:
        break;
    }
    return "rename";
}

json stamps(WallTime modified)
{
    return {{"lastModifiedDateTime", formatRfc3339(modified)}};
}

bool onThisMachine(const std::string &url)
{
    auto parts = splitUrl(url);
    return parts && isLoopback(*parts);
}

std::string quoted(const std::string &text)
{
    std::string query = makeUtf8(text);
    if (query.size() > kLongestQuery) {
        query.resize(kLongestQuery);
        while (!query.empty() && !isUtf8(query))
            query.pop_back();
    }
    std::string doubled;
    for (const char c : query)
        doubled += c == '\'' ? std::string("''") : std::string(1, c);
    return "(q='" + percentEncode(doubled) + "')";
}

} // namespace

// Ids become parts of a path that the token is sent to: one that is a dot or a slash would leave its place.
bool isId(std::string_view id)
{
    return !id.empty() && id.size() <= kLongestId && id != "." && id != ".." &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '/' && c != '\\'; });
}

std::string driveKey(const std::string &id)
{
    const bool personal =
        id.size() >= 15 && id.size() <= 16 && id.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    return personal ? std::string(16 - id.size(), '0') + toLowerAscii(id) : id;
}

EntryId idOf(const ItemRef &ref)
{
    return ref.drive.empty() && ref.item.empty() ? EntryId{} : EntryId{ref.drive + "/" + ref.item};
}

Result<ItemRef> refOf(const EntryId &id)
{
    if (id.value.empty())
        return ItemRef{};
    const std::size_t slash = id.value.find('/');
    if (slash == std::string::npos)
        return Error{Errc::InvalidArgument, "not an id of OneDrive", kOrigin};
    ItemRef ref{id.value.substr(0, slash), id.value.substr(slash + 1)};
    if (!isId(ref.drive) || (!ref.item.empty() && !isId(ref.item)))
        return Error{Errc::InvalidArgument, "not an id of OneDrive", kOrigin};
    return ref;
}

HttpRequest accountRequest(const Hosts &hosts)
{
    return get(hosts.graph + "/v1.0/me?$select=id,displayName,mail,userPrincipalName");
}

HttpRequest driveRequest(const Hosts &hosts)
{
    return get(hosts.graph + "/v1.0/me/drive");
}

HttpRequest listRequest(const Hosts &hosts, const ItemRef &folder, int top, const std::string &orderBy)
{
    return get(hosts.graph + pathOf(folder) + "/children?$top=" + std::to_string(top) +
                   (orderBy.empty() ? "" : "&$orderby=" + percentEncode(orderBy)),
               kListBody);
}

HttpRequest sharedRequest(const Hosts &hosts)
{
    return get(hosts.graph + "/v1.0/me/drive/sharedWithMe", kListBody);
}

HttpRequest recentRequest(const Hosts &hosts)
{
    return get(hosts.graph + "/v1.0/me/drive/recent", kListBody);
}

HttpRequest pageRequest(const std::string &url)
{
    return get(url, kListBody);
}

HttpRequest searchRequest(const Hosts &hosts, const ItemRef &folder, const std::string &text, int top)
{
    return get(hosts.graph + pathOf(folder) + "/search" + quoted(text) + "?$top=" + std::to_string(top), kListBody);
}

HttpRequest searchAllRequest(const Hosts &hosts, const std::string &text, int top)
{
    return get(hosts.graph + "/v1.0/me/drive/search" + quoted(text) + "?$top=" + std::to_string(top), kListBody);
}

HttpRequest itemRequest(const Hosts &hosts, const ItemRef &item)
{
    return get(hosts.graph + pathOf(item));
}

HttpRequest childRequest(const Hosts &hosts, const ItemRef &folder, const std::string &name)
{
    std::string path = pathOf(folder, name);
    path.pop_back(); // the closing colon stands before a further segment only
    return get(hosts.graph + path);
}

HttpRequest sitesRequest(const Hosts &hosts)
{
    return get(hosts.graph + "/v1.0/me/followedSites");
}

HttpRequest librariesRequest(const Hosts &hosts, const Site &site)
{
    return get(hosts.graph + "/v1.0/sites/" + segment(site.id) + "/drives");
}

HttpRequest createFolderRequest(const Hosts &hosts, const ItemRef &parent, const std::string &name)
{
    return withJson("POST", hosts.graph + pathOf(parent) + "/children",
                    {{"name", name},
                     {"folder", json::object()},
                     {"@microsoft.graph.conflictBehavior", behaviour(OnConflict::Fail)}},
                    false);
}

HttpRequest deleteRequest(const Hosts &hosts, const ItemRef &item)
{
    HttpRequest request = get(hosts.graph + pathOf(item));
    request.method = "DELETE";
    request.repeatable = false;
    return request;
}

HttpRequest setModifiedRequest(const Hosts &hosts, const ItemRef &item, WallTime modified)
{
    return withJson("PATCH", hosts.graph + pathOf(item), {{"fileSystemInfo", stamps(modified)}}, true);
}

HttpRequest contentRequest(const Hosts &hosts, const ItemRef &file)
{
    return get(hosts.graph + pathOf(file) + "/content");
}

HttpRequest pdfRequest(const Hosts &hosts, const ItemRef &file)
{
    return get(hosts.graph + pathOf(file) + "/content?format=pdf");
}

HttpRequest thumbnailsRequest(const Hosts &hosts, const ItemRef &file)
{
    return get(hosts.graph + pathOf(file) + "/thumbnails");
}

HttpRequest uploadRequest(const Hosts &hosts, const ItemRef &parent, const UploadTarget &target)
{
    HttpRequest request = get(hosts.graph + pathOf(parent, target.name) +
                              "/content?@microsoft.graph.conflictBehavior=" + behaviour(target.onConflict));
    request.method = "PUT";
    request.headers.set("Content-Type", "application/octet-stream");
    request.repeatable = false;
    return request;
}

HttpRequest sessionRequest(const Hosts &hosts, const ItemRef &parent, const UploadTarget &target,
                           std::optional<WallTime> modified, std::optional<std::int64_t> size)
{
    json item{{"@microsoft.graph.conflictBehavior", behaviour(target.onConflict)}};
    if (modified)
        item["fileSystemInfo"] = stamps(*modified);
    if (size)
        item["fileSize"] = *size;
    // A session whose answer was lost is orphaned and expires.
    return withJson("POST", hosts.graph + pathOf(parent, target.name) + "/createUploadSession", {{"item", item}}, true);
}

HttpRequest bytesRequest(const std::string &url, std::int64_t offset)
{
    HttpRequest request = unsignedRequest("GET", url);
    if (offset > 0)
        request.headers.set("Range", "bytes=" + std::to_string(offset) + "-");
    return request;
}

HttpRequest fragmentRequest(const std::string &url, std::int64_t offset, std::int64_t bytes, std::int64_t total)
{
    HttpRequest request = unsignedRequest("PUT", url);
    request.headers.set("Content-Range", "bytes " + std::to_string(offset) + "-" + std::to_string(offset + bytes - 1) +
                                             "/" + std::to_string(total));
    return request;
}

HttpRequest statusRequest(const std::string &url)
{
    return unsignedRequest("GET", url);
}

HttpRequest cancelRequest(const std::string &url)
{
    return unsignedRequest("DELETE", url);
}

bool isPageUrl(const Hosts &hosts, const std::string &url)
{
    auto page = splitUrl(url);
    auto graph = splitUrl(hosts.graph + "/v1.0/");
    return page && graph && originOf(*page) == originOf(*graph) && page->path.starts_with(graph->path);
}

bool isBytesUrl(const Hosts &hosts, const std::string &url)
{
    auto parts = splitUrl(url);
    if (!parts)
        return false;
    if (onThisMachine(hosts.graph) && isLoopback(*parts))
        return true;
    auto graph = splitUrl(hosts.graph);
    if (graph && originOf(*graph) == originOf(*parts))
        return true;
    return parts->scheme == "https" && std::any_of(kByteHosts.begin(), kByteHosts.end(), [&](std::string_view host) {
               return std::string_view(parts->host).ends_with(host);
           });
}

} // namespace connector::onedrive
