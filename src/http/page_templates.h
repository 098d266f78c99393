// SPDX-License-Identifier: Apache-2.0
// Web pages from embedded templates and texts, safe against what devices and people type.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connector {

using PageValues = std::map<std::string, std::string, std::less<>>;

// The best of `languages` for an Accept-Language field; the first one where none fits.
std::string chooseLanguage(std::string_view acceptLanguage, const std::vector<std::string> &languages);

std::string escapeHtml(std::string_view text);

// The pages of one site. Any thread once it is made.
class PageTemplates {
public:
    // A file's bytes by its name.
    using Files = std::function<std::optional<std::string_view>(std::string_view file)>;

    // Reads texts.<language>.json of each language; the first is the fallback.
    PageTemplates(Files files, const std::vector<std::string> &languages);

    // A text in that language, with {name} replaced from values; not escaped. The key itself where there is none.
    std::string text(std::string_view language, std::string_view key, const PageValues &values = {}) const;

    // Fills a template in: {{name}} is a value, {{t.key}} a text, both escaped; {{{name}}} is a value that is HTML
    // already; {{#name}}…{{/name}} stays when the value is not empty, {{^name}}…{{/name}} when it is.
    std::string fillIn(std::string_view source, std::string_view language, const PageValues &values) const;

    // <name>.html, filled in.
    std::string part(std::string_view name, std::string_view language, const PageValues &values) const;

    // A whole page: <name>.html within layout.html. values["title"] is its title.
    std::string page(std::string_view name, std::string_view language, const PageValues &values) const;

private:
    using Texts = std::map<std::string, std::string, std::less<>>;
    Files m_files;
    std::map<std::string, Texts, std::less<>> m_texts;
    std::string m_fallback;
};

} // namespace connector
