// SPDX-License-Identifier: Apache-2.0
// What every Provider must do, checked for each in the same words. An adapter's own file names its World and
// instantiates the suite.
#pragma once

#include "providers/provider.h"

#include <gtest/gtest.h>

namespace connector::test {

enum class Trouble {
    CutDownload,      // the next download ends in the middle
    CutUpload,        // the third request with bytes of the next upload is cut
    LostCommitAnswer, // the next upload arrives, but its answer does not
    Unavailable,      // the next request fails, the one after it does not
    RateLimited,      // requests are refused for longer than a call waits
    QuotaFull,
    PageTokensDie,
    TokenExpires,  // cured by one refresh
    AccessRevoked, // cured by signing in again only
};

// A cloud with one empty account, and what can befall it.
class World {
public:
    virtual ~World() = default;
    // A new adapter on the account, as another process would make it.
    virtual std::unique_ptr<Provider> provider() = 0;
    virtual std::unique_ptr<ContentHasher> hasher() = 0;
    virtual void cause(Trouble trouble) = 0;
    virtual void setPageSize(int entries) = 0;
};

struct Subject {
    std::string name;
    std::function<std::unique_ptr<World>()> make;
    friend void PrintTo(const Subject &subject, std::ostream *out) { *out << subject.name; }
};

class ProviderSuite : public ::testing::TestWithParam<Subject> {
protected:
    void SetUp() override;

    Entry put(const std::string &name, const std::string &bytes, const EntryId &folder = {},
              OnConflict onConflict = OnConflict::Fail);
    std::string get(const EntryId &file, const std::string &revision = "");
    std::vector<Entry> all(const EntryId &folder = {});
    std::string hashOf(const std::string &bytes);
    // Uploads as the outbox does: again with the stored state until it works, at most five times.
    Result<Entry> deliver(const UploadTarget &target, const std::string &bytes);

    std::unique_ptr<World> world;
    std::unique_ptr<Provider> p;
    UploadState stored; // by deliver() and store()
    std::function<Result<void>(const UploadState &)> store = [this](const UploadState &state) -> Result<void> {
        stored = state;
        return {};
    };
};

} // namespace connector::test
