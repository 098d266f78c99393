// SPDX-License-Identifier: Apache-2.0
// Uploads to Box: the name, the whole file in one request, and whether an upload whose answer was lost is there.
#include "providers/box/box_upload.h"

#include "core/encoding.h"
#include "core/log.h"
#include "core/random.h"
#include "http/json_body.h"
#include "providers/digest.h"

#include <atomic>
#include <cstring>

namespace connector::box {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr int kMostNames = 24; // the last ones in growing steps
constexpr int kMostRounds = 6;
constexpr seconds kTidying{10};

// What goes over the wire: the form around the file.
class FormSource : public ByteSource {
public:
    FormSource(Multipart around, HashingSource &file, std::int64_t fileSize, std::function<void(std::int64_t)> report)
        : m_around(std::move(around)), m_file(file), m_fileSize(fileSize), m_report(std::move(report))
    {
    }

    Result<std::size_t> read(std::span<char> buffer) override
    {
        const auto head = static_cast<std::int64_t>(m_around.head.size());
        if (m_at < head)
            return copy(m_around.head, m_at, buffer);
        if (m_at < head + m_fileSize) {
            const auto left =
                static_cast<std::size_t>(std::min(static_cast<std::int64_t>(buffer.size()), head + m_fileSize - m_at));
            auto n = m_file.read(buffer.first(left));
            if (n)
                m_at += static_cast<std::int64_t>(*n);
            if (n)
                m_report(m_at - head);
            return n;
        }
        const std::size_t n = copy(m_around.tail, m_at - head - m_fileSize, buffer);
        m_allRead = m_at == *size();
        return n;
    }

    std::optional<std::int64_t> size() const override
    {
        return static_cast<std::int64_t>(m_around.head.size() + m_around.tail.size()) + m_fileSize;
    }

    Result<void> seek(std::int64_t offset) override
    {
        if (offset != 0)
            return Error{Errc::Unsupported, "a form is sent from its start"};
        if (auto r = m_file.seek(0); !r)
            return r;
        m_at = 0;
        m_allRead = false;
        return {};
    }

    bool allRead() const { return m_allRead; } // any thread

private:
    std::size_t copy(const std::string &from, std::int64_t at, std::span<char> to)
    {
        const std::size_t n = std::min(to.size(), from.size() - static_cast<std::size_t>(at));
        std::memcpy(to.data(), from.data() + at, n);
        m_at += static_cast<std::int64_t>(n);
        return n;
    }

    Multipart m_around;
    HashingSource &m_file;
    std::int64_t m_fileSize;
    std::function<void(std::int64_t)> m_report;
    std::int64_t m_at = 0;
    std::atomic<bool> m_allRead = false;
};

Call without(const Call &call)
{
    Call quiet = call;
    quiet.onProgress = {};
    return quiet;
}

} // namespace

BoxProvider::Upload::Upload(const UploadTarget &wanted, std::string folder, ByteSource &in, std::int64_t bytes,
                            const std::function<Result<void>(const UploadState &)> &tellState, const Call &given)
    : target(wanted), onState(tellState), call(given), quiet(without(given)), size(bytes),
      stream(in, bytes, std::make_unique<DigestHasher>(DigestKind::Sha1), quiet),
      seekable(in.seek(0).has_value()), to{std::move(folder), wanted.name, ""}
{
}

Result<void> BoxProvider::Upload::tell() const
{
    if (!onState)
        return {};
    nlohmann::json state{{"version", 1},       {"size", size},    {"folder", to.folder}, {"wanted", target.name},
                         {"attempt", attempt}, {"file", to.file}, {"sent", maybeMade},   {"stored", storedBytes()}};
    if (session)
        state["session"] = toJson(*session);
    return onState({state.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)});
}

void BoxProvider::Upload::restore(const UploadState &state, const Hosts &hosts)
{
    auto body = parseJson(state.opaque, 4);
    if (!body || integerOf(*body, "version") != 1 || integerOf(*body, "size") != size ||
        textOf(*body, "folder") != to.folder || textOf(*body, "wanted") != target.name)
        return;
    const std::string file = textOf(*body, "file");
    const std::int64_t renamed = integerOf(*body, "attempt").value_or(-1);
    if ((!file.empty() && !isNumber(file)) || renamed < 0 || renamed > kMostNames)
        return;
    attempt = static_cast<int>(renamed);
    to.name = nameFor(target.name, attempt);
    to.file = file;
    maybeMade = flagOf(*body, "sent");
    if (bySession)
        session = sessionOf(memberOf(*body, "session"), hosts);
    placed = session.has_value();
}

