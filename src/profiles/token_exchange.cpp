// SPDX-License-Identifier: Apache-2.0
#include "profiles/token_exchange.h"

#include "core/encoding.h"
#include "core/octets.h"
#include "core/random.h"
#include "profiles/portal_reply.h"

#include <nlohmann/json.hpp>
#include <sodium.h>

namespace connector {

namespace {

using nlohmann::json;

constexpr std::size_t kLargestBox = kLargestSealedGrant;
constexpr std::size_t kOverhead = crypto_box_NONCEBYTES + crypto_box_MACBYTES;

bool soundKeys(const std::string &publicKey, const std::string &secret)
{
    return sodium_init() >= 0 && publicKey.size() == crypto_box_PUBLICKEYBYTES &&
           secret.size() == crypto_box_SECRETKEYBYTES;
}

Result<std::string> close(std::string plain, const std::string &to, const std::string &secret)
{
    if (!soundKeys(to, secret) || plain.size() > kLargestBox - kOverhead) {
        wipe(plain);
        return Error{Errc::InvalidArgument, "the keys or the size do not fit", "portal"};
    }
    std::string box = randomBytes(crypto_box_NONCEBYTES);
    box.resize(plain.size() + kOverhead);
    const int rc = crypto_box_easy(octets(box) + crypto_box_NONCEBYTES, octets(plain), plain.size(), octets(box),
                                   octets(to), octets(secret));
    wipe(plain);
    if (rc != 0)
        return Error{Errc::InvalidArgument, "the other side's key is not usable", "portal"};
    return box;
}

Result<json> open(std::string_view box, const std::string &from, const std::string &secret)
{
    if (!soundKeys(from, secret))
        return Error{Errc::InvalidArgument, "a key has a wrong size", "portal"};
    if (box.size() <= kOverhead || box.size() > kLargestBox)
        return badPortalReply("the box has a wrong size");
    std::string plain(box.size() - kOverhead, '\0');
    if (crypto_box_open_easy(octets(plain), octets(box) + crypto_box_NONCEBYTES, box.size() - crypto_box_NONCEBYTES,
                             octets(box), octets(from), octets(secret)) != 0)
        return badPortalReply("the box is not between these two");
    json document = json::parse(plain, nullptr, false);
    wipe(plain);
    if (!document.is_object())
        return badPortalReply("the box holds no object");
    return document;
}

void wipeField(json &object, const char *name)
{
    if (const auto at = object.find(name); at != object.end() && at->is_string())
        wipe(at->get_ref<std::string &>());
}

// Which refresh token an answer belongs to, without saying it.
std::string about(const std::string &refreshToken)
{
    std::string hash(32, '\0');
    crypto_generichash(octets(hash), hash.size(), octets(refreshToken), refreshToken.size(), nullptr, 0);
    return toBase64Url(hash);
}

} // namespace

// Both directions share one key, so each says what it is: a request that is sent back is no answer.
Result<std::string> closeRequest(const TokenRequest &request, const PortalTicket &ticket)
{
    json document = {{"is", request.what == TokenRequest::What::Refresh ? "refresh" : "revoke"},
                     {"id", request.id},
                     {"at", toUnix(request.at)},
                     {"refreshToken", request.refreshToken}};
    std::string plain = document.dump(-1, ' ', false, json::error_handler_t::replace);
    wipeField(document, "refreshToken");
    return close(std::move(plain), ticket.portalKey, ticket.keys.secret);
}

Result<std::string> closeAnswer(const TokenAnswer &answer, const TokenRequest &request, const std::string &deviceKey,
                                const KeyPair &portal)
{
    json document = {{"is", "tokens"},
                     {"about", about(request.refreshToken)},
                     {"tokens", answer.tokens.toJson()},
                     {"ticket", answer.ticket}};
    std::string plain = document.dump(-1, ' ', false, json::error_handler_t::replace);
    wipeField(document, "tokens");
    return close(std::move(plain), deviceKey, portal.secret);
}

Result<TokenRequest> openRequest(std::string_view box, const std::string &deviceKey, const KeyPair &portal)
{
    auto document = open(box, deviceKey, portal.secret);
    if (!document)
        return std::move(document).error();
    TokenRequest request;
    const std::string what = boundedText(*document, "is", 16);
    request.id = boundedText(*document, "id", 64);
    request.refreshToken = boundedText(*document, "refreshToken", kLargestBox);
    wipeField(*document, "refreshToken");
    const auto at = document->find("at");
    if ((what != "refresh" && what != "revoke") || request.id.size() < 16 || request.refreshToken.empty() ||
        at == document->end() || !at->is_number_integer())
        return badPortalReply("the request is incomplete");
    request.what = what == "refresh" ? TokenRequest::What::Refresh : TokenRequest::What::Revoke;
    const auto seconds = at->get<std::int64_t>();
    if (seconds < 0 || seconds > 253'402'300'799) // the year 9999
        return badPortalReply("the request's time is no time");
    request.at = fromUnix(seconds);
    return request;
}

Result<TokenAnswer> openAnswer(std::string_view box, const std::string &refreshToken, const PortalTicket &ticket)
{
    auto document = open(box, ticket.portalKey, ticket.keys.secret);
    if (!document)
        return std::move(document).error();
    if (boundedText(*document, "is", 16) != "tokens" || boundedText(*document, "about", 64) != about(refreshToken))
        return badPortalReply("the answer belongs to another question");
    std::string tokens = boundedText(*document, "tokens", kLargestBox);
    wipeField(*document, "tokens");
    auto set = TokenSet::fromJson(tokens);
    wipe(tokens);
    TokenAnswer answer{{}, boundedText(*document, "ticket", kLargestBox)};
    if (!set || set->accessToken.empty() || set->refreshToken.empty() || answer.ticket.empty())
        return badPortalReply("the answer holds no tokens");
    answer.tokens = *std::move(set);
    return answer;
}

} // namespace connector
