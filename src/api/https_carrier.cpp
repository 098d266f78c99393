// SPDX-License-Identifier: Apache-2.0
#include "api/https_carrier.h"

#include "core/encoding.h"
#include "core/log.h"
#include "core/random.h"

#include <arpa/inet.h>
#include <charconv>
#include <netinet/in.h>

namespace connector {

using Json = nlohmann::json;

namespace {

constexpr const char *kCookie = "__Host-connector";
constexpr std::size_t kLongestPath = 256;
constexpr std::size_t kLargestForm = 64U << 10U;
constexpr int kMostStreams = 8;
constexpr int kMostStreamsOfOne = 3;
constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::chrono::seconds kSweep{5};

// The name or address that a Host field asks for, without its port.
std::string hostOf(const std::string &field)
{
    std::string host = toLowerAscii(field);
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        return end == std::string::npos ? std::string() : host.substr(1, end - 1);
    }
    host = host.substr(0, host.find(':'));
    if (host.ends_with('.'))
        host.pop_back();
    return host;
}

bool sameAddress(const std::string &a, const std::string &b)
{
    in6_addr left{};
    in6_addr right{};
    for (const int family : {AF_INET, AF_INET6})
        if (::inet_pton(family, a.c_str(), &left) == 1 && ::inet_pton(family, b.c_str(), &right) == 1)
            return std::memcmp(&left, &right, family == AF_INET ? 4 : 16) == 0;
    return false;
}

bool openToAll(const std::string &method)
{
    return method == "system.hello" || method == "session.get" || method == "session.signIn";
}

ApiError signInRequired()
{
    return {Error{Errc::Unauthenticated, "sign in first", "web", {}, 0, {}, "sign-in-required"}};
}

} // namespace

struct HttpsCarrier::Impl {
    Impl(Api &theApi, TlsIdentity identity, HttpsOptions o, WebPages thePages)
        : api(theApi), options(std::move(o)), pages(std::move(thePages)), fingerprint(identity.fingerprint),
          sessions(options.sessions), requests(options.requests), signIns(options.signIns),
          server(std::move(identity), options.limits), names(namesOfThisMachine())
    {
        for (const std::string &name : options.names)
            names.push_back(toLowerAscii(name));
    }

    Api &api;
    HttpsOptions options;
    WebPages pages;
    std::string fingerprint;
    WebSessions sessions;
    RateLimiter requests;
    RateLimiter signIns;
    BoundedServer server;
    std::vector<std::string> names;
    int port = 0;
    std::atomic<int> streams = 0;
    std::atomic<bool> ending = false;
    std::atomic<bool> ended = false;
    std::thread listener;
    std::jthread sweeper;

    class Visit;

    bool isOurName(const httplib::Request &request) const
    {
        if (request.get_header_value_count("Host") != 1)
            return false;
        const std::string host = hostOf(request.get_header_value("Host"));
        // An address in digits cannot be made to point elsewhere, as a name can.
        return std::find(names.begin(), names.end(), host) != names.end() || sameAddress(host, request.local_addr);
    }

    // Whether a page of ours sent it, as far as browsers tell.
    static bool isOurOrigin(const httplib::Request &request)
    {
        const std::string site = request.get_header_value("Sec-Fetch-Site");
        if (!site.empty() && site != "same-origin" && site != "none")
            return false;
        const std::string origin = request.get_header_value("Origin");
        return origin.empty() || toLowerAscii(origin) == "https://" + toLowerAscii(request.get_header_value("Host"));
    }

