// SPDX-License-Identifier: Apache-2.0
#include "suite/provider_suite.h"

#include <gmock/gmock.h>

namespace connector::test {

using namespace std::chrono_literals;
using ::testing::UnorderedElementsAreArray;

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

TEST_P(ProviderSuite, AFullAccountIsNamed)
{
    world->cause(Trouble::QuotaFull);
    for (const std::size_t size : {std::size_t{5000}, world->sessionBytes()}) {
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
    const std::string bytes = bytesOf(world->sessionBytes());
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

// The rows of the table of refusals: what is tried, and what has to come of it.
TEST_P(ProviderSuite, AGrantThatIsTooNarrowIsNamed)
{
    if (!world->refuse(Refusal::ScopeMissing, {}))
        return notOffered("no scopes");
    const int before = world->refreshes();
    auto page = p->list({}, "", {}, soon());
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, Errc::PermissionDenied) << describe(page.error());
    EXPECT_EQ(stableCode(page.error()), "scope-missing");
    // Another token would be as narrow. Where the cloud says it with a 401, the client below has tried once.
    EXPECT_LE(world->refreshes(), before + 1);
}

TEST_P(ProviderSuite, AFolderThatTakesNothingIsNamed)
{
    if (!p->features().createFolder)
        return notOffered("no folders");
    auto folder = p->createFolder({}, "Closed", soon());
    ASSERT_TRUE(folder) << describe(folder.error());
    if (!world->refuse(Refusal::Denied, *folder))
        return notOffered("no such folders");
    for (const std::size_t size : {std::size_t{5000}, world->sessionBytes()}) {
        StringSource in(bytesOf(size));
        auto made = p->upload({folder->id, "a.txt"}, in, {}, {}, soon());
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, Errc::PermissionDenied) << describe(made.error());
        EXPECT_EQ(stableCode(made.error()), "no-permission");
    }
    world->relent();
    EXPECT_TRUE(all(folder->id).empty());
}

TEST_P(ProviderSuite, ALockedFileIsNamedAndStaysAsItIs)
{
    const Entry entry = put("a.txt", "old");
    if (!world->refuse(Refusal::Locked, entry))
        return notOffered("no locks");
    auto gone = p->remove(entry.id, soon());
    ASSERT_FALSE(gone);
    EXPECT_EQ(stableCode(gone.error()), "file-locked") << describe(gone.error());
    StringSource in("new");
    auto made = p->upload({{}, "a.txt", OnConflict::Replace}, in, {}, {}, soon());
    ASSERT_FALSE(made);
    EXPECT_EQ(stableCode(made.error()), "file-locked") << describe(made.error());
    world->relent();
    EXPECT_EQ(get(entry.id), "old");
}

TEST_P(ProviderSuite, ABlockedFileIsNamedAndNotAByteOfItComes)
{
    const Entry entry = put("a.txt", "virus");
    if (!world->refuse(Refusal::Blocked, entry))
        return notOffered("nothing is blocked");
    StringSink out;
    auto done = p->download(entry.id, entry.revision, 0, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::PermissionDenied) << describe(done.error());
    EXPECT_EQ(stableCode(done.error()), "file-blocked");
    EXPECT_EQ(out.bytes(), "");
}

TEST_P(ProviderSuite, ANameThatOnlyTheCloudRefusesIsNamed)
{
    if (!world->refuse(Refusal::NameInvalid, {}))
        return notOffered("it refuses none");
    StringSource in("x");
    auto made = p->upload({{}, "a.txt"}, in, {}, {}, soon());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::InvalidArgument) << describe(made.error());
    EXPECT_EQ(stableCode(made.error()), "name-invalid");
}

TEST_P(ProviderSuite, AFileThatIsTooLargeIsNamed)
{
    if (!world->refuse(Refusal::TooLarge, {}))
        return notOffered("it refuses none");
    StringSource in("x");
    auto made = p->upload({{}, "a.txt"}, in, {}, {}, soon());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::Unsupported) << describe(made.error());
    EXPECT_EQ(stableCode(made.error()), "file-too-large");
}

TEST_P(ProviderSuite, AFileBeyondTheCloudsLimitIsRefusedBeforeAByteIsSent)
{
    const std::int64_t most = p->features().uploadMax;
    if (most == 0)
        return notOffered("bound only by the account");
    StringSource in("x", most + 1);
    auto made = p->upload({{}, "a.bin"}, in, {}, {}, soon());
    ASSERT_FALSE(made);
    EXPECT_EQ(stableCode(made.error()), "file-too-large") << describe(made.error());
}

TEST_P(ProviderSuite, WhatTheCloudConvertsIsToldByTheEntryAndComesAsPdf)
{
    if (world->convertibleName().empty())
        return notOffered("it converts nothing");
    const Entry entry = put(world->convertibleName(), "{\\rtf1 Dear reader}");
    EXPECT_TRUE(entry.convertible);
    EXPECT_TRUE(named(entry.name).convertible);
    EXPECT_FALSE(put("a.unknown", "x").convertible);
    StringSink out;
    auto done = p->downloadPdf(entry.id, out, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes().substr(0, 5), "%PDF-");
}

TEST_P(ProviderSuite, WhatCannotBeConvertedAfterAllIsUnsupported)
{
    if (world->convertibleName().empty() || !world->refuse(Refusal::CannotConvert, {}))
        return notOffered("it converts nothing");
    const Entry entry = put(world->convertibleName(), "{\\rtf1 Dear reader}");
    StringSink out;
    auto done = p->downloadPdf(entry.id, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Unsupported) << describe(done.error());
    EXPECT_EQ(out.bytes(), "");
}

TEST_P(ProviderSuite, WhatIsTooLargeToConvertIsNamed)
{
    if (world->convertibleName().empty() || !world->refuse(Refusal::ConversionTooLarge, {}))
        return notOffered("no such limit");
    const Entry entry = put(world->convertibleName(), "{\\rtf1 Dear reader}");
    StringSink out;
    auto done = p->downloadPdf(entry.id, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Unsupported) << describe(done.error());
    EXPECT_EQ(stableCode(done.error()), "conversion-too-large");
}

} // namespace connector::test
