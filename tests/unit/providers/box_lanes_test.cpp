// SPDX-License-Identifier: Apache-2.0
#include "providers/box/part_lanes.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace connector::box {
namespace {

using namespace std::chrono_literals;

// Hands parts over until all have ended; gives how often each came back.
std::map<std::int64_t, int> sendAll(PartLanes &lanes, int parts)
{
    std::map<std::int64_t, int> ended;
    const auto take = [&] {
        for (auto &one : lanes.takeEnded()) {
            EXPECT_TRUE(one);
            if (one)
                ++ended[one->offset];
        }
    };
    for (int i = 0; i < parts; ++i) {
        PartBuffer *part = lanes.takeFree();
        for (; part == nullptr; part = lanes.takeFree())
            take();
        part->offset = i;
        part->used = 8;
        lanes.hand(part);
    }
    while (!lanes.idle())
        take();
    return ended;
}

TEST(BoxLanes, EachPartEndsOnceAndTheBuffersAreBounded)
{
    std::mutex mutex;
    std::set<const PartBuffer *> buffers;
    PartLanes lanes(
        3, 8,
        [&](PartBuffer &part, const std::function<void()> &sent, const Call &) -> Result<Part> {
            {
                const std::scoped_lock lock(mutex);
                buffers.insert(&part);
            }
            char some[8];
            EXPECT_TRUE(part.read(some));
            sent();
            return Part{"p", part.offset, 8, ""};
        },
        Call{});
    const auto ended = sendAll(lanes, 500);
    EXPECT_EQ(ended.size(), 500U);
    for (const auto &[offset, times] : ended)
        EXPECT_EQ(times, 1) << offset;
    EXPECT_LE(buffers.size(), 3U);
    EXPECT_EQ(lanes.underWay(), 0);
}

TEST(BoxLanes, BytesOfOnePartGoOutAtATimeWhileAnswersAreAwaitedTogether)
{
    std::atomic<int> sending = 0;
    std::atomic<int> mostSending = 0;
    std::mutex mutex;
    std::condition_variable met;
    int awaited = 0;
    PartLanes lanes(
        3, 8,
        [&](PartBuffer &part, const std::function<void()> &sent, const Call &) -> Result<Part> {
            mostSending = std::max<int>(mostSending, ++sending);
            --sending;
            sent();
            std::unique_lock lock(mutex); // the answer comes when three are waited for
            ++awaited;
            met.notify_all();
            EXPECT_TRUE(met.wait_for(lock, 10s, [&] { return awaited >= 3; }));
            return Part{"p", part.offset, 8, ""};
        },
        Call{});
    EXPECT_EQ(sendAll(lanes, 3).size(), 3U);
    EXPECT_EQ(mostSending, 1);
}

TEST(BoxLanes, AStopReachesWhatIsOnItsWayAndWhatWaits)
{
    for (int round = 0; round < 20; ++round) {
        std::stop_source stop;
        Call call;
        call.stop = stop.get_token();
        {
            PartLanes lanes(
                3, 8,
                [](PartBuffer &, const std::function<void()> &, const Call &inner) -> Result<Part> {
                    auto waited = waitFor(60s, inner); // the bytes never leave
                    return waited ? Error{Errc::BadReply, "not stopped"} : std::move(waited).error();
                },
                call);
            for (int i = 0; i < 3; ++i) {
                PartBuffer *part = lanes.takeFree();
                ASSERT_NE(part, nullptr);
                part->used = 8;
                lanes.hand(part);
            }
            EXPECT_EQ(lanes.takeFree(), nullptr);
            if (round % 2 == 0) { // else the destructor stops them
                stop.request_stop();
                const auto ended = lanes.takeEnded();
                for (const auto &one : ended)
                    EXPECT_EQ(one.error().code, Errc::Cancelled);
            }
        }
    }
}

TEST(BoxLanes, WhatMakesALaneWaitIsToldToWhoeverWaitsForIt)
{
    std::vector<bool> told; // on this thread only
    Call call;
    call.onWaiting = [&](const std::optional<Waiting> &waiting) { told.push_back(waiting.has_value()); };
    PartLanes lanes(
        2, 8,
        [](PartBuffer &part, const std::function<void()> &, const Call &inner) -> Result<Part> {
            inner.onWaiting(Waiting{});
            inner.onWaiting(std::nullopt);
            return Part{"p", part.offset, 8, ""};
        },
        call);
    EXPECT_EQ(sendAll(lanes, 1).size(), 1U);
    EXPECT_EQ(told, (std::vector<bool>{true, false}));
}

} // namespace
} // namespace connector::box
