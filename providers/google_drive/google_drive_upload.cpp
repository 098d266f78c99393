// SPDX-License-Identifier: Apache-2.0
// Uploads: names are looked for first, ids are made before the file is, and the cloud's word on what it has is final.
#include "core/random.h"
#include "http/json_body.h"
#include "providers/digest.h"
#include "providers/google_drive/google_drive_provider.h"
#include "providers/transfer.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace connector::google_drive {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr int kMostTries = 3;
constexpr int kMostGivingWay = 10;
constexpr int kMostCorrections = 8;
constexpr seconds kLongestWait{30};
constexpr int kNamesAtOnce = 10;
constexpr int kMostNames = 200;

// Text, a source's bytes, text.
class FramedSource : public ByteSource {
public:
    FramedSource(const std::string &before, HashingSource &inner, const std::string &after)
        : m_before(before), m_inner(inner), m_after(after), m_innerSize(*inner.size())
    {
    }

    Result<std::size_t> read(std::span<char> buffer) override
    {
        const std::int64_t begin = static_cast<std::int64_t>(m_before.size());
        const std::int64_t end = begin + m_innerSize;
        if (m_at >= begin && m_at < end) {
            const auto most = std::min<std::int64_t>(static_cast<std::int64_t>(buffer.size()), end - m_at);
            auto n = m_inner.read(buffer.first(static_cast<std::size_t>(most)));
            if (n && *n == 0)
                return Error{Errc::DataLoss, "the source ended before its announced size"};
            m_at += n ? static_cast<std::int64_t>(*n) : 0;
            return n;
        }
        const std::string &text = m_at < begin ? m_before : m_after;
        const auto from = static_cast<std::size_t>(m_at < begin ? m_at : m_at - end);
        const std::size_t n = std::min(buffer.size(), text.size() - from);
        std::copy_n(text.data() + from, n, buffer.data());
        m_at += static_cast<std::int64_t>(n);
        return n;
    }
    std::optional<std::int64_t> size() const override
    {
        return static_cast<std::int64_t>(m_before.size() + m_after.size()) + m_innerSize;
    }
    Result<void> seek(std::int64_t offset) override
    {
        const std::int64_t inner = offset - static_cast<std::int64_t>(m_before.size());
        if (auto r = m_inner.seek(std::clamp<std::int64_t>(inner, 0, m_innerSize)); !r)
            return r;
        m_at = offset;
        return {};
    }

private:
    const std::string &m_before;
    HashingSource &m_inner;
    const std::string &m_after;
    std::int64_t m_innerSize;
    std::int64_t m_at = 0;
};

// The session is no longer one; the service says so in several ways.
bool sessionGone(const Error &error)
{
    return error.code == Errc::NotFound || error.code == Errc::InvalidArgument || error.code == Errc::Conflict ||
           error.code == Errc::Unauthenticated || error.httpStatus == 410;
}

Error noProgress()
{
    return Error{Errc::BadReply, "the session does not go on", kOrigin};
}

} // namespace

// One upload on its way.
struct GoogleDriveProvider::Upload {
    const UploadTarget &target;
    const std::function<Result<void>(const UploadState &)> &onState;
    ByteSource &in;
    std::int64_t size;
    HashingSource stream;
    NewFile file{};        // its id is empty until one is chosen
    std::string session{}; // a secret; "": none
    std::int64_t offset = 0;
    bool mayBeMade = false; // all bytes may have arrived without our hearing of it

    Result<void> tell() const
    {
        if (!onState)
            return {};
        return onState({nlohmann::json{{"version", 1},
                                       {"folder", target.folder.value},
                                       {"wanted", target.name},
                                       {"size", size},
                                       {"id", file.id},
                                       {"name", file.name},
                                       {"parent", entryIdOf(file.parent).value},
                                       {"replaces", file.replaces},
                                       {"session", session},
                                       {"offset", offset}}
                            .dump()});
    }

    // Ignores what is not a state of this upload: it then starts from nothing.
    void restore(const UploadState &state, const Hosts &hosts)
    {
        auto body = parseJson(state.opaque, 4);
        if (!body || integerOf(*body, "version") != 1 || integerOf(*body, "size") != size ||
            textOf(*body, "folder") != target.folder.value || textOf(*body, "wanted") != target.name)
            return;
        auto ref = refOf({textOf(*body, "id")});
        auto parent = refOf({textOf(*body, "parent")});
        const std::string name = textOf(*body, "name");
        if (!ref || !parent || ref->id == "root" || !checkName(name))
            return;
        file = {ref->id, name, *parent, flagOf(*body, "replaces"), target.modified};
        mayBeMade = true;
        session = textOf(*body, "session");
        if (!isSession(hosts, session))
            session.clear();
    }

