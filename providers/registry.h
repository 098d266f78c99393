// SPDX-License-Identifier: Apache-2.0
// The one list of all clouds, in display order.
#pragma once

#include "http/http_client.h"
#include "providers/oauth.h"
#include "providers/provider.h"

namespace connector {

// What an adapter keeps of one account beyond its own end: whoever makes adapters for an account gives each the same.
// Only the adapter knows its content. Ends before the HttpClient that signs for the account.
class AccountMemory {
public:
    virtual ~AccountMemory() = default;
};

// Where a cloud is. Defaults are the real hosts; configuration replaces them (sandbox, proxies of an organisation).
struct ProviderEndpoints {
    std::map<std::string, std::string> base; // key as in ProviderInfo::endpoints -> base URL without trailing slash
    // Where each account has a server of its own (SignIn::Server): whose account it is there, and whether the
    // administrator vouches for the e-mail addresses that the server tells.
    std::string user = {};
    bool trustEmail = false;
    // What this account's adapters know of it already (ProviderInfo::makeMemory); null: each finds out by itself.
    std::shared_ptr<AccountMemory> memory = {};

    // The base URL of each key of `defaults`, as configured or as it stands there.
    std::map<std::string, std::string> over(std::map<std::string, std::string> defaults) const;
    // For one account: its own server in place of the configured one.
    ProviderEndpoints of(const TokenSet &tokens) const;
};

// How people sign in.
enum class SignIn {
    OAuth,  // at the cloud, led by the portal
    Server, // at the server of endpoints.base["server"]: Nextcloud's Login Flow led by the device, or user name and
            // password on the portal's page
};

struct ProviderInfo {
    std::string id;                               // "dropbox"
    std::string title;                            // "Dropbox"
    OAuthSpec oauth;                              // how people sign in, with the real hosts
    std::map<std::string, std::string> endpoints; // key ("api", "content", …) -> default base URL
    // `http` signs requests for one account and outlives the provider.
    std::function<std::unique_ptr<Provider>(HttpClient &http, const ProviderEndpoints &endpoints)> make;
    std::function<std::shared_ptr<AccountMemory>()> makeMemory = {}; // null: it keeps nothing
    std::function<std::unique_ptr<ContentHasher>()> makeHasher;      // in the algorithm of features().hashAlgorithm
    // The OAuth endpoints and client of this installation, from configuration on top of the defaults.
    std::function<OAuthSpec(const ProviderEndpoints &endpoints)> oauthFor;
    // Adds to the account what only the sign-in's ID token tells of it; null where that is nothing. The token must have
    // come from the token endpoint just now: its signature is not looked at.
    std::function<void(const std::string &idToken, Account &account)> addFromIdToken = {};
    SignIn signIn = SignIn::OAuth;
    // SignIn::Server: the base address that an administrator's spelling of it means; InvalidArgument.
    std::function<Result<std::string>(const std::string &configured)> serverOf;
};

const std::vector<ProviderInfo> &allProviders();
const ProviderInfo *findProvider(std::string_view id); // null where there is none

} // namespace connector
