// SPDX-License-Identifier: Apache-2.0
// What Graph's errors mean. The code inside is the finer one, the status alone says little.
#include "core/encoding.h"
#include "http/json_body.h"
#include "providers/onedrive/onedrive_codec.h"
#include "providers/reply.h"

#include <algorithm>
#include <array>

namespace connector::onedrive {

using nlohmann::json;

namespace {

struct Meaning {
    std::string_view code; // in lower case
    Errc errc;
    std::string_view stable = {};
};

// The innermost code that is listed decides.
constexpr std::array kMeanings{
    Meaning{"itemnotfound", Errc::NotFound},
    Meaning{"resourcenotfound", Errc::NotFound},
    Meaning{"request_resourcenotfound", Errc::NotFound},
    Meaning{"uploadsessionnotfound", Errc::NotFound},
    Meaning{"namealreadyexists", Errc::Conflict},
    Meaning{"resourcemodified", Errc::Conflict, "file-changed"},
    Meaning{"entitytagdoesnotmatch", Errc::Conflict, "file-changed"},
    Meaning{"resyncrequired", Errc::Conflict, "list-restart"},
    Meaning{"quotalimitreached", Errc::QuotaExceeded},
    Meaning{"insufficientquota", Errc::QuotaExceeded},
    Meaning{"childitemcountexceeded", Errc::QuotaExceeded},
    Meaning{"maxitemcountexceeded", Errc::QuotaExceeded},
    Meaning{"activitylimitreached", Errc::RateLimited},
    Meaning{"toomanyrequests", Errc::RateLimited},
    Meaning{"throttledrequest", Errc::RateLimited},
    Meaning{"servicenotavailable", Errc::Unavailable},
    Meaning{"serviceunavailable", Errc::Unavailable},
    Meaning{"invalidauthenticationtoken", Errc::Unauthenticated},
    Meaning{"unauthenticated", Errc::Unauthenticated},
    Meaning{"authorization_requestdenied", Errc::PermissionDenied, "scope-missing"},
    Meaning{"accessdenied", Errc::PermissionDenied},
    Meaning{"erroraccessdenied", Errc::PermissionDenied},
    Meaning{"notallowed", Errc::PermissionDenied, "file-blocked"}, // by policy
    Meaning{"invalidpath", Errc::InvalidArgument, "name-invalid"},
    Meaning{"pathistoolong", Errc::InvalidArgument, "name-invalid"},
    Meaning{"pathtoodeep", Errc::InvalidArgument, "name-invalid"},
    Meaning{"maxfilesizeexceeded", Errc::Unsupported, "file-too-large"},
    Meaning{"maxstreamsizeexceeded", Errc::Unsupported, "file-too-large"},
    Meaning{"inputformatnotsupported", Errc::Unsupported},
    Meaning{"notsupported", Errc::Unsupported},
};

// A code as something that may stand in a log.
bool isWord(std::string_view code)
{
    return !code.empty() && code.size() <= 64 && std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    });
}

// From the outside in.
std::vector<std::string> codesOf(const json &body)
{
    std::vector<std::string> codes;
    const json *at = &memberOf(body, "error");
    for (int depth = 0; depth < 8 && at->is_object(); ++depth) {
        if (const std::string code = textOf(*at, "code"); isWord(code))
            codes.push_back(code);
        const json &inner = memberOf(*at, "innerError");
        at = inner.is_object() ? &inner : &memberOf(*at, "innererror");
    }
    return codes;
}

bool has(const std::vector<std::string> &lower, std::initializer_list<std::string_view> wanted)
{
    return std::any_of(lower.begin(), lower.end(), [&](const std::string &code) {
        return std::find(wanted.begin(), wanted.end(), code) != wanted.end();
    });
}

} // namespace

Error decodeError(const HttpReply &reply)
{
    Error error{errcOf(reply.status), "OneDrive refused the request", "onedrive", {}, reply.status};
    auto body = parseJson(reply.body);
    std::vector<std::string> codes = body ? codesOf(*body) : std::vector<std::string>();
    for (auto &code : codes) {
        error.nativeCode += (error.nativeCode.empty() ? "" : "/") + code;
        code = toLowerAscii(code);
    }
    if (reply.status == 413)
        error.stable = "file-too-large";
    else if (reply.status == 410)
        error.stable = "list-restart";
    else if (reply.status == 412)
        error.stable = "file-changed";

    const bool busy = reply.status == 429 || reply.status == 509 || reply.status == 503;
    if (reply.status == 423 || has(codes, {"resourcelocked", "lockmismatch", "lockownermismatch"})) {
        // Before "accessDenied", which is the outer code of most locks.
        error.code = Errc::Busy;
        error.stable = "file-locked";
    } else if (has(codes, {"malwaredetected", "virussuspicious"}) || reply.headers.has("X-Virus-Infected")) {
        error.code = Errc::PermissionDenied;
        error.stable = "file-blocked";
    } else if (std::any_of(codes.begin(), codes.end(),
                           [](const std::string &code) { return code.starts_with("officeconversion_"); })) {
        error.code = Errc::Unsupported;
    } else if (!busy && reply.status != 507) {
        for (auto code = codes.rbegin(); code != codes.rend(); ++code) {
            const auto *row = std::find_if(kMeanings.begin(), kMeanings.end(),
                                           [&](const Meaning &meaning) { return meaning.code == *code; });
            if (row == kMeanings.end())
                continue;
            error.code = row->errc;
            error.stable = row->stable;
            break;
        }
    }
    if (error.code == Errc::RateLimited || error.code == Errc::Unavailable || error.code == Errc::Busy)
        error.retryAfter = retryAfterOf(reply.headers).value_or(std::chrono::seconds{0});
    return error;
}

bool saysCode(const Error &error, std::string_view code)
{
    const std::string all = "/" + toLowerAscii(error.nativeCode) + "/";
    return all.find("/" + std::string(code) + "/") != std::string::npos;
}

} // namespace connector::onedrive
