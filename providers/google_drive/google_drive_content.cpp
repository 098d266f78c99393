// SPDX-License-Identifier: Apache-2.0
// What leaves the cloud: downloads, exports, thumbnails.
#include "core/encoding.h"
#include "http/url.h"
#include "providers/google_drive/google_drive_provider.h"
#include "providers/transfer.h"

namespace connector::google_drive {

namespace {

constexpr int kMostHops = 4;

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Worth being told as it is; everything else that happens on a way round means that the way does not lead there.
bool endsTheCall(const Error &error)
{
    return remedyFor(error.code) == Remedy::RetryLater || error.code == Errc::Cancelled ||
           error.code == Errc::Unauthenticated || error.code == Errc::LocalIo || error.code == Errc::DataLoss;
}

} // namespace

Result<void> GoogleDriveProvider::download(const EntryId &id, const std::string &revision, std::int64_t offset,
                                           ByteSink &out, const Call &call)
{
    if (offset < 0)
        return Error{Errc::InvalidArgument, "negative offset", kOrigin};
    // The bytes come without a word about which revision they are.
    auto file = fileAt(id, call);
    if (!file)
        return std::move(file).error();
    const Entry &entry = file->entry;
    if (entry.kind == EntryKind::Folder)
        return Error{Errc::InvalidArgument, "a folder has no bytes", kOrigin};
    if (entry.kind != EntryKind::File)
        return Error{Errc::Unsupported, "Google's own documents and dangling shortcuts have no bytes", kOrigin};
    if (!revision.empty() && entry.revision != revision)
        return fileChanged(kOrigin);
    if (!entry.downloadable)
        return refused(Errc::PermissionDenied, "its owner does not allow downloads", "file-blocked");
    const std::int64_t size = entry.size.value_or(-1);
    if (size >= 0 && offset >= size && offset > 0)
        return offset == size ? Result<void>() : fileChanged(kOrigin);

    CountingSink sink(out, offset, call);
    sink.expect(size);
    auto request = downloadRequest(m_hosts, *refOf(entry.id), offset);
    request.onHead = [&](const HttpReply &head) -> Result<void> {
        const ContentRange range = contentRangeOf(head.headers);
        if (offset > 0 ? head.status != 206 || range.first != offset : head.status != 200)
            return Error{Errc::BadReply, "the range was not obeyed", kOrigin, {}, head.status};
        if (offset > 0 && size >= 0 && range.total >= 0 && range.total != size)
            return fileChanged(kOrigin);
        return {};
    };
    auto reply = ask(request, &sink, call);
    if (!reply)
        return std::move(reply).error();
    if (auto r = decodeNothing(*reply); !r)
        return r;
    if (size >= 0 && sink.at() != size)
        return Error{Errc::DataLoss, "the body is not as long as the file", kOrigin, {}, reply->status};
    if (revision.empty())
        return {};
    auto after = fileAt(id, call); // replaced between the two requests
    if (!after)
        return std::move(after).error();
    return after->entry.revision == revision ? Result<void>() : fileChanged(kOrigin);
}

// An address that the service named, followed only as far as it is Google's.
Result<void> GoogleDriveProvider::fetchLink(std::string url, const char *contentType, ByteSink &out, const Call &call)
{
    for (int hops = 0; hops < kMostHops; ++hops) {
        const Trust trust = trustOf(m_hosts, url);
        if (trust == Trust::None)
            return Error{Errc::BadReply, "a link to an address that is not the cloud's", kOrigin};
        CountingSink sink(out, 0, call);
        HttpRequest request;
        request.url = url;
        request.signIt = trust == Trust::Signed;
        request.repeatable = true;
        request.onHead = [&](const HttpReply &head) -> Result<void> {
            if (!toLowerAscii(head.headers.get("Content-Type")).starts_with(contentType))
                return Error{Errc::Unsupported, "the link gives something else", kOrigin, {}, head.status};
            return {};
        };
        auto reply = ask(request, &sink, call);
        if (!reply)
            return std::move(reply).error();
        if (!isRedirect(reply->status))
            return decodeNothing(*reply);
        auto next = resolveUrl(url, std::string(reply->headers.get("Location")));
        if (!next)
            return std::move(next).error();
        url = std::move(*next);
    }
    return Error{Errc::BadReply, "too many redirects", kOrigin};
}

Result<void> GoogleDriveProvider::downloadPdf(const EntryId &id, ByteSink &out, const Call &call)
{
    auto file = fileAt(id, call);
    if (!file)
        return std::move(file).error();
    if (!file->entry.convertible)
        return Error{Errc::Unsupported, "Google Drive converts its own documents only", kOrigin};
    auto ref = refOf(file->entry.id);
    if (!ref)
        return std::move(ref).error();
    CountingSink sink(out, 0, call);
    auto request = exportRequest(m_hosts, *ref);
    request.onHead = [](const HttpReply &head) -> Result<void> {
        if (!toLowerAscii(head.headers.get("Content-Type")).starts_with("application/pdf"))
            return Error{Errc::Unsupported, "the export is not a PDF", kOrigin, {}, head.status};
        return {};
    };
    auto reply = ask(request, &sink, call);
    if (!reply)
        return std::move(reply).error();
    auto done = decodeNothing(*reply);
    if (!done && done.error().stable == "conversion-too-large")
        return exportByLink(*ref, out, call);
    return done;
}

// The API exports 10 MB at most; the link that browsers use takes more.
Result<void> GoogleDriveProvider::exportByLink(const FileRef &file, ByteSink &out, const Call &call)
{
    auto reply = ask(exportLinksRequest(m_hosts, file), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto link = decodeExportLink(*reply);
    auto done = link ? fetchLink(std::move(*link), "application/pdf", out, call) : Result<void>(link.error());
    if (done || endsTheCall(done.error()))
        return done;
    Error error = refused(Errc::Unsupported, "too large to be converted", "conversion-too-large");
    error.nativeCode = done.error().nativeCode;
    error.httpStatus = done.error().httpStatus;
    return error;
}

Result<void> GoogleDriveProvider::thumbnail(const EntryId &id, int pixels, ByteSink &out, const Call &call)
{
    auto ref = refOf(id);
    if (!ref)
        return std::move(ref).error();
    auto reply = ask(thumbnailLinkRequest(m_hosts, *ref), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto link = decodeThumbnailLink(*reply);
    if (!link)
        return std::move(link).error();
    return fetchLink(resized(*link, pixels), "image/", out, call);
}

} // namespace connector::google_drive
