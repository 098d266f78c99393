// SPDX-License-Identifier: Apache-2.0
// What becomes of an upload: is our file there, is it right, and what of it goes away again.
#include "providers/webdav/webdav_upload.h"

namespace connector::webdav {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

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
    auto held = hashThere(upload.path(), call);
    if (!held)
        return std::move(held).error();
    if (*held != upload.sha1)
        return std::optional<Entry>();
    auto entry = resourceAt(upload.path(), call);
    if (!entry && entry.error().code != Errc::NotFound)
        return std::move(entry).error();
    return std::optional(entryOf(entry ? *entry : *there));
}

// SHA-1 of the bytes that the server holds, in its own words where it has any: computed anew, as it says in listings;
// else of what it gives back.
Result<std::string> WebdavProvider::hashThere(const std::string &path, const Call &call)
{
    auto computed = hashComputed(path, call);
    if (!computed || !computed->empty())
        return computed;
    auto there = resourceAt(path, call);
    if (!there)
        return std::move(there).error();
    return there->sha1.empty() ? readBack(path, there->etag, call) : there->sha1;
}

// "" where the server does not do that.
Result<std::string> WebdavProvider::hashComputed(const std::string &path, const Call &call)
{
    if (!m_site->nextcloud())
        return std::string();
    auto computed = ask(hashRequest(*m_site, path), nullptr, call);
    if (!computed)
        return std::move(computed).error();
    if (computed->status == 404)
        return decodeError(*computed);
    return computed->status < 300 ? serverSha1(*computed) : std::string();
}

Result<std::string> WebdavProvider::readBack(const std::string &path, const std::string &revision, const Call &call)
{
    Call quiet = call;
    quiet.onProgress = {};
    for (int attempt = 1;; ++attempt) {
        DigestSink sink;
        auto read = getAt(path, revision, 0, sink, quiet);
        if (read)
            return sink.result().substr(5);
        if (attempt == kCommitAttempts || (read.error().code != Errc::DataLoss && !outcomeUnknown(read.error())))
            return std::move(read).error();
    }
}

// Is what is there made of our bytes, all or the first of them? Reads it where the server has no other words for it.
bool WebdavProvider::isOfOurBytes(Upload &upload, const Resource &there, const Call &call)
{
    if (there.collection || !there.size || *there.size > upload.size)
        return false;
    std::string expected = upload.sha1;
    if (there.size != upload.size) {
        DigestSink first;
        std::vector<char> buffer(std::size_t{64} << 10U);
        if (upload.bySession || !upload.stream.seek(0))
            return false;
        for (std::int64_t left = *there.size; left > 0;) {
            auto n = upload.stream.read(
                {buffer.data(), static_cast<std::size_t>(std::min<std::int64_t>(left, std::ssize(buffer)))});
            if (!n || *n == 0)
                return false;
            (void)first.write({buffer.data(), *n});
            left -= static_cast<std::int64_t>(*n);
        }
        expected = first.result().substr(5);
    }
    auto held = readBack(upload.path(), there.etag, call);
    return held && *held == expected;
}

// Only while it is what we looked at.
bool WebdavProvider::removeThis(const std::string &path, const std::string &etag, const Call &call)
{
    const auto gone = ask(removeRequest(*m_site, path, etag), nullptr, call);
    return gone && (gone->status < 300 || gone->status == 404);
}

// A cancel came before the answer: what is there of ours goes away again.
void WebdavProvider::takeBack(Upload &upload)
{
    if (upload.target.onConflict == OnConflict::Replace)
        return;
    const Call call = Call{}.within(seconds{30});
    milliseconds wait = m_tuning.patience;
    // A server that has all of it may still be at work; where only some was sent, it notices at once.
    const int looks = upload.bySession || upload.stream.allRead() ? 3 : 2;
    for (int look = 1;; ++look, wait *= 2) {
        auto there = resourceAt(upload.path(), call);
        if (there) {
            if (isOfOurBytes(upload, *there, call))
                (void)removeThis(upload.path(), there->etag, call);
            return;
        }
        if (look == looks || there.error().code != Errc::NotFound || !waitFor(wait, call))
            return;
    }
}

// After a 2xx. From then on people may do with the file what they like: only what is still what we made is judged, and
// removed where it is wrong or was cancelled.
Result<Entry> WebdavProvider::verified(Upload &upload, const HttpReply &reply, const Call &call)
{
    const auto toldEtag = reply.headers.get("ETag");
    const std::string made = bareEtag(toldEtag.empty() ? reply.headers.get("OC-ETag") : toldEtag); // "": not told
    const std::string received = serverSha1(reply);
    const Error otherBytes{Errc::DataLoss, "the cloud received other bytes than were sent", kOrigin};
    const Error kept{Errc::DataLoss, "the cloud holds other bytes than were sent, and keeps them", kOrigin};
    const auto cancelled = [&] {
        return call.stop.stop_requested() && upload.target.onConflict != OnConflict::Replace;
    };

    auto held = received.empty() ? hashComputed(upload.path(), call) : Result<std::string>(received);
    if (!held && held.error().code != Errc::NotFound && !call.stop.stop_requested())
        return std::move(held).error();
    // A cancel must not keep us from knowing what to remove.
    const Call inner = Call{}.within(seconds{30});
    auto there = resourceAt(upload.path(), call.stop.stop_requested() ? inner : call);
    if (!there && there.error().code != Errc::NotFound)
        return std::move(there).error();
    const auto noLongerOurs = [&](const Resource &now) -> Result<Entry> {
        if (!received.empty() && received != upload.sha1)
            return otherBytes;
        // Unless the server tells another etag each time, and lost the rest.
        if (there && now.size < upload.size && isOfOurBytes(upload, now, inner))
            return kept;
        return entryOf(now);
    };
    const auto takenAway = [&]() -> Result<Entry> {
        if (cancelled())
            return Error{Errc::Cancelled, "cancelled", kOrigin};
        Resource was;
        was.path = upload.path();
        was.size = upload.size;
        was.etag = made;
        was.sha1 = m_site->nextcloud() ? upload.sha1 : std::string();
        was.modified = upload.target.modified;
        return noLongerOurs(was);
    };
    if (!there)
        return takenAway();
    if (there->collection || (!made.empty() && there->etag != made))
        return noLongerOurs(*there);

    if (held && held->empty() && there->size == upload.size)
        held = there->sha1.empty() ? readBack(upload.path(), there->etag, call) : Result<std::string>(there->sha1);
    if (!held && !call.stop.stop_requested()) {
        if (stableCode(held.error()) == "file-changed")
            return noLongerOurs(*there);
        return held.error().code == Errc::NotFound ? takenAway() : std::move(held).error();
    }
    if (there->size != upload.size || (held && *held != upload.sha1)) {
        // Removing a replacement would take what stood there before, too. And where the server does not tell what it
        // made, a file of another size may be somebody else's.
        const bool ours = upload.target.onConflict != OnConflict::Replace &&
                          (!made.empty() || there->size == upload.size || isOfOurBytes(upload, *there, inner));
        return ours && removeThis(upload.path(), there->etag, inner) ? otherBytes : kept;
    }
    if (cancelled() && removeThis(upload.path(), there->etag, inner))
        return Error{Errc::Cancelled, "cancelled", kOrigin};
    return entryOf(*there);
}

} // namespace connector::webdav
