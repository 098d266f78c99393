// SPDX-License-Identifier: Apache-2.0
// What a device is answered: docs/portal-protocol.md.
#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace connector::portal {

struct DeviceAnswer {
    int status = 200;
    std::string body; // JSON
    std::chrono::seconds retryAfter{0};
};

inline DeviceAnswer answer(const nlohmann::json &body)
{
    return {200, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), {}};
}

inline DeviceAnswer refuse(int status, std::string_view code, std::string_view message,
                           std::chrono::seconds retryAfter = {})
{
    return {status, nlohmann::json{{"error", {{"code", code}, {"message", message}}}}.dump(), retryAfter};
}

} // namespace connector::portal
