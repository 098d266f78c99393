// SPDX-License-Identifier: Apache-2.0
#include "support/raw_https.h"

#include "core/encoding.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <regex>
#include <sys/socket.h>
#include <unistd.h>

namespace connector::test {

struct RawHttps::Ends {
    int fd = -1;
    SSL_CTX *context = nullptr;
    SSL *ssl = nullptr;
    bool connected = false;

    ~Ends()
    {
        SSL_free(ssl);
        SSL_CTX_free(context);
        if (fd >= 0)
            ::close(fd);
    }
};

std::string RawReply::header(const std::string &name) const
{
    const std::string lower = toLowerAscii(head);
    const auto at = lower.find("\r\n" + toLowerAscii(name) + ": ");
    if (at == std::string::npos)
        return {};
    const auto from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
}

RawHttps::RawHttps(int port, const std::string &host) : m_ends(std::make_unique<Ends>())
{
    m_ends->fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    if (::connect(m_ends->fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        return;
    m_ends->context = SSL_CTX_new(TLS_client_method());
    m_ends->ssl = SSL_new(m_ends->context);
    SSL_set_fd(m_ends->ssl, m_ends->fd);
    m_ends->connected = SSL_connect(m_ends->ssl) == 1;
}

RawHttps::~RawHttps() = default;

bool RawHttps::connected() const
{
    return m_ends->connected;
}

bool RawHttps::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const int n =
            SSL_write(m_ends->ssl, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 65536)));
        if (n <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool RawHttps::more(std::chrono::steady_clock::time_point until)
{
    if (m_over)
        return false;
    if (SSL_pending(m_ends->ssl) == 0) {
        pollfd one{m_ends->fd, POLLIN, 0};
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
        if (::poll(&one, 1, static_cast<int>(std::max<std::int64_t>(0, left))) <= 0)
            return false;
    }
    char buffer[16384];
    const int n = SSL_read(m_ends->ssl, buffer, sizeof buffer);
    if (n <= 0) {
        m_over = true;
        return false;
    }
    m_in.append(buffer, static_cast<std::size_t>(n));
    return true;
}

RawReply RawHttps::answer(std::chrono::milliseconds patience)
{
    RawReply reply;
    if (!connected())
        return reply;
    const auto until = std::chrono::steady_clock::now() + patience;
    std::size_t end = 0;
    while ((end = m_in.find("\r\n\r\n")) == std::string::npos)
        if (!more(until))
            return reply;
    reply.head = m_in.substr(0, end + 2);
    reply.status = std::atoi(reply.head.c_str() + std::string_view("HTTP/1.1 ").size());
    m_in.erase(0, end + 4);
    const std::string length = reply.header("Content-Length");
    const std::size_t size = length.empty() ? 0 : static_cast<std::size_t>(std::atoll(length.c_str()));
    while (m_in.size() < size && more(until)) {
    }
    reply.body = m_in.substr(0, size);
    m_in.erase(0, size);
    return reply;
}

std::string RawHttps::readUntil(std::string_view bytes, std::chrono::milliseconds patience)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    while (m_in.find(bytes) == std::string::npos && more(until)) {
    }
    return m_in;
}

bool RawHttps::endsWithin(std::chrono::milliseconds patience)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    while (more(until)) {
    }
    return m_over;
}

RawReply RawBrowser::ask(const std::string &head, const std::string &body)
{
    std::string request = head;
    if (head.find("\r\nHost: ") == std::string::npos)
        request += "Host: localhost:" + std::to_string(m_port) + "\r\n";
    std::string jar;
    for (const auto &[name, value] : cookies)
        jar += (jar.empty() ? "" : "; ") + name + "=" + value;
    if (!jar.empty())
        request += "Cookie: " + jar + "\r\n";
    request += more;
    RawHttps connection(m_port);
    connection.send(request + "\r\n" + body);
    RawReply reply = connection.answer();
    static const std::regex kCookie("\r\nSet-Cookie: ([^=]+)=([^;\r]*)", std::regex::icase);
    for (std::sregex_iterator at(reply.head.begin(), reply.head.end(), kCookie), end; at != end; ++at)
        cookies[(*at)[1].str()] = (*at)[2].str();
    static const std::regex kToken("name=\"form\" value=\"([^\"]*)\"");
    std::smatch found;
    if (std::regex_search(reply.body, found, kToken))
        formToken = found[1].str();
    return reply;
}

RawReply RawBrowser::get(const std::string &path)
{
    return ask("GET " + path + " HTTP/1.1\r\n");
}

RawReply RawBrowser::post(const std::string &path, const std::map<std::string, std::string> &fields)
{
    std::string body;
    if (!fields.contains("form") && !formToken.empty())
        body = "form=" + percentEncode(formToken);
    for (const auto &[name, value] : fields)
        body += (body.empty() ? "" : "&") + percentEncode(name) + "=" + percentEncode(value);
    return ask("POST " + path + " HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
                   std::to_string(body.size()) + "\r\n",
               body);
}

RawReply RawBrowser::rpc(const std::string &body)
{
    const auto known = nlohmann::json::parse(get("/rpc").body, nullptr, false);
    const std::string token = known.is_object() ? known.value("csrf", "") : "";
    return ask("POST /rpc HTTP/1.1\r\nContent-Type: application/json\r\nX-CSRF-Token: " + token +
                   "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n",
               body);
}

} // namespace connector::test
