// SPDX-License-Identifier: Apache-2.0
#include "tests/component/jobs/house.h"
#include "tests/component/jobs/render_worker.h"
#include "tests/support/pdf.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

namespace connector::test {
namespace {

class JobsTest : public ::testing::Test {
protected:
    JobsTest() : house(std::make_unique<House>(folder.path(), kRenderWorker))
    {
        EXPECT_TRUE(writeFileDurably(folder / "cloud/Plan.pdf", makePdf(2)));
        EXPECT_TRUE(house->start());
    }
    void restart()
    {
        house.reset();
        house = std::make_unique<House>(folder.path(), kRenderWorker);
    }
    int inCloud() const
    {
        return static_cast<int>(std::distance(std::filesystem::directory_iterator(folder / "cloud"), {}));
    }

    TempFolder folder;
    std::unique_ptr<House> house;
};

TEST_F(JobsTest, PrintsAFileOnceAndLeavesNothingBehind)
{
    auto job = house->print(House::printRequest("Plan.pdf"));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
    EXPECT_EQ(house->printer.printed(), 1);
    EXPECT_EQ(*readFile(folder / "printer/1.pdf"), makePdf(2));
    EXPECT_EQ(house->job(job->id).totalPages, 2);
    EXPECT_TRUE(house->untilSwept());
}

TEST_F(JobsTest, ARepeatedRequestIsTheSameJob)
{
    auto first = house->print(House::printRequest("Plan.pdf", "tap-1"));
    auto second = house->print(House::printRequest("Plan.pdf", "tap-1"));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->id, second->id);
    ASSERT_TRUE(house->untilState(first->id, JobState::Completed));
    EXPECT_EQ(house->printer.printed(), 1);
}

TEST_F(JobsTest, AMissingFileEndsTheJobAndSaysSo)
{
    auto job = house->print(House::printRequest("Gone.pdf"));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->untilState(job->id, JobState::Aborted));
    EXPECT_EQ(house->job(job->id).error->code, "file-gone");
}

TEST_F(JobsTest, AFileThatArrivesDamagedIsFetchedAgainButNotForEver)
{
    house->clouds.troubles.damagedDownloads = 2;
    auto job = house->print(House::printRequest("Plan.pdf"));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
    EXPECT_EQ(*readFile(folder / "printer/1.pdf"), makePdf(2));
    house->clouds.troubles.damagedDownloads = 1'000'000;
    house->clouds.troubles.downloads = 0;
    auto never = house->print(House::printRequest("Plan.pdf"));
    ASSERT_TRUE(never);
    ASSERT_TRUE(house->untilState(never->id, JobState::Aborted));
    EXPECT_EQ(house->job(never->id).error->code, "data-damaged");
    EXPECT_GT(house->clouds.troubles.downloads, 1);
    EXPECT_LT(house->clouds.troubles.downloads, 10);
    EXPECT_EQ(house->printer.printed(), 1);
}

TEST_F(JobsTest, ADamagedPdfEndsTheJobAndSaysSo)
{
    ASSERT_TRUE(writeFileDurably(folder / "cloud/Bad.pdf", "%PDF-1.4\nrubbish"));
    auto job = house->print(House::printRequest("Bad.pdf"));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->untilState(job->id, JobState::Aborted));
    EXPECT_EQ(house->job(job->id).error->code, "document-damaged");
    EXPECT_EQ(house->printer.printed(), 0);
}

TEST_F(JobsTest, AnUnsupportedTypeEndsTheJobAndSaysSo)
{
    ASSERT_TRUE(writeFileDurably(folder / "cloud/Song.mp3", "la la"));
    auto job = house->print(House::printRequest("Song.mp3"));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->untilState(job->id, JobState::Aborted));
    EXPECT_EQ(house->job(job->id).error->code, "unsupported-type");
}

TEST_F(JobsTest, AnUnreachablePrinterIsWaitedFor)
{
    house->printer.unreachable = true;
    auto job = house->print(House::printRequest("Plan.pdf"));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->until([&] {
        const Job now = house->job(job->id);
        return now.state == JobState::ProcessingStopped &&
               now.reasons == std::vector<std::string>{"printer-unreachable"};
    }));
    house->printer.unreachable = false;
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
    EXPECT_EQ(house->printer.printed(), 1);
}

