// SPDX-License-Identifier: Apache-2.0
// Every decoder of Dropbox's replies; the first byte picks the status.
#include "fuzz/fuzz.h"
#include "providers/dropbox/dropbox_codec.h"

using namespace connector;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static constexpr std::array kStatuses{200, 206, 400, 401, 403, 409, 422, 429, 500};
    std::string_view input(reinterpret_cast<const char *>(data), size);
    HttpReply reply;
    reply.status = kStatuses.at(input.empty() ? 0 : static_cast<unsigned char>(input[0]) % kStatuses.size());
    input.remove_prefix(input.empty() ? 0 : 1);
    reply.body = input;
    reply.headers.set("Dropbox-API-Result", std::string(input));
    reply.headers.set("Retry-After", std::string(input.substr(0, 20)));

    for (const auto &page : {dropbox::decodeList(reply), dropbox::decodeSearch(reply)})
        if (page)
            for (const auto &entry : page->entries) {
                FUZZ_CHECK(isUtf8(entry.name) && !entry.name.empty() && !entry.id.value.empty());
                FUZZ_CHECK(!entry.size || *entry.size >= 0);
            }
    (void)dropbox::decodeAccount(reply);
    (void)dropbox::decodeQuota(reply);
    (void)dropbox::decodeMetadata(reply);
    (void)dropbox::decodeWrapped(reply);
    (void)dropbox::decodeSession(reply);
    (void)dropbox::decodePath(reply);
    (void)dropbox::decodeDownloadHead(reply);
    (void)dropbox::correctOffset(reply);
    const Error error = dropbox::decodeError(reply);
    FUZZ_CHECK(error.retryAfter.count() >= 0 && error.nativeCode.size() < 600);
    if (dropbox::checkName(reply.body))
        FUZZ_CHECK(isUtf8(reply.body));
    return 0;
}
