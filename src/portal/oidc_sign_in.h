// SPDX-License-Identifier: Apache-2.0
// An OpenID Connect server that the configuration names: found by discovery, asked with PKCE, believed about the e-mail
// that it has verified.
#pragma once

#include "portal/portal_provider.h"

#include <memory>

namespace connector::portal {

struct OidcConfig {
    std::string id;     // "company"; as in its callback's address
    std::string issuer; // "https://login.example.org/realm"
    std::string scope = "openid email profile offline_access";
    std::string clientId;
    bool plainHttp = false; // also to other machines; for trying out
};

// spec() fails with BadReply for a document that is not this issuer's, or asks for what may be read on the way; it asks
// once an hour, and goes on with what it knows while the server is away. account() fails with BadReply when the ID
// token is not from there, not for this client, over, or from another sign-in.
std::shared_ptr<GenericSignIn> makeOidcSignIn(OidcConfig config);

} // namespace connector::portal
