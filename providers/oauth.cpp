// SPDX-License-Identifier: Apache-2.0
#include "providers/oauth.h"

#include "core/encoding.h"
#include "core/random.h"
#include "http/json_body.h"
#include "http/paced_http_client.h"
#include "http/url.h"

#include <sodium.h>

namespace connector {

namespace {

constexpr std::size_t kLongestToken = 16384;
constexpr std::int64_t kLongestLife = 10LL * 365 * 24 * 3600;
constexpr std::int64_t kAssumedLife = 3600; // RFC 6749 lets expires_in be missing
constexpr std::size_t kLargestReply = 256U << 10U;

// RFC 6749 appendix A: tokens are printable ASCII. What is not would break out of the header it goes into.
bool isToken(std::string_view text)
{
    return !text.empty() && text.size() <= kLongestToken &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x21 && c <= 0x7E; });
}

// The error word of the reply as something that may stand in a log.
std::string errorWord(const nlohmann::json &body)
{
    std::string word = textOf(body, "error");
    if (word.size() > 64 ||
        !std::all_of(word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; }))
        return "";
    return word;
}

Error badReply(const OAuthSpec &spec, const char *what, int status)
{
    return Error{Errc::BadReply, what, spec.provider, {}, status};
}

// Microsoft's number beside the word, 0 where there is none: the same word stands for many reasons there.
std::int64_t errorNumber(const nlohmann::json &body)
{
    const auto &numbers = memberOf(body, "error_codes");
    if (!numbers.is_array() || numbers.empty() || !numbers.front().is_number_integer())
        return 0;
    const auto number = numbers.front().get<std::int64_t>();
    return number > 0 && number < 100'000'000 ? number : 0;
}

constexpr std::int64_t kDirectoryAway = 90033; // transient, whatever the word

Error refusal(const OAuthSpec &spec, const HttpReply &reply, WallTime now)
{
    auto body = parseJson(reply.body);
    Error error{Errc::BadReply, "the token was refused", spec.provider, body ? errorWord(*body) : "", reply.status};
    const auto wait = parseRetryAfter(reply.headers.get("Retry-After"), now);
    const std::int64_t number = body ? errorNumber(*body) : 0;
    if (number == kDirectoryAway) {
        error.code = Errc::Unavailable;
    } else if (error.nativeCode == "invalid_grant" || error.nativeCode == "interaction_required") {
        error.code = Errc::Unauthenticated;
    } else if (reply.status == 429) {
        error.code = Errc::RateLimited;
    } else if (reply.status >= 500 || error.nativeCode == "temporarily_unavailable") {
        error.code = Errc::Unavailable;
    } else if (!error.nativeCode.empty()) {
        error.code = Errc::PermissionDenied; // invalid_client and its kin: this installation's configuration is wrong
    }
    if (wait && (error.code == Errc::RateLimited || error.code == Errc::Unavailable))
        error.retryAfter = std::chrono::ceil<std::chrono::seconds>(*wait);
    if (number != 0)
        error.nativeCode += "/" + std::to_string(number);
    return error;
}

Result<TokenSet> decodeTokens(const OAuthSpec &spec, const HttpReply &reply, WallTime now)
{
    if (reply.status != 200)
        return refusal(spec, reply, now);
    auto body = parseJson(reply.body, 8);
    if (!body || !body->is_object())
        return badReply(spec, "the token reply is not a JSON object", reply.status);
    if (toLowerAscii(textOf(*body, "token_type")) != "bearer")
        return badReply(spec, "the token is not a bearer token", reply.status);
    TokenSet set;
    set.accessToken = textOf(*body, "access_token");
    set.refreshToken = textOf(*body, "refresh_token");
    set.scope = textOf(*body, "scope");
    if (const std::string idToken = textOf(*body, "id_token"); isToken(idToken))
        set.idToken = idToken;
    if (!isToken(set.accessToken) || (!set.refreshToken.empty() && !isToken(set.refreshToken)))
        return badReply(spec, "the token reply holds no usable token", reply.status);
    std::int64_t life = kAssumedLife;
    if (!memberOf(*body, "expires_in").is_null()) {
        life = integerOf(*body, "expires_in").value_or(0);
        if (life <= 0 || life > kLongestLife)
            return badReply(spec, "the token's life is not a sensible number", reply.status);
    }
    set.accessExpires = now + std::chrono::seconds(life);
    return set;
}

Result<HttpReply> post(HttpClient &http, const OAuthSpec &spec, const std::string &url, const OAuthClient &client,
                       std::vector<std::pair<std::string, std::string>> fields, const Call &call)
{
    HttpRequest request;
    if (spec.secretInHeader && spec.usesSecretOf(client)) {
        // RFC 6749, section 2.3.1: both encoded as in forms.
        request.headers.set("Authorization",
                            "Basic " + toBase64(percentEncode(client.id) + ":" + percentEncode(client.secret)));
    } else {
        fields.emplace_back("client_id", client.id);
        if (spec.usesSecretOf(client))
            fields.emplace_back("client_secret", client.secret);
    }
    request.method = "POST";
    request.url = url;
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.headers.set("Accept", "application/json");
    request.body = formEncode(fields);
    request.signIt = false;
    request.largestBody = kLargestReply;
    return http.send(request, nullptr, call);
}

Result<TokenSet> askForTokens(HttpClient &http, const OAuthSpec &spec, const OAuthClient &client,
                              std::vector<std::pair<std::string, std::string>> fields, WallTime now, const Call &call)
{
    auto reply = post(http, spec, spec.tokenUrl, client, std::move(fields), call);
    if (!reply)
        return std::move(reply).error();
    return decodeTokens(spec, *reply, now);
}

} // namespace

