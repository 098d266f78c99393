// SPDX-License-Identifier: Apache-2.0
#include "portal/server.h"

#include "connector_portal_core_embedded.h"
#include "core/encoding.h"
#include "core/log.h"
#include "core/random.h"
#include "http/server_parts.h"
#include "portal/pages.h"
#include "portal/user_code.h"

#include <httplib.h>

#include <atomic>

namespace connector::portal {

namespace {

constexpr std::size_t kLargestRequest = 32U << 10U;
constexpr std::chrono::seconds kLongestSignIn{25};

std::string param(const httplib::Request &request, const char *name, std::size_t limit = 4096)
{
    std::string value = request.get_param_value(name);
    return value.size() > limit || !isUtf8(value) ? std::string() : value;
}

int statusOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Fine:
    case Outcome::DomainRefused:
    case Outcome::EmailUnverified:
    case Outcome::ConsentDenied:
    case Outcome::PasswordWrong:
        return 200;
    case Outcome::WrongCode:
    case Outcome::SessionLost:
        return 400;
    case Outcome::ExpiredCode:
    case Outcome::UsedCode:
        return 410;
    case Outcome::TooManyTries:
    case Outcome::TooManyEntries:
        return 429;
    case Outcome::ProviderUnreachable:
    case Outcome::ProviderRefused:
        return 502;
    case Outcome::Failed:
        return 503;
    }
    return 503;
}

} // namespace

struct PortalServer::Impl {
    Impl(Portal &p, ServerOptions o) : portal(p), options(std::move(o)) {}

    Portal &portal;
    ServerOptions options;
    bool secure = false;
    std::string sessionCookie = "portal";
    std::unique_ptr<httplib::Server> server;
    std::thread listener;
    std::atomic<bool> ended = false; // the listener is over
    std::jthread sweeper;
    std::stop_source stopping;

    // Everything a page needs to know about the browser that asked.
    struct Visit {
        const httplib::Request &request;
        httplib::Response &reply;
        std::string language;
        std::string session;
    };

    std::string address(const httplib::Request &request) const
    {
        const auto trusted = [&](const std::string &a) {
            return std::find(options.trustedProxies.begin(), options.trustedProxies.end(), a) !=
                   options.trustedProxies.end();
        };
        std::string who = request.remote_addr;
        if (!trusted(who))
            return who;
        // The last address that no trusted proxy has: what stands before it, anybody may have written.
        // Some proxies add a line of their own instead of extending the one that is there: the last line counts.
        const std::size_t lines = request.get_header_value_count("X-Forwarded-For");
        if (lines == 0)
            return who;
        const std::string all = request.get_header_value("X-Forwarded-For", lines - 1);
        std::string_view rest = all;
        while (!rest.empty()) {
            const auto comma = rest.rfind(',');
            std::string_view part = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
            rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
            while (part.starts_with(' '))
                part.remove_prefix(1);
            while (part.ends_with(' '))
                part.remove_suffix(1);
            who = std::string(part.substr(0, 64));
            if (!trusted(who))
                break;
        }
        return who;
    }

    void setCookie(httplib::Response &reply, const std::string &name, const std::string &value, const char *more) const
    {
        reply.headers.emplace("Set-Cookie", name + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" +
                                                (secure ? "; Secure" : "") + more);
    }

    Visit visit(const httplib::Request &request, httplib::Response &reply) const
    {
        Visit v{request, reply, {}, cookieOf(request, sessionCookie)};
        const auto known = [](const std::string &l) {
            return std::find(languages().begin(), languages().end(), l) != languages().end();
        };
        const std::string wanted = request.method == "GET" ? param(request, "lang", 8) : std::string();
        const std::string kept = cookieOf(request, "lang");
        if (known(wanted)) {
            v.language = wanted;
            setCookie(reply, "lang", wanted, "; Max-Age=31536000");
        } else if (known(kept)) {
            v.language = kept;
        } else {
            v.language = chooseLanguage(request.get_header_value("Accept-Language"));
        }
        if (v.session.size() > 128)
            v.session.clear();
        return v;
    }