    void startOver()
    {
        file = {};
        session.clear();
        offset = 0;
        mayBeMade = false;
    }
};

Result<std::string> GoogleDriveProvider::makeId(const Call &call)
{
    auto reply = ask(generateIdRequest(m_hosts), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    return decodeId(*reply);
}

// The first of "name", "name (1)", … that nothing in the folder has. Beyond a limit it is one more of the same name.
Result<std::string> GoogleDriveProvider::freeName(const File &folder, const std::string &name, const Call &call)
{
    for (int first = 0; first < kMostNames; first += kNamesAtOnce) {
        std::vector<std::string> names;
        for (int n = first; n < first + kNamesAtOnce; ++n)
            names.push_back(numbered(name, n));
        auto taken = namesakes(folder, names, call);
        if (!taken)
            return std::move(taken).error();
        std::set<std::string> theirs;
        for (const File &one : *taken)
            theirs.insert(one.entry.name);
        const auto free =
            std::find_if(names.begin(), names.end(), [&](const auto &one) { return !theirs.contains(one); });
        if (free != names.end())
            return *free;
    }
    return name;
}

// Decides under which name and id. The cloud takes any name any number of times, so we have to look.
Result<void> GoogleDriveProvider::choose(Upload &upload, const Call &call)
{
    const UploadTarget &target = upload.target;
    auto folder = folderAt(target.folder, call);
    if (!folder)
        return std::move(folder).error();
    if (!folder->entry.writable)
        return Error{Errc::PermissionDenied, "the folder takes no new files", kOrigin};
    auto parent = refOf(folder->entry.id);
    if (!parent)
        return std::move(parent).error();
    NewFile file{{}, target.name, *parent, false, target.modified};
    if (target.onConflict != OnConflict::Rename) {
        auto taken = namesakes(*folder, {target.name}, call);
        if (!taken)
            return std::move(taken).error();
        if (!taken->empty() && target.onConflict == OnConflict::Fail)
            return Error{Errc::Conflict, "the name is taken", kOrigin};
        const auto old = std::find_if(taken->begin(), taken->end(),
                                      [](const File &one) { return one.entry.kind == EntryKind::File; });
        if (old != taken->end()) {
            if (old->locked)
                return Error{Errc::Busy, "the file is locked", kOrigin, {}, 0, {}, "file-locked"};
            auto ref = refOf(old->entry.id);
            file.id = ref ? ref->id : "";
            file.replaces = true;
        }
    } else {
        auto free = freeName(*folder, target.name, call);
        if (!free)
            return std::move(free).error();
        file.name = std::move(*free);
    }
    if (file.id.empty()) {
        auto made = makeId(call);
        if (!made)
            return std::move(made).error();
        file.id = std::move(*made);
    }
    upload.file = std::move(file);
    return {};
}

Result<Entry> GoogleDriveProvider::upload(const UploadTarget &target, ByteSource &in, const UploadState &resume,
                                          const std::function<Result<void>(const UploadState &)> &onState,
                                          const Call &call)
{
    if (auto r = checkName(target.name); !r)
        return std::move(r).error();
    const std::int64_t size = in.size().value_or(-1);
    if (size < 0)
        return Error{Errc::InvalidArgument, "the source does not announce its size", kOrigin};
    if (size > kUploadMax)
        return fileTooLarge(kOrigin);
    Upload upload{target, onState, in, size,
                  HashingSource(in, size, std::make_unique<DigestHasher>(DigestKind::Sha256), call)};
    upload.restore(resume, m_hosts);
    if (upload.mayBeMade && upload.session.empty()) {
        auto found = findMade(upload, call);
        if (!found)
            return std::move(found).error();
        if (*found)
            return settled(upload, std::move(**found), call);
    }
    for (int lives = 2;; --lives) {
        if (upload.file.id.empty())
            if (auto r = choose(upload, call); !r)
                return std::move(r).error();
        auto entry = size > m_tuning.simpleMax ? sendBySession(upload, call) : sendAtOnce(upload, call);
        if (entry)
            return settled(upload, std::move(*entry), call);
        const Error &error = entry.error();
        if (error.code == Errc::Cancelled)
            undo(upload);
        // The id belongs to something that was thrown away, or the file to replace is gone: look again.
        const bool stale = (error.code == Errc::Conflict && error.httpStatus == 409) ||
                           (error.code == Errc::NotFound && upload.file.replaces);
        if (!stale || lives == 1)
            return entry;
        upload.startOver();
    }
}

// Somebody else may have taken the name between our look and our file. Whoever was later gives way; of a name that we
// took in giving way nobody can tell that, so there the later one goes at once and the other if it finds it stays. A
// look that fails leaves things as they are: the file is there, and the cloud does not mind.
Result<Entry> GoogleDriveProvider::settled(const Upload &upload, Entry entry, const Call &call)
{
    if (upload.file.replaces)
        return entry;
    auto folder = folderAt(upload.target.folder, call);
    bool renamedTo = false;
    bool waited = false;
    for (int tries = 0; folder && tries < kMostGivingWay; ++tries) {
        auto all = namesakes(*folder, {entry.name}, call);
        if (!all)
            break;
        const auto ours =
            std::find_if(all->begin(), all->end(), [&](const File &one) { return one.entry.id == entry.id; });
        const bool first =
            ours == all->end() || std::none_of(all->begin(), all->end(), [&](const File &one) {
                return std::tie(one.created, one.entry.id.value) < std::tie(ours->created, ours->entry.id.value);
            });
        if (first && (!renamedTo || all->size() < 2))
            break;
        if (first && !std::exchange(waited, true)) {
            if (!waitFor(m_tuning.patience, call))
                break;
            continue;
        }
        if (upload.target.onConflict == OnConflict::Fail) {
            if (auto r = remove(entry.id, Call{}.within(seconds{10})); !r)
                return std::move(r).error();
            return Error{Errc::Conflict, "the name was taken meanwhile", kOrigin};
        }
        auto free = freeName(*folder, upload.target.name, call);
        auto reply =
            free ? ask(renameRequest(m_hosts, upload.file.id, *free), nullptr, call) : Result<HttpReply>(free.error());
        auto renamed = reply ? decodeFile(*reply) : Result<File>(reply.error());
        if (!renamed)
            break;
        entry = std::move(renamed->entry);
        renamedTo = true;
        waited = false;
    }
    return entry;
}

Result<Entry> GoogleDriveProvider::sendAtOnce(Upload &upload, const Call &call)
{
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        if (auto r = upload.tell(); !r)
            return std::move(r).error();
        Multipart body = uploadRequest(m_hosts, upload.file, "part-" + makeToken(18));
        FramedSource framed(body.before, upload.stream, body.after);
        if (auto r = framed.seek(0); !r)
            return std::move(r).error();
        body.request.source = &framed;
        upload.mayBeMade = true; // from here on, until we hear otherwise
        auto reply =
            sendToCommit(&upload.stream, call, [&](const Call &inner) { return ask(body.request, nullptr, inner); });
        auto file = reply ? decodeFile(*reply) : Result<File>(reply.error());
        if (file)
            return verified(upload, std::move(*file), call);
        const Error error = file.error();
        const bool lost = outcomeUnknown(error);
        if (lost || error.httpStatus == 409) {
            auto found = findMade(upload, call);
            if (found && *found)
                return std::move(**found);
            if (!found && !lost) // the id is taken, most likely by us: not having seen it is no leave to take another
                return std::move(found).error();
        }
        if (!lost || attempt == kMostTries)
            return error;
        if (auto r = waitFor(std::max<milliseconds>(wait, error.retryAfter), call); !r)
            return std::move(r).error();
    }
}

