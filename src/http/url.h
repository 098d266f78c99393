// SPDX-License-Identifier: Apache-2.0
// Taking URLs apart and putting them together; only absolute http and https URLs without user names are URLs here.
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connector {

struct UrlParts {
    std::string scheme; // lower case
    std::string host;   // lower case; an IPv6 address stands in brackets
    int port = 0;       // the scheme's own where the URL has none
    std::string path;   // with its leading slash
};

Result<UrlParts> splitUrl(const std::string &url); // InvalidArgument
// Scheme, host and port: two URLs of one origin may share a bearer token.
std::string originOf(const UrlParts &parts);
// Where a Location header leads to; BadReply for what is not http(s).
Result<std::string> resolveUrl(const std::string &base, const std::string &reference);
// Origin and path: what may stand in a log. Queries carry codes and signatures.
std::string urlForLog(const std::string &url);
bool isLoopback(const UrlParts &parts);
// "a=b&c=d", percent-encoded (application/x-www-form-urlencoded).
std::string formEncode(const std::vector<std::pair<std::string, std::string>> &fields);

} // namespace connector