    void setSession(Visit &v, const std::string &session) const
    {
        v.session = session;
        setCookie(v.reply, sessionCookie, session, "");
    }

    void show(Visit &v, const char *name, Values values, int status = 200) const
    {
        // Every page with a form needs a session to tie the form to.
        if (v.session.empty())
            setSession(v, makeToken());
        values["form"] = portal.formToken(v.session);
        values["operator"] = options.operatorName;
        // The language switch stays on the page where that page can be asked for again.
        const bool plain = v.request.path.find_first_not_of("abcdefghijklmnopqrstuvwxyz/") == std::string::npos &&
                           v.request.path.find("//") == std::string::npos; // "//host" would lead elsewhere
        values["here"] = v.request.method == "GET" && plain ? v.request.path : "/";
        const std::string code = v.request.method == "GET" ? param(v.request, "code", 64) : std::string();
        values["hereCode"] = v.request.path == "/" || v.request.path == "/code" ? percentEncode(code) : std::string();
        values["isEn"] = v.language == "en" ? "1" : "";
        values["isFr"] = v.language == "fr" ? "1" : "";
        if (!values.contains("title"))
            values["title"] = text(v.language, std::string(name) + ".title", values);
        v.reply.status = status;
        v.reply.set_content(page(name, v.language, values), "text/html; charset=utf-8");
    }

    void go(Visit &v, const std::string &where) const { v.reply.set_redirect(where, 303); }

    // A refusal in words: what happened, and what to do.
    void refuse(Visit &v, Outcome outcome, const std::optional<View> &seen = std::nullopt) const
    {
        const std::string word(toString(outcome));
        Values values;
        if (seen) {
            values["provider"] = seen->providerTitle;
            values["device"] = seen->deviceName;
            std::string list;
            for (const std::string &domain : seen->domains)
                list += "<li>" + escapeHtml(domain) + "</li>";
            if (outcome == Outcome::DomainRefused)
                values["domains"] = list;
        }
        values["word"] = word;
        values["title"] = text(v.language, word + ".title", values);
        values["explanation"] = text(v.language, word + ".text", values);
        switch (outcome) {
        case Outcome::DomainRefused:
        case Outcome::EmailUnverified:
        case Outcome::ConsentDenied:
        case Outcome::ProviderUnreachable:
        case Outcome::ProviderRefused:
        case Outcome::PasswordWrong:
            values["again"] = text(v.language, word + ".again", values);
            break;
        case Outcome::WrongCode:
        case Outcome::ExpiredCode:
        case Outcome::UsedCode:
        case Outcome::TooManyEntries:
        case Outcome::SessionLost:
            values["enter"] = text(v.language, "notice.enter");
            break;
        case Outcome::Fine:
        case Outcome::TooManyTries:
        case Outcome::Failed:
            break;
        }
        show(v, "notice", std::move(values), statusOf(outcome));
    }

    // True when the form came from a page of ours in this browser; otherwise the answer is written.
    bool fromOurPage(Visit &v) const
    {
        const std::string origin = v.request.get_header_value("Origin");
        const bool strange = !origin.empty() && origin != "null" && origin != portal.publicUrl();
        if (!strange && portal.formTokenFits(v.session, param(v.request, "form", 128)))
            return true;
        log::info("portal", "a form without its browser's token was refused");
        refuse(v, Outcome::SessionLost);
        return false;
    }

    void start(Visit &v) const
    {
        Values values;
        const std::string code = normalizeUserCode(param(v.request, "code", 200));
        if (!code.empty())
            values["code"] = formatUserCode(code);
        show(v, "start", std::move(values));
    }

    void code(Visit &v, const std::string &typed, Outcome problem) const
    {
        Values values;
        const std::string normal = normalizeUserCode(typed);
        values["typed"] = normal.empty() ? typed : formatUserCode(normal);
        if (problem != Outcome::Fine)
            values["problem"] = text(v.language, std::string(toString(problem)) + ".text");
        show(v, "code", std::move(values), problem == Outcome::Fine ? 200 : statusOf(problem));
    }

