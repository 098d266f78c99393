// SPDX-License-Identifier: Apache-2.0
#include "profiles/portal_client.h"

#include "core/encoding.h"
#include "core/random.h"
#include "profiles/portal_reply.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>

namespace connector {

namespace {

constexpr std::chrono::seconds kLongestCall{20};
constexpr std::chrono::seconds kClockTolerance{300};
// However long a portal asks to wait: somebody stands at the screen, and jobs wait for renewals.
constexpr std::chrono::seconds kLongestPause{300};
constexpr std::chrono::seconds kLongestInterval{600}; // twice what a portal may be configured to
constexpr std::chrono::seconds kLongestPollPause{60};

Error portalError(Errc code, std::string message, std::string stable, std::string native = {}, int status = 0)
{
    return Error{code, std::move(message), "portal", std::move(native), status, {}, std::move(stable)};
}

// What the transport said, in the portal's name.
Error fromTransport(Error error)
{
    error.origin = "portal";
    switch (error.code) {
    case Errc::Offline:
    case Errc::Timeout:
    case Errc::Unavailable:
        if (error.stable != "tls-failed" && error.stable != "clock-wrong" && error.stable != "proxy-refused")
            error.stable = "portal-unreachable";
        return error;
    case Errc::BadReply:
    case Errc::DataLoss:
        error.code = Errc::BadReply;
        error.stable = "portal-bad-reply";
        return error;
    default:
        return error;
    }
}

// RFC 9110's date: "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<WallTime> parseHttpDate(std::string_view text)
{
    static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const std::string copy(text);
    char month[4] = {};
    unsigned day = 0;
    int year = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (std::sscanf(copy.c_str(), "%*3s, %2u %3s %4d %2d:%2d:%2d GMT", &day, month, &year, &hour, &minute, &second) !=
        6)
        return std::nullopt;
    const auto at = kMonths.find(month);
    if (at == std::string_view::npos || at % 3 != 0 || std::strlen(month) != 3)
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(year), std::chrono::month(static_cast<unsigned>(at / 3 + 1)), std::chrono::day(day)};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

std::chrono::seconds interval(const nlohmann::json &object)
{
    const auto at = object.find("interval");
    if (at == object.end() || !at->is_number_integer())
        return std::chrono::seconds(5);
    return std::chrono::seconds(std::clamp<std::int64_t>(at->get<std::int64_t>(), 1, kLongestInterval.count()));
}

std::chrono::seconds retryAfter(const HttpReply &reply)
{
    const std::string_view value = reply.headers.get("Retry-After");
    std::int64_t seconds = 0;
    const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (ec != std::errc() || end != value.data() + value.size())
        return std::chrono::seconds(30);
    return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 1, kLongestPause.count()));
}

bool isWebAddress(std::string_view url)
{
    return url.starts_with("https://") || url.starts_with("http://");
}

} // namespace

struct PortalClient::Answer {
    nlohmann::json body;
    bool clockWrong = false;
};

PortalClient::PortalClient(HttpClient &http, std::string portalUrl, WallClock now)
    : m_http(http), m_url(std::move(portalUrl)), m_now(std::move(now))
{
    while (m_url.ends_with('/'))
        m_url.pop_back();
}

