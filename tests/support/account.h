// SPDX-License-Identifier: Apache-2.0
// The client stack of one sandbox account, as the product stacks it; waits are recorded instead of waited.
#pragma once

#include "http/curl_http_client.h"
#include "http/paced_http_client.h"
#include "http/signing_http_client.h"
#include "providers/registry.h"
#include "support/sandbox.h"

namespace connector::test {

// Tokens of one sample person, refreshed at the sandbox.
class SandboxTokens : public TokenSource {
public:
    SandboxTokens(HttpClient &http, OAuthSpec spec, OAuthClient client, TokenSet tokens)
        : m_http(http), m_spec(std::move(spec)), m_client(std::move(client)), m_tokens(std::move(tokens))
    {
    }
    Result<std::string> token(const Call &call) override
    {
        const std::scoped_lock lock(m_mutex);
        if (m_tokens.accessToken.empty()) {
            ++m_refreshes;
            auto fresh = refreshTokens(m_http, m_spec, m_client, m_tokens, systemNow(), call);
            if (!fresh)
                return std::move(fresh).error();
            m_tokens = std::move(*fresh);
        }
        return m_tokens.accessToken;
    }
    void expired(const std::string &token) override
    {
        const std::scoped_lock lock(m_mutex);
        if (m_tokens.accessToken == token)
            m_tokens.accessToken.clear();
    }
    int refreshes() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_refreshes;
    }

private:
    HttpClient &m_http;
    OAuthSpec m_spec;
    OAuthClient m_client;
    mutable std::mutex m_mutex;
    TokenSet m_tokens;
    int m_refreshes = 0;
};

inline ProviderEndpoints endpointsAt(const ProviderInfo &info, const std::string &base)
{
    ProviderEndpoints endpoints;
    for (const auto &[key, value] : info.endpoints)
        endpoints.base[key] = base;
    return endpoints;
}

class SandboxAccount {
public:
    SandboxAccount(Sandbox &sandbox, const std::string &cloud, const std::string &email = "mara.lind@example.org",
                   CurlOptions options = {})
        : m_endpoints(endpointsAt(*findProvider(cloud), sandbox.base(cloud))), m_curl(std::move(options)),
          m_paced(m_curl, std::make_shared<Pacer>(), pacing()),
          m_tokens(m_paced, findProvider(cloud)->oauthFor(m_endpoints), clientOf(sandbox.credentials(cloud)),
                   tokensOf(sandbox.person(cloud, email))),
          m_signed(m_paced, m_tokens)
    {
    }

    HttpClient &http() { return m_signed; }
    HttpClient &unsignedHttp() { return m_paced; }
    const ProviderEndpoints &endpoints() const { return m_endpoints; }
    const SandboxTokens &tokens() const { return m_tokens; }
    std::vector<std::chrono::milliseconds> waits() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_waits;
    }

    static OAuthClient clientOf(const nlohmann::json &credentials)
    {
        return {credentials.at("client_id").get<std::string>(), credentials.at("client_secret").get<std::string>()};
    }
    static TokenSet tokensOf(const nlohmann::json &person)
    {
        TokenSet set;
        set.accessToken = person.at("access_token").get<std::string>();
        set.refreshToken = person.at("refresh_token").get<std::string>();
        return set;
    }

private:
    PacingOptions pacing()
    {
        PacingOptions options;
        options.wait = [this](std::chrono::milliseconds wait, const Call &call) {
            const std::scoped_lock lock(m_mutex);
            m_waits.push_back(wait);
            m_now += wait;
            return call.poll();
        };
        options.now = [this] {
            const std::scoped_lock lock(m_mutex);
            return m_now;
        };
        return options;
    }

    mutable std::mutex m_mutex;
    std::vector<std::chrono::milliseconds> m_waits;
    Call::Clock::time_point m_now = Call::Clock::now();
    ProviderEndpoints m_endpoints;
    CurlHttpClient m_curl;
    PacedHttpClient m_paced;
    SandboxTokens m_tokens;
    SigningHttpClient m_signed;
};

} // namespace connector::test
