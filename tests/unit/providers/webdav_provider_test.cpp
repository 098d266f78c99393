// SPDX-License-Identifier: Apache-2.0
// Signing in, downloads and searches, at servers that are not as they should be.
#include "unit/providers/fake_dav.h"

#include <gtest/gtest.h>

namespace connector::webdav {
namespace {

using namespace std::chrono_literals;
using LetsIn = FakeDav::LetsIn;

TEST(WebdavAccount, APasswordThatTheServerDoesNotWantProvesNothing)
{
    FakeDav server(false);
    server.letsIn = LetsIn::All;
    auto account = server.provider()->account(soon());
    ASSERT_FALSE(account);
    EXPECT_EQ(account.error().code, Errc::PermissionDenied);
}

TEST(WebdavAccount, WhereEverybodyMayLookTheWrongPasswordIsRefused)
{
    FakeDav server(false);
    server.letsIn = LetsIn::AllToLook;
    EXPECT_TRUE(server.provider()->account(soon()));
    server.passwordIsRight = false;
    auto account = server.provider()->account(soon());
    ASSERT_FALSE(account);
    EXPECT_EQ(account.error().code, Errc::Unauthenticated);
    EXPECT_TRUE(server.files.empty());
}

TEST(WebdavAccount, AServerThatWantsAPasswordIsAskedForNothingElse)
{
    FakeDav server(false);
    ASSERT_TRUE(server.provider()->account(soon()));
    EXPECT_EQ(server.count("MKCOL /"), 0);
    server.passwordIsRight = false;
    EXPECT_EQ(server.provider()->account(soon()).error().code, Errc::Unauthenticated);
}

TEST(WebdavDownload, AnotherFileOfTheSameNameIsNotTaken)
{
    FakeDav server(true);
    server.put("/a.txt", "ours");
    const auto provider = server.provider();
    auto page = provider->list({}, "", {}, soon());
    ASSERT_TRUE(page) << describe(page.error());
    ASSERT_EQ(page->entries.size(), 1U);
    server.put("/a.txt", "theirs"); // has another number
    StringSink out;
    auto got = provider->download(page->entries[0].id, "", 0, out, soon());
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::NotFound);
    EXPECT_EQ(out.bytes(), "");
}

TEST(WebdavDownload, WhatIsOfNoRevisionDoesNotGoOnInTheMiddle)
{
    FakeDav server(false);
    server.hasEtags = false;
    server.put("/a.txt", "0123456789");
    const auto provider = server.provider();
    auto page = provider->list({}, "", {}, soon());
    ASSERT_TRUE(page) << describe(page.error());
    ASSERT_EQ(page->entries[0].revision, "");
    StringSink out;
    EXPECT_EQ(stableCode(provider->download(page->entries[0].id, "", 5, out, soon()).error()), "file-changed");
    EXPECT_EQ(out.bytes(), "");
    ASSERT_TRUE(provider->download(page->entries[0].id, "", 0, out, soon()));
    EXPECT_EQ(out.bytes(), "0123456789");
}

TEST(WebdavSearch, AServerThatTellsMoreThanWasAskedForIsCutOff)
{
    FakeDav server(true);
    server.hits = 5000;
    const auto provider = server.provider();
    auto page = provider->search("hit", {}, "", soon());
    ASSERT_TRUE(page) << describe(page.error());
    EXPECT_EQ(page->entries.size(), 200U);
    // It tells the same ones for ever.
    int pages = 1;
    while (!page->nextPageToken.empty() && pages < 1000) {
        page = provider->search("hit", {}, page->nextPageToken, soon());
        ASSERT_TRUE(page) << describe(page.error());
        ++pages;
    }
    EXPECT_LE(pages, 50);
}

TEST(WebdavSearch, AFolderFullOfHitsIsABoundedPage)
{
    FakeDav server(false);
    for (int n = 0; n < 3000; ++n)
        server.put("/hit" + std::to_string(n), "x");
    auto page = server.provider()->search("hit", {}, "", soon());
    ASSERT_TRUE(page) << describe(page.error());
    EXPECT_EQ(page->entries.size(), 1000U);
}

TEST(WebdavSearch, FoldersWithoutEndAreNotWalkedForEver)
{
    FakeDav server(false);
    server.endless = true;
    const auto provider = server.provider();
    auto page = provider->search("nothing", {}, "", soon());
    int pages = 1;
    while (page && !page->nextPageToken.empty() && pages < 1000) {
        page = provider->search("nothing", {}, page->nextPageToken, soon());
        ++pages;
    }
    ASSERT_TRUE(page) << describe(page.error());
    EXPECT_LE(pages, 100);
}

} // namespace
} // namespace connector::webdav
