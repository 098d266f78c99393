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
    // Not 0: while others wait for a thread, a request must have come within this, nobody idles behind an answer, and
    // only then is `perAddress` held, without those who idle.
    std::chrono::milliseconds crowded{0};
    std::vector<std::string> proxies = {}; // addresses that many people share: `perAddress` is not for them
};

// A connection ends after any answer of 400 and above: what of its request was not read must not pass for the next one.
class BoundedServer : public httplib::Server {
public:
    explicit BoundedServer(ServerLimits limits) : m_limits(std::move(limits)) {}
    BoundedServer(TlsIdentity identity, ServerLimits limits)
        : m_identity(std::move(identity)), m_limits(std::move(limits)), m_secure(true)
    {
    }

    // How many connections are served at once; before listening.
    void serveWith(unsigned threads);
    bool is_valid() const override { return !m_secure || m_identity.context != nullptr; }
    // Takes up nothing any more; what is being answered is still answered. Any thread.
    void drain() { m_ending = true; }
    // Ends every connection, now and from now on. Any thread.
    void endConnections();

    bool ending() const { return m_ending; }
    // Whether connections wait for a thread.
    bool crowded() const;

private:
    bool process_and_close_socket(socket_t socket) override;
    void converse(SSL *ssl, int fd, const std::string &key); // ssl: nullptr where it is plain TCP
    bool admit(int fd, const std::string &peer, const std::string &key);
    void release(int fd, const std::string &key);
    void count(const std::string &key, int by);

    TlsIdentity m_identity;
    ServerLimits m_limits;
    bool m_secure = false;
    std::atomic<BoundedPool *> m_pool = nullptr; // the library's; connections run inside it
    std::atomic<bool> m_ending = false;
    std::mutex m_mutex;
    std::unordered_map<std::string, std::size_t> m_perAddress;
    std::vector<int> m_open;
};

} // namespace connector
