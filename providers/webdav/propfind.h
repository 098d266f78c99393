// SPDX-License-Identifier: Apache-2.0
// PROPFIND asked and read as the answer arrives.
#pragma once

#include "providers/webdav/webdav_codec.h"

namespace connector::webdav {

using Found = std::function<Result<void>(Resource &&)>;

// A request about files: their names are in the address, so that it stands in no log.
Result<HttpReply> askAbout(HttpClient &http, HttpRequest request, ByteSink *sink, const Call &call);

// Hands on each resource that the answer tells of; an error of `found` ends it.
Result<void> propfind(HttpClient &http, const Site &site, const std::string &url, int depth, bool quota,
                      const Found &found, const Call &call);

} // namespace connector::webdav
