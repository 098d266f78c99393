// SPDX-License-Identifier: Apache-2.0
#include "providers/onedrive/onedrive_codec.h"

#include "core/encoding.h"
#include "http/json_body.h"
#include "http/url.h"
#include "providers/transfer.h"

#include <algorithm>
#include <array>

namespace connector::onedrive {

using nlohmann::json;

namespace {

constexpr const char *kOrigin = "onedrive";
constexpr std::size_t kLongestName = 255; // UTF-16 units
constexpr std::size_t kLongestId = 400;
constexpr std::size_t kLongestQuery = 255;
constexpr std::size_t kListBody = 16U << 20U;
constexpr std::size_t kSmallBody = 1U << 20U;

// Where Microsoft's clouds hand out bytes and take them in. A name that begins with a dot stands for all below it.
constexpr std::array<std::string_view, 11> kByteHosts{".sharepoint.com",
                                                      ".sharepoint.us",
                                                      ".sharepoint-mil.us",
                                                      ".sharepoint.cn",
                                                      ".microsoftpersonalcontent.com",
                                                      ".1drv.com",
                                                      ".livefilestore.com",
                                                      ".storage.live.com",
                                                      ".onedrive.com",
                                                      ".svc.ms",
                                                      ".microsoftusercontent.com"};

// Ids become parts of a path that the token is sent to: one that is a dot or a slash would leave its place.
bool isId(std::string_view id)
{
    return !id.empty() && id.size() <= kLongestId && id != "." && id != ".." &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '/' && c != '\\'; });
}

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

std::string extensionOf(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string() : toLowerAscii(name.substr(dot + 1));
}

Error badReply(const char *what, int status)
{
    return Error{Errc::BadReply, what, kOrigin, {}, status};
}

Result<json> objectOf(const HttpReply &reply)
{
    if (reply.status / 100 != 2)
        return decodeError(reply);
    auto body = parseJson(reply.body);
    if (!body || !body->is_object())
        return badReply("the reply is not a JSON object", reply.status);
    return body;
}

Result<json> valuesOf(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return body;
    if (!memberOf(*body, "value").is_array())
        return badReply("a list without values", reply.status);
    return body;
}

DriveKind kindOf(const std::string &type)
{
    const std::string lower = toLowerAscii(type);
    if (lower == "personal")
        return DriveKind::Personal;
    if (lower == "business")
        return DriveKind::Business;
    return lower == "documentlibrary" ? DriveKind::Library : DriveKind::Unknown;
}

std::optional<WallTime> timeOf(const json &object, const char *key)
{
    auto time = parseRfc3339(textOf(object, key));
    return time ? std::optional(*time) : std::nullopt;
}

std::string hashOf(const json &file)
{
    auto bytes = fromBase64(textOf(memberOf(file, "hashes"), "quickXorHash"));
    return bytes && bytes->size() == 20 ? "quickxor:" + toHex(*bytes) : std::string();
}

// "/drives/x/root:/a/b%20c" of the parent, as people write it.
std::string visiblePath(const json &parent, const std::string &name)
{
    const std::string path = textOf(parent, "path");
    const std::size_t colon = path.find(":");
    return colon == std::string::npos ? std::string() : makeUtf8(percentDecode(path.substr(colon + 1))) + "/" + name;
}

