// SPDX-License-Identifier: Apache-2.0
// Upload sessions at Box: parts, several at once, and the commit that makes a file of them.
#include "core/encoding.h"
#include "core/log.h"
#include "providers/box/box_upload.h"
#include "providers/box/part_lanes.h"
#include "providers/digest.h"
#include "providers/reply.h"

namespace connector::box {

using std::chrono::milliseconds;

namespace {

constexpr int kCommitAttempts = 60; // while the service puts the file together
constexpr int kLostCommits = 3;
constexpr int kMismatches = 8;
constexpr int kPartTries = 4;           // of one that arrives damaged
constexpr int kLongestCommitPause = 10; // times the tuning's patience
constexpr std::size_t kPiece = 256U << 10U;

std::int64_t sizeAt(const Session &session, std::int64_t offset, std::int64_t size)
{
    return std::min(session.partSize, size - offset);
}

Error endedEarly()
{
    return Error{Errc::DataLoss, "the source ended before its announced size"};
}

bool damagedOnTheWay(const Error &error)
{
    return error.nativeCode == "bad_digest" || (error.code == Errc::DataLoss && error.origin == "http");
}

// Reads that much of the source from where it stands; gives its raw SHA-1.
Result<std::string> digestOfNext(ByteSource &in, std::int64_t bytes, const Call &call)
{
    Digest digest(DigestKind::Sha1);
    std::vector<char> piece(std::min(kPiece, static_cast<std::size_t>(bytes)));
    while (bytes > 0) {
        if (auto r = call.poll(); !r)
            return std::move(r).error();
        auto n = in.read(std::span(piece).first(
            static_cast<std::size_t>(std::min<std::int64_t>(static_cast<std::int64_t>(piece.size()), bytes))));
        if (!n)
            return std::move(n).error();
        if (*n == 0)
            return endedEarly();
        digest.update(std::span<const char>(piece.data(), *n));
        bytes -= static_cast<std::int64_t>(*n);
    }
    return digest.finish();
}

} // namespace

bool sessionGone(const Error &error)
{
    return error.origin == kOrigin &&
           (error.httpStatus == 404 || error.httpStatus == 410 || error.nativeCode == "invalid_upload_session_id" ||
            error.nativeCode == "forbidden" || error.nativeCode == "range_not_satisfiable");
}

Result<void> BoxProvider::openSession(Upload &upload, const Call &call)
{
    auto reply = ask(sessionRequest(m_hosts, upload.to, upload.size), call);
    if (!reply)
        return std::move(reply).error();
    auto session = decodeSession(*reply, m_hosts, upload.size);
    if (!session)
        return std::move(session).error();
    upload.session = std::move(*session);
    upload.parts.emplace();
    upload.maybeMade = false;
    return upload.tell();
}

// The service's word on what it has.
Result<std::map<std::int64_t, Part>> BoxProvider::listParts(const Session &session, std::int64_t size, const Call &call)
{
    std::map<std::int64_t, Part> parts;
    for (std::int64_t offset = 0;;) {
        auto reply = ask(listPartsRequest(session, offset), call);
        if (!reply)
            return std::move(reply).error();
        auto list = decodePartList(*reply);
        if (!list)
            return std::move(list).error();
        const std::size_t before = parts.size();
        for (Part &part : list->parts)
            if (part.offset % session.partSize == 0 && part.offset < size &&
                part.size == sizeAt(session, part.offset, size))
                parts.insert_or_assign(part.offset, std::move(part));
        offset += static_cast<std::int64_t>(list->parts.size());
        if (list->parts.empty() || offset >= list->total)
            return parts;
        if (parts.size() == before)
            return Error{Errc::BadReply, "the list of parts has no end", kOrigin};
    }
}

// What a process that has just ended sent may still be on its way into the store: asks until nothing is added.
Result<void> BoxProvider::learnParts(Upload &upload, const Call &call)
{
    for (std::size_t before = SIZE_MAX;;) {
        if (auto r = waitFor(m_tuning.settle, call); !r)
            return r;
        auto parts = listParts(*upload.session, upload.size, call);
        if (!parts)
            return std::move(parts).error();
        const std::size_t now = parts->size();
        upload.parts = std::move(*parts);
        if (before != SIZE_MAX && now <= before)
            return {};
        before = now;
    }
}

// `part` says what is sent; the result what the service made of it. Again where it, or the answer, was damaged on the
// way. Called by the lanes, too.
Result<Part> BoxProvider::sendPart(const Session &session, std::int64_t size, const HttpRequest &request,
                                   const Part &part, const Call &call)
{
    for (int attempt = 1;; ++attempt) {
        auto stored = sendPartOnce(session, size, request, part, call);
        if (stored || attempt == kPartTries || !damagedOnTheWay(stored.error()))
            return stored;
        if (auto r = request.source->seek(request.sourceStart); !r)
            return std::move(r).error();
        if (auto r = waitFor(m_tuning.patience * attempt, call); !r)
            return std::move(r).error();
    }
}

Result<Part> BoxProvider::sendPartOnce(const Session &session, std::int64_t size, const HttpRequest &request,
                                       const Part &part, const Call &call)
{
    auto reply = m_http.send(request, nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto stored = decodePart(*reply);
    if (!stored && stored.error().nativeCode == "range_overlaps_existing_part") { // the answer to it was lost
        auto parts = listParts(session, size, call);
        if (!parts)
            return std::move(parts).error();
        if (const auto found = parts->find(part.offset); found != parts->end())
            stored = std::move(found->second);
    } else if (!stored) {
        log::info(kOrigin, describe(stored.error()) + " (request " + requestIdsOf(*reply) + ")");
    }
    if (!stored)
        return stored;
    if (stored->offset != part.offset || stored->size != part.size ||
        (!stored->sha1.empty() && stored->sha1 != part.sha1))
        return Error{Errc::DataLoss, "the cloud stored another part than was sent", kOrigin};
    stored->sha1 = part.sha1;
    return stored;
}

// Whether the session has this part already; reads it from the source then, which goes on behind it.
Result<bool> BoxProvider::alreadyStored(Upload &upload, std::int64_t offset, const Call &call)
{
    const auto known = upload.parts->find(offset);
    if (known == upload.parts->end())
        return false;
    if (auto r = upload.stream.seek(offset); !r)
        return std::move(r).error();
    auto digest = digestOfNext(upload.stream, known->second.size, call);
    if (!digest)
        return std::move(digest).error();
    if (known->second.sha1.empty())
        known->second.sha1 = toHex(*digest);
    if (known->second.sha1 != toHex(*digest)) // a session of another file
        return Error{Errc::Unavailable, "the session holds another part", kOrigin, "range_not_satisfiable"};
    return true;
}

// Sends what the session does not have yet, several parts at once.
Result<void> BoxProvider::fillSession(Upload &upload, const Call &call)
{
    const Session &session = *upload.session;
    const std::int64_t lanesThatFit = m_tuning.buffers / session.partSize;
    if (lanesThatFit < 1)
        return fillOneByOne(upload, call);
    PartLanes lanes(
        static_cast<int>(std::min<std::int64_t>(m_tuning.lanes, lanesThatFit)),
        static_cast<std::size_t>(session.partSize),
        [&](PartBuffer &buffer, std::function<void()> sent, const Call &inner) {
            auto request = partRequest(session, buffer.offset, *buffer.size(), upload.size, buffer.sha1);
            request.onSent = std::move(sent);
            request.source = &buffer;
            request.sourceBytes = *buffer.size();
            return sendPart(session, upload.size, request, {"", buffer.offset, *buffer.size(), toHex(buffer.sha1)},
                            inner);
        },
        call);
    const auto settle = [&]() -> Result<void> {
        for (auto &ended : lanes.takeEnded()) {
            if (!ended)
                return std::move(ended).error();
            const std::int64_t offset = ended->offset;
            upload.parts->insert_or_assign(offset, std::move(*ended));
            if (auto r = upload.tell(); !r)
                return r;
        }
        upload.report(std::min(upload.size - 1, upload.storedBytes() + lanes.underWay()));
        return call.poll();
    };
    for (std::int64_t offset = 0; offset < upload.size; offset += session.partSize) {
        auto stored = alreadyStored(upload, offset, call);
        if (!stored)
            return std::move(stored).error();
        if (*stored)
            continue;
        PartBuffer *buffer = lanes.takeFree();
        for (; buffer == nullptr; buffer = lanes.takeFree())
            if (auto r = settle(); !r)
                return r;
        if (auto r = upload.stream.seek(offset); !r)
            return r;
        buffer->offset = offset;
        const auto want = static_cast<std::size_t>(sizeAt(session, offset, upload.size));
        Digest digest(DigestKind::Sha1); // here, so that no lane's turn passes with hashing
        for (buffer->used = 0; buffer->used < want;) {
            if (auto r = call.poll(); !r)
                return r;
            const std::span<char> piece(buffer->bytes.get() + buffer->used, std::min(kPiece, want - buffer->used));
            auto n = upload.stream.read(piece);
            if (!n)
                return std::move(n).error();
            if (*n == 0)
                return endedEarly();
            digest.update(piece.first(*n));
            buffer->used += *n;
        }
        buffer->sha1 = digest.finish();
        lanes.hand(buffer);
    }
    while (!lanes.idle())
        if (auto r = settle(); !r)
            return r;
    return {};
}

// Parts that are too large for the memory go straight from the source, which is read once more for their digests.
Result<void> BoxProvider::fillOneByOne(Upload &upload, const Call &call)
{
    const Session &session = *upload.session;
    for (std::int64_t offset = 0; offset < upload.size; offset += session.partSize) {
        auto stored = alreadyStored(upload, offset, call);
        if (!stored)
            return std::move(stored).error();
        if (*stored)
            continue;
        const std::int64_t bytes = sizeAt(session, offset, upload.size);
        if (auto r = upload.stream.seek(offset); !r)
            return r;
        auto sha1 = digestOfNext(upload.stream, bytes, call);
        if (!sha1)
            return std::move(sha1).error();
        if (auto r = upload.stream.seek(offset); !r)
            return r;
        auto request = partRequest(session, offset, bytes, upload.size, *sha1);
        request.source = &upload.stream;
        request.sourceStart = offset;
        request.sourceBytes = bytes;
        auto part = sendPart(session, upload.size, request, {"", offset, bytes, toHex(*sha1)}, call);
        if (!part)
            return std::move(part).error();
        upload.parts->insert_or_assign(offset, std::move(*part));
        if (auto r = upload.tell(); !r)
            return r;
        upload.report(std::min(upload.size - 1, upload.storedBytes()));
    }
    return {};
}

Result<Entry> BoxProvider::commit(Upload &upload, const Call &call)
{
    auto hash = upload.stream.hash();
    if (!hash)
        return std::move(hash).error();
    std::vector<Part> parts;
    for (const auto &[offset, part] : *upload.parts)
        parts.push_back(part);
    const auto request = commitRequest(*upload.session, parts, upload.target.modified, rawSha1(*hash));
    upload.maybeMade = true; // from here on, until we hear otherwise
    if (auto r = upload.tell(); !r)
        return std::move(r).error();
    milliseconds wait = m_tuning.patience;
    int lost = 0;
    int mismatches = 0;
    for (int attempt = 1;; ++attempt) {
        auto reply =
            sendToCommit(nullptr, call, [&](const Call &inner) { return m_http.send(request, nullptr, inner); });
        Error error;
        if (!reply) {
            error = reply.error();
        } else if (reply->status == 202) {
            error = Error{Errc::Busy, "the file is being put together",
                          kOrigin,    "not_ready",
                          202,        retryAfterOf(reply->headers).value_or(std::chrono::seconds{0})};
        } else {
            auto entry = decodeUploaded(*reply);
            if (entry)
                return entry;
            error = entry.error();
            log::info(kOrigin, describe(error) + " (request " + requestIdsOf(*reply) + ")");
            // The name was free when the session began: whoever has it with these bytes is this upload.
            if (const auto holder = nameHolderOf(*reply)) {
                auto found = recognise(upload, *holder, call);
                if (!found)
                    return std::move(found).error();
                if (*found)
                    return std::move(**found);
            }
        }
        const bool again = error.code == Errc::Busy ? error.nativeCode != "parts_mismatch" || ++mismatches < kMismatches
                                                    : outcomeUnknown(error) && ++lost < kLostCommits;
        if (!again || attempt == kCommitAttempts || error.nativeCode == "access_denied_item_locked") {
            if (!outcomeUnknown(error) && error.code != Errc::Cancelled && error.code != Errc::Timeout &&
                !sessionGone(error) && !nameTaken(error))
                upload.maybeMade = error.httpStatus == 202;
            return error;
        }
        if (auto r = waitFor(std::max<milliseconds>(wait, error.retryAfter), call); !r)
            return std::move(r).error();
        wait = std::min(wait * 2, m_tuning.patience * kLongestCommitPause);
    }
}

Result<Entry> BoxProvider::sendBySession(Upload &upload, const Call &call)
{
    if (!upload.session) {
        if (auto r = openSession(upload, call); !r) {
            if (r.error().nativeCode != "file_size_too_small")
                return std::move(r).error();
            upload.bySession = false; // the service's bound has moved
            return sendWhole(upload, call);
        }
    } else if (!upload.parts) {
        if (auto r = learnParts(upload, call); !r)
            return std::move(r).error();
    }
    if (auto r = fillSession(upload, call); !r) {
        const Error &why = r.error();
        if (why.code == Errc::DataLoss && why.origin != "http" && why.origin != kOrigin) // the source's fault
            if (auto ended = ask(abortRequest(*upload.session), Call{}.within(std::chrono::seconds{10})); !ended)
                log::info(kOrigin, "a session was left to expire: " + describe(ended.error()));
        return std::move(r).error();
    }
    return commit(upload, call);
}

} // namespace connector::box