    // Why a request is not even looked at: a status and words, or 0. Its body has not been read.
    std::pair<int, const char *> problem(const httplib::Request &request)
    {
        if (const auto [status, words] = shapeProblem(request); status != 0)
            return {status, words};
        if (request.path.size() > kLongestPath)
            return {414, "no address here is that long\n"};
        if (!isOurName(request))
            return {421, "This device does not go by that name. Use its address, or add the name to web.names in its "
                         "configuration.\n"};
        if (!requests.take(addressKey(request.remote_addr), systemNow()))
            return {429, "too many requests\n"};
        if (request.method != "GET" && request.method != "HEAD" && request.method != "POST")
            return {405, "GET and POST only\n"};
        if (request.method != "POST")
            return {0, ""};
        const bool rpc = request.path == "/rpc";
        const std::string type = request.get_header_value("Content-Type");
        const std::string kind = toLowerAscii(type.substr(0, type.find(';')));
        if (kind != (rpc ? "application/json" : "application/x-www-form-urlencoded"))
            return {415, rpc ? "application/json is taken\n" : "forms only\n"};
        if (!isOurOrigin(request))
            return {403, "from another site\n"};
        const std::string length = request.get_header_value("Content-Length");
        std::size_t size = 0;
        const auto read = std::from_chars(length.data(), length.data() + length.size(), size);
        // A large one only from somebody who is known.
        const bool known = rpc && sessions.find(cookieOf(request, kCookie), false) != nullptr;
        if (read.ec != std::errc() || size > (known ? kLongestApiLine : kLargestForm))
            return {413, "too large\n"};
        return {0, ""};
    }

    static void json(httplib::Response &reply, int status, const std::string &line)
    {
        reply.status = status;
        reply.set_content(line, "application/json");
    }

    void rpc(Visit &visit);
    void rpcToken(Visit &visit);
    void events(const httplib::Request &request, httplib::Response &reply);
    void routes();
};

// With "fresh" in its query a page is fetched by a script of its own, which is no sign of a person; nor are those calls
// that faces make by themselves.
class HttpsCarrier::Impl::Visit : public WebVisit {
public:
    Visit(Impl &carrier, const httplib::Request &request, httplib::Response &reply)
        : m_carrier(carrier), m_request(request), m_reply(reply), m_token(cookieOf(request, kCookie)),
          m_session(carrier.sessions.find(m_token, request.path != "/rpc" && !request.has_param("fresh")))
    {
        if (m_token.size() > 100)
            m_token.clear();
        m_refused = isPost() && !m_carrier.sessions.formTokenFits(m_token, sentToken());
    }

    bool isPost() const override { return m_request.method == "POST"; }
    const std::string &path() const override { return m_request.path; }
    std::string param(const char *name) const override { return text(m_request.get_param_value(name)); }
    std::vector<std::string> params(const char *name) const override
    {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < m_request.get_param_value_count(name); ++i)
            all.push_back(text(m_request.get_param_value(name, i)));
        return all;
    }
    std::string cookie(std::string_view name) const override { return cookieOf(m_request, name); }
    std::string acceptLanguage() const override { return m_request.get_header_value("Accept-Language"); }
    bool refused() const override { return m_refused; }

    const WebSession *session() const override { return m_session.get(); }
    WebFace::Answer call(const std::string &method, Json params) override
    {
        if (m_session)
            return m_session->face.call(method, std::move(params));
        if (!m_stranger)
            m_stranger = std::make_unique<WebFace>(m_carrier.api);
        return m_stranger->call(method, std::move(params));
    }

    WebFace::Answer signIn(const Json &params) override
    {
        if (const auto wait = takeTry(); wait.count() > 0)
            return {nullptr, {{"code", "sign-in-throttled"}, {"origin", "web"}, {"retryAfter", wait.count()}}};
        auto session = std::make_shared<WebSession>(m_carrier.api);
        (void)session->face.call("system.hello", {{"client", "web"}}); // for the audit log
        WebFace::Answer answer = session->face.call("session.signIn", params);
        if (!answer.ok())
            return answer;
        m_carrier.signIns.giveBack(addressKey(m_request.remote_addr), systemNow());
        session->name = answer.result.value("name", "");
        if (const Json id = answer.result.value("id", Json()); id.is_string())
            session->person = id.get<std::string>();
        const Json roles = answer.result.value("roles", Json::array());
        session->administrator = std::find(roles.begin(), roles.end(), "administrator") != roles.end();
        signOut();
        // A new token: one that somebody slipped the browser before it signed in opens nothing.
        m_session = session;
        setToken(m_carrier.sessions.add(std::move(session)));
        return answer;
    }

    std::chrono::seconds takeTry() override
    {
        const std::string address = addressKey(m_request.remote_addr);
        return m_carrier.signIns.take(address, systemNow()) ? std::chrono::seconds(0)
                                                            : m_carrier.signIns.wait(address, systemNow());
    }

    void signOut() override
    {
        if (!m_session)
            return;
        (void)m_session->face.call("session.signOut");
        m_carrier.sessions.remove(m_token);
        m_session.reset();
        setToken(makeToken());
    }

    std::string formToken() override
    {
        if (m_token.empty())
            setToken(makeToken());
        return m_carrier.sessions.formToken(m_token);
    }

    void setCookie(const std::string &name, const std::string &value) override
    {
        m_reply.headers.emplace("Set-Cookie", "__Host-" + name + "=" + value +
                                                  "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000");
    }
    void html(int status, const std::string &page) override
    {
        m_reply.status = status;
        m_reply.set_content(page, "text/html; charset=utf-8");
    }
    void go(const std::string &path) override { m_reply.set_redirect(path, 303); }
    void asset(std::string_view bytes, const char *type) override
    {
        m_reply.set_header("Cache-Control", "public, max-age=3600");
        m_reply.set_content(bytes.data(), bytes.size(), type);
    }

    const httplib::Request &request() const { return m_request; }
    httplib::Response &reply() { return m_reply; }
    // Somebody is there.
    void use() { (void)m_carrier.sessions.find(m_token, true); }
    WebFace *face() { return m_session ? &m_session->face : nullptr; }

