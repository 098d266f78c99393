// SPDX-License-Identifier: Apache-2.0
// As many POST requests as a server on this machine takes, over connections that are kept, and how long each took:
//   http-load PORT PATH CONTENT-TYPE BODIES CONNECTIONS (seconds=N | count=N) [FIELD FILE]
// BODIES: a file with one body per line, used in turn. With FIELD and FILE, that member of each JSON answer is written
// to the file, one per line. One line of JSON tells the result.
#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <netinet/tcp.h>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
    int fd = -1;
    std::string in;
    Clock::time_point sent;
};

[[noreturn]] void fail(const char *why)
{
    std::fprintf(stderr, "http-load: %s\n", why);
    std::exit(2);
}

int connectTo(std::uint16_t port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd, reinterpret_cast<const sockaddr *>(&to), sizeof to) != 0)
        fail("cannot connect");
    return fd;
}

// The whole answer's length, 0 while it is incomplete.
std::size_t complete(const std::string &in)
{
    const auto head = in.find("\r\n\r\n");
    if (head == std::string::npos)
        return 0;
    static constexpr const char *kLength = "content-length:";
    const auto at = std::search(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(head), kLength, kLength + 15,
                                [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
    if (at == in.begin() + static_cast<std::ptrdiff_t>(head))
        fail("an answer without Content-Length");
    const std::size_t length = std::strtoul(&*at + 15, nullptr, 10);
    return in.size() >= head + 4 + length ? head + 4 + length : 0;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 7 && argc != 9)
        fail("arguments");
    const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    const std::string head = std::string("POST ") + argv[2] + " HTTP/1.1\r\nHost: 127.0.0.1:" + argv[1] +
                             "\r\nContent-Type: " + argv[3] + "\r\nContent-Length: ";
    std::vector<std::string> requests;
    std::ifstream bodies(argv[4]);
    for (std::string line; std::getline(bodies, line);)
        requests.push_back(head + std::to_string(line.size()) + "\r\n\r\n" + line);
    if (requests.empty())
        fail("no bodies");
    const std::string bound = argv[6];
    const std::size_t number = std::strtoul(bound.substr(bound.find('=') + 1).c_str(), nullptr, 10);
    const bool timed = bound.starts_with("seconds=");
    const std::string member = argc == 9 ? std::string("\"") + argv[7] + "\":\"" : "";
    std::ofstream members;
    if (argc == 9)
        members.open(argv[8]);

    std::size_t next = 0;
    std::map<int, std::size_t> statuses;
    std::vector<float> micros;
    const int poll = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<Connection> connections(std::strtoul(argv[5], nullptr, 10));
    const auto send = [&](Connection &c) {
        const std::string &request = requests[next++ % requests.size()];
        c.in.clear();
        c.sent = Clock::now();
        // What nobody reads yet fits into the socket's buffer.
        if (::send(c.fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
            c.sent = {};
    };
    const auto open = [&](Connection &c) {
        if (c.fd >= 0)
            ::close(c.fd);
        c.fd = connectTo(port);
        epoll_event event{EPOLLIN, {.ptr = &c}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, c.fd, &event);
        send(c);
    };
    const auto began = Clock::now();
    const auto until = began + std::chrono::seconds(timed ? number : 600);
    for (Connection &c : connections)
        open(c);
    std::size_t reopened = 0;
    for (;;) {
        epoll_event events[64];
        const int n = ::epoll_wait(poll, events, 64, 1000);
        for (int i = 0; i < n; ++i) {
            Connection &c = *static_cast<Connection *>(events[i].data.ptr);
            char buffer[8192];
            const auto got = ::recv(c.fd, buffer, sizeof buffer, 0);
            if (got <= 0) { // the server keeps connections for so many requests only
                ++reopened;
                open(c);
                continue;
            }
            c.in.append(buffer, static_cast<std::size_t>(got));
            if (complete(c.in) == 0)
                continue;
            micros.push_back(std::chrono::duration<float, std::micro>(Clock::now() - c.sent).count());
            ++statuses[std::atoi(c.in.c_str() + 9)];
            if (!member.empty())
                if (const auto at = c.in.find(member); at != std::string::npos)
                    members << c.in.substr(at + member.size(), c.in.find('"', at + member.size()) - at - member.size())
                            << '\n';
            send(c);
        }
        if (timed ? Clock::now() >= until : micros.size() >= number)
            break;
        if (Clock::now() >= until)
            fail("it takes too long");
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    std::sort(micros.begin(), micros.end());
    const auto at = [&](double part) {
        return micros.empty() ? 0 : micros[static_cast<std::size_t>(part * static_cast<double>(micros.size() - 1))];
    };
    std::string answers;
    for (const auto &[status, count] : statuses)
        answers += (answers.empty() ? "" : ",") + ("\"" + std::to_string(status)) + "\":" + std::to_string(count);
    std::printf(
        "{\"requests\":%zu,\"perSecond\":%.0f,\"p50ms\":%.3f,\"p99ms\":%.3f,\"reopened\":%zu,\"statuses\":{%s}}\n",
        micros.size(), static_cast<double>(micros.size()) / seconds, static_cast<double>(at(0.5)) / 1000,
        static_cast<double>(at(0.99)) / 1000, reopened, answers.c_str());
}
