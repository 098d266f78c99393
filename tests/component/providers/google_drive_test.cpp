// SPDX-License-Identifier: Apache-2.0
// What is Google Drive's own but for uploads: shortcuts, shared drives, the many meanings of 403, addresses that lead
// elsewhere.
#include "tests/component/providers/google_drive_wire.h"

namespace connector::google_drive {
namespace {

TEST_F(GoogleDriveWire, ShortcutsAreShownAsWhatTheyPointAt)
{
    cloud.on("in parents",
             reply(200, filesOf({shortcut("1s1", "1FiLe"), shortcut("1s2", "1GoNe"), shortcut("1s3", "1s1"),
                                 shortcut("1s4", "1TrAsH"), shortcut("1s5", "1ClOsEd")})));
    cloud.on("/files/1FiLe", reply(200, file("1FiLe", "real name.pdf", {{"size", "4711"}})));
    cloud.on("/files/1GoNe", refusal(404, "notFound"));
    cloud.on("/files/1s1", reply(200, shortcut("1s1", "1FiLe")));
    cloud.on("/files/1TrAsH", reply(200, file("1TrAsH", "x", {{"trashed", true}})));
    cloud.on("/files/1ClOsEd", refusal(403, "insufficientFilePermissions"));
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page) << describe(page.error());
    ASSERT_EQ(page->entries.size(), 5U);
    EXPECT_EQ(page->entries[0].id.value, "1FiLe");
    EXPECT_EQ(page->entries[0].name, "to 1FiLe");
    EXPECT_EQ(page->entries[0].size, 4711);
    EXPECT_TRUE(page->entries[0].downloadable);
    for (std::size_t i = 1; i < 5; ++i) {
        EXPECT_EQ(page->entries[i].kind, EntryKind::Link) << i;
        EXPECT_FALSE(page->entries[i].downloadable) << i;
    }
}

TEST_F(GoogleDriveWire, AFolderFullOfShortcutsIsNotAskedForOneByOne)
{
    std::vector<json> many;
    for (int i = 0; i < 100; ++i)
        many.push_back(shortcut("1s" + std::to_string(i), "1t" + std::to_string(i)));
    cloud.on("in parents", reply(200, filesOf(many)));
    cloud.on("/files/1t", [](const Asked &) { return reply(200, file("1t0", "x", {{"size", "1"}})); });
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page);
    EXPECT_LE(cloud.log.size(), 21U);
    EXPECT_EQ(page->entries[99].id.value, "1t99");
    EXPECT_EQ(page->entries[99].kind, EntryKind::File);
    EXPECT_EQ(page->entries[99].size, std::nullopt);
}

TEST_F(GoogleDriveWire, ASharedDrivesFolderIsListedInItsDrive)
{
    cloud.on("in parents", [](const Asked &asked) {
        EXPECT_THAT(asked.line, HasSubstr("corpora=drive&driveId=0ADrIvE"));
        json page = filesOf({file("1A", "a.pdf")});
        page["nextPageToken"] = "next/1";
        return reply(200, page);
    });
    cloud.on("/files/1FoLdEr", reply(200, folder("1FoLdEr", {{"driveId", "0ADrIvE"}})));
    auto first = p->list({"1FoLdEr"}, "", {}, soon());
    ASSERT_TRUE(first) << describe(first.error());
    auto second = p->list({"1FoLdEr"}, first->nextPageToken, {}, soon());
    ASSERT_TRUE(second);
    EXPECT_THAT(cloud.log.back().line, HasSubstr("pageToken=next/1"));
    EXPECT_EQ(p->list({"1FoLdEr"}, "rubbish", {}, soon()).error().stable, "list-restart");
}

TEST_F(GoogleDriveWire, AResourceKeyTravelsInAHeader)
{
    cloud.on("in parents", reply(200, filesOf({})));
    cloud.on("/files/1FoLdEr", reply(200, folder("1FoLdEr", {{"resourceKey", "0-key"}})));
    ASSERT_TRUE(p->list({"1FoLdEr/0-key"}, "", {}, soon()));
    for (const auto &asked : cloud.log)
        EXPECT_EQ(asked.headers.get("X-Goog-Drive-Resource-Keys"), "1FoLdEr/0-key");
}

TEST_F(GoogleDriveWire, WhatIsInTheTrashIsGone)
{
    cloud.on("/files/1TrAsH", reply(200, folder("1TrAsH", {{"trashed", true}})));
    EXPECT_EQ(p->stat({"1TrAsH"}, soon()).error().code, Errc::NotFound);
    EXPECT_EQ(p->list({"1TrAsH"}, "", {}, soon()).error().code, Errc::NotFound);
    StringSource in("x");
    EXPECT_EQ(p->upload({{"1TrAsH"}, "a.pdf"}, in, {}, {}, soon()).error().code, Errc::NotFound);
    StringSink out;
    EXPECT_EQ(p->download({"1TrAsH"}, "", 0, out, soon()).error().code, Errc::NotFound);
}

