// SPDX-License-Identifier: Apache-2.0
// Uploads whose process is killed with SIGKILL, at any point, and that another process goes on with.
// CONNECTOR_SUITE_KILLS is how many random points of the large upload are tried (3), CONNECTOR_SUITE_SEED which.
#include "core/files.h"
#include "suite/sandbox_world.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

#include <atomic>
#include <csignal>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

namespace connector::test {

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kLarge = 300'000'000;
constexpr std::int64_t kHeads = 20'000; // bodies of requests that bring no bytes of the file

// A file that needs no room: any part of it can be made at any time.
class PatternSource : public ByteSource {
public:
    explicit PatternSource(std::int64_t size) : m_size(size) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        const auto n =
            static_cast<std::size_t>(std::min<std::int64_t>(static_cast<std::int64_t>(buffer.size()), m_size - m_at));
        for (std::size_t i = 0; i < n;) {
            const auto at = static_cast<std::uint64_t>(m_at) + i;
            std::uint64_t word = (at / 8 + 1) * 0x9E3779B97F4A7C15U;
            word ^= word >> 29U;
            const std::size_t skip = at % 8;
            const std::size_t take = std::min<std::size_t>(8 - skip, n - i);
            std::memcpy(buffer.data() + i, reinterpret_cast<const char *>(&word) + skip, take);
            i += take;
        }
        m_at += static_cast<std::int64_t>(n);
        return n;
    }
    std::optional<std::int64_t> size() const override { return m_size; }
    Result<void> seek(std::int64_t offset) override
    {
        m_at = offset;
        return {};
    }

private:
    std::int64_t m_size;
    std::int64_t m_at = 0;
};

struct Point {
    enum class Phase { Before, Within, After, Told } phase = Phase::Before; // Told: the state, not stored yet
    int request = 0;                                                        // counted from 1; of Told the state
};

std::string describe(const Point &point)
{
    static constexpr std::array kNames{"before request ", "within request ", "after request ", "before storing state "};
    return kNames.at(static_cast<std::size_t>(point.phase)) + std::to_string(point.request);
}

[[noreturn]] void die()
{
    ::kill(::getpid(), SIGKILL);
    for (;;)
        ::pause();
}

// Dies after so many bytes.
class DyingSource : public ByteSource {
public:
    DyingSource(ByteSource &in, std::int64_t after) : m_in(in), m_left(after) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_left <= 0)
            die();
        auto n = m_in.read(buffer.first(
            static_cast<std::size_t>(std::min<std::int64_t>(static_cast<std::int64_t>(buffer.size()), m_left))));
        m_left -= n ? static_cast<std::int64_t>(*n) : 0;
        return n;
    }
    std::optional<std::int64_t> size() const override { return m_in.size(); }
    Result<void> seek(std::int64_t offset) override { return m_in.seek(offset); }

private:
    ByteSource &m_in;
    std::int64_t m_left;
};

Result<HttpReply> sendOrDie(const Point &point, std::atomic<int> &seen, HttpClient &next, const HttpRequest &request,
                            ByteSink *sink, const Call &call)
{
    if (++seen != point.request || point.phase == Point::Phase::Told)
        return next.send(request, sink, call);
    if (point.phase == Point::Phase::Before)
        die();
    if (point.phase == Point::Phase::Within && request.source != nullptr) {
        HttpRequest cut = request;
        const std::int64_t size = request.sourceBytes >= 0 ? request.sourceBytes : *request.source->size();
        DyingSource source(*request.source, size / 2);
        cut.source = &source;
        return next.send(cut, sink, call);
    }
    auto reply = next.send(request, sink, call);
    die();
}

// The upload as one process does it: with a state in a file, stored after each chunk.
class Uploader {
public:
    Uploader(SandboxWorld &world, Sizes sizes, UploadTarget target, std::int64_t size)
        : m_world(world), m_sizes(sizes), m_target(std::move(target)), m_size(size)
    {
    }

    // In a child that dies at that point. False when it came to its end before.
    bool killedAt(const Point &point)
    {
        const pid_t child = ::fork();
        if (child == 0) {
            m_world.connect();             // connections are not shared
            std::atomic<int> requests = 0; // some adapters send from several threads
            m_world.tap().set([&](HttpClient &next, const HttpRequest &request, ByteSink *sink, const Call &call) {
                return sendOrDie(point, requests, next, request, sink, call);
            });
            const int told = point.phase == Point::Phase::Told ? point.request : 0;
            ::_exit(upload(told) ? 0 : 1);
        }
        int status = 0;
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        if (WIFSIGNALED(status)) {
            EXPECT_EQ(WTERMSIG(status), SIGKILL);
            return true;
        }
        EXPECT_EQ(WEXITSTATUS(status), 0) << "the upload failed by itself";
        return false;
    }

    Result<Entry> upload(int dieBeforeState = 0)
    {
        PatternSource in(m_size);
        UploadState state;
        if (auto text = readFile(stateFile()))
            state.opaque = *text;
        auto provider = m_world.make(m_world.http(), m_world.base(), m_sizes);
        int told = 0;
        return provider->upload(
            m_target, in, state,
            [&](const UploadState &next) {
                if (++told == dieBeforeState)
                    die();
                return writeFileDurably(stateFile(), next.opaque);
            },
            Call{}.within(240s));
    }

private:
    std::filesystem::path stateFile() const { return m_folder.path() / "state"; }

