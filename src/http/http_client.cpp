// SPDX-License-Identifier: Apache-2.0
#include "http/http_client.h"

#include "core/encoding.h"

namespace connector {

void HttpHeaders::set(std::string_view name, std::string value)
{
    const std::string wanted = toLowerAscii(name);
    std::erase_if(fields, [&](const auto &field) { return toLowerAscii(field.first) == wanted; });
    fields.emplace_back(std::string(name), std::move(value));
}

std::string_view HttpHeaders::get(std::string_view name) const
{
    const std::string wanted = toLowerAscii(name);
    for (const auto &[key, value] : fields)
        if (toLowerAscii(key) == wanted)
            return value;
    return {};
}

bool HttpHeaders::has(std::string_view name) const
{
    const std::string wanted = toLowerAscii(name);
    return std::any_of(fields.begin(), fields.end(), [&](const auto &f) { return toLowerAscii(f.first) == wanted; });
}

} // namespace connector
