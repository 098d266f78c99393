// SPDX-License-Identifier: Apache-2.0
// An HTTP server that a few strangers cannot fill: cpp-httplib's requests, over TCP or TLS, with every connection
// bounded in time and number. A request is read in as few pieces as it came in, an answer leaves in one.
#pragma once

#include "http/certificate.h"
#include "http/server_parts.h"

#include <atomic>
#include <unordered_map>

namespace connector {

struct ServerLimits {
    std::size_t perAddress = 12; // connections at a time from one address (an IPv6 one's /64); 0: as many as come
    std::size_t perRequest = (1U << 20U) + 65536; // bytes of a request with its head
    int requests = 200;                           // on one connection
    std::chrono::milliseconds handshake{10000};
    std::chrono::milliseconds idle{5000};     // between two requests
    std::chrono::milliseconds request{20000}; // until a request has come whole
    std::chrono::milliseconds write{10000};   // until a piece of an answer is taken
};

// A connection ends after any answer of 400 and above: what of its request was not read must not pass for the next one.
class BoundedServer : public httplib::Server {
public:
    explicit BoundedServer(ServerLimits limits) : m_limits(limits) {}
    BoundedServer(TlsIdentity identity, ServerLimits limits)
        : m_identity(std::move(identity)), m_limits(limits), m_secure(true)
    {
    }

    bool is_valid() const override { return !m_secure || m_identity.context != nullptr; }
    // Ends every connection, now and from now on. Any thread.
    void endConnections();

private:
    bool process_and_close_socket(socket_t socket) override;
    void converse(SSL *ssl, int fd); // ssl: nullptr where it is plain TCP
    bool admit(int fd, const std::string &key);
    void release(int fd, const std::string &key);

    TlsIdentity m_identity;
    ServerLimits m_limits;
    bool m_secure = false;
    std::atomic<bool> m_ending = false;
    std::mutex m_mutex;
    std::unordered_map<std::string, std::size_t> m_perAddress;
    std::vector<int> m_open;
};

} // namespace connector
