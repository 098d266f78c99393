// SPDX-License-Identifier: Apache-2.0
// OAuth 2.0 as the clouds speak it: the authorization URL, the code's exchange and the refresh (RFC 6749, RFC 7636).
#pragma once

#include "core/time.h"
#include "http/http_client.h"

#include <map>
#include <string>

namespace connector {

struct OAuthClient {
    std::string id;
    std::string secret; // "" where the cloud needs none
};

// How one cloud's sign-in works.
struct OAuthSpec {
    std::string provider; // "dropbox"; the origin of errors
    std::string authorizeUrl;
    std::string tokenUrl;
    std::string scope;                                 // space separated
    std::map<std::string, std::string> extraAuthorize; // e.g. token_access_type=offline
    bool pkce = true;
    bool secretNeeded = true;          // the token endpoint wants the client secret even with PKCE
    bool secretOptional = false;       // wants it of clients that were registered with one, and of no other
    bool secretInHeader = false;       // client_secret_basic instead of client_secret_post
    bool rotatesRefreshTokens = false; // a refresh returns a new refresh token which replaces the old one
    std::string revokeUrl;             // RFC 7009; "" where a grant ends by Provider::revoke, or not at all

    bool usesSecretOf(const OAuthClient &client) const;
};

// What the cloud gave for one account. Secret throughout.
struct TokenSet {
    enum class Scheme { Bearer, Basic /* accessToken is a password of `user`: never refreshed */ };

    std::string accessToken;
    std::string refreshToken;
    WallTime accessExpires{};
    std::string scope;
    std::string idToken = {}; // of a sign-in with the scope "openid"; not stored
    Scheme scheme = Scheme::Bearer;
    std::string user = {};   // the account's name at its server; Basic only
    std::string server = {}; // base URL of the account's own server, which alone may see the token; "": the cloud's

    // The value of the header Authorization that presents the access token.
    std::string authorization() const;
    std::string toJson() const;
    static Result<TokenSet> fromJson(std::string_view text);
};

struct Pkce {
    std::string verifier;  // 43 letters of RFC 7636's alphabet
    std::string challenge; // S256
};
Pkce makePkce();

std::string authorizeUrl(const OAuthSpec &spec, const OAuthClient &client, const std::string &redirectUri,
                         const std::string &state, const Pkce &pkce);

// Both block. Unauthenticated when the cloud refuses the grant (invalid_grant): sign in again.
Result<TokenSet> redeemCode(HttpClient &http, const OAuthSpec &spec, const OAuthClient &client, const std::string &code,
                            const std::string &redirectUri, const std::string &verifier, WallTime now,
                            const Call &call);
// The set's old refresh token is kept where the cloud returns none.
Result<TokenSet> refreshTokens(HttpClient &http, const OAuthSpec &spec, const OAuthClient &client, const TokenSet &old,
                               WallTime now, const Call &call);
// Ends the grant at spec.revokeUrl, by its refresh token where there is one. Blocks. A grant that is over already is
// success.
Result<void> revokeTokens(HttpClient &http, const OAuthSpec &spec, const OAuthClient &client, const TokenSet &tokens,
                          WallTime now, const Call &call);

} // namespace connector
