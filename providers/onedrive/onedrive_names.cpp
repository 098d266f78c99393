// SPDX-License-Identifier: Apache-2.0
// What OneDrive takes as a name, and what follows from a name.
#include "core/encoding.h"
#include "providers/onedrive/onedrive_codec.h"
#include "providers/transfer.h"

#include <algorithm>
#include <array>

namespace connector::onedrive {

namespace {

constexpr std::size_t kLongestName = 255; // UTF-16 units

std::string extensionOf(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string() : toLowerAscii(name.substr(dot + 1));
}

} // namespace

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
