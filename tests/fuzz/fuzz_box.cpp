// SPDX-License-Identifier: Apache-2.0
// Every decoder of Box' replies; the first byte picks the status.
#include "fuzz/fuzz.h"
#include "providers/box/box_upload_codec.h"

using namespace connector;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static constexpr std::array kStatuses{200, 201, 202, 302, 400, 401, 403, 404, 409, 410, 412, 416, 429, 500};
    static const box::Hosts hosts{"https://api.box.com", "https://upload.box.com", "https://dl.boxcloud.com"};
    std::string_view input(reinterpret_cast<const char *>(data), size);
    HttpReply reply;
    reply.status = kStatuses.at(input.empty() ? 0 : static_cast<unsigned char>(input[0]) % kStatuses.size());
    input.remove_prefix(input.empty() ? 0 : 1);
    reply.body = input;
    const std::string text(input);
    reply.headers.set("Retry-After", text.substr(0, 20));
    reply.headers.set("WWW-Authenticate", text.substr(0, 100));
    reply.headers.set("box-request-id", text.substr(0, 80));

    for (const char *below : {"", "7"})
        if (const auto items = box::decodeItems(reply, below))
            for (const auto &entry : items->entries) {
                FUZZ_CHECK(isUtf8(entry.name) && !entry.name.empty());
                FUZZ_CHECK(!entry.size || *entry.size >= 0);
                FUZZ_CHECK(box::itemOf(entry.id));
            }
    if (const auto session = box::decodeSession(reply, hosts, 20'000'001)) {
        FUZZ_CHECK(session->partSize > 0 && box::trusted(hosts, session->part) && box::trusted(hosts, session->commit));
        FUZZ_CHECK(box::sessionOf(box::toJson(*session), hosts));
    }
    if (const auto part = box::decodePart(reply))
        FUZZ_CHECK(part->offset >= 0 && part->size > 0 && !part->id.empty());
    if (const auto holder = box::nameHolderOf(reply); holder && holder->item)
        FUZZ_CHECK(box::isNumber(holder->item->number));
    if (const auto token = box::PageToken::parse(text))
        FUZZ_CHECK(token->byMarker || token->offset > 0);
    if (const auto item = box::itemOf({text})) // no id leaves its place in the path
        FUZZ_CHECK(box::trusted(hosts, box::itemRequest(hosts, *item).url) && box::isNumber(item->number));
    (void)box::decodePartList(reply);
    (void)box::decodeUploaded(reply);
    (void)box::decodeAccount(reply);
    (void)box::decodeItem(reply);
    (void)box::decodeRepresentations(reply);
    (void)box::decodeRepresentation(reply);
    const Error error = box::decodeError(reply);
    FUZZ_CHECK(error.retryAfter.count() >= 0 && error.nativeCode.size() <= 64);
    FUZZ_CHECK(box::requestIdsOf(reply).size() <= 130);
    if (box::checkName(text)) {
        FUZZ_CHECK(isUtf8(text) && text.find('/') == std::string::npos);
        for (const int attempt : {1, 9, 20})
            FUZZ_CHECK(box::checkName(box::nameFor(text, attempt)));
    }
    return 0;
}
