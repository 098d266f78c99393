// SPDX-License-Identifier: Apache-2.0
// Uploads: in one request, or chunk by chunk into a Nextcloud's session; verified by what the server holds afterwards.
#include "providers/webdav/webdav_upload.h"

namespace connector::webdav {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr int kLooks = 6; // for a file whose assembling outlasted the connection
constexpr int kMostNames = 1000;

Error nameTaken()
{
    return Error{Errc::Conflict, "the name is taken", kOrigin, {}, 412};
}

} // namespace

Result<Entry> WebdavProvider::upload(const UploadTarget &target, ByteSource &in, const UploadState &resume,
                                     const std::function<Result<void>(const UploadState &)> &onState, const Call &call)
{
    if (auto r = checkName(target.name); !r)
        return std::move(r).error();
    auto node = nodeOf(target.folder);
    if (!node)
        return std::move(node).error();
    if (!node->folder())
        return Error{Errc::InvalidArgument, "not a folder", kOrigin};
    if (in.size().value_or(-1) < 0)
        return Error{Errc::InvalidArgument, "the source does not announce its size", kOrigin};
    if (auto r = settle(call); !r)
        return std::move(r).error();
    std::string folder = node->path;
    if (!node->fileId.empty() && m_site->nextcloud()) {
        // Where it is now, before anything is sent: another folder may have its old name.
        auto entry = stat(target.folder, call);
        if (!entry)
            return std::move(entry).error();
        folder = nodeOf(entry->id)->path;
    }
    return uploadTo(folder, target, in, resume, onState, call);
}

Result<Entry> WebdavProvider::uploadTo(const std::string &folder, const UploadTarget &target, ByteSource &in,
                                       const UploadState &resume,
                                       const std::function<Result<void>(const UploadState &)> &onState,
                                       const Call &call)
{
    const std::int64_t size = *in.size();
    const bool bySession = m_site->nextcloud() && size > m_tuning.simpleMax;
    std::string sha1;
    Call quiet = call; // of what is read, but not sent
    quiet.onProgress = {};
    if (!bySession) {
        // Read twice, so that the server can be told what to expect, and a lost answer can be recognised.
        HashingSource once(in, size, std::make_unique<DigestHasher>(DigestKind::Sha1), quiet);
        auto hash = once.hash();
        if (!hash)
            return std::move(hash).error();
        sha1 = hash->substr(5);
        if (auto r = in.seek(0); !r)
            return std::move(r).error();
    }
    Upload upload{target, onState, folder, size,
                  // By session, a chunk is hashed as it is read, while the one before it goes out.
                  HashingSource(in, size, bySession ? std::make_unique<DigestHasher>(DigestKind::Sha1) : nullptr,
                                bySession ? quiet : call)};
    upload.bySession = bySession;
    upload.sha1 = sha1;
    upload.restore(resume);
    if (upload.maybeCommitted) {
        auto found = findCommitted(upload, call);
        if (!found)
            return std::move(found).error();
        if (*found)
            return std::move(**found);
        upload.maybeCommitted = false;
    }
    for (int lives = 2;; --lives) {
        if (upload.name.empty() || upload.session.empty())
            if (auto r = chooseName(upload, call); !r)
                return std::move(r).error();
        Result<Entry> entry = Error{Errc::Cancelled, ""};
        if (auto filled = bySession ? fillSession(upload, call) : Result<void>(); !filled) {
            entry = std::move(filled).error();
        } else {
            upload.maybeCommitted = true; // from here on, until we hear otherwise
            if (auto r = upload.tell(); !r)
                return std::move(r).error();
            entry = commit(upload, call);
        }
        const bool gone = !entry && bySession && entry.error().nativeCode == "session-gone";
        if (gone && lives > 1) { // expired, or swept by the server: again from the start
            upload.session.clear();
            upload.resumed = false;
            upload.maybeCommitted = false;
            continue;
        }
        // What may go on later keeps its session.
        if (!entry && bySession && remedyFor(entry.error().code) != Remedy::RetryLater &&
            entry.error().code != Errc::Unauthenticated && entry.error().code != Errc::LocalIo)
            dropSession(upload);
        return entry;
    }
}

