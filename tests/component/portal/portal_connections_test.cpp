// SPDX-License-Identifier: Apache-2.0
// The connections to PostgreSQL when they, time or descriptors run out.
#include "portal/postgres_connections.h"
#include "tests/component/portal/portal_fixture.h"

#include <fcntl.h>
#include <future>
#include <sys/resource.h>
#include <unistd.h>

namespace connector::portal {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct PortalConnections : ::testing::Test {
    // The server's process that did it.
    static Result<int> ask(Connections &connections, std::chrono::seconds patience = 8s)
    {
        return connections.run<int>(
            [](pqxx::work &db) -> Result<int> { return db.exec1("SELECT pg_backend_pid()")[0].as<int>(); }, patience);
    }
    // Makes so many connections, which are idle then.
    static std::vector<int> makeIdle(Connections &connections, int count)
    {
        if (count == 0)
            return {};
        std::vector<int> pids;
        const auto made = connections.run<void>([&](pqxx::work &db) -> Result<void> {
            pids = makeIdle(connections, count - 1);
            pids.push_back(db.exec1("SELECT pg_backend_pid()")[0].as<int>());
            return {};
        });
        EXPECT_TRUE(made) << describe(made.error());
        return pids;
    }
    static bool answersWithin(Connections &connections, std::chrono::seconds time)
    {
        const auto until = Clock::now() + time;
        while (!ask(connections))
            if (Clock::now() > until)
                return false;
        return true;
    }

    std::string database = postgres().newDatabase();
    std::function<void(pqxx::connection &)> setUp = [](pqxx::connection &) {};
};

// No descriptor is free as long as it lives.
struct NoDescriptors {
    NoDescriptors()
    {
        ::getrlimit(RLIMIT_NOFILE, &before);
        rlimit few = before;
        few.rlim_cur = std::min<rlim_t>(before.rlim_cur, 1024);
        ::setrlimit(RLIMIT_NOFILE, &few);
        for (int one = 0; (one = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;)
            taken.push_back(one);
    }
    ~NoDescriptors()
    {
        for (const int one : taken)
            ::close(one);
        ::setrlimit(RLIMIT_NOFILE, &before);
    }
    rlimit before{};
    std::vector<int> taken;
};

TEST_F(PortalConnections, WorkThatComesToItsTurnTooLateIsRefusedAndNotBegun)
{
    Connections connections(database, 1, setUp);
    std::promise<void> busy;
    auto other = std::async(std::launch::async, [&] {
        return connections.run<void>([&](pqxx::work &db) -> Result<void> {
            busy.set_value();
            db.exec("SELECT pg_sleep(2)");
            return {};
        });
    });
    busy.get_future().wait();
    bool begun = false;
    const auto late = connections.run<void>(
        [&](pqxx::work &) -> Result<void> {
            begun = true;
            return {};
        },
        3s);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::Unavailable);
    EXPECT_GT(late.error().retryAfter, 0s);
    EXPECT_FALSE(begun) << "it would have had a second";
    EXPECT_TRUE(other.get());
}

TEST_F(PortalConnections, WorkThatTakesTooLongItselfLeavesTheOthersConnectionsAlone)
{
    Connections connections(database, 3, setUp);
    auto idle = makeIdle(connections, 2);
    int mine = 0;
    const auto slow = connections.run<void>(
        [&](pqxx::work &db) -> Result<void> {
            mine = db.exec1("SELECT pg_backend_pid()")[0].as<int>();
            db.exec("SELECT pg_sleep(20)");
            return {};
        },
        3s);
    ASSERT_FALSE(slow);
    std::erase(idle, mine);
    ASSERT_EQ(idle.size(), 1U);
    ASSERT_TRUE(answersWithin(connections, 10s));
    const auto next = ask(connections);
    ASSERT_TRUE(next) << describe(next.error());
    EXPECT_EQ(*next, idle[0]);
}

TEST_F(PortalConnections, WorkThatTakesTooLongDoesNotLookLikeSilenceWhileOthersAreAnswered)
{
    Connections connections(database, 3, setUp);
    std::promise<void> begun;
    auto slow = std::async(std::launch::async, [&] {
        return connections.run<void>(
            [&](pqxx::work &db) -> Result<void> {
                begun.set_value();
                db.exec("SELECT pg_sleep(20)");
                return {};
            },
            3s);
    });
    begun.get_future().wait();
    while (slow.wait_for(50ms) != std::future_status::ready)
        EXPECT_TRUE(ask(connections));
    EXPECT_FALSE(slow.get());
    EXPECT_TRUE(ask(connections));
}

TEST_F(PortalConnections, AfterASilenceTheFirstAnswerLetsEverybodyInAgainHoweverLongItsWorkIs)
{
    Connections connections(database, 3, setUp);
    (void)makeIdle(connections, 2);
    struct Thaw {
        ~Thaw() { postgres().thaw(); }
    };
    {
        const Thaw thaw;
        postgres().freeze();
        EXPECT_FALSE(ask(connections, 3s));
        const auto began = Clock::now();
        EXPECT_FALSE(ask(connections));
        EXPECT_LT(Clock::now() - began, 1s) << "it is known to be silent";
    }
    std::promise<void> begun;
    std::promise<void> end;
    auto sweep = std::async(std::launch::async, [&, over = end.get_future()] {
        const auto until = Clock::now() + 15s;
        for (bool in = false; !in && Clock::now() < until;)
            (void)connections.run<void>([&](pqxx::work &) -> Result<void> {
                in = true;
                begun.set_value();
                over.wait();
                return {};
            });
    });
    EXPECT_EQ(begun.get_future().wait_for(15s), std::future_status::ready);
    for (int i = 0; i < 3; ++i) {
        const auto answer = ask(connections);
        EXPECT_TRUE(answer) << describe(answer.error());
    }
    end.set_value();
    sweep.get();
}

TEST_F(PortalConnections, WithoutAFreeDescriptorWorkIsRefusedSoonAndTheConnectionNotKept)
{
    Connections connections(database, 1, setUp);
    const auto before = ask(connections);
    ASSERT_TRUE(before);
    {
        std::future<Result<int>> answer;
        const NoDescriptors none;
        answer = std::async(std::launch::async, [&] { return ask(connections); });
        EXPECT_EQ(answer.wait_for(5s), std::future_status::ready);
        if (answer.wait_for(0s) == std::future_status::ready) {
            EXPECT_FALSE(answer.get());
        }
    }
    const auto after = ask(connections);
    ASSERT_TRUE(after) << describe(after.error());
    EXPECT_NE(*after, *before);
}

} // namespace
} // namespace connector::portal
