// SPDX-License-Identifier: Apache-2.0
// Every decoder of Google Drive's replies; the first byte picks the status.
#include "fuzz/fuzz.h"
#include "providers/google_drive/google_drive_codec.h"

using namespace connector;

namespace {

void check(const Entry &entry)
{
    FUZZ_CHECK(isUtf8(entry.name) && !entry.name.empty());
    FUZZ_CHECK(google_drive::refOf(entry.id)); // fit for a URL and a header
    FUZZ_CHECK(!entry.size || *entry.size >= 0);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const google_drive::Hosts kHosts{"https://openidconnect.googleapis.com", "https://www.googleapis.com",
                                            "https://docs.google.com", "https://lh3.googleusercontent.com"};
    static constexpr std::array kStatuses{200, 206, 308, 400, 401, 403, 404, 409, 429, 500};
    std::string_view input(reinterpret_cast<const char *>(data), size);
    HttpReply reply;
    reply.status = kStatuses.at(input.empty() ? 0 : static_cast<unsigned char>(input[0]) % kStatuses.size());
    input.remove_prefix(input.empty() ? 0 : 1);
    reply.body = input;
    reply.headers.set("Location", std::string(input));
    reply.headers.set("Range", std::string(input.substr(0, 40)));
    reply.headers.set("Retry-After", std::string(input.substr(0, 20)));

    if (auto page = google_drive::decodeFiles(reply))
        for (const auto &file : page->files) {
            check(file.entry);
            check(google_drive::asTarget(file));
            FUZZ_CHECK(!file.target || google_drive::refOf(*file.target));
        }
    if (auto file = google_drive::decodeFile(reply))
        check(file->entry);
    if (auto drives = google_drive::decodeDrives(reply))
        for (const auto &place : drives->drives)
            FUZZ_CHECK(google_drive::refOf(place.id) && !place.name.empty());
    if (auto id = google_drive::decodeId(reply))
        FUZZ_CHECK(google_drive::refOf({*id}));
    if (auto session = google_drive::decodeSession(kHosts, reply))
        FUZZ_CHECK(session->starts_with("https:/"));
    (void)google_drive::decodeUserinfo(reply);
    (void)google_drive::decodeAbout(reply);
    if (auto link = google_drive::decodeThumbnailLink(reply))
        (void)google_drive::resized(*link, 64);
    (void)google_drive::decodeExportLink(reply);
    FUZZ_CHECK(google_drive::storedBytes(reply) >= -1);
    (void)google_drive::isRateLimit(reply);
    const Error error = google_drive::decodeError(reply);
    FUZZ_CHECK(error.retryAfter.count() >= 0 && error.nativeCode.size() <= 64);

    const std::string text(input);
    if (google_drive::trustOf(kHosts, text) != google_drive::Trust::None)
        FUZZ_CHECK(toLowerAscii(text.substr(0, 7)) == "https:/");
    if (google_drive::checkName(text))
        FUZZ_CHECK(isUtf8(text) && google_drive::numbered(text, 3).size() == text.size() + 4);
    // Nothing in a search gets out of its quotes: without what is escaped, they come in pairs.
    const std::string q = google_drive::searchQuery(text, {}, false).q;
    std::size_t quotes = 0;
    for (std::size_t i = 0; i < q.size(); ++i) {
        if (q[i] == '\\')
            ++i;
        else if (q[i] == '\'')
            ++quotes;
    }
    FUZZ_CHECK(quotes % 2 == 0 && q.ends_with("') and trashed = false"));
    return 0;
}