// The first free name by the policy. The server is asked before anything is sent, and holds us to it afterwards.
Result<void> WebdavProvider::chooseName(Upload &upload, const Call &call)
{
    if (upload.target.onConflict == OnConflict::Replace) {
        upload.name = upload.target.name;
        return {};
    }
    for (int n = 0; n < kMostNames; ++n) {
        upload.name = n == 0 ? upload.target.name : numbered(upload.target.name, n);
        auto there = resourceAt(upload.path(), call);
        if (!there && there.error().code == Errc::NotFound)
            return {};
        if (!there)
            return std::move(there).error();
        if (upload.target.onConflict == OnConflict::Fail)
            return nameTaken();
    }
    return nameTaken();
}

Result<HttpReply> WebdavProvider::askToCommit(Upload &upload, const Call &call)
{
    HttpRequest request;
    if (upload.bySession) {
        request = assembleRequest(*m_site, upload.session, upload.size, upload.path(), upload.options());
    } else {
        request = putRequest(*m_site, upload.path(), upload.options());
        if (auto r = upload.stream.seek(0); !r)
            return std::move(r).error();
        request.source = &upload.stream;
        request.sourceBytes = upload.size;
    }
    return sendToCommit(upload.bySession ? nullptr : &upload.stream, call,
                        [&](const Call &inner) { return ask(request, nullptr, inner); });
}

Result<Entry> WebdavProvider::commit(Upload &upload, const Call &call)
{
    auto entry = tryToCommit(upload, call);
    if (!entry && upload.unheard && call.stop.stop_requested())
        takeBack(upload);
    return entry;
}

Result<Entry> WebdavProvider::tryToCommit(Upload &upload, const Call &call)
{
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        if (auto r = call.poll(); !r)
            return std::move(r).error();
        upload.unheard = true;
        auto reply = askToCommit(upload, call);
        auto done = reply ? decodeDone(*reply) : Result<void>(reply.error());
        if (done) {
            upload.unheard = false;
            return verified(upload, *reply, call);
        }
        Error error = std::move(done).error();
        if (call.stop.stop_requested())
            return error;
        if (error.httpStatus == 405)
            return nameTaken(); // by a folder
        const bool lost = outcomeUnknown(error);
        const bool gone = upload.bySession && error.code == Errc::NotFound;
        // A conflict may be with ourselves: an earlier process, or an answer of 503, may have been followed by the
        // file.
        if (lost || gone || error.code == Errc::Conflict) {
            // A long file is still being put together when the connection has given up.
            for (int look = 1;; ++look, wait *= 2) {
                auto found = findCommitted(upload, call);
                if (!found)
                    return found.error().code == Errc::Cancelled || gone ? std::move(found).error() : error;
                if (*found)
                    return std::move(**found);
                if (!upload.bySession || !lost || look == kLooks)
                    break;
                auto session = chunksThere(upload, call);
                if (session && static_cast<std::int64_t>(session->size()) == upload.chunks() && look > 1)
                    break; // untouched: nobody is assembling it
                if (auto r = waitFor(wait, call); !r)
                    return std::move(r).error();
            }
            if (gone)
                error.nativeCode = "session-gone";
        }
        if (error.httpStatus == 412 && upload.target.onConflict == OnConflict::Rename) {
            if (upload.bySession) { // a session is for one name only
                dropSession(upload);
                error.nativeCode = "session-gone";
                return error;
            }
            if (auto r = chooseName(upload, call); !r)
                return std::move(r).error();
            if (auto r = upload.tell(); !r)
                return std::move(r).error();
            if (attempt < kMostNames)
                continue;
        }
        if (!lost || attempt >= kCommitAttempts)
            return error;
        if (auto r = waitFor(std::max<milliseconds>(wait, error.retryAfter), call); !r)
            return std::move(r).error();
    }
}

} // namespace connector::webdav
