// SPDX-License-Identifier: Apache-2.0
#include "providers/dropbox/dropbox_provider.h"

#include "core/encoding.h"
#include "http/json_body.h"
#include "providers/dropbox/content_hash.h"
#include "providers/transfer.h"

namespace connector::dropbox {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::int64_t kUploadMax = (1LL << 41U) - (1LL << 22U);
constexpr int kPatientAttempts = 6;
constexpr int kCommitAttempts = 3;
constexpr int kMostCorrections = 8;

bool sessionGone(const Error &error)
{
    return error.nativeCode == "not_found" || error.nativeCode == "lookup_failed/not_found" ||
           error.nativeCode == "closed" || error.nativeCode == "lookup_failed/closed";
}

} // namespace

// One upload on its way.
struct DropboxProvider::Upload {
    const UploadTarget &target;
    const std::function<Result<void>(const UploadState &)> &onState;
    std::string path; // in the cloud
    std::int64_t size;
    HashingSource stream;
    UploadCursor cursor = {}; // session "": not begun, or not by session
    bool bySession = false;
    bool maybeCommitted = false; // an earlier try may have succeeded unheard
    UploadBegin began = {};

    Result<void> tell() const
    {
        if (!onState)
            return {};
        return onState({nlohmann::json{{"version", 1},
                                       {"size", size},
                                       {"session", cursor.session},
                                       {"offset", cursor.offset},
                                       {"committing", maybeCommitted},
                                       {"began", began.toState()}}
                            .dump()});
    }

    // Ignores what is not a state of this upload: it then starts from nothing.
    void restore(const UploadState &state)
    {
        auto body = parseJson(state.opaque, 4);
        if (!body || integerOf(*body, "version") != 1 || integerOf(*body, "size") != size)
            return;
        maybeCommitted = flagOf(*body, "committing");
        began.restore(integerOf(*body, "began"));
        const std::int64_t offset = integerOf(*body, "offset").value_or(-1);
        if (bySession && offset >= 0 && offset <= size)
            cursor = {textOf(*body, "session"), offset};
    }
};

DropboxProvider::DropboxProvider(HttpClient &http, Hosts hosts, Tuning tuning)
    : m_http(http), m_hosts(std::move(hosts)), m_tuning(tuning)
{
}

Features DropboxProvider::features() const
{
    Features f;
    f.search = true;
    f.createFolder = true;
    f.thumbnails = true;
    f.caseInsensitiveNames = true;
    f.hashAlgorithm = "dropbox";
    f.simpleUploadMax = m_tuning.simpleMax;
    f.chunkSize = m_tuning.chunk;
    f.uploadMax = kUploadMax;
    return f;
}

// A team member's paths are relative to their home unless we name the team's root.
Result<void> DropboxProvider::learnRoot(const Call &call)
{
    auto reply = m_http.send(accountRequest(m_hosts), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto account = decodeAccount(*reply);
    if (!account)
        return std::move(account).error();
    m_root = account->root;
    return {};
}

Result<HttpReply> DropboxProvider::ask(HttpRequest request, ByteSink *sink, const Call &call)
{
    for (bool again = false;; again = true) {
        if (!m_root)
            if (auto r = learnRoot(call); !r)
                return std::move(r).error();
        setPathRoot(request, *m_root);
        auto reply = m_http.send(request, sink, call);
        if (!reply || reply->status != 422 || again)
            return reply;
        m_root.reset(); // the team moved its root
        if (request.source != nullptr && !request.source->seek(request.sourceStart))
            return reply;
    }
}

// For what Dropbox answers "not now": writers queue up in one namespace, previews take a while.
Result<HttpReply> DropboxProvider::askPatiently(const HttpRequest &request, ByteSink *sink, const Call &call)
{
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        auto reply = ask(request, sink, call);
        if (!reply || reply->status != 409 || attempt == kPatientAttempts)
            return reply;
        const Error error = decodeError(*reply);
        if (error.code != Errc::RateLimited && !error.nativeCode.ends_with("in_progress"))
            return reply;
        if (request.source != nullptr && !request.source->seek(request.sourceStart))
            return reply;
        if (auto r = waitFor(std::max<milliseconds>(wait, error.retryAfter), call); !r)
            return std::move(r).error();
    }
}

