// SPDX-License-Identifier: Apache-2.0
#include "portal/server.h"

#include "connector_portal_core_embedded.h"
#include "core/log.h"
#include "http/bounded_server.h"
#include "portal/portal_site.h"

#include <atomic>

namespace connector::portal {

namespace {

constexpr int kBacklog = 1024;
constexpr std::size_t kLargestRequest = 32U << 10U;

unsigned threadsOf(const ServerOptions &options)
{
    return std::max(2U, options.threads);
}

ServerLimits limitsOf(const ServerOptions &options)
{
    ServerLimits limits;
    const unsigned threads = threadsOf(options);
    limits.perAddress = threads - threads / 8; // the rest is for all others
    limits.proxies = options.trustedProxies;
    limits.crowded = std::chrono::seconds(1);
    limits.perRequest = 2 * kLargestRequest;
    limits.requests = 1000;
    // An idle connection holds a thread, so it must not be idle for long.
    limits.idle = std::chrono::seconds(1);
    limits.request = options.requestLimit;
    return limits;
}

// As it may stand in a line of the log.
std::string shownPath(const httplib::Request &request)
{
    std::string path = request.path.substr(0, 60);
    for (char &c : path)
        if (c < 0x21 || c > 0x7E)
            c = '?';
    return path;
}

// RFC 9110 section 5.6.7, with its English names whatever the locale. Written once a second in each thread.
const std::string &dateText(std::time_t now)
{
    static constexpr const char *kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char *kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    thread_local std::pair<std::time_t, std::string> last;
    if (last.first != now || last.second.empty()) {
        std::tm parts{};
        ::gmtime_r(&now, &parts);
        char text[64];
        std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday % 7], parts.tm_mday,
                      kMonths[parts.tm_mon % 12], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
        last = {now, text};
    }
    return last.second;
}

// As the configuration wants it; a server that is not valid where the certificate cannot be used.
std::unique_ptr<BoundedServer> makeServer(const ServerOptions &options)
{
    if (options.tlsCertificate.empty())
        return std::make_unique<BoundedServer>(limitsOf(options));
    auto identity = loadIdentity(options.tlsCertificate, options.tlsKey);
    if (!identity) {
        log::error("portal", describe(identity.error()));
        identity = TlsIdentity{};
    }
    return std::make_unique<BoundedServer>(*std::move(identity), limitsOf(options));
}

} // namespace

struct PortalServer::Impl {
    Impl(Portal &p, ServerOptions o) : portal(p), options(std::move(o)), site(portal, options, stopping.get_token()) {}

    Portal &portal;
    ServerOptions options;
    std::stop_source stopping;
    PortalSite site;
    std::unique_ptr<BoundedServer> server;
    socket_t listening = -1;
    std::thread listener;
    std::atomic<bool> ended = false; // the listener is over
    std::jthread sweeper;

