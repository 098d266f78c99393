// SPDX-License-Identifier: Apache-2.0
#include "tests/component/portal/browser.h"

#include <gtest/gtest.h>

#include <regex>

namespace connector::test {

std::string WebPage::match(const std::string &pattern) const
{
    std::smatch found;
    return std::regex_search(html, found, std::regex(pattern)) ? unescape(found[1].str()) : std::string();
}

std::string WebPage::unescape(std::string text)
{
    for (const auto &[from, to] :
         {std::pair("&#39;", "'"), {"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}})
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + 1))
            text.replace(at, std::string(from).size(), to);
    return text;
}

WebPage Browser::submit(const WebPage &page, const std::string &action, const Fields &fields)
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

std::string Browser::cookie(const std::string &name) const
{
    const auto at = m_cookies.find(name);
    return at == m_cookies.end() ? std::string() : at->second;
}

std::string Browser::absolute(const std::string &base, const std::string &target)
{
    if (target.starts_with("http"))
        return target;
    return base.substr(0, base.find('/', base.find("//") + 2)) + target;
}

WebPage Browser::ask(std::string method, std::string url, std::string body)
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

WebPage Browser::askOnce(const std::string &method, const std::string &url, const std::string &body)
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

} // namespace connector::test
