// SPDX-License-Identifier: Apache-2.0
#include "http/page_templates.h"

#include "core/encoding.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace connector {

namespace {

std::string_view valueOf(const PageValues &values, std::string_view name)
{
    const auto at = values.find(name);
    return at == values.end() ? std::string_view() : std::string_view(at->second);
}

} // namespace

std::string chooseLanguage(std::string_view accept, const std::vector<std::string> &languages)
{
    std::string best = languages.front();
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
        if (quality > bestQuality && std::find(languages.begin(), languages.end(), tag) != languages.end()) {
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

PageTemplates::PageTemplates(Files files, const std::vector<std::string> &languages)
    : m_files(std::move(files)), m_fallback(languages.front())
{
    for (const std::string &language : languages) {
        Texts &texts = m_texts[language];
        const auto json = nlohmann::json::parse(m_files("texts." + language + ".json").value_or(""), nullptr, false);
        if (!json.is_object())
            continue;
        for (const auto &[key, value] : json.items())
            if (value.is_string())
                texts.emplace(key, value.get<std::string>());
    }
}

std::string PageTemplates::text(std::string_view language, std::string_view key, const PageValues &values) const
{
    const auto known = m_texts.find(language);
    const Texts &texts = known == m_texts.end() ? m_texts.at(m_fallback) : known->second;
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

std::string PageTemplates::fillIn(std::string_view source, std::string_view language, const PageValues &values) const
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

std::string PageTemplates::part(std::string_view name, std::string_view language, const PageValues &values) const
{
    return fillIn(m_files(std::string(name) + ".html").value_or(""), language, values);
}

std::string PageTemplates::page(std::string_view name, std::string_view language, const PageValues &values) const
{
    PageValues all = values;
    all["lang"] = std::string(language);
    all["body"] = part(name, language, all);
    return fillIn(m_files("layout.html").value_or("{{{body}}}"), language, all);
}

} // namespace connector