void BoxProvider::Upload::report(std::int64_t bytes)
{
    if (bytes <= m_reported)
        return;
    m_reported = bytes;
    call.report({bytes, size});
}

std::int64_t BoxProvider::Upload::storedBytes() const
{
    std::int64_t bytes = 0;
    if (parts)
        for (const auto &[offset, part] : *parts)
            bytes += part.size;
    return bytes;
}

bool nameTaken(const Error &error)
{
    return error.nativeCode == "item_name_in_use";
}

std::string rawSha1(const std::string &hash)
{
    auto raw = fromHex(std::string_view(hash).substr(std::min(hash.size(), hash.find(':') + 1)));
    return raw ? std::move(*raw) : std::string();
}

// The file that holds our name, if it holds our bytes as well.
Result<std::optional<Entry>> BoxProvider::recognise(Upload &upload, NameHolder holder, const Call &call)
{
    auto hash = upload.stream.hash();
    if (!hash)
        return std::move(hash).error();
    if (!holder.item || holder.item->kind != ItemKind::File || (!holder.hash.empty() && holder.hash != *hash))
        return std::optional<Entry>();
    auto entry = stat(entryIdOf(*holder.item), call);
    if (!entry) {
        if (entry.error().code == Errc::NotFound)
            return std::optional<Entry>();
        return std::move(entry).error();
    }
    if (entry->contentHash != *hash || entry->size != upload.size)
        return std::optional<Entry>();
    return std::optional(std::move(*entry));
}

// Settles where the bytes go. Gives the file instead when an earlier try of ours made it unheard.
Result<std::optional<Entry>> BoxProvider::choosePlace(Upload &upload, const Call &call)
{
    if (upload.maybeMade && !upload.to.file.empty()) {
        auto found = recognise(upload, {ItemId{ItemKind::File, upload.to.file}, ""}, call);
        if (!found || *found)
            return found;
    }
    for (;;) {
        upload.to.name = nameFor(upload.target.name, upload.attempt);
        upload.to.file.clear();
        auto reply = ask(preflightRequest(m_hosts, upload.to, upload.size), call);
        if (!reply)
            return std::move(reply).error();
        if (reply->status / 100 == 2)
            break;
        const auto holder = nameHolderOf(*reply);
        if (!holder)
            return decodeError(*reply);
        if (upload.maybeMade) {
            auto found = recognise(upload, *holder, call);
            if (!found || *found)
                return found;
        }
        if (upload.target.onConflict == OnConflict::Replace && holder->item && holder->item->kind == ItemKind::File) {
            upload.to.file = holder->item->number;
            break;
        }
        if (upload.target.onConflict != OnConflict::Rename || upload.attempt == kMostNames)
            return decodeError(*reply);
        ++upload.attempt;
    }
    upload.placed = true;
    return std::optional<Entry>();
}

Result<Entry> BoxProvider::sendWhole(Upload &upload, const Call &call)
{
    std::string sha1;
    if (upload.seekable) { // the service compares it before it makes anything
        auto hash = upload.stream.hash();
        if (!hash)
            return std::move(hash).error();
        sha1 = toHex(rawSha1(*hash));
        if (auto r = upload.stream.seek(0); !r)
            return std::move(r).error();
    }
    const std::string boundary = toHex(randomBytes(24));
    FormSource form(around(upload.to, upload.target.modified, boundary), upload.stream, upload.size,
                    [&](std::int64_t bytes) { upload.report(bytes); });
    auto request = uploadRequest(m_hosts, upload.to, boundary, sha1);
    request.source = &form;
    const bool before = std::exchange(upload.maybeMade, true); // from here on, until we hear otherwise
    if (auto r = upload.tell(); !r)
        return std::move(r).error();
    auto reply =
        sendToCommit(&upload.stream, call, [&](const Call &inner) { return m_http.send(request, nullptr, inner); });
    if (!reply) {
        if (!form.allRead())
            upload.maybeMade = before;
        return std::move(reply).error();
    }
    auto entry = decodeUploaded(*reply);
    if (!entry && entry.error().code != Errc::BadReply)
        log::info(kOrigin, describe(entry.error()) + " (request " + requestIdsOf(*reply) + ")");
    // A name that was free a moment ago may be taken by ourselves: requests are repeated below, too.
    if (!entry && !outcomeUnknown(entry.error()) && !nameTaken(entry.error()))
        upload.maybeMade = before;
    return entry;
}

