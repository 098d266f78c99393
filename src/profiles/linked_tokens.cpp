// SPDX-License-Identifier: Apache-2.0
#include "profiles/linked_tokens.h"

#include "core/encoding.h"

#include <nlohmann/json.hpp>

namespace connector {

using nlohmann::json;

std::string toText(const LinkedTokens &linked)
{
    json document = {{"provider", linked.provider}, {"clientId", linked.clientId}, {"tokens", linked.tokens.toJson()}};
    if (linked.portal)
        document["portal"] = {{"ticket", linked.portal->ticket},
                              {"portalKey", toBase64(linked.portal->portalKey)},
                              {"publicKey", toBase64(linked.portal->keys.publicKey)},
                              {"secretKey", toBase64(linked.portal->keys.secret)}};
    return document.dump();
}

Result<LinkedTokens> linkedTokensFrom(const std::string &text)
{
    const json j = json::parse(text, nullptr, false);
    if (!j.is_object() || !j.contains("provider") || !j.contains("clientId") || !j.contains("tokens"))
        return Error{Errc::DataLoss, "stored tokens are malformed", "store", {}, 0, {}, "secret-unreadable"};
    auto tokens = TokenSet::fromJson(j["tokens"].get<std::string>());
    if (!tokens)
        return std::move(tokens).error();
    LinkedTokens linked{j["provider"].get<std::string>(), j["clientId"].get<std::string>(), *std::move(tokens)};
    if (const auto at = j.find("portal"); at != j.end() && at->is_object()) {
        const auto bytes = [&](const char *name) {
            auto decoded = fromBase64(at->value(name, ""));
            return decoded ? *std::move(decoded) : std::string();
        };
        linked.portal =
            PortalTicket{at->value("ticket", ""), bytes("portalKey"), {bytes("publicKey"), bytes("secretKey")}};
    }
    return linked;
}

} // namespace connector
