// SPDX-License-Identifier: Apache-2.0
#include "providers/box/box_codec.h"

#include "core/encoding.h"
#include "http/json_body.h"
#include "http/url.h"
#include "providers/reply.h"
#include "providers/transfer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

namespace connector::box {

using nlohmann::json;

const char *const kFields =
    "type,id,etag,name,size,sha1,file_version,modified_at,content_modified_at,item_status,permissions,path_collection";

namespace {

constexpr const char *kListFields =
    "type,id,etag,name,size,sha1,file_version,modified_at,content_modified_at,item_status,permissions";
constexpr std::size_t kLongestQuery = 1000;
constexpr std::size_t kListBody = 16U << 20U;

// What the service makes a PDF of, but for PDF and plain text, which need no conversion.
bool hasPdf(std::string_view name)
{
    static const std::set<std::string, std::less<>> kExtensions{
        "doc",    "docx",   "gdoc",    "html", "msg",  "odt",  "pages", "rtf",  "wpd", "xhtml",
        "xml",    "xsd",    "xsl",     "xbd",  "xdw",  "indd", "idml",  "indt", "inx", "dwg",
        "gslide", "key",    "gslides", "odp",  "otp",  "ppt",  "pptx",  "csv",  "ods", "tsv",
        "xls",    "gsheet", "numbers", "xlsm", "xlsx", "md",   "c",     "cpp",  "py",  "json"};
    const std::size_t dot = name.rfind('.');
    return dot != std::string_view::npos && kExtensions.contains(toLowerAscii(name.substr(dot + 1)));
}

const char *wordOf(ItemKind kind)
{
    switch (kind) {
    case ItemKind::File:
        return "file";
    case ItemKind::Folder:
        return "folder";
    case ItemKind::WebLink:
        return "web_link";
    }
    return "";
}

std::optional<ItemKind> kindOf(std::string_view word)
{
    for (const ItemKind kind : {ItemKind::File, ItemKind::Folder, ItemKind::WebLink})
        if (word == wordOf(kind))
            return kind;
    return std::nullopt;
}

std::string urlOf(const Hosts &hosts, const ItemId &item)
{
    return hosts.api + "/2.0/" + wordOf(item.kind) + "s/" + item.number;
}

HttpRequest get(std::string url)
{
    HttpRequest request;
    request.url = std::move(url);
    request.repeatable = true;
    return request;
}

bool endsWithHost(std::string_view host, std::string_view domain)
{
    return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

const char *sortWord(SortKey key)
{
    return key == SortKey::Size ? "size" : "name";
}

// The folders from the root down to the item; nothing where the service does not tell.
std::optional<std::vector<const json *>> ancestorsOf(const json &object)
{
    const json &entries = memberOf(memberOf(object, "path_collection"), "entries");
    if (!entries.is_array())
        return std::nullopt;
    std::vector<const json *> out;
    for (const json &folder : entries)
        out.push_back(&folder);
    return out;
}

std::string pathOf(const json &object, const std::string &name)
{
    const auto ancestors = ancestorsOf(object);
    if (!ancestors)
        return {};
    std::string path;
    for (const json *folder : *ancestors)
        if (textOf(*folder, "id") != "0")
            path += "/" + textOf(*folder, "name");
    return path + "/" + name;
}

bool isBelow(const json &object, const std::string &folder)
{
    const auto ancestors = ancestorsOf(object);
    return !ancestors || std::any_of(ancestors->begin(), ancestors->end(),
                                     [&](const json *above) { return textOf(*above, "id") == folder; });
}

Result<Representation> representationOf(const json &object, int status)
{
    Representation r;
    const std::string state = textOf(memberOf(object, "status"), "state");
    if (state == "success" || state == "viewable")
        r.state = Representation::State::Success;
    else if (state == "pending")
        r.state = Representation::State::Pending;
    else if (state == "none")
        r.state = Representation::State::None;
    else if (state == "error")
        r.state = Representation::State::Error;
    else
        return badReply(kOrigin, "a representation in no known state", status);
    r.errorCode = textOf(memberOf(object, "status"), "code");
    r.infoUrl = textOf(memberOf(object, "info"), "url");
    r.contentUrl = textOf(memberOf(object, "content"), "url_template");
    // A document is one file; pictures of one are numbered by page.
    const json &paged = memberOf(memberOf(object, "properties"), "paged");
    const bool byPage = paged == "true" || paged == true;
    static constexpr std::string_view kAsset = "{+asset_path}";
    if (const std::size_t at = r.contentUrl.find(kAsset); at != std::string::npos)
        r.contentUrl.replace(at, kAsset.size(), byPage ? "1." + textOf(object, "representation") : "");
    return r;
}

} // namespace

bool isNumber(std::string_view text)
{
    return !text.empty() && text.size() <= 24 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

HttpRequest jsonRequest(const char *method, std::string url, const json &body, bool repeatable)
{
    HttpRequest request;
    request.method = method;
    request.url = std::move(url);
    request.headers.set("Content-Type", "application/json");
    request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    request.repeatable = repeatable;
    return request;
}

bool trusted(const Hosts &hosts, const std::string &url)
{
    auto parts = splitUrl(url);
    if (!parts)
        return false;
    const auto api = splitUrl(hosts.api);
    for (const std::string *base : {&hosts.api, &hosts.upload, &hosts.download})
        if (auto known = splitUrl(*base); known && originOf(*known) == originOf(*parts))
            return true;
    if (api && isLoopback(*api)) // a sandbox hands out bytes at its other addresses
        return isLoopback(*parts) && parts->port == api->port;
    return api && endsWithHost(api->host, "box.com") && parts->scheme == "https" && parts->port == 443 &&
           (endsWithHost(parts->host, "box.com") || endsWithHost(parts->host, "boxcloud.com"));
}

std::optional<ItemId> itemOf(const EntryId &id)
{
    if (id.value.empty())
        return ItemId{};
    const std::size_t colon = id.value.find(':');
    if (colon == std::string::npos)
        return std::nullopt;
    const auto kind = kindOf(std::string_view(id.value).substr(0, colon));
    std::string number = id.value.substr(colon + 1);
    if (!kind || !isNumber(number))
        return std::nullopt;
    return ItemId{*kind, std::move(number)};
}

EntryId entryIdOf(const ItemId &item)
{
    if (item.kind == ItemKind::Folder && item.number == "0")
        return {};
    return {wordOf(item.kind) + (":" + item.number)};
}

std::string PageToken::text() const
{
    if (byMarker)
        return "m:" + marker;
    return std::string("o:") + sortWord(sort.by) + (sort.descending ? ":-:" : ":+:") + std::to_string(offset);
}

std::optional<PageToken> PageToken::parse(std::string_view text)
{
    PageToken token;
    if (text.starts_with("m:") && text.size() > 2) {
        token.byMarker = true;
        token.marker = text.substr(2);
        return token;
    }
    for (const SortKey key : {SortKey::Name, SortKey::Size})
        for (const bool descending : {false, true}) {
            token.sort = {key, descending};
            token.offset = 0;
            std::string head = token.text();
            head.pop_back();
            if (!text.starts_with(head))
                continue;
            const auto rest = text.substr(head.size());
            const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), token.offset);
            if (error == std::errc() && end == rest.data() + rest.size() && token.offset > 0)
                return token;
        }
    return std::nullopt;
}

bool sortable(SortKey key)
{
    // The service's "date" is its own; the one we show is the client's where there is one.
    return key != SortKey::Modified;
}

HttpRequest accountRequest(const Hosts &hosts)
{
    return get(hosts.api + "/2.0/users/me?fields=id,name,login,status,space_amount,space_used,max_upload_size");
}

HttpRequest listRequest(const Hosts &hosts, const std::string &folder, const PageToken &from, int limit)
{
    std::string url =
        hosts.api + "/2.0/folders/" + folder + "/items?fields=" + kListFields + "&limit=" + std::to_string(limit);
    if (from.byMarker) {
        url += "&usemarker=true";
        if (!from.marker.empty())
            url += "&marker=" + percentEncode(from.marker);
    } else {
        url += "&offset=" + std::to_string(from.offset) + "&sort=" + sortWord(from.sort.by) +
               "&direction=" + (from.sort.descending ? "DESC" : "ASC");
    }
    auto request = get(std::move(url));
    request.largestBody = kListBody;
    return request;
}

HttpRequest itemRequest(const Hosts &hosts, const ItemId &item)
{
    return get(urlOf(hosts, item) + "?fields=" + kFields);
}

HttpRequest searchRequest(const Hosts &hosts, const std::string &text, const std::string &folder, std::int64_t offset,
                          int limit)
{
    std::string query = makeUtf8(text);
    if (query.size() > kLongestQuery) { // bytes are at least as many as characters
        query.resize(kLongestQuery);
        while (!query.empty() && !isUtf8(query))
            query.pop_back();
    }
    auto request = get(hosts.api + "/2.0/search?query=" + percentEncode(query) +
                       "&content_types=name&ancestor_folder_ids=" + folder + "&fields=" + kFields +
                       "&limit=" + std::to_string(limit) + "&offset=" + std::to_string(offset));
    request.largestBody = kListBody;
    return request;
}

HttpRequest createFolderRequest(const Hosts &hosts, const std::string &parent, const std::string &name)
{
    return jsonRequest("POST", hosts.api + "/2.0/folders", {{"name", name}, {"parent", {{"id", parent}}}}, false);
}

HttpRequest removeRequest(const Hosts &hosts, const ItemId &item)
{
    HttpRequest request; // of a folder: only when it is empty
    request.method = "DELETE";
    request.url = urlOf(hosts, item);
    return request;
}

HttpRequest contentRequest(const Hosts &hosts, const std::string &file, const std::string &version)
{
    return get(hosts.api + "/2.0/files/" + file + "/content" + (version.empty() ? "" : "?version=" + version));
}

HttpRequest targetRequest(const std::string &url, std::int64_t offset)
{
    auto request = get(url);
    request.signIt = false;
    if (offset > 0)
        request.headers.set("Range", "bytes=" + std::to_string(offset) + "-");
    return request;
}

HttpRequest representationsRequest(const Hosts &hosts, const std::string &file, const std::string &hint)
{
    auto request = get(hosts.api + "/2.0/files/" + file + "?fields=representations");
    request.headers.set("X-Rep-Hints", hint);
    return request;
}

HttpRequest signedGet(const std::string &url)
{
    return get(url);
}

std::string thumbnailHint(int pixels)
{
    static constexpr std::array kEdges{32, 94, 160, 320, 1024};
    const auto fits = std::find_if(kEdges.begin(), kEdges.end(), [&](int edge) { return edge >= pixels; });
    const std::string edge = std::to_string(fits == kEdges.end() ? kEdges.back() : *fits);
    return "[jpg?dimensions=" + edge + "x" + edge + "]";
}

std::optional<std::int64_t> sizeOf(const json &object, const char *key)
{
    if (const auto exact = integerOf(object, key))
        return *exact >= 0 ? exact : std::nullopt;
    const json &value = memberOf(object, key);
    if (!value.is_number_float())
        return std::nullopt;
    const double number = value.get<double>();
    // More than fits is as good as the most that fits: it is only compared and shown.
    if (!std::isfinite(number) || number < 0)
        return std::nullopt;
    return number >= 9e18 ? std::int64_t{9'000'000'000'000'000'000} : static_cast<std::int64_t>(number);
}

std::optional<Entry> entryOf(const json &object)
{
    const auto kind = kindOf(textOf(object, "type"));
    const std::string number = textOf(object, "id");
    const std::string status = textOf(object, "item_status");
    if (!kind || !isNumber(number) || status == "trashed" || status == "deleted")
        return std::nullopt;
    Entry entry;
    entry.id = entryIdOf({*kind, number});
    entry.name = textOf(object, "name");
    if (entry.name.empty())
        return std::nullopt;
    entry.path = pathOf(object, entry.name);
    for (const char *key : {"content_modified_at", "modified_at"})
        if (!entry.modified)
            if (auto time = parseRfc3339(textOf(object, key)))
                entry.modified = *time;
    const json &permissions = memberOf(object, "permissions");
    switch (*kind) {
    case ItemKind::Folder:
        entry.kind = EntryKind::Folder;
        entry.downloadable = false;
        entry.writable = flagOf(permissions, "can_upload", true);
        return entry;
    case ItemKind::WebLink:
        entry.kind = EntryKind::Link;
        entry.downloadable = false;
        entry.writable = false;
        return entry;
    case ItemKind::File:
        break;
    }
    entry.size = sizeOf(object, "size");
    entry.revision = textOf(memberOf(object, "file_version"), "id");
    if (!isNumber(entry.revision))
        entry.revision.clear();
    if (const std::string hash = textOf(object, "sha1"); !hash.empty())
        entry.contentHash = "sha1:" + toLowerAscii(hash);
    entry.downloadable = flagOf(permissions, "can_download", true);
    entry.convertible = entry.downloadable && hasPdf(entry.name);
    return entry;
}

Result<json> objectOf(const HttpReply &reply)
{
    if (reply.status / 100 != 2)
        return decodeError(reply);
    return jsonObjectOf(reply, kOrigin);
}

Result<Account> decodeAccount(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    Account account;
    account.id = textOf(*body, "id");
    account.name = textOf(*body, "name");
    account.email = textOf(*body, "login");
    if (account.id.empty())
        return badReply(kOrigin, "an account without an id", reply.status);
    // There is no flag: whoever has not confirmed the address gets a 403 from every call, this one included.
    account.emailVerified = !account.email.empty() && textOf(*body, "status") == "active";
    account.usedBytes = sizeOf(*body, "space_used");
    account.totalBytes = sizeOf(*body, "space_amount");
    return account;
}

Result<Items> decodeItems(const HttpReply &reply, const std::string &below)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &entries = memberOf(*body, "entries");
    if (!entries.is_array())
        return badReply(kOrigin, "a list without entries", reply.status);
    Items items;
    items.entries.reserve(entries.size());
    for (const json &item : entries)
        if (below.empty() || isBelow(item, below))
            if (auto entry = entryOf(item))
                items.entries.push_back(std::move(*entry));
    items.total = sizeOf(*body, "total_count").value_or(-1);
    items.limit = sizeOf(*body, "limit").value_or(0);
    items.nextMarker = textOf(*body, "next_marker");
    return items;
}

