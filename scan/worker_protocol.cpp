// SPDX-License-Identifier: Apache-2.0
#include "scan/worker_protocol.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace connector::scan_worker {

namespace {

using nlohmann::json;

Error bad()
{
    return Error{Errc::BadReply, "the scan worker said something that is not understood", "sane"};
}

std::string text(const json &object, const char *key)
{
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::int64_t number(const json &object, const char *key, std::int64_t otherwise = 0)
{
    const auto at = object.find(key);
    return at != object.end() && at->is_number_integer() ? at->get<std::int64_t>() : otherwise;
}

int smallNumber(const json &object, const char *key)
{
    return static_cast<int>(std::clamp<std::int64_t>(number(object, key), 0, 1'000'000));
}

std::vector<std::string> texts(const json &object, const char *key)
{
    std::vector<std::string> out;
    const auto at = object.find(key);
    if (at != object.end() && at->is_array())
        for (const json &value : *at)
            if (value.is_string())
                out.push_back(value.get<std::string>());
    return out;
}

Errc errcOf(std::string_view code)
{
    if (code.empty())
        return Errc::Cancelled;
    if (code == "scanner-unreachable")
        return Errc::Offline;
    if (code == "scanner-busy")
        return Errc::Busy;
    if (code == "settings-refused")
        return Errc::InvalidArgument;
    if (code == "disk-full" || code == "local-io")
        return Errc::LocalIo;
    return Errc::Unavailable; // feeder-empty, feeder-jammed, scanner-cover-open, scanner-failed
}

ScannerCapabilities capabilities(const json &object)
{
    ScannerCapabilities c;
    c.sources = texts(object, "sources");
    c.colorModes = texts(object, "colorModes");
    if (const auto at = object.find("resolutions"); at != object.end() && at->is_array())
        for (const json &value : *at)
            if (value.is_number_integer())
                c.resolutions.push_back(value.get<int>());
    if (const auto at = object.find("pageSizes"); at != object.end() && at->is_array())
        for (const json &size : *at)
            if (size.is_object())
                c.pageSizes.push_back({text(size, "name"), smallNumber(size, "width"), smallNumber(size, "height")});
    if (!c.sources.empty())
        c.defaults.source = c.sources.front();
    if (!c.colorModes.empty())
        c.defaults.colorMode = c.colorModes.front();
    // 200 dpi, or what comes closest.
    for (const int dpi : c.resolutions)
        if (c.defaults.resolution == 0 || std::abs(dpi - 200) < std::abs(c.defaults.resolution - 200))
            c.defaults.resolution = dpi;
    for (const PageSize &size : c.pageSizes)
        if (c.defaults.pageSize.empty() || size.name == "iso_a4_210x297mm")
            c.defaults.pageSize = size.name;
    return c;
}

} // namespace

Result<Event> decodeEvent(std::string_view line)
{
    const json object = json::parse(line, nullptr, false);
    if (!object.is_object())
        return bad();
    const std::string event = text(object, "event");
    if (event == "device")
        return Event(DeviceEvent{text(object, "name"), text(object, "title")});
    if (event == "capabilities")
        return Event(capabilities(object));
    if (event == "progress")
        return Event(ProgressEvent{{number(object, "bytes"), number(object, "totalBytes", -1)}});
    if (event == "page") {
        ScannedPage page;
        page.path = text(object, "file");
        page.number = smallNumber(object, "number");
        page.width = smallNumber(object, "width");
        page.height = smallNumber(object, "height");
        page.dpi = smallNumber(object, "dpi");
        page.bytes = number(object, "bytes");
        // A name, not a way out of the folder.
        if (page.path.empty() || page.path != page.path.filename() || page.path == ".." || page.path == "." ||
            page.width == 0 || page.height == 0 || page.dpi == 0)
            return bad();
        return Event(PageEvent{std::move(page)});
    }
    if (event == "end")
        return Event(EndEvent{{smallNumber(object, "pages"), object.value("feederEmpty", json()) == json(true)}});
    if (event == "error") {
        const std::string code = text(object, "code");
        Error error{errcOf(code), text(object, "message"), "sane", text(object, "native")};
        if (code != "local-io")
            error.stable = code;
        return Event(ErrorEvent{std::move(error)});
    }
    return bad();
}

} // namespace connector::scan_worker
