// SPDX-License-Identifier: Apache-2.0
// Carries the local API over HTTPS, and the pages that are made from it: POST /rpc, server-sent events at GET /events.
#pragma once

#include "api/web_visit.h"
#include "http/bounded_server.h"
#include "http/rate_limiter.h"

namespace connector {

struct HttpsOptions {
    std::string listen;             // an address of this machine; "": all
    int port = 8443;                // 0: any
    std::vector<std::string> names; // by which browsers may ask for us, besides namesOfThisMachine()
    // While others wait for one of the threads, no address has more than a third of them, and nobody is slow for longer
    // than a second.
    ServerLimits limits = {.perAddress = 8, .crowded = std::chrono::seconds(1)};
    WebSessions::Rules sessions;
    Rate requests{150, 30}; // per address
    Rate signIns{10, 1.0 / 30};
    unsigned threads = 24;
};

// Serves from listen() to destruction, on threads of its own. Without a session only system.hello, session.get and
// session.signIn are answered: a guest is somebody who stands at the panel. docs/decisions/web-admin.md says why each
// of its rules is there.
class HttpsCarrier {
public:
    // LocalIo when the port is taken.
    static Result<std::unique_ptr<HttpsCarrier>> listen(Api &api, TlsIdentity identity, HttpsOptions options,
                                                        WebPages pages);
    ~HttpsCarrier();
    HttpsCarrier(const HttpsCarrier &) = delete;
    HttpsCarrier &operator=(const HttpsCarrier &) = delete;

    int port() const;
    const std::string &fingerprint() const; // of its certificate

private:
    struct Impl;
    explicit HttpsCarrier(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace connector
