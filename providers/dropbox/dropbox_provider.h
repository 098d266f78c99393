// SPDX-License-Identifier: Apache-2.0
// The Dropbox adapter: the loops around dropbox_codec's requests and replies.
#pragma once

#include "providers/dropbox/dropbox_codec.h"
#include "providers/registry.h"

namespace connector::dropbox {

struct Tuning {
    std::int64_t simpleMax = 32LL << 20U; // larger files go by session
    std::int64_t chunk = 32LL << 20U;     // lost at most when a connection is cut; a multiple of the hash's blocks
    int pageSize = 500;
    std::chrono::milliseconds patience{1000}; // first wait where the service asks to come again; doubles
};

class DropboxProvider : public Provider {
public:
    // `http` signs requests and outlives this.
    DropboxProvider(HttpClient &http, Hosts hosts, Tuning tuning = {});

    std::string id() const override { return "dropbox"; }
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
    Result<void> downloadPdf(const EntryId &file, ByteSink &out, const Call &call) override;
    Result<void> thumbnail(const EntryId &file, int pixels, ByteSink &out, const Call &call) override;
    Result<void> revoke(const Call &call) override;

private:
    struct Upload;

    Result<void> learnRoot(const Call &call);
    Result<HttpReply> ask(HttpRequest request, ByteSink *sink, const Call &call);
    Result<HttpReply> askPatiently(const HttpRequest &request, ByteSink *sink, const Call &call);
    Result<std::string> pathOf(const EntryId &folder, const Call &call);

    Result<void> fillSession(Upload &upload, const Call &call);
    Result<Entry> commit(Upload &upload, const Call &call);
    Result<HttpReply> askToCommit(Upload &upload, const Call &call);
    Result<std::optional<Entry>> findCommitted(Upload &upload, const Call &call);
    Result<Entry> verified(Upload &upload, Entry entry, const Call &call);

    HttpClient &m_http;
    Hosts m_hosts;
    Tuning m_tuning;
    std::optional<PathRoot> m_root;
};

ProviderInfo info();

} // namespace connector::dropbox
