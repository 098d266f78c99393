// SPDX-License-Identifier: Apache-2.0
// Uploads to OneDrive: sessions that come and go, Office files that change on arrival, hashes that come late.
#include "tests/component/providers/onedrive_world.h"

namespace connector::onedrive_test {
namespace {

TEST_F(OneDrive, BytesAreNotSentToAStranger)
{
    watch([](const HttpRequest &request, HttpReply &reply) {
        if (request.url.find("createUploadSession") == std::string::npos)
            return;
        json body = json::parse(reply.body);
        body["uploadUrl"] = "https://files.example.org/steal";
        reply.body = body.dump();
    });
    auto made = upload(kThreeFragments);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::BadReply);
    EXPECT_EQ(describe(made.error()).find("example.org"), std::string::npos);
    EXPECT_EQ(count("PUT", "example.org"), 0);
    // A stored state that was tampered with does not lead there either.
    account->tap().set({});
    watch();
    StringSource in(kThreeFragments);
    const json state{{"version", 1},
                     {"size", kThreeFragments.size()},
                     {"name", "a.bin"},
                     {"session", "https://files.example.org/steal"}};
    ASSERT_TRUE(p->upload({{}, "a.bin"}, in, {state.dump()}, {}, soon()));
    EXPECT_EQ(count("PUT", "example.org"), 0);
    EXPECT_EQ(count("GET", "example.org"), 0);
}

TEST_F(OneDrive, ANewSessionThatIsNotKnownYetIsTriedAgainButNotForEver)
{
    watch();
    fault("/transfer/upload", {{"status", 404}, {"body", graphError("itemNotFound")}}, 3);
    auto made = upload(kThreeFragments);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(count("POST", "createUploadSession"), 1);
    seen.clear();
    fault("/transfer/upload", {{"status", 404}, {"body", graphError("itemNotFound", "uploadSessionNotFound")}}, 0);
    auto never = upload(kThreeFragments, "b.bin");
    ASSERT_FALSE(never);
    EXPECT_EQ(never.error().code, Errc::Unavailable) << describe(never.error());
    EXPECT_EQ(count("POST", "createUploadSession"), 2);
}

TEST_F(OneDrive, ASessionThatEndsInTheMiddleIsBegunAgain)
{
    watch();
    fault("/transfer/upload", {{"status", 404}, {"body", graphError("itemNotFound", "uploadSessionNotFound")}}, 1, 2);
    auto made = upload(kThreeFragments);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(get(made->id), kThreeFragments);
    EXPECT_EQ(count("POST", "createUploadSession"), 2);
    EXPECT_EQ(names().size(), 1U);
}

TEST_F(OneDrive, AnExpiredSessionIsBegunAgainByAnotherProcess)
{
    UploadState state;
    int told = 0;
    StringSource in(kThreeFragments);
    ASSERT_FALSE(p->upload(
        {{}, "a.bin"}, in, {},
        [&](const UploadState &s) -> Result<void> {
            state = s;
            return ++told == 2 ? Result<void>(Error{Errc::LocalIo, "off"}) : Result<void>();
        },
        soon()));
    sandbox().control({{"do", "clock"}, {"advanceSeconds", 8 * 86400}});
    StringSource again(kThreeFragments);
    auto made = another()->upload({{}, "a.bin"}, again, state, {}, soon());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(get(made->id), kThreeFragments);
}

TEST_F(OneDrive, AResumedUploadSendsOnlyTheRest)
{
    UploadState state;
    int told = 0;
    StringSource in(kThreeFragments);
    ASSERT_FALSE(p->upload(
        {{}, "a.bin"}, in, {},
        [&](const UploadState &s) -> Result<void> {
            state = s;
            return ++told == 3 ? Result<void>(Error{Errc::LocalIo, "off"}) : Result<void>();
        },
        soon()));
    watch();
    StringSource again(kThreeFragments);
    auto made = another()->upload({{}, "a.bin"}, again, state, {}, soon());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(count("PUT", "/transfer/upload"), 1);
    EXPECT_EQ(count("POST", "createUploadSession"), 0);
    EXPECT_EQ(get(made->id), kThreeFragments);
}

TEST_F(OneDrive, WhatTheSessionWaitsForIsTheTruth)
{
    watch();
    // The answer to a fragment is lost: its repeat overlaps, and the session tells where it stands.
    fault("/transfer/upload", {{"loseAnswer", true}}, 1, 2);
    auto made = upload(kThreeFragments);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(get(made->id), kThreeFragments);
    EXPECT_EQ(count("GET", "/transfer/upload"), 1);
    // It says that it has less than was sent.
    fault("/transfer/upload", {{"status", 202}, {"body", {{"nextExpectedRanges", {"327680-"}}}}}, 1, 2);
    made = upload(kThreeFragments, "b.bin");
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(get(made->id), kThreeFragments);
}

TEST_F(OneDrive, ASessionThatNeverGoesOnIsGivenUp)
{
    fault("/transfer/upload", {{"status", 202}, {"body", {{"nextExpectedRanges", {"0-"}}}}}, 0);
    auto made = upload(kThreeFragments);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::BadReply);
    sandbox().control({{"do", "clear-faults"}});
    fault("/transfer/upload", {{"status", 416}, {"body", graphError("invalidRange", "fragmentOverlap")}}, 0, 1, "PUT");
    made = upload(kThreeFragments);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::BadReply);
    sandbox().control({{"do", "clear-faults"}});
    EXPECT_TRUE(names().empty());
}

