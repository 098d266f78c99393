// SPDX-License-Identifier: Apache-2.0
// The names that people give to profiles and shortcuts.
#pragma once

#include "core/result.h"

namespace connector {

// The name without spaces at its ends; InvalidArgument (stable "name-invalid") unless it is 1 to 40 letters of text.
Result<std::string> checkedName(std::string_view name);

} // namespace connector
