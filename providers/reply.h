// SPDX-License-Identifier: Apache-2.0
// What the clouds' replies have in common: JSON objects, the plain meaning of a status, the wait that is asked for.
#pragma once

#include "http/http_client.h"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <optional>

namespace connector {

Error badReply(std::string origin, const char *what, int status);

// The body, of whatever status; BadReply where it is no JSON object.
Result<nlohmann::json> jsonObjectOf(const HttpReply &reply, const char *origin);

// What a refusal's status says by itself; each cloud has its exceptions.
Errc errcOf(int status);

// The wait that a reply asks for in seconds. A date is turned into a wait by the paced client, which has the clock.
std::optional<std::chrono::seconds> retryAfterOf(const HttpHeaders &headers);

} // namespace connector
