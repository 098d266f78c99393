// SPDX-License-Identifier: Apache-2.0
// What Box' refusals mean here.
#include "http/json_body.h"
#include "providers/box/box_codec.h"
#include "providers/reply.h"

#include <algorithm>
#include <array>

namespace connector::box {

using nlohmann::json;

namespace {

struct Meaning {
    std::string_view word;
    Errc code;
    std::string_view stable = {};
};

constexpr std::array kMeanings{
    Meaning{"unauthorized", Errc::Unauthenticated},
    Meaning{"not_found", Errc::NotFound},
    Meaning{"trashed", Errc::NotFound},
    Meaning{"not_trashed", Errc::NotFound},
    Meaning{"access_denied_insufficient_permissions", Errc::PermissionDenied},
    Meaning{"insufficient_scope", Errc::PermissionDenied, "scope-missing"},
    Meaning{"access_denied_item_locked", Errc::Busy, "file-locked"},
    Meaning{"forbidden_by_policy", Errc::PermissionDenied, "file-blocked"},
    Meaning{"user_email_confirmation_required", Errc::PermissionDenied, "email-unverified"},
    Meaning{"access_from_location_blocked", Errc::PermissionDenied},
    Meaning{"password_reset_required", Errc::PermissionDenied},
    Meaning{"terms_of_service_required", Errc::PermissionDenied},
    Meaning{"forbidden", Errc::PermissionDenied},
    Meaning{"storage_limit_exceeded", Errc::QuotaExceeded},
    Meaning{"file_size_limit_exceeded", Errc::Unsupported, "file-too-large"},
    Meaning{"request_entity_too_large", Errc::Unsupported, "file-too-large"},
    Meaning{"item_name_invalid", Errc::InvalidArgument, "name-invalid"},
    Meaning{"item_name_too_long", Errc::InvalidArgument, "name-invalid"},
    Meaning{"item_name_in_use", Errc::Conflict},
    Meaning{"folder_not_empty", Errc::Conflict},
    Meaning{"precondition_failed", Errc::Conflict, "file-changed"},
    Meaning{"name_temporarily_reserved", Errc::Busy},
    Meaning{"operation_blocked_temporary", Errc::Busy},
    Meaning{"parts_mismatch", Errc::Busy},
    Meaning{"session_expired", Errc::Unavailable},
    Meaning{"upload_failed", Errc::Unavailable},
    Meaning{"bad_digest", Errc::DataLoss},
    Meaning{"requested_preview_unavailable", Errc::Unsupported},
    Meaning{"preview_cannot_be_generated", Errc::Unsupported},
    Meaning{"rate_limit_exceeded", Errc::RateLimited},
    Meaning{"internal_server_error", Errc::Unavailable},
    Meaning{"bad_gateway", Errc::Unavailable},
    Meaning{"unavailable", Errc::Unavailable},
};

Meaning byStatus(int status)
{
    switch (status) {
    case 410: // what was begun is gone
        return {"", Errc::Unavailable};
    case 412:
        return {"", Errc::Conflict, "file-changed"};
    case 413:
        return {"", Errc::Unsupported, "file-too-large"};
    default:
        return {"", errcOf(status)};
    }
}

bool isWord(std::string_view text)
{
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// Fit for a line of the log.
std::string idFrom(std::string_view text)
{
    if (text.size() > 64 || !std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        }))
        return {};
    return std::string(text);
}

} // namespace

std::string requestIdsOf(const HttpReply &reply)
{
    std::string ids = idFrom(reply.headers.get("box-request-id"));
    if (auto body = parseJson(reply.body))
        if (const std::string own = idFrom(textOf(*body, "request_id")); !own.empty())
            ids += (ids.empty() ? "" : " ") + own;
    return ids;
}

Error decodeError(const HttpReply &reply)
{
    // The message may hold names, so it stays here; after a 401 there often is no body at all.
    auto body = parseJson(reply.body);
    std::string word = body ? textOf(*body, "code") : std::string();
    if (word.empty() && body)
        word = textOf(*body, "error");
    if (!isWord(word))
        word = reply.headers.get("WWW-Authenticate").find("insufficient_scope") != std::string_view::npos
                   ? "insufficient_scope"
                   : "";
    Meaning meaning = byStatus(reply.status);
    // The token's state is the status' to tell, and a proxy on the way knows none of these words.
    if (reply.status != 401 && reply.status != 429)
        for (const auto &row : kMeanings)
            if (row.word == word)
                meaning = row;
    Error error{meaning.code, "Box refused the request", kOrigin, std::move(word), reply.status};
    error.stable = meaning.stable;
    if (error.code == Errc::RateLimited || error.code == Errc::Unavailable || error.code == Errc::Busy)
        error.retryAfter = retryAfterOf(reply.headers).value_or(std::chrono::seconds{0});
    return error;
}

} // namespace connector::box
