// SPDX-License-Identifier: Apache-2.0
// A cloud as this portal serves it.
#pragma once

#include "providers/oauth.h"
#include "providers/provider.h"

#include <functional>
#include <memory>

namespace connector::portal {

// A server that the configuration names instead of a cloud that the product knows. Thread-safe; both calls block.
class GenericSignIn {
public:
    virtual ~GenericSignIn() = default;
    // How to sign in there now.
    virtual Result<OAuthSpec> spec(HttpClient &http, const Call &call) = 0;
    // Whose tokens these are. `nonce`: what was sent along with the sign-in.
    virtual Result<Account> account(HttpClient &http, const TokenSet &tokens, const std::string &nonce, WallTime now,
                                    const Call &call) = 0;
    // False when what came back names another server than this one (RFC 9207). "" where it names none.
    virtual bool isIssuer(const std::string &issuer) const = 0;
};

struct PortalProvider {
    std::string title; // "Dropbox"
    OAuthSpec oauth;
    OAuthClient client;
    std::function<std::unique_ptr<Provider>(HttpClient &http)> make;
    std::function<void(const std::string &idToken, Account &account)> addFromIdToken = {}; // as ProviderInfo has it
    // Where people sign in by user name and password at a server of the organisation's own (SignIn::Server): its
    // address, and the account's adapter. "" and null for all others.
    std::string server = {};
    std::function<std::unique_ptr<Provider>(HttpClient &http, const TokenSet &tokens)> makeFor = {};
    // Null for the clouds that the product knows; in place of `oauth`'s addresses, and of `make`.
    std::shared_ptr<GenericSignIn> generic = {};
};

// How to sign in at it now. Blocks where it must be asked for.
inline Result<OAuthSpec> specOf(const PortalProvider &provider, HttpClient &http, const Call &call)
{
    if (provider.generic)
        return provider.generic->spec(http, call);
    return provider.oauth;
}

} // namespace connector::portal
