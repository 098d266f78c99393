// SPDX-License-Identifier: Apache-2.0
// What is OneDrive's own but for uploads: addresses without a token, items of other drives, SharePoint's libraries.
#include "tests/component/providers/onedrive_world.h"

namespace connector::onedrive_test {
namespace {

TEST_F(OneDrive, TheTokenGoesToGraphAndNowhereElse)
{
    watch();
    auto made = upload(kThreeFragments);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(get(made->id), kThreeFragments);
    int elsewhere = 0;
    for (const auto &request : seen) {
        const bool graph = request.url.starts_with(sandbox().base("onedrive") + "/v1.0/");
        elsewhere += graph ? 0 : 1;
        EXPECT_EQ(request.headers.has("Authorization"), graph) << request.method << " " << urlForLog(request.url);
    }
    EXPECT_EQ(elsewhere, 4); // three fragments, and the bytes on their way back
}

TEST_F(OneDrive, APageThatLiesElsewhereIsNotAskedFor)
{
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(upload("x", "file " + std::to_string(i)));
    tell({{"do", "page-cap"}, {"cap", 2}});
    watch([](const HttpRequest &request, HttpReply &reply) {
        if (request.url.find("/children") == std::string::npos)
            return;
        json body = json::parse(reply.body);
        body["@odata.nextLink"] = "http://127.0.0.1:9/v1.0/me/drive/root/children?$skiptoken=x";
        reply.body = body.dump();
    });
    auto page = p->list({}, "", {}, soon());
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, Errc::BadReply);
    // Nor does a caller bring it there.
    auto next = p->list({}, "shttp://127.0.0.1:9/v1.0/me/drive/root/children", {}, soon());
    ASSERT_FALSE(next);
    EXPECT_EQ(stableCode(next.error()), "list-restart");
    EXPECT_EQ(count("GET", "127.0.0.1:9/"), 0);
}

TEST_F(OneDrive, BytesFromAStrangerAreNotAskedFor)
{
    auto made = upload("content");
    ASSERT_TRUE(made);
    watch([](const HttpRequest &request, HttpReply &reply) {
        if (request.url.ends_with("/content"))
            reply.headers.set("Location", "https://files.example.org/steal");
    });
    StringSink out;
    auto done = p->download(made->id, "", 0, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::BadReply);
    EXPECT_EQ(out.bytes(), "");
    EXPECT_EQ(count("GET", "example.org"), 0);
}

TEST_F(OneDrive, ADownloadAddressThatRanOutIsAskedForOnceMore)
{
    auto made = upload("content");
    ASSERT_TRUE(made);
    for (const int status : {401, 403, 404, 410}) {
        fault("/transfer/content", {{"status", status}, {"body", "<html>"}});
        EXPECT_EQ(get(made->id), "content") << status;
    }
    fault("/transfer/content", {{"status", 401}}, 0);
    StringSink out;
    auto never = p->download(made->id, "", 0, out, soon());
    ASSERT_FALSE(never);
    // Not a reason to sign in again: the address knows no tokens.
    EXPECT_EQ(never.error().code, Errc::Unavailable) << describe(never.error());
    EXPECT_EQ(account->tokens().refreshes(), 0);
}

TEST_F(OneDrive, AStoreThatIgnoresTheRangeIsSkippedThrough)
{
    auto made = upload("0123456789");
    ASSERT_TRUE(made);
    fault("/transfer/content", {{"status", 200}, {"body", "0123456789"}});
    StringSink out;
    auto done = p->download(made->id, made->revision, 7, out, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes(), "789");
}

TEST_F(OneDrive, AnotherRangeThanAskedForWritesNothing)
{
    auto made = upload("0123456789");
    ASSERT_TRUE(made);
    fault("/transfer/content",
          {{"status", 206}, {"headers", {{"Content-Range", "bytes 0-9/10"}}}, {"body", "0123456789"}});
    StringSink out;
    auto done = p->download(made->id, made->revision, 7, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::BadReply);
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(OneDrive, ADownloadThatANewVersionOvertakesIsNotTakenForTheOldOne)
{
    auto made = upload("0123456789");
    ASSERT_TRUE(made) << describe(made.error());
    bool replaced = false;
    account->tap().set(
        [&](HttpClient &next, const HttpRequest &request, ByteSink *sink, const Call &call) -> Result<HttpReply> {
            if (request.method == "GET" && request.url.ends_with("/content") && !std::exchange(replaced, true)) {
                StringSource in("abcdefghij");
                auto newer = another()->upload({{}, "a.bin", OnConflict::Replace}, in, {}, {}, soon());
                EXPECT_TRUE(newer) << describe(newer.error());
            }
            return next.send(request, sink, call);
        });
    StringSink out;
    auto done = p->download(made->id, made->revision, 0, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(stableCode(done.error()), "file-changed") << describe(done.error());
    EXPECT_TRUE(replaced);
}

TEST_F(OneDrive, AFileIsAsLongAsItsBytesWhateverItsItemSays)
{
    auto made = upload("0123456789");
    ASSERT_TRUE(made);
    watch([](const HttpRequest &request, HttpReply &reply) {
        if (reply.status != 200 || request.url.find("/items/") == std::string::npos)
            return;
        json body = json::parse(reply.body);
        body["size"] = 7;
        reply.body = body.dump();
    });
    EXPECT_EQ(get(made->id), "0123456789");
}

TEST_F(OneDrive, AnInfectedFileIsNotEvenAskedFor)
{
    auto made = upload("virus");
    ASSERT_TRUE(made);
    tell({{"do", "mark"}, {"path", "/a.bin"}, {"restricted", true}});
    watch();
    auto entry = p->stat(made->id, soon());
    ASSERT_TRUE(entry);
    EXPECT_FALSE(entry->downloadable);
    StringSink out;
    auto done = p->download(made->id, "", 0, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(stableCode(done.error()), "file-blocked");
    EXPECT_EQ(count("GET", "/content"), 0);
}

TEST_F(OneDrive, AFileThatAPolicyKeepsIsBlocked)
{
    auto made = upload("secret");
    ASSERT_TRUE(made);
    tell({{"do", "mark"}, {"path", "/a.bin"}, {"noDownload", true}});
    StringSink out;
    auto done = p->download(made->id, "", 0, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::PermissionDenied);
    EXPECT_EQ(stableCode(done.error()), "file-blocked");
}

TEST_F(OneDrive, ANotebookIsShownAndNotFetched)
{
    tell({{"do", "make-file"}, {"path", "/Notebook"}, {"text", "x"}, {"exportAs", "application/onenote"}});
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page);
    ASSERT_EQ(page->entries.size(), 1U);
    EXPECT_EQ(page->entries[0].kind, EntryKind::Document);
    EXPECT_FALSE(page->entries[0].downloadable);
    StringSink out;
    auto done = p->download(page->entries[0].id, "", 0, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Unsupported);
}

TEST_F(OneDrive, ADocumentBecomesAPdfAndASheetOfCommasDoesNot)
{
    auto letter = upload("{\\rtf1 Dear reader}", "letter.rtf");
    ASSERT_TRUE(letter);
    EXPECT_TRUE(letter->convertible);
    watch();
    StringSink out;
    auto done = p->downloadPdf(letter->id, out, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes().substr(0, 5), "%PDF-");
    for (const auto &request : seen)
        EXPECT_EQ(request.headers.has("Authorization"), request.url.find("/v1.0/") != std::string::npos);
    auto sheet = upload("a,b\n1,2\n", "sheet.csv");
    ASSERT_TRUE(sheet);
    EXPECT_FALSE(sheet->convertible);
    StringSink none;
    auto refused = p->downloadPdf(sheet->id, none, soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::Unsupported);
    EXPECT_EQ(none.bytes(), "");
}

TEST_F(OneDrive, AConverterThatFailsIsAskedOnceMore)
{
    auto letter = upload("{\\rtf1 Dear reader}", "letter.rtf");
    ASSERT_TRUE(letter);
    const json broken{{"status", 500}, {"body", graphError("generalException", "OfficeConversion_ConverterInternal")}};
    // The client below tries a 500 again by itself, six times in all.
    fault("/transfer/pdf", broken, 6);
    StringSink out;
    ASSERT_TRUE(p->downloadPdf(letter->id, out, soon()));
    fault("/transfer/pdf", broken, 0);
    StringSink none;
    auto never = p->downloadPdf(letter->id, none, soon());
    ASSERT_FALSE(never);
    EXPECT_EQ(never.error().code, Errc::Unsupported) << describe(never.error());
}

TEST_F(OneDrive, WhatIsNoPdfIsNotTakenForOne)
{
    auto letter = upload("{\\rtf1 Dear reader}", "letter.rtf");
    ASSERT_TRUE(letter);
    fault("/transfer/pdf", {{"status", 200}, {"headers", {{"Content-Type", "text/html"}}}, {"body", "<html>"}});
    StringSink out;
    auto done = p->downloadPdf(letter->id, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Unsupported);
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(OneDrive, APictureHasAThumbnailAndATextHasNone)
{
    auto picture = upload("P3\n2 2\n255\n255 0 0 0 255 0 0 0 255 9 9 9\n", "p.ppm");
    auto text = upload("x", "t.txt");
    ASSERT_TRUE(picture && text);
    StringSink none;
    EXPECT_EQ(p->thumbnail(text->id, 64, none, soon()).error().code, Errc::Unsupported);
    // Where its bytes are is told by the service, and needs no token.
    const std::string bytes = sandbox().base("onedrive") + "/transfer/thumbnail?tempauth=x";
    watch([&](const HttpRequest &request, HttpReply &reply) {
        if (request.url.ends_with("/thumbnails"))
            reply.body = json{{"value", {{{"small", {{"width", 96}, {"height", 96}, {"url", bytes}}}}}}}.dump();
    });
    fault("/transfer/thumbnail", {{"status", 200}, {"body", "a picture"}}, 1, 2); // the first address ran out
    StringSink out;
    auto done = p->thumbnail(picture->id, 64, out, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes(), "a picture");
    EXPECT_EQ(count("GET", "/thumbnails"), 2);
    for (const auto &request : seen)
        EXPECT_EQ(request.headers.has("Authorization"), request.url.find("/v1.0/") != std::string::npos);
}

TEST_F(OneDrive, ADriveThatIsSpelledInTwoWaysIsOne)
{
    use("priya.nair@example.org"); // her drive's number begins with a zero, which some answers leave out
    auto made = upload("x", "a.txt");
    ASSERT_TRUE(made) << describe(made.error());
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page);
    ASSERT_EQ(page->entries.size(), 1U);
    EXPECT_EQ(page->entries[0].id, made->id);
    auto hits = p->search("a", {}, "", soon());
    ASSERT_TRUE(hits) << describe(hits.error());
    ASSERT_EQ(hits->entries.size(), 1U);
    EXPECT_EQ(hits->entries[0].id, made->id);
    EXPECT_EQ(get(made->id), "x");
}

TEST_F(OneDrive, WhatOthersShareStandsBesideTheRootAndOpens)
{
    useWork();
    ASSERT_TRUE(p->createFolder({}, "Plans", soon()));
    const EntryId folder = p->list({}, "", {}, soon())->entries.at(0).id;
    ASSERT_TRUE(upload("theirs", "plan.txt", OnConflict::Fail, folder));
    tell({{"do", "mark"}, {"path", "/Plans"}, {"shareWith", {{"mara.lind@example.org", "write"}}}});

    use("mara.lind@example.org");
    auto places = p->places(soon());
    ASSERT_TRUE(places) << describe(places.error());
    ASSERT_EQ(places->size(), 2U); // a personal account has no sites
    EXPECT_EQ(places->at(0).kind, Place::Kind::SharedWithMe);
    EXPECT_EQ(places->at(1).kind, Place::Kind::Recent);
    auto shared = p->list(places->at(0).id, "", {}, soon());
    ASSERT_TRUE(shared) << describe(shared.error());
    ASSERT_EQ(shared->entries.size(), 1U);
    EXPECT_EQ(shared->entries[0].kind, EntryKind::Folder);
    EXPECT_EQ(shared->entries[0].name, "Plans");
    auto inside = p->list(shared->entries[0].id, "", {}, soon());
    ASSERT_TRUE(inside) << describe(inside.error());
    ASSERT_EQ(inside->entries.size(), 1U);
    EXPECT_EQ(get(inside->entries[0].id), "theirs");
    auto added = upload("mine", "answer.txt", OnConflict::Fail, shared->entries[0].id);
    ASSERT_TRUE(added) << describe(added.error());
    EXPECT_THAT(names(shared->entries[0].id), ::testing::UnorderedElementsAre("plan.txt", "answer.txt"));
    // A place itself takes no files.
    EXPECT_FALSE(upload("x", "x.txt", OnConflict::Fail, places->at(0).id));
    auto place = p->stat(places->at(0).id, soon());
    ASSERT_TRUE(place);
    EXPECT_FALSE(place->writable);
}

TEST_F(OneDrive, AShortcutInOnesOwnDriveLeadsToWhatItPointsAt)
{
    useWork();
    auto folder = p->createFolder({}, "Plans", soon());
    ASSERT_TRUE(folder);
    auto file = upload("theirs", "plan.txt", OnConflict::Fail, folder->id);
    ASSERT_TRUE(file);
    tell({{"do", "mark"}, {"path", "/Plans"}, {"shareWith", {{"mara.lind@example.org", "write"}}}});
    use("mara.lind@example.org");
    const auto mount = [&](const char *at, const char *path) {
        tell({{"do", "tune"}, {"mount", {{"at", at}, {"of", "tomas.berg@example.org"}, {"path", path}}}});
    };
    mount("/Tomas' plans", "/Plans");
    mount("/Their plan.txt", "/Plans/plan.txt");
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page) << describe(page.error());
    ASSERT_EQ(page->entries.size(), 2U);
    EXPECT_EQ(page->entries[0].name, "Their plan.txt"); // under the name that it has here, and what it is there
    EXPECT_EQ(page->entries[0].kind, EntryKind::File);
    EXPECT_EQ(page->entries[0].id, file->id);
    EXPECT_EQ(get(page->entries[0].id), "theirs");
    EXPECT_EQ(page->entries[1].name, "Tomas' plans");
    EXPECT_EQ(page->entries[1].kind, EntryKind::Folder);
    EXPECT_EQ(page->entries[1].id, folder->id);
    ASSERT_TRUE(upload("mine", "answer.txt", OnConflict::Fail, page->entries[1].id));
    EXPECT_THAT(names(folder->id), ::testing::UnorderedElementsAre("plan.txt", "answer.txt"));
}

TEST_F(OneDrive, TheLibrariesOfFollowedSitesStandBesideTheRoot)
{
    useWork();
    auto places = p->places(soon());
    ASSERT_TRUE(places) << describe(places.error());
    std::vector<std::string> titles;
    for (const auto &place : *places)
        if (place.kind == Place::Kind::Drive)
            titles.push_back(place.name);
    EXPECT_THAT(titles, ::testing::UnorderedElementsAre("Example Team / Documents", "Example Team / Minutes"));
    const EntryId library = places->back().id;
    auto root = p->stat(library, soon());
    ASSERT_TRUE(root) << describe(root.error());
    EXPECT_EQ(root->kind, EntryKind::Folder);
    EXPECT_EQ(root->id, library);
    auto made = upload("content", "a.pdf", OnConflict::Rename, library);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(get(made->id), "content");
    EXPECT_THAT(names(library), ::testing::Contains("a.pdf"));
    EXPECT_THAT(names(), ::testing::Not(::testing::Contains("a.pdf")));
    auto folder = p->createFolder(library, "New", soon());
    ASSERT_TRUE(folder) << describe(folder.error());
    auto hits = p->search("New", library, "", soon());
    ASSERT_TRUE(hits) << describe(hits.error());
    ASSERT_EQ(hits->entries.size(), 1U);
    EXPECT_EQ(hits->entries[0].id, folder->id);
    auto session = upload(kThreeFragments, "b.bin", OnConflict::Fail, folder->id);
    ASSERT_TRUE(session) << describe(session.error());
    ASSERT_TRUE(p->remove(session->id, soon()));
    EXPECT_TRUE(names(folder->id).empty());
}

TEST_F(OneDrive, AGrantWithoutSitesStillHasItsOwnDrive)
{
    useWork();
    fault("followedSites", {{"status", 403}, {"body", graphError("accessDenied")}});
    auto places = p->places(soon());
    ASSERT_TRUE(places) << describe(places.error());
    EXPECT_EQ(places->size(), 2U);
    fault("followedSites", {{"status", 401}}, 0);
    EXPECT_EQ(p->places(soon()).error().code, Errc::Unauthenticated);
}

TEST_F(OneDrive, TheRecentFilesAreListed)
{
    ASSERT_TRUE(upload("x", "a.txt"));
    auto recent = p->list({"@recent"}, "", {}, soon());
    ASSERT_TRUE(recent) << describe(recent.error());
    ASSERT_EQ(recent->entries.size(), 1U);
    EXPECT_FALSE(recent->sorted); // in the order of a memory, not in ours
}

TEST_F(OneDrive, ASearchBelowAFolderOfAWorkDriveStaysBelowIt)
{
    useWork();
    auto inside = p->createFolder({}, "Inside", soon());
    auto outside = p->createFolder({}, "Outside", soon());
    ASSERT_TRUE(inside && outside);
    auto deep = p->createFolder(inside->id, "Deep", soon());
    ASSERT_TRUE(deep);
    ASSERT_TRUE(upload("x", "plan.txt", OnConflict::Fail, deep->id));
    ASSERT_TRUE(upload("x", "plan.txt", OnConflict::Fail, outside->id));
    watch([](const HttpRequest &, HttpReply &reply) { // no parents are told with the hits
        json body = json::parse(reply.body, nullptr, false);
        if (body.contains("value") && reply.body.find("searchResult") != std::string::npos)
            for (auto &hit : body["value"])
                hit["parentReference"].erase("id");
        if (body.contains("value"))
            reply.body = body.dump();
    });
    auto hits = p->search("plan", inside->id, "", soon());
    ASSERT_TRUE(hits) << describe(hits.error());
    ASSERT_EQ(hits->entries.size(), 1U);
    auto all = p->search("plan", {}, "", soon());
    ASSERT_TRUE(all);
    EXPECT_EQ(all->entries.size(), 2U);
}

TEST_F(OneDrive, ADriveThatDoesNotSortIsListedAsItComesAndSaysSo)
{
    ASSERT_TRUE(upload("x", "a.txt"));
    watch();
    fault("/children", {{"status", 400}, {"body", graphError("invalidRequest", "notSupported")}});
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page) << describe(page.error());
    EXPECT_EQ(page->entries.size(), 1U);
    EXPECT_FALSE(page->sorted);
    ASSERT_TRUE(p->list({}, "", {}, soon()));
    EXPECT_EQ(count("GET", "$orderby"), 1); // it is not asked again
}

TEST_F(OneDrive, AQuotaThatIsNotToldStopsNobody)
{
    watch([](const HttpRequest &request, HttpReply &reply) {
        if (!request.url.ends_with("/me/drive"))
            return;
        json body = json::parse(reply.body);
        body["quota"] = {{"total", 0}, {"used", 0}, {"remaining", 0}};
        reply.body = body.dump();
    });
    auto person = p->account(soon());
    ASSERT_TRUE(person) << describe(person.error());
    EXPECT_EQ(person->totalBytes, std::nullopt);
    EXPECT_EQ(person->usedBytes, std::nullopt);
    EXPECT_TRUE(upload(kThreeFragments));
}

TEST_F(OneDrive, AnAccountWithoutADriveIsStillAnAccount)
{
    for (const int status : {403, 404}) {
        fault("/me/drive$", {{"status", status}});
        auto person = p->account(soon());
        ASSERT_TRUE(person) << describe(person.error());
        EXPECT_EQ(person->name, "Mara Lind");
        fault("/me/drive$", {{"status", status}});
        EXPECT_EQ(stableCode(p->list({}, "", {}, soon()).error()), "no-permission");
    }
    fault("/me/drive$", {{"status", 503}}, 0);
    EXPECT_EQ(p->account(soon()).error().code, Errc::Unavailable);
}

TEST_F(OneDrive, AWorkAccountWithoutAMailboxIsNamedByItsSignIn)
{
    use("aiko.tanaka@example.net");
    auto person = p->account(soon());
    ASSERT_TRUE(person) << describe(person.error());
    EXPECT_EQ(person->email, "aiko.tanaka@example.net");
    EXPECT_FALSE(person->emailVerified);
}

TEST_F(OneDrive, AGrantCannotBeEndedAndThatIsSaid)
{
    EXPECT_EQ(p->revoke(soon()).error().code, Errc::Unsupported);
}

TEST_F(OneDrive, ARateLimitIsWaitedOutByTheSharedPace)
{
    ASSERT_TRUE(p->list({}, "", {}, soon()));
    fault("/children", {{"status", 429}, {"headers", {{"Retry-After", "7"}}}});
    ASSERT_TRUE(p->list({}, "", {}, soon()));
    EXPECT_THAT(account->waits(), ::testing::ElementsAre(7s));
}

TEST_F(OneDrive, NonsenseIsABadReply)
{
    fault("/children", {{"rubbish", true}});
    EXPECT_EQ(p->list({}, "", {}, soon()).error().code, Errc::BadReply);
    EXPECT_EQ(p->list({"../me"}, "", {}, soon()).error().code, Errc::InvalidArgument);
    EXPECT_EQ(p->stat({"x/.."}, soon()).error().code, Errc::InvalidArgument);
}

} // namespace
} // namespace connector::onedrive_test
