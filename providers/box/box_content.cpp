// SPDX-License-Identifier: Apache-2.0
// Bytes from Box: files, their PDFs and thumbnails.
#include "core/log.h"
#include "http/url.h"
#include "providers/box/box_provider.h"
#include "providers/reply.h"
#include "providers/transfer.h"

#include <charconv>

namespace connector::box {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr int kMostRedirects = 5;
constexpr int kNotReadyAttempts = 12;
constexpr int kPdfPolls = 60;
constexpr int kThumbnailPolls = 6;   // a list waits for it
constexpr int kLongestLookPause = 8; // times the tuning's patience
constexpr const char *kNotReady = "not_ready";

bool isRedirect(const HttpReply &reply)
{
    return (reply.status == 301 || reply.status == 302 || reply.status == 303 || reply.status == 307 ||
            reply.status == 308) &&
           reply.headers.has("Location");
}

// A link that was good for a quarter of an hour.
bool linkDied(int status)
{
    return status == 401 || status == 403 || status == 404 || status == 410;
}

Error notReady(const HttpReply &head)
{
    return Error{Errc::Busy,  "Box is not ready with it",
                 kOrigin,     kNotReady,
                 head.status, retryAfterOf(head.headers).value_or(std::chrono::seconds{0})};
}

std::int64_t lengthOf(const HttpHeaders &headers)
{
    const auto text = headers.get("Content-Length");
    std::int64_t length = -1;
    std::from_chars(text.data(), text.data() + text.size(), length);
    return length;
}

Result<std::string> fileOf(const EntryId &file)
{
    auto item = itemOf(file);
    if (!item || item->kind != ItemKind::File)
        return Error{Errc::InvalidArgument, "not a file", kOrigin};
    return std::move(item->number);
}

} // namespace

// Goes where a redirect leads, without the token, and to Box' own hosts only.
Result<HttpReply> BoxProvider::follow(const std::string &base, HttpReply redirect, std::int64_t offset, ByteSink &out,
                                      const OnHead &onHead, const Call &call)
{
    std::string from = base;
    for (int hop = 0; hop < kMostRedirects; ++hop) {
        auto url = resolveUrl(from, std::string(redirect.headers.get("Location")));
        if (!url)
            return std::move(url).error();
        if (!trusted(m_hosts, *url))
            return badReply(kOrigin, "a redirect to a host that is not Box'", redirect.status);
        auto request = targetRequest(*url, offset);
        request.onHead = onHead;
        auto reply = m_http.send(request, &out, call);
        if (!reply || !isRedirect(*reply))
            return reply;
        redirect = std::move(*reply);
        from = std::move(*url);
    }
    return badReply(kOrigin, "too many redirects", redirect.status);
}

// Asks for bytes until they are ready; the link to them that died on the way is asked for once more.
Result<HttpReply> BoxProvider::fetch(HttpRequest request, std::int64_t offset, ByteSink &out, const OnHead &onHead,
                                     const Call &call)
{
    const OnHead whenReady = [&](const HttpReply &head) -> Result<void> {
        return head.status == 202 ? Result<void>(notReady(head)) : onHead(head);
    };
    request.onHead = whenReady;
    milliseconds wait = m_tuning.patience;
    bool renewed = false;
    for (int attempt = 1;;) {
        auto reply = m_http.send(request, &out, call);
        const bool linked = reply && isRedirect(*reply);
        if (linked)
            reply = follow(request.url, std::move(*reply), offset, out, whenReady, call);
        if (reply && linked && linkDied(reply->status)) {
            if (!std::exchange(renewed, true))
                continue;
            return Error{Errc::Unavailable, "the link to the bytes is not good", kOrigin, {}, reply->status};
        }
        if (reply && reply->status >= 400)
            log::info(kOrigin, describe(decodeError(*reply)) + " (request " + requestIdsOf(*reply) + ")");
        if (reply || reply.error().nativeCode != kNotReady || attempt == kNotReadyAttempts)
            return reply;
        if (auto r = waitFor(std::max<milliseconds>(wait, reply.error().retryAfter), call); !r)
            return std::move(r).error();
        wait = std::min(wait * 2, m_tuning.patience * kLongestLookPause);
        ++attempt;
    }
}

