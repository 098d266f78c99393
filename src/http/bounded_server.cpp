// SPDX-License-Identifier: Apache-2.0
#include "http/bounded_server.h"

#include "http/rate_limiter.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace connector {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{50}; // how soon somebody who waits sees that he is in the way

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
class BoundedStream : public httplib::Stream {
public:
    // Without `ssl` over plain TCP.
    BoundedStream(const BoundedServer &server, SSL *ssl, int fd, const ServerLimits &limits)
        : m_server(server), m_ssl(ssl), m_fd(fd), m_limits(limits)
    {
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        m_peer = peerOf(fd);
        if (::getsockname(fd, reinterpret_cast<sockaddr *>(&address), &size) == 0)
            m_own = numeric(address, size);
    }

    bool handshake()
    {
        expect(m_limits.handshake, m_limits.crowded);
        return m_ssl == nullptr || repeat(m_readUntil, [this] { return SSL_accept(m_ssl); }) == 1;
    }

    // Waits for the first byte of a request.
    bool begins()
    {
        m_left = m_limits.perRequest;
        // Whoever was answered and is only still there makes room at once.
        const auto whenCrowded = m_answered ? std::chrono::milliseconds(0) : m_limits.crowded;
        m_answered = m_refused = false;
        expect(m_limits.idle, whenCrowded);
        if (!pending() && !wait(POLLIN, m_readUntil))
            return false;
        expect(m_limits.request, m_limits.crowded);
        return true;
    }

    // Sends what is held back of the answer.
    bool ends() { return m_held.empty() || sendHeld(); }

    bool refused() const { return m_refused; }

    bool is_readable() const override { return pending() || wait(POLLIN, m_readUntil); }
    bool is_writable() const override { return wait(POLLOUT, Clock::now() + m_limits.write); }

    ssize_t read(char *to, size_t size) override
    {
        size = std::min(size, m_left);
        if (size == 0)
            return -1;
        if (m_at == m_end) {
            // "Go on", before a body comes.
            if (!ends())
                return -1;
            const int n = receive();
            if (n <= 0)
                return n;
            m_at = 0;
            m_end = static_cast<std::size_t>(n);
        }
        size = std::min(size, m_end - m_at);
        std::memcpy(to, m_in.data() + m_at, size);
        m_at += size;
        m_left -= size;
        return static_cast<ssize_t>(size);
    }

    // The first piece, an answer's head, waits for the second one and leaves with it.
    ssize_t write(const char *from, size_t size) override
    {
        if (m_answered) {
            m_held.append(from, size);
            return sendHeld() ? static_cast<ssize_t>(size) : -1;
        }
        const std::string_view head(from, size);
        m_answered = !head.starts_with("HTTP/1.1 1"); // "Continue" is no answer yet
        m_refused = head.starts_with("HTTP/1.1 4") || head.starts_with("HTTP/1.1 5");
        m_held += head;
        return static_cast<ssize_t>(size);
    }

    void get_remote_ip_and_port(std::string &ip, int &port) const override { std::tie(ip, port) = m_peer; }
    void get_local_ip_and_port(std::string &ip, int &port) const override { std::tie(ip, port) = m_own; }
    socket_t socket() const override { return m_fd; }

private:
    bool pending() const { return m_at < m_end || (m_ssl != nullptr && SSL_pending(m_ssl) > 0); }

    int receive()
    {
        if (m_ssl != nullptr)
            return repeat(m_readUntil, [&] { return SSL_read(m_ssl, m_in.data(), static_cast<int>(m_in.size())); });
        return again(POLLIN, m_readUntil, [&] { return ::recv(m_fd, m_in.data(), m_in.size(), 0); });
    }

    bool sendHeld()
    {
        const auto until = Clock::now() + m_limits.write;
        for (std::size_t at = 0; at < m_held.size();) {
            const std::size_t piece = std::min(m_held.size() - at, std::size_t{1} << 16U);
            const char *from = m_held.data() + at;
            const int n = m_ssl != nullptr
                              ? repeat(until, [&] { return SSL_write(m_ssl, from, static_cast<int>(piece)); })
                              : again(POLLOUT, until, [&] { return ::send(m_fd, from, piece, MSG_NOSIGNAL); });
            if (n <= 0)
                return false;
            at += static_cast<std::size_t>(n);
        }
        m_held.clear();
        return true;
    }

    void expect(std::chrono::milliseconds within, std::chrono::milliseconds whenCrowded)
    {
        const auto now = Clock::now();
        m_readUntil = now + within;
        m_crowdedUntil = now + whenCrowded;
    }

    // Whether somebody whose bytes do not come must go: the server ends, or others need the thread.
    bool inTheWay() const
    {
        return m_server.ending() ||
               (m_limits.crowded.count() > 0 && m_server.crowded() && Clock::now() >= m_crowdedUntil);
    }

