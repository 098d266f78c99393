// SPDX-License-Identifier: Apache-2.0
#include "profiles/name.h"

#include "core/encoding.h"

#include <algorithm>

namespace connector {

namespace {

constexpr std::size_t kLongestName = 40; // letters

std::size_t lettersOf(std::string_view utf8)
{
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

} // namespace

Result<std::string> checkedName(std::string_view name)
{
    while (!name.empty() && name.front() == ' ')
        name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ')
        name.remove_suffix(1);
    const bool control =
        std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (name.empty() || lettersOf(name) > kLongestName || control || !isUtf8(name))
        return Error{Errc::InvalidArgument, "a name of 1 to 40 letters", "profiles", {}, 0, {}, "name-invalid"};
    return std::string(name);
}

} // namespace connector
