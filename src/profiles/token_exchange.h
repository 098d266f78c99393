// SPDX-License-Identifier: Apache-2.0
// What a device and the portal say to each other about tokens that the device has: who asks is proven by the device's
// key, and nobody between them can read it (docs/portal-protocol.md).
#pragma once

#include "profiles/sealed_grant.h"

namespace connector {

// What lets a device ask the portal, for a cloud whose client secret stays there. Kept in the Vault beside the tokens.
struct PortalTicket {
    std::string ticket;    // the portal's own note about this grant, sealed: opaque
    std::string portalKey; // the portal's public key, 32 raw bytes
    KeyPair keys;          // the pair that the grant was sealed to
};

struct TokenRequest {
    enum class What { Refresh, Revoke } what = What::Refresh;
    std::string id; // made anew for every request
    WallTime at{};  // by the device's clock
    std::string refreshToken;
};

struct TokenAnswer {
    TokenSet tokens;
    std::string ticket; // for the next request
};

// crypto_box between the two keys: only these two could have made it. Raw bytes; secrets are wiped behind them.
Result<std::string> closeRequest(const TokenRequest &request, const PortalTicket &ticket);
Result<std::string> closeAnswer(const TokenAnswer &answer, const TokenRequest &request, const std::string &deviceKey,
                                const KeyPair &portal);

// BadReply (stable "portal-bad-reply") for what was made by other keys, changed on its way, or is malformed; any bytes
// are safe to give. An answer must also be the one to a request about this refresh token.
Result<TokenRequest> openRequest(std::string_view box, const std::string &deviceKey, const KeyPair &portal);
Result<TokenAnswer> openAnswer(std::string_view box, const std::string &refreshToken, const PortalTicket &ticket);

} // namespace connector
