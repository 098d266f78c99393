// SPDX-License-Identifier: Apache-2.0
// Paths at a WebDAV server, in one spelling whatever the server's.
#pragma once

#include "core/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace connector::webdav {

// Every segment percent-encoded anew, so that two spellings of one path are equal; "" for "/". A slash at the end
// stays. nullopt for what is no absolute path or would climb out of one ("..", also encoded), and for NUL.
std::optional<std::string> canonicalPath(std::string_view path);

// What a server calls a resource (an href: absolute URL or absolute path) as a path below `base`: "/" is base itself,
// folders may end with a slash. `host` and `base` are those of the request, base canonical and without slash at its
// end. BadReply for other hosts and for what is not below base.
Result<std::string> pathBelow(std::string_view href, std::string_view host, std::string_view base);

// The last segment as people read it: UTF-8, whatever its bytes were; "" for the root.
std::string nameOf(std::string_view path);
// The folder that it lies in, with a slash at its end.
std::string parentOf(std::string_view path);
std::string childOf(std::string_view folder, std::string_view name);

} // namespace connector::webdav
