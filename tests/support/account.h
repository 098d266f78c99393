// SPDX-License-Identifier: Apache-2.0
// The client stack of one sandbox account, as the product stacks it; waits are recorded instead of waited.
#pragma once

#include "http/curl_http_client.h"
#include "http/paced_http_client.h"
#include "http/signing_http_client.h"
#include "http/tracing_http_client.h"
#include "providers/registry.h"
#include "support/sandbox.h"

namespace connector::test {

// Sees, changes or refuses what goes over the wire; passes everything on until it is told what to do.
class WireTap : public HttpClient {
public:
    using Around = std::function<Result<HttpReply>(HttpClient &next, const HttpRequest &request, ByteSink *sink,
                                                   const Call &call)>;
    explicit WireTap(HttpClient &next) : m_next(next) {}
    void set(Around around) { m_around = std::move(around); } // while no call is under way
    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override
    {
        return m_around ? m_around(m_next, request, sink, call) : m_next.send(request, sink, call);
    }

private:
    HttpClient &m_next;
    Around m_around;
};

// Tokens of one sample person, refreshed at the sandbox.
class SandboxTokens : public TokenSource {
public:
    SandboxTokens(HttpClient &http, OAuthSpec spec, OAuthClient client, TokenSet tokens)
        : m_http(http), m_spec(std::move(spec)), m_client(std::move(client)),
          m_tokens(std::move(tokens)), m_seen{m_tokens.accessToken, m_tokens.refreshToken, m_client.secret}
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
            m_seen.insert(m_seen.end(), {m_tokens.accessToken, m_tokens.refreshToken});
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
    std::vector<std::string> secrets() const // all that there were
    {
        const std::scoped_lock lock(m_mutex);
        return m_seen;
    }

private:
    HttpClient &m_http;
    OAuthSpec m_spec;
    OAuthClient m_client;
    mutable std::mutex m_mutex;
    TokenSet m_tokens;
    std::vector<std::string> m_seen;
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
          m_tap(m_curl), m_traced(m_tap), m_paced(m_traced, std::make_shared<Pacer>(), pacing()),
          m_tokens(m_paced, findProvider(cloud)->oauthFor(m_endpoints), clientOf(sandbox.credentials(cloud)),
                   tokensOf(sandbox.person(cloud, email))),
          m_signed(m_paced, m_tokens)
    {
    }

    HttpClient &http() { return m_signed; }
    HttpClient &unsignedHttp() { return m_paced; }
    const ProviderEndpoints &endpoints() const { return m_endpoints; }
    const SandboxTokens &tokens() const { return m_tokens; }
    WireTap &tap() { return m_tap; } // between the network and everything else
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
    WireTap m_tap;
    TracingHttpClient m_traced;
    PacedHttpClient m_paced;
    SandboxTokens m_tokens;
    SigningHttpClient m_signed;
};

} // namespace connector::test
