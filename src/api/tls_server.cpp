// SPDX-License-Identifier: Apache-2.0
#include "api/tls_server.h"

#include "http/rate_limiter.h"

#include <algorithm>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace connector {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRequestsPerConnection = 200;

// The address in digits, an IPv4 one also where the socket is of IPv6.
std::pair<std::string, int> numeric(const sockaddr_storage &address, socklen_t size)
{
    char host[NI_MAXHOST] = {};
    char port[NI_MAXSERV] = {};
    if (::getnameinfo(reinterpret_cast<const sockaddr *>(&address), size, host, sizeof host, port, sizeof port,
                      NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return {"", 0};
    std::string text = host;
    if (text.starts_with("::ffff:") && text.find('.') != std::string::npos)
        text.erase(0, 7);
    return {text, std::atoi(port)};
}

std::pair<std::string, int> peerOf(int fd)
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    return ::getpeername(fd, reinterpret_cast<sockaddr *>(&address), &size) == 0 ? numeric(address, size)
                                                                                 : std::pair<std::string, int>();
}

// One connection's bytes. Reading ends at the request's deadline, writing at each piece's.
class TlsStream : public httplib::Stream {
public:
    TlsStream(SSL *ssl, int fd, const TlsServerLimits &limits) : m_ssl(ssl), m_fd(fd), m_limits(limits) {}

    bool handshake()
    {
        const auto until = Clock::now() + m_limits.handshake;
        return repeat(until, [this] { return SSL_accept(m_ssl); }) == 1;
    }

    // Waits for the first byte of a request.
    bool begins()
    {
        m_left = m_limits.perRequest;
        m_answered = m_refused = false;
        if (SSL_pending(m_ssl) == 0 && !wait(POLLIN, Clock::now() + m_limits.idle))
            return false;
        m_readUntil = Clock::now() + m_limits.request;
        return true;
    }

    bool refused() const { return m_refused; }

    bool is_readable() const override { return SSL_pending(m_ssl) > 0 || wait(POLLIN, m_readUntil); }
    bool is_writable() const override { return wait(POLLOUT, Clock::now() + m_limits.write); }

    ssize_t read(char *to, size_t size) override
    {
        size = std::min({size, m_left, std::size_t{1} << 20U});
        if (size == 0)
            return -1;
        const int n = repeat(m_readUntil, [&] { return SSL_read(m_ssl, to, static_cast<int>(size)); });
        if (n > 0)
            m_left -= static_cast<std::size_t>(n);
        return n;
    }

    ssize_t write(const char *from, size_t size) override
    {
        if (!std::exchange(m_answered, true))
            m_refused = std::string_view(from, size).starts_with("HTTP/1.1 4") ||
                        std::string_view(from, size).starts_with("HTTP/1.1 5");
        const auto until = Clock::now() + m_limits.write;
        for (std::size_t at = 0; at < size;) {
            const int piece = static_cast<int>(std::min(size - at, std::size_t{1} << 16U));
            const int n = repeat(until, [&] { return SSL_write(m_ssl, from + at, piece); });
            if (n <= 0)
                return -1;
            at += static_cast<std::size_t>(n);
        }
        return static_cast<ssize_t>(size);
    }

    void get_remote_ip_and_port(std::string &ip, int &port) const override { std::tie(ip, port) = peerOf(m_fd); }
    void get_local_ip_and_port(std::string &ip, int &port) const override
    {
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        if (::getsockname(m_fd, reinterpret_cast<sockaddr *>(&address), &size) == 0)
            std::tie(ip, port) = numeric(address, size);
    }
    socket_t socket() const override { return m_fd; }

private:
    bool wait(short events, Clock::time_point until) const
    {
        for (;;) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
            pollfd one{m_fd, events, 0};
            const int n = ::poll(&one, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
            if (n < 0 && errno == EINTR)
                continue;
            return n > 0 && (one.revents & POLLNVAL) == 0;
        }
    }

    // Repeats what OpenSSL could not finish; its result, or -1 at the deadline and for errors.
    template <class Step>
    int repeat(Clock::time_point until, Step step) const
    {
        for (;;) {
            ERR_clear_error();
            const int n = step();
            if (n > 0)
                return n;
            const int why = SSL_get_error(m_ssl, n);
            if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
                return why == SSL_ERROR_ZERO_RETURN ? 0 : -1;
            if (Clock::now() >= until || !wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, until))
                return -1;
        }
    }

    SSL *m_ssl;
    int m_fd;
    const TlsServerLimits &m_limits;
    Clock::time_point m_readUntil{};
    std::size_t m_left = 0;
    bool m_answered = false;
    bool m_refused = false;
};

} // namespace

bool TlsServer::admit(int fd, const std::string &key)
{
    const std::scoped_lock lock(m_mutex);
    if (m_ending || m_perAddress[key] >= m_limits.perAddress)
        return false;
    ++m_perAddress[key];
    m_open.push_back(fd);
    return true;
}

void TlsServer::release(int fd, const std::string &key)
{
    const std::scoped_lock lock(m_mutex);
    if (--m_perAddress[key] == 0)
        m_perAddress.erase(key);
    std::erase(m_open, fd);
}

void TlsServer::endConnections()
{
    const std::scoped_lock lock(m_mutex);
    m_ending = true;
    for (const int fd : m_open)
        ::shutdown(fd, SHUT_RDWR);
}

bool TlsServer::process_and_close_socket(socket_t fd)
{
    const std::string key = addressKey(peerOf(fd).first);
    if (admit(fd, key)) {
        ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
        if (const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(m_identity.context.get()), SSL_free); ssl) {
            SSL_set_fd(ssl.get(), fd);
            converse(ssl.get(), fd);
            SSL_shutdown(ssl.get());
        }
        release(fd, key);
    }
    ERR_clear_error();
    ::shutdown(fd, SHUT_RDWR);
    ::close(fd);
    return true;
}

void TlsServer::converse(SSL *ssl, int fd)
{
    TlsStream stream(ssl, fd, m_limits);
    if (!stream.handshake())
        return;
    for (int left = kRequestsPerConnection; left > 0 && !m_ending && stream.begins(); --left) {
        bool over = false;
        const bool answered =
            process_request(stream, left == 1, over, [ssl](httplib::Request &request) { request.ssl = ssl; });
        if (!answered || over || stream.refused())
            return;
    }
}

} // namespace connector
