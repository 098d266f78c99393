// SPDX-License-Identifier: Apache-2.0
// A person's browser without a picture: keeps cookies, follows redirects, fills in forms, runs no script.
#pragma once

#include "core/encoding.h"
#include "http/curl_http_client.h"

namespace connector::test {

struct WebPage {
    int status = 0;
    std::string url; // where it was in the end
    HttpHeaders headers;
    std::string html;

    bool has(std::string_view words) const { return html.find(words) != std::string::npos; }
    // The word of a refusal's page (data-word), or "".
    std::string word() const { return match("data-word=\"([^\"]*)\""); }
    std::string match(const std::string &pattern) const;
    static std::string unescape(std::string text);
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
    WebPage submit(const WebPage &page, const std::string &action, const Fields &fields = {});
    WebPage post(const std::string &url, const std::string &body) { return ask("POST", url, body); }

    void close() { m_cookies.clear(); } // as when a browser is closed
    void setCookie(const std::string &name, const std::string &value) { m_cookies[name] = value; }
    std::string cookie(const std::string &name) const;
    std::vector<std::string> setCookieLines; // every one that was received
    HttpHeaders more;                        // sent with every request

private:
    static std::string absolute(const std::string &base, const std::string &target);

    WebPage ask(std::string method, std::string url, std::string body);

    WebPage askOnce(const std::string &method, const std::string &url, const std::string &body);

    std::string m_language;
    CurlHttpClient m_http;
    HttpClient &m_net;
    std::map<std::string, std::string> m_cookies;
};

} // namespace connector::test
