// SPDX-License-Identifier: Apache-2.0
// Uploads: in one request, or by a session that is resumed by what the service says it waits for.
#include "core/log.h"
#include "core/time.h"
#include "http/json_body.h"
#include "providers/onedrive/onedrive_provider.h"
#include "providers/onedrive/quick_xor_hash.h"
#include "providers/transfer.h"

#include <algorithm>

namespace connector::onedrive {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr int kSimpleAttempts = 3;
constexpr int kFreshAttempts = 4; // while a new session is not known everywhere yet
constexpr int kHashAttempts = 4;  // a hash may be missing for some seconds
constexpr int kMostCorrections = 8;
constexpr int kLongestPatience = 5; // doublings
constexpr int kMostNumbers = 20;    // "plan 1.docx", "plan 2.docx", …
constexpr seconds kTidying{10};

// A fragment that is refused because the session stands elsewhere.
bool isMisplaced(const HttpReply &reply, const Error &error)
{
    return reply.status == 416 || saysCode(error, "invalidrange") || saysCode(error, "fragmentoverlap") ||
           saysCode(error, "fragmentoutoforder");
}

// A session's address that is no longer one; it knows no tokens, so 401 says the same.
bool isGone(const HttpReply &reply, const Error &error)
{
    return reply.status == 401 || reply.status == 404 || reply.status == 410 ||
           saysCode(error, "uploadsessionnotfound") || saysCode(error, "uploadsessionfailed");
}

} // namespace

// One upload on its way.
struct OneDriveProvider::Upload {
    const UploadTarget &target;
    const std::function<Result<void>(const UploadState &)> &onState;
    ItemRef parent;
    std::int64_t size;
    HashingSource stream;
    std::optional<WallTime> stamp = {}; // what the file's date shall be; tells our file where bytes are rewritten
    bool bySession = false;
    std::string url = {};        // of the session; secret
    bool maybeCommitted = false; // an earlier try may have succeeded unheard
    UploadBegin began = {};
    bool tidying = false; // there is no time to wait for a hash

    Result<void> tell() const
    {
        if (!onState)
            return {};
        nlohmann::json state{{"version", 1},
                             {"size", size},
                             {"name", target.name},
                             {"session", url},
                             {"committing", maybeCommitted},
                             {"began", began.toState()}};
        if (stamp)
            state["stamp"] = toUnix(*stamp);
        return onState({state.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)});
    }

    // Ignores what is not a state of this upload: it then starts from nothing.
    void restore(const Hosts &hosts, const UploadState &state)
    {
        auto body = parseJson(state.opaque, 4);
        if (!body || integerOf(*body, "version") != 1 || integerOf(*body, "size") != size ||
            textOf(*body, "name") != target.name)
            return;
        maybeCommitted = flagOf(*body, "committing");
        began.restore(integerOf(*body, "began"));
        if (const auto old = integerOf(*body, "stamp"))
            stamp = fromUnix(*old);
        if (bySession && isBytesUrl(hosts, textOf(*body, "session")))
            url = textOf(*body, "session");
    }

    // Somebody else's, however much it is like ours. To a replacement it is as good as ours.
    bool wasThereBefore(const Item &item) const
    {
        return target.onConflict != OnConflict::Replace && began.isAfter(item.created);
    }
};

Result<Entry> OneDriveProvider::upload(const UploadTarget &target, ByteSource &in, const UploadState &resume,
                                       const std::function<Result<void>(const UploadState &)> &onState,
                                       const Call &call)
{
    if (auto r = checkName(target.name); !r)
        return std::move(r).error();
    const std::int64_t size = in.size().value_or(-1);
    if (size < 0)
        return Error{Errc::InvalidArgument, "the source does not announce its size", kOrigin};
    if (size > features().uploadMax)
        return fileTooLarge(kOrigin);
    auto parent = refOf(target.folder);
    if (!parent)
        return std::move(parent).error();
    if (auto r = learn(call); !r)
        return std::move(r).error();
    Upload upload{target, onState, *parent, size, HashingSource(in, size, std::make_unique<QuickXorHash>(), call)};
    upload.stamp = target.modified;
    if (!upload.stamp && isOfficeName(target.name))
        upload.stamp = systemNow();
    // A date goes with a session; setting it afterwards would make a second version. Empty files have no session.
    upload.bySession = size > 0 && (size > m_tuning.simpleMax || upload.stamp);
    upload.restore(m_hosts, resume);
    auto item = upload.bySession ? runSession(upload, call) : runSimple(upload, call);
    if (!item) {
        if (call.stop.stop_requested())
            tidyUp(upload);
        return std::move(item).error();
    }
    return verified(upload, std::move(*item), call);
}

