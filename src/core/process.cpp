// SPDX-License-Identifier: Apache-2.0
#include "core/process.h"

#include "core/files.h"
#include "core/log.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace connector {

namespace {

constexpr std::size_t kLongestLine = 1U << 20U;

class Fd {
public:
    explicit Fd(int fd = -1) : m_fd(fd) {}
    Fd(const Fd &) = delete;
    Fd &operator=(const Fd &) = delete;
    ~Fd() { close(); }
    int get() const { return m_fd; }
    void set(int fd)
    {
        close();
        m_fd = fd;
    }
    void close()
    {
        if (m_fd >= 0)
            ::close(std::exchange(m_fd, -1));
    }

private:
    int m_fd;
};

bool makePipe(Fd &readEnd, Fd &writeEnd)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return false;
    readEnd.set(ends[0]);
    writeEnd.set(ends[1]);
    return true;
}

void limit(__rlimit_resource resource, std::uint64_t value)
{
    const rlimit r{value, value};
    ::setrlimit(resource, &r);
}

// Between fork and exec: only what is safe in the child of a process with threads.
[[noreturn]] void becomeWorker(const ProcessLimits &limits, pid_t parent, int in, int out, int err, char *const *argv,
                               char *const *envp)
{
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        ::_exit(127);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, limits.fileBytes);
#ifndef CONNECTOR_SANITIZED // whose shadow memory needs terabytes of address space
    limit(RLIMIT_AS, limits.memoryBytes);
#endif
    if (!limits.network && ::unshare(CLONE_NEWNET) != 0)
        ::unshare(CLONE_NEWUSER | CLONE_NEWNET);
    ::dup2(in, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    std::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execve(argv[0], argv, envp);
    ::_exit(127);
}

// Splits what arrives into lines.
class Lines {
public:
    Result<void> feed(std::string_view bytes, const std::function<void(std::string_view)> &onLine)
    {
        while (!bytes.empty()) {
            const std::size_t end = bytes.find('\n');
            if (m_rest.size() + std::min(end, bytes.size()) > kLongestLine)
                return Error{Errc::BadReply, "the worker wrote a line without an end"};
            if (end == std::string_view::npos) {
                m_rest.append(bytes);
                return {};
            }
            m_rest.append(bytes.substr(0, end));
            onLine(m_rest);
            m_rest.clear();
            bytes.remove_prefix(end + 1);
        }
        return {};
    }

private:
    std::string m_rest;
};

std::vector<char *> pointers(const std::vector<std::string> &texts)
{
    std::vector<char *> out;
    out.reserve(texts.size() + 1);
    for (const std::string &text : texts)
        out.push_back(const_cast<char *>(text.c_str()));
    out.push_back(nullptr);
    return out;
}

// Reads what is there. False at the end of the stream.
template <class Take>
Result<bool> drain(int fd, Take take)
{
    std::array<char, 65536> buffer{};
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? Result<bool>(true) : localIoError("read from worker", errno);
    if (n == 0)
        return false;
    if (Result<void> r = take(std::string_view(buffer.data(), static_cast<std::size_t>(n))); !r)
        return std::move(r).error();
    return true;
}

