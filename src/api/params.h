// SPDX-License-Identifier: Apache-2.0
// Reads a request's parameters; what is missing or of the wrong kind is "bad-request".
#pragma once

#include "core/result.h"

#include <nlohmann/json.hpp>

namespace connector::params {

inline Error bad(const std::string &name, const std::string &what)
{
    return Error{Errc::InvalidArgument, name + ": " + what, "api", {}, 0, {}, "bad-request"};
}

// A text of at most `longest` bytes; `fallback` where it is absent, required where there is none.
inline Result<std::string> text(const nlohmann::json &params, const std::string &name,
                                std::optional<std::string> fallback = std::nullopt, std::size_t longest = 4096)
{
    const auto it = params.find(name);
    if (it == params.end() || it->is_null())
        return fallback ? Result<std::string>(*std::move(fallback)) : bad(name, "missing");
    if (!it->is_string())
        return bad(name, "a text");
    auto value = it->get<std::string>();
    if (value.size() > longest || value.find('\0') != std::string::npos)
        return bad(name, "too long, or not a text");
    return value;
}

inline Result<std::int64_t> integer(const nlohmann::json &params, const std::string &name, std::int64_t fallback,
                                    std::int64_t low, std::int64_t high)
{
    const auto it = params.find(name);
    if (it == params.end() || it->is_null())
        return fallback;
    // Unsigned numbers over the signed range would turn negative.
    if (!it->is_number_integer() || (it->is_number_unsigned() && it->get<std::uint64_t>() > INT64_MAX))
        return bad(name, "a whole number");
    const auto value = it->get<std::int64_t>();
    if (value < low || value > high)
        return bad(name, std::to_string(low) + " to " + std::to_string(high));
    return value;
}

inline Result<bool> boolean(const nlohmann::json &params, const std::string &name, bool fallback)
{
    const auto it = params.find(name);
    if (it == params.end() || it->is_null())
        return fallback;
    if (!it->is_boolean())
        return bad(name, "true or false");
    return it->get<bool>();
}

} // namespace connector::params