Result<Item> OneDriveProvider::runSimple(Upload &upload, const Call &call)
{
    if (upload.maybeCommitted) {
        auto found = findCommitted(upload, call);
        if (!found)
            return std::move(found).error();
        if (*found)
            return std::move(**found);
    }
    upload.maybeCommitted = true; // from here on, until we hear otherwise
    if (auto r = upload.tell(); !r)
        return std::move(r).error();
    const std::string drive = upload.parent.drive.empty() ? m_own->id : upload.parent.drive;
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        auto request = uploadRequest(m_hosts, upload.parent, upload.target);
        if (auto r = upload.stream.seek(0); !r)
            return std::move(r).error();
        request.source = &upload.stream;
        request.sourceBytes = upload.size;
        auto reply = sendLast(request, upload, call);
        auto item = reply ? decodeItem(*reply, drive) : Result<Item>(reply.error());
        if (item)
            return item;
        const bool lost = outcomeUnknown(item.error());
        if (lost || (attempt > 1 && item.error().code == Errc::Conflict)) {
            auto found = findCommitted(upload, call);
            // Not having seen whether it is there is no leave to send it again.
            if (!found)
                return std::move(found).error();
            if (*found)
                return std::move(**found);
        }
        if (!lost || attempt == kSimpleAttempts)
            return item;
        if (auto r = waitFor(std::max<milliseconds>(wait, item.error().retryAfter), call); !r)
            return std::move(r).error();
    }
}