    void headers(const httplib::Request &request, httplib::Response &reply) const
    {
        reply.set_header("X-Content-Type-Options", "nosniff");
        // What only browsers read is not sent to devices.
        if (!request.path.starts_with("/api/")) {
            reply.set_header("Content-Security-Policy",
                             "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
                             "base-uri 'none'; frame-ancestors 'none'");
            reply.set_header("X-Frame-Options", "DENY");
            // Not "no-referrer": with that, browsers send forms of our own pages with the origin "null".
            reply.set_header("Referrer-Policy", "same-origin");
            reply.set_header("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
            reply.set_header("Cross-Origin-Opener-Policy", "same-origin");
            reply.set_header("Cross-Origin-Resource-Policy", "same-origin");
        }
        if (site.secure())
            reply.set_header("Strict-Transport-Security", "max-age=31536000");
        reply.set_header("Date", dateText(std::chrono::system_clock::to_time_t(portal.now())));
        if (!reply.has_header("Cache-Control"))
            reply.set_header("Cache-Control", "no-store");
        // The server closes behind each of these.
        if (reply.status >= 400 && !reply.has_header("Connection"))
            reply.set_header("Connection", "close");
    }

    using Route = Metrics::Route;
    using Method = DeviceAnswer (Portal::*)(const std::string &, const std::string &);

    // Counts and times what `handler` does.
    httplib::Server::Handler timed(Route route, httplib::Server::Handler handler)
    {
        return [this, route, handler = std::move(handler)](const httplib::Request &request, httplib::Response &reply) {
            const auto began = std::chrono::steady_clock::now();
            handler(request, reply);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
            portal.metrics().request(route, reply.status > 0 ? reply.status : 200, took.count());
        };
    }

    void api(const char *path, Route route, Method method)
    {
        server->Post(path, timed(route, [this, method](const httplib::Request &request, httplib::Response &reply) {
                         const DeviceAnswer answer = (portal.*method)(request.body, site.address(request));
                         reply.status = answer.status;
                         reply.set_header("Connector-Portal-Protocol", std::to_string(kPortalProtocol));
                         if (answer.retryAfter.count() > 0)
                             reply.set_header("Retry-After", std::to_string(answer.retryAfter.count()));
                         reply.set_content(answer.body, "application/json");
                     }));
    }

    using PageHandler = std::function<void(PortalSite::Visit &)>;

    void get(const char *path, PageHandler handler)
    {
        server->Get(path,
                    timed(Route::Page, [this, handler](const httplib::Request &request, httplib::Response &reply) {
                        auto v = site.visit(request, reply);
                        handler(v);
                    }));
    }

    void post(const char *path, PageHandler handler)
    {
        server->Post(path,
                     timed(Route::Page, [this, handler](const httplib::Request &request, httplib::Response &reply) {
                         auto v = site.visit(request, reply);
                         if (site.fromOurPage(v))
                             handler(v);
                     }));
    }

    // Only for whom it is meant: an address that the configuration names.
    void metrics(const httplib::Request &request, httplib::Response &reply)
    {
        const auto &from = options.metricsFrom;
        // Through a proxy that is not named, everybody would look like that proxy.
        const bool veiled = request.has_header("X-Forwarded-For") && !site.trusts(request.remote_addr);
        if (veiled || std::find(from.begin(), from.end(), site.address(request)) == from.end()) {
            reply.status = 404;
            return;
        }
        const auto live = portal.liveCodes();
        reply.set_content(portal.metrics().text(live ? *live : 0, live.has_value()),
                          "text/plain; version=0.0.4; charset=utf-8");
    }

    void asset(const char *path, const char *file, const char *type)
    {
        server->Get(path, [file, type](const httplib::Request &, httplib::Response &reply) {
            reply.set_header("Cache-Control", "public, max-age=3600");
            const auto bytes = embedded(file).value_or("");
            reply.set_content(bytes.data(), bytes.size(), type);
        });
    }

    void routes()
    {
        // The library looks for a route in this order: what is asked most stands first.
        api("/api/v1/authorizations/poll", Route::Poll, &Portal::poll);
        api("/api/v1/authorizations", Route::Begin, &Portal::begin);
        api("/api/v1/authorizations/acknowledge", Route::End, &Portal::end);
        api("/api/v1/authorizations/cancel", Route::End, &Portal::end);
        api("/api/v1/tokens/refresh", Route::Refresh, &Portal::refresh);
        api("/api/v1/tokens/revoke", Route::Revoke, &Portal::revoke);

        using Visit = PortalSite::Visit;
        get("/", [this](Visit &v) { site.start(v); });
        get("/code", [this](Visit &v) { site.code(v, v.request.get_param_value("code"), Outcome::Fine); });
        post("/code", [this](Visit &v) { site.enter(v); });
        get("/connect", [this](Visit &v) { site.connectPage(v); });
        post("/connect", [this](Visit &v) { site.connect(v); });
        post("/leave", [this](Visit &v) { site.leave(v); });
        get("/terms", [this](Visit &v) { site.termsPage(v); });
        post("/terms", [this](Visit &v) { site.accept(v); });
        post("/password", [this](Visit &v) { site.password(v); });
        server->Get(R"(/callback/([a-z0-9-]{1,32}))",
                    timed(Route::Callback, [this](const httplib::Request &request, httplib::Response &reply) {
                        Visit v = site.visit(request, reply);
                        site.callback(v, request.matches[1].str());
                    }));
        get("/result", [this](Visit &v) { site.result(v); });
        get("/done", [this](Visit &v) { site.done(v); });
        asset("/assets/portal.css", "portal.css", "text/css; charset=utf-8");
        asset("/assets/icon.svg", "icon.svg", "image/svg+xml");

        server->Get("/healthz", [this](const httplib::Request &, httplib::Response &reply) {
            const auto fine = portal.answers();
            reply.status = fine ? 200 : 503;
            reply.set_content(fine ? "ok\n" : "the store does not answer\n", "text/plain; charset=utf-8");
        });
        server->Get("/metrics",
                    [this](const httplib::Request &request, httplib::Response &reply) { metrics(request, reply); });
        server->Get("/robots.txt", [](const httplib::Request &, httplib::Response &reply) {
            reply.set_content("User-agent: *\nDisallow: /\n", "text/plain; charset=utf-8");
        });

        server->set_pre_routing_handler([](const httplib::Request &request, httplib::Response &reply) {
            const auto [status, words] = shapeProblem(request);
            if (status == 0)
                return httplib::Server::HandlerResponse::Unhandled;
            // Else the library cuts the refusal itself into the ranges that were asked for.
            const_cast<httplib::Request &>(request).ranges.clear();
            reply.status = status;
            // The body stays unread, and must not pass for the next request of a proxy's connection.
            reply.set_header("Connection", "close");
            reply.set_content(words, "text/plain; charset=utf-8");
            return httplib::Server::HandlerResponse::Handled;
        });
        server->set_post_routing_handler(
            [this](const httplib::Request &request, httplib::Response &reply) { headers(request, reply); });
        server->set_error_handler([this](const httplib::Request &request, httplib::Response &reply) {
            if (!reply.body.empty())
                return;
            if (request.path.starts_with("/api/")) {
                reply.set_header("Connector-Portal-Protocol", std::to_string(kPortalProtocol));
                reply.set_content(R"({"error":{"code":"bad-request","message":"no such call"}})", "application/json");
                return;
            }
            auto v = site.visit(request, reply);
            site.notFound(v, reply.status);
        });
        server->set_exception_handler(
            [](const httplib::Request &request, httplib::Response &reply, std::exception_ptr) {
                // What it says may hold what somebody typed.
                log::error("portal", "a request to " + shownPath(request) + " failed inside");
                reply.status = 500;
            });
        // One line per request. Never the query: it may hold a code.
        if (!log::enabled(log::Level::Debug))
            return;
        server->set_logger([](const httplib::Request &request, const httplib::Response &reply) {
            log::debug("portal",
                       request.method.substr(0, 8) + " " + shownPath(request) + " " + std::to_string(reply.status));
        });
    }
};

PortalServer::PortalServer(Portal &portal, ServerOptions options)
    : m_impl(std::make_unique<Impl>(portal, std::move(options)))
{
    Impl &impl = *m_impl;
    impl.server = makeServer(impl.options);
    impl.server->serveWith(threadsOf(impl.options));
    impl.server->set_payload_max_length(kLargestRequest);
    impl.server->set_tcp_nodelay(true);
    impl.server->set_socket_options([&impl](socket_t listening) {
        httplib::default_socket_options(listening);
        impl.listening = listening;
    });
    impl.routes();
}

PortalServer::~PortalServer()
{
    stop();
}

Result<int> PortalServer::bind(const std::string &host, int port)
{
    if (!m_impl->server->is_valid())
        return Error{Errc::LocalIo, "the TLS certificate or key cannot be used", "portal"};
    int bound = port;
    if (port == 0)
        bound = m_impl->server->bind_to_any_port(host);
    else if (!m_impl->server->bind_to_port(host, port))
        bound = -1;
    // The library lets five connections wait, and whoever comes sixth tries again after a second.
    if (bound > 0 && ::listen(m_impl->listening, kBacklog) == 0)
        return bound;
    return Error{Errc::LocalIo, "cannot listen on " + host + ":" + std::to_string(port), "portal"};
}

void PortalServer::start(std::function<void()> onDeath)
{
    Impl &impl = *m_impl;
    impl.site.setSecure(impl.portal.publicUrl().starts_with("https://"));
    impl.listener = std::thread([&impl, onDeath = std::move(onDeath)] {
        (void)impl.server->listen_after_bind();
        impl.ended = true;
        if (impl.stopping.stop_requested())
            return;
        log::error("portal", "listening ended although nobody asked for it");
        if (onDeath)
            onDeath();
    });
    impl.sweeper = std::jthread([&impl](std::stop_token stop) {
        Call call;
        call.stop = stop;
        do {
            if (auto gone = impl.portal.sweep(); !gone)
                log::error("portal", describe(gone.error()));
            else if (*gone > 0)
                log::info("portal", std::to_string(*gone) + " authorizations were over and are deleted");
        } while (waitFor(std::chrono::seconds(60), call));
    });
}

void PortalServer::stop()
{
    Impl &impl = *m_impl;
    impl.stopping.request_stop();
    impl.sweeper.request_stop();
    impl.server->drain();
    if (impl.listener.joinable()) {
        // Before it runs, the library's stop() does nothing.
        while (!impl.server->is_running() && !impl.ended)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        impl.server->stop();
        impl.listener.join();
    }
    if (impl.sweeper.joinable())
        impl.sweeper.join();
}

} // namespace connector::portal
