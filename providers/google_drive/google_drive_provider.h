// SPDX-License-Identifier: Apache-2.0
// The Google Drive adapter: the loops around google_drive_codec's requests and replies.
#pragma once

#include "providers/google_drive/google_drive_codec.h"
#include "providers/registry.h"

namespace connector::google_drive {

struct Tuning {
    std::int64_t simpleMax = 4LL << 20U; // larger files go by session; Drive's own limit is 5 MB with the metadata
    std::int64_t chunk = 32LL << 20U;    // a multiple of 256 KiB
    int pageSize = 200;
    int shortcutsPerPage = 20;                // whose targets are asked for; the rest is shown as the shortcut says
    std::chrono::milliseconds patience{1000}; // first wait where the service asks to come again; doubles
};

class GoogleDriveProvider : public Provider {
public:
    // `http` signs requests and outlives this.
    GoogleDriveProvider(HttpClient &http, Hosts hosts, Tuning tuning = {});

    std::string id() const override { return "google-drive"; }
    Features features() const override;
    Result<Account> account(const Call &call) override;
    Result<Page> list(const EntryId &folder, const std::string &pageToken, const Sort &sort, const Call &call) override;
    Result<Entry> stat(const EntryId &id, const Call &call) override;
    Result<void> download(const EntryId &file, const std::string &revision, std::int64_t offset, ByteSink &out,
                          const Call &call) override;
    Result<Entry> upload(const UploadTarget &target, ByteSource &in, const UploadState &resume,
                         const std::function<Result<void>(const UploadState &)> &onState, const Call &call) override;
    Result<void> remove(const EntryId &file, const Call &call) override;
    Result<std::vector<Place>> places(const Call &call) override;
    Result<Page> search(const std::string &text, const EntryId &folder, const std::string &pageToken,
                        const Call &call) override;
    Result<Entry> createFolder(const EntryId &parent, const std::string &name, const Call &call) override;
    Result<void> downloadPdf(const EntryId &file, ByteSink &out, const Call &call) override;
    Result<void> thumbnail(const EntryId &file, int pixels, ByteSink &out, const Call &call) override;

private:
    struct Upload;
    struct Ancestry;

    Result<HttpReply> ask(const HttpRequest &request, ByteSink *sink, const Call &call);
    Result<File> fileAt(const EntryId &id, const Call &call);
    Result<File> folderAt(const EntryId &id, const Call &call);
    Result<File> followed(File shortcut, const Call &call);
    Result<FilePage> filesOf(const Query &query, int pageSize, const std::string &token, const Call &call);
    Result<std::vector<Entry>> shown(std::vector<File> files, const Call &call);
    Result<std::vector<File>> namesakes(const File &folder, const std::vector<std::string> &names, const Call &call);
    Result<bool> isBelow(const File &file, const std::string &folder, Ancestry &known, const Call &call);
    Result<void> fetchLink(std::string url, const char *contentType, ByteSink &out, const Call &call);
    Result<void> exportByLink(const FileRef &file, ByteSink &out, const Call &call);

    // google_drive_upload.cpp
    Result<void> choose(Upload &upload, const Call &call);
    Result<std::string> freeName(const File &folder, const std::string &name, const Call &call);
    Result<std::string> makeId(const Call &call);
    Result<Entry> settled(const Upload &upload, Entry entry, const Call &call);
    Result<Entry> sendAtOnce(Upload &upload, const Call &call);
    Result<Entry> sendBySession(Upload &upload, const Call &call);
    Result<void> beginSession(Upload &upload, const Call &call);
    Result<HttpReply> sendChunk(Upload &upload, const Call &call);
    Result<std::optional<Entry>> findMade(Upload &upload, const Call &call);
    Result<Entry> verified(Upload &upload, File file, const Call &call);
    void undo(const Upload &upload);

    HttpClient &m_http;
    Hosts m_hosts;
    Tuning m_tuning;
};

ProviderInfo info();

} // namespace connector::google_drive
