// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_server.h"

#include "core/encoding.h"

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace connector::test {

ScriptedServer::ScriptedServer(Script script, std::size_t keepBody)
    : m_script(std::move(script)), m_keepBody(keepBody), m_stopEvent(::eventfd(0, EFD_CLOEXEC))
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) != 0 || ::listen(m_listener, 64) != 0 ||
        ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        std::abort();
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { accept(); });
}

ScriptedServer::~ScriptedServer()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(m_stopEvent, &one, sizeof one);
    m_acceptor.join();
    for (auto &thread : m_threads)
        thread.join();
    ::close(m_listener);
    ::close(m_stopEvent);
}

std::string ScriptedServer::url(const std::string &path) const
{
    return "http://127.0.0.1:" + std::to_string(m_port) + path;
}

std::vector<ScriptedServer::Request> ScriptedServer::requests() const
{
    const std::scoped_lock lock(m_mutex);
    return m_requests;
}

int ScriptedServer::connections() const
{
    const std::scoped_lock lock(m_mutex);
    return m_connections;
}

bool ScriptedServer::waitForRequests(std::size_t count) const
{
    std::unique_lock lock(m_mutex);
    return m_arrived.wait_for(lock, std::chrono::seconds{10}, [&] { return m_requests.size() >= count; });
}

void ScriptedServer::accept()
{
    for (;;) {
        std::array<pollfd, 2> waiting{pollfd{m_listener, POLLIN, 0}, pollfd{m_stopEvent, POLLIN, 0}};
        ::poll(waiting.data(), waiting.size(), -1);
        if (waiting[1].revents != 0)
            return;
        const int fd = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        {
            const std::scoped_lock lock(m_mutex);
            ++m_connections;
        }
        m_threads.emplace_back([this, fd] { serve(fd); });
    }
}

namespace {

// Waits until there is something to read; false when the server ends.
bool readable(int fd, int stopEvent)
{
    std::array<pollfd, 2> waiting{pollfd{fd, POLLIN, 0}, pollfd{stopEvent, POLLIN, 0}};
    ::poll(waiting.data(), waiting.size(), -1);
    return waiting[1].revents == 0;
}

} // namespace

bool ScriptedServer::readRequest(Exchange &exchange)
{
    Request request;
    std::string data;
    std::array<char, 65536> buffer{};
    const auto more = [&] {
        if (!readable(exchange.m_fd, m_stopEvent))
            return false;
        const ssize_t n = ::recv(exchange.m_fd, buffer.data(), buffer.size(), 0);
        if (n > 0)
            data.append(buffer.data(), static_cast<std::size_t>(n));
        return n > 0;
    };
    std::size_t end = 0;
    while ((end = data.find("\r\n\r\n")) == std::string::npos)
        if (!more())
            return false;
    std::istringstream head(data.substr(0, end));
    data.erase(0, end + 4);
    head >> request.method >> request.target;
    std::string line;
    std::getline(head, line);
    while (std::getline(head, line)) {
        const auto colon = line.find(':');
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (colon != std::string::npos)
            request.headers.fields.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
    }
    const std::string length(request.headers.get("Content-Length"));
    std::size_t left = length.empty() ? 0 : std::strtoull(length.c_str(), nullptr, 10);
    const bool keep = left <= m_keepBody;
    for (;;) {
        const std::size_t n = std::min(left, data.size());
        if (keep)
            request.body.append(data, 0, n);
        data.clear();
        left -= n;
        if (left == 0)
            break;
        if (!more())
            return false;
    }
    exchange.m_request = std::move(request);
    return true;
}

void ScriptedServer::serve(int fd)
{
    Exchange exchange(*this, fd);
    while (!exchange.closed() && readRequest(exchange)) {
        {
            const std::scoped_lock lock(m_mutex);
            m_requests.push_back(exchange.request());
        }
        m_arrived.notify_all();
        m_script(exchange);
    }
    ::close(fd);
}

bool ScriptedServer::Exchange::send(std::string_view bytes) const
{
    while (!bytes.empty()) {
        const ssize_t n = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool ScriptedServer::Exchange::reply(int status, std::string_view body, const std::string &headers) const
{
    return send("HTTP/1.1 " + std::to_string(status) + " Status\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n" + headers + "\r\n" + std::string(body));
}

void ScriptedServer::Exchange::hang() const
{
    std::array<char, 4096> buffer{};
    while (readable(m_fd, m_server.m_stopEvent) && ::recv(m_fd, buffer.data(), buffer.size(), 0) > 0) {
    }
}

} // namespace connector::test