    TempFolder m_folder;
    SandboxWorld &m_world;
    Sizes m_sizes;
    UploadTarget m_target;
    std::int64_t m_size;
};

std::string hashOfPattern(ContentHasher &hasher, std::int64_t size)
{
    PatternSource source(size);
    std::vector<char> buffer(1U << 20U);
    for (std::int64_t at = 0; at < size;) {
        const std::size_t n = *source.read(buffer);
        hasher.update({buffer.data(), n});
        at += static_cast<std::int64_t>(n);
    }
    return hasher.result();
}

std::int64_t numberOf(const char *variable, std::int64_t otherwise)
{
    const char *text = std::getenv(variable);
    return text == nullptr ? otherwise : std::atoll(text);
}

// One upload, killed at that point, and what has to be there after another process went on. False when the upload
// came to its end first.
bool killAndGoOn(World &world, Sizes sizes, const Point &point, std::int64_t size, std::int64_t chunk,
                 const std::string &hash, OnConflict policy)
{
    SCOPED_TRACE("killed " + describe(point));
    SandboxWorld &sandbox = *world.overHttp();
    const auto listed = [&]() -> std::vector<Entry> {
        auto page = sandbox.provider()->list({}, "", {}, soon());
        EXPECT_TRUE(page);
        return page ? page->entries : std::vector<Entry>();
    };
    for (const auto &entry : listed())
        EXPECT_TRUE(sandbox.provider()->remove(entry.id, soon()));
    sandbox.forgetRequests();
    Uploader uploader(sandbox, sizes, {{}, "a.bin", policy, fromUnix(1'760'000'000)}, size);
    const bool killed = uploader.killedAt(point);
    if (!killed)
        return false;
    // Starting a process again takes longer than a server needs to see that a connection has ended.
    EXPECT_TRUE(sandbox.isIdleSoon());
    auto made = uploader.upload();
    EXPECT_TRUE(made) << describe(made.error());
    EXPECT_LE(sandbox.bytesSent(), size + chunk + kHeads);
    const auto entries = listed();
    EXPECT_THAT(namesOf(entries), ::testing::ElementsAre("a.bin"));
    for (const auto &entry : entries) {
        EXPECT_EQ(entry.size, size);
        EXPECT_EQ(entry.contentHash, hash);
        EXPECT_TRUE(made && made->id == entry.id);
    }
    return true;
}

} // namespace

TEST_P(ProviderSuite, AKillAnywhereInASmallSessionLeavesOneWholeFile)
{
    if (world->overHttp() == nullptr)
        return notOffered("it lives in the process that is killed");
    const auto size = static_cast<std::int64_t>(world->sessionBytes());
    const auto chunk = static_cast<std::int64_t>(world->chunkBytes());
    const std::string hash = hashOfPattern(*world->hasher(), size);
    for (const Point::Phase phase :
         {Point::Phase::Before, Point::Phase::Within, Point::Phase::After, Point::Phase::Told}) {
        int points = 0;
        while (points < 100 &&
               killAndGoOn(*world, Sizes::Small, {phase, points + 1}, size, chunk, hash, OnConflict::Rename))
            ++points;
        EXPECT_GE(points, 4) << describe({phase, points + 1});
        EXPECT_LT(points, 100);
    }
}

TEST_P(ProviderSuite, AKillInASimpleUploadLeavesOneWholeFile)
{
    if (world->overHttp() == nullptr)
        return notOffered("it lives in the process that is killed");
    constexpr std::int64_t kSize = 50'000;
    const std::string hash = hashOfPattern(*world->hasher(), kSize);
    for (const OnConflict policy : {OnConflict::Fail, OnConflict::Rename, OnConflict::Replace})
        for (const Point::Phase phase : {Point::Phase::Before, Point::Phase::Within, Point::Phase::After})
            for (int request = 1;
                 request < 20 && killAndGoOn(*world, Sizes::Small, {phase, request}, kSize, kSize, hash, policy);
                 ++request) {
            }
}

TEST_P(ProviderSuite, AKillInALargeUploadCostsOneChunk)
{
    if (world->overHttp() == nullptr)
        return notOffered("it lives in the process that is killed");
    SandboxWorld &sandbox = *world->overHttp();
    const std::int64_t chunk = sandbox.realChunkBytes();
    ASSERT_GT(chunk, 0);
    const std::string hash = hashOfPattern(*world->hasher(), kLarge);
    const auto seed = static_cast<unsigned>(numberOf("CONNECTOR_SUITE_SEED", std::random_device{}() % 1'000'000));
    SCOPED_TRACE("CONNECTOR_SUITE_SEED=" + std::to_string(seed));
    std::mt19937 random(seed);
    // The chunks, and a few requests around them.
    std::uniform_int_distribution<int> request(1, static_cast<int>(kLarge / chunk) + 3);
    std::uniform_int_distribution<int> phase(0, 3);
    for (std::int64_t left = numberOf("CONNECTOR_SUITE_KILLS", 3); left > 0; --left) {
        const Point point{static_cast<Point::Phase>(phase(random)), request(random)};
        (void)killAndGoOn(*world, Sizes::Real, point, kLarge, chunk, hash, OnConflict::Rename);
    }
}

} // namespace connector::test
