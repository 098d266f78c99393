// SPDX-License-Identifier: Apache-2.0
// Uploads to Google Drive: sessions that lose bytes, answers that are lost, names that are no keys.
#include "tests/component/providers/google_drive_wire.h"

namespace connector::google_drive {
namespace {

TEST_F(GoogleDriveWire, WhatASessionDidNotKeepIsSentAgain)
{
    bytes = longBytes();
    expectUpload();
    int chunk = 0;
    expectSession([&](std::int64_t from, std::int64_t to) { return ++chunk % 2 == 1 ? from + (to - from) / 2 : to; });
    auto entry = upload();
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_TRUE(stored == bytes);
}

TEST_F(GoogleDriveWire, ASessionMayFallBehindWhatItHadBefore)
{
    bytes = longBytes();
    expectUpload();
    int chunk = 0;
    expectSession([&](std::int64_t, std::int64_t to) { return ++chunk == 3 ? 1000 : to; });
    auto entry = upload();
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_TRUE(stored == bytes);
}

TEST_F(GoogleDriveWire, AnAnswerWithoutARangeMeansThatNothingWasKept)
{
    bytes = longBytes();
    expectUpload();
    int chunk = 0;
    expectSession([&](std::int64_t, std::int64_t to) { return ++chunk == 1 ? 0 : to; });
    ASSERT_TRUE(upload());
    EXPECT_TRUE(stored == bytes);
}

TEST_F(GoogleDriveWire, ASessionThatNeverKeepsAnythingIsGivenUp)
{
    bytes = longBytes();
    expectUpload();
    expectSession([](std::int64_t from, std::int64_t) { return from; });
    auto entry = upload();
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().code, Errc::BadReply);
    EXPECT_LT(cloud.lines("PUT ").size(), 20U);
}

TEST_F(GoogleDriveWire, AfterACutTheSessionIsAskedBeforeAnythingIsSentAgain)
{
    bytes = longBytes();
    expectUpload();
    bool cut = false;
    cloud.on("PUT ", [&](const Asked &asked) -> Result<HttpReply> {
        const std::string range(asked.headers.get("Content-Range"));
        if (range.starts_with("bytes */"))
            return incomplete(static_cast<std::int64_t>(stored.size()));
        EXPECT_EQ(std::stoll(range.substr(6)), static_cast<std::int64_t>(stored.size()));
        if (!std::exchange(cut, true)) {
            stored = asked.body.substr(0, 100'000);
            return kCut;
        }
        stored += asked.body;
        return stored.size() == bytes.size() ? reply(200, made("1NeW", "a.pdf", stored))
                                             : incomplete(static_cast<std::int64_t>(stored.size()));
    });
    cloud.on("uploadType=resumable", moved(200, kSession));
    ASSERT_TRUE(upload());
    EXPECT_TRUE(stored == bytes);
}

TEST_F(GoogleDriveWire, ASessionsLastAnswerThatWasLostIsAskedFor)
{
    bytes = longBytes();
    expectUpload();
    bool lost = false;
    cloud.on("PUT ", [&](const Asked &asked) -> Result<HttpReply> {
        stored += asked.body;
        if (stored.size() < bytes.size())
            return incomplete(static_cast<std::int64_t>(stored.size()));
        if (!std::exchange(lost, true))
            return kCut;
        EXPECT_EQ(asked.headers.get("Content-Range"), "bytes */" + std::to_string(bytes.size()));
        return reply(201, made("1NeW", "a.pdf", stored));
    });
    cloud.on("uploadType=resumable", moved(200, kSession));
    auto entry = upload();
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_EQ(stored.size(), bytes.size());
}

TEST_F(GoogleDriveWire, AnUploadGoesOnInAnotherProcessWhereTheSessionStands)
{
    bytes = longBytes();
    expectUpload();
    expectSession([](std::int64_t, std::int64_t to) { return to; });
    StringSource in(bytes);
    int told = 0;
    auto died = p->upload(
        {{}, "a.pdf"}, in, {},
        [&](const UploadState &now) -> Result<void> {
            state = now;
            return ++told == 2 ? Result<void>(Error{Errc::LocalIo, "no power"}) : Result<void>();
        },
        soon());
    ASSERT_FALSE(died);
    cloud.log.clear();
    auto entry = upload(OnConflict::Rename, state);
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_TRUE(stored == bytes);
    EXPECT_EQ(cloud.log.at(0).headers.get("Content-Range"), "bytes */" + std::to_string(bytes.size()));
    EXPECT_EQ(std::stoll(std::string(cloud.log.at(1).headers.get("Content-Range")).substr(6)), kQuarter);
    EXPECT_TRUE(cloud.lines("generateIds").empty()) << "the id and the name were chosen before";
}

TEST_F(GoogleDriveWire, ASessionThatIsGoneIsBegunAgainUnlessItBecameTheFile)
{
    bytes = longBytes();
    for (const bool became : {false, true}) {
        cloud.answers.clear();
        cloud.log.clear();
        stored.clear();
        expectUpload();
        int puts = 0;
        cloud.on("PUT ", [&](const Asked &asked) -> Result<HttpReply> {
            if (++puts == 2)
                return refusal(404, "notFound");
            stored = puts == 1 ? asked.body : puts == 3 ? asked.body : stored + asked.body;
            return stored.size() == bytes.size() ? reply(200, made("1NeW", "a.pdf", stored))
                                                 : incomplete(static_cast<std::int64_t>(stored.size()));
        });
        cloud.on("uploadType=resumable", moved(200, kSession));
        cloud.on("GET " + std::string(kApi) + "/drive/v3/files/1NeW",
                 became ? reply(200, made("1NeW", "a.pdf", bytes)) : refusal(404, "notFound"));
        auto entry = upload();
        ASSERT_TRUE(entry) << describe(entry.error());
        EXPECT_EQ(cloud.lines("uploadType=resumable").size(), became ? 1U : 2U);
    }
}

TEST_F(GoogleDriveWire, ASessionNeverSeesTheToken)
{
    bytes = longBytes();
    expectUpload();
    expectSession([](std::int64_t, std::int64_t to) { return to; });
    ASSERT_TRUE(upload());
    for (const auto &asked : cloud.log)
        EXPECT_EQ(asked.isSigned, !asked.line.starts_with("PUT ")) << asked.line;
}

TEST_F(GoogleDriveWire, ASessionAtAnotherHostGetsNoByte)
{
    bytes = longBytes();
    expectUpload();
    cloud.on("uploadType=resumable", moved(200, "https://evil.example/upload?upload_id=x"));
    auto entry = upload();
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().code, Errc::BadReply);
    EXPECT_TRUE(cloud.lines("evil").empty());
}

TEST_F(GoogleDriveWire, AStateThatPointsElsewhereIsNotFollowed)
{
    bytes = longBytes();
    expectUpload();
    expectSession([](std::int64_t, std::int64_t to) { return to; });
    cloud.on("/files/1OlD", refusal(404, "notFound"));
    const json evil{{"version", 1},         {"folder", ""},      {"wanted", "a.pdf"},
                    {"size", bytes.size()}, {"id", "1OlD"},      {"name", "a.pdf"},
                    {"parent", "root"},     {"replaces", false}, {"session", "https://evil.example/?upload_id=x"},
                    {"offset", 5}};
    ASSERT_TRUE(upload(OnConflict::Rename, {evil.dump()}));
    EXPECT_TRUE(cloud.lines("evil").empty());
}

TEST_F(GoogleDriveWire, ALostAnswerIsFoundByTheIdThatWasMadeBefore)
{
    expectUpload();
    cloud.on("uploadType=multipart", [](const Asked &) -> Result<HttpReply> { return kCut; });
    cloud.on("/files/1NeW", reply(200, made("1NeW", "a.pdf", bytes)));
    auto entry = upload();
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_EQ(entry->id.value, "1NeW");
    EXPECT_EQ(cloud.lines("uploadType=multipart").size(), 1U);
}

TEST_F(GoogleDriveWire, ARepeatThatFindsItsIdTakenIsItsOwnFile)
{
    expectUpload();
    int tries = 0;
    cloud.on("uploadType=multipart", [&](const Asked &) -> Result<HttpReply> {
        return ++tries == 1 ? Result<HttpReply>(kCut) : Result<HttpReply>(refusal(409, "fileIdInUse"));
    });
    int looks = 0;
    cloud.on("/files/1NeW", [&](const Asked &) -> Result<HttpReply> {
        return ++looks == 1 ? refusal(404, "notFound") : reply(200, made("1NeW", "a.pdf", bytes));
    });
    ASSERT_TRUE(upload());
    EXPECT_EQ(tries, 2);
}

TEST_F(GoogleDriveWire, AnIdOfSomethingThrownAwayIsReplacedByAnother)
{
    cloud.on("name = ", reply(200, filesOf({})));
    int ids = 0;
    cloud.on("generateIds", [&](const Asked &) -> Result<HttpReply> {
        return reply(200, {{"ids", {++ids == 1 ? "1GoNe" : "1NeW"}}});
    });
    cloud.on("uploadType=multipart", [&](const Asked &asked) -> Result<HttpReply> {
        return asked.body.find("1GoNe") != std::string::npos ? refusal(409, "fileIdInUse")
                                                             : reply(200, made("1NeW", "a.pdf", bytes));
    });
    cloud.on("/files/1GoNe", reply(200, file("1GoNe", "a.pdf", {{"trashed", true}})));
    auto entry = upload();
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_EQ(entry->id.value, "1NeW");
}

TEST_F(GoogleDriveWire, OtherBytesThanWereSentAreDataLossAndTheFileIsRemoved)
{
    expectUpload();
    cloud.on("uploadType=multipart", reply(200, made("1NeW", "a.pdf", "damaged")));
    cloud.on("DELETE ", reply(204));
    auto entry = upload();
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().code, Errc::DataLoss);
    EXPECT_EQ(cloud.lines("DELETE ").size(), 1U);
}

