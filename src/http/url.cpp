// SPDX-License-Identifier: Apache-2.0
#include "http/url.h"

#include "core/encoding.h"

#include <curl/curl.h>

#include <arpa/inet.h>
#include <cstdlib>
#include <memory>

namespace connector {

namespace {

struct UrlDeleter {
    void operator()(CURLU *url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlDeleter>;

std::string part(CURLU *url, CURLUPart which, unsigned flags = 0)
{
    char *text = nullptr;
    std::string out;
    if (curl_url_get(url, which, &text, flags) == CURLUE_OK && text != nullptr)
        out = text;
    curl_free(text);
    return out;
}

bool isHttp(CURLU *url)
{
    const std::string scheme = part(url, CURLUPART_SCHEME);
    return scheme == "http" || scheme == "https";
}

} // namespace

Result<UrlParts> splitUrl(const std::string &url)
{
    const Url parsed(curl_url());
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK ||
        url.find('\0') != std::string::npos || !isHttp(parsed.get()))
        return Error{Errc::InvalidArgument, "not an http URL"};
    UrlParts parts;
    parts.scheme = part(parsed.get(), CURLUPART_SCHEME);
    parts.host = toLowerAscii(part(parsed.get(), CURLUPART_HOST));
    parts.port = std::atoi(part(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT).c_str());
    parts.path = part(parsed.get(), CURLUPART_PATH);
    return parts;
}

std::string originOf(const UrlParts &parts)
{
    return parts.scheme + "://" + parts.host + ":" + std::to_string(parts.port);
}

Result<std::string> resolveUrl(const std::string &base, const std::string &reference)
{
    const Url parsed(curl_url());
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK ||
        curl_url_set(parsed.get(), CURLUPART_URL, reference.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK ||
        !isHttp(parsed.get()))
        return Error{Errc::BadReply, "a redirect to somewhere that is not http"};
    return part(parsed.get(), CURLUPART_URL);
}

std::string urlForLog(const std::string &url)
{
    auto parts = splitUrl(url);
    return parts ? originOf(*parts) + parts->path : "(not a URL)";
}

bool isLoopback(const UrlParts &parts)
{
    if (parts.host == "localhost" || parts.host == "[::1]")
        return true;
    in_addr address{}; // a name may begin with "127." too
    return ::inet_pton(AF_INET, parts.host.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24U == 127U;
}

std::string formEncode(const std::vector<std::pair<std::string, std::string>> &fields)
{
    std::string out;
    for (const auto &[name, value] : fields)
        out += (out.empty() ? "" : "&") + percentEncode(name) + "=" + percentEncode(value);
    return out;
}

} // namespace connector