    void enter(Visit &v) const
    {
        const std::string typed = param(v.request, "code", 200);
        const auto entered = portal.enter(typed, v.session, address(v.request));
        if (entered.outcome == Outcome::Fine) {
            setSession(v, entered.session);
            go(v, "/connect");
        } else if (entered.outcome == Outcome::WrongCode) {
            code(v, typed, entered.outcome);
        } else {
            if (entered.outcome == Outcome::TooManyTries)
                v.reply.set_header("Retry-After", "600");
            refuse(v, entered.outcome);
        }
    }

    // The state of the browser's authorization, or nothing after an answer was written.
    std::optional<View> current(Visit &v) const
    {
        auto seen = portal.view(v.session);
        if (!seen)
            refuse(v, Outcome::SessionLost);
        else if (seen->used && seen->notice == Outcome::Fine)
            refuse(v, Outcome::UsedCode, seen);
        else if (seen->expired)
            refuse(v, Outcome::ExpiredCode, seen);
        else
            return seen;
        return std::nullopt;
    }

    void connectPage(Visit &v) const
    {
        const auto seen = current(v);
        if (!seen)
            return;
        const auto now = portal.now();
        show(v, "connect",
             {{"provider", seen->providerTitle},
              {"device", seen->deviceName},
              {"place", seen->devicePlace},
              {"asked", ago(v.language, toUnix(now) - toUnix(seen->created))},
              {"left", duration(v.language, toUnix(seen->expires) - toUnix(now))},
              {"hours", std::to_string(portal.rules().grantLife.count() / 3600)}});
    }

    void termsPage(Visit &v) const
    {
        const auto seen = current(v);
        if (!seen)
            return;
        if (!seen->connected) {
            go(v, "/connect");
            return;
        }
        const auto own = options.terms.find(v.language);
        const std::string plain = own != options.terms.end()
                                      ? own->second
                                      : std::string(embedded("terms." + v.language + ".txt").value_or(""));
        const Values hours = {{"hours", std::to_string(portal.rules().grantLife.count() / 3600)}};
        show(v, "terms", {{"provider", seen->providerTitle}, {"terms", paragraphs(fillIn(plain, v.language, hours))}});
    }

    void accept(Visit &v) const
    {
        const auto started = portal.startSignIn(v.session);
        if (started.outcome != Outcome::Fine) {
            refuse(v, started.outcome, portal.view(v.session));
            return;
        }
        if (!started.server.empty()) {
            show(v, "password",
                 {{"provider", started.providerTitle}, {"server", started.server}, {"state", started.state}});
            return;
        }
        // A page in between, not a redirect: a form may only lead to this site (Content-Security-Policy form-action),
        // and clouds pass people on to hosts that nobody can list.
        show(v, "leaving", {{"provider", started.providerTitle}, {"url", started.url}});
    }

    void password(Visit &v) const
    {
        Call call;
        call.stop = stopping.get_token();
        call.deadline = Call::Clock::now() + kLongestSignIn;
        const Outcome outcome =
            portal.finishPassword(v.session, param(v.request, "state", 128), param(v.request, "user", 256),
                                  param(v.request, "password", 1024), address(v.request), call);
        if (outcome == Outcome::SessionLost || outcome == Outcome::TooManyTries)
            refuse(v, outcome);
        else
            go(v, outcome == Outcome::Fine ? "/done" : "/result");
    }

    void callback(Visit &v, const std::string &provider) const
    {
        Call call;
        call.stop = stopping.get_token();
        call.deadline = Call::Clock::now() + kLongestSignIn;
        const Outcome outcome = portal.finishSignIn(v.session, provider, param(v.request, "state", 128),
                                                    param(v.request, "code"), param(v.request, "error", 64), call);
        if (outcome == Outcome::SessionLost)
            refuse(v, outcome);
        else // The address with the code in it does not stay in the browser.
            go(v, outcome == Outcome::Fine ? "/done" : "/result");
    }

