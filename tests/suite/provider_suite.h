// SPDX-License-Identifier: Apache-2.0
// What every Provider must do, checked for each in the same words. An adapter's own file names its World and
// instantiates the suite; what differs between clouds is asked of Features, never of a name.
#pragma once

#include "providers/provider.h"

#include <gtest/gtest.h>

namespace connector::test {

class SandboxWorld;

enum class Trouble {
    CutDownload,        // the next download ends in the middle
    CutUpload,          // the third request with bytes of the next upload is cut
    LostCommitAnswer,   // the next upload arrives, but its answer does not
    FailedCommitAnswer, // the next upload arrives, but the answer says that the server failed
    LostFolderAnswer,   // the next new folder is there, but its answer does not arrive
    Unavailable,        // the next request fails, the one after it does not
    RateLimited,        // requests are refused for longer than a call waits
    QuotaFull,
    PageTokensDie,
    TokenExpires,  // cured by one refresh
    AccessRevoked, // cured by signing in again only
};

// What a cloud may say to a call on an entry.
enum class Refusal {
    ScopeMissing,       // to list(): the grant is too narrow
    Denied,             // to upload() into the folder
    Locked,             // to remove() of the file and to upload() over it
    Blocked,            // to download() of the file: malware, policy, a legal block
    NameInvalid,        // to upload(), of a name that the adapter itself took for a good one
    TooLarge,           // to upload()
    CannotConvert,      // to downloadPdf() of a file that is convertible by its name
    ConversionTooLarge, // to downloadPdf()
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
    // From now on, until relent(), the cloud answers so; false where this cloud has no such answer. `on` is a file or
    // folder in the root.
    virtual bool refuse(Refusal refusal, const Entry &on);
    virtual void relent() {}
    // The size of a large upload: by a session of more than three chunks, where there are sessions.
    virtual std::size_t sessionBytes();
    // The most bytes of one request of such a session.
    virtual std::size_t chunkBytes();
    // Files of that size in a folder of the root, made in the cloud itself; false where that cannot be.
    virtual bool makeFiles(const std::string &folder, const std::vector<std::string> &names, std::int64_t size);
    virtual bool makeMany(const std::string &folder, int count);
    // A file that the cloud converts by its name, in the root; "" where it converts none.
    virtual std::string convertibleName() { return ""; }
    // Whose account it is.
    virtual std::string personName() { return "Mara Lind"; }
    virtual std::string personEmail() { return "mara.lind@example.org"; }
    // How often the access token was refreshed; -1 where there are no tokens.
    virtual int refreshes() { return -1; }
    // The same world, where it is spoken to over HTTP; null where it is not.
    virtual SandboxWorld *overHttp() { return nullptr; }
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
    // The entry of that name in a folder; fails the test where there is not exactly one.
    Entry named(const std::string &name, const EntryId &folder = {});
    std::string hashOf(const std::string &bytes);
    // Leaves a word in the report why there was nothing to test.
    static void notOffered(const std::string &why) { RecordProperty("notOffered", why); }
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

// Bytes that differ everywhere, so that a piece at the wrong place is noticed.
std::string bytesOf(std::size_t size);
Call soon(); // with a deadline that ends a test that hangs
std::vector<std::string> namesOf(const std::vector<Entry> &entries);

} // namespace connector::test