private:
    static std::string text(std::string value) { return isUtf8(value) ? value : std::string(); }

    std::string sentToken() const
    {
        const std::string header = m_request.get_header_value("X-CSRF-Token");
        return header.empty() ? m_request.get_param_value("form") : header;
    }

    void setToken(const std::string &token)
    {
        m_token = token;
        for (auto at = m_reply.headers.begin(); at != m_reply.headers.end();)
            at = at->first == "Set-Cookie" && at->second.starts_with(kCookie) ? m_reply.headers.erase(at) : ++at;
        m_reply.headers.emplace("Set-Cookie",
                                std::string(kCookie) + "=" + token + "; Path=/; Secure; HttpOnly; SameSite=Strict");
    }

    Impl &m_carrier;
    const httplib::Request &m_request;
    httplib::Response &m_reply;
    std::string m_token;
    std::shared_ptr<WebSession> m_session;
    std::unique_ptr<WebFace> m_stranger;
    bool m_refused = false;
};

// What a client needs before its first call.
void HttpsCarrier::Impl::rpcToken(Visit &visit)
{
    Json answer{{"csrf", visit.formToken()}, {"session", nullptr}};
    if (const WebSession *session = visit.session())
        answer["session"] = {{"name", session->name}, {"administrator", session->administrator}};
    json(visit.reply(), 200, dumpLine(answer));
}

void HttpsCarrier::Impl::rpc(Visit &visit)
{
    const std::string &body = visit.request().body;
    const auto parsed = parseRequest(body);
    if (const auto *refused = std::get_if<std::string>(&parsed))
        return json(visit.reply(), 400, *refused);
    const auto &request = std::get<ApiRequest>(parsed);
    const auto refuse = [&](int status, const ApiError &error) {
        json(visit.reply(), status, replyLine(request.id, error));
    };
    if (visit.refused())
        return refuse(403, {Error{Errc::PermissionDenied,
                                  "the X-CSRF-Token of GET /rpc is missing or not this browser's",
                                  "web",
                                  {},
                                  0,
                                  {},
                                  "form-expired"}});
    if (!visit.session() && !openToAll(request.method))
        return refuse(401, signInRequired());
    if (accessOf(request.method).presence)
        visit.use();
    if (request.method == "session.signIn") {
        const WebFace::Answer answer = visit.signIn(request.params);
        Json line{{"jsonrpc", "2.0"}, {"id", request.id}};
        if (answer.ok())
            line["result"] = answer.result;
        else
            line["error"] = {{"code", -32000}, {"message", "not signed in"}, {"data", answer.error}};
        return json(visit.reply(), 200, dumpLine(line));
    }
    if (request.method == "session.signOut") {
        visit.signOut();
        return json(visit.reply(), 200, replyLine(request.id, Json::object()));
    }
    if (WebFace *face = visit.face()) {
        const std::string line = face->forward(body);
        return line.empty() ? (void)(visit.reply().status = 204) : json(visit.reply(), 200, line);
    }
    WebFace stranger(api);
    json(visit.reply(), 200, stranger.forward(body));
}