TEST_F(JobsTest, APageWithACodeThatExpiredMeanwhileIsNotPrintedAndTheJobSaysWhy)
{
    house->printer.unreachable = true;
    const auto printOwn = [&](std::chrono::seconds life) {
        PrintRequest request = House::printRequest("");
        request.items.clear();
        request.goodUntil = systemNow() + life;
        return house->actor.ask([&] { return house->jobs->printOwn("guest", request, "Instructions", makePdf(1)); });
    };
    auto waiting = printOwn(std::chrono::seconds(1));
    ASSERT_TRUE(waiting);
    ASSERT_TRUE(house->untilState(waiting->id, JobState::Aborted)) << "also while the printer does not answer";
    EXPECT_EQ(house->job(waiting->id).error->code, "code-expired");
    house->printer.unreachable = false;
    auto fresh = printOwn(std::chrono::hours(1));
    ASSERT_TRUE(fresh);
    ASSERT_TRUE(house->untilState(fresh->id, JobState::Completed));
    EXPECT_EQ(house->printer.printed(), 1);
}

TEST_F(JobsTest, APageWithACodeIsGoodNoLongerForARestart)
{
    house->printer.unreachable = true;
    PrintRequest request = House::printRequest("");
    request.items.clear();
    request.goodUntil = systemNow() + std::chrono::seconds(2);
    auto job = house->actor.ask([&] { return house->jobs->printOwn("guest", request, "Page", makePdf(1)); });
    ASSERT_TRUE(job);
    restart();
    house->printer.unreachable = true;
    ASSERT_TRUE(house->start());
    ASSERT_TRUE(house->untilState(job->id, JobState::Aborted));
    EXPECT_EQ(house->job(job->id).error->code, "code-expired");
    EXPECT_EQ(house->printer.printed(), 0);
}

TEST_F(JobsTest, AFileThatTheDiskHasNoRoomForEndsTheJobAndTheNextOnePrints)
{
    house->clouds.troubles.sizes = std::int64_t{1} << 60;
    auto job = house->print(House::printRequest("Plan.pdf"));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->untilState(job->id, JobState::Aborted));
    EXPECT_EQ(house->job(job->id).error->code, "disk-full");
    EXPECT_EQ(house->clouds.troubles.downloads, 0);
    EXPECT_TRUE(house->untilSwept());
    house->clouds.troubles.sizes = 0;
    auto next = house->print(House::printRequest("Plan.pdf"));
    ASSERT_TRUE(next);
    ASSERT_TRUE(house->untilState(next->id, JobState::Completed));
    EXPECT_EQ(house->printer.printed(), 1);
}

TEST_F(JobsTest, WhereTheDatabaseHasNoRoomNothingIsHalfMadeAndItGoesOnOnceThereIsSome)
{
    const auto most = [&](const std::string &pages) {
        house->actor.ask([&] { EXPECT_TRUE(house->db.run("PRAGMA max_page_count=" + pages)); });
    };
    auto scan = house->scan(House::scanRequest("flatbed", true));
    ASSERT_TRUE(scan);
    ASSERT_TRUE(house->until([&] { return house->job(scan->id).awaiting == Awaiting::NextPage; }));
    most("1"); // as many as there are
    PrintRequest many = House::printRequest("Plan.pdf", "tap-1");
    for (int i = 0; i < 99; ++i)
        many.items.push_back(many.items.front());
    const auto refused = house->print(many);
    ASSERT_FALSE(refused);
    EXPECT_EQ(stableCode(refused.error()), "disk-full");
    PrintRequest own = House::printRequest("");
    own.items.clear();
    const std::string longName(20'000, 'x');
    const auto page = house->actor.ask([&] { return house->jobs->printOwn("guest", own, longName, makePdf(1)); });
    ASSERT_FALSE(page);
    EXPECT_EQ(stableCode(page.error()), "disk-full");
    EXPECT_EQ(house->all().size(), 1U);
    int folders = 0;
    for (const auto &entry : std::filesystem::directory_iterator(folder / "spool"))
        folders += entry.path().filename() == scan->id ? 0 : 1;
    EXPECT_EQ(folders, 0) << "what was refused leaves nothing in the spool";
    auto answered = house->answer(scan->id, ScanAction::Finish);
    EXPECT_TRUE(answered || stableCode(answered.error()) == "disk-full");
    most("1000000");
    if (!answered) {
        ASSERT_TRUE(house->answer(scan->id, ScanAction::Finish));
    }
    // What could not be stored is tried again after a few seconds.
    ASSERT_TRUE(
        house->until([&] { return house->job(scan->id).state == JobState::Completed; }, std::chrono::seconds(20)));
    EXPECT_EQ(inCloud(), 2) << "delivered once";
    auto job = house->print(House::printRequest("Plan.pdf", "tap-1"));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
}

TEST_F(JobsTest, AWarningOfThePrinterIsShownOnceNoPageComesOut)
{
    house->printer.neverDone = true;
    house->printer.warnsOfPaper = true;
    auto job = house->print(House::printRequest("Plan.pdf"));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->until([&] {
        const Job now = house->job(job->id);
        return now.state == JobState::ProcessingStopped && now.reasons == std::vector<std::string>{"media-empty"};
    }));
    house->printer.warnsOfPaper = false;
    ASSERT_TRUE(house->untilState(job->id, JobState::Processing));
    house->printer.neverDone = false;
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
}

