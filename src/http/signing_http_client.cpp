// SPDX-License-Identifier: Apache-2.0
#include "http/signing_http_client.h"

namespace connector {

Result<HttpReply> SigningHttpClient::send(const HttpRequest &request, ByteSink *sink, const Call &call)
{
    if (!request.signIt)
        return m_next.send(request, sink, call);
    HttpRequest signedRequest = request;
    for (bool again = false;; again = true) {
        auto token = m_tokens.token(call);
        if (!token)
            return std::move(token).error();
        signedRequest.headers.set("Authorization", m_tokens.authorization(*token));
        auto reply = m_next.send(signedRequest, sink, call);
        // A 403 says that the token is good and the right is missing: a fresh token would not help.
        if (!reply || reply->status != 401 || again)
            return reply;
        m_tokens.expired(*token);
        if (signedRequest.source != nullptr && !signedRequest.source->seek(signedRequest.sourceStart))
            return reply;
    }
}

} // namespace connector
