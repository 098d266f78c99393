// SPDX-License-Identifier: Apache-2.0
// A cloud as this portal serves it.
#pragma once

#include "providers/oauth.h"
#include "providers/provider.h"

#include <functional>

namespace connector::portal {

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
};

} // namespace connector::portal