TEST_F(GoogleDriveWire, ThePlacesAreSharedFilesRecentFilesAndDrives)
{
    cloud.on("pageToken=2", reply(200, {{"drives", {{{"id", "0AB"}, {"name", "Sales"}}}}}));
    cloud.on("/drives?", reply(200, {{"drives", {{{"id", "0AA"}, {"name", "Research"}}}}, {"nextPageToken", "2"}}));
    auto places = p->places(soon());
    ASSERT_TRUE(places) << describe(places.error());
    ASSERT_EQ(places->size(), 4U);
    EXPECT_EQ((*places)[0].kind, Place::Kind::SharedWithMe);
    EXPECT_EQ((*places)[1].kind, Place::Kind::Recent);
    EXPECT_EQ((*places)[2].name, "Research");
    EXPECT_EQ((*places)[3].id.value, "0AB");

    cloud.answers.clear();
    cloud.on("sharedWithMe = true", reply(200, filesOf({file("1A", "a.pdf")})));
    cloud.on("recency desc", [](const Asked &) {
        json page = filesOf({file("1B", "b.pdf")});
        page["nextPageToken"] = "the rest of the account";
        return reply(200, page);
    });
    auto shared = p->list((*places)[0].id, "", {}, soon());
    ASSERT_TRUE(shared) << describe(shared.error());
    EXPECT_EQ(shared->entries.at(0).name, "a.pdf");
    auto recent = p->list((*places)[1].id, "", {SortKey::Modified, true}, soon());
    ASSERT_TRUE(recent);
    EXPECT_EQ(recent->nextPageToken, "");
    EXPECT_TRUE(recent->sorted);
    auto byName = p->list((*places)[1].id, "", {}, soon());
    ASSERT_TRUE(byName);
    EXPECT_FALSE(byName->sorted);
    for (int i = 0; i < 2; ++i) {
        auto known = p->stat((*places)[static_cast<std::size_t>(i)].id, soon());
        ASSERT_TRUE(known);
        EXPECT_EQ(known->kind, EntryKind::Folder);
        EXPECT_FALSE(known->writable);
        StringSource in("x");
        EXPECT_EQ(p->upload({known->id, "a.pdf"}, in, {}, {}, soon()).error().code, Errc::PermissionDenied);
        EXPECT_EQ(p->createFolder(known->id, "n", soon()).error().code, Errc::PermissionDenied);
    }
}

TEST_F(GoogleDriveWire, WhereSharedDrivesAreForbiddenTheOtherPlacesRemain)
{
    cloud.on("/drives?", refusal(403, "domainPolicy"));
    auto places = p->places(soon());
    ASSERT_TRUE(places);
    EXPECT_EQ(places->size(), 2U);
}

TEST_F(GoogleDriveWire, ASearchBelowAFolderIsNarrowedByTheParents)
{
    cloud.on("fullText",
             reply(200, filesOf({file("1A", "deep plan", {{"parents", {"1SuB"}}}),
                                 file("1B", "plan", {{"parents", {"1ToP"}}}),
                                 file("1C", "other plan", {{"parents", {"1ElSeWhErE"}}}), file("1D", "shared plan")})));
    cloud.on("/files/1SuB", reply(200, folder("1SuB", {{"parents", {"1ToP"}}})));
    cloud.on("/files/1ElSeWhErE", reply(200, folder("1ElSeWhErE", {{"parents", {"0ARoOt"}}})));
    cloud.on("/files/0ARoOt", reply(200, folder("0ARoOt")));
    cloud.on("/files/1ToP", reply(200, folder("1ToP", {{"parents", {"0ARoOt"}}})));
    const auto names = [](const Page &page) {
        std::vector<std::string> out;
        for (const auto &entry : page.entries)
            out.push_back(entry.name);
        return out;
    };
    auto below = p->search("plan", {"1ToP"}, "", soon());
    ASSERT_TRUE(below) << describe(below.error());
    EXPECT_THAT(names(*below), ElementsAre("deep plan", "plan"));
    auto all = p->search("plan", {}, "", soon());
    ASSERT_TRUE(all);
    EXPECT_EQ(all->entries.size(), 4U);
}

