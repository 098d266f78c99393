// SPDX-License-Identifier: Apache-2.0
// Uploads: in one request, or chunk by chunk into a Nextcloud's session; verified by what the server holds afterwards.
#include "core/random.h"
#include "http/json_body.h"
#include "providers/digest.h"
#include "providers/transfer.h"
#include "providers/webdav/paths.h"
#include "providers/webdav/webdav_provider.h"

namespace connector::webdav {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr const char *kOrigin = "webdav";
constexpr std::int64_t kMostChunks = 10'000; // Nextcloud's
constexpr int kCommitAttempts = 3;
constexpr int kLooks = 6; // for a file whose assembling outlasted the connection
constexpr int kMostNames = 1000;

Error nameTaken()
{
    return Error{Errc::Conflict, "the name is taken", kOrigin, {}, 412};
}

class DigestSink : public ByteSink {
public:
    Result<void> write(std::span<const char> bytes) override
    {
        m_hasher.update(bytes);
        return {};
    }
    std::string result() { return m_hasher.result(); }

private:
    DigestHasher m_hasher{DigestKind::Sha1};
};

} // namespace

// One upload on its way.
struct WebdavProvider::Upload {
    const UploadTarget &target;
    const std::function<Result<void>(const UploadState &)> &onState;
    std::string folder; // its path
    std::int64_t size;
    HashingSource stream;
    std::string name = {};    // the one that is tried; "" until chosen
    std::string session = {}; // "": not begun, or not by session
    std::int64_t chunk = 0;
    std::string sha1 = {}; // "" until known
    bool bySession = false;
    bool resumed = false;        // an earlier process filled a part of the session
    bool maybeCommitted = false; // an earlier try may have succeeded unheard

    std::string path() const { return childOf(folder, name); }
    PutOptions options() const { return {target.onConflict == OnConflict::Replace, target.modified, sha1}; }
    std::int64_t chunks() const { return (size + chunk - 1) / chunk; }
    std::int64_t chunkSize(std::int64_t number) const { return std::min(chunk, size - (number - 1) * chunk); }

    Result<void> tell() const
    {
        if (!onState)
            return {};
        return onState({nlohmann::json{{"version", 1},
                                       {"size", size},
                                       {"name", name},
                                       {"session", session},
                                       {"chunk", chunk},
                                       {"committing", maybeCommitted}}
                            .dump()});
    }

    // Ignores what is not a state of this upload: it then starts from nothing.
    void restore(const UploadState &state)
    {
        auto body = parseJson(state.opaque, 4);
        if (!body || integerOf(*body, "version") != 1 || integerOf(*body, "size") != size)
            return;
        const std::string known = textOf(*body, "name");
        if (!checkName(known))
            return;
        name = known;
        maybeCommitted = flagOf(*body, "committing");
        const std::int64_t bytes = integerOf(*body, "chunk").value_or(0);
        const std::string begun = textOf(*body, "session");
        if (bySession && !begun.empty() && checkName(begun) && bytes > 0 && (size + bytes - 1) / bytes <= kMostChunks) {
            session = begun;
            chunk = bytes;
            resumed = true;
        }
    }
};

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
    if (!bySession) {
        // Read twice, so that the server can be told what to expect, and a lost answer can be recognised.
        Call quiet = call;
        quiet.onProgress = {};
        HashingSource once(in, size, std::make_unique<DigestHasher>(DigestKind::Sha1), quiet);
        auto hash = once.hash();
        if (!hash)
            return std::move(hash).error();
        sha1 = hash->substr(5);
        if (auto r = in.seek(0); !r)
            return std::move(r).error();
    }
    Upload upload{target, onState, folder, size,
                  HashingSource(in, size,
                                bySession
                                    ? std::make_unique<ThreadedHasher>(std::make_unique<DigestHasher>(DigestKind::Sha1))
                                    : nullptr,
                                call)};
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