void HttpsCarrier::Impl::events(const httplib::Request &request, httplib::Response &reply)
{
    const std::string token = cookieOf(request, kCookie);
    const auto session = sessions.find(token, false);
    if (!session)
        return json(reply, 401, replyLine(nullptr, signInRequired()));
    if (!isOurOrigin(request))
        return json(reply, 403, replyLine(nullptr, signInRequired()));
    // Each one holds a thread.
    const bool full = ++streams > kMostStreams;
    const bool fullOfOne = ++session->streams > kMostStreamsOfOne;
    if (full || fullOfOne) {
        --session->streams;
        --streams;
        reply.set_header("Retry-After", "30");
        return json(reply, 503, replyLine(nullptr, ApiError{Error{Errc::Busy, "too many event streams", "web"}}));
    }
    std::int64_t after = -1;
    if (const std::string last = request.get_header_value("Last-Event-ID"); !last.empty()) {
        const auto read = std::from_chars(last.data(), last.data() + last.size(), after);
        if (read.ec != std::errc() || after < 0)
            after = 0; // not ours: read everything anew
    }
    reply.set_header("X-Accel-Buffering", "no");
    reply.set_chunked_content_provider(
        "text/event-stream",
        [this, session, token, after, first = true](std::size_t, httplib::DataSink &sink) mutable {
            // The head goes out at once: a browser shows from it that the stream is open.
            const auto patience = std::exchange(first, false) ? std::chrono::milliseconds(0) : kHeartbeat;
            const WebFace::Events events = session->face.events(after, patience);
            after = events.last;
            std::string out;
            if (events.reset)
                out += "id: " + std::to_string(events.last) + "\nevent: reset\ndata: {}\n\n";
            for (const auto &[sequence, line] : events.lines)
                out += "id: " + std::to_string(sequence) + "\ndata: " + line + "\n\n";
            const bool over = events.over || ending || !sessions.find(token, false);
            if (over)
                out += "event: over\ndata: {}\n\n";
            else if (out.empty())
                out = ": here\n\n";
            if (!sink.write(out.data(), out.size()))
                return false;
            if (over)
                sink.done();
            return true;
        },
        [this, session](bool) {
            --session->streams;
            --streams;
        });
}

