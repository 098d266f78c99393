// SPDX-License-Identifier: Apache-2.0
#include "api/unix_carrier.h"

#include "core/files.h"
#include "core/log.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace connector {

namespace {

constexpr std::size_t kMostBehind = 8U << 20U;
constexpr std::size_t kMostFaces = 64;
constexpr std::size_t kMostWaiting = 4U << 20U; // of a face's requests; the rest stays in its socket
constexpr int kLookAgainMs = 20;

} // namespace

// One connected face. The serving thread reads and writes; the actor's thread adds to `out` under the mutex.
struct UnixCarrier::Face {
    int fd = -1;
    std::string in;
    std::mutex mutex;
    std::string out;
    bool overrun = false;
    bool closing = false; // after what is in `out`
    std::shared_ptr<ApiConnection> connection;

    ~Face()
    {
        if (fd >= 0)
            ::close(fd);
    }
};

Result<std::unique_ptr<UnixCarrier>> UnixCarrier::listen(Api &api, const std::filesystem::path &socket)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.string().size() >= sizeof address.sun_path)
        return Error{Errc::InvalidArgument, "the socket's path is too long", "api", {}, 0, {}, "bad-configuration"};
    std::strcpy(address.sun_path, socket.c_str());
    const auto *name = reinterpret_cast<const sockaddr *>(&address);

    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool answered = probe >= 0 && ::connect(probe, name, sizeof address) == 0;
    if (probe >= 0)
        ::close(probe);
    if (answered)
        return Error{Errc::Conflict, "another service answers on the socket", "api", {}, 0, {}, "already-running"};
    ::unlink(socket.c_str());

    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0)
        return localIoError("socket", errno);
    int bound = ::bind(listener, name, sizeof address);
    if (bound == 0)
        bound = ::chmod(socket.c_str(), 0660); // before anybody can connect: it does not listen yet
    const int code = errno;
    const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (bound != 0 || ::listen(listener, 16) != 0 || wake < 0) {
        ::close(listener);
        return localIoError("listen on the socket", bound != 0 ? code : errno);
    }
    return std::unique_ptr<UnixCarrier>(new UnixCarrier(api, socket, listener, wake));
}

UnixCarrier::UnixCarrier(Api &api, std::filesystem::path socket, int listener, int wake)
    : m_api(api), m_socket(std::move(socket)), m_listener(listener), m_wake(wake),
      m_thread([this](std::stop_token stop) { serve(std::move(stop)); })
{
}

UnixCarrier::~UnixCarrier()
{
    m_thread.request_stop();
    wake();
    m_thread.join();
    for (const auto &[fd, face] : m_faces)
        m_api.closed(face->connection);
    m_api.settle(); // behind it nobody writes to a face, or wakes this thread, any more
    ::close(m_listener);
    ::close(m_wake);
    ::unlink(m_socket.c_str());
}

void UnixCarrier::wake()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(m_wake, &one, sizeof one);
}

void UnixCarrier::serve(std::stop_token stop)
{
    std::vector<pollfd> fds;
    while (!stop.stop_requested()) {
        fds.clear();
        fds.push_back({m_wake, POLLIN, 0});
        fds.push_back({m_listener, POLLIN, 0});
        bool ahead = false; // somebody asks faster than is answered
        for (const auto &[fd, face] : m_faces) {
            const bool full = face->connection->waiting() > kMostWaiting;
            ahead = ahead || full;
            std::scoped_lock lock(face->mutex);
            fds.push_back(
                {fd, static_cast<short>((face->closing || full ? 0 : POLLIN) | (face->out.empty() ? 0 : POLLOUT)), 0});
        }
        if (::poll(fds.data(), fds.size(), ahead ? kLookAgainMs : -1) < 0 && errno != EINTR)
            return log::error("api", std::string("poll: ") + std::strerror(errno));
        if (fds[0].revents != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const ssize_t n = ::read(m_wake, &count, sizeof count);
        }
        for (std::size_t i = 2; i < fds.size(); ++i) {
            const auto face = m_faces.at(fds[i].fd);
            bool alive = (fds[i].revents & (POLLERR | POLLNVAL)) == 0;
            if ((fds[i].revents & POLLHUP) != 0 && (fds[i].events & POLLIN) == 0)
                alive = false; // left without waiting for what it asked
            if (alive && (fds[i].revents & (POLLIN | POLLHUP)) != 0 && !face->closing)
                alive = readFrom(*face);
            if (alive)
                alive = writeTo(*face);
            if (!alive) {
                m_api.closed(face->connection);
                m_faces.erase(fds[i].fd);
            }
        }
        if (fds[1].revents != 0)
            accept();
    }
}

void UnixCarrier::accept()
{
    const int fd = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    if (m_faces.size() >= kMostFaces)
        return refuse(fd);
    ucred peer{};
    socklen_t size = sizeof peer;
    std::optional<std::uint32_t> user;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
        user = peer.uid;
    auto face = std::make_shared<Face>();
    face->fd = fd;
    face->connection = std::make_shared<ApiConnection>(
        [this, weak = std::weak_ptr(face)](const std::string &line) {
            const auto to = weak.lock();
            if (!to)
                return;
            {
                std::scoped_lock lock(to->mutex);
                if (to->out.size() + line.size() > kMostBehind) {
                    to->overrun = true;
                } else {
                    to->out += line;
                    to->out += '\n';
                }
            }
            wake();
        },
        user);
    m_faces[fd] = face;
    m_full = false;
    m_api.connected(face->connection);
}

// Says so to whom, and ends it: a face that waited for its turn would look like a service that hangs.
void UnixCarrier::refuse(int fd)
{
    const ApiError error{Error{Errc::Busy, "as many faces as are served", "api", {}, 0, {}, "too-many-connections"}};
    const std::string line = replyLine(nullptr, error) + "\n";
    (void)::send(fd, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(fd);
    if (!std::exchange(m_full, true))
        log::warning("api", "more faces than are served at once");
}

// False when the face is gone.
bool UnixCarrier::readFrom(Face &face)
{
    std::array<char, 65536> buffer{};
    const ssize_t n = ::read(face.fd, buffer.data(), buffer.size());
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (n == 0)
        return false;
    std::string_view bytes(buffer.data(), static_cast<std::size_t>(n));
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view part = bytes.substr(0, end);
        if (face.in.size() + part.size() > kLongestApiLine) {
            const ApiError refused{
                Error{Errc::InvalidArgument, "a line is at most 1 MiB", "api", {}, 0, {}, "bad-request"}};
            std::scoped_lock lock(face.mutex);
            face.out += replyLine(nullptr, refused) + "\n";
            face.closing = true;
            return true;
        }
        face.in.append(part);
        if (end == std::string_view::npos)
            return true;
        bytes.remove_prefix(end + 1);
        if (!face.in.empty())
            m_api.receive(face.connection, std::exchange(face.in, {}));
    }
    return true;
}

bool UnixCarrier::writeTo(Face &face)
{
    std::scoped_lock lock(face.mutex);
    if (face.overrun) {
        log::warning("api", "a face does not read what it is sent: disconnected");
        return false;
    }
    while (!face.out.empty()) {
        const ssize_t n = ::send(face.fd, face.out.data(), face.out.size(), MSG_NOSIGNAL);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR;
        face.out.erase(0, static_cast<std::size_t>(n));
    }
    return !face.closing;
}

} // namespace connector
