// SPDX-License-Identifier: Apache-2.0
// A folder's answer, taken page by page while it comes in.
#include "providers/webdav/webdav_provider.h"
#include "unit/providers/fake_dav.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>

namespace connector::webdav {
namespace {

using namespace std::chrono_literals;

// A plain server with one folder, that tells of it as slowly as a test wants.
class SlowServer : public HttpClient {
public:
    std::atomic<int> files = 30;
    std::atomic<int> asked = 0;       // for the folder
    std::atomic<int> askedWho = 0;    // for what kind of server it is
    std::atomic<int> pauseAfter = -1; // entries; it goes on when told
    std::atomic<int> cutAfter = -1;   // entries, once
    std::atomic<bool> goOn = false;
    std::atomic<bool> wasStopped = false;
    std::atomic<int> version = 1;

    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override
    {
        if (!request.signIt)
            return HttpReply{401, {}, ""};
        if (request.method != "PROPFIND") {
            ++askedWho;
            return HttpReply{404, {}, ""};
        }
        std::string xml = "<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\">" + folder();
        if (request.headers.get("Depth") == "0")
            return give(*sink, xml + "</d:multistatus>");
        ++asked;
        for (int n = 0; n < files; ++n) {
            if (n == pauseAfter) {
                if (auto r = sink->write({xml.data(), xml.size()}); !r)
                    return std::move(r).error();
                xml.clear();
                while (!goOn && call.poll())
                    (void)waitFor(1ms, call);
                if (auto r = call.poll(); !r) {
                    wasStopped = true;
                    return std::move(r).error();
                }
            }
            if (n == cutAfter) {
                cutAfter = -1;
                (void)sink->write({xml.data(), xml.size()});
                return Error{Errc::Offline, "cut", "http", "cut"};
            }
            xml += "<d:response><d:href>/dav/file" + std::to_string(n) +
                   "</d:href><d:propstat><d:prop><d:resourcetype/><d:getcontentlength>1</d:getcontentlength></d:prop>"
                   "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>";
        }
        return give(*sink, xml + "</d:multistatus>");
    }

private:
    std::string folder() const
    {
        return "<d:response><d:href>/dav/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/></d:resourcetype>"
               "<d:getetag>\"" +
               std::to_string(version) +
               "\"</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>";
    }
    static Result<HttpReply> give(ByteSink &sink, const std::string &xml)
    {
        if (auto r = sink.write({xml.data(), xml.size()}); !r)
            return std::move(r).error();
        return HttpReply{207, {}, ""};
    }
};

class WebdavListing : public ::testing::Test {
protected:
    std::unique_ptr<WebdavProvider> provider()
    {
        ProviderEndpoints endpoints;
        endpoints.base["server"] = "http://127.0.0.1:1/dav";
        endpoints.memory = memory;
        Tuning tuning;
        tuning.pageSize = 4;
        return std::make_unique<WebdavProvider>(server, endpoints, tuning);
    }
    // By a new adapter each, as the service does it. Every entry once, or a failure.
    Result<std::set<std::string>> rest(std::string token)
    {
        std::set<std::string> names;
        while (!token.empty()) {
            auto page = provider()->list({}, token, {}, soon());
            if (!page)
                return std::move(page).error();
            for (const auto &entry : page->entries)
                EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
            token = page->nextPageToken;
        }
        return names;
    }

    SlowServer server;
    std::shared_ptr<AccountMemory> memory = info().makeMemory();
};

TEST_F(WebdavListing, AFolderIsAskedForOnceHoweverManyPagesItHas)
{
    auto first = provider()->list({}, "", {}, soon());
    ASSERT_TRUE(first) << describe(first.error());
    EXPECT_EQ(first->entries.size(), 4U);
    auto others = rest(first->nextPageToken);
    ASSERT_TRUE(others) << describe(others.error());
    EXPECT_EQ(others->size(), 26U);
    EXPECT_EQ(server.asked, 1);
}

TEST_F(WebdavListing, TheFirstPageIsHandedOnWhileTheServerStillTells)
{
    server.pauseAfter = 10;
    auto first = provider()->list({}, "", {}, soon());
    ASSERT_TRUE(first) << describe(first.error());
    EXPECT_EQ(first->entries.size(), 4U);
    server.goOn = true;
    auto others = rest(first->nextPageToken);
    ASSERT_TRUE(others) << describe(others.error());
    EXPECT_EQ(others->size(), 26U);
    EXPECT_EQ(server.asked, 1);
}

TEST_F(WebdavListing, AnAnswerThatBreaksOffIsAskedForAgainBehindWhatWasTold)
{
    server.cutAfter = 10;
    auto first = provider()->list({}, "", {}, soon());
    ASSERT_TRUE(first) << describe(first.error());
    auto others = rest(first->nextPageToken);
    ASSERT_TRUE(others) << describe(others.error());
    EXPECT_EQ(others->size(), 26U);
    EXPECT_EQ(server.asked, 2);
}

TEST_F(WebdavListing, AFolderOpenedAnewEndsTheAnswerBefore)
{
    server.pauseAfter = 10;
    auto first = provider()->list({}, "", {}, soon());
    ASSERT_TRUE(first) << describe(first.error());
    server.pauseAfter = -1;
    ASSERT_TRUE(provider()->list({}, "", {}, soon()));
    EXPECT_TRUE(server.wasStopped);
    // Whoever still pages through the first one goes on, with the same entries.
    auto others = rest(first->nextPageToken);
    ASSERT_TRUE(others) << describe(others.error());
    EXPECT_EQ(others->size(), 26U);
}

TEST_F(WebdavListing, PagesOfTwoStatesOfAFolderAreNotMixed)
{
    auto first = provider()->list({}, "", {}, soon());
    ASSERT_TRUE(first) << describe(first.error());
    ++server.version;
    ASSERT_TRUE(provider()->list({}, "", {}, soon())); // by somebody else
    auto others = rest(first->nextPageToken);
    ASSERT_FALSE(others);
    EXPECT_EQ(stableCode(others.error()), "list-restart");
}

TEST_F(WebdavListing, WhatKindOfServerItIsIsAskedOncePerAccount)
{
    ASSERT_TRUE(provider()->list({}, "", {}, soon()));
    ASSERT_TRUE(provider()->list({}, "", {}, soon()));
    EXPECT_EQ(server.askedWho, 1);
}

TEST_F(WebdavListing, AnAnswerEndsWithTheAccountThatItIsOf)
{
    server.pauseAfter = 10;
    ASSERT_TRUE(provider()->list({}, "", {}, soon()));
    memory.reset();
    EXPECT_TRUE(server.wasStopped);
}

} // namespace
} // namespace connector::webdav
