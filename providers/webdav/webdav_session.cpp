// SPDX-License-Identifier: Apache-2.0
// Uploads chunk by chunk into a Nextcloud's session.
#include "core/random.h"
#include "providers/webdav/webdav_upload.h"

namespace connector::webdav {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::int64_t kBuffers = 32LL << 20U; // for the chunks on their way, as long as two fit
constexpr std::size_t kPiece = 256U << 10U;    // is read at once

} // namespace

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

// What a process that has just ended sent may still be on its way to the disk: asks until nothing is added.
Result<std::set<std::int64_t>> WebdavProvider::learnChunks(Upload &upload, const Call &call)
{
    auto known = chunksThere(upload, call);
    for (bool grows = true; known && grows;) {
        if (auto r = waitFor(m_tuning.patience, call); !r)
            return std::move(r).error();
        auto now = chunksThere(upload, call);
        grows = now && now->size() > known->size();
        known = std::move(now);
    }
    return known;
}

// The number of the chunk, once the server has it. Called by the lanes.
Result<std::int64_t> WebdavProvider::sendChunk(const Upload &upload, PartBuffer &chunk,
                                               const std::function<void()> &sent, const Call &call)
{
    const std::int64_t number = chunk.offset / upload.chunk + 1;
    auto request = chunkRequest(*m_site, upload.session, number, upload.size, upload.path());
    request.source = &chunk;
    request.sourceBytes = *chunk.size();
    request.onSent = sent;
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        (void)chunk.seek(0);
        auto reply = ask(request, nullptr, call);
        auto done = reply ? decodeDone(*reply) : Result<void>(reply.error());
        if (done)
            return number;
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
            return std::move(r).error();
    }
}

// Sends all chunks that the session does not hold yet. While the server puts one away, the next one's bytes go out.
Result<void> WebdavProvider::fillSession(Upload &upload, const Call &call)
{
    std::set<std::int64_t> there;
    if (upload.resumed) {
        auto known = learnChunks(upload, call);
        if (!known)
            return std::move(known).error();
        there = *std::move(known);
    } else if (upload.session.empty()) {
        if (auto r = beginSession(upload, call); !r)
            return r;
        if (auto r = upload.tell(); !r)
            return r;
    }
    std::int64_t stored = 0;
    for (const std::int64_t number : there)
        stored += upload.chunkSize(number);
    PartLanes<std::int64_t> lanes(
        upload.chunk * 2 <= kBuffers ? 2 : 1, static_cast<std::size_t>(upload.chunk),
        [&](PartBuffer &chunk, const std::function<void()> &sent, const Call &inner) {
            return sendChunk(upload, chunk, sent, inner);
        },
        call);
    const auto settle = [&]() -> Result<void> {
        for (auto &ended : lanes.takeEnded()) {
            if (!ended)
                return std::move(ended).error();
            stored += upload.chunkSize(*ended);
            if (auto r = upload.tell(); !r)
                return r;
        }
        call.report({stored + lanes.underWay(), upload.size});
        return call.poll();
    };
    for (std::int64_t number = 1; number <= upload.chunks(); ++number) {
        if (there.contains(number))
            continue;
        PartBuffer *chunk = lanes.takeFree();
        for (; chunk == nullptr; chunk = lanes.takeFree())
            if (auto r = settle(); !r)
                return r;
        if (auto r = readChunk(upload, number, *chunk, call); !r)
            return r;
        lanes.hand(chunk);
    }
    while (!lanes.idle())
        if (auto r = settle(); !r)
            return r;
    auto hash = upload.stream.hash();
    if (!hash)
        return std::move(hash).error();
    upload.sha1 = hash->substr(5);
    return {};
}

Result<void> WebdavProvider::readChunk(Upload &upload, std::int64_t number, PartBuffer &chunk, const Call &call)
{
    chunk.offset = (number - 1) * upload.chunk;
    if (auto r = upload.stream.seek(chunk.offset); !r)
        return r;
    const auto want = static_cast<std::size_t>(upload.chunkSize(number));
    for (chunk.used = 0; chunk.used < want;) {
        if (auto r = call.poll(); !r)
            return r;
        auto n = upload.stream.read({chunk.bytes.get() + chunk.used, std::min(kPiece, want - chunk.used)});
        if (!n)
            return std::move(n).error();
        if (*n == 0)
            return Error{Errc::DataLoss, "the source ended before its announced size"};
        chunk.used += *n;
    }
    return {};
}

// The server sweeps sessions after a day in any case.
void WebdavProvider::dropSession(Upload &upload)
{
    if (!upload.session.empty())
        (void)ask(removeRequest(sessionUrl(*m_site, upload.session)), nullptr, Call{}.within(seconds{10}));
}

} // namespace connector::webdav