// The item, or nothing for what is none (deleted ones, kinds of tomorrow).
std::optional<Item> itemOf(const json &object, const std::string &drive)
{
    // An item that lives in another drive: there it has its own id, kind and size.
    const json &elsewhere = memberOf(object, "remoteItem");
    const bool remote = elsewhere.is_object();
    const json &own = remote ? elsewhere : object;
    const json &parent = memberOf(own, "parentReference");

    Item item;
    item.remote = remote;
    item.at = {driveKey(textOf(parent, "driveId")), textOf(own, "id")};
    if (item.at.drive.empty() && !remote)
        item.at.drive = drive;
    item.parent = textOf(parent, "id");
    item.kind = kindOf(textOf(parent, "driveType"));
    Entry &entry = item.entry;
    entry.name = textOf(object, "name");
    if (entry.name.empty())
        entry.name = textOf(own, "name");
    if (!isId(item.at.item) || (!item.at.drive.empty() && !isId(item.at.drive)) || entry.name.empty() ||
        memberOf(object, "deleted").is_object())
        return std::nullopt;
    entry.id = idOf(item.at);

    const json &times = memberOf(own, "fileSystemInfo");
    entry.modified = timeOf(times, "lastModifiedDateTime");
    if (!entry.modified)
        entry.modified = timeOf(own, "lastModifiedDateTime");
    entry.path = visiblePath(parent, entry.name);
    if (memberOf(own, "package").is_object()) { // a notebook: neither a folder that opens nor a file with bytes
        entry.kind = EntryKind::Document;
        entry.downloadable = false;
        return item;
    }
    const json &file = memberOf(own, "file");
    if (memberOf(own, "folder").is_object() || memberOf(own, "root").is_object() ||
        memberOf(own, "bundle").is_object()) {
        entry.kind = EntryKind::Folder;
        entry.downloadable = false;
        entry.writable = !memberOf(own, "bundle").is_object();
        return item;
    }
    if (!file.is_object())
        return std::nullopt;
    entry.size = integerOf(own, "size");
    if (entry.size && *entry.size < 0)
        entry.size.reset();
    entry.mimeType = textOf(file, "mimeType");
    entry.contentHash = hashOf(file);
    entry.revision = textOf(own, "cTag");
    if (entry.revision.empty())
        entry.revision = textOf(own, "eTag");
    item.infected = memberOf(own, "malware").is_object();
    entry.downloadable = !item.infected;
    entry.convertible = entry.downloadable && becomesPdf(entry.name);
    return item;
}

std::optional<Drive> driveOf(const json &object)
{
    Drive drive;
    drive.id = driveKey(textOf(object, "id"));
    if (!isId(drive.id))
        return std::nullopt;
    drive.kind = kindOf(textOf(object, "driveType"));
    drive.name = textOf(object, "name");
    const json &quota = memberOf(object, "quota");
    // Zero is how an account that does not tell says so.
    if (const auto total = integerOf(quota, "total"); total && *total > 0) {
        drive.total = total;
        if (const auto used = integerOf(quota, "used"); used && *used >= 0)
            drive.used = used;
    }
    return drive;
}