TEST_F(GoogleDriveWire, ARevisionThatIsReplacedMeanwhileIsNotHandedOutAsTheOldOne)
{
    int looks = 0;
    cloud.on("alt=media", reply(200, "x", "application/pdf"));
    cloud.on("/files/1A", [&](const Asked &) {
        return reply(200, file("1A", "a.pdf", {{"headRevisionId", ++looks == 1 ? "r1" : "r2"}}));
    });
    StringSink out;
    EXPECT_EQ(stableCode(p->download({"1A"}, "r1", 0, out, soon()).error()), "file-changed");
    EXPECT_EQ(stableCode(p->download({"1A"}, "r1", 0, out, soon()).error()), "file-changed");
    EXPECT_EQ(cloud.lines("alt=media").size(), 1U) << "the second time it is known before";
}

TEST_F(GoogleDriveWire, ARangeThatIsNotObeyedWritesNothing)
{
    cloud.on("alt=media", reply(200, "0123456789", "application/pdf"));
    cloud.on("/files/1A", reply(200, file("1A", "a.pdf", {{"size", "10"}})));
    StringSink out;
    EXPECT_EQ(p->download({"1A"}, "", 5, out, soon()).error().code, Errc::BadReply);
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(GoogleDriveWire, WhatMayNotBeDownloadedIsNamed)
{
    cloud.on("alt=media", refusal(403, "cannotDownloadAbusiveFile"));
    cloud.on("/files/1ViRuS", reply(200, file("1ViRuS", "a.pdf")));
    cloud.on("/files/1ViEw", reply(200, file("1ViEw", "b.pdf", {{"capabilities", {{"canDownload", false}}}})));
    cloud.on("/files/1DoC",
             reply(200, {{"id", "1DoC"}, {"name", "c"}, {"mimeType", "application/vnd.google-apps.form"}}));
    StringSink out;
    EXPECT_EQ(stableCode(p->download({"1ViRuS"}, "", 0, out, soon()).error()), "file-blocked");
    EXPECT_EQ(stableCode(p->download({"1ViEw"}, "", 0, out, soon()).error()), "file-blocked");
    EXPECT_EQ(p->download({"1DoC"}, "", 0, out, soon()).error().code, Errc::Unsupported);
    EXPECT_EQ(p->downloadPdf({"1DoC"}, out, soon()).error().code, Errc::Unsupported);
}

class GoogleDriveExport : public GoogleDriveWire {
protected:
    GoogleDriveExport()
    {
        cloud.on("/export?", refusal(403, "exportSizeLimitExceeded"));
        cloud.on("fields=exportLinks", [this](const Asked &) {
            return reply(200, {{"exportLinks", {{"application/pdf", link}}}});
        });
        cloud.on(
            "/files/1DoC",
            reply(200, {{"id", "1DoC"}, {"name", "Minutes"}, {"mimeType", "application/vnd.google-apps.document"}}));
    }
    Result<void> fetch() { return p->downloadPdf({"1DoC"}, out, soon()); }
    std::string link = "https://docs.google.com/feeds/download/x";
    StringSink out;
};

TEST_F(GoogleDriveExport, ALargeDocumentComesByItsLinkAndTheTokenStaysAtGoogle)
{
    cloud.on("docs.google.com", moved(307, "https://doc-0s-docstext.googleusercontent.com/export/x"));
    cloud.on("googleusercontent.com", reply(200, "%PDF-1.7", "application/pdf"));
    auto done = fetch();
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes(), "%PDF-1.7");
    EXPECT_TRUE(cloud.log.at(cloud.log.size() - 2).isSigned);
    EXPECT_FALSE(cloud.log.back().isSigned);
}