TEST_F(OneDrive, ASessionThatGoesToAndFroIsGivenUp)
{
    // Each answer but the first is further than the one before it or behind it, none further than the first two.
    int fragments = 0;
    account->tap().set(
        [&](HttpClient &next, const HttpRequest &request, ByteSink *sink, const Call &call) -> Result<HttpReply> {
            if (request.method != "PUT" || request.url.find("/transfer/upload") == std::string::npos)
                return next.send(request, sink, call);
            if (++fragments > 100)
                return Error{Errc::Cancelled, "it goes on for ever"};
            HttpReply reply;
            reply.status = 202;
            reply.body = json{{"nextExpectedRanges", {fragments % 2 == 1 ? "327680-" : "0-"}}}.dump();
            return reply;
        });
    auto made = upload(kThreeFragments);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::BadReply) << describe(made.error());
    account->tap().set({});
    EXPECT_TRUE(names().empty());
}

TEST_F(OneDrive, ASessionThatAsksForATokenIsOverAndNobodyIsSignedOut)
{
    watch();
    fault("/transfer/upload", {{"status", 401}, {"body", graphError("unauthenticated")}}, 1, 2);
    auto again = upload(kThreeFragments);
    ASSERT_TRUE(again) << describe(again.error());
    EXPECT_EQ(count("POST", "createUploadSession"), 2);
    sandbox().control({{"do", "clear-faults"}});
    fault("/transfer/upload", {{"status", 401}, {"body", graphError("unauthenticated")}}, 0, 2);
    auto made = upload(kThreeFragments);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::Unavailable) << describe(made.error());
    EXPECT_EQ(account->tokens().refreshes(), 0);
}

TEST_F(OneDrive, ASessionThatStillTakesWhatADeadProcessSentIsWaitedFor)
{
    const json busy{{"status", 409}, {"body", graphError("resourceModified", "uploadSessionBusy")}};
    fault("/transfer/upload", busy, 2, 2, "PUT");
    auto made = upload(kThreeFragments);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(get(made->id), kThreeFragments);
    fault("/transfer/upload", busy, 0, 1, "PUT");
    auto never = upload(kThreeFragments, "b.bin");
    ASSERT_FALSE(never);
    EXPECT_EQ(never.error().code, Errc::Busy) << describe(never.error());
}

