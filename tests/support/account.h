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
    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override;

private:
    HttpClient &m_next;
    Around m_around;
};

// Tokens of one sample person, refreshed at the sandbox.
class SandboxTokens : public TokenSource {
public:
    SandboxTokens(HttpClient &http, OAuthSpec spec, OAuthClient client, TokenSet tokens);
    Result<std::string> token(const Call &call) override;
    void expired(const std::string &token) override;
    int refreshes() const;
    std::vector<std::string> secrets() const; // all that there were

private:
    HttpClient &m_http;
    OAuthSpec m_spec;
    OAuthClient m_client;
    mutable std::mutex m_mutex;
    TokenSet m_tokens;
    std::vector<std::string> m_seen;
    int m_refreshes = 0;
};

ProviderEndpoints endpointsAt(const ProviderInfo &info, const std::string &base);

class SandboxAccount {
public:
    SandboxAccount(Sandbox &sandbox, const std::string &cloud, const std::string &email = "mara.lind@example.org",
                   CurlOptions options = {});

    HttpClient &http() { return m_signed; }
    HttpClient &unsignedHttp() { return m_paced; }
    const ProviderEndpoints &endpoints() const { return m_endpoints; }
    const SandboxTokens &tokens() const { return m_tokens; }
    WireTap &tap() { return m_tap; } // between the network and everything else
    std::vector<std::chrono::milliseconds> waits() const;

    static OAuthClient clientOf(const nlohmann::json &credentials);
    static TokenSet tokensOf(const nlohmann::json &person);

private:
    PacingOptions pacing();

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
