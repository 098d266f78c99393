// SPDX-License-Identifier: Apache-2.0
// JSON from strangers: bounded in depth and number of values, repaired where it is not Unicode, read without surprises.
#pragma once

#include "core/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connector {

// BadReply when it is not JSON, nested deeper than `depth`, or of more than 250,000 values. Bytes that are not UTF-8
// and lone surrogates become U+FFFD: one odd file name must not hide a whole folder.
Result<nlohmann::json> parseJson(std::string_view text, int depth = 32);

// A member of an object, or the empty value where it is missing or of another type.
std::string textOf(const nlohmann::json &object, const char *key);
std::optional<std::int64_t> integerOf(const nlohmann::json &object, const char *key);
bool flagOf(const nlohmann::json &object, const char *key, bool otherwise = false);
const nlohmann::json &memberOf(const nlohmann::json &object, const char *key); // null where there is none

// JSON in a header: nothing but printable ASCII.
std::string asciiJson(const nlohmann::json &value);

} // namespace connector
