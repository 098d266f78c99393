// SPDX-License-Identifier: Apache-2.0
// The Box adapter: the loops around the codecs' requests and replies.
#pragma once

#include "providers/box/box_upload_codec.h"
#include "providers/registry.h"

namespace connector::box {

struct Tuning {
    std::int64_t simpleMax = 20LL << 20U; // larger files go by session; the service has none for less than 20 MB
    std::int64_t usualPart = 8LL << 20U;  // what the service makes of most files; it tells each time
    int lanes = 3;                        // parts on their way at once
    std::int64_t buffers = 24LL << 20U;   // bytes of parts in memory
    int firstPage = 200;                  // is on the screen soon
    int pageSize = 1000;
    std::chrono::milliseconds settle{1000};   // between two looks at what a dead process sent
    std::chrono::milliseconds patience{1000}; // first wait where the service asks to come again; doubles
};

class BoxProvider : public Provider {
public:
    // `http` signs requests, is used by several threads at once and outlives this.
    BoxProvider(HttpClient &http, Hosts hosts, Tuning tuning = {});

    std::string id() const override { return kOrigin; }
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

private:
    struct Upload;
    using OnHead = std::function<Result<void>(const HttpReply &head)>;

    Result<HttpReply> ask(const HttpRequest &request, const Call &call);

    // box_content.cpp
    Result<HttpReply> fetch(HttpRequest request, std::int64_t offset, ByteSink &out, const OnHead &onHead,
                            const Call &call);
    Result<HttpReply> follow(const std::string &base, HttpReply redirect, std::int64_t offset, ByteSink &out,
                             const OnHead &onHead, const Call &call);
    Result<void> refusedDownload(const HttpReply &reply, const EntryId &file, const std::string &revision,
                                 std::int64_t offset, const Call &call);
    Result<Representation> representation(const std::string &file, const std::string &hint, int polls,
                                          const Call &call);
    Result<void> represent(const EntryId &file, const std::string &hint, int polls, ByteSink &out, const Call &call);

    // box_upload.cpp
    Result<std::optional<Entry>> choosePlace(Upload &upload, const Call &call);
    Result<std::optional<Entry>> recognise(Upload &upload, NameHolder holder, const Call &call);
    Result<Entry> sendWhole(Upload &upload, const Call &call);
    Result<Entry> sendBySession(Upload &upload, const Call &call);
    Result<Entry> verified(Upload &upload, Entry entry, const Call &call);
    void tidyUp(Upload &upload);

    // box_session.cpp
    Result<void> openSession(Upload &upload, const Call &call);
    Result<void> learnParts(Upload &upload, const Call &call);
    Result<std::map<std::int64_t, Part>> listParts(const Session &session, std::int64_t size, const Call &call);
    Result<Part> sendPart(const Session &session, std::int64_t size, const HttpRequest &request, const Part &part,
                          const Call &call);
    Result<Part> sendPartOnce(const Session &session, std::int64_t size, const HttpRequest &request, const Part &part,
                              const Call &call);
    Result<void> fillSession(Upload &upload, const Call &call);
    Result<void> fillOneByOne(Upload &upload, const Call &call);
    Result<bool> alreadyStored(Upload &upload, std::int64_t offset, const Call &call);
    Result<Entry> commit(Upload &upload, const Call &call);

    HttpClient &m_http;
    Hosts m_hosts;
    Tuning m_tuning;
};

ProviderInfo info();

} // namespace connector::box
