// SPDX-License-Identifier: Apache-2.0
// connectorctl: the service's API on the command line: one call, or the stream of events.
#include "service/administer.h"
#include "version.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstring>
#include <iostream>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

using nlohmann::json;

// Lines to and from the service's socket. Blocks.
class Line {
public:
    explicit Line(const std::string &path)
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (path.size() >= sizeof address.sun_path)
            return;
        std::strcpy(address.sun_path, path.c_str());
        m_fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (m_fd >= 0 && ::connect(m_fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
            ::close(std::exchange(m_fd, -1));
    }
    Line(const Line &) = delete;
    Line &operator=(const Line &) = delete;
    ~Line()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    bool connected() const { return m_fd >= 0; }

    bool write(const json &document)
    {
        std::string text = document.dump() + "\n";
        for (std::size_t at = 0; at < text.size();) {
            const ssize_t n = ::send(m_fd, text.data() + at, text.size() - at, MSG_NOSIGNAL);
            if (n <= 0)
                return false;
            at += static_cast<std::size_t>(n);
        }
        return true;
    }

    // False at the end of the connection.
    bool read(json &document)
    {
        for (;;) {
            if (const std::size_t end = m_rest.find('\n'); end != std::string::npos) {
                document = json::parse(m_rest.substr(0, end), nullptr, false);
                m_rest.erase(0, end + 1);
                return !document.is_discarded();
            }
            char buffer[65536];
            const ssize_t n = ::read(m_fd, buffer, sizeof buffer);
            if (n <= 0)
                return false;
            m_rest.append(buffer, static_cast<std::size_t>(n));
        }
    }

private:
    int m_fd = -1;
    std::string m_rest;
};

int call(Line &line, const std::string &method, const json &params)
{
    json answer;
    if (!line.write({{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}}) || !line.read(answer)) {
        std::cerr << "connectorctl: the service closed the connection\n";
        return 3;
    }
    if (answer.contains("error")) {
        const json error = answer["error"];
        std::cerr << "connectorctl: " << error.value("message", "") << " ["
                  << error.value("data", json::object()).value("code", "") << "]\n";
        return 1;
    }
    std::cout << answer["result"].dump(2) << '\n';
    return 0;
}

// What the first start asks for.
int setupCode(Line &line)
{
    json answer;
    if (!line.write({{"jsonrpc", "2.0"}, {"id", 1}, {"method", "setup.get"}, {"params", json::object()}}) ||
        !line.read(answer) || !answer.contains("result"))
        return 3;
    const json result = answer["result"];
    if (!result.value("needed", false)) {
        std::cerr << "connectorctl: the administrator's password is set already\n";
        return 1;
    }
    if (!result.contains("code")) {
        std::cerr << "connectorctl: run it as root or as the service's user\n";
        return 1;
    }
    std::cout << "Setup code:   " << result.value("code", "") << '\n';
    const json web = result.value("web", json());
    if (!web.is_object()) {
        std::cout << "The pages for administrators are switched off, or their port is taken: see the service's log.\n";
        return 0;
    }
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    std::cout << "Enter it at:  https://" << host << ':' << web.value("port", 0) << "/\n"
              << "Certificate:  SHA-256 " << web.value("fingerprint", "") << '\n';
    return 0;
}

int watch(Line &line)
{
    json document;
    if (!line.write({{"jsonrpc", "2.0"}, {"id", 1}, {"method", "events.subscribe"}, {"params", json::object()}}))
        return 3;
    while (line.read(document))
        if (document.value("method", "") == "event")
            std::cout << document["params"].dump() << std::endl;
    return 3;
}

} // namespace

int main(int argc, char **argv)
{
    CLI::App app{"Talks to the Cloud Connector service: calls a method of its API, or prints its events."};
    std::string socket = "/run/cloud-connector/api.sock";
    app.add_option("--socket", socket, "The service's socket")->capture_default_str();
    app.set_version_flag("--version", connector::kVersion);
    app.require_subcommand(1);
    auto *status = app.add_subcommand("status", "How printer, scanner and portal are");
    auto *jobs = app.add_subcommand("jobs", "The jobs, newest first");
    connector::Administration administration(app);
    auto *events = app.add_subcommand("events", "Prints events as they come, one JSON document per line");
    auto *setup = app.add_subcommand("setup-code", "What the first start of the administrators' pages asks for");
    auto *any = app.add_subcommand("call", "Calls any method of docs/api.md, as a guest where nothing else is said");
    bool asAdministrator = false;
    any->add_flag("--as-administrator", asAdministrator, "Signs in first, as root or the service's user may");
    std::string method;
    std::string params = "{}";
    any->add_option("method", method, "For example jobs.get")->required();
    any->add_option("params", params, "Its parameters as a JSON object")->capture_default_str();
    CLI11_PARSE(app, argc, argv);

    const json object = json::parse(params, nullptr, false);
    if (!object.is_object()) {
        std::cerr << "connectorctl: the parameters are not a JSON object\n";
        return 2;
    }
    Line line(socket);
    if (!line.connected()) {
        std::cerr << "connectorctl: no service answers on " << socket << "; is connectord running?\n";
        return 3;
    }
    if (*events)
        return watch(line);
    if (*status)
        return call(line, "system.status", json::object());
    if (*setup)
        return setupCode(line);
    if (*jobs)
        return call(line, "jobs.list", json::object());
    const connector::AskService ask = [&line](const std::string &name, const json &given) -> std::optional<json> {
        json answer;
        if (!line.write({{"jsonrpc", "2.0"}, {"id", 1}, {"method", name}, {"params", given}}))
            return std::nullopt;
        while (line.read(answer))
            if (answer.contains("id"))
                return answer;
        return std::nullopt;
    };
    if (administration.asked())
        return administration.run(ask);
    if (asAdministrator)
        if (const int code = connector::Administration::signIn(ask); code != 0)
            return code;
    return call(line, method, object);
}
