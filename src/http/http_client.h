// SPDX-License-Identifier: Apache-2.0
// HTTP as the adapters see it: a request out, a reply in, bodies streamed.
#pragma once

#include "core/bytes.h"
#include "core/call.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connector {

// Header fields in order; names compare without case.
struct HttpHeaders {
    std::vector<std::pair<std::string, std::string>> fields;

    void set(std::string_view name, std::string value); // replaces
    // The first field of that name, "" if there is none.
    std::string_view get(std::string_view name) const;
    bool has(std::string_view name) const;
};

struct HttpReply {
    int status = 0;
    HttpHeaders headers;
    std::string body;
};

struct HttpRequest {
    std::string method = "GET";
    std::string url; // absolute; http or https
    HttpHeaders headers = {};
    std::string body = {};         // small bodies
    ByteSource *source = nullptr;  // large ones, instead of body; must outlive the call; read from where it stands
    std::int64_t sourceStart = 0;  // where source stands now; a repeat seeks back to it
    std::int64_t sourceBytes = -1; // how many bytes of source to send; -1: source->size() - sourceStart
    bool repeatable = false;       // may be sent again after a failure that leaves the outcome unknown
    bool signIt = true;            // SigningHttpClient adds the bearer token; false for pre-authenticated URLs
    bool secretUrl = false;        // the URL alone is worth something: only its origin may stand in a log
    bool followRedirects = false;  // at most 5; Authorization is dropped when the origin changes
    std::size_t largestBody = 8U << 20U; // a reply held in memory that is longer is BadReply
    // Told on the calling thread when all of the body has left this process, where that is known before the reply.
    std::function<void()> onSent = {};
    // Sees the head of a 2xx reply (its body still empty) before anything goes to the sink; its error ends the call.
    std::function<Result<void>(const HttpReply &head)> onHead = {};
};

// Thread-safe; calls block, end within milliseconds of a stop request, and fail with Cancelled, Timeout, Offline (name
// not resolved, not connected, cut: nativeCode says which, stable "proxy-refused", "tls-failed" or "clock-wrong" where
// it is that), BadReply, DataLoss (body shorter than announced; source shorter than announced) or the sink's own error.
class HttpClient {
public:
    virtual ~HttpClient() = default;
    // Any status line is a success here: only the adapter knows what a 409 means.
    // When sink is given, a 2xx body goes there and HttpReply::body stays empty.
    virtual Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) = 0;
};

} // namespace connector
