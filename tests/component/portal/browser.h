// SPDX-License-Identifier: Apache-2.0
// A person's browser without a picture: keeps cookies, follows redirects, fills in forms, runs no script.
#pragma once

#include "core/encoding.h"
#include "http/curl_http_client.h"

#include <gtest/gtest.h>

#include <regex>

namespace connector::test {

struct WebPage {
    int status = 0;
    std::string url; // where it was in the end
    HttpHeaders headers;
    std::string html;

    bool has(std::string_view words) const { return html.find(words) != std::string::npos; }
    // The word of a refusal's page (data-word), or "".
    std::string word() const { return match("data-word=\"([^\"]*)\""); }
    std::string match(const std::string &pattern) const
    {
        std::smatch found;
        return std::regex_search(html, found, std::regex(pattern)) ? unescape(found[1].str()) : std::string();
    }
    static std::string unescape(std::string text)
    {
        for (const auto &[from, to] :
             {std::pair("&#39;", "'"), {"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}})
            for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + 1))
                text.replace(at, std::string(from).size(), to);
        return text;
    }
};

class Browser {
public:
    explicit Browser(std::string language = "en") : m_language(std::move(language)), m_net(m_http) {}
    Browser(std::string language, HttpClient &net) : m_language(std::move(language)), m_net(net) {}

    WebPage get(const std::string &url) { return ask("GET", url, {}); }
    // One request, no redirect followed.
    WebPage getOnce(const std::string &url) { return askOnce("GET", url, {}); }

    using Fields = std::vector<std::pair<std::string, std::string>>;
    // Sends the page's form that leads to `action`, its hidden fields and these.
    WebPage submit(const WebPage &page, const std::string &action, const Fields &fields = {})
    {
        std::string body;
        const auto add = [&](const std::string &name, const std::string &value) {
            body += (body.empty() ? "" : "&") + percentEncode(name) + "=" + percentEncode(value);
        };
        const std::regex form("<form[^>]*action=\"" + action + "\"[^>]*>([\\s\\S]*?)</form>");
        std::smatch found;
        EXPECT_TRUE(std::regex_search(page.html, found, form)) << "no form leads to " << action << " on " << page.url;
        const std::string inside = found[1].str();
        static const std::regex kHidden("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"");
        for (std::sregex_iterator at(inside.begin(), inside.end(), kHidden), end; at != end; ++at)
            if (std::none_of(fields.begin(), fields.end(), [&](const auto &f) { return f.first == (*at)[1].str(); }))
                add((*at)[1].str(), WebPage::unescape((*at)[2].str()));
        for (const auto &[name, value] : fields)
            add(name, value);
        return ask("POST", absolute(page.url, action), body);
    }
    WebPage post(const std::string &url, const std::string &body) { return ask("POST", url, body); }

    void close() { m_cookies.clear(); } // as when a browser is closed
    void setCookie(const std::string &name, const std::string &value) { m_cookies[name] = value; }
    std::string cookie(const std::string &name) const
    {
        const auto at = m_cookies.find(name);
        return at == m_cookies.end() ? std::string() : at->second;
    }
    std::vector<std::string> setCookieLines; // every one that was received
    HttpHeaders more;                        // sent with every request

private:
    static std::string absolute(const std::string &base, const std::string &target)
    {
        if (target.starts_with("http"))
            return target;
        return base.substr(0, base.find('/', base.find("//") + 2)) + target;
    }

    WebPage ask(std::string method, std::string url, std::string body)
    {
        for (int hop = 0; hop < 8; ++hop) {
            WebPage page = askOnce(method, url, body);
            if (page.status < 300 || page.status >= 400 || !page.headers.has("Location"))
                return page;
            url = absolute(url, std::string(page.headers.get("Location")));
            method = "GET";
            body.clear();
        }
        ADD_FAILURE() << "redirects without end";
        return {};
    }

    WebPage askOnce(const std::string &method, const std::string &url, const std::string &body)
    {
        HttpRequest request;
        request.method = method;
        request.url = url;
        request.headers = more;
        request.headers.set("Accept-Language", m_language);
        if (method == "POST")
            request.headers.set("Content-Type", "application/x-www-form-urlencoded");
        request.body = body;
        std::string cookies;
        for (const auto &[name, value] : m_cookies)
            cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
        if (!cookies.empty())
            request.headers.set("Cookie", cookies);
        auto reply = m_net.send(request, nullptr, {});
        if (!reply) {
            ADD_FAILURE() << method << ": " << describe(reply.error());
            return {};
        }
        for (const auto &[name, value] : reply->headers.fields) {
            if (toLowerAscii(name) != "set-cookie")
                continue;
            setCookieLines.push_back(value);
            const auto equals = value.find('=');
            m_cookies[value.substr(0, equals)] = value.substr(equals + 1, value.find(';') - equals - 1);
        }
        return {reply->status, url, std::move(reply->headers), std::move(reply->body)};
    }

    std::string m_language;
    CurlHttpClient m_http;
    HttpClient &m_net;
    std::map<std::string, std::string> m_cookies;
};

} // namespace connector::test
