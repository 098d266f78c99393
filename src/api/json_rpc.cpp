// SPDX-License-Identifier: Apache-2.0
#include "api/json_rpc.h"

namespace connector {

using nlohmann::json;

namespace {

constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kServerError = -32000;
constexpr int kDeepest = 32;

std::string refusal(const json &id, int code, const std::string &message)
{
    return dumpLine({{"jsonrpc", "2.0"},
                     {"id", id},
                     {"error", {{"code", code}, {"message", message}, {"data", {{"code", "bad-request"}}}}}});
}

int numberFor(const Error &error)
{
    if (error.stable == "no-such-method")
        return kMethodNotFound;
    return error.code == Errc::InvalidArgument && stableCode(error) == "bad-request" ? kInvalidParams : kServerError;
}

} // namespace

std::string dumpLine(const json &value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::variant<ApiRequest, std::string> parseRequest(std::string_view line)
{
    bool tooDeep = false;
    const auto bounded = [&](int depth, json::parse_event_t, json &) {
        tooDeep = tooDeep || depth > kDeepest;
        return !tooDeep;
    };
    const json j = json::parse(line, bounded, false);
    if (tooDeep || j.is_discarded())
        return refusal(nullptr, kParseError, "not JSON");
    if (!j.is_object())
        return refusal(nullptr, kInvalidRequest, "not a request");
    ApiRequest request;
    request.id = j.value("id", json(nullptr));
    if (!request.id.is_null() && !request.id.is_number_integer() && !request.id.is_string())
        return refusal(nullptr, kInvalidRequest, "an id is a number or a text");
    const auto method = j.find("method");
    if (j.value("jsonrpc", json()) != "2.0" || method == j.end() || !method->is_string())
        return refusal(request.id, kInvalidRequest, "not a request");
    request.method = method->get<std::string>();
    request.params = j.value("params", json::object());
    if (!request.params.is_object())
        return refusal(request.id, kInvalidParams, "parameters are given by name");
    return request;
}

std::string replyLine(const json &id, const ApiReply &reply)
{
    if (const auto *result = std::get_if<json>(&reply))
        return dumpLine({{"jsonrpc", "2.0"}, {"id", id}, {"result", *result}});
    const auto &[error, extra] = std::get<ApiError>(reply);
    json data{{"code", stableCode(error)}, {"origin", error.origin}};
    if (error.retryAfter.count() > 0)
        data["retryAfter"] = error.retryAfter.count();
    data.update(extra);
    return dumpLine({{"jsonrpc", "2.0"},
                     {"id", id},
                     {"error", {{"code", numberFor(error)}, {"message", error.message}, {"data", data}}}});
}

std::string notificationLine(std::string_view method, const json &params)
{
    return dumpLine({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
}

} // namespace connector
