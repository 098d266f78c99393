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
    // Looks are an hour apart.
    void serve(int hours)
    {
        for (int i = 0; i < hours; ++i) {
            wall += std::chrono::hours(1);
            uptime += 3600;
            care();
        }
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
    days(88);
    serve(30);
    EXPECT_TRUE(there(id)) << "it was used";
    days(2);
    serve(24);
    EXPECT_TRUE(there(id)) << "only once it was overdue for a day of service";
    serve(2);
    EXPECT_FALSE(there(id));
    EXPECT_TRUE(there(hers, "person:1"));
    EXPECT_TRUE(world.until([&] { return *world.profiles->revocations().waiting() == 0; }));
}

TEST_F(Care, AClockThatIsWrongForHoursRemovesNothing)
{
    const std::string id = world.linked("Mara");
    for (int i = 0; i < 3; ++i) {
        wall += std::chrono::days(3650);
        serve(20);
        wall -= std::chrono::days(3650);
        serve(1);
    }
    EXPECT_TRUE(there(id));
}

TEST_F(Care, WhoeverUsesAProfileClearsTheDoubtAboutIt)
{
    const std::string id = world.linked("Mara");
    days(91);
    serve(20);
    EXPECT_EQ(world.open(id), "");
    days(91); // no look in between
    serve(20);
    EXPECT_TRUE(there(id));
}

TEST_F(Care, AMachineThatSleepsDoesNoService)
{
    const std::string id = world.linked("Mara");
    days(91);
    care();
    days(10);
    care();
    EXPECT_TRUE(there(id));
}

TEST_F(Care, AProfileWhoseCodeIsOutIsNotUnused)
{
    ASSERT_TRUE(world.actor.ask([&] { return world.settings.change({{"guestProfileDays", 1}}).has_value(); }));
    const std::string id = world.create("Mara");
    ASSERT_TRUE(world.until([&] { return world.codeIsOut(id) && !world.authorizations.back().userCode.empty(); }));
    world.actor.ask([&] { world.profiles->pauseAuthorization(id); });
    serve(24 + 71);
    ASSERT_TRUE(there(id)) << "a grant of its last minute may still be fetched";
    serve(24 + 3);
    EXPECT_FALSE(there(id));
}

TEST_F(Care, AProfileThatWasLinkedAnewIsAsGoodAsNew)
{
    ASSERT_TRUE(world.actor.ask([&] { return world.settings.change({{"guestProfileDays", 3}}).has_value(); }));
    const std::string id = world.linked("Mara");
    days(4);
    serve(23);
    ASSERT_TRUE(world.actor.ask([&] { return world.profiles->authorize("guest", id).has_value(); }));
    ASSERT_TRUE(world.grant(id));
    EXPECT_FALSE(world.profile(id).lastUsedAt) << "nobody opened it: the panel shows whose account it is";
    serve(3 * 24 + 23);
    ASSERT_TRUE(there(id));
    serve(3);
    EXPECT_FALSE(there(id));
}

TEST_F(Care, APinThatFitsClearsTheDoubtAlsoWhereMoreIsInTheWay)
{
    const std::string id = world.linked("Mara", "4711");
    ASSERT_TRUE(world.actor.ask([&] {
        return world.settings.change({{"allowedDomains", {"other.org"}}}).has_value();
    }));
    days(91);
    serve(20);
    EXPECT_EQ(world.open(id, "0000"), "pin-wrong");
    EXPECT_GT(world.stored(id).overdueSeconds, 0);
    EXPECT_EQ(world.open(id, "4711"), "domain-refused");
    EXPECT_EQ(world.stored(id).overdueSeconds, 0);
    serve(20);
    EXPECT_TRUE(there(id));
}

