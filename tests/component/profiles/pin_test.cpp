// SPDX-License-Identifier: Apache-2.0
// The PIN's lock against somebody who tries them all: who kills the service, pulls the plug, and sets the clock.
#include "people/secret.h"
#include "tests/component/profiles/profile_world.h"
#include "tests/support/busy_pool.h"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace connector::test {
namespace {

constexpr const char *kRight = "4711";
constexpr const char *kWrong = "0000";

// A machine that can be rebooted and whose clock can be set; each life of its service ends by a kill.
class Machine {
public:
    explicit Machine(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    std::string boot = "boot-1";
    std::int64_t uptime = 1000;
    WallTime wall = fromUnix(1'790'000'000);

    BootClock bootClock() const
    {
        return {[this] { return uptime; }, boot};
    }
    WallClock wallClock() const
    {
        return [this] { return wall; };
    }
    void wait(std::int64_t seconds)
    {
        uptime += seconds;
        wall += std::chrono::seconds(seconds);
    }
    void reboot()
    {
        boot += "'";
        uptime = 5;
    }

    struct Outcome {
        std::string code; // "" when it opened
        std::int64_t lockedFor = 0;
        bool operator==(const Outcome &) const = default;
    };
    // A service starts, one PIN is tried, and the moment its answer is there the service is killed.
    Outcome tryAndKill(const std::string &profile, const std::string &pin) const
    {
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            FakeNet net;
            ProfileWorld world(m_folder, net, bootClock(), wallClock());
            std::string said = world.open(profile, pin);
            const auto until = world.lastRefusal.lockedUntil;
            said += "\n" + std::to_string(until ? (*until - wall).count() : 0);
            if (::write(ends[1], said.data(), said.size()) > 0)
                ::kill(::getpid(), SIGKILL);
            ::_exit(1);
        }
        ::close(ends[1]);
        std::string said(256, '\0');
        const ssize_t n = ::read(ends[0], said.data(), said.size());
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_TRUE(n > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        said.resize(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
        const auto line = said.find('\n');
        return {said.substr(0, line), std::stoll(said.substr(line + 1))};
    }

private:
    std::filesystem::path m_folder;
};

class PinLock : public ::testing::Test {
protected:
    PinLock()
    {
        ProfileWorld world(folder.path(), net, machine.bootClock(), machine.wallClock());
        profile = world.linked("Mara", kRight);
    }
    Machine::Outcome wrong() { return machine.tryAndKill(profile, kWrong); }
    Machine::Outcome right() { return machine.tryAndKill(profile, kRight); }
    void waitOut(std::int64_t seconds) { machine.wait(seconds); }

    TempFolder folder;
    FakeNet net;
    Machine machine{folder.path()};
    std::string profile;
};

TEST_F(PinLock, GrowsFromAMinuteToAnHourAndEndsInADeadPinThroughKillsRebootsAndClocks)
{
    std::vector<std::int64_t> locks;
    for (int tried = 1; tried < 100; ++tried) {
        const auto outcome = wrong();
        if (tried % 5 != 0) {
            ASSERT_EQ(outcome.code, "pin-wrong") << tried;
            continue;
        }
        ASSERT_EQ(outcome.code, "profile-locked") << tried;
        const std::int64_t lock = outcome.lockedFor;
        locks.push_back(lock);
        // To the last second, whatever the clock on the wall says, neither the wrong nor the right PIN is looked at.
        waitOut(lock - 1);
        const WallTime honest = machine.wall;
        for (const auto set : {-24 * 3653, -1, 1, 24 * 3653}) {
            machine.wall = honest + std::chrono::hours(set);
            ASSERT_EQ(right().code, "profile-locked") << tried << ", clock set by " << set << " hours";
        }
        machine.wall = honest;
        if (tried % 20 == 0) { // a reboot in the last second: the lock begins again, it does not end
            machine.reboot();
            ASSERT_EQ(wrong(), (Machine::Outcome{"profile-locked", lock}));
            waitOut(lock - 1);
            ASSERT_EQ(right().code, "profile-locked");
        }
        waitOut(1);
    }
    EXPECT_EQ(locks, (std::vector<std::int64_t>{60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3600, 3600, 3600,
                                                3600, 3600, 3600, 3600, 3600, 3600}));
    EXPECT_EQ(wrong().code, "pin-dead");
    waitOut(7200);
    EXPECT_EQ(right().code, "pin-dead") << "the right one, too";
    machine.reboot();
    machine.wall += std::chrono::hours(24 * 3653);
    EXPECT_EQ(right().code, "pin-dead");
}

TEST_F(PinLock, ADeadPinIsReplacedByAnotherOnlyWithASignInAtTheCloud)
{
    ProfileWorld world(folder.path(), net, machine.bootClock(), machine.wallClock());
    world.actor.ask([&] {
        ProfileTable table(world.db, world.vault);
        auto row = **table.find(profile);
        row.wrongPins = 100;
        ASSERT_TRUE(table.update(row));
    });
    EXPECT_TRUE(world.profile(profile).pinDead);
    const auto authorize = [&](const std::optional<std::string> &pin) {
        const auto hashed = world.hash(pin);
        if (!hashed)
            return stableCode(hashed.error());
        auto r = world.actor.ask([&] { return world.profiles->authorize("guest", profile, *hashed); });
        return r ? std::string() : stableCode(r.error());
    };
    EXPECT_EQ(authorize(std::nullopt), "pin-new-required");
    EXPECT_EQ(authorize("12"), "pin-invalid");
    EXPECT_EQ(authorize("8888"), "");
    EXPECT_EQ(world.open(profile, "8888"), "pin-dead") << "not before somebody signed in";
    ASSERT_TRUE(world.grant(profile));
    EXPECT_EQ(world.open(profile, kRight), "pin-wrong");
    EXPECT_EQ(world.open(profile, "8888"), "");
}

TEST_F(PinLock, TheRightPinForgetsTheWrongOnesBeforeIt)
{
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 4; ++i)
            EXPECT_EQ(wrong().code, "pin-wrong");
        EXPECT_EQ(right().code, "");
    }
}

// Ten thousand PINs are tried in minutes by whoever can try them.
TEST_F(PinLock, AStolenDatabaseLetsNobodyTryPinsWithoutTheMasterKey)
{
    std::filesystem::remove(folder / "key");
    ProfileWorld thief(folder.path(), net, machine.bootClock(), machine.wallClock());
    EXPECT_EQ(thief.open(profile, kRight), "secret-unreadable") << "under a key of the thief's own";
    std::string hash;
    ASSERT_TRUE(thief.db.run("SELECT pin_hash FROM profile", {}, [&](const Row &row) { hash = row.text(0); }));
    EXPECT_TRUE(isKeyed(hash));
    EXPECT_FALSE(secretMatches(thief.vault, "profile-pin", hash.substr(hash.find('$')), kRight));
}

TEST_F(PinLock, APinFromBeforeOpensAndIsHashedAnewWithTheMasterKey)
{
    ProfileWorld world(folder.path(), net, machine.bootClock(), machine.wallClock());
    // 4711, as it was hashed before the master key was part of it
    ASSERT_TRUE(world.db.run("UPDATE profile SET pin_hash='$argon2id$v=19$m=19456,t=2,p=1$MBVyWXn0lnBDF8sI6juv5Q$"
                             "qKEZUqIspRgd26ZavMRjBQxxSSqSDs9EBt10y5t+VUg'"));
    EXPECT_EQ(world.open(profile, kWrong), "pin-wrong");
    EXPECT_FALSE(isKeyed(*(**ProfileTable(world.db, world.vault).find(profile)).pinHash));
    EXPECT_EQ(world.open(profile, kRight), "");
    EXPECT_TRUE(isKeyed(*(**ProfileTable(world.db, world.vault).find(profile)).pinHash));
    EXPECT_EQ(world.open(profile, kWrong), "pin-wrong");
    EXPECT_EQ(world.open(profile, kRight), "");
}

TEST_F(PinLock, TwoOpeningsAtOnceCountBoth)
{
    ProfileWorld world(folder.path(), net, machine.bootClock(), machine.wallClock());
    std::atomic<int> answered = 0;
    std::vector<std::jthread> panels;
    for (int i = 0; i < 4; ++i)
        panels.emplace_back([&] {
            world.actor.post([&](std::stop_token) {
                world.profiles->open("guest", profile, kWrong, [&](const auto &) { ++answered; });
            });
        });
    ASSERT_TRUE(world.until([&] { return answered == 4; }));
    EXPECT_EQ(world.open(profile, kWrong), "profile-locked") << "the fifth";
}

// Tries that are counted and wait to be looked at.
class PinsAtOnce : public PinLock {
protected:
    std::unique_ptr<ProfileWorld> world =
        std::make_unique<ProfileWorld>(folder.path(), net, machine.bootClock(), machine.wallClock());
    std::unique_ptr<BusyPool> busy = std::make_unique<BusyPool>(world->pinWorkers, ProfileWorld::kPinWorkers);
    std::vector<std::string> answers; // stable codes, "" where it opened; on the actor

