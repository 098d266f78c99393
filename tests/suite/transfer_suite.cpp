// SPDX-License-Identifier: Apache-2.0
#include "suite/provider_suite.h"

#include <gmock/gmock.h>

#include <atomic>
#include <set>
#include <thread>

namespace connector::test {

using namespace std::chrono_literals;
using ::testing::UnorderedElementsAreArray;

namespace {

// Asks for a stop once so many bytes passed.
class StoppingSource : public StringSource {
public:
    StoppingSource(std::string bytes, std::size_t after, std::stop_source stop)
        : StringSource(std::move(bytes)), m_after(after), m_stop(std::move(stop))
    {
    }
    Result<std::size_t> read(std::span<char> buffer) override
    {
        auto n = StringSource::read(buffer.first(std::min<std::size_t>(buffer.size(), 4096)));
        m_seen += n ? *n : 0;
        if (m_seen >= m_after)
            m_stop.request_stop();
        return n;
    }

private:
    std::size_t m_after;
    std::size_t m_seen = 0;
    std::stop_source m_stop;
};

class StoppingSink : public StringSink {
public:
    explicit StoppingSink(std::stop_source stop) : m_stop(std::move(stop)) {}
    Result<void> write(std::span<const char> bytes) override
    {
        m_stop.request_stop();
        return StringSink::write(bytes);
    }

private:
    std::stop_source m_stop;
};

} // namespace

TEST_P(ProviderSuite, ReadsBackWhatItWrote)
{
    const auto f = p->features();
    const auto simple = static_cast<std::size_t>(f.simpleUploadMax);
    const std::set<std::size_t> sizes{
        0, 1, 5000, simple, simple + 1, world->sessionBytes(), simple + static_cast<std::size_t>(f.chunkSize)};
    for (const std::size_t size : sizes) {
        const std::string bytes = bytesOf(size);
        const Entry entry = put("file-" + std::to_string(size) + ".bin", bytes);
        EXPECT_EQ(entry.size, static_cast<std::int64_t>(size));
        EXPECT_EQ(entry.kind, EntryKind::File);
        EXPECT_TRUE(get(entry.id) == bytes) << size;
        EXPECT_TRUE(get(entry.id, entry.revision) == bytes) << size;
    }
}

TEST_P(ProviderSuite, TheHashIsTheOneThatItsHasherMakes)
{
    const std::string bytes = bytesOf(world->sessionBytes());
    const Entry entry = put("a.bin", bytes);
    EXPECT_EQ(entry.contentHash, hashOf(bytes));
    EXPECT_EQ(entry.contentHash.substr(0, entry.contentHash.find(':')), p->features().hashAlgorithm);
    EXPECT_EQ(put("empty.bin", "").contentHash, hashOf(""));
}

TEST_P(ProviderSuite, AShortSourceIsDataLossAndLeavesNothing)
{
    for (const std::size_t size : {std::size_t{1000}, world->sessionBytes()}) {
        StringSource in(bytesOf(size - 1), static_cast<std::int64_t>(size));
        auto made = p->upload({{}, "short.pdf"}, in, {}, store, soon());
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, Errc::DataLoss) << describe(made.error());
        EXPECT_TRUE(all().empty());
    }
}

TEST_P(ProviderSuite, ACancelledUploadLeavesNothing)
{
    for (const std::size_t size : {static_cast<std::size_t>(p->features().simpleUploadMax), world->sessionBytes()})
        for (const std::size_t after : {std::size_t{1}, size / 2, size - 1, size}) {
            std::stop_source stop;
            Call call = soon();
            call.stop = stop.get_token();
            StoppingSource in(bytesOf(size), after, stop);
            auto made = p->upload({{}, "cancelled.pdf"}, in, {}, {}, call);
            ASSERT_FALSE(made) << size << " " << after;
            EXPECT_EQ(made.error().code, Errc::Cancelled) << describe(made.error());
            EXPECT_TRUE(all().empty()) << size << " " << after;
        }
}

TEST_P(ProviderSuite, ACancelledDownloadEnds)
{
    const Entry entry = put("a.bin", bytesOf(2'000'000));
    std::stop_source stop;
    Call call = soon();
    call.stop = stop.get_token();
    StoppingSink out(stop);
    auto done = p->download(entry.id, "", 0, out, call);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Cancelled);
}

TEST_P(ProviderSuite, ATakenNameUnderFailIsAConflictAndTheOldFileStays)
{
    const Entry old = put("a.txt", "old");
    for (const std::string &bytes : {std::string("new"), std::string("old"), bytesOf(world->sessionBytes())}) {
        StringSource in(bytes);
        auto made = p->upload({{}, "a.txt", OnConflict::Fail}, in, {}, {}, soon());
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, Errc::Conflict) << describe(made.error());
    }
    EXPECT_EQ(all().size(), 1U);
    EXPECT_EQ(get(old.id), "old");
}

