// SPDX-License-Identifier: Apache-2.0
// What the portal hands to one device: the tokens of one cloud account, sealed to a key that only the device has.
#pragma once

#include "core/result.h"
#include "profiles/mail_domain.h"
#include "providers/oauth.h"
#include "providers/provider.h"

namespace connector {

// An X25519 pair, made anew for every authorization. Raw bytes, 32 each; keep `secret` in the Vault.
struct KeyPair {
    std::string publicKey;
    std::string secret;
};
KeyPair makeKeyPair();

struct Grant {
    std::string provider; // "dropbox"
    std::string clientId; // the OAuth client that the tokens belong to: a refresh must name the same one
    TokenSet tokens;
    Account account; // as the portal saw it; the device asks the cloud itself before it relies on the e-mail
    // Where the cloud wants the client secret for more than the sign-in, and so the portal: see PortalTicket. Else "".
    std::string ticket = {};
    std::string portalKey = {};
};

// The largest box that is accepted, in bytes.
constexpr std::size_t kLargestSealedGrant = 64U << 10U;

// InvalidArgument when the public key has not 32 bytes. The plain text is wiped before this returns.
Result<std::string> sealGrant(const Grant &grant, const std::string &publicKey);

// BadReply (origin "portal", stable "portal-bad-reply") when the box is not for this key, too large, malformed, or for
// another provider than the one that was asked for. Any bytes are safe to give.
Result<Grant> openSealed(std::string_view box, const KeyPair &keyPair, std::string_view expectedProvider);

} // namespace connector
