// SPDX-License-Identifier: Apache-2.0
#include "providers/webdav/propfind.h"

#include "http/url.h"

namespace connector::webdav {

Result<HttpReply> askAbout(HttpClient &http, HttpRequest request, ByteSink *sink, const Call &call)
{
    request.secretUrl = true;
    return http.send(request, sink, call);
}

Result<void> propfind(HttpClient &http, const Site &site, const std::string &url, int depth, bool quota,
                      const Found &found, const Call &call)
{
    const auto parts = splitUrl(url);
    const auto base = splitUrl(site.files);
    if (!parts || !base)
        return Error{Errc::InvalidArgument, "not a server's address", "webdav"};
    // Sessions lie beside the files, each below itself.
    std::string below = url.starts_with(site.files) ? base->path : parts->path;
    while (below.ends_with('/'))
        below.pop_back();
    MultistatusReader reader(site.host, below, found);
    auto reply = askAbout(http, propfindRequest(site, url, depth, quota), &reader, call);
    if (!reply) {
        Error error = std::move(reply).error();
        if (error.code == Errc::DataLoss && error.origin == "http") // cut: nothing of the file's is lost by that
            error.code = Errc::Unavailable;
        return error;
    }
    if (auto r = decodeDone(*reply); !r)
        return r;
    return reader.finish();
}

} // namespace connector::webdav
