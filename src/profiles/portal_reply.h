// SPDX-License-Identifier: Apache-2.0
// What all readers of the portal's answers and boxes share.
#pragma once

#include "core/result.h"

#include <nlohmann/json.hpp>

#include <string>

namespace connector {

// BadReply of origin "portal", stable "portal-bad-reply".
Error badPortalReply(std::string message, std::string native = {}, int status = 0);

// "" where the field is missing, no text, or longer than `limit` bytes.
std::string boundedText(const nlohmann::json &object, const char *name, std::size_t limit);

} // namespace connector