Result<void> BoxProvider::download(const EntryId &file, const std::string &revision, std::int64_t offset, ByteSink &out,
                                   const Call &call)
{
    auto number = fileOf(file);
    if (!number)
        return std::move(number).error();
    if (offset < 0)
        return Error{Errc::InvalidArgument, "negative offset", kOrigin};
    if (!revision.empty() && !isNumber(revision))
        return fileChanged(kOrigin);
    CountingSink sink(out, offset, call);
    const auto onHead = [&](const HttpReply &head) -> Result<void> {
        const ContentRange range = contentRangeOf(head.headers);
        if (offset > 0 && (head.status != 206 || range.first != offset))
            return badReply(kOrigin, "the range was not obeyed", head.status);
        sink.expect(offset > 0 ? range.total : lengthOf(head.headers));
        return {};
    };
    auto reply = fetch(contentRequest(m_hosts, *number, revision), offset, sink, onHead, call);
    if (!reply)
        return std::move(reply).error();
    if (reply->status / 100 != 2)
        return refusedDownload(*reply, file, revision, offset, call);
    if (sink.total() >= 0 && sink.at() != sink.total())
        return Error{Errc::DataLoss, "the body is not as long as the file", kOrigin, {}, reply->status};
    return {};
}

// Whether the refusal means that nothing is left behind the offset, or that the version is no longer the file's.
Result<void> BoxProvider::refusedDownload(const HttpReply &reply, const EntryId &file, const std::string &revision,
                                          std::int64_t offset, const Call &call)
{
    Error error = decodeError(reply);
    const bool outOfRange = reply.status == 416 || error.nativeCode == "requested_page_out_of_range";
    if (outOfRange && contentRangeOf(reply.headers).total == offset)
        return {};
    if (!outOfRange && (revision.empty() || error.code != Errc::NotFound))
        return error;
    auto now = stat(file, call);
    if (!now)
        return std::move(now).error();
    if (!revision.empty() && now->revision != revision)
        return fileChanged(kOrigin);
    if (outOfRange && now->size == offset)
        return {};
    return error;
}

// The representation of the hinted kind, made if need be.
Result<Representation> BoxProvider::representation(const std::string &file, const std::string &hint, int polls,
                                                   const Call &call)
{
    HttpRequest request = representationsRequest(m_hosts, file, hint);
    bool listed = false;
    milliseconds wait = m_tuning.patience;
    for (int poll = 0;; ++poll) {
        auto reply = ask(request, call);
        if (!reply)
            return std::move(reply).error();
        Error later = notReady(*reply);
        bool atOnce = false;
        if (reply->status != 202) {
            auto made = listed ? decodeRepresentation(*reply) : decodeRepresentations(*reply);
            if (!made || made->state == Representation::State::Success)
                return made;
            if (made->state == Representation::State::Error)
                return Error{Errc::Unsupported, "Box could not convert it", kOrigin, std::move(made->errorCode)};
            if (!listed || made->infoUrl != request.url) {
                if (!trusted(m_hosts, made->infoUrl))
                    return badReply(kOrigin, "a representation at a host that is not Box'", reply->status);
                request = signedGet(made->infoUrl);
            }
            // Asking at the address that it names is what starts the work.
            atOnce = !listed && made->state == Representation::State::None;
            listed = true;
        }
        if (poll == polls)
            return later;
        if (atOnce)
            continue;
        if (auto r = waitFor(std::max<milliseconds>(wait, later.retryAfter), call); !r)
            return std::move(r).error();
        wait = std::min(wait * 2, m_tuning.patience * kLongestLookPause);
    }
}

Result<void> BoxProvider::represent(const EntryId &file, const std::string &hint, int polls, ByteSink &out,
                                    const Call &call)
{
    auto number = fileOf(file);
    if (!number)
        return std::move(number).error();
    auto made = representation(*number, hint, polls, call);
    if (!made)
        return std::move(made).error();
    // This address gets the token.
    if (!trusted(m_hosts, made->contentUrl))
        return badReply(kOrigin, "a representation at a host that is not Box'", 0);
    CountingSink sink(out, 0, call);
    const auto onHead = [&](const HttpReply &head) -> Result<void> {
        sink.expect(lengthOf(head.headers));
        return {};
    };
    auto reply = fetch(signedGet(made->contentUrl), 0, sink, onHead, call);
    if (!reply)
        return std::move(reply).error();
    return decodeNothing(*reply);
}

Result<void> BoxProvider::downloadPdf(const EntryId &file, ByteSink &out, const Call &call)
{
    return represent(file, "[pdf]", kPdfPolls, out, call);
}

Result<void> BoxProvider::thumbnail(const EntryId &file, int pixels, ByteSink &out, const Call &call)
{
    return represent(file, thumbnailHint(pixels), kThumbnailPolls, out, call);
}

} // namespace connector::box