void HttpsCarrier::Impl::routes()
{
    const auto visiting = [this](auto work) {
        return [this, work](const httplib::Request &request, httplib::Response &reply) {
            Visit visit(*this, request, reply);
            work(visit);
        };
    };
    server.Get("/rpc", visiting([this](Visit &visit) { rpcToken(visit); }));
    server.Post("/rpc", visiting([this](Visit &visit) { rpc(visit); }));
    server.Get("/events",
               [this](const httplib::Request &request, httplib::Response &reply) { events(request, reply); });
    server.Get(".*", visiting([this](Visit &visit) { pages(visit); }));
    server.Post(".*", visiting([this](Visit &visit) { pages(visit); }));

    server.set_default_headers(
        {{"Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
                                     "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
         {"X-Content-Type-Options", "nosniff"},
         {"X-Frame-Options", "DENY"},
         {"Referrer-Policy", "same-origin"},
         {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"},
         {"Cross-Origin-Opener-Policy", "same-origin"},
         {"Cross-Origin-Resource-Policy", "same-origin"}});
    server.set_pre_routing_handler([this](const httplib::Request &request, httplib::Response &reply) {
        const auto [status, words] = problem(request);
        if (status == 0)
            return httplib::Server::HandlerResponse::Unhandled;
        // Else the library cuts the refusal itself into the ranges that were asked for.
        const_cast<httplib::Request &>(request).ranges.clear();
        reply.status = status;
        if (status == 429)
            reply.set_header("Retry-After", "5");
        reply.set_content(words, "text/plain; charset=utf-8");
        return httplib::Server::HandlerResponse::Handled;
    });
    server.set_post_routing_handler([](const httplib::Request &, httplib::Response &reply) {
        if (!reply.has_header("Cache-Control"))
            reply.set_header("Cache-Control", "no-store");
        if (reply.status >= 400)
            reply.set_header("Connection", "close");
    });
    server.set_exception_handler([](const httplib::Request &request, httplib::Response &reply, std::exception_ptr) {
        // What it says may hold what somebody typed.
        log::error("web", "a request to " + request.path.substr(0, 40) + " failed inside");
        reply.status = 500;
        reply.set_content("something went wrong inside\n", "text/plain; charset=utf-8");
    });
    // One line per request; never the query.
    server.set_logger([](const httplib::Request &request, const httplib::Response &reply) {
        std::string path = request.path.substr(0, 60);
        for (char &c : path)
            if (c < 0x21 || c > 0x7E)
                c = '?';
        log::debug("web", request.method.substr(0, 8) + " " + path + " " + std::to_string(reply.status));
    });
}

Result<std::unique_ptr<HttpsCarrier>> HttpsCarrier::listen(Api &api, TlsIdentity identity, HttpsOptions options,
                                                           WebPages pages)
{
    auto impl = std::make_unique<Impl>(api, std::move(identity), std::move(options), std::move(pages));
    Impl &i = *impl;
    const unsigned threads = std::max(static_cast<unsigned>(kMostStreams) + 4, i.options.threads);
    i.server.serveWith(threads);
    i.server.set_payload_max_length(kLongestApiLine);
    i.server.set_tcp_nodelay(true);
    i.routes();
    const auto bind = [&](const std::string &host) {
        if (i.options.port != 0)
            return i.server.bind_to_port(host, i.options.port) ? i.options.port : -1;
        return i.server.bind_to_any_port(host);
    };
    // IPv6's "any" takes IPv4 too; a machine without IPv6 does not know it.
    i.port = i.options.listen.empty() ? bind("::") : bind(i.options.listen);
    if (i.port <= 0 && i.options.listen.empty())
        i.port = bind("0.0.0.0");
    if (i.port <= 0)
        return Error{Errc::LocalIo, "cannot listen for browsers on port " + std::to_string(i.options.port), "web"};
    i.listener = std::thread([&i] {
        (void)i.server.listen_after_bind();
        i.ended = true;
        if (!i.ending)
            log::error("web", "listening ended although nobody asked for it");
    });
    i.sweeper = std::jthread([&i](std::stop_token stop) {
        Call call;
        call.stop = stop;
        while (waitFor(kSweep, call))
            i.sessions.sweep();
    });
    return std::unique_ptr<HttpsCarrier>(new HttpsCarrier(std::move(impl)));
}

HttpsCarrier::HttpsCarrier(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

HttpsCarrier::~HttpsCarrier()
{
    Impl &i = *m_impl;
    i.ending = true;
    i.sweeper.request_stop();
    i.sessions.endAll(); // lets go of those who wait for an answer or an event
    i.server.endConnections();
    // Before it runs, the library's stop() does nothing.
    while (!i.server.is_running() && !i.ended)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    i.server.stop();
    i.listener.join();
    if (i.sweeper.joinable())
        i.sweeper.join();
}

int HttpsCarrier::port() const
{
    return m_impl->port;
}

const std::string &HttpsCarrier::fingerprint() const
{
    return m_impl->fingerprint;
}

} // namespace connector
