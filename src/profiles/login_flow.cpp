// SPDX-License-Identifier: Apache-2.0
#include "profiles/login_flow.h"

#include "core/encoding.h"
#include "http/json_body.h"
#include "http/paced_http_client.h"
#include "http/url.h"

namespace connector {

namespace {

constexpr std::chrono::minutes kLife{20}; // Nextcloud's
constexpr std::chrono::seconds kInterval{3};
constexpr std::size_t kLongestUrl = 1024;

Error refused(Errc code, const char *what, int status = 0)
{
    return Error{code, what, "webdav", {}, status};
}

// What a server's failure means, whatever was asked.
std::optional<Error> failureOf(const HttpReply &reply, WallTime now)
{
    if (reply.status != 429 && (reply.status < 500 || reply.status == 501))
        return std::nullopt;
    Error error = refused(reply.status == 429 ? Errc::RateLimited : Errc::Unavailable, "the server asks to come later",
                          reply.status);
    const auto wait = parseRetryAfter(reply.headers.get("Retry-After"), now);
    error.retryAfter = wait ? std::chrono::ceil<std::chrono::seconds>(*wait) : std::chrono::seconds{30};
    return error;
}

// An address of that very server: whatever it answers, people and app passwords are sent nowhere else.
bool isAt(const std::string &url, const std::string &server)
{
    const auto there = splitUrl(url);
    const auto base = splitUrl(server);
    if (!there || !base || url.size() > kLongestUrl || originOf(*there) != originOf(*base))
        return false;
    const std::string folder = base->path.ends_with('/') ? base->path : base->path + "/";
    return there->path.starts_with(folder) && there->path.find("/..") == std::string::npos;
}

// How Nextcloud names the app password in the person's settings.
std::string agentOf(const std::string &deviceName)
{
    std::string name;
    std::size_t most = std::min<std::size_t>(deviceName.size(), 80);
    while (most > 0 && most < deviceName.size() && (static_cast<unsigned char>(deviceName[most]) & 0xC0U) == 0x80)
        --most; // whole letters: a database may refuse half of one
    for (const char c : deviceName.substr(0, most))
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)
            name += c;
    return "Cloud Connector (" + name + ")";
}

} // namespace

Result<Begun> LoginFlow::begin(const std::string &server, const std::string &deviceName, const Call &call)
{
    HttpRequest request;
    request.method = "POST";
    request.url = server + "/index.php/login/v2";
    request.headers.set("User-Agent", agentOf(deviceName));
    request.headers.set("Accept", "application/json");
    request.signIt = false;
    request.largestBody = 64U << 10U;
    auto reply = m_http.send(request, nullptr, call);
    if (!reply)
        return std::move(reply).error();
    if (auto failure = failureOf(*reply, m_now()))
        return *std::move(failure);
    switch (reply->status) {
    case 200:
        break;
    case 401: // everything there wants a password first
    case 404:
    case 405:
    case 501:
        return refused(Errc::NotFound, "the server has no login flow", reply->status);
    case 403:
        return refused(Errc::PermissionDenied, "the server lets nobody sign in this way", reply->status);
    default:
        return refused(Errc::BadReply,
                       reply->status >= 300 && reply->status < 400
                           ? "the server sends elsewhere: the configured address is not its own"
                           : "the answer of the server's login flow is not understood",
                       reply->status);
    }
    auto body = parseJson(reply->body, 8);
    if (!body || !body->is_object())
        return refused(Errc::NotFound, "what answers there is no login flow", reply->status);
    const auto &poll = memberOf(*body, "poll");
    const std::string endpoint = textOf(poll, "endpoint");
    const std::string token = textOf(poll, "token");
    Begun begun;
    begun.server = server;
    begun.verificationUri = server;
    begun.verificationUriComplete = textOf(*body, "login");
    if (token.empty() || token.size() > 512)
        return refused(Errc::BadReply, "the server's login flow has no token", reply->status);
    if (!isAt(endpoint, server) || !isAt(begun.verificationUriComplete, server))
        return refused(Errc::BadReply, "the server's login flow leads to another address than the configured one",
                       reply->status);
    begun.expiresAt = m_now() + kLife;
    begun.interval = kInterval;
    begun.deviceCode =
        nlohmann::json{
            {"server", server}, {"endpoint", endpoint}, {"token", token}, {"expires", toUnix(begun.expiresAt)}}
            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return begun;
}

Result<LoginFlow::Outcome> LoginFlow::poll(const std::string &deviceCode, const Call &call)
{
    const auto code = parseJson(deviceCode, 4);
    const std::string server = code ? textOf(*code, "server") : "";
    const std::string endpoint = code ? textOf(*code, "endpoint") : "";
    if (server.empty() || !isAt(endpoint, server))
        return Outcome(Expired{});
    HttpRequest request;
    request.method = "POST";
    request.url = endpoint;
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.headers.set("Accept", "application/json");
    request.body = formEncode({{"token", textOf(*code, "token")}});
    request.signIt = false;
    request.largestBody = 64U << 10U;
    auto reply = m_http.send(request, nullptr, call);
    if (!reply)
        return std::move(reply).error();
    if (auto failure = failureOf(*reply, m_now()))
        return *std::move(failure);
    if (reply->status == 404) {
        if (m_now() >= fromUnix(integerOf(*code, "expires").value_or(0)))
            return Outcome(Expired{});
        return Outcome(Pending{kInterval});
    }
    auto body = reply->status == 200 ? parseJson(reply->body, 8) : Result<nlohmann::json>(refused(Errc::BadReply, ""));
    if (!body)
        return refused(Errc::BadReply, "the login flow's answer is not understood", reply->status);
    TokenSet tokens;
    tokens.scheme = TokenSet::Scheme::Basic;
    tokens.user = textOf(*body, "loginName");
    tokens.accessToken = textOf(*body, "appPassword");
    tokens.server = server; // the one that was asked, whatever it calls itself
    if (!TokenSet::fromJson(tokens.toJson()))
        return refused(Errc::BadReply, "the login flow's answer holds no password", reply->status);
    return Outcome(std::move(tokens));
}

} // namespace connector
