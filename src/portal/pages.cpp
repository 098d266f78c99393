// SPDX-License-Identifier: Apache-2.0
#include "portal/pages.h"

#include "connector_portal_core_embedded.h"
#include "core/encoding.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace connector::portal {

namespace {

using Texts = std::map<std::string, std::string, std::less<>>;

Texts load(std::string_view file)
{
    Texts texts;
    if (const auto bytes = embedded(file))
        if (const auto json = nlohmann::json::parse(*bytes, nullptr, false); json.is_object())
            for (const auto &[key, value] : json.items())
                if (value.is_string())
                    texts.emplace(key, value.get<std::string>());
    return texts;
}

const Texts &textsOf(std::string_view language)
{
    static const std::map<std::string, Texts, std::less<>> all = [] {
        std::map<std::string, Texts, std::less<>> made;
        for (const std::string &known : languages())
            made.emplace(known, load("texts." + known + ".json"));
        return made;
    }();
    const auto at = all.find(language);
    return at == all.end() ? all.at(languages().front()) : at->second;
}

std::string_view valueOf(const Values &values, std::string_view name)
{
    const auto at = values.find(name);
    return at == values.end() ? std::string_view() : std::string_view(at->second);
}

// The amount in the largest unit that says it well: "text.minute.one" or "text.minute.many" with {count}.
std::string amount(std::string_view language, std::string_view prefix, std::int64_t seconds)
{
    static constexpr std::pair<std::int64_t, std::string_view> kUnits[] = {
        {48 * 3600, "day"}, {3600, "hour"}, {60, "minute"}};
    for (const auto &[from, unit] : kUnits) {
        if (seconds < from)
            continue;
        const std::int64_t count = seconds / (unit == "day" ? 24 * 3600 : from);
        return text(language, std::string(prefix) + "." + std::string(unit) + (count == 1 ? ".one" : ".many"),
                    {{"count", std::to_string(count)}});
    }
    return text(language, std::string(prefix) + ".now");
}

} // namespace

const std::vector<std::string> &languages()
{
    static const std::vector<std::string> all = {"en", "fr"};
    return all;
}

std::string chooseLanguage(std::string_view accept)
{
    std::string best = languages().front();
    double bestQuality = 0;
    accept = accept.substr(0, 500);
    while (!accept.empty()) {
        const auto comma = accept.find(',');
        std::string_view part = accept.substr(0, comma);
        accept.remove_prefix(comma == std::string_view::npos ? accept.size() : comma + 1);
        while (part.starts_with(' '))
            part.remove_prefix(1);
        double quality = 1;
        if (const auto q = part.find(";q="); q != std::string_view::npos)
            quality = std::strtod(std::string(part.substr(q + 3)).c_str(), nullptr);
        const std::string tag = toLowerAscii(part.substr(0, part.find_first_of("-; ")));
        if (quality > bestQuality && std::find(languages().begin(), languages().end(), tag) != languages().end()) {
            best = tag;
            bestQuality = quality;
        }
    }
    return best;
}

std::string escapeHtml(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string text(std::string_view language, std::string_view key, const Values &values)
{
    const Texts &texts = textsOf(language);
    const auto at = texts.find(key);
    if (at == texts.end())
        return std::string(key);
    std::string out;
    std::string_view rest = at->second;
    while (!rest.empty()) {
        const auto open = rest.find('{');
        const auto close = open == std::string_view::npos ? open : rest.find('}', open);
        if (close == std::string_view::npos) {
            out += rest;
            break;
        }
        out += rest.substr(0, open);
        out += valueOf(values, rest.substr(open + 1, close - open - 1));
        rest.remove_prefix(close + 1);
    }
    return out;
}

std::string fillIn(std::string_view source, std::string_view language, const Values &values)
{
    std::string out;
    while (!source.empty()) {
        const auto open = source.find("{{");
        out += source.substr(0, open);
        if (open == std::string_view::npos)
            break;
        source.remove_prefix(open);
        const bool raw = source.starts_with("{{{");
        const auto close = source.find(raw ? "}}}" : "}}");
        if (close == std::string_view::npos)
            break;
        const std::size_t width = raw ? 3 : 2;
        const std::string_view name = source.substr(width, close - width);
        source.remove_prefix(close + width);
        if (raw) {
            out += valueOf(values, name);
        } else if (name.starts_with('#') || name.starts_with('^')) {
            const std::string end = "{{/" + std::string(name.substr(1)) + "}}";
            const auto at = source.find(end);
            if (at == std::string_view::npos)
                break;
            const bool there = !valueOf(values, name.substr(1)).empty();
            if (there == name.starts_with('#'))
                out += fillIn(source.substr(0, at), language, values);
            source.remove_prefix(at + end.size());
        } else if (name.starts_with("t.")) {
            out += escapeHtml(text(language, name.substr(2), values));
        } else {
            out += escapeHtml(valueOf(values, name));
        }
    }
    return out;
}

std::string page(std::string_view name, std::string_view language, const Values &values)
{
    Values all = values;
    all["lang"] = std::string(language);
    all["body"] = fillIn(embedded(std::string(name) + ".html").value_or(""), language, all);
    return fillIn(embedded("layout.html").value_or("{{{body}}}"), language, all);
}

std::string ago(std::string_view language, std::int64_t seconds)
{
    return amount(language, "ago", seconds);
}

std::string duration(std::string_view language, std::int64_t seconds)
{
    return amount(language, "for", seconds);
}

std::string paragraphs(std::string_view plain)
{
    std::string out;
    while (!plain.empty()) {
        const auto end = plain.find("\n\n");
        std::string_view part = plain.substr(0, end);
        plain.remove_prefix(end == std::string_view::npos ? plain.size() : end + 2);
        while (part.starts_with('\n'))
            part.remove_prefix(1);
        while (part.ends_with('\n'))
            part.remove_suffix(1);
        if (part.starts_with("## ")) {
            const auto line = part.find('\n');
            out += "<h2>" + escapeHtml(part.substr(3, line == std::string_view::npos ? line : line - 3)) + "</h2>\n";
            part.remove_prefix(line == std::string_view::npos ? part.size() : line + 1);
        }
        if (!part.empty())
            out += "<p>" + escapeHtml(part) + "</p>\n";
    }
    return out;
}

} // namespace connector::portal
