// SPDX-License-Identifier: Apache-2.0
// The WebDAV adapter: the loops around webdav_codec's requests and replies. It finds out by itself whether the server
// is a Nextcloud.
#pragma once

#include "providers/part_lanes.h"
#include "providers/registry.h"
#include "providers/webdav/folder_answer.h"

#include <set>

namespace connector::webdav {

struct Tuning {
    std::int64_t simpleMax = 16LL << 20U;     // at a Nextcloud, larger files go by session
    std::int64_t chunk = 8LL << 20U;          // lost at most when a connection is cut; Nextcloud wants 5 MiB at least
    int pageSize = 500;                       // of the first page; each later one is nine times all before it
    int searchFolders = 25;                   // looked into per page of a search that the server does not do
    std::chrono::milliseconds patience{1000}; // first wait for an answer that was lost; doubles
};

// What is known of an account: which kind of server it is, and the folder that somebody is paging through. Thread-safe.
class ServerMemory : public AccountMemory {
public:
    std::optional<Site> site() const;
    void setSite(const Site &site);
    std::shared_ptr<FolderAnswer> answer() const;
    // Ends the one before; null: only that.
    void setAnswer(std::shared_ptr<FolderAnswer> answer);
    void forget(const std::shared_ptr<FolderAnswer> &answer); // if it is still that one

private:
    mutable std::mutex m_mutex;
    std::optional<Site> m_site;
    std::shared_ptr<FolderAnswer> m_answer;
};

class WebdavProvider : public Provider {
public:
    // `http` signs requests and outlives this. endpoints.base["server"] is where the files are; endpoints.memory is a
    // ServerMemory or null.
    WebdavProvider(HttpClient &http, const ProviderEndpoints &endpoints, Tuning tuning = {});

    std::string id() const override { return "webdav"; }
    Features features() const override;
    Result<Account> account(const Call &call) override;
    Result<Page> list(const EntryId &folder, const std::string &pageToken, const Sort &sort, const Call &call) override;
    Result<Entry> stat(const EntryId &id, const Call &call) override;
    Result<void> download(const EntryId &file, const std::string &revision, std::int64_t offset, ByteSink &out,
                          const Call &call) override;
    Result<Entry> upload(const UploadTarget &target, ByteSource &in, const UploadState &resume,
                         const std::function<Result<void>(const UploadState &)> &onState, const Call &call) override;
    Result<void> remove(const EntryId &file, const Call &call) override;
    Result<Page> search(const std::string &text, const EntryId &folder, const std::string &pageToken,
                        const Call &call) override;
    Result<Entry> createFolder(const EntryId &parent, const std::string &name, const Call &call) override;
    Result<void> thumbnail(const EntryId &file, int pixels, ByteSink &out, const Call &call) override;
    Result<void> revoke(const Call &call) override;

    // What was begun with another tuning is forgotten.
    void setTuning(const Tuning &tuning);

private:
    struct Upload;

    Result<void> provePassword(const Call &call);
    Result<void> settle(const Call &call);                                        // before anything that needs m_site
    Result<HttpReply> ask(HttpRequest request, ByteSink *sink, const Call &call); // about files
    Result<void> propfind(const std::string &url, int depth, bool quota, const Found &found, const Call &call);
    Result<Resource> resourceAt(const std::string &path, const Call &call);
    Result<Page> listAt(const std::string &folder, const std::string &pageToken, const Call &call);
    Result<Page> listAnew(const std::string &folder, std::int64_t from, std::size_t most, const std::string &tag,
                          const Call &call);
    Result<void> getAt(const std::string &path, const std::string &revision, std::int64_t offset, ByteSink &out,
                       const Call &call, const std::string &fileId = {});
    Result<Page> searchThere(const std::string &text, const std::string &folder, int skip, const Call &call);
    Result<Page> searchByWalking(const std::string &text, const std::string &folder, const std::string &pageToken,
                                 const Call &call);
    Result<std::string> whereNow(const Node &node, const Call &call);
    template <class Work>
    auto atNode(Node node, const Call &call, const Work &work) -> decltype(work(std::string()));

    Result<Entry> uploadTo(const std::string &folder, const UploadTarget &target, ByteSource &in,
                           const UploadState &resume, const std::function<Result<void>(const UploadState &)> &onState,
                           const Call &call);
    Result<void> chooseName(Upload &upload, const Call &call);
    Result<void> fillSession(Upload &upload, const Call &call);
    Result<std::int64_t> sendChunk(const Upload &upload, PartBuffer &chunk, const std::function<void()> &sent,
                                   const Call &call);
    static Result<void> readChunk(Upload &upload, std::int64_t number, PartBuffer &chunk, const Call &call);
    Result<void> beginSession(Upload &upload, const Call &call);
    Result<std::set<std::int64_t>> learnChunks(Upload &upload, const Call &call);
    Result<std::set<std::int64_t>> chunksThere(Upload &upload, const Call &call);
    void dropSession(Upload &upload);
    Result<Entry> commit(Upload &upload, const Call &call);
    Result<Entry> tryToCommit(Upload &upload, const Call &call);
    Result<HttpReply> askToCommit(Upload &upload, const Call &call);
    Result<std::optional<Entry>> findCommitted(Upload &upload, const Call &call);
    Result<std::string> hashThere(const std::string &path, const Call &call);
    Result<std::string> hashComputed(const std::string &path, const Call &call);
    Result<std::string> readBack(const std::string &path, const std::string &revision, const Call &call);
    bool isOfOurBytes(Upload &upload, const Resource &there, const Call &call);
    bool removeThis(const std::string &path, const std::string &etag, const Call &call);
    void takeBack(Upload &upload);
    Result<Entry> verified(Upload &upload, const HttpReply &reply, const Call &call);

    HttpClient &m_http;
    ProviderEndpoints m_endpoints;
    Tuning m_tuning;
    std::shared_ptr<ServerMemory> m_memory;
    std::optional<Site> m_site;
};

ProviderInfo info();

} // namespace connector::webdav
