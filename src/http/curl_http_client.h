// SPDX-License-Identifier: Apache-2.0
// The HttpClient that talks to the network, on libcurl.
#pragma once

#include "http/http_client.h"

#include <memory>

namespace connector {

struct CurlOptions {
    std::string proxy = {}; // URL; "" connects directly (the environment's proxy variables are not looked at)
    std::string noProxy = "localhost,127.0.0.1,::1"; // hosts reached directly even so
    std::string extraCaFile = {};                    // trusted besides the system's certificates
    std::chrono::milliseconds connectTimeout{15000};
    std::chrono::seconds stallTimeout{60}; // not a byte either way for so long is Timeout
    std::string userAgent = "CloudConnector/0.1";
    // Hosts that may be asked: "example.org", or ".example.org" for all below it. Empty: any.
    std::vector<std::string> allowedHosts = {};
    bool allowPlainHttp = false; // http:// to hosts other than this machine
    std::size_t idleHandles = 4; // kept with their connections for the next call
};

// See HttpClient. Connections are kept and used again; HTTP/2 where the server offers it. A call takes about 1 MiB at
// most, whatever the size of the bodies.
class CurlHttpClient : public HttpClient {
public:
    explicit CurlHttpClient(CurlOptions options = {});
    ~CurlHttpClient() override; // no call may be under way
    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override;

private:
    class Pool;
    Result<HttpReply> sendOnce(const HttpRequest &request, ByteSink *sink, const Call &call);

    CurlOptions m_options;
    std::unique_ptr<Pool> m_pool;
};

} // namespace connector
