// SPDX-License-Identifier: Apache-2.0
#include "portal/oidc_sign_in.h"

#include "core/encoding.h"
#include "core/log.h"
#include "http/json_body.h"
#include "http/url.h"

#include <chrono>
#include <mutex>

namespace connector::portal {

namespace {

constexpr std::chrono::hours kKnownFor{1};
constexpr std::int64_t kClockTolerance = 300;
constexpr std::size_t kLargestReply = 256U << 10U;

bool lists(const nlohmann::json &object, const char *member, std::string_view word)
{
    const auto &all = memberOf(object, member);
    return all.is_array() && std::any_of(all.begin(), all.end(), [&](const auto &one) { return one == word; });
}

class OidcSignIn : public GenericSignIn {
public:
    explicit OidcSignIn(OidcConfig config) : m_config(std::move(config)) {}

    Result<OAuthSpec> spec(HttpClient &http, const Call &call) override
    {
        {
            const std::scoped_lock lock(m_mutex);
            if (m_known && std::chrono::steady_clock::now() - m_knownAt < kKnownFor)
                return m_known->oauth;
        }
        auto found = discover(http, call);
        const std::scoped_lock lock(m_mutex);
        if (!found && !m_known)
            return std::move(found).error();
        if (!found) {
            log::warning("portal", m_config.id + " is not found anew: " + describe(found.error()));
            return m_known->oauth;
        }
        m_known = *std::move(found);
        m_knownAt = std::chrono::steady_clock::now();
        return m_known->oauth;
    }

    Result<Account> account(HttpClient &http, const TokenSet &tokens, const std::string &nonce, WallTime now,
                            const Call &call) override
    {
        auto claims = fromIdToken(tokens.idToken, nonce, now);
        if (!claims)
            return std::move(claims).error();
        std::string userinfo;
        {
            const std::scoped_lock lock(m_mutex);
            userinfo = m_known ? m_known->userinfoUrl : "";
        }
        if (!userinfo.empty()) {
            HttpRequest request;
            request.url = userinfo;
            request.headers.set("Authorization", tokens.authorization());
            request.headers.set("Accept", "application/json");
            request.signIt = false;
            request.largestBody = kLargestReply;
            auto reply = http.send(request, nullptr, call);
            if (!reply)
                return std::move(reply).error();
            auto told = reply->status == 200 ? parseJson(reply->body, 8) : Result<nlohmann::json>(bad("no user info"));
            if (!told)
                return std::move(told).error();
            // OpenID Connect Core, section 5.3.2: else somebody else's could be slipped in.
            if (textOf(*told, "sub") != textOf(*claims, "sub"))
                return bad("the user info is another person's");
            for (const char *name : {"email", "email_verified", "name", "preferred_username"})
                if (const auto &value = memberOf(*told, name); !value.is_null())
                    (*claims)[name] = value;
        }
        Account account;
        account.id = textOf(*claims, "sub");
        account.email = textOf(*claims, "email");
        account.emailVerified = !account.email.empty() && flagOf(*claims, "email_verified");
        account.name = textOf(*claims, "name");
        for (const std::string &other : {textOf(*claims, "preferred_username"), account.email})
            if (account.name.empty())
                account.name = other;
        return account;
    }

    bool isIssuer(const std::string &issuer) const override
    {
        if (!issuer.empty())
            return issuer == m_config.issuer;
        const std::scoped_lock lock(m_mutex);
        return !m_known || !m_known->namesItself;
    }

private:
    struct Known {
        OAuthSpec oauth;
        std::string userinfoUrl;
        bool namesItself = false; // its answers carry `iss`
    };

    Error bad(std::string message) const { return Error{Errc::BadReply, std::move(message), m_config.id}; }