    ~PinsAtOnce() override { busy.reset(); }
    void knock(const char *pin) { knockAt(profile, pin); }
    void knockAt(const std::string &door, const char *pin)
    {
        world->actor.ask([&] {
            world->profiles->open("guest", door, std::string(pin), [this](const auto &outcome) {
                const auto *refusal = std::get_if<Profiles::Refusal>(&outcome);
                answers.push_back(refusal == nullptr ? "" : stableCode(refusal->error));
            });
        });
    }
    std::map<std::string, int> answered(std::size_t howMany)
    {
        EXPECT_TRUE(world->until([&] { return answers.size() == howMany; }));
        std::map<std::string, int> counts;
        for (const std::string &answer : answers)
            ++counts[answer];
        return counts;
    }
    int counted()
    {
        return world->actor.ask([&] { return (**ProfileTable(world->db, world->vault).find(profile)).wrongPins; });
    }
};

TEST_F(PinsAtOnce, AreCountedBeforeAnyIsLookedAtAndGetNoMoreThanTheLockAllows)
{
    for (int i = 0; i < 20; ++i)
        knock(kWrong);
    knock(kRight);
    EXPECT_EQ(answered(16), (std::map<std::string, int>{{"profile-locked", 16}}));
    EXPECT_EQ(counted(), 5);
    busy->release();
    EXPECT_EQ(answered(21), (std::map<std::string, int>{{"pin-wrong", 4}, {"profile-locked", 17}}));
    EXPECT_EQ(counted(), 5);
    EXPECT_EQ(world->profile(profile).lockedUntil, machine.wall + std::chrono::minutes(1));
}

TEST_F(PinsAtOnce, OneThatTheServiceDidNotLiveToLookAtIsCounted)
{
    knock(kWrong);
    knock(kWrong);
    world->workers.stop();
    std::jthread ends([this] { world.reset(); }); // its threads end when they are free
    busy->release();
    ends.join();
    world = std::make_unique<ProfileWorld>(folder.path(), net, machine.bootClock(), machine.wallClock());
    EXPECT_EQ(counted(), 2);
    EXPECT_LE(answers.size(), 2U);
}

TEST_F(PinsAtOnce, TheRightOneForgetsThoseBesideIt)
{
    for (int i = 0; i < 4; ++i)
        knock(kWrong);
    knock(kRight);
    EXPECT_TRUE(world->profile(profile).lockedUntil) << "while the fifth is looked at";
    busy->release();
    EXPECT_EQ(answered(5), (std::map<std::string, int>{{"", 1}, {"pin-wrong", 4}}));
    EXPECT_EQ(counted(), 0);
    EXPECT_FALSE(world->profile(profile).lockedUntil);
    EXPECT_FALSE(world->changed.back().lockedUntil) << "and those who watch are told";
}

TEST_F(PinsAtOnce, AWrongOneBesideARightOneIsToldOfNoLockThatIsGone)
{
    busy = std::make_unique<BusyPool>(world->pinWorkers, ProfileWorld::kPinWorkers - 1); // one after the other
    world->actor.ask([&] { // all are counted before one is looked at
        for (const char *pin : {kWrong, kWrong, kWrong, kRight, kWrong})
            knock(pin);
    });
    EXPECT_EQ(answered(5), (std::map<std::string, int>{{"", 1}, {"pin-wrong", 4}}));
    EXPECT_EQ(counted(), 0);
}

TEST_F(PinsAtOnce, SoManyThatNoneWaitsForLongAndTheOthersAreToldToComeAgain)
{
    busy.reset();
    std::vector<std::string> doors;
    for (int i = 0; i < 8; ++i)
        doors.push_back(world->linked("Door " + std::to_string(i), kRight));
    busy = std::make_unique<BusyPool>(world->pinWorkers, ProfileWorld::kPinWorkers);
    std::vector<std::string> made;
    const auto make = [&] {
        world->actor.ask([&] {
            world->profiles->hashNewPin("4711", [&](const Result<NewPin> &hashed) {
                made.push_back(hashed ? "" : stableCode(hashed.error()));
            });
        });
    };
    for (int i = 0; i < kMostNewPinsAtOnce; ++i)
        make();
    EXPECT_TRUE(made.empty());
    make();
    EXPECT_EQ(made, std::vector<std::string>{"busy"});
    for (int i = kMostNewPinsAtOnce; i < kMostPinsAtOnce; ++i) // who opens a profile still finds room
        knockAt(doors[static_cast<std::size_t>(i) % doors.size()], kWrong);
    EXPECT_TRUE(answers.empty());
    knock(kRight);
    EXPECT_EQ(answers, std::vector<std::string>{"busy"});
    EXPECT_EQ(counted(), 0) << "it was not looked at";
    busy->release();
    EXPECT_TRUE(world->until([&] { return made.size() == kMostNewPinsAtOnce + 1; }));
    EXPECT_TRUE(world->until([&] { return answers.size() == kMostPinsAtOnce - kMostNewPinsAtOnce + 1; }));
    knock(kRight);
    EXPECT_EQ(answered(kMostPinsAtOnce - kMostNewPinsAtOnce + 2),
              (std::map<std::string, int>{{"", 1}, {"busy", 1}, {"pin-wrong", kMostPinsAtOnce - kMostNewPinsAtOnce}}));
}

TEST_F(PinsAtOnce, OneThatWasRightUntilAMomentAgoIsATryForTheNewPin)
{
    busy->release();
    const auto newPin = world->hash("8888");
    ASSERT_TRUE(newPin);
    busy = std::make_unique<BusyPool>(world->pinWorkers, ProfileWorld::kPinWorkers);
    knock(kRight);
    ASSERT_TRUE(world->actor.ask([&] { return world->profiles->authorize("guest", profile, *newPin).has_value(); }));
    ASSERT_TRUE(world->grant(profile));
    EXPECT_EQ(counted(), 0);
    busy->release();
    EXPECT_EQ(answered(1), (std::map<std::string, int>{{"pin-wrong", 1}}));
    EXPECT_EQ(counted(), 1);
}

} // namespace
} // namespace connector::test