TEST_F(GoogleDriveWire, AReplacedFileIsNeverRemoved)
{
    cloud.on("name = ", reply(200, filesOf({file("1OlD", "a.pdf")})));
    cloud.on("PATCH ", reply(200, made("1OlD", "a.pdf", "damaged")));
    auto entry = upload(OnConflict::Replace);
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().code, Errc::DataLoss);
    EXPECT_TRUE(cloud.lines("DELETE ").empty());
}

TEST_F(GoogleDriveWire, WithoutASha256TheMd5Counts)
{
    for (const std::string &arrived : {bytes, std::string("damaged")}) {
        cloud.answers.clear();
        expectUpload();
        json bare = made("1NeW", "a.pdf", arrived);
        bare.erase("sha256Checksum");
        cloud.on("uploadType=multipart", reply(200, bare));
        cloud.on("DELETE ", reply(204));
        EXPECT_EQ(upload().has_value(), arrived == bytes);
    }
}

TEST_F(GoogleDriveWire, NamesAreComparedToTheLetterWhateverTheSearchFinds)
{
    cloud.on("name = ", reply(200, filesOf({file("1OtHeR", "A.PDF"), file("1LoNg", "a.pdf.bak")})));
    cloud.on("generateIds", reply(200, {{"ids", {"1NeW"}}}));
    cloud.on("uploadType=multipart", reply(200, made("1NeW", "a.pdf", bytes)));
    EXPECT_TRUE(upload(OnConflict::Fail));
}