    Result<Known> discover(HttpClient &http, const Call &call) const
    {
        HttpRequest request;
        std::string base = m_config.issuer;
        while (base.ends_with('/'))
            base.pop_back();
        request.url = base + "/.well-known/openid-configuration";
        request.headers.set("Accept", "application/json");
        request.signIt = false;
        request.largestBody = kLargestReply;
        auto reply = http.send(request, nullptr, call);
        if (!reply)
            return std::move(reply).error();
        if (reply->status >= 500)
            return Error{Errc::Unavailable, "the server cannot tell how to sign in", m_config.id, {}, reply->status};
        auto document = reply->status == 200 ? parseJson(reply->body, 8) : Result<nlohmann::json>(bad("no discovery"));
        if (!document)
            return std::move(document).error();
        if (textOf(*document, "issuer") != m_config.issuer)
            return bad("the discovery document is another issuer's");
        Known known;
        OAuthSpec &oauth = known.oauth;
        oauth.provider = m_config.id;
        oauth.scope = m_config.scope;
        oauth.secretNeeded = false;
        oauth.secretOptional = true;
        oauth.rotatesRefreshTokens = true;
        oauth.authorizeUrl = textOf(*document, "authorization_endpoint");
        oauth.tokenUrl = textOf(*document, "token_endpoint");
        oauth.revokeUrl = textOf(*document, "revocation_endpoint");
        known.userinfoUrl = textOf(*document, "userinfo_endpoint");
        known.namesItself = flagOf(*document, "authorization_response_iss_parameter_supported");
        for (const std::string &url : {oauth.authorizeUrl, oauth.tokenUrl})
            if (url.empty())
                return bad("the discovery document lacks an address");
        for (const std::string &url : {oauth.authorizeUrl, oauth.tokenUrl, oauth.revokeUrl, known.userinfoUrl}) {
            const auto parts = splitUrl(url);
            if (!url.empty() && (!parts || (parts->scheme != "https" && !isLoopback(*parts) && !m_config.plainHttp)))
                return bad("the discovery document leads to an address that is not https");
        }
        // Without that list, only the header is sure to be taken (OpenID Connect Discovery, section 3).
        oauth.secretInHeader = !lists(*document, "token_endpoint_auth_methods_supported", "client_secret_post");
        if ((" " + m_config.scope + " ").find(" offline_access ") != std::string::npos)
            oauth.extraAuthorize["prompt"] = "consent"; // OpenID Connect Core, section 11
        return known;
    }

    // The token came from the server itself over a connection that it proved to be its own, so its signature need not
    // be checked (OpenID Connect Core, section 3.1.3.7, point 6); everything else is.
    Result<nlohmann::json> fromIdToken(const std::string &token, const std::string &nonce, WallTime now) const
    {
        const auto first = token.find('.');
        const auto second = first == std::string::npos ? first : token.find('.', first + 1);
        if (second == std::string::npos)
            return bad("no ID token came");
        const auto payload = fromBase64Url(token.substr(first + 1, second - first - 1));
        auto claims = payload ? parseJson(*payload, 8) : Result<nlohmann::json>(bad("the ID token is malformed"));
        if (!claims || !claims->is_object())
            return bad("the ID token is malformed");
        const auto &audience = memberOf(*claims, "aud");
        const std::string party = textOf(*claims, "azp");
        // For several, it must say that it was made for this one (OpenID Connect Core, section 3.1.3.7, points 3 to 5).
        const bool mine = audience.is_string()
                              ? audience == m_config.clientId
                              : lists(*claims, "aud", m_config.clientId) && (audience.size() == 1 || !party.empty());
        if (textOf(*claims, "iss") != m_config.issuer || !mine || (!party.empty() && party != m_config.clientId))
            return bad("the ID token is from another server, or for another client");
        if (integerOf(*claims, "exp").value_or(0) + kClockTolerance <= toUnix(now))
            return bad("the ID token is over");
        if (textOf(*claims, "nonce") != nonce)
            return bad("the ID token is from another sign-in");
        if (textOf(*claims, "sub").empty())
            return bad("the ID token names nobody");
        return claims;
    }

    const OidcConfig m_config;
    mutable std::mutex m_mutex;
    std::optional<Known> m_known;
    std::chrono::steady_clock::time_point m_knownAt;
};

} // namespace

std::shared_ptr<GenericSignIn> makeOidcSignIn(OidcConfig config)
{
    return std::make_shared<OidcSignIn>(std::move(config));
}

} // namespace connector::portal
