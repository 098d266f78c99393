// SPDX-License-Identifier: Apache-2.0
#include "support/ready_program.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace connector::test {

namespace {

constexpr std::chrono::seconds kStartTime{60};

[[noreturn]] void giveUp(const std::string &why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    std::abort();
}

std::string readLine(int fd)
{
    const auto until = std::chrono::steady_clock::now() + kStartTime;
    std::string line;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        pollfd waiting{fd, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
            return "";
        std::array<char, 4096> buffer{};
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n <= 0)
            return "";
        line.append(buffer.data(), static_cast<std::size_t>(n));
        if (const auto end = line.find('\n'); end != std::string::npos)
            return line.substr(0, end);
    }
}

} // namespace

ReadyProgram::ReadyProgram(std::vector<std::string> words)
{
    const std::string name = words.front();
    words.front() = CONNECTOR_SOURCE_DIR "/" + name;
    std::vector<char *> argv;
    for (auto &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);

    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
        giveUp("no pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    const int rc = ::posix_spawn(&m_pid, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    if (rc != 0)
        giveUp(name + " did not start");
    m_ready = nlohmann::json::parse(readLine(pipe[0]), nullptr, false);
    ::close(pipe[0]);
    if (!m_ready.is_object())
        giveUp(name + " did not become ready");
}

ReadyProgram::~ReadyProgram()
{
    ::kill(m_pid, SIGTERM);
    int status = 0;
    while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {
    }
}

} // namespace connector::test
