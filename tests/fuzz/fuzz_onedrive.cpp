// SPDX-License-Identifier: Apache-2.0
// Every decoder of OneDrive's replies; the first byte picks the status.
#include "fuzz/fuzz.h"
#include "providers/onedrive/onedrive_codec.h"

using namespace connector;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static constexpr std::array kStatuses{200, 202, 302, 400, 401, 403, 404, 406,
                                          409, 410, 412, 416, 423, 429, 500, 507};
    static const onedrive::Hosts hosts{"https://graph.microsoft.com"};
    std::string_view input(reinterpret_cast<const char *>(data), size);
    HttpReply reply;
    reply.status = kStatuses.at(input.empty() ? 0 : static_cast<unsigned char>(input[0]) % kStatuses.size());
    input.remove_prefix(input.empty() ? 0 : 1);
    reply.body = input;
    const std::string text(input);
    reply.headers.set("Retry-After", text.substr(0, 20));
    reply.headers.set("Location", text.substr(0, 200));

    if (const auto page = onedrive::decodeItems(hosts, reply, "b!own")) {
        FUZZ_CHECK(page->next.empty() || onedrive::isPageUrl(hosts, page->next));
        for (const auto &item : page->items) {
            FUZZ_CHECK(isUtf8(item.entry.name) && !item.entry.name.empty());
            FUZZ_CHECK(!item.entry.size || *item.entry.size >= 0);
            FUZZ_CHECK(item.at.drive.empty() || onedrive::refOf(item.entry.id));
        }
    }
    if (const auto session = onedrive::decodeSession(hosts, reply))
        FUZZ_CHECK(onedrive::isBytesUrl(hosts, session->url));
    if (const auto ranges = onedrive::decodeRanges(reply); ranges && ranges->next)
        FUZZ_CHECK(ranges->next->first >= 0 && (ranges->next->last < 0 || ranges->next->last >= ranges->next->first));
    if (const auto url = onedrive::decodeThumbnail(hosts, reply, 96))
        FUZZ_CHECK(onedrive::isBytesUrl(hosts, *url));
    if (const auto url = onedrive::decodeRedirect(hosts, "https://graph.microsoft.com/v1.0/x", reply))
        FUZZ_CHECK(onedrive::isBytesUrl(hosts, *url));
    (void)onedrive::decodeItem(reply, "");
    (void)onedrive::decodeAccount(reply);
    (void)onedrive::decodeDrive(reply);
    (void)onedrive::decodeDrives(reply);
    (void)onedrive::decodeSites(reply);
    Account account;
    onedrive::addFromIdToken(text, account);
    onedrive::addFromIdToken("." + toBase64Url(text) + ".", account);
    FUZZ_CHECK(!account.emailVerified); // it has no address
    const Error error = onedrive::decodeError(reply);
    FUZZ_CHECK(error.retryAfter.count() >= 0 && error.nativeCode.size() < 600);
    if (onedrive::checkName(text))
        FUZZ_CHECK(isUtf8(text) && text.find('/') == std::string::npos);
    if (const auto ref = onedrive::refOf({text})) // no id leaves its place in the path
        FUZZ_CHECK(onedrive::isPageUrl(hosts, onedrive::itemRequest(hosts, *ref).url));
    return 0;
}
