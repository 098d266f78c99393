// SPDX-License-Identifier: Apache-2.0
#include "http/json_body.h"

#include "core/encoding.h"

#include <limits>

namespace connector {

namespace {

// The four digits of a \uXXXX escape at `at`, -1 if there is none.
int escapeAt(std::string_view text, std::size_t at)
{
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u')
        return -1;
    auto bytes = fromHex(text.substr(at + 2, 4));
    if (!bytes)
        return -1;
    return static_cast<unsigned char>((*bytes)[0]) * 256 + static_cast<unsigned char>((*bytes)[1]);
}

// A parsed value takes some twenty times the room of the two letters that it may be written in. Pages of listings, the
// largest that anybody sends, hold a fifth of this.
constexpr std::size_t kMostValues = 250'000;

struct Scan {
    int depth = 0;
    std::size_t values = 0;                  // at most so many
    std::vector<std::size_t> loneSurrogates; // offsets of their escapes
};

Scan scan(std::string_view text)
{
    Scan found;
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (!inString) {
            inString = c == '"';
            found.values += c == ',' || c == '{' || c == '[' ? 1 : 0;
            if (c == '{' || c == '[')
                found.depth = std::max(found.depth, ++depth);
            else if (c == '}' || c == ']')
                --depth;
        } else if (c == '"') {
            inString = false;
        } else if (c == '\\') {
            const int code = escapeAt(text, i);
            if (code < 0) {
                ++i;
                continue;
            }
            const int next = escapeAt(text, i + 6);
            const bool pair = code >= 0xD800 && code <= 0xDBFF && next >= 0xDC00 && next <= 0xDFFF;
            if (!pair && code >= 0xD800 && code <= 0xDFFF)
                found.loneSurrogates.push_back(i);
            i += pair ? 11 : 5;
        }
    }
    return found;
}

} // namespace

Result<nlohmann::json> parseJson(std::string_view text, int depth)
{
    std::string repaired;
    if (!isUtf8(text)) {
        repaired = makeUtf8(text);
        text = repaired;
    }
    const Scan found = scan(text);
    if (found.depth > depth)
        return Error{Errc::BadReply, "JSON nested too deeply"};
    if (found.values > kMostValues)
        return Error{Errc::BadReply, "JSON of too many values"};
    if (!found.loneSurrogates.empty()) {
        std::string copy(text);
        for (const std::size_t at : found.loneSurrogates)
            copy.replace(at, 6, "\\ufffd");
        repaired = std::move(copy);
        text = repaired;
    }
    auto value = nlohmann::json::parse(text, nullptr, false);
    if (value.is_discarded())
        return Error{Errc::BadReply, "not JSON"};
    return value;
}

const nlohmann::json &memberOf(const nlohmann::json &object, const char *key)
{
    static const nlohmann::json kNull;
    if (!object.is_object())
        return kNull;
    const auto found = object.find(key);
    return found == object.end() ? kNull : *found;
}

std::string textOf(const nlohmann::json &object, const char *key)
{
    const auto &value = memberOf(object, key);
    return value.is_string() ? value.get_ref<const std::string &>() : std::string();
}

std::optional<std::int64_t> integerOf(const nlohmann::json &object, const char *key)
{
    const auto &value = memberOf(object, key);
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
    if (!value.is_number_integer())
        return std::nullopt;
    return value.get<std::int64_t>();
}

bool flagOf(const nlohmann::json &object, const char *key, bool otherwise)
{
    const auto &value = memberOf(object, key);
    return value.is_boolean() ? value.get<bool>() : otherwise;
}

std::string asciiJson(const nlohmann::json &value)
{
    return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

} // namespace connector