TEST_F(OneDrive, AShortSourceEndsItsSession)
{
    watch();
    StringSource in(kThreeFragments, static_cast<std::int64_t>(kThreeFragments.size()) + 5);
    auto made = p->upload({{}, "a.bin"}, in, {}, {}, soon());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::DataLoss);
    EXPECT_EQ(count("DELETE", "/transfer/upload"), 1);
}

TEST_F(OneDrive, OtherBytesThanWereSentAreDataLossAndTheFileIsRemoved)
{
    watch([](const HttpRequest &request, HttpReply &reply) {
        if (request.method != "PUT")
            return;
        json body = json::parse(reply.body);
        body["file"]["hashes"]["quickXorHash"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        reply.body = body.dump();
    });
    for (const char *name : {"a.bin", "report.docx"}) { // nothing is rewritten on a personal drive
        auto made = upload("content", name);
        ASSERT_FALSE(made) << name;
        EXPECT_EQ(made.error().code, Errc::DataLoss);
        EXPECT_TRUE(names().empty());
    }
}

TEST_F(OneDrive, ADamagedReplacementIsToldAndTheFileStaysWithItsVersions)
{
    auto before = upload("as it was");
    ASSERT_TRUE(before) << describe(before.error());
    watch([](const HttpRequest &request, HttpReply &reply) {
        if (request.method != "PUT")
            return;
        json body = json::parse(reply.body);
        body["file"]["hashes"]["quickXorHash"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        reply.body = body.dump();
    });
    auto made = upload("content", "a.bin", OnConflict::Replace);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::DataLoss) << describe(made.error());
    EXPECT_EQ(count("DELETE", ""), 0);
    auto still = p->stat(before->id, soon());
    EXPECT_TRUE(still) << describe(still.error());
}

TEST_F(OneDrive, AnOfficeFileThatAWorkDriveRewritesIsTakenAsItBecomes)
{
    useWork();
    for (const std::size_t size : {std::size_t{5000}, kThreeFragments.size()}) {
        const std::string name = "report " + std::to_string(size) + ".docx";
        auto made = upload(std::string(size, 'x'), name);
        ASSERT_TRUE(made) << describe(made.error());
        EXPECT_EQ(made->name, name);
        EXPECT_NE(made->size, static_cast<std::int64_t>(size)); // it was rewritten indeed
        auto listed = p->stat(made->id, soon());
        ASSERT_TRUE(listed);
        EXPECT_EQ(listed->size, made->size);
        EXPECT_EQ(listed->contentHash, made->contentHash);
        EXPECT_GT(get(made->id).size(), size);
    }
    // Other files are not, and are compared.
    auto plain = upload("content", "report.pdf");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->size, 7);
}

TEST_F(OneDrive, ARewrittenFileWhoseAnswerWasLostIsRecognisedByItsDate)
{
    useWork();
    fault("/transfer/upload", {{"loseAnswer", true}}, 1, 3);
    auto made = upload(kThreeFragments, "report.docx");
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->name, "report.docx");
    EXPECT_EQ(names().size(), 1U);
}

TEST_F(OneDrive, AHashThatComesLateIsWaitedForAndOneThatNeverComesIsNoFailure)
{
    int without = 2;
    watch([&](const HttpRequest &request, HttpReply &reply) {
        if (reply.status / 100 != 2 || request.url.find("/transfer/") != std::string::npos || without == 0)
            return;
        json body = json::parse(reply.body);
        if (!body.contains("file"))
            return;
        body["file"].erase("hashes");
        reply.body = body.dump();
        --without;
    });
    auto late = upload("content");
    ASSERT_TRUE(late) << describe(late.error());
    EXPECT_NE(late->contentHash, "");
    without = 100;
    auto never = upload("content", "b.bin");
    ASSERT_TRUE(never) << describe(never.error());
    EXPECT_EQ(never->contentHash, "");
    EXPECT_EQ(never->size, 7);
}

TEST_F(OneDrive, AnEmptyFileTakesItsDateToo)
{
    const WallTime when = fromUnix(1'760'000'000);
    StringSource in("");
    watch();
    auto made = p->upload({{}, "empty.txt", OnConflict::Fail, when}, in, {}, {}, soon());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->modified, when);
    EXPECT_EQ(made->size, 0);
    EXPECT_EQ(count("POST", "createUploadSession"), 0); // there is none for empty files
}

