// SPDX-License-Identifier: Apache-2.0
// What becomes of an upload when others touch the same file, answers get lost and people change their mind.
#include "unit/providers/fake_dav.h"

#include <gtest/gtest.h>

namespace connector::webdav {
namespace {

using namespace std::chrono_literals;

constexpr const char *kPath = "/scan.pdf";

class WebdavUpload : public ::testing::TestWithParam<bool> {
protected:
    // Sixteen bytes go at once, more by session where there are any.
    Result<Entry> upload(const std::string &bytes, OnConflict onConflict = OnConflict::Rename, Call call = soon(),
                         const UploadState &resume = {})
    {
        Tuning tuning;
        tuning.simpleMax = 16;
        tuning.chunk = 8;
        StringSource in(bytes);
        return server.provider(tuning)->upload(
            {{}, "scan.pdf", onConflict}, in, resume,
            [this](const UploadState &now) -> Result<void> {
                state = now;
                return {};
            },
            call);
    }
    // After the request that makes the file.
    void whenMade(const std::function<void(Result<HttpReply> &)> &then)
    {
        server.after = [then](const std::string &what, Result<HttpReply> &reply) {
            if (what == "PUT /scan.pdf" || what == "MOVE #.file")
                then(reply);
        };
    }

    FakeDav server{GetParam()};
    UploadState state;
    const std::string small = "sixteen letters.";
    const std::string large = "more letters than fit into one request";
};

TEST_P(WebdavUpload, SomebodysNewerFileStays)
{
    for (const std::string &bytes : {small, large}) {
        server.files.clear();
        server.tellsEtag = true;
        whenMade([&](Result<HttpReply> &) { server.put(kPath, "theirs"); });
        auto made = upload(bytes);
        EXPECT_TRUE(made) << describe(made.error());
        EXPECT_EQ(server.files[kPath].bytes, "theirs");
        EXPECT_EQ(server.count("DELETE /scan.pdf"), 0);
    }
}

TEST_P(WebdavUpload, SomebodysNewerFileStaysWhereTheServerTellsNothingOfOurs)
{
    server.tellsEtag = false;
    whenMade([&](Result<HttpReply> &reply) {
        server.put(kPath, "theirs");
        *reply = HttpReply{201, {}, ""};
    });
    EXPECT_FALSE(upload(small)) << "nobody can tell whether that is ours, damaged";
    EXPECT_EQ(server.files[kPath].bytes, "theirs");
}

TEST_P(WebdavUpload, ANewerFileThatComesWhileOursIsRemovedStays)
{
    // Cancelled, and replaced just before the request that takes it away.
    std::stop_source stop;
    Call call = soon();
    call.stop = stop.get_token();
    whenMade([&](Result<HttpReply> &) { stop.request_stop(); });
    server.before = [&](const std::string &what, const HttpRequest &, const Call &) {
        if (what == "DELETE /scan.pdf")
            server.put(kPath, "theirs");
        return std::optional<Result<HttpReply>>();
    };
    (void)upload(small, OnConflict::Rename, call);
    EXPECT_EQ(server.count("DELETE /scan.pdf"), 1);
    EXPECT_EQ(server.files[kPath].bytes, "theirs");
}

TEST_P(WebdavUpload, WhatIsTakenAwayAfterItWasMadeWasDelivered)
{
    for (const std::string &bytes : {small, large}) {
        server.tellsEtag = true;
        whenMade([&](Result<HttpReply> &) { server.files.clear(); });
        auto made = upload(bytes);
        ASSERT_TRUE(made) << describe(made.error());
        EXPECT_EQ(made->name, "scan.pdf");
        EXPECT_EQ(made->size, static_cast<std::int64_t>(bytes.size()));
        EXPECT_EQ(server.count("DELETE /scan.pdf"), 0);
    }
}

TEST_P(WebdavUpload, DamagedBytesGoAwayAgain)
{
    for (const std::string &bytes : {small, large}) {
        server.tellsEtag = true;
        whenMade([&](Result<HttpReply> &reply) {
            reply->headers = {};
            server.files[kPath].bytes[3] ^= 1;
            reply->headers.set("ETag", "\"" + server.etag(kPath) + "\"");
        });
        auto made = upload(bytes);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, Errc::DataLoss);
        EXPECT_TRUE(server.files.empty());
    }
}

TEST_P(WebdavUpload, AFileThatWasCutShortIsNotTakenForAnothers)
{
    server.tellsEtag = true;
    whenMade([&](Result<HttpReply> &reply) {
        server.files[kPath].bytes.resize(5);
        reply->headers.set("ETag", "\"one of many\"");
        reply->headers.set("X-Hash-SHA1", "");
    });
    auto made = upload(small);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::DataLoss);
}

