// SPDX-License-Identifier: Apache-2.0
// The adapter for OneDrive, OneDrive for Business and SharePoint libraries: the loops around onedrive_codec's requests
// and replies.
#pragma once

#include "providers/onedrive/onedrive_codec.h"
#include "providers/registry.h"

namespace connector::onedrive {

struct Tuning {
    std::int64_t simpleMax = 4LL << 20U; // larger files go by session
    std::int64_t chunk = 10LL << 20U;    // lost at most when a connection is cut; a multiple of 320 KiB, under 60 MiB
    int pageSize = 500;
    std::chrono::milliseconds patience{1000}; // first wait where the service needs a moment; doubles
};

class OneDriveProvider : public Provider {
public:
    // `http` signs requests and outlives this.
    OneDriveProvider(HttpClient &http, Hosts hosts, Tuning tuning = {});

    std::string id() const override { return "onedrive"; }
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
    struct Fetched {
        HttpReply reply;
        bool redirected = false; // it is the word of a pre-authenticated URL, not Graph's
    };

    Result<void> learn(const Call &call);
    DriveKind kindOf(const std::string &drive) const;
    Page pageOf(ItemPage items, bool sorted);
    Result<Item> itemAt(const ItemRef &ref, const Call &call);
    Result<ItemPage> firstPage(const ItemRef &folder, const std::string &order, const Call &call);
    Result<ItemPage> listPlace(HttpRequest request, const Call &call);
    Result<ItemPage> nextPage(const std::string &pageToken, const std::string &drive, const Call &call);
    Result<void> addLibraries(std::vector<Place> &places, const Call &call);
    Result<bool> isBelow(const Item &item, const ItemRef &folder, int &lookUps, const Call &call);
    Result<Fetched> fetch(HttpRequest request, std::int64_t offset,
                          const std::function<Result<void>(const HttpReply &)> &onHead, ByteSink &out,
                          const Call &call);

    Result<Item> runSimple(Upload &upload, const Call &call);
    Result<Item> runSession(Upload &upload, const Call &call);
    Result<Ranges> openSession(Upload &upload, const Call &call);
    Result<std::optional<Ranges>> askSession(Upload &upload, const Call &call);
    void cancelSession(Upload &upload);
    Result<HttpReply> sendLast(const HttpRequest &request, Upload &upload, const Call &call);
    Result<std::optional<Item>> findCommitted(Upload &upload, const Call &call);
    Result<std::optional<Item>> childNamed(Upload &upload, const std::string &name, const Call &call);
    bool isOurs(const Upload &upload, const Item &item, const std::string &hash) const;
    bool mayBeRewritten(const Upload &upload, const Item &item) const;
    Result<Entry> verified(Upload &upload, Item item, const Call &call);
    void tidyUp(Upload &upload);

    HttpClient &m_http;
    Hosts m_hosts;
    Tuning m_tuning;
    std::optional<Drive> m_own;
    std::map<std::string, DriveKind> m_kinds;     // of drives, as items told
    std::map<std::string, std::string> m_parents; // of items by "drive/id", for narrowing searches
    std::map<std::string, bool> m_unsorted;       // drives that refused to sort
};

ProviderInfo info();

} // namespace connector::onedrive