Result<void> GoogleDriveProvider::beginSession(Upload &upload, const Call &call)
{
    auto reply = ask(sessionRequest(m_hosts, upload.file, upload.size), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto session = decodeSession(m_hosts, *reply);
    if (!session)
        return std::move(session).error();
    upload.session = std::move(*session);
    upload.offset = 0;
    return upload.tell();
}

Result<HttpReply> GoogleDriveProvider::sendChunk(Upload &upload, const Call &call)
{
    if (auto r = upload.stream.seek(upload.offset); !r)
        return std::move(r).error();
    const std::int64_t count = std::min(m_tuning.chunk, upload.size - upload.offset);
    auto request = chunkRequest(upload.session, upload.offset, count, upload.size);
    request.source = &upload.stream;
    request.sourceStart = upload.offset;
    request.sourceBytes = count;
    if (upload.offset + count < upload.size)
        return ask(request, nullptr, call);
    upload.mayBeMade = true;
    return sendToCommit(&upload.stream, call, [&](const Call &inner) { return ask(request, nullptr, inner); });
}

Result<Entry> GoogleDriveProvider::sendBySession(Upload &upload, const Call &call)
{
    bool unsure = !upload.session.empty(); // where the session stands
    bool resumed = unsure;                 // since an earlier process
    bool begunAgain = false;
    int corrections = 0;
    std::int64_t best = 0;
    milliseconds wait = m_tuning.patience;
    for (;;) {
        if (upload.session.empty()) {
            if (auto r = beginSession(upload, call); !r) {
                if (r.error().httpStatus != 409)
                    return std::move(r).error();
                auto found = findMade(upload, call);
                if (!found)
                    return std::move(found).error();
                return *found ? Result<Entry>(std::move(**found)) : r.error();
            }
            unsure = false;
        }
        auto reply = unsure ? ask(statusRequest(upload.session, upload.size), nullptr, call) : sendChunk(upload, call);
        resumed = resumed && unsure;
        if (reply && reply->status == 308) {
            // The truth, however much was sent: it may have kept less, or, after an answer that was lost, more.
            const std::int64_t stored = storedBytes(*reply);
            if (stored < 0 || stored > upload.size)
                return noProgress();
            const bool further = stored > upload.offset;
            if (stored > best) {
                best = stored;
                corrections = 0;
                wait = m_tuning.patience;
            }
            upload.offset = stored;
            unsure = stored == upload.size; // all there, but not yet a file
            if (auto r = upload.tell(); !r)
                return std::move(r).error();
            if (further && !unsure)
                continue;
            if (++corrections > kMostCorrections)
                return noProgress();
        } else {
            auto file = reply ? decodeFile(*reply) : Result<File>(reply.error());
            if (file && resumed) { // a memory of the session's: the file may have been thrown away since
                auto found = findMade(upload, call);
                if (!found)
                    return std::move(found).error();
                if (*found)
                    return std::move(**found);
                return Error{Errc::Conflict, "what was made is gone", kOrigin, "trashed", 409};
            }
            if (file)
                return verified(upload, std::move(*file), call);
            const Error error = file.error();
            if (reply && sessionGone(error)) {
                // The session is gone; it may have become the file.
                auto found = findMade(upload, call);
                if (!found)
                    return std::move(found).error();
                if (*found)
                    return std::move(**found);
                if (std::exchange(begunAgain, true))
                    return error;
                upload.session.clear();
                best = 0;
                continue;
            }
            // A cut or a passing failure: what arrived has to be asked for. Not having been told is no reason to
            // send again.
            if (!outcomeUnknown(error) || unsure || ++corrections > kMostCorrections)
                return error;
            unsure = true;
            wait = std::max<milliseconds>(wait, error.retryAfter);
        }
        if (auto r = waitFor(wait, call); !r)
            return std::move(r).error();
        wait = std::min<milliseconds>(wait * 2, kLongestWait);
    }
}

// The file of our id, if it holds our bytes.
Result<std::optional<Entry>> GoogleDriveProvider::findMade(Upload &upload, const Call &call)
{
    auto reply = ask(madeFileRequest(m_hosts, upload.file.id), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto file = decodeFile(*reply);
    if (!file && file.error().code != Errc::NotFound)
        return std::move(file).error();
    if (!file || file->trashed)
        return std::optional<Entry>();
    if (upload.file.replaces) { // it was there before: other bytes mean that ours did not arrive
        auto hash = upload.stream.hash();
        if (!hash)
            return std::move(hash).error();
        if (file->entry.contentHash != *hash || file->entry.size != upload.size)
            return std::optional<Entry>();
    }
    auto entry = verified(upload, std::move(*file), call);
    if (!entry)
        return std::move(entry).error();
    return std::optional(std::move(*entry));
}

Result<Entry> GoogleDriveProvider::verified(Upload &upload, File file, const Call &call)
{
    auto hash = upload.stream.hash();
    if (!hash)
        return std::move(hash).error();
    bool same = file.entry.size == upload.size && file.entry.contentHash == *hash;
    if (!same && file.entry.contentHash.empty() && file.entry.size == upload.size) {
        // SHA-256 may be missing, MD5 never is; it takes a second reading.
        Call quiet = call;
        quiet.onProgress = {};
        HashingSource again(upload.in, upload.size, std::make_unique<DigestHasher>(DigestKind::Md5), quiet);
        if (auto r = upload.in.seek(0); !r)
            return std::move(r).error();
        auto md5 = again.hash();
        if (!md5)
            return std::move(md5).error();
        same = file.md5 == *md5;
    }
    if (!same) {
        undo(upload);
        return Error{Errc::DataLoss, "the cloud received other bytes than were sent", kOrigin};
    }
    // Replaced is replaced; a new file of a cancelled upload goes away again.
    if (auto r = call.poll(); !r && !upload.file.replaces) {
        if (remove({upload.file.id}, Call{}.within(seconds{10})))
            return std::move(r).error();
    }
    return std::move(file.entry);
}

// Removes what a cancelled or damaged upload may have left. What was replaced stays: it has its earlier revisions.
void GoogleDriveProvider::undo(const Upload &upload)
{
    if (upload.mayBeMade && !upload.file.replaces && !upload.file.id.empty())
        (void)remove({upload.file.id}, Call{}.within(seconds{10}));
}

} // namespace connector::google_drive
