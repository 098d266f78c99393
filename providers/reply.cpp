// SPDX-License-Identifier: Apache-2.0
#include "providers/reply.h"

#include "http/json_body.h"
#include "http/paced_http_client.h"

namespace connector {

Error badReply(std::string origin, const char *what, int status)
{
    return Error{Errc::BadReply, what, std::move(origin), {}, status};
}

Result<nlohmann::json> jsonObjectOf(const HttpReply &reply, const char *origin)
{
    auto body = parseJson(reply.body);
    if (!body || !body->is_object())
        return badReply(origin, "the reply is not a JSON object", reply.status);
    return body;
}

Errc errcOf(int status)
{
    switch (status) {
    case 400:
    case 405:
    case 411:
    case 415:
    case 416:
        return Errc::InvalidArgument;
    case 401:
        return Errc::Unauthenticated;
    case 403:
        return Errc::PermissionDenied;
    case 404:
        return Errc::NotFound;
    case 406:
    case 413:
        return Errc::Unsupported;
    case 408:
        return Errc::Unavailable;
    case 409:
    case 410:
    case 412:
        return Errc::Conflict;
    case 423:
        return Errc::Busy;
    case 429:
    case 509: // bandwidth
        return Errc::RateLimited;
    case 507:
        return Errc::QuotaExceeded;
    default:
        return status >= 500 ? Errc::Unavailable : Errc::BadReply;
    }
}

std::optional<std::chrono::seconds> retryAfterOf(const HttpHeaders &headers)
{
    const auto header = headers.get("Retry-After");
    if (header.find_first_not_of("0123456789. ") != std::string_view::npos)
        return std::nullopt;
    const auto wait = parseRetryAfter(header, WallTime{});
    return wait ? std::optional(std::chrono::ceil<std::chrono::seconds>(*wait)) : std::nullopt;
}

} // namespace connector