Result<Ranges> OneDriveProvider::openSession(Upload &upload, const Call &call)
{
    // Told beforehand how much comes, a personal drive says at once when it is too full.
    const bool personal = kindOf(upload.parent.drive) == DriveKind::Personal;
    auto reply = m_http.send(sessionRequest(m_hosts, upload.parent, upload.target, upload.stamp,
                                            personal ? std::optional(upload.size) : std::nullopt),
                             nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto session = decodeSession(m_hosts, *reply);
    if (!session)
        return std::move(session).error();
    upload.url = std::move(session->url);
    upload.maybeCommitted = false;
    if (auto r = upload.tell(); !r)
        return std::move(r).error();
    return session->ranges;
}

// What the session waits for; nothing when there is no such session any more.
Result<std::optional<Ranges>> OneDriveProvider::askSession(Upload &upload, const Call &call)
{
    auto reply = m_http.send(statusRequest(upload.url), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto ranges = decodeRanges(*reply);
    if (ranges)
        return std::optional(*ranges);
    if (isGone(*reply, ranges.error()))
        return std::optional<Ranges>();
    return std::move(ranges).error();
}

// Best effort: what is left behind expires by itself.
void OneDriveProvider::cancelSession(Upload &upload)
{
    (void)m_http.send(cancelRequest(upload.url), nullptr, Call{}.within(seconds{5}));
    upload.url.clear();
}

Result<HttpReply> OneDriveProvider::sendLast(const HttpRequest &request, Upload &upload, const Call &call)
{
    return sendToCommit(&upload.stream, call, [&](const Call &inner) { return m_http.send(request, nullptr, inner); });
}

Result<Item> OneDriveProvider::runSession(Upload &upload, const Call &call)
{
    const std::string drive = upload.parent.drive.empty() ? m_own->id : upload.parent.drive;
    Ranges ranges;
    bool known = false;     // where the session stands
    bool fresh = false;     // nothing was accepted by it yet
    bool restarted = false; // once is enough
    int corrections = 0;
    std::int64_t best = 0; // how far the service has ever said that it is
    int freshTries = 0;
    // What to do about a session that is over: it may have become the file. nullopt: begin again.
    const auto over = [&]() -> Result<std::optional<Item>> {
        if (upload.maybeCommitted) {
            auto found = findCommitted(upload, call);
            if (!found || *found)
                return found;
        }
        if (std::exchange(restarted, true))
            return Error{Errc::Unavailable, "the upload session ended twice", kOrigin, "uploadSessionNotFound"};
        upload.url.clear();
        return std::optional<Item>();
    };
    for (;;) {
        if (upload.url.empty()) {
            auto opened = openSession(upload, call);
            if (!opened)
                return std::move(opened).error();
            ranges = *opened;
            known = fresh = true;
            freshTries = 0;
            best = 0;
        } else if (!known) {
            auto asked = askSession(upload, call);
            if (!asked)
                return std::move(asked).error();
            known = asked->has_value();
            if (known)
                ranges = **asked;
        }
        if (!known || !ranges.next || ranges.next->first >= upload.size) {
            // Gone, or it waits for nothing more and made no file of it.
            upload.maybeCommitted = upload.maybeCommitted || known;
            if (known && restarted)
                return Error{Errc::Unavailable, "the upload session makes no file", kOrigin, "uploadSessionIncomplete"};
            auto found = over();
            if (!found)
                return std::move(found).error();
            if (*found)
                return std::move(**found);
            continue;
        }

        const std::int64_t first = ranges.next->first;
        const std::int64_t end = ranges.next->last < 0 ? upload.size : std::min(ranges.next->last + 1, upload.size);
        const std::int64_t bytes = std::min(m_tuning.chunk, end - first);
        const bool last = first + bytes == upload.size;
        if (last && !upload.maybeCommitted) {
            upload.maybeCommitted = true;
            if (auto r = upload.tell(); !r)
                return std::move(r).error();
        }
        if (auto r = upload.stream.seek(first); !r)
            return std::move(r).error();
        auto request = fragmentRequest(upload.url, first, bytes, upload.size);
        request.source = &upload.stream;
        request.sourceStart = first;
        request.sourceBytes = bytes;
        auto reply = last ? sendLast(request, upload, call) : m_http.send(request, nullptr, call);
        if (!reply) {
            const Error error = reply.error();
            if (last && outcomeUnknown(error)) {
                auto found = findCommitted(upload, call);
                if (found && *found)
                    return std::move(**found);
            }
            if (error.code == Errc::DataLoss && error.origin != "http") // the source is damaged: nothing shall remain
                cancelSession(upload);
            return error;
        }
        if (reply->status == 202) {
            auto told = decodeRanges(*reply);
            if (!told)
                return std::move(told).error();
            // Against the furthest so far, not against this fragment: a service that goes back and forth ends, too.
            const bool advanced = !told->next || told->next->first > best;
            best = told->next ? std::max(best, told->next->first) : upload.size;
            corrections = advanced ? 0 : corrections + 1;
            if (corrections > kMostCorrections)
                return Error{Errc::BadReply, "the upload session does not go on", kOrigin, "nextExpectedRanges", 202};
            fresh = fresh && !advanced;
            ranges = *told;
            if (auto r = upload.tell(); !r)
                return std::move(r).error();
            continue;
        }
        if (reply->status / 100 == 2)
            return decodeItem(*reply, drive);

        Error error = decodeError(*reply);
        // Sent without a condition, "modified" means that a fragment of a process that died is still being received.
        const bool busy = error.code == Errc::Conflict && error.stable == "file-changed";
        if (busy || isMisplaced(*reply, error)) {
            known = false; // its word counts: an answer was lost, or bytes were
            if (busy)
                if (auto r = waitFor(m_tuning.patience * (1 << std::min(corrections, kLongestPatience)), call); !r)
                    return std::move(r).error();
            if (++corrections > kMostCorrections)
                return Error{busy ? Errc::Busy : Errc::BadReply, "the upload session does not go on", kOrigin,
                             error.nativeCode, reply->status};
            continue;
        }
        if (isGone(*reply, error)) {
            if (fresh && freshTries < kFreshAttempts) {
                if (last) { // a repeat of what was heard the first time
                    auto found = findCommitted(upload, call);
                    if (!found)
                        return std::move(found).error();
                    if (*found)
                        return std::move(**found);
                }
                if (auto r = waitFor(m_tuning.patience * (1 << freshTries++), call); !r)
                    return std::move(r).error();
                continue;
            }
            known = false;
            auto found = over();
            if (!found)
                return std::move(found).error();
            if (*found)
                return std::move(**found);
            continue;
        }
        if (last && outcomeUnknown(error)) {
            auto found = findCommitted(upload, call);
            if (found && *found)
                return std::move(**found);
        }
        if (error.code == Errc::Unauthenticated) // a session knows no tokens
            error.code = Errc::Unavailable;
        if (remedyFor(error.code) != Remedy::RetryLater)
            cancelSession(upload);
        return error;
    }
}

Result<std::optional<Item>> OneDriveProvider::childNamed(Upload &upload, const std::string &name, const Call &call)
{
    const std::string drive = upload.parent.drive.empty() ? m_own->id : upload.parent.drive;
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        auto reply = m_http.send(childRequest(m_hosts, upload.parent, name), nullptr, call);
        if (!reply)
            return std::move(reply).error();
        upload.began.hear(reply->headers);
        auto item = decodeItem(*reply, drive);
        if (!item && item.error().code == Errc::NotFound)
            return std::optional<Item>();
        if (!item)
            return std::move(item).error();
        // Of the right size and without a hash yet: a moment later it can be told.
        const bool early = item->entry.kind == EntryKind::File && item->entry.contentHash.empty() &&
                           item->entry.size == upload.size && !upload.wasThereBefore(*item) && !upload.tidying &&
                           !isOurs(upload, *item, "");
        if (!early)
            return std::optional(std::move(*item));
        if (attempt == kHashAttempts)
            return Error{Errc::Unavailable, "whether it is our file cannot be told yet", kOrigin, "hashPending"};
        if (auto r = waitFor(wait, call); !r)
            return std::move(r).error();
    }
}

// SharePoint writes its own facts into Office files as they arrive: size and hash are then not what was sent.
bool OneDriveProvider::mayBeRewritten(const Upload &upload, const Item &item) const
{
    const DriveKind kind = item.kind != DriveKind::Unknown ? item.kind : kindOf(upload.parent.drive);
    return kind != DriveKind::Personal && isOfficeName(upload.target.name) && upload.size > 0 &&
           item.entry.size.value_or(0) > 0;
}

bool OneDriveProvider::isOurs(const Upload &upload, const Item &item, const std::string &hash) const
{
    if (item.entry.kind != EntryKind::File || upload.wasThereBefore(item))
        return false;
    if (upload.tidying && item.created && item.entry.size == upload.size && item.entry.contentHash.empty())
        return true; // made under our name while we were at it
    if (item.entry.size == upload.size && !hash.empty() && item.entry.contentHash == hash)
        return true;
    const bool sameDate = upload.stamp && item.entry.modified == upload.stamp;
    return sameDate &&
           ((item.entry.contentHash.empty() && item.entry.size == upload.size) || mayBeRewritten(upload, item));
}

// Looks for a file of our bytes under the name we asked for, or the names that the service makes of it.
Result<std::optional<Item>> OneDriveProvider::findCommitted(Upload &upload, const Call &call)
{
    auto hash = upload.stream.hash();
    if (!hash)
        return std::move(hash).error();
    const std::string &name = upload.target.name;
    std::size_t dot = name.rfind('.');
    if (dot == std::string::npos || dot == 0)
        dot = name.size();
    const int numbers = upload.target.onConflict == OnConflict::Rename ? kMostNumbers : 0;
    for (int n = 0; n <= numbers; ++n) {
        const std::string suffix = n == 0 ? "" : " " + std::to_string(n);
        auto found = childNamed(upload, name.substr(0, dot) + suffix + name.substr(dot), call);
        if (!found)
            return found;
        if (!*found)
            break;
        if (isOurs(upload, **found, *hash))
            return found;
    }
    return std::optional<Item>();
}

// After a cancel: what was sent whole may have become a file meanwhile.
void OneDriveProvider::tidyUp(Upload &upload)
{
    if (!upload.maybeCommitted || upload.target.onConflict == OnConflict::Replace)
        return;
    upload.tidying = true;
    const Call call = Call{}.within(kTidying);
    if (auto found = findCommitted(upload, call); found && *found)
        if (auto r = remove((*found)->entry.id, call); !r)
            log::warning(kOrigin, "a cancelled upload stays: " + describe(r.error()));
}

Result<Entry> OneDriveProvider::verified(Upload &upload, Item item, const Call &call)
{
    auto hash = upload.stream.hash();
    if (!hash)
        return std::move(hash).error();
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1; item.entry.contentHash.empty() && attempt < kHashAttempts && call.poll();
         ++attempt, wait *= 2) {
        if (auto again = itemAt(item.at, call); again && again->entry.size == upload.size)
            item = std::move(*again);
        if (item.entry.contentHash.empty() && !waitFor(wait, call))
            break;
    }
    const bool right =
        item.entry.size == upload.size && (item.entry.contentHash.empty() || item.entry.contentHash == *hash);
    if (!right && !mayBeRewritten(upload, item)) {
        if (upload.target.onConflict == OnConflict::Replace) // removing it would take its older versions along
            return Error{Errc::DataLoss, "the cloud holds other bytes than were sent, and keeps them", kOrigin};
        if (auto r = remove(item.entry.id, Call{}.within(seconds{30})); !r && r.error().code != Errc::NotFound)
            return Error{Errc::DataLoss, "the cloud holds other bytes than were sent, and keeps them", kOrigin};
        return Error{Errc::DataLoss, "the cloud received other bytes than were sent", kOrigin};
    }
    // Replaced is replaced; a new file of a cancelled upload goes away again.
    if (auto r = call.poll(); !r && upload.target.onConflict != OnConflict::Replace) {
        if (remove(item.entry.id, Call{}.within(seconds{10})))
            return std::move(r).error();
    }
    if (!upload.bySession && upload.target.modified && item.entry.modified != upload.target.modified) {
        auto reply = m_http.send(setModifiedRequest(m_hosts, item.at, *upload.target.modified), nullptr, call);
        if (reply) // the file is there; a date that was not taken is no reason to send it again
            if (auto dated = decodeItem(*reply, item.at.drive))
                item = std::move(*dated);
    }
    return std::move(item.entry);
}

} // namespace connector::onedrive