TEST(CareOverDays, AMachineThatNeverRunsForLongGetsThereToo)
{
    TempFolder folder;
    FakeNet net;
    WallTime wall = fromUnix(1'790'000'000);
    std::atomic<std::int64_t> uptime = 60;
    const BootClock boot{[&uptime] { return uptime.load(); }, "boot"};
    std::string id;
    {
        ProfileWorld world(folder.path(), net, boot, [&wall] { return wall; });
        id = world.linked("Mara");
    }
    wall += std::chrono::days(91);
    for (int day = 1; day <= 2; ++day) {
        // As after a few minutes: nobody asks for a look.
        ProfileWorld world(
            folder.path(), net, boot, [&wall] { return wall; }, std::chrono::milliseconds(5));
        EXPECT_TRUE(world.until([&] {
            uptime += 10;
            return world.stored(id).overdueSeconds >= day * 20;
        })) << day;
    }
}

TEST(CareOverDays, AMachineThatRunsForSomeHoursADayGetsThere)
{
    TempFolder folder;
    FakeNet net;
    WallTime wall = fromUnix(1'790'000'000);
    std::int64_t uptime = 0;
    std::string id;
    const auto morning = [&](int day) {
        uptime = 60;
        const BootClock boot{[&uptime] { return uptime; }, "boot-" + std::to_string(day)};
        return std::make_unique<ProfileWorld>(folder.path(), net, boot, [&wall] { return wall; });
    };
    id = morning(0)->linked("Mara");
    wall += std::chrono::days(91);
    int day = 0;
    for (bool there = true; there && day < 10; wall += std::chrono::hours(16)) {
        const auto world = morning(++day);
        for (int hour = 0; hour < 8; ++hour) {
            wall += std::chrono::hours(1);
            uptime += 3600;
            world->actor.ask([&] { world->profiles->care(); });
        }
        there = world->actor.ask([&] { return world->profiles->find("guest", id).has_value(); });
    }
    EXPECT_EQ(day, 4) << "seven hours a day are sure: the first look only begins to count";
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

TEST(CareAfterTrouble, ThePortalIsNotAskedSoonerThanItPermitsEither)
{
    using namespace std::chrono_literals;
    struct Life {
        TempFolder folder;
        FakeNet net;
        std::unique_ptr<ProfileWorld> world;
        std::size_t polls()
        {
            return net.with([](FakeNet &n) { return n.polls.size(); });
        }
    };
    Life unreached;
    Life full;
    for (Life *life : {&unreached, &full}) {
        life->net.interval = 6;
        life->world = std::make_unique<ProfileWorld>(life->folder.path(), life->net);
        const std::string id = life->world->create("Mara");
        ASSERT_TRUE(life->world->until([&] {
            const auto a = life->world->profiles->authorization("guest", id);
            return a && a->state == AuthorizationState::Waiting;
        }));
    }
    unreached.net.with([](FakeNet &n) { n.portalDown = Error{Errc::Offline, "refused", "http"}; });
    full.net.with([](FakeNet &n) { n.granted = true; });
    full.world->actor.ask([&] {
        EXPECT_TRUE(full.world->db.run(
            "CREATE TEMP TRIGGER full BEFORE UPDATE ON profile BEGIN SELECT RAISE(ABORT, 'full'); END"));
    });
    for (Life *life : {&unreached, &full})
        for (std::size_t i = 1; i <= 2; ++i)
            ASSERT_TRUE(life->world->until([&] { return life->polls() >= i; }));
    for (Life *life : {&unreached, &full})
        life->net.with([](FakeNet &n) { EXPECT_GE(n.polls[1] - n.polls[0], 6s); });
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

TEST_F(Care, AnOwnerHasAsManyProfilesAsAreKeptAndNoMore)
{
    world.actor.ask([&] {
        ProfileTable table(world.db, world.vault);
        for (std::size_t i = 0; i < kMostProfiles; ++i) {
            ProfileRow row;
            row.id = std::to_string(i);
            row.owner = "guest";
            row.provider = "box";
            row.name = "Profile " + row.id;
            row.state = toString(ProfileState::Expired);
            ASSERT_TRUE(table.insert(row));
        }
    });
    const auto code = [&](const std::string &owner) {
        return world.actor.ask([&] {
            const auto made = world.profiles->create(owner, "box", "One more");
            return made ? "" : stableCode(made.error());
        });
    };
    EXPECT_EQ(code("guest"), "too-many-profiles");
    EXPECT_EQ(code("person:1"), "");
    ASSERT_TRUE(world.actor.ask([&] { return world.profiles->remove("guest", "7").has_value(); }));
    EXPECT_EQ(code("guest"), "");
}

} // namespace
} // namespace connector::test