Result<void> WebdavProvider::beginSession(Upload &upload, const Call &call)
{
    upload.session = makeUuid();
    upload.chunk = std::max(m_tuning.chunk, (upload.size + kMostChunks - 1) / kMostChunks);
    auto reply = ask(sessionRequest(*m_site, upload.session, upload.path()), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    return decodeDone(*reply);
}

// Which chunks arrived whole; "session-gone" where the session is no more.
Result<std::set<std::int64_t>> WebdavProvider::chunksThere(Upload &upload, const Call &call)
{
    std::set<std::int64_t> there;
    auto asked = propfind(
        sessionUrl(*m_site, upload.session), 1, false,
        [&](Resource &&resource) -> Result<void> {
            const std::string name = nameOf(resource.path);
            if (resource.collection || name.empty() || name.size() > 5 ||
                name.find_first_not_of("0123456789") != std::string::npos)
                return {};
            const std::int64_t number = std::stoll(name);
            if (number >= 1 && number <= upload.chunks() && resource.size == upload.chunkSize(number))
                there.insert(number);
            return {};
        },
        call);
    if (asked)
        return there;
    Error error = std::move(asked).error();
    if (error.code == Errc::NotFound)
        error.nativeCode = "session-gone";
    return error;
}

// Sends all chunks that the session does not hold yet.
Result<void> WebdavProvider::fillSession(Upload &upload, const Call &call)
{
    std::set<std::int64_t> there;
    if (upload.resumed) {
        auto known = chunksThere(upload, call);
        if (!known)
            return std::move(known).error();
        there = *std::move(known);
    } else if (upload.session.empty()) {
        if (auto r = beginSession(upload, call); !r)
            return r;
        if (auto r = upload.tell(); !r)
            return r;
    }
    for (std::int64_t number = 1; number <= upload.chunks(); ++number) {
        if (there.contains(number))
            continue;
        auto request = chunkRequest(*m_site, upload.session, number, upload.size, upload.path());
        request.sourceStart = (number - 1) * upload.chunk;
        request.sourceBytes = upload.chunkSize(number);
        if (auto r = upload.stream.seek(request.sourceStart); !r)
            return r;
        request.source = &upload.stream;
        auto reply = ask(request, nullptr, call);
        if (!reply)
            return std::move(reply).error();
        if (auto done = decodeDone(*reply); !done) {
            Error error = std::move(done).error();
            if (error.code == Errc::NotFound)
                error.nativeCode = "session-gone";
            return error;
        }
        if (auto r = upload.tell(); !r)
            return r;
    }
    auto hash = upload.stream.hash();
    if (!hash)
        return std::move(hash).error();
    upload.sha1 = hash->substr(5);
    return {};
}

// The server sweeps sessions after a day in any case.
void WebdavProvider::dropSession(Upload &upload)
{
    if (!upload.session.empty())
        (void)ask(removeRequest(sessionUrl(*m_site, upload.session)), nullptr, Call{}.within(seconds{10}));
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
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        if (auto r = call.poll(); !r)
            return std::move(r).error();
        auto reply = askToCommit(upload, call);
        auto done = reply ? decodeDone(*reply) : Result<void>(reply.error());
        if (done)
            return verified(upload, *reply, call);
        Error error = std::move(done).error();
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

// Is our file there, under the name that was tried?
Result<std::optional<Entry>> WebdavProvider::findCommitted(Upload &upload, const Call &call)
{
    auto there = resourceAt(upload.path(), call);
    if (!there)
        return there.error().code == Errc::NotFound ? Result<std::optional<Entry>>(std::nullopt) : there.error();
    if (there->collection || there->size != upload.size)
        return std::optional<Entry>();
    if (upload.sha1.empty()) {
        auto hash = upload.stream.hash();
        if (!hash)
            return std::move(hash).error();
        upload.sha1 = hash->substr(5);
    }
    auto held = hashThere(upload.path(), nullptr, call);
    if (!held)
        return std::move(held).error();
    if (*held != upload.sha1)
        return std::optional<Entry>();
    auto entry = resourceAt(upload.path(), call);
    if (!entry)
        return std::move(entry).error();
    return std::optional(entryOf(*entry));
}

// SHA-1 of the bytes that the server holds, in its own words where it has any: as it took them in, computed anew, as
// it says in listings; else of what it gives back.
Result<std::string> WebdavProvider::hashThere(const std::string &path, const HttpReply *reply, const Call &call)
{
    if (reply != nullptr)
        if (auto told = serverSha1(*reply); !told.empty())
            return told;
    if (m_site->nextcloud()) {
        auto computed = ask(hashRequest(*m_site, path), nullptr, call);
        if (!computed)
            return std::move(computed).error();
        if (auto told = serverSha1(*computed); computed->status < 300 && !told.empty())
            return told;
        auto there = resourceAt(path, call);
        if (!there)
            return std::move(there).error();
        if (!there->sha1.empty())
            return there->sha1;
    }
    return readBack(path, call);
}

Result<std::string> WebdavProvider::readBack(const std::string &path, const Call &call)
{
    Call quiet = call;
    quiet.onProgress = {};
    for (int attempt = 1;; ++attempt) {
        DigestSink sink;
        auto read = getAt(path, "", 0, sink, quiet);
        if (read)
            return sink.result().substr(5);
        if (attempt == kCommitAttempts || (read.error().code != Errc::DataLoss && !outcomeUnknown(read.error())))
            return std::move(read).error();
    }
}

Result<Entry> WebdavProvider::verified(Upload &upload, const HttpReply &reply, const Call &call)
{
    auto held = hashThere(upload.path(), &reply, call);
    const bool cancelled = call.stop.stop_requested();
    if (!held && !cancelled)
        return std::move(held).error();
    // The file is there: a cancel must not keep us from knowing what to remove.
    const Call inner = Call{}.within(seconds{30});
    auto there = resourceAt(upload.path(), cancelled ? inner : call);
    if (!there)
        return std::move(there).error();
    Entry entry = entryOf(*there);
    const auto drop = [&] { return ask(removeRequest(m_site->files + upload.path()), nullptr, inner); };
    if (entry.size != upload.size || (held && *held != upload.sha1)) {
        if (upload.target.onConflict == OnConflict::Replace) // removing it would take what stood there before, too
            return Error{Errc::DataLoss, "the cloud holds other bytes than were sent, and keeps them", kOrigin};
        const auto gone = drop();
        if (!gone || (gone->status >= 300 && gone->status != 404))
            return Error{Errc::DataLoss, "the cloud holds other bytes than were sent, and keeps them", kOrigin};
        return Error{Errc::DataLoss, "the cloud received other bytes than were sent", kOrigin};
    }
    // Replaced is replaced; a new file of a cancelled upload goes away again.
    if (call.stop.stop_requested() && upload.target.onConflict != OnConflict::Replace) {
        if (const auto gone = drop(); gone && gone->status < 300)
            return Error{Errc::Cancelled, "cancelled", kOrigin};
    }
    return entry;
}

} // namespace connector::webdav
