// SPDX-License-Identifier: Apache-2.0
// Every decoder of a WebDAV server's replies; the first byte picks the status.
#include "fuzz/fuzz.h"
#include "providers/webdav/paths.h"
#include "providers/webdav/webdav_codec.h"

using namespace connector;

namespace {

const webdav::Site &site()
{
    static const webdav::Site instance = [] {
        webdav::Site plain;
        plain.server = "https://cloud.example.org";
        plain.host = "cloud.example.org";
        plain.files = plain.server + "/remote.php/dav/files/mara";
        return webdav::nextcloudSite(plain, "mara");
    }();
    return instance;
}

// The answer in two pieces, as it may come.
void read(std::string_view input, std::size_t cut)
{
    webdav::MultistatusReader reader(
        "cloud.example.org", "/remote.php/dav/files/mara", [](webdav::Resource &&resource) {
            FUZZ_CHECK(resource.path.starts_with('/') && resource.path.find("/../") == std::string::npos);
            FUZZ_CHECK(!resource.size || *resource.size >= 0);
            const Entry entry = webdav::entryOf(resource);
            FUZZ_CHECK(isUtf8(entry.name) && entry.name.find('/') == std::string::npos);
            FUZZ_CHECK(resource.path == "/" || webdav::nodeOf(entry.id));
            return Result<void>();
        });
    const std::size_t at = std::min(cut, input.size());
    if (reader.write(input.substr(0, at)) && reader.write(input.substr(at)))
        (void)reader.finish();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static constexpr std::array kStatuses{200, 201, 207, 302, 400, 401, 403, 404, 409, 412, 423, 429, 500, 507};
    std::string_view input(reinterpret_cast<const char *>(data), size);
    const std::size_t first = input.empty() ? 0 : static_cast<unsigned char>(input[0]);
    HttpReply reply;
    reply.status = kStatuses.at(first % kStatuses.size());
    input.remove_prefix(input.empty() ? 0 : 1);
    reply.body = input;
    const std::string text(input);
    reply.headers.set("Retry-After", text.substr(0, 20));
    reply.headers.set("ETag", text.substr(0, 200));
    reply.headers.set("X-Hash-SHA1", text.substr(0, 60));

    read(input, first);
    (void)webdav::decodeWho(site(), reply);
    (void)webdav::decodeDone(reply);
    (void)webdav::serverSha1(reply);
    const Error error = webdav::decodeError(reply);
    FUZZ_CHECK(error.retryAfter.count() >= 0 && error.nativeCode.size() < 600);
    (void)webdav::parseHttpDate(text);
    FUZZ_CHECK(webdav::bareEtag(text).find_first_of("\"\r\n") == std::string::npos);
    if (webdav::checkName(text))
        FUZZ_CHECK(isUtf8(text) && text.find('/') == std::string::npos);
    if (const auto canonical = webdav::canonicalPath(text)) { // one spelling stays what it is
        FUZZ_CHECK(canonical->empty() || webdav::canonicalPath(*canonical) == canonical);
        FUZZ_CHECK(isUtf8(webdav::nameOf(*canonical)));
    }
    if (const auto below = webdav::pathBelow(text, "cloud.example.org", "/remote.php"))
        FUZZ_CHECK(below->starts_with('/') && below->find("/../") == std::string::npos);
    if (const auto node = webdav::nodeOf({text}))
        FUZZ_CHECK(node->path.starts_with('/') && node->path.find("/../") == std::string::npos);
    if (const auto server = webdav::serverOf(text))
        FUZZ_CHECK(server->starts_with("http"));
    return 0;
}
