// SPDX-License-Identifier: Apache-2.0
// A process that dies around any commit, and its successor that must end the job as if nothing had happened. Dying
// right before commit n+1 is dying behind every effect that follows commit n; so all moments that matter are met.
#include "tests/component/jobs/house.h"
#include "tests/support/pdf.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace connector::test {
namespace {

const std::filesystem::path kRenderWorker = RENDER_WORKER;
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

} // namespace
} // namespace connector::test
