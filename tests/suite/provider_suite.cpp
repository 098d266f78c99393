// SPDX-License-Identifier: Apache-2.0
#include "suite/provider_suite.h"

#include "core/encoding.h"

#include <gmock/gmock.h>

namespace connector::test {

using namespace std::chrono_literals;
using ::testing::UnorderedElementsAreArray;

namespace {

// Bytes that differ everywhere, so that a piece at the wrong place is noticed.
std::string bytesOf(std::size_t size)
{
    std::string out(size, '\0');
    std::uint32_t x = 12345;
    for (char &c : out) {
        x = x * 1664525U + 1013904223U;
        c = static_cast<char>(x >> 24U);
    }
    return out;
}

Call soon()
{
    return Call{}.within(60s);
}

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

// Counts what is read from it.
class CountedSource : public StringSource {
public:
    using StringSource::StringSource;
    Result<std::size_t> read(std::span<char> buffer) override
    {
        auto n = StringSource::read(buffer);
        m_seen += n ? *n : 0;
        return n;
    }
    std::size_t seen() const { return m_seen; }

private:
    std::size_t m_seen = 0;
};

std::vector<std::string> namesOf(const std::vector<Entry> &entries)
{
    std::vector<std::string> names;
    for (const auto &entry : entries)
        names.push_back(entry.name);
    return names;
}

std::size_t sessionSize(const Provider &p)
{
    const auto f = p.features();
    return static_cast<std::size_t>(f.simpleUploadMax + 3 * f.chunkSize + 17);
}

} // namespace

void ProviderSuite::SetUp()
{
    world = GetParam().make();
    p = world->provider();
}

Entry ProviderSuite::put(const std::string &name, const std::string &bytes, const EntryId &folder,
                         OnConflict onConflict)
{
    StringSource in(bytes);
    auto entry = p->upload({folder, name, onConflict}, in, {}, {}, soon());
    EXPECT_TRUE(entry) << name << ": " << describe(entry.error());
    return entry ? *entry : Entry{};
}

std::string ProviderSuite::get(const EntryId &file, const std::string &revision)
{
    StringSink out;
    auto done = p->download(file, revision, 0, out, soon());
    EXPECT_TRUE(done) << describe(done.error());
    return out.bytes();
}

std::vector<Entry> ProviderSuite::all(const EntryId &folder)
{
    std::vector<Entry> entries;
    std::string token;
    for (int pages = 0; pages < 1000; ++pages) {
        auto page = p->list(folder, token, {}, soon());
        EXPECT_TRUE(page) << describe(page.error());
        if (!page)
            break;
        entries.insert(entries.end(), page->entries.begin(), page->entries.end());
        token = page->nextPageToken;
        if (token.empty())
            return entries;
    }
    ADD_FAILURE() << "the list does not end";
    return entries;
}

std::string ProviderSuite::hashOf(const std::string &bytes)
{
    auto hasher = world->hasher();
    hasher->update(bytes);
    return hasher->result();
}

Result<Entry> ProviderSuite::deliver(const UploadTarget &target, const std::string &bytes)
{
    Result<Entry> entry = Error{Errc::Busy, "not begun"};
    for (int tries = 0; tries < 5; ++tries) {
        StringSource in(bytes);
        entry = world->provider()->upload(target, in, stored, store, soon());
        if (entry || remedyFor(entry.error().code) != Remedy::RetryLater)
            break;
    }
    return entry;
}

TEST_P(ProviderSuite, ReadsBackWhatItWrote)
{
    const auto f = p->features();
    const auto simple = static_cast<std::size_t>(f.simpleUploadMax);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000}, simple, simple + 1,
                                   sessionSize(*p), simple + static_cast<std::size_t>(f.chunkSize)}) {
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
    const std::string bytes = bytesOf(sessionSize(*p));
    const Entry entry = put("a.bin", bytes);
    EXPECT_EQ(entry.contentHash, hashOf(bytes));
    EXPECT_EQ(entry.contentHash.substr(0, entry.contentHash.find(':')), p->features().hashAlgorithm);
    EXPECT_EQ(put("empty.bin", "").contentHash, hashOf(""));
}