namespace {

// A password as a person may have chosen it; base64 carries it safely in the header.
bool isPassword(std::string_view text)
{
    return !text.empty() && text.size() <= kLongestToken && isUtf8(text) &&
           std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

} // namespace

std::string TokenSet::authorization() const
{
    return scheme == Scheme::Basic ? "Basic " + toBase64(user + ":" + accessToken) : "Bearer " + accessToken;
}

bool OAuthSpec::usesSecretOf(const OAuthClient &client) const
{
    return secretNeeded || (secretOptional && !client.secret.empty());
}

std::string TokenSet::toJson() const
{
    nlohmann::json body{{"access_token", accessToken},
                        {"refresh_token", refreshToken},
                        {"expires", toUnix(accessExpires)},
                        {"scope", scope}};
    if (scheme == Scheme::Basic) {
        body["scheme"] = "basic";
        body["user"] = user;
    }
    if (!server.empty())
        body["server"] = server;
    return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<TokenSet> TokenSet::fromJson(std::string_view text)
{
    auto body = parseJson(text, 8);
    TokenSet set;
    if (body) {
        set.accessToken = textOf(*body, "access_token");
        set.refreshToken = textOf(*body, "refresh_token");
        set.scope = textOf(*body, "scope");
        set.accessExpires = fromUnix(integerOf(*body, "expires").value_or(0));
        set.scheme = textOf(*body, "scheme") == "basic" ? Scheme::Basic : Scheme::Bearer;
        set.user = textOf(*body, "user");
        set.server = textOf(*body, "server");
    }
    if (set.scheme == Scheme::Basic) {
        // RFC 7617: a user name with a colon would be read as another name with another password.
        if (!isPassword(set.user) || set.user.find(':') != std::string::npos || !isPassword(set.accessToken))
            return Error{Errc::BadReply, "not a user's name and password"};
        return set;
    }
    const bool sound = (set.accessToken.empty() || isToken(set.accessToken)) &&
                       (set.refreshToken.empty() || isToken(set.refreshToken));
    if (!sound || (set.accessToken.empty() && set.refreshToken.empty()))
        return Error{Errc::BadReply, "not a set of tokens"};
    return set;
}

Pkce makePkce()
{
    Pkce pkce;
    pkce.verifier = makeToken(32);
    std::string digest(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char *>(digest.data()),
                       reinterpret_cast<const unsigned char *>(pkce.verifier.data()), pkce.verifier.size());
    pkce.challenge = toBase64Url(digest);
    return pkce;
}

std::string authorizeUrl(const OAuthSpec &spec, const OAuthClient &client, const std::string &redirectUri,
                         const std::string &state, const Pkce &pkce)
{
    std::vector<std::pair<std::string, std::string>> fields{
        {"response_type", "code"}, {"client_id", client.id}, {"redirect_uri", redirectUri}, {"state", state}};
    if (!spec.scope.empty())
        fields.emplace_back("scope", spec.scope);
    if (spec.pkce) {
        fields.emplace_back("code_challenge", pkce.challenge);
        fields.emplace_back("code_challenge_method", "S256");
    }
    for (const auto &[name, value] : spec.extraAuthorize)
        fields.emplace_back(name, value);
    return spec.authorizeUrl + (spec.authorizeUrl.find('?') == std::string::npos ? "?" : "&") + formEncode(fields);
}

Result<TokenSet> redeemCode(HttpClient &http, const OAuthSpec &spec, const OAuthClient &client, const std::string &code,
                            const std::string &redirectUri, const std::string &verifier, WallTime now, const Call &call)
{
    std::vector<std::pair<std::string, std::string>> fields{
        {"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", redirectUri}};
    if (spec.pkce)
        fields.emplace_back("code_verifier", verifier);
    auto set = askForTokens(http, spec, client, std::move(fields), now, call);
    if (set && set->refreshToken.empty())
        return badReply(spec, "no refresh token came with the grant", 200);
    return set;
}

Result<TokenSet> refreshTokens(HttpClient &http, const OAuthSpec &spec, const OAuthClient &client, const TokenSet &old,
                               WallTime now, const Call &call)
{
    if (old.refreshToken.empty())
        return Error{Errc::Unauthenticated, "there is no refresh token", spec.provider};
    auto set = askForTokens(http, spec, client, {{"grant_type", "refresh_token"}, {"refresh_token", old.refreshToken}},
                            now, call);
    if (set && set->refreshToken.empty())
        set->refreshToken = old.refreshToken;
    if (set && set->scope.empty())
        set->scope = old.scope;
    return set;
}

Result<void> revokeTokens(HttpClient &http, const OAuthSpec &spec, const OAuthClient &client, const TokenSet &tokens,
                          WallTime now, const Call &call)
{
    if (spec.revokeUrl.empty())
        return Error{Errc::Unsupported, "this cloud has no address for ending a grant", spec.provider};
    const std::string &token = tokens.refreshToken.empty() ? tokens.accessToken : tokens.refreshToken;
    auto reply = post(http, spec, spec.revokeUrl, client, {{"token", token}}, call);
    if (!reply)
        return std::move(reply).error();
    if (reply->status == 200)
        return {};
    Error error = refusal(spec, *reply, now);
    // What cannot be revoked because it is no longer good has ended.
    if (error.nativeCode == "invalid_token" || error.code == Errc::Unauthenticated)
        return {};
    return error;
}

} // namespace connector
