// SPDX-License-Identifier: Apache-2.0
// JSON-RPC 2.0 as the local API uses it (docs/api.md): requests in, answers and notifications out, one line each.
#pragma once

#include "core/result.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <variant>

namespace connector {

constexpr std::size_t kLongestApiLine = 1U << 20U;

// An error with what a face needs to show it beside the code.
struct ApiError {
    Error error;
    nlohmann::json extra = nlohmann::json::object(); // joins `data`
};

using ApiReply = std::variant<nlohmann::json, ApiError>;
// Answers one request. Any thread, once.
using Responder = std::function<void(ApiReply)>;

struct ApiRequest {
    nlohmann::json id; // null for a notification
    std::string method;
    nlohmann::json params;
};

// The request, or the line that refuses it. Any bytes are safe to give; nesting is bounded.
std::variant<ApiRequest, std::string> parseRequest(std::string_view line);

std::string replyLine(const nlohmann::json &id, const ApiReply &reply);
std::string notificationLine(std::string_view method, const nlohmann::json &params);

// JSON's text on one line, with what is not UTF-8 replaced.
std::string dumpLine(const nlohmann::json &value);

} // namespace connector
