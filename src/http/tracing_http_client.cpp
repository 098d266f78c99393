// SPDX-License-Identifier: Apache-2.0
#include "http/tracing_http_client.h"

#include "core/log.h"
#include "http/url.h"

namespace connector {

TracingHttpClient::TracingHttpClient(HttpClient &next, Write write) : m_next(next), m_write(std::move(write))
{
    if (!m_write)
        m_write = [](std::string_view line) { log::debug("http", line); };
}

Result<HttpReply> TracingHttpClient::send(const HttpRequest &request, ByteSink *sink, const Call &call)
{
    std::string where = "(not a URL)";
    if (auto parts = splitUrl(request.url)) // a pre-authenticated URL may hold its secret in the path
        where = originOf(*parts) + (request.signIt && !request.secretUrl ? parts->path : "/…");
    const auto start = Call::Clock::now();
    auto reply = m_next.send(request, sink, call);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Call::Clock::now() - start);
    m_write(request.method + " " + where + " -> " +
            (reply ? "HTTP " + std::to_string(reply->status) : describe(reply.error())) + " in " +
            std::to_string(took.count()) + " ms");
    return reply;
}

} // namespace connector
