// SPDX-License-Identifier: Apache-2.0
// A server on a loopback port that answers byte for byte as the test says, also what no server should.
#pragma once

#include "http/http_client.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace connector::test {

class ScriptedServer {
public:
    struct Request {
        std::string method;
        std::string target; // path and query
        HttpHeaders headers;
        std::string body;
    };
    // One connection with one request read from it. Methods may be called until the script returns; returning keeps
    // the connection for the next request unless close() was called.
    class Exchange {
    public:
        Exchange(ScriptedServer &server, int fd) : m_server(server), m_fd(fd) {}
        const Request &request() const { return m_request; }
        // False when the other side is gone.
        bool send(std::string_view bytes) const;
        // A whole reply with its Content-Length.
        bool reply(int status, std::string_view body, const std::string &headers = "") const;
        // Says nothing more until the client leaves or the server ends.
        void hang() const;
        void close() { m_closed = true; }
        bool closed() const { return m_closed; }

    private:
        friend class ScriptedServer;
        ScriptedServer &m_server;
        int m_fd;
        bool m_closed = false;
        Request m_request;
    };
    using Script = std::function<void(Exchange &)>;

    // Bodies over `keepBody` bytes are read and thrown away.
    explicit ScriptedServer(Script script, std::size_t keepBody = 1U << 20U);
    ScriptedServer(const ScriptedServer &) = delete;
    ScriptedServer &operator=(const ScriptedServer &) = delete;
    ~ScriptedServer();

    int port() const { return m_port; }
    std::string url(const std::string &path = "/") const;
    std::vector<Request> requests() const; // all that were read whole
    int connections() const;
    // Waits until so many requests arrived; false after ten seconds.
    bool waitForRequests(std::size_t count) const;

private:
    void accept();
    void serve(int fd);
    bool readRequest(Exchange &exchange);

    Script m_script;
    std::size_t m_keepBody;
    int m_listener = -1;
    int m_port = 0;
    int m_stopEvent = -1;
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_arrived;
    std::vector<Request> m_requests;
    int m_connections = 0;
    std::vector<std::thread> m_threads;
    std::thread m_acceptor;
};

} // namespace connector::test
