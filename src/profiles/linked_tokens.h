// SPDX-License-Identifier: Apache-2.0
// The tokens of one profile as the Vault keeps them.
#pragma once

#include "profiles/token_exchange.h"
#include "providers/oauth.h"

namespace connector {

struct LinkedTokens {
    std::string provider;
    std::string clientId;
    TokenSet tokens;
    std::optional<PortalTicket> portal = {}; // where the cloud wants the client secret: renewed through the portal
};

std::string toText(const LinkedTokens &linked);                 // secret
Result<LinkedTokens> linkedTokensFrom(const std::string &text); // DataLoss (stable "secret-unreadable")

} // namespace connector