    void result(Visit &v) const
    {
        const auto seen = portal.view(v.session);
        if (!seen)
            refuse(v, Outcome::SessionLost);
        else if (seen->notice == Outcome::Fine)
            go(v, seen->used ? "/done" : "/connect");
        else
            refuse(v, seen->notice, seen);
    }

    void headers(httplib::Response &reply) const
    {
        reply.set_header("Content-Security-Policy",
                         "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
                         "base-uri 'none'; frame-ancestors 'none'");
        reply.set_header("X-Content-Type-Options", "nosniff");
        reply.set_header("X-Frame-Options", "DENY");
        // Not "no-referrer": with that, browsers send forms of our own pages with the origin "null".
        reply.set_header("Referrer-Policy", "same-origin");
        reply.set_header("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
        reply.set_header("Cross-Origin-Opener-Policy", "same-origin");
        reply.set_header("Cross-Origin-Resource-Policy", "same-origin");
        if (secure)
            reply.set_header("Strict-Transport-Security", "max-age=31536000");
        const auto now = std::chrono::system_clock::to_time_t(portal.now());
        char date[64];
        std::tm parts{};
        ::gmtime_r(&now, &parts);
        // Fixed English names, whatever the locale.
        static constexpr const char *kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static constexpr const char *kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::snprintf(date, sizeof date, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday % 7], parts.tm_mday,
                      kMonths[parts.tm_mon % 12], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
        reply.set_header("Date", date);
        if (!reply.has_header("Cache-Control"))
            reply.set_header("Cache-Control", "no-store");
    }

    void device(const httplib::Request &request, httplib::Response &reply,
                DeviceAnswer (Portal::*method)(const std::string &, const std::string &))
    {
        const DeviceAnswer answer = (portal.*method)(request.body, address(request));
        reply.status = answer.status;
        reply.set_header("Connector-Portal-Protocol", std::to_string(kPortalProtocol));
        if (answer.retryAfter.count() > 0)
            reply.set_header("Retry-After", std::to_string(answer.retryAfter.count()));
        reply.set_content(answer.body, "application/json");
    }

    using PageHandler = std::function<void(Visit &)>;

    void get(const char *path, PageHandler handler)
    {
        server->Get(path, [this, handler](const httplib::Request &request, httplib::Response &reply) {
            Visit v = visit(request, reply);
            handler(v);
        });
    }

    void post(const char *path, PageHandler handler)
    {
        server->Post(path, [this, handler](const httplib::Request &request, httplib::Response &reply) {
            Visit v = visit(request, reply);
            if (fromOurPage(v))
                handler(v);
        });
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
        get("/", [this](Visit &v) { start(v); });
        get("/code", [this](Visit &v) { code(v, param(v.request, "code", 200), Outcome::Fine); });
        post("/code", [this](Visit &v) { enter(v); });
        get("/connect", [this](Visit &v) { connectPage(v); });
        post("/connect", [this](Visit &v) {
            const Outcome outcome = portal.connect(v.session);
            if (outcome == Outcome::Fine)
                go(v, "/terms");
            else
                refuse(v, outcome);
        });
        post("/leave", [this](Visit &v) {
            portal.leave(v.session);
            setSession(v, makeToken());
            go(v, "/");
        });
        get("/terms", [this](Visit &v) { termsPage(v); });
        post("/terms", [this](Visit &v) { accept(v); });
        post("/password", [this](Visit &v) { password(v); });
        server->Get(R"(/callback/([a-z0-9-]{1,32}))",
                    [this](const httplib::Request &request, httplib::Response &reply) {
                        Visit v = visit(request, reply);
                        callback(v, request.matches[1].str());
                    });
        get("/result", [this](Visit &v) { result(v); });
        get("/done", [this](Visit &v) {
            show(v, "done", {{"hours", std::to_string(portal.rules().grantLife.count() / 3600)}});
        });
        asset("/assets/portal.css", "portal.css", "text/css; charset=utf-8");
        asset("/assets/icon.svg", "icon.svg", "image/svg+xml");

        const auto api = [this](const char *path, auto method) {
            server->Post(path, [this, method](const httplib::Request &request, httplib::Response &reply) {
                device(request, reply, method);
            });
        };
        api("/api/v1/authorizations", &Portal::begin);
        api("/api/v1/authorizations/poll", &Portal::poll);
        api("/api/v1/authorizations/acknowledge", &Portal::end);
        api("/api/v1/authorizations/cancel", &Portal::end);
        api("/api/v1/tokens/refresh", &Portal::refresh);
        api("/api/v1/tokens/revoke", &Portal::revoke);

        server->Get("/healthz", [this](const httplib::Request &, httplib::Response &reply) {
            const auto fine = portal.liveCodes();
            reply.status = fine ? 200 : 503;
            reply.set_content(fine ? "ok\n" : "the store does not answer\n", "text/plain; charset=utf-8");
        });
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
            [this](const httplib::Request &, httplib::Response &reply) { headers(reply); });
        server->set_error_handler([this](const httplib::Request &request, httplib::Response &reply) {
            if (!reply.body.empty())
                return;
            if (request.path.starts_with("/api/")) {
                reply.set_header("Connector-Portal-Protocol", std::to_string(kPortalProtocol));
                reply.set_content(R"({"error":{"code":"bad-request","message":"no such call"}})", "application/json");
                return;
            }
            Visit v = visit(request, reply);
            const int status = reply.status;
            Values values;
            values["word"] = "not-found";
            values["title"] = text(v.language, "not-found.title");
            values["explanation"] = text(v.language, "not-found.text");
            values["enter"] = text(v.language, "notice.enter");
            values["here"] = "/";
            show(v, "notice", std::move(values), status);
        });
        server->set_exception_handler(
            [](const httplib::Request &request, httplib::Response &reply, std::exception_ptr) {
                // What it says may hold what somebody typed.
                log::error("portal", "a request to " + request.path.substr(0, 40) + " failed inside");
                reply.status = 500;
            });
        // One line per request. Never the query: it may hold a code.
        server->set_logger([](const httplib::Request &request, const httplib::Response &reply) {
            std::string path = request.path.substr(0, 60);
            for (char &c : path)
                if (c < 0x21 || c > 0x7E)
                    c = '?';
            log::debug("portal", request.method.substr(0, 8) + " " + path + " " + std::to_string(reply.status));
        });
    }
};