TEST_F(GoogleDriveWire, ATakenNameIsAlsoSeenOnALaterPage)
{
    json first = filesOf({});
    first["nextPageToken"] = "more";
    cloud.on("pageToken=more", reply(200, filesOf({file("1OlD", "a.pdf")})));
    cloud.on("name = ", reply(200, first));
    EXPECT_EQ(upload(OnConflict::Fail).error().code, Errc::Conflict);
}

TEST_F(GoogleDriveWire, AmongDoublesTheLastChangedFileIsReplaced)
{
    cloud.on("name = ", reply(200, filesOf({folder("1FoLdEr", {{"name", "a.pdf"}}), file("1LaSt", "a.pdf"),
                                            file("1FiRsT", "a.pdf")})));
    cloud.on("PATCH " + std::string(kApi) + "/upload/drive/v3/files/1LaSt", reply(200, made("1LaSt", "a.pdf", bytes)));
    auto entry = upload(OnConflict::Replace);
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_THAT(cloud.lines("name = ").at(0), HasSubstr("orderBy=modifiedTime desc"));
}

TEST_F(GoogleDriveWire, ALockedFileIsNotReplaced)
{
    cloud.on("name = ",
             reply(200, filesOf({file("1OlD", "a.pdf", {{"contentRestrictions", {{{"readOnly", true}}}}})})));
    auto entry = upload(OnConflict::Replace);
    ASSERT_FALSE(entry);
    EXPECT_EQ(stableCode(entry.error()), "file-locked");
    EXPECT_TRUE(cloud.lines("PATCH ").empty());
}

TEST_F(GoogleDriveWire, ARenamedUploadTakesTheFirstFreeNumber)
{
    std::vector<json> taken{file("1A", "a.pdf"), file("1B", "a (1).pdf"), file("1D", "a (3).pdf")};
    cloud.on("name = ", reply(200, filesOf(taken)));
    cloud.on("generateIds", reply(200, {{"ids", {"1NeW"}}}));
    cloud.on("uploadType=multipart", reply(200, made("1NeW", "a (2).pdf", bytes)));
    ASSERT_TRUE(upload(OnConflict::Rename));
    const auto sent = std::find_if(cloud.log.begin(), cloud.log.end(), [](const Asked &asked) {
        return asked.line.find("uploadType=multipart") != std::string::npos;
    });
    ASSERT_NE(sent, cloud.log.end());
    EXPECT_THAT(sent->body, HasSubstr("\"a (2).pdf\""));
}

