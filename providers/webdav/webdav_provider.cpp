// SPDX-License-Identifier: Apache-2.0
#include "providers/webdav/webdav_provider.h"

#include "core/encoding.h"
#include "http/url.h"
#include "providers/digest.h"
#include "providers/transfer.h"
#include "providers/webdav/paths.h"

#include <charconv>

namespace connector::webdav {

namespace {

constexpr std::int64_t kLargestPage = 50'000;
constexpr std::int64_t kFurthest = 100'000'000; // entries into a folder that a page token may point

Error notAFolder()
{
    return Error{Errc::InvalidArgument, "not a folder", kOrigin};
}

// Where page after page begins, and what the folder was then.
struct PageToken {
    std::int64_t at = 0;
    std::string folderTag;

    std::string text() const { return std::to_string(at) + " " + folderTag; }
    static std::optional<PageToken> from(const std::string &text)
    {
        PageToken token;
        const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), token.at);
        if (ec != std::errc() || token.at <= 0 || end == text.data() + text.size() || *end != ' ')
            return std::nullopt;
        token.folderTag = std::string(end + 1, text.data() + text.size());
        return token;
    }
};

// Leaves out the first bytes, for servers that send the whole file whatever was asked for.
class SkippingSink : public ByteSink {
public:
    explicit SkippingSink(ByteSink &out) : m_out(out) {}
    void skip(std::int64_t bytes) { m_skip = bytes; }
    Result<void> write(std::span<const char> bytes) override
    {
        const auto n = std::min<std::int64_t>(m_skip, static_cast<std::int64_t>(bytes.size()));
        m_skip -= n;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
        return bytes.empty() ? Result<void>() : m_out.write(bytes);
    }

private:
    ByteSink &m_out;
    std::int64_t m_skip = 0;
};

} // namespace

std::optional<Site> ServerMemory::site() const
{
    const std::scoped_lock lock(m_mutex);
    return m_site;
}

void ServerMemory::setSite(const Site &site)
{
    const std::scoped_lock lock(m_mutex);
    m_site = site;
}

std::shared_ptr<FolderAnswer> ServerMemory::answer() const
{
    const std::scoped_lock lock(m_mutex);
    return m_answer;
}

void ServerMemory::setAnswer(std::shared_ptr<FolderAnswer> answer)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_answer.swap(answer);
    }
    if (answer) // also where somebody waits for a page of it still
        answer->stop();
}

void ServerMemory::forget(const std::shared_ptr<FolderAnswer> &answer)
{
    const std::scoped_lock lock(m_mutex);
    if (m_answer == answer)
        m_answer.reset(); // not the last: whoever calls this has it, too
}

WebdavProvider::WebdavProvider(HttpClient &http, const ProviderEndpoints &endpoints, Tuning tuning)
    : m_http(http), m_endpoints(endpoints), m_tuning(tuning),
      m_memory(std::dynamic_pointer_cast<ServerMemory>(endpoints.memory))
{
    if (!m_memory)
        m_memory = std::make_shared<ServerMemory>();
    m_site = m_memory->site();
}

void WebdavProvider::setTuning(const Tuning &tuning)
{
    m_tuning = tuning;
    m_memory->setAnswer(nullptr);
}

Features WebdavProvider::features() const
{
    Features f;
    f.verifiedEmail = m_endpoints.trustEmail;
    f.search = true;
    f.createFolder = true;
    f.longestName = 250; // a Nextcloud's; disks take five more
    f.keepsModified = false;
    f.tellsAccount = false;
    f.simpleUploadMax = m_tuning.simpleMax;
    if (m_site && m_site->nextcloud()) {
        f.thumbnails = true;
        f.keepsModified = true;
        f.tellsAccount = true;
        f.hashAlgorithm = "sha1";
        f.chunkSize = m_tuning.chunk;
    }
    return f;
}

