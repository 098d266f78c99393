// SPDX-License-Identifier: Apache-2.0
// An HTTPS client that sends any bytes, one connection each, and checks no certificate. Loopback only.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace connector::test {

struct RawReply {
    int status = 0; // 0: the connection ended without an answer
    std::string head;
    std::string body;

    std::string header(const std::string &name) const; // "" where there is none
    bool has(std::string_view words) const { return body.find(words) != std::string::npos; }
};

// A connection whose bytes a test writes and reads by hand.
class RawHttps {
public:
    explicit RawHttps(int port, const std::string &host = "127.0.0.1");
    ~RawHttps();
    RawHttps(const RawHttps &) = delete;
    RawHttps &operator=(const RawHttps &) = delete;

    bool connected() const;
    bool send(std::string_view bytes);
    // Reads until the answer is whole, the other side ends or nothing comes for `patience`.
    RawReply answer(std::chrono::milliseconds patience = std::chrono::seconds(20));
    // Reads until these bytes came; what came up to now.
    std::string readUntil(std::string_view bytes, std::chrono::milliseconds patience = std::chrono::seconds(20));
    // Whether the other side ends the connection in that time.
    bool endsWithin(std::chrono::milliseconds patience);

private:
    bool more(std::chrono::steady_clock::time_point until);
    struct Ends;
    std::unique_ptr<Ends> m_ends;
    std::string m_in;
    bool m_over = false;
};

// A browser without a picture: keeps its cookies, follows nothing by itself.
class RawBrowser {
public:
    explicit RawBrowser(int port) : m_port(port) {}

    RawReply get(const std::string &path);
    // A form, percent-encoded; the form token of the page last shown goes with it unless `fields` has one.
    RawReply post(const std::string &path, const std::map<std::string, std::string> &fields);
    RawReply rpc(const std::string &body); // with the token of GET /rpc
    // Follows where the last answer led.
    RawReply follow(const RawReply &reply) { return get(reply.header("Location")); }

    std::map<std::string, std::string> cookies;
    std::string formToken;
    std::string more; // header lines sent with every request, each with its end

private:
    RawReply ask(const std::string &head, const std::string &body = "");
    int m_port;
};

} // namespace connector::test
