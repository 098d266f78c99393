// SPDX-License-Identifier: Apache-2.0
// Profiles that nobody uses, over months; clouds and portals that fail meanwhile.
#include "tests/component/profiles/profile_world.h"

namespace connector::test {
namespace {

class Care : public ::testing::Test {
protected:
    TempFolder folder;
    FakeNet net;
    WallTime wall = fromUnix(1'790'000'000);
    std::int64_t uptime = 1000;
    ProfileWorld world{folder.path(), net, {[this] { return uptime; }, "boot"}, [this] { return wall; }};

    void care()
    {
        world.actor.ask([&] { world.profiles->care(); });
    }
    void days(int n)
    {
        wall += std::chrono::days(n);
        uptime += n * 86400;
    }
    int refreshes()
    {
        return net.with([](FakeNet &n) { return n.refreshes; });
    }
    bool there(const std::string &id, const std::string &owner = "guest")
    {
        return world.actor.ask([&] { return world.profiles->find(owner, id).has_value(); });
    }
};

TEST_F(Care, AccessThatLiesIdleIsRenewedAheadOfItsEnd)
{
    const std::string id = world.linked("Mara", std::nullopt, "person:1");
    const WallTime linkedAt = wall;
    EXPECT_EQ(world.profile(id, "person:1").accessEndsAt, linkedAt + std::chrono::days(60));
    days(10);
    care();
    EXPECT_EQ(refreshes(), 0);
    days(15);
    net.with([](FakeNet &n) { n.cloudDown = true; });
    care();
    EXPECT_EQ(world.profile(id, "person:1").accessEndsAt, linkedAt + std::chrono::days(60));
    net.with([](FakeNet &n) { n.cloudDown = false; });
    ASSERT_TRUE(world.until([&] {
        world.profiles->care();
        return world.profiles->find("person:1", id)->accessEndsAt == wall + std::chrono::days(60);
    }));
    EXPECT_EQ(refreshes(), 1);
    EXPECT_EQ(world.liveGrants(), 1U);
}

TEST_F(Care, AGrantThatWasTakenBackMeanwhileIsSeen)
{
    const std::string id = world.linked("Mara", std::nullopt, "person:1");
    net.with([](FakeNet &n) { n.live.clear(); });
    days(30);
    care();
    EXPECT_TRUE(world.until([&] { return world.profiles->find("person:1", id)->state == ProfileState::Revoked; }));
    EXPECT_EQ(world.open(id, std::nullopt, "person:1"), "access-revoked");
    ASSERT_TRUE(world.actor.ask([&] { return world.profiles->authorize("person:1", id); }));
    EXPECT_TRUE(world.grant(id, "person:1"));
    EXPECT_EQ(world.open(id, std::nullopt, "person:1"), "");
}

TEST_F(Care, AGuestsProfileThatNobodyUsedForNinetyDaysGoesAndItsGrantWithIt)
{
    const std::string id = world.linked("Mara");
    const std::string hers = world.linked("Mara", std::nullopt, "person:1");
    days(60);
    EXPECT_EQ(world.open(id), "");
    days(89);
    care();
    uptime += 7200;
    care();
    EXPECT_TRUE(there(id)) << "it was used";
    days(2);
    care();
    EXPECT_TRUE(there(id)) << "only once it was overdue for a while";
    uptime += 7200;
    care();
    EXPECT_FALSE(there(id));
    EXPECT_TRUE(there(hers, "person:1"));
    EXPECT_TRUE(world.until([&] { return *world.profiles->revocations().waiting() == 0; }));
}

TEST_F(Care, AClockThatIsWrongForAMomentRemovesNothing)
{
    const std::string id = world.linked("Mara");
    wall += std::chrono::days(3650);
    care();
    wall -= std::chrono::days(3650);
    uptime += 7200;
    care();
    wall += std::chrono::days(3650);
    care();
    EXPECT_TRUE(there(id));
}

TEST_F(Care, TroubleWithThePortalIsNamedOnTheScreenAndTheCodeLivesOn)
{
    const std::string id = world.create("Mara");
    ASSERT_TRUE(world.until([&] {
        auto a = world.profiles->authorization("guest", id);
        return a && a->state == AuthorizationState::Waiting;
    }));
    const auto shows = [&](const std::string &code) {
        return world.until([&] {
            auto a = world.profiles->authorization("guest", id);
            return a && a->state == AuthorizationState::Waiting && (a->error ? stableCode(*a->error) : "") == code;
        });
    };
    for (const auto &[error, named] : std::initializer_list<std::pair<Error, const char *>>{
             {Error{Errc::Offline, "refused", "http"}, "portal-unreachable"},
             {Error{Errc::Offline, "certificate", "http", {}, 0, {}, "tls-failed"}, "tls-failed"}}) {
        net.with([&, e = error](FakeNet &n) { n.portalDown = e; });
        EXPECT_TRUE(shows(named)) << named;
    }
    net.with([](FakeNet &n) {
        n.portalDown.reset();
        n.portalSays = "<html>Welcome to our Wi-Fi</html>";
    });
    EXPECT_TRUE(shows("portal-bad-reply"));
    net.with([](FakeNet &n) { n.portalSays.clear(); });
    EXPECT_TRUE(shows(""));
    EXPECT_TRUE(world.grant(id)) << "the same code";
}

TEST_F(Care, LookingAgainDoesNotAskThePortalOftenerThanItPermits)
{
    net.with([](FakeNet &n) { n.strict = true; });
    const std::string id = world.create("Mara");
    ASSERT_TRUE(world.until([&] {
        auto a = world.profiles->authorization("guest", id);
        return a && a->state == AuthorizationState::Waiting;
    }));
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(world.open(id), "not-linked");
        world.actor.ask([&] {
            world.profiles->pauseAuthorization(id);
            EXPECT_TRUE(world.profiles->authorization("guest", id));
        });
    }
    EXPECT_TRUE(world.grant(id)) << "the portal tells a device that asks too early nothing, not even a grant";
}

TEST_F(Care, ACodeOrAGrantThatRanOutIsToldAndTheSameProfileGetsANewCode)
{
    const std::string id = world.create("Mara");
    const auto state = [&] { return world.profile(id).state; };
    const auto ends = [&] {
        return world.until([&] { return world.profiles->find("guest", id)->state == ProfileState::Expired; });
    };
    ASSERT_TRUE(world.until([&] { return world.codeIsOut(id); }));
    net.with([](FakeNet &n) { n.expired = true; });
    ASSERT_TRUE(ends()) << "by itself, while it is on the screen";
    EXPECT_EQ(stableCode(*world.authorizations.back().error), "code-expired");
    EXPECT_EQ(world.open(id), "profile-expired");

    net.with([](FakeNet &n) { n.expired = false; });
    ASSERT_TRUE(world.actor.ask([&] { return world.profiles->authorize("guest", id).has_value(); }));
    EXPECT_EQ(state(), ProfileState::Pending);
    ASSERT_TRUE(world.until([&] {
        auto a = world.profiles->authorization("guest", id);
        return a && a->state == AuthorizationState::Waiting;
    }));
    // It was granted while nobody looked, and fetched too late: after 72 hours the portal knows nothing of it.
    world.actor.ask([&] { world.profiles->pauseAuthorization(id); });
    days(4);
    net.with([](FakeNet &n) { n.expired = true; });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (world.open(id) == "not-linked" && std::chrono::steady_clock::now() < deadline) // asked a moment ago
        std::this_thread::yield();
    EXPECT_EQ(world.open(id), "profile-expired");

    net.with([](FakeNet &n) { n.expired = false; });
    ASSERT_TRUE(world.actor.ask([&] { return world.profiles->authorize("guest", id).has_value(); }));
    EXPECT_TRUE(world.grant(id));
    EXPECT_EQ(world.open(id), "");
}

TEST_F(Care, ADomainThatIsNoLongerAllowedShutsTheProfileAtOnceAndAllowedAgainOpensIt)
{
    const std::string id = world.linked("Mara");
    const auto allow = [&](const nlohmann::json &domains) {
        world.actor.ask([&] {
            EXPECT_TRUE(world.settings.change({{"allowedDomains", domains}}));
            world.profiles->domainsChanged();
        });
        return world.open(id);
    };
    EXPECT_EQ(allow({"other.org"}), "domain-refused");
    EXPECT_EQ(allow({"sub.example.org"}), "domain-refused");
    EXPECT_EQ(allow({"org"}), "domain-refused") << "a subdomain is not its parent";
    EXPECT_EQ(allow({"EXAMPLE.org"}), "");
    EXPECT_EQ(allow(nlohmann::json::array()), "");
}

} // namespace
} // namespace connector::test
