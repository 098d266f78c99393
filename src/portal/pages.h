// SPDX-License-Identifier: Apache-2.0
// The portal's pages: templates and texts of ui/portal filled in, safe against what devices and people type.
#pragma once

#include "http/page_templates.h"

namespace connector::portal {

using Values = PageValues;
using connector::escapeHtml;

// Languages that there are texts for; the first is the fallback.
const std::vector<std::string> &languages();

// The best of languages() for an Accept-Language field.
std::string chooseLanguage(std::string_view acceptLanguage);

// A text in that language, with {name} replaced from values; not escaped. The key itself where there is none.
std::string text(std::string_view language, std::string_view key, const Values &values = {});

// PageTemplates::fillIn with the portal's texts.
std::string fillIn(std::string_view source, std::string_view language, const Values &values);

// A whole page: ui/portal/<name>.html within layout.html. values["title"] is its title.
std::string page(std::string_view name, std::string_view language, const Values &values);

// "3 minutes ago", "in 23 hours": without a time zone, which nobody tells us.
std::string ago(std::string_view language, std::int64_t seconds);
std::string duration(std::string_view language, std::int64_t seconds);

// A plain text as paragraphs.
std::string paragraphs(std::string_view plain);

} // namespace connector::portal
