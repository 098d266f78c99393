// SPDX-License-Identifier: Apache-2.0
#include "support/sandbox.h"

#include "http/curl_http_client.h"

#include <gtest/gtest.h>

#include <array>
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
    std::fprintf(stderr, "sandbox: %s\n", why.c_str());
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

Sandbox::Sandbox() : Sandbox(Options{}) {}

Sandbox::Sandbox(const Options &options)
{
    std::vector<std::string> words{CONNECTOR_SOURCE_DIR "/tests/sandbox/cloud-sandbox", "--die-with-parent", "--quiet"};
    if (!options.seedFiles.empty())
        words.insert(words.end(), {"--seed-files", options.seedFiles});
    if (!options.https)
        words.insert(words.end(), {"--https-port", "off"});
    words.insert(words.end(), options.more.begin(), options.more.end());
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
        giveUp("tests/sandbox/cloud-sandbox did not start");
    m_ready = nlohmann::json::parse(readLine(pipe[0]), nullptr, false);
    ::close(pipe[0]);
    if (!m_ready.is_object())
        giveUp("tests/sandbox/cloud-sandbox did not become ready");
}

Sandbox::~Sandbox()
{
    ::kill(m_pid, SIGTERM);
    int status = 0;
    while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {
    }
}

std::string Sandbox::http() const
{
    return m_ready.at("http").get<std::string>();
}

std::string Sandbox::base(const std::string &cloud) const
{
    return m_ready.at("clouds").at(cloud).at("http").get<std::string>();
}

std::string Sandbox::httpsBase(const std::string &cloud) const
{
    return m_ready.at("clouds").at(cloud).at("https").get<std::string>();
}

std::string Sandbox::caFile() const
{
    return m_ready.at("ca").get<std::string>();
}

nlohmann::json Sandbox::control(const nlohmann::json &command)
{
    CurlHttpClient client;
    HttpRequest request;
    request.method = "POST";
    request.url = http() + "/sandbox/control";
    request.headers.set("Content-Type", "application/json");
    request.body = command.dump();
    request.largestBody = 64U << 20U;
    auto reply = client.send(request, nullptr, Call{}.within(std::chrono::seconds{60}));
    if (!reply || reply->status != 200) {
        ADD_FAILURE() << "the sandbox refused " << request.body << ": "
                      << (reply ? reply->body : describe(reply.error()));
        return nullptr;
    }
    return nlohmann::json::parse(reply->body, nullptr, false);
}

nlohmann::json Sandbox::credentials(const std::string &cloud)
{
    if (m_credentials.is_null())
        m_credentials = control({{"do", "credentials"}});
    return m_credentials.at(cloud);
}

nlohmann::json Sandbox::person(const std::string &cloud, const std::string &email)
{
    const nlohmann::json known = credentials(cloud);
    for (const auto &person : known.at("people"))
        if (person.at("email") == email)
            return person;
    ADD_FAILURE() << "the sandbox does not know " << email;
    return nullptr;
}

} // namespace connector::test
