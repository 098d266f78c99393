// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"
#include "api/params.h"
#include "api/to_json.h"

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

Json pageJson(const Page &page, const std::optional<PrinterCapabilities> &printer)
{
    Json entries = Json::array();
    for (const Entry &entry : page.entries)
        entries.push_back(toApiJson(entry, printer));
    return {{"entries", entries},
            {"nextPageToken", page.nextPageToken.empty() ? Json(nullptr) : Json(page.nextPageToken)},
            {"sorted", page.sorted}};
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
                     return pageJson(*page, printer);
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
                     return pageJson(*page, printer);
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
}

} // namespace connector