TEST_P(WebdavUpload, ADamagedReplacementIsToldAndStays)
{
    for (const std::string &bytes : {small, large}) {
        server.put(kPath, "before");
        whenMade([&](Result<HttpReply> &reply) {
            server.files[kPath].bytes[3] ^= 1;
            reply->headers = {};
        });
        auto made = upload(bytes, OnConflict::Replace);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, Errc::DataLoss);
        EXPECT_TRUE(server.files.contains(kPath));
        EXPECT_EQ(server.count("DELETE /scan.pdf"), 0);
    }
}

TEST_P(WebdavUpload, ACancelWhileTheFileIsBeingMadeLeavesNothing)
{
    std::stop_source stop;
    Call call = soon();
    call.stop = stop.get_token();
    server.before = [&](const std::string &what, const HttpRequest &request, const Call &) {
        std::optional<Result<HttpReply>> instead;
        if (what == "PUT /scan.pdf") { // it arrived, its answer came too late for us
            server.put(kPath, FakeDav::bodyOf(request));
            stop.request_stop();
            instead = Error{Errc::Cancelled, "cancelled"};
        }
        return instead;
    };
    auto made = upload(small, OnConflict::Rename, call);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::Cancelled);
    EXPECT_TRUE(server.files.empty());
}

TEST_P(WebdavUpload, ACancelInTheMiddleOfTheBytesLeavesNothing)
{
    std::stop_source stop;
    Call call = soon();
    call.stop = stop.get_token();
    server.before = [&](const std::string &what, const HttpRequest &request, const Call &) {
        std::optional<Result<HttpReply>> instead;
        if (what == "PUT /scan.pdf") { // servers keep what had come
            server.put(kPath, FakeDav::bodyOf(request).substr(0, 7));
            stop.request_stop();
            instead = Error{Errc::Cancelled, "cancelled"};
        }
        return instead;
    };
    auto made = upload(small, OnConflict::Rename, call);
    ASSERT_FALSE(made);
    EXPECT_TRUE(server.files.empty());
}

TEST_P(WebdavUpload, ACancelTakesNothingOfOthersAway)
{
    std::stop_source stop;
    Call call = soon();
    call.stop = stop.get_token();
    server.before = [&](const std::string &what, const HttpRequest &request, const Call &) {
        std::optional<Result<HttpReply>> instead;
        if (what == "PUT /scan.pdf") {
            server.put(kPath, "theirs");
            (void)FakeDav::bodyOf(request);
            stop.request_stop();
            instead = Error{Errc::Cancelled, "cancelled"};
        }
        return instead;
    };
    EXPECT_FALSE(upload(small, OnConflict::Rename, call));
    EXPECT_EQ(server.files[kPath].bytes, "theirs");
}

INSTANTIATE_TEST_SUITE_P(Server, WebdavUpload, ::testing::Bool(),
                         [](const auto &server) { return server.param ? "nextcloud" : "plain"; });

// Chunks of a session, at a Nextcloud.
class NextcloudSession : public WebdavUpload {};