TEST_P(ProviderSuite, AnUploadedFileIsListedAsItWasReturned)
{
    const WallTime when = fromUnix(1'760'000'000);
    StringSource in("content");
    auto made = p->upload({{}, "a.txt", OnConflict::Fail, when}, in, {}, {}, soon());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->modified, when);
    auto entries = all();
    ASSERT_EQ(entries.size(), 1U);
    auto known = p->stat(made->id, soon());
    ASSERT_TRUE(known);
    for (const Entry &entry : {entries[0], *known}) {
        EXPECT_EQ(entry.id, made->id);
        EXPECT_EQ(entry.name, "a.txt");
        EXPECT_EQ(entry.size, 7);
        EXPECT_EQ(entry.revision, made->revision);
        EXPECT_EQ(entry.contentHash, made->contentHash);
        EXPECT_EQ(entry.modified, when);
        EXPECT_TRUE(entry.downloadable);
    }
}

TEST_P(ProviderSuite, PagesThroughAFullFolderEachEntryOnce)
{
    world->setPageSize(4);
    std::vector<std::string> names;
    for (int i = 0; i < 11; ++i) {
        names.push_back("file " + std::to_string(i) + ".txt");
        put(names.back(), "x");
    }
    auto first = p->list({}, "", {}, soon());
    ASSERT_TRUE(first);
    EXPECT_LE(first->entries.size(), 4U);
    EXPECT_NE(first->nextPageToken, "");
    EXPECT_THAT(namesOf(all()), UnorderedElementsAreArray(names));
}

TEST_P(ProviderSuite, AnEmptyFolderIsOnePageOfNothing)
{
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->entries.empty());
    EXPECT_EQ(page->nextPageToken, "");
}

TEST_P(ProviderSuite, APageTokenThatDiedAsksToStartOver)
{
    world->setPageSize(2);
    for (int i = 0; i < 5; ++i)
        put("file " + std::to_string(i), "x");
    auto first = p->list({}, "", {}, soon());
    ASSERT_TRUE(first);
    world->cause(Trouble::PageTokensDie);
    auto next = p->list({}, first->nextPageToken, {}, soon());
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, Errc::Conflict);
    EXPECT_EQ(stableCode(next.error()), "list-restart");
    EXPECT_EQ(all().size(), 5U);
}

TEST_P(ProviderSuite, SortsWhatItSaysItSorts)
{
    world->setPageSize(2);
    put("b.txt", "333");
    put("a.txt", "1");
    put("c.txt", "22");
    for (const SortKey key : p->features().serverSort) {
        std::vector<Entry> entries;
        std::string token;
        do {
            auto page = p->list({}, token, {key, true}, soon());
            ASSERT_TRUE(page);
            EXPECT_TRUE(page->sorted);
            entries.insert(entries.end(), page->entries.begin(), page->entries.end());
            token = page->nextPageToken;
        } while (!token.empty());
        if (key == SortKey::Name) {
            EXPECT_THAT(namesOf(entries), ::testing::ElementsAre("c.txt", "b.txt", "a.txt"));
        } else if (key == SortKey::Size) {
            EXPECT_THAT(namesOf(entries), ::testing::ElementsAre("b.txt", "c.txt", "a.txt"));
        }
    }
    if (p->features().serverSort.empty()) { // it must not pretend
        auto page = p->list({}, "", {SortKey::Size, true}, soon());
        ASSERT_TRUE(page);
        EXPECT_FALSE(page->sorted);
    }
}

TEST_P(ProviderSuite, AShortSourceIsDataLossAndLeavesNothing)
{
    for (const std::size_t size : {std::size_t{1000}, sessionSize(*p)}) {
        StringSource in(bytesOf(size - 1), static_cast<std::int64_t>(size));
        auto made = p->upload({{}, "short.pdf"}, in, {}, store, soon());
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, Errc::DataLoss) << describe(made.error());
        EXPECT_TRUE(all().empty());
    }
}