Result<Ranges> rangesOf(const json &body, int status)
{
    const json &list = memberOf(body, "nextExpectedRanges");
    if (!list.is_array())
        return badReply("an upload session that does not say what it waits for", status);
    Ranges ranges;
    for (const json &each : list) {
        if (!each.is_string())
            return badReply("not a range", status);
        const auto &text = each.get_ref<const std::string &>();
        const std::size_t dash = text.find('-');
        const auto number = [](std::string_view digits) -> std::optional<std::int64_t> {
            if (digits.empty() || digits.size() > 18 ||
                digits.find_first_not_of("0123456789") != std::string_view::npos)
                return std::nullopt;
            return std::stoll(std::string(digits));
        };
        const auto first = number(std::string_view(text).substr(0, std::min(dash, text.size())));
        const std::string_view end = dash == std::string::npos ? "" : std::string_view(text).substr(dash + 1);
        const auto last = end.empty() ? std::optional<std::int64_t>(-1) : number(end);
        if (!first || !last || (*last >= 0 && *last < *first))
            return badReply("not a range", status);
        if (!ranges.next || *first < ranges.next->first)
            ranges.next = Ranges::Range{*first, *last};
    }
    return ranges;
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

Result<Account> decodeAccount(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    Account account;
    account.id = textOf(*body, "id");
    if (account.id.empty())
        return badReply("an account without an id", reply.status);
    account.name = textOf(*body, "displayName");
    account.email = textOf(*body, "mail");
    if (account.email.empty()) {
        const std::string name = textOf(*body, "userPrincipalName");
        // A guest's principal name has the look of an address and is none.
        if (name.find('@') != std::string::npos && name.find('#') == std::string::npos)
            account.email = name;
    }
    // Nobody vouches for it here: an administrator may enter any address. The sign-in may; see addFromIdToken().
    account.emailVerified = false;
    return account;
}

void addFromIdToken(const std::string &idToken, Account &account)
{
    const std::size_t first = idToken.find('.');
    const std::size_t second = first == std::string::npos ? first : idToken.find('.', first + 1);
    if (second == std::string::npos)
        return;
    auto text = fromBase64Url(std::string_view(idToken).substr(first + 1, second - first - 1));
    auto claims = text ? parseJson(*text, 8) : Result<json>(text.error());
    if (!claims)
        return;
    // Written as a truth value, a number or a text, depending on who wrote it.
    const std::string word = toLowerAscii(textOf(*claims, "xms_edov"));
    const bool proved =
        flagOf(*claims, "xms_edov") || integerOf(*claims, "xms_edov") == 1 || word == "true" || word == "1";
    const std::string email = textOf(*claims, "email");
    // Of that address only: the profile may show another.
    if (proved && !email.empty() && toLowerAscii(email) == toLowerAscii(account.email))
        account.emailVerified = true;
}

Result<Drive> decodeDrive(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    auto drive = driveOf(*body);
    if (!drive)
        return badReply("a drive without an id", reply.status);
    return std::move(*drive);
}

Result<std::vector<Drive>> decodeDrives(const HttpReply &reply)
{
    auto body = valuesOf(reply);
    if (!body)
        return std::move(body).error();
    std::vector<Drive> drives;
    for (const json &each : memberOf(*body, "value"))
        if (auto drive = driveOf(each))
            drives.push_back(std::move(*drive));
    return drives;
}

Result<std::vector<Site>> decodeSites(const HttpReply &reply)
{
    auto body = valuesOf(reply);
    if (!body)
        return std::move(body).error();
    std::vector<Site> sites;
    for (const json &each : memberOf(*body, "value")) {
        Site site{textOf(each, "id"), textOf(each, "displayName")};
        if (site.name.empty())
            site.name = textOf(each, "name");
        if (isId(site.id))
            sites.push_back(std::move(site));
    }
    return sites;
}

Result<ItemPage> decodeItems(const Hosts &hosts, const HttpReply &reply, const std::string &drive)
{
    auto body = valuesOf(reply);
    if (!body)
        return std::move(body).error();
    ItemPage page;
    for (const json &each : memberOf(*body, "value"))
        if (auto item = itemOf(each, drive))
            page.items.push_back(std::move(*item));
    page.next = textOf(*body, "@odata.nextLink");
    if (!page.next.empty() && !isPageUrl(hosts, page.next))
        return badReply("the next page is not Graph's", reply.status);
    return page;
}

Result<Item> decodeItem(const HttpReply &reply, const std::string &drive)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    auto item = itemOf(*body, drive);
    if (!item)
        return badReply("not an item", reply.status);
    return std::move(*item);
}

Result<Session> decodeSession(const Hosts &hosts, const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    Session session;
    session.url = textOf(*body, "uploadUrl");
    if (!isBytesUrl(hosts, session.url))
        return badReply("an upload session at no place for bytes", reply.status);
    session.ranges.next = Ranges::Range{};
    if (memberOf(*body, "nextExpectedRanges").is_array()) {
        auto ranges = rangesOf(*body, reply.status);
        if (!ranges)
            return std::move(ranges).error();
        session.ranges = *ranges;
    }
    return session;
}

Result<Ranges> decodeRanges(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    return rangesOf(*body, reply.status);
}