TEST_F(OneDrive, AFileWithADateIsOneVersion)
{
    watch();
    StringSource in("content");
    ASSERT_TRUE(p->upload({{}, "a.txt", OnConflict::Fail, fromUnix(1'760'000'000)}, in, {}, {}, soon()));
    EXPECT_EQ(count("PATCH", ""), 0);
}

TEST_F(OneDrive, AFragmentThatIsKeptInPartIsGoneOnWithFromInsideIt)
{
    tell({{"do", "tune"}, {"takeAtMost", 100'000}});
    auto made = upload(kThreeFragments);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(get(made->id), kThreeFragments);
}

TEST_F(OneDrive, AFileThatCannotBeToldYetIsNotSentAgain)
{
    tell({{"do", "tune"}, {"hashDelaySeconds", 30}});
    fault(":/content", {{"loseAnswer", true}});
    UploadState state;
    StringSource in("content");
    watch();
    auto early = p->upload(
        {{}, "a.bin", OnConflict::Rename}, in, {},
        [&](const UploadState &s) -> Result<void> {
            state = s;
            return {};
        },
        soon());
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code, Errc::Unavailable) << describe(early.error());
    EXPECT_EQ(count("PUT", ""), 1);
    sandbox().control({{"do", "clock"}, {"advanceSeconds", 60}});
    StringSource again("content");
    auto made = another()->upload({{}, "a.bin", OnConflict::Rename}, again, state, {}, soon());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(count("PUT", ""), 1);
    EXPECT_THAT(names(), ::testing::ElementsAre("a.bin"));
}

TEST_F(OneDrive, AnEarlierFileOfTheSameBytesIsNotTakenForOurs)
{
    auto earlier = upload("content");
    ASSERT_TRUE(earlier) << describe(earlier.error());
    const std::string id = earlier->id.value.substr(earlier->id.value.find('/') + 1);
    int cuts = 1;
    account->tap().set(
        [&](HttpClient &next, const HttpRequest &request, ByteSink *sink, const Call &call) -> Result<HttpReply> {
            if (request.method == "PUT" && cuts-- > 0) // and none of it arrived
                return Error{Errc::Offline, "cut", "http", "cut"};
            auto reply = next.send(request, sink, call);
            auto body = reply && request.method == "GET" ? json::parse(reply->body, nullptr, false) : json();
            if (body.is_object() && body.value("id", "") == id) {
                body["createdDateTime"] = formatRfc3339(systemNow() - 1h);
                reply->body = body.dump();
            }
            return reply;
        });
    auto made = upload("content");
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_NE(made->id, earlier->id);
    EXPECT_EQ(names().size(), 2U);
}

TEST_F(OneDrive, ACancelWhileAHashIsPendingLeavesNothing)
{
    tell({{"do", "tune"}, {"hashDelaySeconds", 30}});
    fault(":/content", {{"loseAnswer", true}});
    std::stop_source stop;
    watch([&](const HttpRequest &request, HttpReply &) {
        if (request.method == "GET" && request.url.find("a.bin") != std::string::npos)
            stop.request_stop(); // while we look whether it is there
    });
    Call call = soon();
    call.stop = stop.get_token();
    StringSource in("content");
    auto made = p->upload({{}, "a.bin", OnConflict::Rename}, in, {}, {}, call);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::Cancelled) << describe(made.error());
    account->tap().set({});
    EXPECT_TRUE(names().empty());
}

TEST_F(OneDrive, APersonalDriveSaysBeforehandThatItIsTooFull)
{
    tell({{"do", "quota"}, {"free", 1000}});
    watch();
    auto made = upload(kThreeFragments);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::QuotaExceeded) << describe(made.error());
    EXPECT_EQ(count("PUT", ""), 0);
}

} // namespace
} // namespace connector::onedrive_test