TEST_P(ProviderSuite, ATakenNameUnderRenameGetsAnotherOrADouble)
{
    const Entry old = put("a.txt", "old");
    const Entry second = put("a.txt", "old", {}, OnConflict::Rename); // also of the same bytes
    const Entry third = put("a.txt", "third", {}, OnConflict::Rename);
    EXPECT_NE(second.id, old.id);
    EXPECT_NE(third.id, second.id);
    if (!p->features().duplicateNames) {
        EXPECT_NE(second.name, "a.txt");
        EXPECT_EQ(second.name.substr(second.name.size() - 4), ".txt");
    }
    EXPECT_EQ(all().size(), 3U);
    EXPECT_EQ(get(old.id), "old");
    EXPECT_EQ(get(third.id), "third");
}

TEST_P(ProviderSuite, ATakenNameUnderReplaceGetsNewContentAndRevision)
{
    const Entry old = put("a.txt", "old");
    const Entry fresh = put("a.txt", "fresh", {}, OnConflict::Replace);
    EXPECT_EQ(fresh.name, "a.txt");
    EXPECT_NE(fresh.revision, old.revision);
    EXPECT_EQ(all().size(), 1U);
    EXPECT_EQ(get(fresh.id), "fresh");
}

TEST_P(ProviderSuite, ADownloadStartsWhereItIsTold)
{
    const std::string bytes = bytesOf(300'000);
    const Entry entry = put("a.bin", bytes);
    for (const std::int64_t offset : {1, 65536, 299'999}) {
        StringSink out;
        auto done = p->download(entry.id, entry.revision, offset, out, soon());
        ASSERT_TRUE(done) << describe(done.error());
        EXPECT_TRUE(out.bytes() == bytes.substr(static_cast<std::size_t>(offset))) << offset;
    }
}

TEST_P(ProviderSuite, ADownloadFromTheEndIsEmpty)
{
    const Entry entry = put("a.bin", "0123456789");
    StringSink out;
    auto done = p->download(entry.id, entry.revision, 10, out, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes(), "");
}

TEST_P(ProviderSuite, ACutDownloadIsDataLossAndGoesOnBehindWhatCame)
{
    const std::string bytes = bytesOf(1'000'000);
    const Entry entry = put("a.bin", bytes);
    world->cause(Trouble::CutDownload);
    StringSink out;
    auto cut = p->download(entry.id, entry.revision, 0, out, soon());
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, Errc::DataLoss) << describe(cut.error());
    EXPECT_GT(out.bytes().size(), 0U);
    EXPECT_LT(out.bytes().size(), bytes.size());
    auto rest = p->download(entry.id, entry.revision, static_cast<std::int64_t>(out.bytes().size()), out, soon());
    ASSERT_TRUE(rest) << describe(rest.error());
    EXPECT_TRUE(out.bytes() == bytes);
}

TEST_P(ProviderSuite, ADownloadOfARevisionNeverMixesTwo)
{
    const std::string before = bytesOf(100'000);
    const Entry old = put("a.bin", before);
    const Entry fresh = put("a.bin", std::string(100'000, 'n'), {}, OnConflict::Replace);
    StringSink out;
    auto done = p->download(fresh.id, old.revision, 50'000, out, soon());
    if (done) {
        EXPECT_TRUE(out.bytes() == before.substr(50'000));
    } else {
        EXPECT_EQ(done.error().code, Errc::Conflict);
        EXPECT_EQ(stableCode(done.error()), "file-changed");
        EXPECT_EQ(out.bytes(), "");
    }
}

TEST_P(ProviderSuite, TheSinksOwnErrorComesThrough)
{
    const Entry entry = put("a.bin", bytesOf(100'000));
    StringSink full(50'000);
    auto done = p->download(entry.id, "", 0, full, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::LocalIo);
}

TEST_P(ProviderSuite, ProgressGrowsToTheSize)
{
    const std::string bytes = bytesOf(world->sessionBytes());
    std::vector<Progress> seen;
    Call call = soon();
    call.onProgress = [&](Progress progress) { seen.push_back(progress); };
    StringSource in(bytes);
    auto made = p->upload({{}, "a.bin"}, in, {}, {}, call);
    ASSERT_TRUE(made);
    const auto check = [&] {
        ASSERT_FALSE(seen.empty());
        EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end(), [](auto a, auto b) { return a.bytes < b.bytes; }));
        EXPECT_EQ(seen.back().bytes, static_cast<std::int64_t>(bytes.size()));
        EXPECT_EQ(seen.back().totalBytes, static_cast<std::int64_t>(bytes.size()));
    };
    check();
    seen.clear();
    StringSink out;
    ASSERT_TRUE(p->download(made->id, "", 0, out, call));
    check();
}

TEST_P(ProviderSuite, ACutUploadGoesOnInAnotherProcess)
{
    if (p->features().chunkSize == 0)
        return notOffered("no upload sessions");
    const auto chunk = static_cast<std::size_t>(p->features().chunkSize);
    const std::string bytes = bytesOf(world->sessionBytes() + 4 * chunk);
    world->cause(Trouble::CutUpload);
    StringSource first(bytes);
    auto cut = p->upload({{}, "a.bin"}, first, {}, store, soon());
    if (!cut) { // it may go on by itself just as well
        EXPECT_EQ(remedyFor(cut.error().code), Remedy::RetryLater) << describe(cut.error());
        ASSERT_NE(stored.opaque, "");
        EXPECT_TRUE(all().empty());
        cut = deliver({{}, "a.bin"}, bytes);
    }
    ASSERT_TRUE(cut) << describe(cut.error());
    EXPECT_EQ(cut->contentHash, hashOf(bytes));
    EXPECT_EQ(all().size(), 1U);
    EXPECT_TRUE(get(cut->id) == bytes);
}

TEST_P(ProviderSuite, AStateIsToldAfterEachChunkAndTheUploadGoesOnFromIt)
{
    if (p->features().chunkSize == 0)
        return notOffered("no upload sessions");
    const std::string bytes = bytesOf(world->sessionBytes());
    // The second chunk's state cannot be stored: the caller died there.
    int told = 0;
    StringSource first(bytes);
    auto died = p->upload(
        {{}, "a.bin"}, first, {},
        [&](const UploadState &state) -> Result<void> {
            if (++told == 2)
                return Error{Errc::LocalIo, "no power"};
            return store(state);
        },
        soon());
    ASSERT_FALSE(died);
    EXPECT_EQ(died.error().code, Errc::LocalIo);
    EXPECT_EQ(told, 2);
    EXPECT_TRUE(all().empty());
    auto made = deliver({{}, "a.bin"}, bytes);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_TRUE(get(made->id) == bytes);
    EXPECT_EQ(all().size(), 1U);
}

TEST_P(ProviderSuite, AStateOfSomethingElseIsIgnored)
{
    const std::string bytes = bytesOf(world->sessionBytes());
    for (const char *state : {"rubbish", "{}", "[1,2]", "{\"version\":1,\"size\":5,\"session\":\"x\",\"offset\":3}"}) {
        StringSource in(bytes);
        auto made = p->upload({{}, "a.bin"}, in, {state}, store, soon());
        ASSERT_TRUE(made) << state << ": " << describe(made.error());
        EXPECT_TRUE(get(made->id) == bytes);
    }
}

TEST_P(ProviderSuite, AFinishedUploadWhoseAnswerWasLostIsNotRepeated)
{
    int files = 0;
    for (const OnConflict policy : {OnConflict::Fail, OnConflict::Rename, OnConflict::Replace})
        for (const std::size_t size : {std::size_t{5000}, world->sessionBytes()}) {
            const std::string bytes = bytesOf(size + static_cast<std::size_t>(files));
            world->cause(Trouble::LostCommitAnswer);
            stored = {};
            auto made = deliver({{}, "file " + std::to_string(files) + ".bin", policy}, bytes);
            ASSERT_TRUE(made) << describe(made.error());
            EXPECT_EQ(made->contentHash, hashOf(bytes));
            EXPECT_EQ(all().size(), static_cast<std::size_t>(++files));
        }
}

TEST_P(ProviderSuite, AFinishedUploadThatIsCalledAFailureIsNotRepeated)
{
    std::size_t files = 0;
    for (const OnConflict policy : {OnConflict::Fail, OnConflict::Rename, OnConflict::Replace})
        for (const std::size_t size : {std::size_t{5000}, world->sessionBytes()}) {
            const std::string bytes = bytesOf(size + files);
            world->cause(Trouble::FailedCommitAnswer);
            stored = {};
            auto made = deliver({{}, "file " + std::to_string(files) + ".bin", policy}, bytes);
            ASSERT_TRUE(made) << describe(made.error());
            EXPECT_EQ(made->contentHash, hashOf(bytes));
            EXPECT_EQ(all().size(), ++files);
        }
}

TEST_P(ProviderSuite, ALostAnswerUnderRenameIsFoundUnderItsNewName)
{
    put("a.bin", "already there");
    world->cause(Trouble::LostCommitAnswer);
    auto made = deliver({{}, "a.bin", OnConflict::Rename}, bytesOf(5000));
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->contentHash, hashOf(bytesOf(5000)));
    EXPECT_EQ(all().size(), 2U);
}

TEST_P(ProviderSuite, ACutDownloadGoesOnOnlyAtTheSameRevision)
{
    const std::string before = bytesOf(1'000'000);
    const Entry old = put("a.bin", before);
    world->cause(Trouble::CutDownload);
    StringSink out;
    ASSERT_FALSE(p->download(old.id, old.revision, 0, out, soon()));
    const std::string came = out.bytes();
    const Entry fresh = put("a.bin", std::string(1'000'000, 'n'), {}, OnConflict::Replace);
    auto rest = p->download(fresh.id, old.revision, static_cast<std::int64_t>(came.size()), out, soon());
    if (rest) {
        EXPECT_TRUE(out.bytes() == before);
    } else {
        EXPECT_EQ(stableCode(rest.error()), "file-changed") << describe(rest.error());
        EXPECT_TRUE(out.bytes() == came);
    }
}

TEST_P(ProviderSuite, ATokenThatExpiresMidTransferIsNotNoticed)
{
    const std::string bytes = bytesOf(std::max<std::size_t>(world->sessionBytes(), 1'000'000));
    const int before = world->refreshes();
    int told = 0;
    StringSource in(bytes);
    auto made = p->upload(
        {{}, "a.bin"}, in, {},
        [&](const UploadState &state) {
            if (++told == 2)
                world->cause(Trouble::TokenExpires);
            return store(state);
        },
        soon());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->contentHash, hashOf(bytes));
    if (before >= 0) { // a session may need no token
        EXPECT_LE(world->refreshes(), before + 1);
    }
    world->cause(Trouble::CutDownload);
    StringSink out;
    ASSERT_FALSE(p->download(made->id, made->revision, 0, out, soon()));
    world->cause(Trouble::TokenExpires);
    auto rest = p->download(made->id, made->revision, static_cast<std::int64_t>(out.bytes().size()), out, soon());
    ASSERT_TRUE(rest) << describe(rest.error());
    EXPECT_TRUE(out.bytes() == bytes);
}

TEST_P(ProviderSuite, OneRefreshIsEnoughForAllThatAskAtOnce)
{
    if (world->refreshes() < 0)
        return notOffered("no tokens");
    put("a.txt", "x");
    const int before = world->refreshes();
    world->cause(Trouble::TokenExpires);
    std::vector<std::unique_ptr<Provider>> providers;
    std::atomic<int> good = 0;
    for (int i = 0; i < 4; ++i)
        providers.push_back(world->provider());
    {
        std::vector<std::jthread> threads;
        for (const auto &provider : providers)
            threads.emplace_back([&] { good += provider->list({}, "", {}, soon()) ? 1 : 0; });
    }
    EXPECT_EQ(good, 4);
    EXPECT_EQ(world->refreshes(), before + 1);
}

TEST_P(ProviderSuite, AFolderWhoseAnswerWasLostIsMadeOnce)
{
    if (!p->features().createFolder)
        return notOffered("no folders");
    world->cause(Trouble::LostFolderAnswer);
    auto made = p->createFolder({}, "New", soon());
    if (!made) {
        EXPECT_EQ(remedyFor(made.error().code), Remedy::RetryLater) << describe(made.error());
    }
    const Entry folder = named("New");
    EXPECT_EQ(folder.kind, EntryKind::Folder);
    if (made) {
        EXPECT_EQ(made->id, folder.id);
    }
}

TEST_P(ProviderSuite, AStateOfOtherBytesMakesNoMixture)
{
    const std::string first = bytesOf(world->sessionBytes());
    const std::string second(first.size(), 'o');
    int told = 0;
    StringSource in(first);
    auto died = p->upload(
        {{}, "a.bin"}, in, {},
        [&](const UploadState &state) -> Result<void> {
            if (++told == 3)
                return Error{Errc::LocalIo, "no power"};
            return store(state);
        },
        soon());
    if (died || world->overHttp() == nullptr)
        return notOffered("no upload sessions, or none that are checked");
    StringSource other(second);
    auto made = world->provider()->upload({{}, "a.bin"}, other, stored, store, soon());
    if (made) { // it noticed, and began anew
        EXPECT_TRUE(get(made->id) == second);
    } else {
        EXPECT_EQ(made.error().code, Errc::DataLoss) << describe(made.error());
        EXPECT_TRUE(all().empty());
    }
}

} // namespace connector::test