Result<PortalClient::Answer> PortalClient::post(const char *path, const std::string &body, bool repeatable,
                                                const Call &call)
{
    HttpRequest request;
    request.method = "POST";
    request.url = m_url + path;
    request.headers.set("Content-Type", "application/json");
    request.headers.set("Accept", "application/json");
    request.headers.set("Connector-Portal-Protocol", std::to_string(kPortalProtocol));
    request.body = body;
    request.repeatable = repeatable;
    request.signIt = false;
    request.largestBody = 256U << 10U;
    auto reply = m_http.send(request, nullptr, call.within(kLongestCall));
    if (!reply)
        return fromTransport(std::move(reply).error());

    // Where it is the cloud that does not serve the portal, and not the portal us, only the body tells.
    const auto refusal = [&] {
        const auto said = nlohmann::json::parse(reply->body, nullptr, false);
        if (!said.is_object() || !said.contains("error") || !said["error"].is_object())
            return std::string();
        return boundedText(said["error"], "code", 64);
    };
    const std::string_view protocol = reply->headers.get("Connector-Portal-Protocol");
    if (reply->status == 429) {
        Error e = portalError(Errc::RateLimited, "the portal asks to wait", "", "429", 429);
        e.retryAfter = retryAfter(*reply);
        return e;
    }
    if (reply->status >= 500) {
        const std::string code = protocol.empty() ? "" : refusal();
        if (code == "provider-refused")
            return portalError(Errc::PermissionDenied, "the cloud refused the portal", {}, code, reply->status);
        Error e = portalError(
            Errc::Unavailable,
            code == "provider-unreachable" ? "the portal does not reach the cloud" : "the portal is not available",
            code == "provider-unreachable" ? "" : "portal-unreachable", std::to_string(reply->status), reply->status);
        e.retryAfter = retryAfter(*reply);
        return e;
    }
    if (protocol.empty())
        return badPortalReply("this address is not a sign-in portal", {}, reply->status);
    if (protocol != std::to_string(kPortalProtocol))
        return portalError(Errc::Unsupported, "the portal speaks another version of the protocol", "portal-version",
                           std::string(protocol.substr(0, 16)), reply->status);

    Answer answer{nlohmann::json::parse(reply->body, nullptr, false), false};
    if (!answer.body.is_object())
        return badPortalReply("the portal's answer is not an object", {}, reply->status);
    if (reply->status != 200) {
        const std::string code = refusal();
        if (code == "provider-unsupported")
            return portalError(Errc::Unsupported, "the portal does not serve this provider", code, code, reply->status);
        if (code == "access-revoked")
            return portalError(Errc::Unauthenticated, "the cloud refused the grant", code, code, reply->status);
        if (code == "ticket-refused" || code == "proof-refused")
            return portalError(Errc::PermissionDenied, "the portal does not know this grant", "grant-unknown", code,
                               reply->status);
        if (code == "clock-wrong")
            return portalError(Errc::Unavailable, "the clock differs from the portal's", code, code, reply->status);
        return badPortalReply("the portal refused the request", code, reply->status);
    }
    if (const auto date = parseHttpDate(reply->headers.get("Date"))) {
        const auto difference = *date - m_now();
        answer.clockWrong = difference > kClockTolerance || difference < -kClockTolerance;
    }
    return answer;
}

Result<Begun> PortalClient::begin(const BeginRequest &request, const Call &call)
{
    const nlohmann::json body = {
        {"publicKey", toBase64Url(request.publicKey)},
        {"provider", request.provider},
        {"device", {{"id", request.device.id}, {"name", request.device.name}, {"place", request.device.place}}},
        {"language", request.language},
        {"allowedDomains", request.allowedDomains},
    };
    auto answer = post("/api/v1/authorizations", body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                       false, call);
    if (!answer)
        return std::move(answer).error();
    const nlohmann::json &json = answer->body;
    Begun begun;
    begun.deviceCode = boundedText(json, "deviceCode", 256);
    begun.userCode = boundedText(json, "userCode", 64);
    begun.verificationUri = boundedText(json, "verificationUri", 1024);
    begun.verificationUriComplete = boundedText(json, "verificationUriComplete", 1024);
    begun.interval = interval(json);
    const auto expires = parseRfc3339(boundedText(json, "expiresAt", 64));
    if (begun.deviceCode.empty() || begun.userCode.empty() || !isWebAddress(begun.verificationUri) ||
        !isWebAddress(begun.verificationUriComplete) || !expires)
        return badPortalReply("the portal's answer has no code");
    begun.expiresAt = *expires;
    if (answer->clockWrong) {
        // The code's end could not be told rightly; leave nothing behind.
        (void)cancel(begun.deviceCode, call);
        return portalError(Errc::Unavailable, "the clock differs from the portal's", "clock-wrong");
    }
    return begun;
}