Result<Entry> BoxProvider::upload(const UploadTarget &target, ByteSource &in, const UploadState &resume,
                                  const std::function<Result<void>(const UploadState &)> &onState, const Call &call)
{
    if (auto r = checkName(target.name); !r)
        return std::move(r).error();
    const auto folder = itemOf(target.folder);
    if (!folder || folder->kind != ItemKind::Folder)
        return Error{Errc::InvalidArgument, "not a folder", kOrigin};
    const std::int64_t size = in.size().value_or(-1);
    if (size < 0)
        return Error{Errc::InvalidArgument, "a source without a size", kOrigin};
    Upload upload(target, folder->number, in, size, onState, call);
    upload.bySession = size > m_tuning.simpleMax;
    upload.restore(resume, m_hosts);
    milliseconds wait = m_tuning.patience;
    for (int round = 1;; ++round) {
        if (!upload.placed) {
            auto found = choosePlace(upload, call);
            if (!found)
                return std::move(found).error();
            if (*found)
                return std::move(**found);
        }
        auto entry = upload.bySession ? sendBySession(upload, call) : sendWhole(upload, call);
        if (entry)
            return verified(upload, std::move(*entry), call);
        const Error &error = entry.error();
        if (error.code == Errc::Cancelled)
            tidyUp(upload);
        const bool gone = upload.session && sessionGone(error);
        const bool lostTarget = !upload.session && !upload.to.file.empty() && error.code == Errc::NotFound;
        const bool unheard = outcomeUnknown(error) && upload.maybeMade;
        const bool busy = error.httpStatus == 409 && error.code == Errc::Busy;
        if ((!gone && !lostTarget && !unheard && !busy && !nameTaken(error)) || round == kMostRounds)
            return entry;
        // A session that was under way and is only out of reach stays.
        if (gone || nameTaken(error)) {
            upload.session.reset();
            upload.parts.reset();
        }
        upload.placed = upload.session.has_value();
        if (unheard || busy) {
            if (auto r = waitFor(std::max<milliseconds>(wait, error.retryAfter), call); !r) {
                tidyUp(upload);
                return std::move(r).error();
            }
            wait *= 2;
        }
    }
}

Result<Entry> BoxProvider::verified(Upload &upload, Entry entry, const Call &call)
{
    auto hash = upload.stream.hash();
    if (!hash)
        return std::move(hash).error();
    if (entry.contentHash != *hash || entry.size != upload.size) {
        const char *what = "the cloud received other bytes than were sent";
        if (!upload.to.file.empty()) // its older version is still there, for its owner to go back to
            return Error{Errc::DataLoss, what, kOrigin};
        if (auto r = remove(entry.id, Call{}.within(kTidying)); !r && r.error().code != Errc::NotFound)
            return Error{Errc::DataLoss, "the cloud holds other bytes than were sent, and keeps them", kOrigin};
        return Error{Errc::DataLoss, what, kOrigin};
    }
    upload.report(upload.size);
    // Replaced is replaced; a new file of a cancelled upload goes away again.
    if (auto r = call.poll(); !r && upload.to.file.empty()) {
        if (remove(entry.id, Call{}.within(kTidying)))
            return std::move(r).error();
    }
    return entry;
}

// After a cancel: what was sent whole may have become a file meanwhile.
void BoxProvider::tidyUp(Upload &upload)
{
    if (!upload.maybeMade || !upload.to.file.empty())
        return;
    const Call call = Call{}.within(kTidying);
    if (upload.session)
        if (auto r = ask(abortRequest(*upload.session), call); !r)
            return;
    auto reply = ask(preflightRequest(m_hosts, upload.to, upload.size), call);
    const auto holder = reply ? nameHolderOf(*reply) : std::nullopt;
    if (!holder || holder->hash.empty())
        return;
    // The hash is known: everything was sent.
    if (auto found = recognise(upload, *holder, call); found && *found)
        if (auto r = remove((*found)->id, call); !r)
            log::warning(kOrigin, "a cancelled upload stays: " + describe(r.error()));
}

} // namespace connector::box
