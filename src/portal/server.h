// SPDX-License-Identifier: Apache-2.0
// The portal's web server: the device's JSON calls, the people's pages, and the rules of the web around both.
#pragma once

#include "portal/portal.h"

#include <functional>
#include <memory>

namespace connector::portal {

struct ServerOptions {
    std::string operatorName;                 // who runs this portal, as the pages show it; "" for nobody named
    std::map<std::string, std::string> terms; // language -> plain text; the default text where there is none
    std::vector<std::string> trustedProxies;  // addresses whose X-Forwarded-For is believed
    std::vector<std::string> metricsFrom = {"127.0.0.1", "::1"}; // who may read /metrics
    std::string tlsCertificate; // PEM files; without them plain HTTP, for behind a proxy
    std::string tlsKey;
    unsigned threads = 32;
    std::chrono::milliseconds requestLimit{10000}; // until a request has come whole
};

// start() and stop() from one thread; requests are answered on threads of its own.
class PortalServer {
public:
    // `portal` outlives this.
    PortalServer(Portal &portal, ServerOptions options);
    ~PortalServer();

    // Binds (port 0: any free one); LocalIo when it cannot. Requests wait until start().
    Result<int> bind(const std::string &host, int port);
    // `onDeath` is called, on another thread, when serving ends without stop(); it must not call back.
    void start(std::function<void()> onDeath = {});
    // Ends running requests, the waiting for a cloud too, within moments.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace connector::portal