Result<PollOutcome> PortalClient::poll(const std::string &deviceCode, const Call &call)
{
    auto answer = post("/api/v1/authorizations/poll", nlohmann::json{{"deviceCode", deviceCode}}.dump(), true, call);
    if (!answer) {
        Error error = std::move(answer).error();
        error.retryAfter = std::min(error.retryAfter, kLongestPollPause);
        return error;
    }
    if (answer->clockWrong)
        return portalError(Errc::Unavailable, "the clock differs from the portal's", "clock-wrong");
    const nlohmann::json &json = answer->body;
    const std::string state = boundedText(json, "state", 32);
    if (state == "pending" || state == "slow-down")
        return PollOutcome(Pending{interval(json)});
    if (state == "expired")
        return PollOutcome(Expired{});
    if (state == "denied") {
        Denied denied{boundedText(json, "reason", 64), {}, interval(json)};
        if (const auto domains = json.find("domains"); domains != json.end() && domains->is_array())
            for (const auto &domain : *domains)
                if (domain.is_string() && denied.domains.size() < 256)
                    denied.domains.push_back(domain.get<std::string>());
        return PollOutcome(std::move(denied));
    }
    if (state == "granted") {
        auto sealed = fromBase64Url(boundedText(json, "sealed", kLargestSealedGrant * 2));
        if (!sealed || sealed->empty())
            return badPortalReply("the portal's grant is malformed");
        return PollOutcome(Granted{std::move(*sealed)});
    }
    return badPortalReply("the portal's answer has an unknown state");
}

Result<void> PortalClient::acknowledge(const std::string &deviceCode, const Call &call)
{
    auto answer =
        post("/api/v1/authorizations/acknowledge", nlohmann::json{{"deviceCode", deviceCode}}.dump(), true, call);
    if (!answer)
        return std::move(answer).error();
    return {};
}

Result<void> PortalClient::cancel(const std::string &deviceCode, const Call &call)
{
    auto answer = post("/api/v1/authorizations/cancel", nlohmann::json{{"deviceCode", deviceCode}}.dump(), true, call);
    if (!answer)
        return std::move(answer).error();
    return {};
}

Result<PortalClient::Answer> PortalClient::ask(const char *path, const TokenRequest &request,
                                               const PortalTicket &ticket, const Call &call)
{
    auto box = closeRequest(request, ticket);
    if (!box)
        return std::move(box).error();
    return post(path, nlohmann::json{{"ticket", ticket.ticket}, {"box", toBase64Url(*box)}}.dump(), false, call);
}

Result<TokenAnswer> PortalClient::refresh(const PortalTicket &ticket, const TokenSet &old, const Call &call)
{
    if (old.refreshToken.empty())
        return portalError(Errc::Unauthenticated, "there is no refresh token", "access-revoked");
    auto answer = ask("/api/v1/tokens/refresh", {TokenRequest::What::Refresh, makeToken(16), m_now(), old.refreshToken},
                      ticket, call);
    if (!answer)
        return std::move(answer).error();
    const auto sealed = fromBase64Url(boundedText(answer->body, "sealed", kLargestSealedGrant * 2));
    if (!sealed)
        return badPortalReply("the portal's tokens are malformed");
    return openAnswer(*sealed, old.refreshToken, ticket);
}

Result<void> PortalClient::revoke(const PortalTicket &ticket, const TokenSet &tokens, const Call &call)
{
    auto answer = ask("/api/v1/tokens/revoke",
                      {TokenRequest::What::Revoke, makeToken(16), m_now(), tokens.refreshToken}, ticket, call);
    if (!answer)
        return std::move(answer).error();
    return {};
}

} // namespace connector
