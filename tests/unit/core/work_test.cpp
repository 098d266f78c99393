// SPDX-License-Identifier: Apache-2.0
#include "core/call.h"
#include "core/error.h"
#include "core/process.h"
#include "core/task_queue.h"

#include <gmock/gmock.h>

#include <fstream>
#include <future>
#include <set>

namespace connector {
namespace {

using namespace std::chrono_literals;

TEST(TaskQueue, CanBeMadeAndDestroyedTenThousandTimes)
{
    std::atomic<int> ran = 0;
    for (int i = 0; i < 10'000; ++i) {
        TaskQueue queue;
        if (i % 2 == 0)
            queue.post([&](std::stop_token) { ++ran; });
    }
    EXPECT_EQ(ran, 5'000);
}

TEST(TaskQueue, RunsInOrderOnItsOwnThread)
{
    std::vector<int> order;
    {
        TaskQueue queue;
        EXPECT_FALSE(queue.isCurrent());
        for (int i = 0; i < 100; ++i)
            queue.post([&, i](std::stop_token) {
                EXPECT_TRUE(queue.isCurrent());
                order.push_back(i);
            });
        std::promise<void> done;
        queue.post([&](std::stop_token) { done.set_value(); });
        done.get_future().wait();
    }
    ASSERT_EQ(order.size(), 100U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(TaskQueue, ATaskMayPostAnother)
{
    std::promise<void> done;
    TaskQueue queue;
    queue.post([&](std::stop_token) { queue.post([&](std::stop_token) { done.set_value(); }); });
    EXPECT_EQ(done.get_future().wait_for(10s), std::future_status::ready);
}

TEST(TaskQueue, ARunningTaskIsToldToStopAndQueuedOnesStillRunKnowingIt)
{
    std::promise<void> running;
    bool told = false;
    bool queuedKnew = false;
    {
        TaskQueue queue;
        queue.post([&](std::stop_token stop) {
            running.set_value();
            Call call;
            call.stop = stop;
            auto waited = waitFor(60s, call);
            told = !waited && waited.error().code == Errc::Cancelled;
        });
        queue.post([&](std::stop_token stop) { queuedKnew = stop.stop_requested(); });
        running.get_future().wait();
    }
    EXPECT_TRUE(told);
    EXPECT_TRUE(queuedKnew);
}

TEST(Call, SaysWhetherItMayGoOn)
{
    EXPECT_TRUE(Call{}.poll());
    std::stop_source stop;
    Call call;
    call.stop = stop.get_token();
    EXPECT_TRUE(call.poll());
    call.deadline = Call::Clock::now() - 1ms;
    EXPECT_EQ(call.poll().error().code, Errc::Timeout);
    stop.request_stop();
    EXPECT_EQ(call.poll().error().code, Errc::Cancelled);
}

TEST(Call, CanOnlyBeMadeShorter)
{
    const Call call = Call{}.within(1h);
    EXPECT_LT(call.within(1s).deadline, call.deadline);
    EXPECT_EQ(call.within(2h).deadline, call.deadline);
}

TEST(Call, AWaitEndsWhenItIsOverCancelledOrOverdue)
{
    EXPECT_TRUE(waitFor(1ms, {}));
    std::stop_source stop;
    Call call;
    call.stop = stop.get_token();
    std::jthread other([&] { stop.request_stop(); });
    EXPECT_EQ(waitFor(1h, call).error().code, Errc::Cancelled);
    EXPECT_EQ(waitFor(1h, Call{}.within(1ms)).error().code, Errc::Timeout);
}

TEST(Error, EveryCodeHasANameAWordForPeopleAndARemedy)
{
    std::set<std::string> names;
    std::set<std::string> words;
    for (int i = 0; i <= static_cast<int>(Errc::LocalIo); ++i) {
        const Error error{static_cast<Errc>(i), "m"};
        names.insert(std::string(toString(error.code)));
        words.insert(stableCode(error));
    }
    EXPECT_EQ(names.size(), 16U);
    EXPECT_EQ(words.size(), 16U);
    EXPECT_FALSE(names.contains("Unknown"));
    EXPECT_EQ(remedyFor(Errc::Cancelled), Remedy::None);
    EXPECT_EQ(remedyFor(Errc::Offline), Remedy::RetryLater);
    EXPECT_EQ(remedyFor(Errc::Unauthenticated), Remedy::SignIn);
    EXPECT_EQ(remedyFor(Errc::QuotaExceeded), Remedy::AskUser);
    EXPECT_EQ(remedyFor(Errc::DataLoss), Remedy::GiveUp);
}

TEST(Error, ALineForTheLogSaysAll)
{
    Error error{Errc::Conflict, "changed", "dropbox", "path/conflict", 409};
    error.stable = "file-changed";
    EXPECT_EQ(describe(error), "Conflict [file-changed] dropbox path/conflict HTTP 409: changed");
}

ProcessSpec shell(const std::string &script)
{
    ProcessSpec spec;
    spec.command = {"/bin/sh", "-c", script};
    spec.limits.network = true;
    return spec;
}

TEST(Process, LinesInputAndExitStatusComeThrough)
{
    std::vector<std::string> lines;
    ProcessSpec spec = shell("echo one; cat; echo; exit 3");
    spec.input = "from the input";
    auto status = runProcess(
        spec, [&](std::string_view line) { lines.emplace_back(line); }, Call{}.within(30s));
    ASSERT_TRUE(status) << describe(status.error());
    EXPECT_EQ(*status, 3);
    EXPECT_THAT(lines, ::testing::ElementsAre("one", "from the input"));
}

TEST(Process, OnlyTheGivenEnvironmentIsPassedOn)
{
    ::setenv("HUSH", "secret", 1);
    std::string seen;
    ProcessSpec spec = shell("echo \"[$HUSH][$GIVEN]\"");
    spec.environment = {"GIVEN=yes"};
    ASSERT_TRUE(runProcess(
        spec, [&](std::string_view line) { seen = line; }, Call{}.within(30s)));
    EXPECT_EQ(seen, "[][yes]");
}

TEST(Process, ACrashIsAnError)
{
    auto status = runProcess(
        shell("kill -SEGV $$"), [](std::string_view) {}, Call{}.within(30s));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Errc::Unavailable);
    EXPECT_EQ(status.error().nativeCode, "signal 11");
}

TEST(Process, ACancelKillsTheWholeGroup)
{
    std::stop_source stop;
    Call call;
    call.stop = stop.get_token();
    pid_t inner = 0;
    auto status = runProcess(
        shell("sleep 600 & echo $!; wait"),
        [&](std::string_view line) {
            inner = static_cast<pid_t>(std::stol(std::string(line)));
            stop.request_stop();
        },
        call);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Errc::Cancelled);
    ASSERT_GT(inner, 0);
    const auto until = Call::Clock::now() + 10s;
    const auto gone = [&] { // dead, or dead and not yet collected by init
        std::ifstream stat("/proc/" + std::to_string(inner) + "/stat");
        std::string pid, name, state;
        return !(stat >> pid >> name >> state) || state == "Z";
    };
    while (!gone() && Call::Clock::now() < until)
        std::this_thread::yield();
    EXPECT_TRUE(gone());
}

TEST(Process, ADeadlineEndsWhatHangs)
{
    auto status = runProcess(
        shell("sleep 600"), [](std::string_view) {}, Call{}.within(200ms));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Errc::Timeout);
}

TEST(Process, AMissingProgramIsNamed)
{
    ProcessSpec spec;
    spec.command = {"/no/such/program"};
    auto status = runProcess(spec, [](std::string_view) {}, {});
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Errc::LocalIo);
    EXPECT_EQ(stableCode(status.error()), "worker-missing");
}

TEST(Process, ALineWithoutEndIsABadReply)
{
    auto status = runProcess(
        shell("head -c 3000000 /dev/zero | tr '\\0' x"), [](std::string_view) {}, Call{}.within(30s));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Errc::BadReply);
}

} // namespace
} // namespace connector