Result<Account> WebdavProvider::account(const Call &call)
{
    const auto server = m_endpoints.base.find("server");
    auto plain = plainSite(server != m_endpoints.base.end() ? server->second : "");
    if (!plain)
        return std::move(plain).error();
    auto reply = m_http.send(whoRequest(*plain), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    auto who = decodeWho(*plain, *reply);
    if (!who)
        return std::move(who).error();
    Account account;
    if (*who) {
        m_site = nextcloudSite(*plain, (*who)->user);
        account = (*who)->account;
    } else {
        m_site = *plain;
        bool there = false;
        auto asked = propfind(
            m_site->files + "/", 0, true,
            [&](Resource &&root) -> Result<void> {
                there = root.collection;
                account.usedBytes = root.quotaUsed;
                if (root.quotaUsed && root.quotaAvailable && *root.quotaUsed >= 0 && *root.quotaAvailable >= 0 &&
                    *root.quotaAvailable <= INT64_MAX - *root.quotaUsed)
                    account.totalBytes = *root.quotaUsed + *root.quotaAvailable;
                return {};
            },
            call);
        if (asked && !there)
            asked = Error{Errc::BadReply, "the address is no WebDAV folder", kOrigin};
        if (asked)
            asked = provePassword(call);
        if (!asked) {
            m_site.reset();
            return std::move(asked).error();
        }
        account.id = m_endpoints.user + "@" + plain->server.substr(plain->server.find("//") + 2);
        account.name = m_endpoints.user;
        if (const auto at = m_endpoints.user.find('@'); at != std::string::npos && at > 0)
            account.email = m_endpoints.user;
    }
    m_memory->setSite(*m_site);
    account.emailVerified = m_endpoints.trustEmail && !account.email.empty();
    return account;
}

// Where everybody may look, a password that was let in proves nothing: then something is asked for that not everybody
// may do, with and without it.
Result<void> WebdavProvider::provePassword(const Call &call)
{
    const auto isRefused = [](int status) { return status == 401 || status == 403; };
    auto look = propfindRequest(*m_site, m_site->files + "/", 0);
    look.signIt = false;
    auto stranger = ask(look, nullptr, call);
    if (!stranger)
        return std::move(stranger).error();
    if (stranger->status == 429 || stranger->status >= 500)
        return decodeError(*stranger);
    if (stranger->status >= 300)
        return {};
    auto idle = idleRequest(*m_site);
    auto known = ask(idle, nullptr, call);
    if (!known)
        return std::move(known).error();
    if (known->status == 401)
        return decodeError(*known);
    idle.signIt = false;
    stranger = ask(idle, nullptr, call);
    if (!stranger)
        return std::move(stranger).error();
    if (isRefused(stranger->status) && !isRefused(known->status))
        return {};
    return Error{Errc::PermissionDenied, "the server lets everybody in, whatever the password", kOrigin};
}

Result<void> WebdavProvider::settle(const Call &call)
{
    if (m_site)
        return {};
    auto known = account(call);
    if (!known)
        return std::move(known).error();
    return {};
}

Result<HttpReply> WebdavProvider::ask(HttpRequest request, ByteSink *sink, const Call &call)
{
    return askAbout(m_http, std::move(request), sink, call);
}

Result<void> WebdavProvider::propfind(const std::string &url, int depth, bool quota, const Found &found,
                                      const Call &call)
{
    return webdav::propfind(m_http, *m_site, url, depth, quota, found, call);
}

Result<Resource> WebdavProvider::resourceAt(const std::string &path, const Call &call)
{
    std::optional<Resource> found;
    auto asked = propfind(
        m_site->files + path, 0, false,
        [&](Resource &&resource) -> Result<void> {
            if (found)
                return Error{Errc::BadReply, "more than was asked for", kOrigin};
            found = std::move(resource);
            return {};
        },
        call);
    if (!asked)
        return std::move(asked).error();
    if (!found)
        return Error{Errc::BadReply, "the answer tells of nothing", kOrigin};
    if (found->status >= 400) {
        HttpReply inner;
        inner.status = found->status;
        return decodeError(inner);
    }
    return *std::move(found);
}

// Where the file or folder of this number is by now, wherever people moved it.
Result<std::string> WebdavProvider::whereNow(const Node &node, const Call &call)
{
    std::optional<std::string> path;
    const auto base = splitUrl(m_site->files);
    MultistatusReader reader(m_site->host, base ? base->path : "", [&](Resource &&resource) -> Result<void> {
        if (resource.fileId == node.fileId)
            path = nodeOf(entryOf(resource).id)->path;
        return {};
    });
    auto reply = ask(findRequest(*m_site, node.fileId), &reader, call);
    if (!reply)
        return std::move(reply).error();
    const bool searched = reply->status == 207 && reader.finish();
    if (!searched || !path)
        return Error{Errc::NotFound, "it is not there any more", kOrigin, {}, reply->status};
    return *std::move(path);
}

// Does the work at the node's path; where nothing is there any more, at the path where it has gone.
template <class Work>
auto WebdavProvider::atNode(Node node, const Call &call, const Work &work) -> decltype(work(std::string()))
{
    auto done = work(node.path);
    if (done || done.error().code != Errc::NotFound || node.fileId.empty() || !m_site->nextcloud())
        return done;
    auto path = whereNow(node, call);
    if (!path)
        return path.error().code == Errc::NotFound ? done : decltype(done)(std::move(path).error());
    return *path == node.path ? done : work(*path);
}

Result<Page> WebdavProvider::list(const EntryId &folder, const std::string &pageToken, const Sort &, const Call &call)
{
    auto node = nodeOf(folder);
    if (!node)
        return std::move(node).error();
    if (!node->folder())
        return notAFolder();
    if (auto r = settle(call); !r)
        return std::move(r).error();
    return atNode(*node, call, [&](const std::string &path) { return listAt(path, pageToken, call); });
}

// A server knows no pages: it tells everything in one answer, which is kept coming while somebody turns the pages.
// Pages grow, so that even a huge folder is a few of them.
Result<Page> WebdavProvider::listAt(const std::string &folder, const std::string &pageToken, const Call &call)
{
    PageToken token;
    if (!pageToken.empty()) {
        auto known = PageToken::from(pageToken);
        if (!known || known->at > kFurthest)
            return listRestart(kOrigin);
        token = *std::move(known);
    }
    const std::int64_t most = token.at == 0 ? m_tuning.pageSize : std::min(kLargestPage, token.at * 9);
    auto answer = m_memory->answer();
    if (token.at == 0) {
        answer = std::make_shared<FolderAnswer>(m_http, *m_site, folder);
        m_memory->setAnswer(answer);
    }
    if (answer && answer->folder() == folder) {
        auto taken = answer->take(token.at, static_cast<std::size_t>(most), token.folderTag, call);
        if (!taken || (*taken && !(*taken)->more))
            m_memory->forget(answer);
        if (!taken)
            return std::move(taken).error();
        if (*taken) {
            Page page;
            page.entries = std::move((*taken)->entries);
            if ((*taken)->more)
                page.nextPageToken = PageToken{token.at + most, (*taken)->tag}.text();
            return page;
        }
    }
    return listAnew(folder, token.at, static_cast<std::size_t>(most), token.folderTag, call);
}

// For a page whose answer is no more: asks for the folder again and passes over what was told before.
Result<Page> WebdavProvider::listAnew(const std::string &folder, std::int64_t from, std::size_t most,
                                      const std::string &tag, const Call &call)
{
    Page page;
    std::int64_t seen = 0;
    bool more = false;
    std::string tagNow;
    auto asked = readFolder(
        m_http, *m_site, folder, [&](const std::string &told) { tagNow = told; },
        [&](Entry &&entry) -> Result<void> {
            if (++seen <= from)
                return {};
            if (page.entries.size() == most) {
                more = true;
                return Error{Errc::Cancelled, kEnough, kOrigin, kEnough};
            }
            page.entries.push_back(std::move(entry));
            return {};
        },
        call);
    if (!asked && !(more && asked.error().nativeCode == kEnough))
        return std::move(asked).error();
    if (from > 0 && (tagNow != tag || seen < from))
        return listRestart(kOrigin);
    if (more)
        page.nextPageToken = PageToken{from + static_cast<std::int64_t>(most), tagNow}.text();
    return page;
}

Result<Entry> WebdavProvider::stat(const EntryId &id, const Call &call)
{
    auto node = nodeOf(id);
    if (!node)
        return std::move(node).error();
    if (auto r = settle(call); !r)
        return std::move(r).error();
    return atNode(*node, call, [&](const std::string &path) -> Result<Entry> {
        auto resource = resourceAt(path, call);
        if (!resource)
            return std::move(resource).error();
        if (!node->fileId.empty() && !resource->fileId.empty() && resource->fileId != node->fileId)
            return Error{Errc::NotFound, "another one has its name now", kOrigin};
        return entryOf(*resource);
    });
}

Result<void> WebdavProvider::download(const EntryId &file, const std::string &revision, std::int64_t offset,
                                      ByteSink &out, const Call &call)
{
    if (offset < 0)
        return Error{Errc::InvalidArgument, "negative offset", kOrigin};
    auto node = nodeOf(file);
    if (!node)
        return std::move(node).error();
    if (node->folder())
        return Error{Errc::InvalidArgument, "not a file", kOrigin};
    if (auto r = settle(call); !r)
        return std::move(r).error();
    if (offset > 0 && revision.empty()) // nobody knows of which file the first bytes are
        return fileChanged(kOrigin);
    return atNode(*node, call,
                  [&](const std::string &path) { return getAt(path, revision, offset, out, call, node->fileId); });
}

Result<void> WebdavProvider::getAt(const std::string &path, const std::string &revision, std::int64_t offset,
                                   ByteSink &out, const Call &call, const std::string &fileId)
{
    // A server may hold its own etag for weak while the file is fresh, and then refuses even the right one. Asked for
    // without a condition, the head of its answer says which revision it is.
    for (bool condition : {true, false}) {
        CountingSink counted(out, offset, call);
        SkippingSink sink(counted);
        auto request = downloadRequest(*m_site, path, condition ? revision : "", offset);
        request.onHead = [&](const HttpReply &head) -> Result<void> {
            const std::string id = fileIdIn(head);
            if (!fileId.empty() && !id.empty() && id != fileId)
                return Error{Errc::NotFound, "another one has its name now", kOrigin};
            const std::string etag = bareEtag(head.headers.get("ETag"));
            if (!revision.empty() && !etag.empty() && etag != revision)
                return fileChanged(kOrigin);
            if (!revision.empty() && etag.empty() && !condition)
                return fileChanged(kOrigin);
            const auto range = contentRangeOf(head.headers);
            if (head.status == 206) {
                if (range.first != offset)
                    return Error{Errc::BadReply, "the range was not obeyed", kOrigin, {}, head.status};
                counted.expect(range.total);
                return {};
            }
            sink.skip(offset);
            std::int64_t length = -1;
            const auto said = head.headers.get("Content-Length");
            std::from_chars(said.data(), said.data() + said.size(), length);
            counted.expect(length);
            return {};
        };
        auto reply = ask(request, &sink, call);
        if (!reply)
            return std::move(reply).error();
        if (reply->status == 416 &&
            (contentRangeOf(reply->headers).total == offset || contentRangeOf(reply->headers).total == -1)) {
            // Nothing is left behind the offset, if the file is as long as that.
            auto resource = resourceAt(path, call);
            if (resource && resource->size == offset && (revision.empty() || resource->etag == revision))
                return {};
            return fileChanged(kOrigin);
        }
        if (reply->status == 412) {
            if (!condition || revision.empty())
                return fileChanged(kOrigin);
            auto resource = resourceAt(path, call);
            if (!resource)
                return std::move(resource).error();
            if (resource->etag != revision)
                return fileChanged(kOrigin);
            continue;
        }
        if (auto r = decodeDone(*reply); !r)
            return r;
        if (counted.total() >= 0 && counted.at() != counted.total())
            return Error{Errc::DataLoss, "the body is not as long as the file", kOrigin, {}, reply->status};
        return {};
    }
    return fileChanged(kOrigin);
}

Result<void> WebdavProvider::remove(const EntryId &file, const Call &call)
{
    auto node = nodeOf(file);
    if (!node)
        return std::move(node).error();
    if (node->path == "/")
        return Error{Errc::InvalidArgument, "the root cannot be removed", kOrigin};
    auto entry = stat(file, call); // whatever has its name by now stays
    if (!entry)
        return std::move(entry).error();
    auto reply = ask(removeRequest(m_site->files + nodeOf(entry->id)->path), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    if (reply->status == 404) // it was there a moment ago: an answer was lost below us
        return {};
    return decodeDone(*reply);
}

Result<Entry> WebdavProvider::createFolder(const EntryId &parent, const std::string &name, const Call &call)
{
    if (auto r = checkName(name); !r)
        return std::move(r).error();
    auto node = nodeOf(parent);
    if (!node)
        return std::move(node).error();
    if (!node->folder())
        return notAFolder();
    if (auto r = settle(call); !r)
        return std::move(r).error();
    return atNode(*node, call, [&](const std::string &folder) -> Result<Entry> {
        const std::string path = childOf(folder, name) + "/";
        const Error taken{Errc::Conflict, "the name is taken", kOrigin, {}, 405};
        auto before = resourceAt(path, call);
        if (before)
            return taken;
        if (before.error().code != Errc::NotFound)
            return std::move(before).error();
        auto reply = ask(folderRequest(m_site->files + path), nullptr, call);
        auto done = reply ? decodeDone(*reply) : Result<void>(reply.error());
        // An answer that was lost, perhaps below us: then it was not there a moment ago, and is now.
        if (!done && done.error().httpStatus != 405 && !outcomeUnknown(done.error()))
            return std::move(done).error();
        auto made = resourceAt(path, call);
        if (!made)
            return done ? std::move(made).error() : std::move(done).error();
        return made->collection ? Result<Entry>(entryOf(*made)) : Result<Entry>(taken);
    });
}

Result<void> WebdavProvider::thumbnail(const EntryId &file, int pixels, ByteSink &out, const Call &call)
{
    auto node = nodeOf(file);
    if (!node)
        return std::move(node).error();
    if (auto r = settle(call); !r)
        return r;
    if (!m_site->nextcloud() || node->fileId.empty())
        return Provider::thumbnail(file, pixels, out, call);
    auto reply = m_http.send(thumbnailRequest(*m_site, node->fileId, pixels), &out, call);
    if (!reply)
        return std::move(reply).error();
    if (reply->status == 400 || reply->status == 404)
        return Error{Errc::Unsupported, "the server makes no preview of it", kOrigin, {}, reply->status};
    return decodeDone(*reply);
}

Result<void> WebdavProvider::revoke(const Call &call)
{
    if (auto r = settle(call); !r)
        return r.error().code == Errc::Unauthenticated ? Result<void>() : r; // it ended already
    if (!m_site->nextcloud())
        return Provider::revoke(call); // a password ends where it was set
    auto reply = m_http.send(revokeRequest(*m_site), nullptr, call);
    if (!reply)
        return std::move(reply).error();
    if (reply->status == 401)
        return {};
    return decodeDone(*reply);
}

ProviderInfo info()
{
    ProviderInfo info;
    info.id = kOrigin;
    info.title = "Nextcloud / WebDAV";
    info.signIn = SignIn::Server;
    info.serverOf = serverOf;
    info.oauth.provider = kOrigin;
    info.endpoints = {{"server", ""}}; // there is none that would be right for everybody
    info.make = [](HttpClient &http, const ProviderEndpoints &endpoints) -> std::unique_ptr<Provider> {
        return std::make_unique<WebdavProvider>(http, endpoints);
    };
    info.makeMemory = [] { return std::make_shared<ServerMemory>(); };
    info.makeHasher = [] { return std::make_unique<DigestHasher>(DigestKind::Sha1); };
    info.oauthFor = [](const ProviderEndpoints &) {
        OAuthSpec spec;
        spec.provider = kOrigin;
        spec.secretNeeded = false;
        return spec;
    };
    return info;
}

} // namespace connector::webdav