Result<Account> DropboxProvider::account(const Call &call)
{
    auto reply = m_http.send(accountRequest(m_hosts), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto account = decodeAccount(*reply);
    if (!account)
        return std::move(account).error();
    m_root = account->root;
    auto space = m_http.send(quotaRequest(m_hosts), nullptr, call);
    if (!space)
        return std::move(space).error();
    if (auto quota = decodeQuota(*space)) { // an account without it is still an account
        account->account.usedBytes = quota->used;
        account->account.totalBytes = quota->total;
    }
    return std::move(account->account);
}

Result<Page> DropboxProvider::list(const EntryId &folder, const std::string &pageToken, const Sort &, const Call &call)
{
    auto reply =
        ask(pageToken.empty() ? listRequest(m_hosts, folder, m_tuning.pageSize) : listMoreRequest(m_hosts, pageToken),
            nullptr, call);
    if (!reply)
        return std::move(reply).error();
    return decodeList(*reply);
}

Result<Entry> DropboxProvider::stat(const EntryId &entry, const Call &call)
{
    if (entry.value.empty()) { // get_metadata does not know the root
        Entry root;
        root.kind = EntryKind::Folder;
        root.downloadable = false;
        return root;
    }
    auto reply = ask(metadataRequest(m_hosts, entry.value), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    return decodeMetadata(*reply);
}

Result<void> DropboxProvider::download(const EntryId &file, const std::string &revision, std::int64_t offset,
                                       ByteSink &out, const Call &call)
{
    if (offset < 0)
        return Error{Errc::InvalidArgument, "negative offset", kOrigin};
    CountingSink sink(out, offset, call);
    auto request = downloadRequest(m_hosts, file, revision, offset);
    request.onHead = [&](const HttpReply &head) -> Result<void> {
        if (offset > 0 && (head.status != 206 || contentRangeOf(head.headers).first != offset))
            return Error{Errc::BadReply, "the range was not obeyed", kOrigin, {}, head.status};
        auto entry = decodeDownloadHead(head);
        if (!entry)
            return {}; // the length of the body is checked anyway
        if (!revision.empty() && entry->revision != revision)
            return fileChanged(kOrigin);
        sink.expect(entry->size.value_or(-1));
        return {};
    };
    auto reply = ask(std::move(request), &sink, call);
    if (!reply)
        return std::move(reply).error();
    if (reply->status == 416 && contentRangeOf(reply->headers).total == offset)
        return {}; // nothing is left behind the offset
    if (auto r = decodeNothing(*reply); !r)
        return r;
    if (sink.total() >= 0 && sink.at() != sink.total())
        return Error{Errc::DataLoss, "the body is not as long as the file", kOrigin, {}, reply->status};
    return {};
}

Result<std::string> DropboxProvider::pathOf(const EntryId &folder, const Call &call)
{
    if (folder.value.empty())
        return std::string();
    auto reply = ask(metadataRequest(m_hosts, folder.value), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    return decodePath(*reply);
}

Result<Entry> DropboxProvider::upload(const UploadTarget &target, ByteSource &in, const UploadState &resume,
                                      const std::function<Result<void>(const UploadState &)> &onState, const Call &call)
{
    if (auto r = checkName(target.name); !r)
        return std::move(r).error();
    const std::int64_t size = in.size().value_or(-1);
    if (size < 0)
        return Error{Errc::InvalidArgument, "the source does not announce its size", kOrigin};
    if (size > kUploadMax) {
        return fileTooLarge(kOrigin);
    }
    auto folder = pathOf(target.folder, call);
    if (!folder)
        return std::move(folder).error();
    Upload upload{target, onState, *folder + "/" + target.name, size,
                  HashingSource(in, size, std::make_unique<ContentHash>(), call)};
    upload.bySession = size > m_tuning.simpleMax;
    upload.restore(resume);
    for (int lives = 2;; --lives) {
        if (upload.maybeCommitted && !upload.bySession) {
            auto found = findCommitted(upload, call);
            if (!found)
                return std::move(found).error();
            if (*found)
                return std::move(**found);
        }
        if (upload.bySession)
            if (auto r = fillSession(upload, call); !r)
                return std::move(r).error();
        upload.maybeCommitted = true; // from here on, until we hear otherwise
        if (auto r = upload.tell(); !r)
            return std::move(r).error();
        auto entry = commit(upload, call);
        if (entry || lives == 1 || !upload.bySession || !sessionGone(entry.error()))
            return entry;
        upload.cursor = {}; // expired: again from the start
        upload.maybeCommitted = false;
    }
}

// Sends all bytes into the session, from wherever it stands.
Result<void> DropboxProvider::fillSession(Upload &upload, const Call &call)
{
    UploadCursor &cursor = upload.cursor;
    bool restarted = false;
    for (int corrections = 0; cursor.session.empty() || cursor.offset < upload.size;) {
        const bool begins = cursor.session.empty();
        if (begins)
            cursor.offset = 0;
        auto request = begins ? sessionStartRequest(m_hosts) : sessionAppendRequest(m_hosts, cursor);
        if (auto r = upload.stream.seek(cursor.offset); !r)
            return r;
        request.source = &upload.stream;
        request.sourceStart = cursor.offset;
        request.sourceBytes = std::min(m_tuning.chunk, upload.size - cursor.offset);
        auto reply = askPatiently(request, nullptr, call);
        if (!reply)
            return std::move(reply).error();
        if (const auto truth = correctOffset(*reply); truth && !begins) {
            // The service's word counts: an answer was lost, or bytes were.
            if (*truth < 0 || *truth > upload.size || ++corrections > kMostCorrections)
                return Error{Errc::BadReply, "the session does not go on", kOrigin, "incorrect_offset", 409};
            cursor.offset = *truth;
        } else if (begins) {
            auto session = decodeSession(*reply);
            if (!session)
                return std::move(session).error();
            cursor = {std::move(*session), request.sourceBytes};
        } else if (auto r = decodeNothing(*reply); r) {
            cursor.offset += request.sourceBytes;
            corrections = 0;
        } else if (sessionGone(r.error()) && !std::exchange(restarted, true)) {
            cursor = {};
            continue;
        } else {
            return r;
        }
        if (auto r = upload.tell(); !r)
            return r;
    }
    return {};
}

Result<HttpReply> DropboxProvider::askToCommit(Upload &upload, const Call &call)
{
    HttpRequest request;
    if (upload.bySession) {
        request = sessionFinishRequest(m_hosts, upload.cursor, upload.path, upload.target);
    } else {
        request = uploadRequest(m_hosts, upload.path, upload.target);
        if (auto r = upload.stream.seek(0); !r)
            return std::move(r).error();
        request.source = &upload.stream;
        request.sourceBytes = upload.size;
    }
    return sendToCommit(upload.bySession ? nullptr : &upload.stream, call,
                        [&](const Call &inner) { return askPatiently(request, nullptr, inner); });
}

Result<Entry> DropboxProvider::commit(Upload &upload, const Call &call)
{
    milliseconds wait = m_tuning.patience;
    for (int attempt = 1;; ++attempt, wait *= 2) {
        auto reply = askToCommit(upload, call);
        if (reply && upload.bySession) {
            if (const auto truth = correctOffset(*reply); truth && attempt < kCommitAttempts) {
                upload.cursor.offset = std::clamp<std::int64_t>(*truth, 0, upload.size);
                if (auto r = fillSession(upload, call); !r)
                    return std::move(r).error();
                continue;
            }
        }
        auto entry = reply ? decodeMetadata(*reply) : Result<Entry>(reply.error());
        if (entry)
            return verified(upload, std::move(*entry), call);
        const Error error = entry.error();
        const bool lost = outcomeUnknown(error);
        const bool gone = upload.bySession && sessionGone(error);
        if (lost || gone || (attempt > 1 && error.code == Errc::Conflict)) {
            auto found = findCommitted(upload, call);
            if (found && *found)
                return std::move(**found);
            // A session that is gone may have become the file: not having seen whether is no leave to send it again.
            if (!found && (gone || found.error().code == Errc::Cancelled))
                return std::move(found).error();
        }
        if (!lost || attempt == kCommitAttempts)
            return error;
        if (auto r = waitFor(std::max<milliseconds>(wait, error.retryAfter), call); !r)
            return std::move(r).error();
    }
}

// Looks for a file of our bytes under the name we asked for, or the names that the service makes of it.
Result<std::optional<Entry>> DropboxProvider::findCommitted(Upload &upload, const Call &call)
{
    auto hash = upload.stream.hash();
    if (!hash)
        return std::move(hash).error();
    const std::size_t slash = upload.path.rfind('/');
    std::size_t dot = upload.path.rfind('.');
    if (dot == std::string::npos || dot <= slash + 1)
        dot = upload.path.size();
    const int variants = upload.target.onConflict == OnConflict::Rename ? 9 : 0;
    for (int n = 0; n <= variants; ++n) {
        const std::string suffix = n == 0 ? "" : " (" + std::to_string(n) + ")";
        auto reply =
            ask(metadataRequest(m_hosts, upload.path.substr(0, dot) + suffix + upload.path.substr(dot)), nullptr, call);
        if (!reply)
            return std::move(reply).error();
        upload.began.hear(reply->headers);
        auto entry = decodeMetadata(*reply);
        // What was there before is somebody else's, whatever its bytes. To a replacement it is as good as ours.
        const bool before = upload.target.onConflict != OnConflict::Replace && upload.began.isAfter(decodeMade(*reply));
        if (entry && !before && entry->contentHash == *hash && entry->size == upload.size)
            return std::optional(std::move(*entry));
        if (entry)
            continue;
        if (entry.error().code != Errc::NotFound)
            return std::move(entry).error();
        if (n != 1) // numbering starts at 1 or at 2
            break;
    }
    return std::optional<Entry>();
}

Result<Entry> DropboxProvider::verified(Upload &upload, Entry entry, const Call &call)
{
    auto hash = upload.stream.hash();
    if (!hash)
        return std::move(hash).error();
    if (entry.contentHash != *hash || entry.size != upload.size) {
        if (upload.target.onConflict == OnConflict::Replace) // removing it would take its older versions along
            return Error{Errc::DataLoss, "the cloud holds other bytes than were sent, and keeps them", kOrigin};
        if (auto r = remove(entry.id, Call{}.within(seconds{30})); !r && r.error().code != Errc::NotFound)
            return Error{Errc::DataLoss, "the cloud holds other bytes than were sent, and keeps them", kOrigin};
        return Error{Errc::DataLoss, "the cloud received other bytes than were sent", kOrigin};
    }
    // Replaced is replaced; a new file of a cancelled upload goes away again.
    if (auto r = call.poll(); !r && upload.target.onConflict != OnConflict::Replace) {
        if (remove(entry.id, Call{}.within(seconds{10})))
            return std::move(r).error();
    }
    return entry;
}

Result<void> DropboxProvider::remove(const EntryId &file, const Call &call)
{
    if (file.value.empty())
        return Error{Errc::InvalidArgument, "the root cannot be removed", kOrigin};
    auto reply = askPatiently(deleteRequest(m_hosts, file), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    return decodeNothing(*reply);
}

Result<Page> DropboxProvider::search(const std::string &text, const EntryId &folder, const std::string &pageToken,
                                     const Call &call)
{
    auto reply = ask(pageToken.empty() ? searchRequest(m_hosts, text, folder) : searchMoreRequest(m_hosts, pageToken),
                     nullptr, call);
    if (!reply)
        return std::move(reply).error();
    return decodeSearch(*reply);
}

Result<Entry> DropboxProvider::createFolder(const EntryId &parent, const std::string &name, const Call &call)
{
    if (auto r = checkName(name); !r)
        return std::move(r).error();
    auto path = pathOf(parent, call);
    if (!path)
        return std::move(path).error();
    auto reply = askPatiently(createFolderRequest(m_hosts, *path + "/" + name), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    return decodeWrapped(*reply);
}

Result<void> DropboxProvider::downloadPdf(const EntryId &file, ByteSink &out, const Call &call)
{
    CountingSink sink(out, 0, call);
    auto request = previewRequest(m_hosts, file);
    request.onHead = [](const HttpReply &head) -> Result<void> {
        // Sheets come as HTML, with the same status.
        if (!toLowerAscii(head.headers.get("Content-Type")).starts_with("application/pdf"))
            return Error{Errc::Unsupported, "the preview is not a PDF", kOrigin, {}, head.status};
        return {};
    };
    auto reply = askPatiently(request, &sink, call);
    if (!reply)
        return std::move(reply).error();
    return decodeNothing(*reply);
}

Result<void> DropboxProvider::thumbnail(const EntryId &file, int pixels, ByteSink &out, const Call &call)
{
    auto reply = ask(thumbnailRequest(m_hosts, file, pixels), &out, call);
    if (!reply)
        return std::move(reply).error();
    return decodeNothing(*reply);
}

Result<void> DropboxProvider::revoke(const Call &call)
{
    auto reply = m_http.send(revokeRequest(m_hosts), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    if (reply->status == 401) // it ended already
        return {};
    return decodeNothing(*reply);
}

namespace {

const std::map<std::string, std::string> &defaultHosts()
{
    static const std::map<std::string, std::string> kHosts{{"www", "https://www.dropbox.com"},
                                                           {"api", "https://api.dropboxapi.com"},
                                                           {"content", "https://content.dropboxapi.com"},
                                                           {"notify", "https://notify.dropboxapi.com"}};
    return kHosts;
}

OAuthSpec oauthFor(const ProviderEndpoints &endpoints)
{
    const auto base = endpoints.over(defaultHosts());
    OAuthSpec spec;
    spec.provider = kOrigin;
    spec.authorizeUrl = base.at("www") + "/oauth2/authorize";
    spec.tokenUrl = base.at("api") + "/oauth2/token";
    spec.scope = "account_info.read files.metadata.read files.content.read files.content.write";
    spec.extraAuthorize = {{"token_access_type", "offline"}};
    spec.pkce = true;
    spec.secretNeeded = false;
    return spec;
}

} // namespace

ProviderInfo info()
{
    ProviderInfo info;
    info.id = kOrigin;
    info.title = "Dropbox";
    info.oauth = oauthFor({});
    info.endpoints = defaultHosts();
    info.make = [](HttpClient &http, const ProviderEndpoints &endpoints) -> std::unique_ptr<Provider> {
        const auto base = endpoints.over(defaultHosts());
        return std::make_unique<DropboxProvider>(http, Hosts{base.at("api"), base.at("content")});
    };
    info.makeHasher = [] { return std::make_unique<ContentHash>(); };
    info.oauthFor = oauthFor;
    return info;
}

} // namespace connector::dropbox