TEST_P(ProviderSuite, ACancelledUploadLeavesNothing)
{
    for (const std::size_t size : {static_cast<std::size_t>(p->features().simpleUploadMax), sessionSize(*p)})
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

TEST_P(ProviderSuite, WhatWasCancelledBeforeDoesNothing)
{
    const Entry entry = put("a.txt", "x");
    std::stop_source stop;
    stop.request_stop();
    Call call;
    call.stop = stop.get_token();
    StringSource in("y");
    StringSink out;
    EXPECT_EQ(p->list({}, "", {}, call).error().code, Errc::Cancelled);
    EXPECT_EQ(p->stat(entry.id, call).error().code, Errc::Cancelled);
    EXPECT_EQ(p->account(call).error().code, Errc::Cancelled);
    EXPECT_EQ(p->download(entry.id, "", 0, out, call).error().code, Errc::Cancelled);
    EXPECT_EQ(p->upload({{}, "b.txt"}, in, {}, {}, call).error().code, Errc::Cancelled);
    EXPECT_EQ(p->remove(entry.id, call).error().code, Errc::Cancelled);
    EXPECT_EQ(all().size(), 1U);
}

TEST_P(ProviderSuite, AnOverdueCallIsATimeout)
{
    Call call;
    call.deadline = Call::Clock::now() - 1s;
    auto page = p->list({}, "", {}, call);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, Errc::Timeout);
}

TEST_P(ProviderSuite, WhatIsGoneIsNotFound)
{
    const Entry file = put("gone.txt", "x");
    ASSERT_TRUE(p->remove(file.id, soon()));
    StringSink out;
    EXPECT_EQ(p->stat(file.id, soon()).error().code, Errc::NotFound);
    EXPECT_EQ(p->download(file.id, "", 0, out, soon()).error().code, Errc::NotFound);
    EXPECT_EQ(p->remove(file.id, soon()).error().code, Errc::NotFound);
    EXPECT_EQ(out.bytes(), "");
    EXPECT_TRUE(all().empty());
}

TEST_P(ProviderSuite, AFolderThatIsGoneIsNotFound)
{
    if (!p->features().createFolder)
        GTEST_SKIP() << "no folders to lose";
    auto folder = p->createFolder({}, "folder", soon());
    ASSERT_TRUE(folder);
    ASSERT_TRUE(p->remove(folder->id, soon()));
    StringSource in("x");
    EXPECT_EQ(p->list(folder->id, "", {}, soon()).error().code, Errc::NotFound);
    EXPECT_EQ(p->upload({folder->id, "a.txt"}, in, {}, {}, soon()).error().code, Errc::NotFound);
    EXPECT_TRUE(all().empty());
}

TEST_P(ProviderSuite, AFolderIsNoFileAndAFileIsNoFolder)
{
    auto folder = p->createFolder({}, "folder", soon());
    ASSERT_TRUE(folder) << describe(folder.error());
    const Entry file = put("a.txt", "x");
    StringSink out;
    EXPECT_EQ(p->download(folder->id, "", 0, out, soon()).error().code, Errc::InvalidArgument);
    EXPECT_EQ(p->list(file.id, "", {}, soon()).error().code, Errc::InvalidArgument);
    EXPECT_EQ(out.bytes(), "");
}

TEST_P(ProviderSuite, TheRootIsAFolder)
{
    auto root = p->stat({}, soon());
    ASSERT_TRUE(root);
    EXPECT_EQ(root->kind, EntryKind::Folder);
    EXPECT_EQ(root->id, EntryId{});
}

TEST_P(ProviderSuite, FoldersHoldTheirOwn)
{
    auto outer = p->createFolder({}, "Outer", soon());
    ASSERT_TRUE(outer);
    EXPECT_EQ(outer->kind, EntryKind::Folder);
    auto inner = p->createFolder(outer->id, "Inner", soon());
    ASSERT_TRUE(inner);
    put("deep.txt", "deep", inner->id);
    EXPECT_THAT(namesOf(all()), ::testing::ElementsAre("Outer"));
    EXPECT_THAT(namesOf(all(outer->id)), ::testing::ElementsAre("Inner"));
    EXPECT_THAT(namesOf(all(inner->id)), ::testing::ElementsAre("deep.txt"));
    auto again = p->createFolder({}, "Outer", soon());
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::Conflict);
}