TEST_F(GoogleDriveExport, ALinkOrARedirectElsewhereIsNotFollowed)
{
    link = "https://evil.example/x.pdf";
    EXPECT_EQ(stableCode(fetch().error()), "conversion-too-large");
    link = "https://docs.google.com/x";
    cloud.on("docs.google.com", moved(302, "https://evil.example/x.pdf"));
    EXPECT_EQ(stableCode(fetch().error()), "conversion-too-large");
    EXPECT_TRUE(cloud.lines("evil").empty());
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(GoogleDriveExport, WhatTheLinkDoesNotGiveEitherIsTooLarge)
{
    cloud.on("docs.google.com", reply(200, "<html>", "text/html"));
    EXPECT_EQ(stableCode(fetch().error()), "conversion-too-large");
    EXPECT_EQ(out.bytes(), "");
    cloud.answers.back().second = [](const Asked &) { return reply(503); };
    EXPECT_EQ(fetch().error().code, Errc::Unavailable) << "that may pass";
}

TEST_F(GoogleDriveWire, AThumbnailComesFromGooglesPictureHostsOnly)
{
    struct Row {
        const char *link;
        bool fetched;
        bool isSigned;
    };
    for (const Row &row :
         {Row{"https://lh3.googleusercontent.com/d/x=s220", true, true},
          Row{"https://docs.google.com/feeds/vt?id=x&s=s220", true, true},
          Row{"https://drive-thirdparty.googleusercontent.com/x", true, false},
          Row{"https://evil.example/x", false, false}, Row{"http://lh3.googleusercontent.com/x", false, false},
          Row{"http://169.254.169.254/latest/meta-data", false, false},
          Row{"https://lh3.googleusercontent.com@evil.example/x", false, false}}) {
        cloud.answers.clear();
        cloud.log.clear();
        cloud.on("thumbnailLink", reply(200, {{"hasThumbnail", true}, {"thumbnailLink", row.link}}));
        cloud.on("GET http", reply(200, "\xFF\xD8\xFF", "image/jpeg"));
        StringSink out;
        auto done = p->thumbnail({"1A"}, 480, out, soon());
        EXPECT_EQ(done.has_value(), row.fetched) << row.link;
        ASSERT_EQ(cloud.log.size(), row.fetched ? 2U : 1U) << row.link;
        if (row.fetched) {
            EXPECT_EQ(cloud.log[1].isSigned, row.isSigned) << row.link;
        }
    }
}

TEST_F(GoogleDriveWire, AThumbnailThatIsNoPictureWritesNothing)
{
    cloud.on("fields=hasThumbnail", reply(200, {{"thumbnailLink", "https://lh3.googleusercontent.com/d/x=s220"}}));
    cloud.on("=s64", reply(200, "<script>", "text/html"));
    StringSink out;
    EXPECT_EQ(p->thumbnail({"1A"}, 64, out, soon()).error().code, Errc::Unsupported);
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(GoogleDriveWire, WhatMayNotBeDeletedGoesToTheTrash)
{
    cloud.on("DELETE ", refusal(403, "insufficientFilePermissions"));
    cloud.on("PATCH ", reply(200, {{"id", "1A"}}));
    cloud.on("GET ", reply(200, file("1A", "a.pdf")));
    auto done = p->remove({"1A"}, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(cloud.log.back().body, "{\"trashed\":true}");
}

TEST_F(GoogleDriveWire, ARemovalWhoseAnswerWasLostIsDone)
{
    int times = 0;
    cloud.on("DELETE ", [&](const Asked &) -> Result<HttpReply> {
        return ++times == 1 ? Result<HttpReply>(kCut) : Result<HttpReply>(refusal(404, "notFound"));
    });
    EXPECT_TRUE(p->remove({"1A"}, soon()));
    EXPECT_EQ(p->remove({"1A"}, soon()).error().code, Errc::NotFound);
}

TEST_F(GoogleDriveWire, TheRootAndThePlacesCannotBeRemoved)
{
    for (const char *id : {"", "@recent", "@shared-with-me", "../x"})
        EXPECT_EQ(p->remove({id}, soon()).error().code, Errc::InvalidArgument) << id;
    EXPECT_TRUE(cloud.log.empty());
}

TEST_F(GoogleDriveWire, AFolderOfThatNameIsNotMadeTwice)
{
    cloud.on("name = ", reply(200, filesOf({folder("1OlD", {{"name", "New"}})})));
    EXPECT_EQ(p->createFolder({}, "New", soon()).error().code, Errc::Conflict);
    EXPECT_TRUE(cloud.lines("POST ").empty());
}

TEST_F(GoogleDriveWire, AnAccountWhoseDriveWasNotGrantedIsRefusedAtOnce)
{
    cloud.on("/v1/userinfo", reply(200, {{"sub", "1122"}, {"email", "mara@example.org"}, {"email_verified", true}}));
    cloud.on("/about?", refusal(403, "insufficientPermissions"));
    auto account = p->account(soon());
    ASSERT_FALSE(account);
    EXPECT_EQ(stableCode(account.error()), "scope-missing");
    cloud.answers.back().second = [](const Asked &) { return reply(500); };
    account = p->account(soon());
    ASSERT_TRUE(account) << "an account without its quota is still an account";
    EXPECT_TRUE(account->emailVerified);
}

TEST_F(GoogleDriveWire, AnAddressThatOnlyTheDriveKnowsIsNotVerified)
{
    cloud.on("/v1/userinfo", reply(200, {{"sub", "1122"}, {"email_verified", true}}));
    cloud.on("/about?", reply(200, {{"user", {{"displayName", "Mara Lind"}, {"emailAddress", "mara@example.org"}}},
                                    {"storageQuota", {{"usage", "5"}}}}));
    auto account = p->account(soon());
    ASSERT_TRUE(account);
    EXPECT_EQ(account->name, "Mara Lind");
    EXPECT_EQ(account->email, "mara@example.org");
    EXPECT_FALSE(account->emailVerified);
    EXPECT_EQ(account->totalBytes, std::nullopt);
}

} // namespace
} // namespace connector::google_drive
