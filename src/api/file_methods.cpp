// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"
#include "api/params.h"
#include "api/to_json.h"
#include "core/encoding.h"

namespace connector {

namespace {

using Json = nlohmann::json;

Result<Sort> sortFrom(const Json &params)
{
    Sort sort;
    const Json j = params.value("sort", Json::object());
    if (!j.is_object())
        return params::bad("sort", "an object");
    auto by = params::text(j, "by", "name", 16);
    auto descending = params::boolean(j, "descending", false);
    if (!by)
        return std::move(by).error();
    if (!descending)
        return std::move(descending).error();
    if (*by == "modified" || *by == "date")
        sort.by = SortKey::Modified;
    else if (*by == "size")
        sort.by = SortKey::Size;
    else if (*by != "name")
        return params::bad("sort", "by name, modified or size");
    sort.descending = *descending;
    return sort;
}

const char *wordOf(Place::Kind kind)
{
    switch (kind) {
    case Place::Kind::SharedWithMe:
        return "shared-with-me";
    case Place::Kind::Recent:
        return "recent";
    case Place::Kind::Drive:
        break;
    }
    return "drive";
}

// thumbnails: of an account that was just asked, so that its adapter knows.
Json pageJson(const Page &page, bool thumbnails, const std::optional<PrinterCapabilities> &printer)
{
    Json entries = Json::array();
    for (const Entry &entry : page.entries)
        entries.push_back(toApiJson(entry, printer));
    return {{"entries", entries},
            {"nextPageToken", page.nextPageToken.empty() ? Json(nullptr) : Json(page.nextPageToken)},
            {"sorted", page.sorted},
            {"thumbnails", thumbnails}};
}

constexpr std::size_t kLargestThumbnail = 256U << 10U;

// By its first bytes; "" for what no face has to be able to draw.
std::string pictureType(std::string_view bytes)
{
    using namespace std::string_view_literals;
    return bytes.starts_with("\xff\xd8\xff"sv)        ? "image/jpeg"
           : bytes.starts_with("\x89PNG\r\n\x1a\n"sv) ? "image/png"
                                                      : "";
}

Json thumbnailJson(const ThumbnailCache::Picture &picture)
{
    if (picture.type.empty())
        return {{"type", nullptr}, {"data", nullptr}};
    return {{"type", picture.type}, {"data", picture.base64}};
}

// Empty where the cloud has none of it.
Result<ThumbnailCache::Picture> thumbnailOf(Provider &cloud, const EntryId &file, int pixels, const Call &call)
{
    StringSink sink(kLargestThumbnail);
    const auto made = cloud.thumbnail(file, pixels, sink, call);
    const bool tooLarge = !made && made.error().code == Errc::LocalIo; // the sink's word
    if (!made && made.error().code != Errc::Unsupported && !tooLarge)
        return made.error();
    std::string type = made ? pictureType(sink.bytes()) : "";
    if (type.empty())
        return ThumbnailCache::Picture{};
    return ThumbnailCache::Picture{std::move(type), toBase64(sink.bytes())};
}

} // namespace

void Api::addFileMethods()
{
    m_methods["files.list"] = [this](const Asked &asked) {
        auto folder = params::text(asked.params, "folder", "");
        auto token = params::text(asked.params, "pageToken", "", 65536);
        auto sort = sortFrom(asked.params);
        if (!folder || !token)
            return asked.respond(ApiError{(!folder ? folder : token).error()});
        if (!sort)
            return asked.respond(ApiError{sort.error()});
        askCloud(asked,
                 [folder = EntryId{*folder}, token = *token, sort = *sort,
                  printer = m_rooms.devices.printerCapabilities()](Provider &cloud, const Call &call) -> Result<Json> {
                     auto page = cloud.list(folder, token, sort, call);
                     if (!page)
                         return std::move(page).error();
                     return pageJson(*page, cloud.features().thumbnails, printer);
                 });
    };

    m_methods["files.places"] = [this](const Asked &asked) {
        askCloud(asked, [](Provider &cloud, const Call &call) -> Result<Json> {
            auto places = cloud.places(call);
            if (!places)
                return std::move(places).error();
            Json list = Json::array();
            for (const Place &place : *places)
                list.push_back({{"id", place.id.value},
                                {"kind", wordOf(place.kind)},
                                {"name", place.name.empty() ? Json(nullptr) : Json(place.name)}});
            return Json{{"places", list}};
        });
    };

    m_methods["files.search"] = [this](const Asked &asked) {
        auto query = params::text(asked.params, "query", std::nullopt, 1000);
        auto folder = params::text(asked.params, "folder", "");
        auto token = params::text(asked.params, "pageToken", "", 65536);
        for (const auto *text : {&query, &folder, &token})
            if (!*text)
                return asked.respond(ApiError{text->error()});
        askCloud(asked,
                 [query = *query, folder = EntryId{*folder}, token = *token,
                  printer = m_rooms.devices.printerCapabilities()](Provider &cloud, const Call &call) -> Result<Json> {
                     auto page = cloud.search(query, folder, token, call);
                     if (!page)
                         return std::move(page).error();
                     return pageJson(*page, cloud.features().thumbnails, printer);
                 });
    };

    m_methods["files.createFolder"] = [this](const Asked &asked) {
        auto folder = params::text(asked.params, "folder", "");
        auto name = params::text(asked.params, "name", std::nullopt, 255);
        if (!folder || !name)
            return asked.respond(ApiError{(!folder ? folder : name).error()});
        askCloud(asked,
                 [folder = EntryId{*folder}, name = *name,
                  printer = m_rooms.devices.printerCapabilities()](Provider &cloud, const Call &call) -> Result<Json> {
                     auto made = cloud.createFolder(folder, name, call);
                     if (!made)
                         return std::move(made).error();
                     return Json{{"entry", toApiJson(*made, printer)}};
                 });
    };

    m_methods["files.thumbnail"] = [this](const Asked &asked) { thumbnail(asked); };
}

void Api::thumbnail(const Asked &asked)
{
    auto profile = openProfile(asked);
    auto file = params::text(asked.params, "file");
    auto revision = params::text(asked.params, "revision", "");
    auto pixels = params::integer(asked.params, "pixels", 128, 32, 512);
    if (!profile)
        return asked.respond(ApiError{profile.error()});
    if (!file || !revision)
        return asked.respond(ApiError{(!file ? file : revision).error()});
    if (!pixels)
        return asked.respond(ApiError{pixels.error()});
    ThumbnailCache::Key key{profile->id, *file, *revision, static_cast<int>(*pixels)};
    if (const auto *known = asked.connection->m_thumbnails.find(key))
        return asked.respond(thumbnailJson(*known));
    const auto keep = [connection = asked.connection, key, epoch = asked.connection->m_epoch,
                       session = asked.connection->m_sessions](ThumbnailCache::Picture picture) {
        // Not what comes after the profile was closed.
        if (connection->m_epoch == epoch && connection->m_sessions == session &&
            connection->m_opened.contains(key.profile))
            connection->m_thumbnails.put(key, std::move(picture));
    };
    askCloud(asked,
             [this, alive = m_alive, keep, file = EntryId{*file},
              pixels = key.pixels](Provider &cloud, const Call &call) -> Result<Json> {
                 auto picture = thumbnailOf(cloud, file, pixels, call);
                 if (!picture)
                     return std::move(picture).error();
                 m_rooms.actor.post([alive, keep, picture = *picture](std::stop_token) {
                     if (*alive)
                         keep(picture);
                 });
                 return thumbnailJson(*picture);
             });
}

} // namespace connector