TEST_F(GoogleDriveWire, OfTwoThatTookANameAtOnceTheLaterGivesWay)
{
    const json early = file("1eArLy", "a.pdf", {{"createdTime", "2026-05-11T08:00:00.000Z"}});
    const json late = file("1NeW", "a.pdf", {{"createdTime", "2026-05-11T08:00:00.001Z"}});
    const json first = file("1NeW", "a.pdf", {{"createdTime", "2026-05-11T07:59:59.999Z"}});
    struct Row {
        json ours;
        OnConflict policy;
        std::string name; // "": a conflict
    };
    for (const Row &row : {Row{late, OnConflict::Rename, "a (1).pdf"}, Row{first, OnConflict::Rename, "a.pdf"},
                           Row{late, OnConflict::Fail, ""}, Row{first, OnConflict::Fail, "a.pdf"}}) {
        cloud.answers.clear();
        cloud.log.clear();
        bool there = false;
        cloud.on("name = ", [&](const Asked &) {
            return reply(200, filesOf(there ? std::vector{row.ours, early} : std::vector<json>{}));
        });
        cloud.on("generateIds", reply(200, {{"ids", {"1NeW"}}}));
        cloud.on("uploadType=multipart", [&](const Asked &) {
            there = true;
            return reply(200, made("1NeW", "a.pdf", bytes));
        });
        cloud.on("PATCH ", [&](const Asked &asked) {
            EXPECT_EQ(asked.body, "{\"name\":\"a (1).pdf\"}");
            there = false;
            return reply(200, made("1NeW", "a (1).pdf", bytes));
        });
        cloud.on("DELETE ", reply(204));
        auto entry = upload(row.policy);
        if (row.name.empty()) {
            ASSERT_FALSE(entry);
            EXPECT_EQ(entry.error().code, Errc::Conflict);
            EXPECT_EQ(cloud.lines("DELETE ").size(), 1U);
        } else {
            ASSERT_TRUE(entry) << describe(entry.error());
            EXPECT_EQ(entry->name, row.name);
        }
    }
}

TEST_F(GoogleDriveWire, AFullAccountIsNotWaitedFor)
{
    expectUpload();
    cloud.on("uploadType=multipart", refusal(403, "storageQuotaExceeded"));
    auto entry = upload();
    ASSERT_FALSE(entry);
    EXPECT_EQ(stableCode(entry.error()), "storage-full");
    EXPECT_EQ(cloud.lines("uploadType=multipart").size(), 1U);
}

TEST_F(GoogleDriveWire, ARateLimitIsWaitedForButNotForEverAndNotTheDailyOne)
{
    struct Row {
        const char *reason;
        int lasts;
        std::size_t asked;
        bool works;
    };
    for (const Row &row : {Row{"userRateLimitExceeded", 2, 3, true}, Row{"rateLimitExceeded", 99, 5, false},
                           Row{"dailyLimitExceeded", 1, 1, false}, Row{"insufficientFilePermissions", 1, 1, false}}) {
        cloud.answers.clear();
        cloud.log.clear();
        int times = 0;
        cloud.on("/drive/v3/files?", [&](const Asked &) -> Result<HttpReply> {
            return ++times <= row.lasts ? refusal(403, row.reason) : reply(200, filesOf({}));
        });
        auto page = p->list({}, "", {}, soon());
        EXPECT_EQ(page.has_value(), row.works) << row.reason;
        EXPECT_EQ(cloud.log.size(), row.asked) << row.reason;
        if (!page && page.error().code == Errc::RateLimited) {
            EXPECT_GT(page.error().retryAfter, 0s);
        }
    }
}

TEST_F(GoogleDriveWire, AnUploadIsSentWholeAgainAfterARateLimit)
{
    expectUpload();
    int times = 0;
    std::vector<std::string> bodies;
    cloud.on("uploadType=multipart", [&](const Asked &asked) -> Result<HttpReply> {
        bodies.push_back(asked.body);
        return ++times == 1 ? refusal(403, "userRateLimitExceeded") : reply(200, made("1NeW", "a.pdf", bytes));
    });
    ASSERT_TRUE(upload());
    ASSERT_EQ(bodies.size(), 2U);
    EXPECT_EQ(bodies[0], bodies[1]);
    EXPECT_THAT(bodies[1], HasSubstr("\r\n\r\ncontent\r\n--"));
}

} // namespace
} // namespace connector::google_drive
