// SPDX-License-Identifier: Apache-2.0
// Adds an account's token to requests; on 401 refreshes it once.
#pragma once

#include "http/http_client.h"

#include <memory>

namespace connector {

// Gives one account's access token. Thread-safe; shared by all clients of that account, so that only one refresh is in
// flight. Implementations store a rotated refresh token durably before they return the access token that came with it.
class TokenSource {
public:
    virtual ~TokenSource() = default;
    // A token that is not about to expire. Blocks while it refreshes. Unauthenticated: sign in again.
    virtual Result<std::string> token(const Call &call) = 0;
    // The cloud refused this token as expired: the next token() refreshes, unless that happened already.
    virtual void expired(const std::string &token) = 0;
    // How a token is presented: the header Authorization's whole value.
    virtual std::string authorization(const std::string &token) { return "Bearer " + token; }
};

class SigningHttpClient : public HttpClient {
public:
    // `next` and `tokens` outlive this.
    SigningHttpClient(HttpClient &next, TokenSource &tokens) : m_next(next), m_tokens(tokens) {}
    // A 401 is answered by one refresh and one repeat (the source is seeked back); a second 401 is returned as it is.
    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override;

private:
    HttpClient &m_next;
    TokenSource &m_tokens;
};

} // namespace connector
