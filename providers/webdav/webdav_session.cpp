// SPDX-License-Identifier: Apache-2.0
// Uploads chunk by chunk into a Nextcloud's session.
#include "core/random.h"
#include "providers/webdav/webdav_upload.h"

namespace connector::webdav {

using std::chrono::milliseconds;
using std::chrono::seconds;

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

Result<void> WebdavProvider::sendChunk(Upload &upload, std::int64_t number, const Call &call)
{
    auto request = chunkRequest(*m_site, upload.session, number, upload.size, upload.path());
    request.sourceStart = (number - 1) * upload.chunk;
    request.sourceBytes = upload.chunkSize(number);
    request.source = &upload.stream;
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        if (auto r = upload.stream.seek(request.sourceStart); !r)
            return r;
        auto reply = ask(request, nullptr, call);
        auto done = reply ? decodeDone(*reply) : Result<void>(reply.error());
        if (done)
            return done;
        Error error = std::move(done).error();
        if (error.code == Errc::NotFound)
            error.nativeCode = "session-gone";
        // An answer that broke on its way says nothing about the session, nor about the file.
        const bool broken = error.origin == "http" && (error.code == Errc::DataLoss || error.code == Errc::BadReply);
        if (broken)
            error.code = Errc::Unavailable;
        if (!broken || attempt == kCommitAttempts)
            return error;
        if (auto r = waitFor(wait, call); !r)
            return r;
    }
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
        if (auto r = sendChunk(upload, number, call); !r)
            return r;
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

} // namespace connector::webdav
