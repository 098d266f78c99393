// SPDX-License-Identifier: Apache-2.0
#include "suite/provider_suite.h"

#include <gmock/gmock.h>

#include <set>

namespace connector::test {

using namespace std::chrono_literals;
using ::testing::UnorderedElementsAreArray;

TEST_P(ProviderSuite, AnUploadedFileIsListedAsItWasReturned)
{
    const WallTime when = fromUnix(1'760'000'000);
    StringSource in("content");
    auto made = p->upload({{}, "a.txt", OnConflict::Fail, when}, in, {}, {}, soon());
    ASSERT_TRUE(made) << describe(made.error());
    const bool dated = p->features().keepsModified;
    if (dated) {
        EXPECT_EQ(made->modified, when);
    }
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
        EXPECT_EQ(entry.modified, dated ? when : made->modified);
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

TEST_P(ProviderSuite, FoldersOfAnySizeComeWhole)
{
    constexpr int kPage = 4;
    world->setPageSize(kPage);
    std::vector<std::string> names;
    for (int size = 0; size <= 2 * kPage + 1; ++size) {
        EXPECT_THAT(namesOf(all()), UnorderedElementsAreArray(names)) << size;
        names.push_back("file " + std::to_string(size));
        put(names.back(), "x");
    }
}

TEST_P(ProviderSuite, AFolderOfTwentyThousandComesWhole)
{
    constexpr int kMany = 20'000;
    if (!world->makeMany("Many", kMany))
        return notOffered("only this cloud's adapter makes files there");
    const EntryId folder = named("Many").id;
    auto first = p->list(folder, "", {}, soon());
    ASSERT_TRUE(first) << describe(first.error());
    EXPECT_LT(first->entries.size(), 5000U) << "the first page is handed on as it arrives";
    EXPECT_NE(first->nextPageToken, "");
    std::set<std::string> seen;
    for (const auto &entry : all(folder))
        EXPECT_TRUE(seen.insert(entry.id.value).second) << entry.name;
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(kMany));
}

TEST_P(ProviderSuite, SizesBeyondThirtyTwoBitsAreRight)
{
    constexpr std::int64_t kHuge = 5'368'709'120 + 123;
    if (!world->makeFiles("Huge", {"huge.bin"}, kHuge))
        return notOffered("only this cloud's adapter makes files there");
    const Entry listed = named("huge.bin", named("Huge").id);
    EXPECT_EQ(listed.size, kHuge);
    auto known = p->stat(listed.id, soon());
    ASSERT_TRUE(known) << describe(known.error());
    EXPECT_EQ(known->size, kHuge);
    std::vector<Progress> seen;
    Call call = soon();
    call.onProgress = [&](Progress progress) { seen.push_back(progress); };
    StringSink out;
    auto done = p->download(listed.id, listed.revision, kHuge - 1000, out, call);
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes().size(), 1000U);
    ASSERT_FALSE(seen.empty());
    EXPECT_EQ(seen.back().bytes, kHuge);
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
        return notOffered("no folders to lose");
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
    std::vector<std::string> names{
        "Übergrößen – Maß.pdf",
        "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E.txt",
        "smile \xF0\x9F\x98\x80.png",
        "family \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7.png",
        "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D.txt",
        "it's one.txt",
        "100% & more #1 + 2 = [3] {4}; 5, 6 @ ~7!.txt",
        "percent %41%2F%00.txt",
        ".hidden",
        "no extension",
        "many.dots.tar.gz",
        "e\xCC\x81 decomposed.txt",
        std::string(200, 'n') + ".txt",
        std::string(p->features().longestName, 'm')};
    for (const char c : std::string_view("\"*:<>?|"))
        if (p->features().forbiddenInNames.find(c) == std::string::npos)
            names.push_back(std::string("special ") + c + " one.txt");
    for (const auto &name : names) {
        const Entry made = put(name, name);
        EXPECT_EQ(made.name, name);
        EXPECT_EQ(get(made.id), name);
    }
    EXPECT_THAT(namesOf(all()), UnorderedElementsAreArray(names));
}

TEST_P(ProviderSuite, ImpossibleNamesAreRefusedByName)
{
    std::vector<std::string> names{std::string(), std::string(300, 'x'), std::string("\xFF"), std::string("a\0b", 3)};
    for (const char c : p->features().forbiddenInNames)
        names.push_back(std::string("a") + c + "b");
    for (const std::string &name : names) {
        StringSource in("x");
        auto made = p->upload({{}, name}, in, {}, {}, soon());
        ASSERT_FALSE(made) << name;
        EXPECT_EQ(made.error().code, Errc::InvalidArgument) << name << ": " << describe(made.error());
        EXPECT_EQ(stableCode(made.error()), "name-invalid") << name;
        if (!p->features().createFolder)
            continue;
        auto folder = p->createFolder({}, name, soon());
        ASSERT_FALSE(folder) << name;
        EXPECT_EQ(stableCode(folder.error()), "name-invalid") << name;
    }
    EXPECT_TRUE(all().empty());
}

// What one cloud takes and the next does not: it is kept as it is, or refused by name, and never becomes another.
TEST_P(ProviderSuite, ANameIsKeptAsItIsOrRefused)
{
    std::vector<std::string> kept;
    std::string wide;
    for (int i = 0; i < 127; ++i)
        wide += "\xC3\xBC";
    for (const std::string &name :
         {std::string("trailing dot."), std::string("trailing space "), std::string(" leading space"),
          std::string(".."), std::string("."), std::string("..."), std::string("CON"), std::string("aux.txt"),
          std::string("~$lock.docx"), std::string("desktop.ini"), std::string(".lock"), std::string("_vti_"),
          std::string("tab\tin it"), std::string("line\nbreak"), std::string("del \x7F"),
          std::string("bidi \xE2\x80\xAE"
                      "fdp.exe"),
          wide, wide + "x"}) {
        StringSource in("bytes of " + name);
        auto made = p->upload({{}, name, OnConflict::Fail}, in, {}, {}, soon());
        if (made) {
            EXPECT_EQ(made->name, name);
            EXPECT_EQ(get(made->id), "bytes of " + name);
            kept.push_back(name);
        } else {
            EXPECT_EQ(made.error().code, Errc::InvalidArgument) << name << ": " << describe(made.error());
            EXPECT_EQ(stableCode(made.error()), "name-invalid") << name;
        }
    }
    EXPECT_THAT(namesOf(all()), UnorderedElementsAreArray(kept));
}

TEST_P(ProviderSuite, TwoWaysToWriteALetterAreTwoFilesOrAConflict)
{
    const std::string composed = "caf\xC3\xA9.txt";
    const std::string decomposed = "cafe\xCC\x81.txt";
    const Entry first = put(composed, "composed");
    StringSource in("decomposed");
    auto second = p->upload({{}, decomposed, OnConflict::Fail}, in, {}, {}, soon());
    if (second) {
        EXPECT_EQ(all().size(), 2U);
        EXPECT_EQ(get(second->id), "decomposed");
    } else {
        EXPECT_EQ(second.error().code, Errc::Conflict) << describe(second.error());
        EXPECT_EQ(all().size(), 1U);
    }
    EXPECT_EQ(get(first.id), "composed");
}

TEST_P(ProviderSuite, NamesThatOthersMadeAreListedAsTheyAre)
{
    const std::vector<std::string> names{"\xE6\x97\xA5\xE6\x9C\xAC.txt",
                                         "smile \xF0\x9F\x98\x80.png",
                                         "trailing.",
                                         "e\xCC\x81.txt",
                                         std::string(255, 'm'),
                                         "100% #1 & 2+3.txt",
                                         "plus+and space.txt",
                                         "-rf",
                                         "$(date).txt"};
    if (!world->makeFiles("Theirs", names, 3))
        return notOffered("only this cloud's adapter makes files there");
    const auto entries = all(named("Theirs").id);
    EXPECT_THAT(namesOf(entries), UnorderedElementsAreArray(names));
    for (const auto &entry : entries)
        EXPECT_EQ(get(entry.id, entry.revision).size(), 3U) << entry.name;
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

TEST_P(ProviderSuite, TheAccountIsNamed)
{
    put("a.bin", bytesOf(5000));
    auto account = p->account(soon());
    ASSERT_TRUE(account) << describe(account.error());
    EXPECT_NE(account->id, "");
    if (!p->features().tellsAccount)
        return;
    EXPECT_EQ(account->name, world->personName());
    EXPECT_EQ(account->email, world->personEmail());
    EXPECT_EQ(account->emailVerified, p->features().verifiedEmail);
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
    const std::vector<std::string> everywhere{"plan.txt", "plan of mine.txt", "Planning"};
    switch (p->features().searchScope) {
    case SearchScope::Subtree:
        EXPECT_THAT(find({}), UnorderedElementsAreArray(everywhere));
        EXPECT_THAT(find(folder->id), ::testing::UnorderedElementsAre("plan.txt", "Planning"));
        break;
    case SearchScope::Folder:
        EXPECT_THAT(find({}), ::testing::IsSupersetOf({"plan of mine.txt"}));
        EXPECT_THAT(find(folder->id), ::testing::ElementsAre("Planning"));
        EXPECT_THAT(find(sub->id), ::testing::ElementsAre("plan.txt"));
        break;
    case SearchScope::Account:
        EXPECT_THAT(find({}), UnorderedElementsAreArray(everywhere));
        // Narrowed to the folder as far as the cloud tells.
        EXPECT_THAT(find(folder->id), ::testing::IsSupersetOf({"plan.txt", "Planning"}));
        EXPECT_THAT(find(folder->id), ::testing::IsSubsetOf(everywhere));
        break;
    }
}

TEST_P(ProviderSuite, PlacesBesideTheRootCanBeListed)
{
    auto places = p->places(soon());
    ASSERT_TRUE(places) << describe(places.error());
    if (!p->features().places) {
        EXPECT_TRUE(places->empty());
    }
    std::set<std::string> ids;
    for (const Place &place : *places) {
        EXPECT_TRUE(ids.insert(place.id.value).second);
        EXPECT_NE(place.id.value, "");
        EXPECT_EQ(place.name.empty(), place.kind != Place::Kind::Drive);
        auto page = p->list(place.id, "", {}, soon());
        EXPECT_TRUE(page) << describe(page.error());
    }
}

TEST_P(ProviderSuite, DoesWhatItsFeaturesSay)
{
    const Features f = p->features();
    EXPECT_NE(p->id(), "");
    if (!f.createFolder) {
        EXPECT_EQ(p->createFolder({}, "x", soon()).error().code, Errc::Unsupported);
    }
    const Entry text = put("a.unknown", "x");
    EXPECT_EQ(f.hashAlgorithm.empty(), text.contentHash.empty());
    StringSink out;
    if (!f.thumbnails) {
        EXPECT_EQ(p->thumbnail(text.id, 64, out, soon()).error().code, Errc::Unsupported);
    }
    EXPECT_EQ(p->downloadPdf(text.id, out, soon()).error().code, Errc::Unsupported);
    EXPECT_EQ(out.bytes(), "");
}

} // namespace connector::test