TEST_P(ProviderSuite, OddNamesSurvive)
{
    const std::vector<std::string> names{"Übergrößen – Maß.pdf",
                                         "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E.txt",
                                         "smile \xF0\x9F\x98\x80.png",
                                         "it's \"quoted\".txt",
                                         "100% & more #1 + 2?.txt",
                                         ".hidden",
                                         "no extension",
                                         "many.dots.tar.gz",
                                         "<b>&amp;.html",
                                         "e\xCC\x81 decomposed.txt",
                                         std::string(200, 'n') + ".txt"};
    for (const auto &name : names) {
        const Entry made = put(name, name);
        EXPECT_EQ(made.name, name);
        EXPECT_EQ(get(made.id), name);
    }
    EXPECT_THAT(namesOf(all()), UnorderedElementsAreArray(names));
}

TEST_P(ProviderSuite, ImpossibleNamesAreRefusedByName)
{
    for (const std::string &name : {std::string(), std::string("a/b"), std::string(300, 'x'), std::string("\xFF")}) {
        StringSource in("x");
        auto made = p->upload({{}, name}, in, {}, {}, soon());
        ASSERT_FALSE(made) << name;
        EXPECT_EQ(made.error().code, Errc::InvalidArgument);
        EXPECT_EQ(stableCode(made.error()), "name-invalid");
    }
    EXPECT_TRUE(all().empty());
}

