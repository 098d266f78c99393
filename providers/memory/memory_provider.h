// SPDX-License-Identifier: Apache-2.0
// A cloud in memory: for tests of what uses a Provider, and the shape to copy for a new adapter.
#pragma once

#include "providers/provider.h"

namespace connector::memory {

struct Options {
    std::size_t pageSize = 100;
    bool duplicateNames = false;
    std::int64_t quota = 1LL << 40U;
    std::int64_t simpleMax = 1LL << 20U;
    std::int64_t chunk = 256LL << 10U;
    WallClock clock = systemNow;
};

// The far side, shared by the providers of one account. Thread-safe.
class Cloud {
public:
    explicit Cloud(Options options = {});
    ~Cloud();

    // Asked before each step of a call ("list", "stat", "download", "upload", "chunk", "commit", "committed", …); an
    // error returned here is what the caller gets. "committed" and "folderMade" come after it is there: a lost answer.
    using Fault = std::function<std::optional<Error>(std::string_view step)>;
    void setFault(Fault fault);
    void setQuota(std::int64_t bytes);
    void setPageSize(std::size_t entries);
    void forgetPageTokens(); // list() then asks to start over

    struct State;
    State &state() { return *m_state; }

private:
    std::unique_ptr<State> m_state;
};

class MemoryProvider : public Provider {
public:
    explicit MemoryProvider(std::shared_ptr<Cloud> cloud = std::make_shared<Cloud>());

    std::string id() const override { return "memory"; }
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

private:
    Result<Entry> makeFolder(const EntryId &parent, const std::string &name);

    std::shared_ptr<Cloud> m_cloud;
};

// "sha256:" + hex.
std::unique_ptr<ContentHasher> makeHasher();

} // namespace connector::memory
