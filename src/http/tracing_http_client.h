// SPDX-License-Identifier: Apache-2.0
// Writes each exchange to the debug log, for support: method, host, path, status, time; never a header's or body's
// content, a query, or the path of a pre-authenticated URL.
#pragma once

#include "http/http_client.h"

namespace connector {

class TracingHttpClient : public HttpClient {
public:
    using Write = std::function<void(std::string_view line)>;
    // `next` outlives this; `write` defaults to the debug log.
    explicit TracingHttpClient(HttpClient &next, Write write = {});
    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override;

private:
    HttpClient &m_next;
    Write m_write;
};

} // namespace connector
