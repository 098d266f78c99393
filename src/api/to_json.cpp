// SPDX-License-Identifier: Apache-2.0
#include "api/to_json.h"

#include "core/encoding.h"
#include "print/document.h"

namespace connector {

using nlohmann::json;

namespace {

json orNull(std::string_view text)
{
    return text.empty() ? json(nullptr) : json(text);
}

json orNull(const std::optional<WallTime> &time)
{
    return time ? json(formatRfc3339(*time)) : json(nullptr);
}

std::string extensionOf(std::string_view name)
{
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos || dot == 0 ? std::string() : toLowerAscii(name.substr(dot + 1));
}

struct TypeWord {
    std::string_view word;
    std::vector<std::string_view> extensions;
};

const std::vector<TypeWord> &typeWords()
{
    static const std::vector<TypeWord> words{
        {"pdf", {"pdf"}},
        {"image", {"jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp", "heic", "svg"}},
        {"text", {"txt", "md", "log", "ini", "json", "xml", "html", "htm"}},
        {"document", {"doc", "docx", "docm", "odt", "rtf", "gdoc", "pages"}},
        {"spreadsheet", {"xls", "xlsx", "xlsm", "ods", "csv", "gsheet", "numbers"}},
        {"presentation", {"ppt", "pptx", "pptm", "pps", "ppsx", "odp", "gslides", "key"}},
        {"archive", {"zip", "gz", "tar", "7z", "rar", "xz", "bz2"}},
        {"audio", {"mp3", "wav", "flac", "ogg", "m4a", "aac"}},
        {"video", {"mp4", "mov", "avi", "mkv", "webm"}},
    };
    return words;
}

bool canPrint(const Entry &entry, const std::optional<PrinterCapabilities> &printer)
{
    if (entry.convertible)
        return true;
    if (entry.kind != EntryKind::File || !entry.downloadable)
        return false;
    // A printer that was never reached yet is taken for one that prints PDF, as nearly all do.
    const std::vector<std::string> formats = printer ? printer->formats : std::vector<std::string>{"application/pdf"};
    return conversionFor(formatOfName(entry.name), formats).route != Conversion::Route::Unsupported;
}

} // namespace

std::string_view fileType(EntryKind kind, std::string_view name)
{
    if (kind == EntryKind::Folder)
        return "folder";
    const std::string extension = extensionOf(name);
    for (const TypeWord &type : typeWords())
        if (std::find(type.extensions.begin(), type.extensions.end(), extension) != type.extensions.end())
            return type.word;
    return "other";
}

json toApiJson(const Person &p)
{
    return {{"id", p.id},
            {"name", p.name},
            {"role", p.administrator ? "administrator" : "person"},
            {"source", p.directory ? "directory" : "own"},
            {"open", p.open},
            {"hasPassword", p.hasPassword},
            {"hasPin", p.hasPin},
            {"hasCard", p.hasCard},
            {"createdAt", formatRfc3339(p.createdAt)},
            {"lastSignedInAt", orNull(p.lastSignedInAt)}};
}

json toApiJson(const Profile &p)
{
    return {{"id", p.id},
            {"provider", p.provider},
            {"name", p.name},
            {"account", orNull(p.account)},
            {"accountVerified", p.accountVerified},
            {"accountName", orNull(p.accountName)},
            {"hasPin", p.hasPin},
            {"pinDead", p.pinDead},
            {"state", toString(p.state)},
            {"lockedUntil", orNull(p.lockedUntil)},
            {"createdAt", formatRfc3339(p.createdAt)},
            {"lastUsedAt", orNull(p.lastUsedAt)},
            {"accessEndsAt", orNull(p.accessEndsAt)}};
}

json toApiJson(const Authorization &a)
{
    json error = nullptr;
    if (a.error) {
        error = {{"code", stableCode(*a.error)}, {"origin", a.error->origin}};
        if (!a.domains.empty())
            error["domains"] = a.domains;
        if (a.error->retryAfter.count() > 0)
            error["retryAfter"] = a.error->retryAfter.count();
    }
    return {{"profileId", a.profileId},
            {"state", toString(a.state)},
            {"userCode", orNull(a.userCode)},
            {"verificationUri", orNull(a.verificationUri)},
            {"verificationUriComplete", orNull(a.verificationUriComplete)},
            {"expiresAt", a.verificationUriComplete.empty() ? json(nullptr) : json(formatRfc3339(a.expiresAt))},
            {"error", error}};
}

json toApiJson(const PrinterStatus &s)
{
    return {{"name", s.name}, {"state", toString(s.state)}, {"reasons", s.keywords()}, {"message", s.message}};
}

json toApiJson(const PrinterCapabilities &c)
{
    json media = json::array();
    for (const std::string &name : c.media)
        media.push_back({{"name", name}, {"default", name == c.defaultMedia}});
    return {{"copies", {{"max", c.maxCopies}}},
            {"colorModes", c.colorModes},
            {"sides", c.sides},
            {"media", media},
            {"formats", c.formats},
            {"quality", c.qualities},
            {"scalings", c.scalings},
            {"pageRanges", c.pageRanges},
            {"orientation", c.orientation},
            {"defaults",
             {{"copies", c.defaultCopies},
              {"colorMode", c.defaultColorMode},
              {"sides", c.defaultSides},
              {"media", c.defaultMedia},
              {"quality", c.defaultQuality}}}};
}

json toApiJson(const ScannerStatus &s)
{
    return {{"name", s.name}, {"state", toString(s.state)}, {"reasons", s.reasons}};
}

json toApiJson(const ScannerCapabilities &c)
{
    json sizes = json::array();
    for (const PageSize &size : c.pageSizes)
        sizes.push_back({{"name", size.name}, {"width", size.width}, {"height", size.height}});
    return {{"sources", c.sources},
            {"colorModes", c.colorModes},
            {"resolutions", c.resolutions},
            {"pageSizes", sizes},
            {"defaults",
             {{"source", c.defaults.source},
              {"colorMode", c.defaults.colorMode},
              {"resolution", c.defaults.resolution},
              {"pageSize", c.defaults.pageSize}}}};
}

json toApiJson(const Entry &entry, const std::optional<PrinterCapabilities> &printer)
{
    const char *kind = "file";
    if (entry.kind == EntryKind::Folder)
        kind = "folder";
    else if (entry.kind == EntryKind::Document)
        kind = "document";
    else if (entry.kind == EntryKind::Link)
        kind = "link";
    const bool folder = entry.kind == EntryKind::Folder;
    const bool printable = !folder && canPrint(entry, printer);
    return {{"id", entry.id.value},
            {"kind", kind},
            {"name", entry.name},
            {"size", entry.size ? json(*entry.size) : json(nullptr)},
            {"modified", orNull(entry.modified)},
            {"type", fileType(entry.kind, entry.name)},
            {"printable", printable},
            {"reason", folder || printable ? json(nullptr) : json("unsupported-type")},
            {"revision", orNull(entry.revision)},
            {"path", orNull(entry.path)},
            {"writable", folder ? json(entry.writable) : json(nullptr)}};
}

} // namespace connector