Result<std::string> decodeThumbnail(const Hosts &hosts, const HttpReply &reply, int pixels)
{
    auto body = valuesOf(reply);
    if (!body)
        return std::move(body).error();
    const json &sets = memberOf(*body, "value");
    const Error none{Errc::Unsupported, "there is no thumbnail of this", kOrigin, {}, reply.status};
    if (sets.empty())
        return none;
    // The smallest that is large enough, else the largest.
    std::string best;
    std::int64_t bestEdge = 0;
    for (const char *size : {"small", "medium", "large"}) {
        const json &picture = memberOf(sets.front(), size);
        const std::string url = textOf(picture, "url");
        const std::int64_t edge =
            std::max(integerOf(picture, "width").value_or(0), integerOf(picture, "height").value_or(0));
        if (url.empty() || (!best.empty() && bestEdge >= pixels))
            continue;
        best = url;
        bestEdge = edge;
    }
    if (best.empty())
        return none;
    if (!isBytesUrl(hosts, best))
        return badReply("a thumbnail at no place for bytes", reply.status);
    return best;
}

Result<void> decodeNothing(const HttpReply &reply)
{
    if (reply.status / 100 != 2)
        return decodeError(reply);
    return {};
}

Result<std::string> decodeRedirect(const Hosts &hosts, const std::string &from, const HttpReply &reply)
{
    auto target = resolveUrl(from, std::string(reply.headers.get("Location")));
    if (!target || !isBytesUrl(hosts, *target))
        return badReply("a redirect to no place for bytes", reply.status);
    return target;
}

Result<void> checkName(const std::string &name)
{
    static constexpr std::array<std::string_view, 6> kReserved{"con", "prn", "aux", "nul", ".lock", "desktop.ini"};
    const std::string lower = toLowerAscii(name);
    const bool device = lower.size() == 4 && (lower.starts_with("com") || lower.starts_with("lpt")) &&
                        lower[3] >= '0' && lower[3] <= '9';
    if (name.empty() || !isUtf8(name) || name.front() == ' ' || name.back() == ' ' || name.back() == '.' ||
        lower.starts_with("~$") || lower.find("_vti_") != std::string::npos || device ||
        std::find(kReserved.begin(), kReserved.end(), lower) != kReserved.end() ||
        std::any_of(name.begin(), name.end(), [](char c) {
            return static_cast<unsigned char>(c) < 0x20 || c == 0x7F ||
                   std::string_view("\"*:<>?/\\|").find(c) != std::string_view::npos;
        }))
        return nameInvalid(kOrigin);
    // UTF-16 counts a letter beyond the first plane twice.
    std::size_t units = 0;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        units += (byte & 0xC0U) != 0x80U ? 1U : 0U;
        units += byte >= 0xF0U ? 1U : 0U;
    }
    if (units > kLongestName)
        return nameInvalid(kOrigin);
    return {};
}

bool isOfficeName(std::string_view name)
{
    static constexpr std::array<std::string_view, 21> kOffice{"doc",  "docm", "docx", "dot",  "dotm", "dotx", "pot",
                                                              "potm", "potx", "pps",  "ppsm", "ppsx", "ppt",  "pptm",
                                                              "pptx", "xls",  "xlsb", "xlsm", "xlsx", "xltm", "xltx"};
    return std::find(kOffice.begin(), kOffice.end(), extensionOf(name)) != kOffice.end();
}

bool becomesPdf(std::string_view name)
{
    // What both of Microsoft's lists name; csv is on them and refused nevertheless.
    static constexpr std::array<std::string_view, 12> kSources{"doc",  "docx", "odp",  "ods", "odt", "pps",
                                                               "ppsx", "ppt",  "pptx", "rtf", "xls", "xlsx"};
    return std::find(kSources.begin(), kSources.end(), extensionOf(name)) != kSources.end();
}

std::string orderBy(const Sort &sort, DriveKind kind)
{
    const char *direction = sort.descending ? " desc" : " asc";
    if (sort.by == SortKey::Name)
        return std::string("name") + direction;
    if (kind != DriveKind::Personal)
        return "";
    return (sort.by == SortKey::Size ? "size" : "lastModifiedDateTime") + std::string(direction);
}

} // namespace connector::onedrive
