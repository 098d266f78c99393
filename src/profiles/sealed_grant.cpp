// SPDX-License-Identifier: Apache-2.0
#include "profiles/sealed_grant.h"

#include "core/encoding.h"
#include "core/octets.h"
#include "profiles/portal_reply.h"

#include <nlohmann/json.hpp>
#include <sodium.h>

namespace connector {

namespace {

constexpr int kFormat = 1;

// The field as a string of bounded length, or nothing.
std::optional<std::string> field(const nlohmann::json &object, const char *name, std::size_t limit)
{
    const auto at = object.find(name);
    if (at == object.end() || !at->is_string())
        return std::nullopt;
    const auto &text = at->get_ref<const std::string &>();
    if (text.size() > limit)
        return std::nullopt;
    return text;
}

} // namespace

KeyPair makeKeyPair()
{
    KeyPair pair{std::string(crypto_box_PUBLICKEYBYTES, '\0'), std::string(crypto_box_SECRETKEYBYTES, '\0')};
    if (sodium_init() < 0)
        return {};
    crypto_box_keypair(octets(pair.publicKey), octets(pair.secret));
    return pair;
}

Result<std::string> sealGrant(const Grant &grant, const std::string &publicKey)
{
    if (sodium_init() < 0 || publicKey.size() != crypto_box_PUBLICKEYBYTES)
        return Error{Errc::InvalidArgument, "the device's key has a wrong size", "portal"};
    std::string tokens = grant.tokens.toJson();
    nlohmann::json document = {{"format", kFormat},
                               {"provider", grant.provider},
                               {"clientId", grant.clientId},
                               {"tokens", tokens},
                               {"account",
                                {{"id", grant.account.id},
                                 {"name", grant.account.name},
                                 {"email", grant.account.email},
                                 {"emailVerified", grant.account.emailVerified}}}};
    if (!grant.ticket.empty()) {
        document["ticket"] = grant.ticket;
        document["portalKey"] = toBase64Url(grant.portalKey);
    }
    std::string plain = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    wipe(tokens);
    wipe(document["tokens"].get_ref<std::string &>());
    std::string box(plain.size() + crypto_box_SEALBYTES, '\0');
    const int rc = crypto_box_seal(octets(box), octets(plain), plain.size(), octets(publicKey));
    wipe(plain);
    if (rc != 0)
        return Error{Errc::InvalidArgument, "the device's key is not usable", "portal"};
    if (box.size() > kLargestSealedGrant)
        return badPortalReply("the cloud's tokens are too large");
    return box;
}

Result<Grant> openSealed(std::string_view box, const KeyPair &keyPair, std::string_view expectedProvider)
{
    if (sodium_init() < 0 || keyPair.publicKey.size() != crypto_box_PUBLICKEYBYTES ||
        keyPair.secret.size() != crypto_box_SECRETKEYBYTES)
        return Error{Errc::InvalidArgument, "the device's key has a wrong size", "portal"};
    if (box.size() <= crypto_box_SEALBYTES || box.size() > kLargestSealedGrant)
        return badPortalReply("the sealed grant has a wrong size");
    std::string plain(box.size() - crypto_box_SEALBYTES, '\0');
    if (crypto_box_seal_open(octets(plain), octets(box), box.size(), octets(keyPair.publicKey),
                             octets(keyPair.secret)) != 0)
        return badPortalReply("the sealed grant is not for this device");
    nlohmann::json document = nlohmann::json::parse(plain, nullptr, false);
    wipe(plain);
    if (!document.is_object() || !document["format"].is_number_integer() || document["format"] != kFormat)
        return badPortalReply("the sealed grant has an unknown format");
    const auto provider = field(document, "provider", 64);
    const auto clientId = field(document, "clientId", 1024);
    auto tokens = field(document, "tokens", kLargestSealedGrant);
    const nlohmann::json &person = document["account"];
    if (!provider || !clientId || !tokens || !person.is_object())
        return badPortalReply("the sealed grant is incomplete");
    if (*provider != expectedProvider)
        return badPortalReply("the sealed grant is for another provider");
    const auto id = field(person, "id", 1024);
    const auto name = field(person, "name", 4096);
    const auto email = field(person, "email", 1024);
    const auto verified = person.find("emailVerified");
    if (!id || !name || !email || verified == person.end() || !verified->is_boolean())
        return badPortalReply("the sealed grant's account is incomplete");
    auto set = TokenSet::fromJson(*tokens);
    wipe(*tokens);
    wipe(document["tokens"].get_ref<std::string &>());
    if (!set || set->accessToken.empty())
        return badPortalReply("the sealed grant holds no tokens");
    Grant grant{*provider, *clientId, std::move(*set), {}, {}, {}};
    grant.account.id = *id;
    grant.account.name = *name;
    grant.account.email = *email;
    grant.account.emailVerified = verified->get<bool>();
    if (document.contains("ticket")) {
        const auto ticket = field(document, "ticket", kLargestSealedGrant);
        const auto portalKey = fromBase64Url(field(document, "portalKey", 64).value_or(""));
        if (!ticket || ticket->empty() || !portalKey || portalKey->size() != crypto_box_PUBLICKEYBYTES)
            return badPortalReply("the sealed grant's ticket is incomplete");
        grant.ticket = *ticket;
        grant.portalKey = *portalKey;
    }
    return grant;
}

} // namespace connector
