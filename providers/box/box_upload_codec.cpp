// SPDX-License-Identifier: Apache-2.0
#include "providers/box/box_upload_codec.h"

#include "core/encoding.h"
#include "http/json_body.h"
#include "providers/reply.h"

#include <algorithm>

namespace connector::box {

using nlohmann::json;

namespace {

constexpr int kPartsPerList = 1000;
constexpr std::int64_t kMostParts = 100'000;

std::string dump(const json &value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string filesUrl(const std::string &base, const Destination &to)
{
    return base + "/files/" + (to.file.empty() ? "" : to.file + "/");
}

std::string uploadBase(const Hosts &hosts)
{
    return hosts.upload + "/api/2.0";
}

Result<Part> partOf(const json &object, int status)
{
    Part part{textOf(object, "part_id"), sizeOf(object, "offset").value_or(-1), sizeOf(object, "size").value_or(-1),
              toLowerAscii(textOf(object, "sha1"))};
    if (part.id.empty() || part.offset < 0 || part.size <= 0)
        return badReply(kOrigin, "a part without its place", status);
    return part;
}

bool usable(const Session &session, const Hosts &hosts)
{
    const std::initializer_list<const std::string *> urls{&session.part, &session.list, &session.commit,
                                                          &session.abort};
    return session.partSize > 0 &&
           std::all_of(urls.begin(), urls.end(), [&](const std::string *url) { return trusted(hosts, *url); });
}

} // namespace

HttpRequest preflightRequest(const Hosts &hosts, const Destination &to, std::int64_t size)
{
    json body{{"size", size}};
    if (to.file.empty()) {
        body["name"] = to.name;
        body["parent"] = {{"id", to.folder}};
    }
    return jsonRequest("OPTIONS", filesUrl(hosts.api + "/2.0", to) + "content", body, true);
}

HttpRequest uploadRequest(const Hosts &hosts, const Destination &to, const std::string &boundary,
                          const std::string &sha1)
{
    HttpRequest request;
    request.method = "POST";
    request.url = filesUrl(uploadBase(hosts), to) + "content";
    request.headers.set("Content-Type", "multipart/form-data; boundary=" + boundary);
    if (!sha1.empty())
        request.headers.set("Content-MD5", sha1); // the service's name for it; it is a SHA-1
    return request;
}

Multipart around(const Destination &to, const std::optional<WallTime> &modified, const std::string &boundary)
{
    json attributes = json::object();
    if (to.file.empty()) {
        attributes["name"] = to.name;
        attributes["parent"] = {{"id", to.folder}};
    }
    if (modified)
        attributes["content_modified_at"] = formatRfc3339(*modified);
    // The service takes the name from the attributes, which have to come first.
    return {"--" + boundary + "\r\nContent-Disposition: form-data; name=\"attributes\"\r\n\r\n" + dump(attributes) +
                "\r\n--" + boundary +
                "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n"
                "Content-Type: application/octet-stream\r\n\r\n",
            "\r\n--" + boundary + "--\r\n"};
}

HttpRequest sessionRequest(const Hosts &hosts, const Destination &to, std::int64_t size)
{
    json body{{"file_size", size}};
    if (to.file.empty()) {
        body["folder_id"] = to.folder;
        body["file_name"] = to.name;
    }
    // One whose answer was lost is orphaned and expires.
    return jsonRequest("POST", filesUrl(uploadBase(hosts), to) + "upload_sessions", body, true);
}

HttpRequest partRequest(const Session &session, std::int64_t offset, std::int64_t bytes, std::int64_t size,
                        const std::string &sha1)
{
    HttpRequest request;
    request.method = "PUT";
    request.url = session.part;
    request.secretUrl = true;
    request.headers.set("Content-Type", "application/octet-stream");
    request.headers.set("Content-Range", "bytes " + std::to_string(offset) + "-" + std::to_string(offset + bytes - 1) +
                                             "/" + std::to_string(size));
    request.headers.set("Digest", "sha=" + toBase64(sha1));
    request.repeatable = true; // a part is stored once, and the repeat told so
    return request;
}

HttpRequest listPartsRequest(const Session &session, std::int64_t offset)
{
    const bool asked = session.list.find('?') != std::string::npos;
    auto request = signedGet(session.list + (asked ? "&" : "?") + "offset=" + std::to_string(offset) +
                             "&limit=" + std::to_string(kPartsPerList));
    request.secretUrl = true;
    return request;
}

HttpRequest commitRequest(const Session &session, const std::vector<Part> &parts,
                          const std::optional<WallTime> &modified, const std::string &sha1)
{
    json list = json::array();
    for (const Part &part : parts)
        list.push_back({{"part_id", part.id}, {"offset", part.offset}, {"size", part.size}, {"sha1", part.sha1}});
    json body{{"parts", std::move(list)}};
    if (modified)
        body["attributes"] = {{"content_modified_at", formatRfc3339(*modified)}};
    auto request = jsonRequest("POST", session.commit, body, false);
    request.secretUrl = true;
    request.headers.set("Digest", "sha=" + toBase64(sha1));
    return request;
}

HttpRequest abortRequest(const Session &session)
{
    HttpRequest request;
    request.method = "DELETE";
    request.url = session.abort;
    request.secretUrl = true;
    return request;
}

Result<Entry> decodeUploaded(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &entries = memberOf(*body, "entries");
    auto entry = entries.is_array() && !entries.empty() ? entryOf(entries.front()) : std::nullopt;
    if (!entry || entry->kind != EntryKind::File)
        return badReply(kOrigin, "an upload without its file", reply.status);
    return std::move(*entry);
}

Result<Session> decodeSession(const HttpReply &reply, const Hosts &hosts, std::int64_t size)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &urls = memberOf(*body, "session_endpoints");
    Session session{textOf(urls, "upload_part"), textOf(urls, "list_parts"), textOf(urls, "commit"),
                    textOf(urls, "abort"), sizeOf(*body, "part_size").value_or(0)};
    if (!usable(session, hosts))
        return badReply(kOrigin, "a session that cannot be used", reply.status);
    const std::int64_t parts = size / session.partSize + (size % session.partSize > 0 ? 1 : 0);
    if (parts > kMostParts || sizeOf(*body, "total_parts").value_or(parts) != parts)
        return badReply(kOrigin, "a session for a file of another size", reply.status);
    return session;
}

Result<Part> decodePart(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &wrapped = memberOf(*body, "part");
    return partOf(wrapped.is_object() ? wrapped : *body, reply.status);
}

Result<PartList> decodePartList(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    const json &entries = memberOf(*body, "entries");
    if (!entries.is_array())
        return badReply(kOrigin, "a list without parts", reply.status);
    PartList list;
    for (const json &entry : entries) {
        auto part = partOf(entry, reply.status);
        if (!part)
            return std::move(part).error();
        list.parts.push_back(std::move(*part));
    }
    list.total = sizeOf(*body, "total_count").value_or(0);
    return list;
}

std::optional<NameHolder> nameHolderOf(const HttpReply &reply)
{
    if (reply.status != 409)
        return std::nullopt;
    auto body = parseJson(reply.body);
    if (!body || textOf(*body, "code") != "item_name_in_use")
        return std::nullopt;
    const json *conflict = &memberOf(memberOf(*body, "context_info"), "conflicts");
    if (conflict->is_array() && !conflict->empty())
        conflict = &conflict->front();
    NameHolder holder;
    const std::string type = textOf(*conflict, "type");
    for (const ItemKind kind : {ItemKind::File, ItemKind::Folder, ItemKind::WebLink})
        if (ItemId item{kind, textOf(*conflict, "id")}; isNumber(item.number))
            if (const EntryId id = entryIdOf(item); id.value.starts_with(type + ":") && !type.empty())
                holder.item = item;
    if (const std::string hash = textOf(*conflict, "sha1"); !hash.empty())
        holder.hash = "sha1:" + toLowerAscii(hash);
    return holder;
}

std::string nameFor(const std::string &name, int attempt)
{
    if (attempt == 0)
        return name;
    // One by one at first, then in growing steps: a folder may hold thousands of the same name.
    int number = attempt;
    for (int step = 10; step < attempt && number < 1'000'000; ++step)
        number *= 2;
    const std::string suffix = " (" + std::to_string(number) + ")";
    std::size_t dot = name.rfind('.');
    if (dot == std::string::npos || dot == 0)
        dot = name.size();
    std::string stem = name.substr(0, dot);
    const std::string extension = name.substr(dot);
    const auto isStart = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    const auto characters = [&](const std::string &text) {
        return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), isStart));
    };
    while (stem.size() > 1 && characters(stem) + suffix.size() + characters(extension) > kLongestName) {
        while (!isStart(stem.back()))
            stem.pop_back();
        stem.pop_back();
    }
    return stem + suffix + extension;
}

json toJson(const Session &session)
{
    return {{"part", session.part},
            {"list", session.list},
            {"commit", session.commit},
            {"abort", session.abort},
            {"partSize", session.partSize}};
}

std::optional<Session> sessionOf(const json &stored, const Hosts &hosts)
{
    Session session{textOf(stored, "part"), textOf(stored, "list"), textOf(stored, "commit"), textOf(stored, "abort"),
                    sizeOf(stored, "partSize").value_or(0)};
    return usable(session, hosts) ? std::optional(std::move(session)) : std::nullopt;
}

} // namespace connector::box
