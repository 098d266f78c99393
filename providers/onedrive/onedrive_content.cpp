// SPDX-License-Identifier: Apache-2.0
// Bytes of files: where they are is told by the service, and nobody but it gets the token.
#include "core/encoding.h"
#include "providers/onedrive/onedrive_provider.h"
#include "providers/transfer.h"

#include <algorithm>

namespace connector::onedrive {

namespace {

constexpr int kMostHops = 3;

// Throws away what was there before: for stores that send the whole file when asked for its rest.
class SkippingSink : public ByteSink {
public:
    explicit SkippingSink(ByteSink &out) : m_out(out) {}
    void skip(std::int64_t bytes) { m_left = bytes; }
    Result<void> write(std::span<const char> bytes) override
    {
        const auto past = static_cast<std::size_t>(std::min<std::int64_t>(m_left, std::ssize(bytes)));
        m_left -= static_cast<std::int64_t>(past);
        bytes = bytes.subspan(past);
        return bytes.empty() ? Result<void>() : m_out.write(bytes);
    }

private:
    ByteSink &m_out;
    std::int64_t m_left = 0;
};

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// What a pre-authenticated URL says when its time is over.
bool isExpired(const HttpReply &reply)
{
    return (reply.status == 401 || reply.status == 403 || reply.status == 404 || reply.status == 410) &&
           decodeError(reply).stable != "file-blocked";
}

Error blocked()
{
    return Error{Errc::PermissionDenied, "the file is infected", kOrigin, "malware", 0, {}, "file-blocked"};
}

Error errorOf(const HttpReply &reply, bool redirected)
{
    Error error = decodeError(reply);
    // It knows no tokens and no items: whatever it says of them means that the address does not work.
    if (redirected && (error.code == Errc::Unauthenticated || isExpired(reply))) {
        error.code = Errc::Unavailable;
        error.stable.clear();
        error.message = "the address of the bytes does not work";
    }
    return error;
}

} // namespace

// Follows to where the bytes are, without the token. A 2xx body goes to `out` once `onHead` agrees.
Result<OneDriveProvider::Fetched> OneDriveProvider::fetch(HttpRequest request, std::int64_t offset,
                                                          const std::function<Result<void>(const HttpReply &)> &onHead,
                                                          ByteSink &out, const Call &call)
{
    bool redirected = !request.signIt;
    for (int hops = 0;; ++hops) {
        request.onHead = onHead;
        auto reply = m_http.send(request, &out, call);
        if (!reply)
            return std::move(reply).error();
        if (!isRedirect(reply->status))
            return Fetched{std::move(*reply), redirected};
        if (hops == kMostHops)
            return Error{Errc::BadReply, "too many redirects", kOrigin, {}, reply->status};
        auto target = decodeRedirect(m_hosts, request.url, *reply);
        if (!target)
            return std::move(target).error();
        request = bytesRequest(*target, offset);
        redirected = true;
    }
}

Result<void> OneDriveProvider::download(const EntryId &file, const std::string &revision, std::int64_t offset,
                                        ByteSink &out, const Call &call)
{
    if (offset < 0)
        return Error{Errc::InvalidArgument, "negative offset", kOrigin};
    auto ref = refOf(file);
    if (!ref)
        return std::move(ref).error();
    if (ref->item.empty())
        return Error{Errc::InvalidArgument, "a drive is not a file", kOrigin};
    CountingSink counted(out, offset, call);
    SkippingSink sink(counted);
    const auto onHead = [&](const HttpReply &head) -> Result<void> {
        const ContentRange range = contentRangeOf(head.headers);
        if (head.status == 206) {
            if (range.first != offset)
                return Error{Errc::BadReply, "the range was not obeyed", kOrigin, {}, head.status};
            counted.expect(range.total);
            return {};
        }
        sink.skip(offset); // the whole file
        std::int64_t length = -1;
        const std::string text(head.headers.get("Content-Length"));
        if (!text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos)
            length = std::stoll(text);
        counted.expect(length); // what the item says of its size may be older
        return {};
    };
    for (bool again = false;; again = true) {
        auto item = itemAt(*ref, call);
        if (!item)
            return std::move(item).error();
        if (item->entry.kind == EntryKind::Folder)
            return Error{Errc::InvalidArgument, "not a file", kOrigin, "notAFile"};
        if (item->infected)
            return blocked();
        if (item->entry.kind != EntryKind::File)
            return Error{Errc::Unsupported, "there are no bytes of this", kOrigin, "package"};
        if (!revision.empty() && item->entry.revision != revision)
            return fileChanged(kOrigin);
        auto got = fetch(contentRequest(m_hosts, *ref), offset, onHead, sink, call);
        if (!got)
            return std::move(got).error();
        const HttpReply &reply = got->reply;
        if (got->redirected && !again && isExpired(reply))
            continue; // the address ran out while we were on the way: the service gives a fresh one
        const std::int64_t total = contentRangeOf(reply.headers).total;
        if (reply.status == 416 && offset > 0 && offset == (total >= 0 ? total : item->entry.size.value_or(-1)))
            return {}; // nothing is left behind the offset
        if (reply.status / 100 != 2)
            return errorOf(reply, got->redirected);
        if (counted.total() >= 0 && counted.at() != counted.total())
            return Error{Errc::DataLoss, "the body is not as long as the file", kOrigin, {}, reply.status};
        if (revision.empty())
            return {};
        auto after = itemAt(*ref, call); // replaced between the two requests
        if (!after)
            return std::move(after).error();
        return after->entry.revision == revision ? Result<void>() : fileChanged(kOrigin);
    }
}

Result<void> OneDriveProvider::downloadPdf(const EntryId &file, ByteSink &out, const Call &call)
{
    auto ref = refOf(file);
    if (!ref)
        return std::move(ref).error();
    CountingSink sink(out, 0, call);
    const auto onHead = [](const HttpReply &head) -> Result<void> {
        const std::string type = toLowerAscii(head.headers.get("Content-Type"));
        if (!type.starts_with("application/pdf") && !type.starts_with("application/octet-stream"))
            return Error{Errc::Unsupported, "the conversion is not a PDF", kOrigin, {}, head.status};
        return {};
    };
    for (bool again = false;; again = true) {
        auto got = fetch(pdfRequest(m_hosts, *ref), 0, onHead, sink, call);
        if (!got)
            return std::move(got).error();
        if (got->reply.status / 100 == 2)
            return {};
        const Error error = errorOf(got->reply, got->redirected);
        const bool passing =
            (got->redirected && isExpired(got->reply)) || saysCode(error, "officeconversion_converterinternal");
        if (again || !passing)
            return error;
    }
}

Result<void> OneDriveProvider::thumbnail(const EntryId &file, int pixels, ByteSink &out, const Call &call)
{
    auto ref = refOf(file);
    if (!ref)
        return std::move(ref).error();
    for (bool again = false;; again = true) {
        auto reply = m_http.send(thumbnailsRequest(m_hosts, *ref), nullptr, call);
        if (!reply)
            return std::move(reply).error();
        auto url = decodeThumbnail(m_hosts, *reply, pixels);
        if (!url)
            return std::move(url).error();
        auto got = fetch(bytesRequest(*url, 0), 0, {}, out, call);
        if (!got)
            return std::move(got).error();
        if (got->reply.status / 100 == 2)
            return {};
        if (again || !isExpired(got->reply))
            return errorOf(got->reply, true);
    }
}

} // namespace connector::onedrive