TEST_P(NextcloudSession, AChunkWhoseAnswerIsDamagedCostsThatChunkOnly)
{
    for (const Error &failure : {Error{Errc::DataLoss, "the body ended early", "http"},
                                 Error{Errc::BadReply, "the reply is not HTTP", "http"}}) {
        server.files.clear();
        server.asked.clear();
        int failures = 1;
        server.before = [&](const std::string &what, const HttpRequest &, const Call &) {
            std::optional<Result<HttpReply>> instead;
            if (what == "PUT #3" && failures-- > 0)
                instead = failure;
            return instead;
        };
        auto made = upload(large);
        ASSERT_TRUE(made) << describe(made.error());
        EXPECT_EQ(server.files[kPath].bytes, large);
        EXPECT_EQ(server.count("MKCOL #"), 1);
        EXPECT_EQ(server.count("PUT #1"), 1);
        EXPECT_EQ(server.count("PUT #3"), 2);
    }
}

TEST_P(NextcloudSession, AChunkThatWillNotGoKeepsTheSessionForLater)
{
    bool fails = true;
    server.before = [&](const std::string &what, const HttpRequest &, const Call &) {
        std::optional<Result<HttpReply>> instead;
        if (what == "PUT #3" && fails)
            instead = Error{Errc::DataLoss, "the body ended early", "http"};
        return instead;
    };
    auto made = upload(large);
    ASSERT_FALSE(made);
    EXPECT_EQ(remedyFor(made.error().code), Remedy::RetryLater) << describe(made.error());
    EXPECT_EQ(server.count("DELETE #"), 0);
    fails = false;
    server.asked.clear();
    made = upload(large, OnConflict::Rename, soon(), state);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(server.files[kPath].bytes, large);
    EXPECT_EQ(server.count("PUT #1"), 0);
}

TEST_P(NextcloudSession, OurOwnFileIsFoundWhereTheFirstMoveAfterAKillMeetsIt)
{
    // Killed after MOVE had reached the server and before the state said so; the file came while we looked.
    server.before = [&](const std::string &what, const HttpRequest &, const Call &) {
        std::optional<Result<HttpReply>> instead;
        if (what == "MOVE #.file") {
            server.put(kPath, large);
            instead = HttpReply{412, {}, ""};
        }
        return instead;
    };
    auto made = upload(large);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->name, "scan.pdf");
    EXPECT_EQ(server.files.size(), 1U);
    EXPECT_EQ(server.count("MOVE #.file"), 1);
}

TEST_P(NextcloudSession, ALockedFileIsBusy)
{
    server.put(kPath, "before");
    server.before = [&](const std::string &what, const HttpRequest &, const Call &) {
        std::optional<Result<HttpReply>> instead;
        if (what == "MOVE #.file" || what == "PUT /scan.pdf")
            instead = HttpReply{423, {}, ""};
        return instead;
    };
    for (const std::string &bytes : {small, large}) {
        auto made = upload(bytes, OnConflict::Replace);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, Errc::Busy);
        EXPECT_EQ(stableCode(made.error()), "file-locked");
        EXPECT_EQ(server.files[kPath].bytes, "before");
    }
    EXPECT_EQ(server.count("DELETE #"), 0) << "what arrived is kept for when it is free again";
}

TEST_P(NextcloudSession, ACancelWhileTheFileIsPutTogetherLeavesNothing)
{
    std::stop_source stop;
    Call call = soon();
    call.stop = stop.get_token();
    server.before = [&](const std::string &what, const HttpRequest &, const Call &) {
        std::optional<Result<HttpReply>> instead;
        if (what == "MOVE #.file") {
            server.put(kPath, large);
            server.sessions.clear();
            stop.request_stop();
            instead = Error{Errc::Cancelled, "cancelled"};
        }
        return instead;
    };
    EXPECT_FALSE(upload(large, OnConflict::Rename, call));
    EXPECT_TRUE(server.files.empty());
}

INSTANTIATE_TEST_SUITE_P(Server, NextcloudSession, ::testing::Values(true), [](const auto &) { return "nextcloud"; });

} // namespace
} // namespace connector::webdav