TEST_F(JobsTest, ACanceledJobIsTakenBackFromThePrinter)
{
    house->printer.neverDone = true;
    auto job = house->print(House::printRequest("Plan.pdf"));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->until([&] { return house->job(job->id).stage == Stage::Print; }));
    ASSERT_TRUE(house->actor.ask([&] { return house->jobs->cancel("guest", job->id); }));
    ASSERT_TRUE(house->untilState(job->id, JobState::Canceled));
    EXPECT_EQ(house->printer.printed(), 0);
    EXPECT_TRUE(house->untilSwept());
}

TEST_F(JobsTest, JobsThatStandStillKeepNoCancelWaiting)
{
    house->printer.neverDone = true;
    std::vector<std::string> ids;
    for (int i = 0; i < 8; ++i) // more than there are workers
        ids.push_back(house->print(House::printRequest("Plan.pdf"))->id);
    std::string atPrinter; // whichever was ready first
    ASSERT_TRUE(house->until([&] {
        for (const Job &job : house->all())
            if (job.stage == Stage::Print)
                atPrinter = job.id;
        return !atPrinter.empty();
    }));
    for (const std::string &id : {atPrinter, ids.back()}) { // and one that no worker has begun
        ASSERT_TRUE(house->actor.ask([&] { return house->jobs->cancel("guest", id); }));
        EXPECT_TRUE(house->untilState(id, JobState::Canceled));
    }
    EXPECT_TRUE(std::filesystem::exists(folder / "printer/1.canceled"));
}

TEST_F(JobsTest, AJobThatEndedADayAgoIsForgotten)
{
    auto job = house->print(House::printRequest("Plan.pdf"));
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
    house.reset();
    {
        auto db = Database::open(folder / "state.db", serviceSchema());
        ASSERT_TRUE(db->run("UPDATE job SET ended_at=ended_at-90000"));
    }
    house = std::make_unique<House>(folder.path(), kRenderWorker);
    std::vector<std::string> gone;
    house->actor.ask([&] {
        Jobs::Events events;
        events.removed = [&](const std::string &id, const std::string &owner) { gone.push_back(owner + " " + id); };
        house->jobs->setEvents(std::move(events));
    });
    ASSERT_TRUE(house->start());
    EXPECT_EQ(gone, std::vector<std::string>{"guest " + job->id});
    EXPECT_TRUE(house->all().empty());
}

TEST_F(JobsTest, AWishToCancelSurvivesARestart)
{
    house->printer.neverDone = true;
    auto job = house->print(House::printRequest("Plan.pdf"));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->until([&] { return house->job(job->id).stage == Stage::Print; }));
    house.reset();
    {
        auto db = Database::open(folder / "state.db", serviceSchema());
        ASSERT_TRUE(db->run("UPDATE job SET cancel_requested=1")); // the service died right behind the wish
    }
    house = std::make_unique<House>(folder.path(), kRenderWorker);
    house->printer.neverDone = true;
    ASSERT_TRUE(house->start());
    ASSERT_TRUE(house->untilState(job->id, JobState::Canceled));
    EXPECT_EQ(house->printer.printed(), 0);
}

