// SPDX-License-Identifier: Apache-2.0
#include "tests/support/account.h"

namespace connector::test {

Result<HttpReply> WireTap::send(const HttpRequest &request, ByteSink *sink, const Call &call)
{
    return m_around ? m_around(m_next, request, sink, call) : m_next.send(request, sink, call);
}

SandboxTokens::SandboxTokens(HttpClient &http, OAuthSpec spec, OAuthClient client, TokenSet tokens)
    : m_http(http), m_spec(std::move(spec)), m_client(std::move(client)),
      m_tokens(std::move(tokens)), m_seen{m_tokens.accessToken, m_tokens.refreshToken, m_client.secret}
{
}

Result<std::string> SandboxTokens::token(const Call &call)
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

void SandboxTokens::expired(const std::string &token)
{
    const std::scoped_lock lock(m_mutex);
    if (m_tokens.accessToken == token)
        m_tokens.accessToken.clear();
}

int SandboxTokens::refreshes() const
{
    const std::scoped_lock lock(m_mutex);
    return m_refreshes;
}

std::vector<std::string> SandboxTokens::secrets() const
{
    const std::scoped_lock lock(m_mutex);
    return m_seen;
}

ProviderEndpoints endpointsAt(const ProviderInfo &info, const std::string &base)
{
    ProviderEndpoints endpoints;
    for (const auto &[key, value] : info.endpoints)
        endpoints.base[key] = base;
    return endpoints;
}

SandboxAccount::SandboxAccount(Sandbox &sandbox, const std::string &cloud, const std::string &email,
                               CurlOptions options)
    : m_endpoints(endpointsAt(*findProvider(cloud), sandbox.base(cloud))), m_curl(std::move(options)), m_tap(m_curl),
      m_traced(m_tap), m_paced(m_traced, std::make_shared<Pacer>(), pacing()),
      m_tokens(m_paced, findProvider(cloud)->oauthFor(m_endpoints), clientOf(sandbox.credentials(cloud)),
               tokensOf(sandbox.person(cloud, email))),
      m_signed(m_paced, m_tokens)
{
}

std::vector<std::chrono::milliseconds> SandboxAccount::waits() const
{
    const std::scoped_lock lock(m_mutex);
    return m_waits;
}

OAuthClient SandboxAccount::clientOf(const nlohmann::json &credentials)
{
    return {credentials.at("client_id").get<std::string>(), credentials.at("client_secret").get<std::string>()};
}

TokenSet SandboxAccount::tokensOf(const nlohmann::json &person)
{
    TokenSet set;
    set.accessToken = person.at("access_token").get<std::string>();
    set.refreshToken = person.at("refresh_token").get<std::string>();
    return set;
}

PacingOptions SandboxAccount::pacing()
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

} // namespace connector::test
