// SPDX-License-Identifier: Apache-2.0
// No grant outlives its profile: deletion in every moment, clouds that cannot be reached, restarts in between.
#include "tests/component/profiles/profile_world.h"

#include <gtest/gtest.h>

namespace connector::test {
namespace {

class Grants : public ::testing::Test {
protected:
    TempFolder folder;
    FakeNet net;
    std::unique_ptr<ProfileWorld> world = std::make_unique<ProfileWorld>(folder.path(), net);
    void restart()
    {
        world.reset();
        world = std::make_unique<ProfileWorld>(folder.path(), net);
    }
    Result<void> remove(const std::string &id)
    {
        return world->actor.ask([&] { return world->profiles->remove("guest", id); });
    }
    std::int64_t waiting()
    {
        return world->actor.ask([&] { return *world->profiles->revocations().waiting(); });
    }
    bool untilAllEnded()
    {
        return world->until([&] { return world->liveGrants() == 0 && *world->profiles->revocations().waiting() == 0; });
    }
};

TEST_F(Grants, ADeletedProfilesGrantIsEnded)
{
    const std::string id = world->linked("Mara");
    EXPECT_EQ(world->liveGrants(), 1U);
    ASSERT_TRUE(remove(id));
    EXPECT_TRUE(untilAllEnded());
}

TEST_F(Grants, AProfileDeletedWhileItsSingleUseTokenIsRenewedLeavesNoLiveGrant)
{
    const std::string id = world->linked("Mara");
    world->expireAccess(id);
    net.hold("/oauth2/token");
    std::thread user([&] {
        auto cloud = world->profiles->links().provider(id);
        ASSERT_TRUE(cloud);
        auto account = (*cloud)->account({});
        EXPECT_FALSE(account) << "what came for a deleted profile is not used";
    });
    EXPECT_TRUE(net.untilHeld());
    EXPECT_TRUE(remove(id));
    net.release();
    user.join();
    EXPECT_TRUE(untilAllEnded());
}

TEST_F(Grants, AfterADeletionNoTokenIsSpentAnyMore)
{
    const std::string id = world->linked("Mara");
    world->expireAccess(id);
    auto cloud = world->profiles->links().provider(id);
    ASSERT_TRUE(cloud);
    ASSERT_TRUE(remove(id));
    auto account = (*cloud)->account({});
    ASSERT_FALSE(account);
    EXPECT_EQ(account.error().code, Errc::Unauthenticated);
    EXPECT_EQ(net.with([](FakeNet &n) { return n.refreshes; }), 0);
}

TEST_F(Grants, ACloudThatCannotBeReachedIsAskedAgainUntilItEndsTheGrantAlsoAfterARestart)
{
    const std::string id = world->linked("Mara");
    net.with([](FakeNet &n) { n.cloudDown = true; });
    ASSERT_TRUE(remove(id));
    EXPECT_EQ(waiting(), 1);
    restart();
    EXPECT_EQ(waiting(), 1);
    EXPECT_EQ(world->liveGrants(), 1U);
    net.with([](FakeNet &n) { n.cloudDown = false; });
    EXPECT_TRUE(untilAllEnded());
}

TEST_F(Grants, ThoseThatWaitForTheirEndAreBounded)
{
    net.with([](FakeNet &n) { n.cloudDown = true; });
    for (int i = 0; i < 510; ++i)
        world->actor.ask([&] {
            EXPECT_TRUE(world->profiles->revocations().add(
                {"box", "client", net.with([](FakeNet &n) { return n.newTokens(); })}));
        });
    EXPECT_EQ(waiting(), 500);
}

TEST_F(Grants, AnotherAccountSignedInForAnExistingProfileIsRefusedAndItsGrantEnded)
{
    const std::string id = world->linked("Mara");
    net.with([](FakeNet &n) { n.accountId = "account-2"; });
    ASSERT_TRUE(world->actor.ask([&] { return world->profiles->authorize("guest", id); }));
    net.with([](FakeNet &n) { n.granted = true; });
    ASSERT_TRUE(world->until([&] {
        return !world->authorizations.empty() && world->authorizations.back().state == AuthorizationState::Denied;
    }));
    EXPECT_EQ(stableCode(*world->authorizations.back().error), "other-account");
    EXPECT_TRUE(world->until([&] { return world->liveGrants() == 1; })) << "the profile's own grant goes on";
    EXPECT_EQ(world->profile(id).state, ProfileState::Ready);
}

TEST_F(Grants, AGrantWhoseAccountTheCloudDoesNotTellIsEnded)
{
    net.with([](FakeNet &n) { n.accountHidden = n.granted = true; });
    world->create("Mara");
    ASSERT_TRUE(world->until([&] {
        return !world->authorizations.empty() && world->authorizations.back().state == AuthorizationState::Failed;
    }));
    EXPECT_TRUE(untilAllEnded());
    EXPECT_TRUE(world->until([&] { return net.with([](FakeNet &n) { return n.cancelled == 1; }); }));
}

} // namespace
} // namespace connector::test