TEST_F(JobsTest, AJobOfSomebodyElseIsNotThere)
{
    auto job = house->print(House::printRequest("Plan.pdf"));
    ASSERT_TRUE(job);
    auto other = house->actor.ask([&] { return house->jobs->cancel("other", job->id); });
    ASSERT_FALSE(other);
    EXPECT_EQ(stableCode(other.error()), "job-gone");
}

TEST_F(JobsTest, AFeederBecomesOneDocumentInTheCloud)
{
    auto job = house->scan(House::scanRequest("feeder", false));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
    EXPECT_EQ(house->job(job->id).resultName, "Scan.pdf");
    EXPECT_EQ(house->job(job->id).pages, 3);
    EXPECT_EQ(readFile(folder / "cloud/Scan.pdf")->substr(0, 5), "%PDF-");
    EXPECT_TRUE(house->untilSwept());
}

TEST_F(JobsTest, AListingThatStartsOverParksNoScanAndTheDocumentIsDeliveredOnce)
{
    std::atomic<int> asked = 0;
    house->onChange([&](const Job &job) { asked += job.awaiting == Awaiting::Nothing ? 0 : 1; });
    for (const int restarts : {2, 6}) { // more in a row than one look puts up with
        house->clouds.troubles.lostUploads = 1;
        house->clouds.troubles.listRestarts = restarts;
        const int before = inCloud();
        auto job = house->scan(House::scanRequest("feeder", false));
        ASSERT_TRUE(job);
        ASSERT_TRUE(house->untilState(job->id, JobState::Completed)) << restarts;
        EXPECT_EQ(house->clouds.troubles.listRestarts, 0);
        EXPECT_EQ(inCloud(), before + 1);
    }
    EXPECT_EQ(asked, 0);
}

TEST_F(JobsTest, TheFlatbedAsksForEachFurtherPage)
{
    auto job = house->scan(House::scanRequest("flatbed", true));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->until([&] { return house->job(job->id).awaiting == Awaiting::NextPage; }));
    ASSERT_TRUE(house->answer(job->id, ScanAction::NextPage));
    ASSERT_TRUE(house->until(
        [&] { return house->job(job->id).pages == 2 && house->job(job->id).awaiting == Awaiting::NextPage; }));
    ASSERT_TRUE(house->answer(job->id, ScanAction::Finish));
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
    EXPECT_EQ(house->job(job->id).pages, 2);
}

TEST_F(JobsTest, AJamKeepsThePagesSoFarAndAsks)
{
    house->scanner.jamAt = 3;
    auto job = house->scan(House::scanRequest("feeder", false));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->until([&] { return house->job(job->id).awaiting == Awaiting::Decision; }));
    EXPECT_EQ(house->job(job->id).awaitingError->code, "feeder-jammed");
    EXPECT_EQ(house->job(job->id).pages, 2);
    ASSERT_TRUE(house->answer(job->id, ScanAction::Finish));
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
    EXPECT_EQ(house->job(job->id).pages, 2);
}

TEST_F(JobsTest, AFeederThatAStrangerStopsKeepsThePagesSoFarAndAsks)
{
    house->scanner.hangAt = 3;
    auto job = house->scan(House::scanRequest("feeder", false));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->until([&] { return house->job(job->id).pages == 2; }));
    EXPECT_TRUE(movesPaper(house->job(job->id)));
    ASSERT_TRUE(house->actor.ask([&] { return house->jobs->stopMachine("guest", job->id).has_value(); }));
    ASSERT_TRUE(house->until([&] { return house->job(job->id).awaiting == Awaiting::Decision; }));
    EXPECT_EQ(house->job(job->id).awaitingError->code, "scan-interrupted");
    EXPECT_FALSE(movesPaper(house->job(job->id)));
    ASSERT_TRUE(house->actor.ask([&] { return house->jobs->stopMachine("guest", job->id).has_value(); }));
    ASSERT_TRUE(house->answer(job->id, ScanAction::Finish));
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
    EXPECT_EQ(house->job(job->id).pages, 2);
}