PortalServer::PortalServer(Portal &portal, ServerOptions options)
    : m_impl(std::make_unique<Impl>(portal, std::move(options)))
{
    Impl &impl = *m_impl;
    if (!impl.options.tlsCertificate.empty())
        impl.server =
            std::make_unique<httplib::SSLServer>(impl.options.tlsCertificate.c_str(), impl.options.tlsKey.c_str());
    else
        impl.server = std::make_unique<httplib::Server>();
    const unsigned threads = std::max(2U, impl.options.threads);
    impl.server->new_task_queue = [threads] { return new BoundedPool(threads, std::size_t{4} * threads); };
    impl.server->set_payload_max_length(kLargestRequest);
    impl.server->set_read_timeout(10);
    impl.server->set_write_timeout(10);
    // An idle connection holds a thread, so it must not be idle for long.
    impl.server->set_keep_alive_timeout(1);
    impl.server->set_keep_alive_max_count(100);
    impl.server->set_tcp_nodelay(true);
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
    if (port == 0) {
        const int bound = m_impl->server->bind_to_any_port(host);
        if (bound > 0)
            return bound;
    } else if (m_impl->server->bind_to_port(host, port)) {
        return port;
    }
    return Error{Errc::LocalIo, "cannot listen on " + host + ":" + std::to_string(port), "portal"};
}

void PortalServer::start(std::function<void()> onDeath)
{
    Impl &impl = *m_impl;
    impl.secure = impl.portal.publicUrl().starts_with("https://");
    // __Host- ties a cookie to this very host; browsers accept it over HTTPS only.
    if (impl.secure)
        impl.sessionCookie = "__Host-portal";
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
