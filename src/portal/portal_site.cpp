// SPDX-License-Identifier: Apache-2.0
#include "portal/portal_site.h"

#include "connector_portal_core_embedded.h"
#include "core/encoding.h"
#include "core/log.h"
#include "core/random.h"
#include "http/server_parts.h"
#include "portal/user_code.h"

#include <arpa/inet.h>

namespace connector::portal {

namespace {

constexpr std::chrono::seconds kLongestSignIn{25};

std::string param(const httplib::Request &request, const char *name, std::size_t limit = 4096)
{
    std::string value = request.get_param_value(name);
    return value.size() > limit || !isUtf8(value) ? std::string() : value;
}

// Also of "192.0.2.1:50712" and "[2001:db8::1]:50712", as some proxies write them: with its port, each connection would
// count as somebody else. "" for what is no address.
std::string bareAddress(std::string_view text)
{
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    if (text.starts_with('['))
        text = text.substr(1, text.find(']') - 1);
    else if (std::count(text.begin(), text.end(), ':') == 1)
        text = text.substr(0, text.find(':'));
    const std::string bare(text);
    in6_addr bytes{};
    const bool is = ::inet_pton(AF_INET, bare.c_str(), &bytes) == 1 || ::inet_pton(AF_INET6, bare.c_str(), &bytes) == 1;
    return is ? bare : std::string();
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
    case Outcome::TooManySignIns:
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

void PortalSite::setSecure(bool secure)
{
    m_secure = secure;
    // __Host- ties a cookie to this very host; browsers accept it over HTTPS only.
    if (secure)
        m_sessionCookie = "__Host-portal";
}

bool PortalSite::trusts(const std::string &proxy) const
{
    return std::find(m_options.trustedProxies.begin(), m_options.trustedProxies.end(), proxy) !=
           m_options.trustedProxies.end();
}

std::string PortalSite::address(const httplib::Request &request) const
{
    std::string who = request.remote_addr;
    if (!trusts(who))
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
        const std::string named = bareAddress(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
        if (named.empty())
            break;
        who = named;
        if (!trusts(who))
            break;
    }
    return who;
}

void PortalSite::setCookie(httplib::Response &reply, const std::string &name, const std::string &value,
                           const char *more) const
{
    reply.headers.emplace("Set-Cookie", name + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" +
                                            (m_secure ? "; Secure" : "") + more);
}

PortalSite::Visit PortalSite::visit(const httplib::Request &request, httplib::Response &reply) const
{
    Visit v{request, reply, {}, cookieOf(request, m_sessionCookie)};
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

void PortalSite::setSession(Visit &v, const std::string &session) const
{
    v.session = session;
    setCookie(v.reply, m_sessionCookie, session, "");
}

void PortalSite::show(Visit &v, const char *name, Values values, int status) const
{
    // Every page with a form needs a session to tie the form to.
    if (v.session.empty())
        setSession(v, makeToken());
    values["form"] = m_portal.formToken(v.session);
    values["operator"] = m_options.operatorName;
    values["stays"] = m_portal.asksPasswords() ? "" : "1";
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

void PortalSite::go(Visit &v, const std::string &where) const
{
    v.reply.set_redirect(where, 303);
}

void PortalSite::refuse(Visit &v, Outcome outcome, const std::optional<View> &seen) const
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
    case Outcome::TooManySignIns:
    case Outcome::Failed:
        break;
    }
    show(v, "notice", std::move(values), statusOf(outcome));
}

bool PortalSite::fromOurPage(Visit &v) const
{
    const std::string origin = v.request.get_header_value("Origin");
    const bool strange = !origin.empty() && origin != "null" && origin != m_portal.publicUrl();
    if (!strange && m_portal.formTokenFits(v.session, param(v.request, "form", 128)))
        return true;
    m_portal.warnSeldom("a form without its browser's token was refused");
    refuse(v, Outcome::SessionLost);
    return false;
}

void PortalSite::start(Visit &v) const
{
    Values values;
    const std::string code = normalizeUserCode(param(v.request, "code", 200));
    if (!code.empty())
        values["code"] = formatUserCode(code);
    show(v, "start", std::move(values));
}

void PortalSite::code(Visit &v, const std::string &typed, Outcome problem) const
{
    Values values;
    const std::string normal = normalizeUserCode(typed);
    values["typed"] = normal.empty() ? typed : formatUserCode(normal);
    if (problem != Outcome::Fine)
        values["problem"] = text(v.language, std::string(toString(problem)) + ".text");
    show(v, "code", std::move(values), problem == Outcome::Fine ? 200 : statusOf(problem));
}

void PortalSite::enter(Visit &v) const
{
    const std::string typed = param(v.request, "code", 200);
    const auto entered = m_portal.enter(typed, v.session, address(v.request));
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

std::optional<View> PortalSite::current(Visit &v) const
{
    auto seen = m_portal.view(v.session);
    if (!seen)
        refuse(v, Outcome::SessionLost);
    else if (seen->expired)
        refuse(v, Outcome::ExpiredCode, seen);
    else if (seen->used && seen->notice == Outcome::Fine)
        refuse(v, Outcome::UsedCode, seen);
    else
        return seen;
    return std::nullopt;
}

void PortalSite::connectPage(Visit &v) const
{
    const auto seen = current(v);
    if (!seen)
        return;
    const auto now = m_portal.now();
    show(v, "connect",
         {{"provider", seen->providerTitle},
          {"device", seen->deviceName},
          {"place", seen->devicePlace},
          {"typed", seen->asksPassword ? "1" : ""},
          {"asked", ago(v.language, toUnix(now) - toUnix(seen->created))},
          {"left", duration(v.language, toUnix(seen->expires) - toUnix(now))},
          {"hours", std::to_string(m_portal.rules().grantLife.count() / 3600)}});
}

void PortalSite::connect(Visit &v) const
{
    const Outcome outcome = m_portal.connect(v.session);
    if (outcome == Outcome::Fine)
        go(v, "/terms");
    else
        refuse(v, outcome);
}

void PortalSite::leave(Visit &v) const
{
    m_portal.leave(v.session);
    setSession(v, makeToken());
    go(v, "/");
}

void PortalSite::termsPage(Visit &v) const
{
    const auto seen = current(v);
    if (!seen)
        return;
    if (!seen->connected) {
        go(v, "/connect");
        return;
    }
    const auto own = m_options.terms.find(v.language);
    const std::string plain =
        own != m_options.terms.end() ? own->second : std::string(embedded("terms." + v.language + ".txt").value_or(""));
    const Values facts = {{"hours", std::to_string(m_portal.rules().grantLife.count() / 3600)},
                          {"typed", seen->asksPassword ? "1" : ""}};
    show(v, "terms", {{"provider", seen->providerTitle}, {"terms", paragraphs(fillIn(plain, v.language, facts))}});
}

void PortalSite::accept(Visit &v) const
{
    Call call;
    call.stop = m_stop;
    call.deadline = Call::Clock::now() + kLongestSignIn;
    const auto started = m_portal.startSignIn(v.session, address(v.request), call);
    if (started.outcome != Outcome::Fine) {
        refuse(v, started.outcome, m_portal.view(v.session));
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

void PortalSite::password(Visit &v) const
{
    Call call;
    call.stop = m_stop;
    call.deadline = Call::Clock::now() + kLongestSignIn;
    const Outcome outcome =
        m_portal.finishPassword(v.session, param(v.request, "state", 128), param(v.request, "user", 256),
                                param(v.request, "password", 1024), address(v.request), call);
    if (outcome == Outcome::SessionLost || outcome == Outcome::TooManyTries)
        refuse(v, outcome);
    else
        go(v, outcome == Outcome::Fine ? "/done" : "/result");
}

void PortalSite::callback(Visit &v, const std::string &provider) const
{
    Call call;
    call.stop = m_stop;
    call.deadline = Call::Clock::now() + kLongestSignIn;
    const Outcome outcome = m_portal.finishSignIn(v.session, provider,
                                                  {param(v.request, "state", 128), param(v.request, "code"),
                                                   param(v.request, "error", 64), param(v.request, "iss", 512)},
                                                  call);
    if (outcome == Outcome::SessionLost)
        refuse(v, outcome);
    else // The address with the code in it does not stay in the browser.
        go(v, outcome == Outcome::Fine ? "/done" : "/result");
}

void PortalSite::result(Visit &v) const
{
    const auto seen = m_portal.view(v.session);
    if (!seen)
        refuse(v, Outcome::SessionLost);
    else if (seen->notice == Outcome::Fine)
        go(v, seen->used ? "/done" : "/connect");
    else
        refuse(v, seen->notice, seen);
}

void PortalSite::done(Visit &v) const
{
    show(v, "done", {{"hours", std::to_string(m_portal.rules().grantLife.count() / 3600)}});
}

void PortalSite::notFound(Visit &v, int status) const
{
    Values values;
    values["word"] = "not-found";
    values["title"] = text(v.language, "not-found.title");
    values["explanation"] = text(v.language, "not-found.text");
    values["enter"] = text(v.language, "notice.enter");
    values["here"] = "/";
    show(v, "notice", std::move(values), status);
}

} // namespace connector::portal