// True once the child has ended; it stays there to be reaped.
bool hasEnded(pid_t pid)
{
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

Result<void> converse(pid_t pid, Fd &in, Fd &out, Fd &err, int wake, std::string_view input,
                      const std::function<void(std::string_view)> &onLine, const std::string &name, const Call &call)
{
    Lines lines;
    Lines complaints;
    const auto complain = [&](std::string_view line) { log::debug(name, line); };
    if (input.empty())
        in.close();
    else
        ::fcntl(in.get(), F_SETFL, O_NONBLOCK);
    while (out.get() >= 0 || err.get() >= 0) {
        if (auto r = call.poll(); !r)
            return r;
        // A child of the worker's own may hold the pipes open for ever: the worker's end is looked for too.
        const bool ended = hasEnded(pid);
        constexpr std::chrono::milliseconds kLook{500};
        auto wait = ended ? std::chrono::milliseconds{0} : kLook;
        if (!ended && call.deadline != Call::Clock::time_point::max())
            wait = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(call.deadline - Call::Clock::now()),
                              std::chrono::milliseconds{0}, kLook);
        std::array<pollfd, 4> fds{
            {{out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}, {in.get(), POLLOUT, 0}, {wake, POLLIN, 0}}};
        const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(wait.count()));
        if (ready < 0 && errno != EINTR)
            return localIoError("poll", errno);
        if (ended && fds[0].revents == 0 && fds[1].revents == 0)
            return {};
        if (fds[2].revents != 0) {
            const ssize_t n = ::write(in.get(), input.data(), input.size());
            if (n > 0)
                input.remove_prefix(static_cast<std::size_t>(n));
            if (input.empty() || (n < 0 && errno != EAGAIN && errno != EINTR))
                in.close();
        }
        if (fds[0].revents != 0) {
            auto more = drain(out.get(), [&](std::string_view b) { return lines.feed(b, onLine); });
            if (!more)
                return std::move(more).error();
            if (!*more)
                out.close();
        }
        if (fds[1].revents != 0) {
            auto more = drain(err.get(), [&](std::string_view b) { return complaints.feed(b, complain); });
            if (!more || !*more)
                err.close();
        }
    }
    return {};
}

// Waits for the child's end, for as long as the call lasts: it closed its output but may still run.
Result<int> reap(pid_t pid, const Call &call)
{
    for (int wait = 1;; wait = std::min(wait * 2, 50)) {
        if (hasEnded(pid)) {
            ::kill(-pid, SIGKILL); // children that it left behind; while it is not reaped the group is still its own
            int status = 0;
            while (::waitpid(pid, &status, 0) < 0)
                if (errno != EINTR)
                    return localIoError("wait for worker", errno);
            if (WIFSIGNALED(status))
                return Error{Errc::Unavailable, "the worker crashed", "worker",
                             "signal " + std::to_string(WTERMSIG(status))};
            return WEXITSTATUS(status);
        }
        if (auto r = waitFor(std::chrono::milliseconds(wait), call); !r)
            return std::move(r).error();
    }
}

} // namespace

Result<int> runProcess(const ProcessSpec &spec, const std::function<void(std::string_view)> &onLine, const Call &call)
{
    if (auto r = call.poll(); !r)
        return std::move(r).error();
    if (spec.command.empty() || ::access(spec.command[0].c_str(), X_OK) != 0)
        return Error{Errc::LocalIo, "the worker program is missing", "worker", {}, 0, {}, "worker-missing"};
    Fd inRead, inWrite, outRead, outWrite, errRead, errWrite;
    Fd wake(::eventfd(0, EFD_CLOEXEC));
    if (wake.get() < 0 || !makePipe(inRead, inWrite) || !makePipe(outRead, outWrite) || !makePipe(errRead, errWrite))
        return localIoError("pipe", errno);
    const auto argv = pointers(spec.command);
    const auto envp = pointers(spec.environment);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0)
        return localIoError("fork", errno);
    if (pid == 0)
        becomeWorker(spec.limits, parent, inRead.get(), outWrite.get(), errWrite.get(), argv.data(), envp.data());
    ::setpgid(pid, pid); // here too: a kill must find the group whoever is first
    inRead.close();
    outWrite.close();
    errWrite.close();

    const std::stop_callback onStop(call.stop, [fd = wake.get()] {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t n = ::write(fd, &one, sizeof one);
    });
    const std::string name = std::filesystem::path(spec.command[0]).filename().string();
    Result<void> talked = converse(pid, inWrite, outRead, errRead, wake.get(), spec.input, onLine, name, call);
    Result<int> ended = talked ? reap(pid, call) : Result<int>(talked.error());
    if (!ended && ended.error().origin != "worker") {
        int status = 0;
        if (spec.grace.count() > 0) {
            ::kill(pid, SIGTERM); // the program alone: it ends its own children
            const Call patience = Call{}.within(spec.grace);
            while (!hasEnded(pid))
                if (!waitFor(std::chrono::milliseconds(5), patience))
                    break;
        }
        ::kill(-pid, SIGKILL);
        while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
    }
    return ended;
}

void forbidCoreDumps()
{
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
}

} // namespace connector