TEST_P(ProviderSuite, ATakenNameUnderFailIsAConflictAndTheOldFileStays)
{
    const Entry old = put("a.txt", "old");
    for (const std::string &bytes : {std::string("new"), std::string("old"), bytesOf(sessionSize(*p))}) {
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

TEST_P(ProviderSuite, NamesCompareAsItSays)
{
    put("Letter.txt", "x");
    StringSource in("y");
    auto other = p->upload({{}, "LETTER.TXT", OnConflict::Fail}, in, {}, {}, soon());
    if (p->features().caseInsensitiveNames) {
        ASSERT_FALSE(other);
        EXPECT_EQ(other.error().code, Errc::Conflict);
    } else {
        EXPECT_TRUE(other);
    }
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
    const std::string bytes = bytesOf(sessionSize(*p));
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
        GTEST_SKIP() << "no upload sessions";
    const auto chunk = static_cast<std::size_t>(p->features().chunkSize);
    const std::string bytes = bytesOf(sessionSize(*p) + 4 * chunk);
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
        GTEST_SKIP() << "no upload sessions";
    const std::string bytes = bytesOf(sessionSize(*p));
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
    const std::string bytes = bytesOf(sessionSize(*p));
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
        for (const std::size_t size : {std::size_t{5000}, sessionSize(*p)}) {
            const std::string bytes = bytesOf(size + static_cast<std::size_t>(files));
            world->cause(Trouble::LostCommitAnswer);
            stored = {};
            auto made = deliver({{}, "file " + std::to_string(files) + ".bin", policy}, bytes);
            ASSERT_TRUE(made) << describe(made.error());
            EXPECT_EQ(made->contentHash, hashOf(bytes));
            EXPECT_EQ(all().size(), static_cast<std::size_t>(++files));
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

TEST_P(ProviderSuite, AFullAccountIsNamed)
{
    world->cause(Trouble::QuotaFull);
    for (const std::size_t size : {std::size_t{5000}, sessionSize(*p)}) {
        StringSource in(bytesOf(size));
        auto made = p->upload({{}, "a.bin"}, in, {}, {}, soon());
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, Errc::QuotaExceeded) << describe(made.error());
        EXPECT_EQ(stableCode(made.error()), "storage-full");
    }
    EXPECT_TRUE(all().empty());
}

TEST_P(ProviderSuite, APassingFailureIsOvercomeOrToldAsPassing)
{
    put("a.txt", "x");
    world->cause(Trouble::Unavailable);
    auto page = p->list({}, "", {}, soon());
    if (!page) {
        EXPECT_EQ(page.error().code, Errc::Unavailable);
        page = p->list({}, "", {}, soon());
    }
    ASSERT_TRUE(page) << describe(page.error());
    EXPECT_EQ(page->entries.size(), 1U);
}

TEST_P(ProviderSuite, ARateLimitSaysHowLong)
{
    world->cause(Trouble::RateLimited);
    auto page = p->list({}, "", {}, soon());
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, Errc::RateLimited);
    EXPECT_GT(page.error().retryAfter, 0s);
}

TEST_P(ProviderSuite, AnExpiredTokenIsNotNoticed)
{
    put("a.txt", "x");
    world->cause(Trouble::TokenExpires);
    EXPECT_EQ(all().size(), 1U);
    world->cause(Trouble::TokenExpires);
    const std::string bytes = bytesOf(sessionSize(*p));
    EXPECT_TRUE(get(put("b.bin", bytes).id) == bytes);
}

TEST_P(ProviderSuite, RevokedAccessAsksToSignInAgain)
{
    const Entry entry = put("a.txt", "x");
    world->cause(Trouble::AccessRevoked);
    StringSource in("y");
    StringSink out;
    for (const Error &error :
         {p->list({}, "", {}, soon()).error(), p->account(soon()).error(), p->stat(entry.id, soon()).error(),
          p->download(entry.id, "", 0, out, soon()).error(), p->upload({{}, "b.txt"}, in, {}, {}, soon()).error()}) {
        EXPECT_EQ(error.code, Errc::Unauthenticated) << describe(error);
        EXPECT_EQ(stableCode(error), "access-revoked");
    }
}

TEST_P(ProviderSuite, TheAccountIsNamed)
{
    put("a.bin", bytesOf(5000));
    auto account = p->account(soon());
    ASSERT_TRUE(account) << describe(account.error());
    EXPECT_NE(account->id, "");
    EXPECT_EQ(account->name, "Mara Lind");
    EXPECT_EQ(account->email, "mara.lind@example.org");
    EXPECT_TRUE(account->emailVerified);
    ASSERT_TRUE(account->usedBytes && account->totalBytes);
    EXPECT_GE(*account->usedBytes, 5000);
    EXPECT_GT(*account->totalBytes, *account->usedBytes);
}

TEST_P(ProviderSuite, SearchFindsFilesAndFoldersBelowAFolder)
{
    if (!p->features().search) {
        EXPECT_EQ(p->search("x", {}, "", soon()).error().code, Errc::Unsupported);
        return;
    }
    auto folder = p->createFolder({}, "Projects", soon());
    ASSERT_TRUE(folder);
    auto sub = p->createFolder(folder->id, "Planning", soon());
    ASSERT_TRUE(sub);
    const Entry deep = put("plan.txt", "x", sub->id);
    put("plan of mine.txt", "x");
    put("other.txt", "x");
    const auto find = [&](const EntryId &where) {
        std::vector<std::string> names;
        std::string token;
        do {
            auto page = p->search("plan", where, token, soon());
            EXPECT_TRUE(page) << describe(page.error());
            if (!page)
                break;
            for (const auto &entry : page->entries) {
                names.push_back(entry.name);
                if (entry.name == "plan.txt") {
                    EXPECT_EQ(entry.id, deep.id);
                }
            }
            token = page->nextPageToken;
        } while (!token.empty());
        return names;
    };
    EXPECT_THAT(find({}), ::testing::UnorderedElementsAre("plan.txt", "plan of mine.txt", "Planning"));
    EXPECT_THAT(find(folder->id), ::testing::UnorderedElementsAre("plan.txt", "Planning"));
}

TEST_P(ProviderSuite, DoesWhatItsFeaturesSay)
{
    const Features f = p->features();
    EXPECT_NE(p->id(), "");
    EXPECT_NE(f.hashAlgorithm, "");
    if (!f.createFolder) {
        EXPECT_EQ(p->createFolder({}, "x", soon()).error().code, Errc::Unsupported);
    }
    const Entry text = put("a.unknown", "x");
    StringSink out;
    if (!f.thumbnails) {
        EXPECT_EQ(p->thumbnail(text.id, 64, out, soon()).error().code, Errc::Unsupported);
    }
    EXPECT_EQ(p->downloadPdf(text.id, out, soon()).error().code, Errc::Unsupported);
    EXPECT_EQ(out.bytes(), "");
}

} // namespace connector::test
