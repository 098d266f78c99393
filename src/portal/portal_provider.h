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
};

} // namespace connector::portal
