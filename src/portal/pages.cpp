// SPDX-License-Identifier: Apache-2.0
#include "portal/pages.h"

#include "connector_portal_core_embedded.h"

namespace connector::portal {

namespace {

const PageTemplates &templates()
{
    static const PageTemplates made([](std::string_view file) { return embedded(file); }, languages());
    return made;
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
    return connector::chooseLanguage(accept, languages());
}

std::string text(std::string_view language, std::string_view key, const Values &values)
{
    return templates().text(language, key, values);
}

std::string fillIn(std::string_view source, std::string_view language, const Values &values)
{
    return templates().fillIn(source, language, values);
}

std::string page(std::string_view name, std::string_view language, const Values &values)
{
    return templates().page(name, language, values);
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
