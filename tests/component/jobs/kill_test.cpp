// SPDX-License-Identifier: Apache-2.0
// A process that dies around any commit, and its successor that must end the job as if nothing had happened. Dying
// right before commit n+1 is dying behind every effect that follows commit n; so all moments that matter are met.
#include "tests/component/jobs/house.h"
#include "tests/component/jobs/render_worker.h"
#include "tests/support/pdf.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <csignal>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace connector::test {
namespace {

constexpr int kDied = 9;
constexpr int kDone = 0;
constexpr int kFailed = 1;

using Phase = Database::CommitPhase;

// Runs `life` in a process of its own that dies at the given commit (0: never). Returns its exit status.
int live(const std::filesystem::path &folder, int dieAt, Phase phase, const std::function<bool(House &)> &life)
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        auto house = std::make_unique<House>(folder, kRenderWorker);
        house->db.onCommit([&](int number, Phase now) {
            if (number == dieAt && now == phase)
                ::_exit(kDied);
        });
        const bool ok = house->start() && life(*house);
        house.reset();
        ::_exit(ok ? kDone : kFailed);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// For each commit and each side of it: a life that dies there, then one that lives. Returns how many deaths there were.
int dieEverywhere(const std::function<bool(House &)> &life, const std::function<void(const TempFolder &)> &check)
{
    int deaths = 0;
    for (const Phase phase : {Phase::Before, Phase::After}) {
        for (int n = 1;; ++n) {
            TempFolder folder;
            std::filesystem::create_directories(folder / "cloud");
            EXPECT_TRUE(writeFileDurably(folder / "cloud/Plan.pdf", makePdf(1)));
            const int first = live(folder.path(), n, phase, life);
            EXPECT_TRUE(first == kDied || first == kDone) << "first life, commit " << n << ": " << first;
            EXPECT_EQ(live(folder.path(), 0, phase, life), kDone) << "second life, after a death at commit " << n;
            check(folder);
            if (first != kDied)
                break;
            ++deaths;
            if (::testing::Test::HasFailure())
                return deaths;
        }
    }
    return deaths;
}

// The face repeats its request with the same key until it is answered, as the panel does.
bool printOnce(House &house)
{
    auto job = house.print(House::printRequest("Plan.pdf", "tap"));
    return job && house.untilState(job->id, JobState::Completed) && house.untilSwept();
}

bool scanOnce(House &house)
{
    auto job = house.scan(House::scanRequest("feeder", false, "tap"));
    if (!job)
        return false;
    // Sheets that went through when the power failed are the person's to judge: here they go on with what is there, or,
    // where there is nothing, put the sheets in again.
    return house.until([&] {
        const Job now = house.job(job->id);
        if (now.awaiting == Awaiting::Decision)
            (void)house.answer(job->id, now.pages > 0 ? ScanAction::Finish : ScanAction::Retry);
        return now.state == JobState::Completed;
    }) && house.untilSwept();
}

TEST(Kill, APrintJobPrintsOnceWhereverTheServiceDies)
{
    const int deaths = dieEverywhere(
        printOnce, [](const TempFolder &folder) { EXPECT_EQ(FolderPrinter(folder / "printer").printed(), 1); });
    EXPECT_GE(deaths, 20); // at every stage, on both sides of each commit
}

// One life dies with half a document at the printer, the next while it takes that back; the third has to print it.
TEST(Kill, HalfADocumentIsTakenBackAndPrintedOnceWhereverTheServiceDiesMeanwhile)
{
    const auto dieSending = [](House &house) {
        house.printer.beforeDocument = [] { ::_exit(kDied); };
        return printOnce(house);
    };
    const auto dieTakingBack = [](House &house) {
        house.printer.afterCancel = [] { ::_exit(kDied); };
        return printOnce(house);
    };
    TempFolder folder;
    std::filesystem::create_directories(folder / "cloud");
    ASSERT_TRUE(writeFileDurably(folder / "cloud/Plan.pdf", makePdf(1)));
    ASSERT_EQ(live(folder.path(), 0, Phase::Before, dieSending), kDied);
    ASSERT_EQ(live(folder.path(), 0, Phase::Before, dieTakingBack), kDied);
    EXPECT_EQ(live(folder.path(), 0, Phase::Before, printOnce), kDone);
    EXPECT_EQ(FolderPrinter(folder / "printer").printed(), 1);
}

TEST(Kill, AScanJobDeliversOnceWhereverTheServiceDies)
{
    const int deaths = dieEverywhere(scanOnce, [](const TempFolder &folder) {
        int scans = 0;
        for (const auto &file : std::filesystem::directory_iterator(folder / "cloud"))
            scans += file.path().filename() != "Plan.pdf" ? 1 : 0;
        EXPECT_EQ(scans, 1);
    });
    EXPECT_GE(deaths, 14);
}

// A life that accepts jobs as fast as it can and writes each acknowledged key into `acknowledged` until it is killed.
[[noreturn]] void acceptUntilKilled(const std::filesystem::path &folder, int round, int acknowledged)
{
    auto house = std::make_unique<House>(folder, kRenderWorker);
    if (!house->start())
        ::_exit(kFailed);
    for (int i = 0;; ++i) {
        const std::string key = std::to_string(round) + "-" + std::to_string(i);
        if (!house->print(House::printRequest("Plan.pdf", key)))
            ::_exit(kFailed);
        const std::string line = key + "\n";
        if (::write(acknowledged, line.data(), line.size()) < 0)
            ::_exit(kFailed);
    }
}

TEST(Kill, TwoHundredKillsWhileJobsAreAcceptedLoseNoneThatWasAcknowledged)
{
    TempFolder folder;
    std::filesystem::create_directories(folder / "cloud");
    ASSERT_TRUE(writeFileDurably(folder / "cloud/Plan.pdf", makePdf(1)));
    std::set<std::string> acknowledged;
    for (int round = 0; round < 200; ++round) {
        std::array<int, 2> ends{};
        ASSERT_EQ(::pipe(ends.data()), 0);
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::close(ends[0]);
            acceptUntilKilled(folder.path(), round, ends[1]);
        }
        ::close(ends[1]);
        // The first acknowledgement says that it is up; then it lives for a moment more, or not.
        std::string heard(1, '\0');
        ASSERT_EQ(::read(ends[0], heard.data(), 1), 1) << "life " << round << " accepted nothing";
        std::this_thread::sleep_for(std::chrono::microseconds(randomBelow(3000)));
        ::kill(pid, SIGKILL);
        std::array<char, 4096> buffer{};
        for (ssize_t n = 0; (n = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
            heard.append(buffer.data(), static_cast<std::size_t>(n));
        ::close(ends[0]);
        int status = 0;
        ASSERT_EQ(::waitpid(pid, &status, 0), pid);
        ASSERT_TRUE(WIFSIGNALED(status)) << "life " << round << " ended by itself";
        std::istringstream lines(heard);
        for (std::string key; std::getline(lines, key);)
            acknowledged.insert(key);
    }
    ASSERT_GE(acknowledged.size(), 200U);

    House house(folder.path(), kRenderWorker);
    ASSERT_TRUE(house.start());
    const std::vector<Job> jobs = house.all();
    std::set<std::string> keys;
    std::set<std::string> ids;
    for (const Job &job : jobs) {
        keys.insert(job.requestKey);
        ids.insert(job.id);
    }
    for (const std::string &key : acknowledged)
        EXPECT_TRUE(keys.contains(key)) << key << " was acknowledged and is lost";
    for (const auto &file : std::filesystem::directory_iterator(folder / "spool"))
        EXPECT_TRUE(ids.contains(file.path().filename().string())) << file.path() << " belongs to no job";
    ASSERT_TRUE(house.until(
        [&] {
            const auto all = house.all();
            return std::all_of(all.begin(), all.end(), [](const Job &job) { return job.state == JobState::Completed; });
        },
        std::chrono::seconds(90)));
    EXPECT_TRUE(house.untilSwept());
    EXPECT_EQ(house.printer.printed(), static_cast<int>(jobs.size())) << "every job came out once";
}

} // namespace
} // namespace connector::test