    bool wait(short events, Clock::time_point until) const
    {
        for (;;) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
            if (left.count() <= 0)
                return false;
            pollfd one{m_fd, events, 0};
            const int n = ::poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left.count(), kLook.count())));
            if (n > 0)
                return (one.revents & POLLNVAL) == 0;
            if ((n < 0 && errno != EINTR) || (events == POLLIN && inTheWay()))
                return false;
        }
    }

    // Repeats what the socket was not ready for; its result, or -1 at the deadline and for errors.
    template <class Step>
    int again(short events, Clock::time_point until, Step step) const
    {
        for (;;) {
            const ssize_t n = step();
            if (n >= 0)
                return static_cast<int>(n);
            if (errno == EINTR)
                continue;
            if ((errno != EAGAIN && errno != EWOULDBLOCK) || Clock::now() >= until || !wait(events, until))
                return -1;
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

    const BoundedServer &m_server;
    SSL *m_ssl;
    int m_fd;
    const ServerLimits &m_limits;
    std::pair<std::string, int> m_peer;
    std::pair<std::string, int> m_own;
    Clock::time_point m_readUntil{};
    Clock::time_point m_crowdedUntil{}; // the same while others wait
    std::array<char, 16384> m_in{};
    std::size_t m_at = 0; // of m_in: what was read and not yet asked for
    std::size_t m_end = 0;
    std::string m_held;
    std::size_t m_left = 0;
    bool m_answered = false;
    bool m_refused = false;
};

} // namespace

void BoundedServer::serveWith(unsigned threads)
{
    // What the library tells clients.
    set_keep_alive_timeout(std::chrono::duration_cast<std::chrono::seconds>(m_limits.idle).count());
    set_keep_alive_max_count(static_cast<std::size_t>(m_limits.requests));
    new_task_queue = [this, threads] {
        m_pool = new BoundedPool(threads, std::size_t{4} * threads);
        return m_pool.load();
    };
}

bool BoundedServer::crowded() const
{
    const BoundedPool *pool = m_pool;
    return pool != nullptr && pool->crowded();
}

bool BoundedServer::admit(int fd, const std::string &peer, const std::string &key)
{
    const auto &proxies = m_limits.proxies;
    const bool held = m_limits.perAddress > 0 && (m_limits.crowded.count() == 0 || crowded()) &&
                      std::find(proxies.begin(), proxies.end(), peer) == proxies.end();
    const std::scoped_lock lock(m_mutex);
    if (m_ending || (held && m_perAddress[key] >= m_limits.perAddress))
        return false;
    ++m_perAddress[key];
    m_open.push_back(fd);
    return true;
}

void BoundedServer::release(int fd, const std::string &key)
{
    count(key, -1);
    const std::scoped_lock lock(m_mutex);
    std::erase(m_open, fd);
}

void BoundedServer::count(const std::string &key, int by)
{
    const std::scoped_lock lock(m_mutex);
    std::size_t &many = m_perAddress[key];
    many += static_cast<std::size_t>(by);
    if (many == 0)
        m_perAddress.erase(key);
}

void BoundedServer::endConnections()
{
    const std::scoped_lock lock(m_mutex);
    m_ending = true;
    for (const int fd : m_open)
        ::shutdown(fd, SHUT_RDWR);
}

bool BoundedServer::process_and_close_socket(socket_t fd)
{
    const std::string peer = peerOf(fd).first;
    const std::string key = addressKey(peer);
    if (admit(fd, peer, key)) {
        ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
        const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(m_secure ? SSL_new(m_identity.context.get()) : nullptr,
                                                            SSL_free);
        if (ssl)
            SSL_set_fd(ssl.get(), fd);
        if (ssl || !m_secure)
            converse(ssl.get(), fd, key);
        if (ssl)
            SSL_shutdown(ssl.get());
        release(fd, key);
    }
    ERR_clear_error();
    ::shutdown(fd, SHUT_RDWR);
    ::close(fd);
    return true;
}

void BoundedServer::converse(SSL *ssl, int fd, const std::string &key)
{
    BoundedStream stream(*this, ssl, fd, m_limits);
    if (!stream.handshake())
        return;
    const bool mayCrowd = m_limits.crowded.count() > 0;
    for (int left = m_limits.requests; left > 0 && !m_ending; --left) {
        const bool idles = mayCrowd && left < m_limits.requests;
        if (idles)
            count(key, -1);
        const bool begun = stream.begins();
        if (idles)
            count(key, 1);
        if (!begun)
            return;
        bool over = false;
        const bool last = left == 1 || (mayCrowd && crowded());
        const bool answered =
            process_request(stream, last, over, [ssl](httplib::Request &request) { request.ssl = ssl; });
        if (!stream.ends() || !answered || last || over || stream.refused())
            return;
    }
}

} // namespace connector