TEST_F(JobsTest, StoppingAFeederAgainAndAgainTakesNothing)
{
    house->scanner.hangAt = 3;
    auto job = house->scan(House::scanRequest("feeder", false));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->until([&] { return house->job(job->id).pages == 2; }));
    // Between any two things that happen to the job.
    std::atomic<bool> enough = false;
    const std::function<void(std::stop_token)> stopAgain = [&](const std::stop_token &) {
        if (enough)
            return;
        (void)house->jobs->stopMachine("guest", job->id);
        house->actor.post(stopAgain);
    };
    house->actor.post(stopAgain);
    const bool asks = house->until([&] { return house->job(job->id).awaiting == Awaiting::Decision; });
    enough = true;
    house->actor.ask([] {});
    ASSERT_TRUE(asks);
    ASSERT_TRUE(house->answer(job->id, ScanAction::Finish));
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
    EXPECT_EQ(house->job(job->id).pages, 2);
}

TEST_F(JobsTest, AnAnswerCountsFromTheMomentOfTheQuestion)
{
    std::atomic<int> asked = 0;
    std::atomic<int> taken = 0;
    house->onChange([&](const Job &job) {
        if (job.awaiting != Awaiting::NextPage)
            return;
        ++asked;
        house->actor.post([&, id = job.id, pages = job.pages](std::stop_token) {
            if (house->jobs->answer("guest", id, pages < 3 ? ScanAction::NextPage : ScanAction::Finish))
                ++taken;
        });
    });
    auto job = house->scan(House::scanRequest("flatbed", true));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
    EXPECT_EQ(house->job(job->id).pages, 3);
    EXPECT_EQ(asked, 3);
    EXPECT_EQ(taken, 3);
    EXPECT_TRUE(house->untilSwept());
}

TEST_F(JobsTest, AJobDismissedAsItEndsLeavesNothingOnTheDisk)
{
    house->onChange([&](const Job &job) {
        if (isOver(job.state))
            house->actor.post([&, id = job.id](std::stop_token) { (void)house->jobs->dismiss("guest", id); });
    });
    ASSERT_TRUE(house->print(House::printRequest("Plan.pdf")));
    ASSERT_TRUE(house->until([&] { return house->all().empty(); }));
    EXPECT_TRUE(house->untilSwept());
}

TEST_F(JobsTest, ADiscardedScanLeavesNothingAnywhere)
{
    house->scanner.jamAt = 2;
    auto job = house->scan(House::scanRequest("feeder", false));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->until([&] { return house->job(job->id).awaiting == Awaiting::Decision; }));
    ASSERT_TRUE(house->answer(job->id, ScanAction::Discard));
    ASSERT_TRUE(house->untilState(job->id, JobState::Canceled));
    EXPECT_EQ(inCloud(), 1); // Plan.pdf
    EXPECT_TRUE(house->untilSwept());
}

TEST_F(JobsTest, AnAwaitedDecisionSurvivesARestart)
{
    house->scanner.jamAt = 2;
    auto job = house->scan(House::scanRequest("feeder", false));
    ASSERT_TRUE(job);
    ASSERT_TRUE(house->until([&] { return house->job(job->id).awaiting == Awaiting::Decision; }));
    restart();
    ASSERT_TRUE(house->start());
    EXPECT_EQ(house->job(job->id).awaitingError->code, "feeder-jammed");
    ASSERT_TRUE(house->answer(job->id, ScanAction::Finish));
    ASSERT_TRUE(house->untilState(job->id, JobState::Completed));
}

TEST_F(JobsTest, LeftOverSpoolFoldersAreSweptAtTheStart)
{
    restart();
    std::filesystem::create_directories(folder / "spool/nobody's");
    ASSERT_TRUE(house->start());
    EXPECT_TRUE(std::filesystem::is_empty(folder / "spool"));
}

TEST_F(JobsTest, ANameThatNoCloudTakesIsRefused)
{
    auto request = House::scanRequest("flatbed", false);
    for (const std::string &name :
         {std::string(""), std::string("a/b"), std::string("..."), std::string("a\nb"), std::string(300, 'x')}) {
        request.name = name;
        auto job = house->scan(request);
        ASSERT_FALSE(job) << name;
        EXPECT_EQ(stableCode(job.error()), "name-invalid");
    }
}

} // namespace
} // namespace connector::test
