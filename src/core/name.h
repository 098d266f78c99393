// SPDX-License-Identifier: Apache-2.0
// Names that people give to things: what may be one, and when two are the same to the eye.
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>

namespace connector {

// The name without spaces around it, one space between words, in Unicode's composed form. InvalidArgument (stable
// "name-invalid") for one that shows nothing, has more than `longest` letters, or holds what would not show as it is
// typed: control characters, line ends, marks that turn the direction of writing.
Result<std::string> checkedName(std::string_view name, std::size_t longest = 40);

// Two names with the same key look the same but for letter case: full case folding, compatibility forms, invisible
// characters left out. Not for showing. What is not UTF-8 is its own key.
std::string nameKey(std::string_view name);

// Unicode's composed form (NFC), whatever keyboard it was typed on; UTF-8 only.
std::string composed(std::string_view text);

} // namespace connector