Result<Entry> decodeItem(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const std::string status = textOf(*body, "item_status");
    if (status == "trashed" || status == "deleted")
        return Error{Errc::NotFound, "the item was deleted", kOrigin, status, reply.status};
    auto entry = entryOf(*body);
    if (!entry)
        return badReply(kOrigin, "not an item", reply.status);
    return std::move(*entry);
}

Result<void> decodeNothing(const HttpReply &reply)
{
    if (reply.status / 100 != 2)
        return decodeError(reply);
    return {};
}

Result<Representation> decodeRepresentations(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &entries = memberOf(memberOf(*body, "representations"), "entries");
    if (!entries.is_array())
        return badReply(kOrigin, "a file without representations", reply.status);
    if (entries.empty())
        return Error{Errc::Unsupported, "Box makes nothing of the kind of this file", kOrigin, {}, reply.status};
    return representationOf(entries.front(), reply.status);
}

Result<Representation> decodeRepresentation(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    return representationOf(*body, reply.status);
}

Result<void> checkName(const std::string &name)
{
    const auto characters = std::count_if(name.begin(), name.end(),
                                          [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    if (name.empty() || name == "." || name == ".." || static_cast<std::size_t>(characters) > kLongestName ||
        !isUtf8(name) || name.back() == ' ' || std::any_of(name.begin(), name.end(), [](char c) {
            return c == '/' || c == '\\' || c == 0x7F || static_cast<unsigned char>(c) < 0x20;
        }))
        return nameInvalid(kOrigin);
    return {};
}

} // namespace connector::box
