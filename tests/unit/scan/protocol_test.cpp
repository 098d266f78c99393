// SPDX-License-Identifier: Apache-2.0
#include "scan/scanner.h"
#include "scan/worker/source_names.h"
#include "scan/worker_protocol.h"

#include <gmock/gmock.h>

#include <random>

namespace connector {
namespace {

using namespace scan_worker;
using ::testing::ElementsAre;

TEST(SourceNames, AreUnderstoodAsManyDriversWriteThem)
{
    const std::pair<const char *, const char *> rows[] = {
        {"Flatbed", "flatbed"},
        {"FlatBed", "flatbed"},
        {"Platen", "flatbed"},
        {"Document Table", ""},
        {"Automatic Document Feeder", "feeder"},
        {"ADF", "feeder"},
        {"ADF Front", "feeder"},
        {"ADF Simplex", "feeder"},
        {"ADF Back", ""},
        {"ADF Duplex", "feeder-duplex"},
        {"Automatic Document Feeder(left aligned,Duplex)", "feeder-duplex"},
        {"Automatic Document Feeder(left aligned)", "feeder"},
        {"Feeder (two-sided)", "feeder-duplex"},
        {"Transparency Unit", ""},
        {"Negative Film", ""},
        {"Auto", ""},
        {"", ""}};
    for (const auto &[name, word] : rows)
        EXPECT_EQ(sourceWord(name), word) << name;
}

TEST(ModeNames, AreUnderstoodAsManyDriversWriteThem)
{
    const std::pair<const char *, const char *> rows[] = {
        {"Color", "color"},    {"24bit Color", "color"}, {"Colour", "color"},           {"Gray", "gray"},
        {"True Gray", "gray"}, {"Grayscale", "gray"},    {"Lineart", "lineart"},        {"Black & White", "lineart"},
        {"Binary", "lineart"}, {"Halftone", ""},         {"Gray[Error Diffusion]", ""}, {"", ""}};
    for (const auto &[name, word] : rows)
        EXPECT_EQ(modeWord(name), word) << name;
}

TEST(WorkerProtocol, ReadsWhatTheWorkerSays)
{
    auto event =
        decodeEvent(R"({"event":"page","number":3,"file":"page-0003.jpg","width":10,"height":20,"dpi":75,"bytes":99})");
    ASSERT_TRUE(event);
    const ScannedPage &page = std::get<PageEvent>(*event).page;
    EXPECT_EQ(page.path, "page-0003.jpg");
    EXPECT_EQ(page.number, 3);
    EXPECT_EQ(page.bytes, 99);
    event =
        decodeEvent(R"({"event":"error","code":"feeder-jammed","native":"jammed","message":"Document feeder jammed"})");
    ASSERT_TRUE(event);
    EXPECT_EQ(std::get<ErrorEvent>(*event).error.code, Errc::Unavailable);
    EXPECT_EQ(stableCode(std::get<ErrorEvent>(*event).error), "feeder-jammed");
    event =
        decodeEvent(R"({"event":"capabilities","sources":["feeder"],"colorModes":["gray"],"resolutions":[100,240,600],
                           "pageSizes":[{"name":"max","width":100,"height":200}]})");
    ASSERT_TRUE(event);
    const auto &c = std::get<ScannerCapabilities>(*event);
    EXPECT_EQ(c.defaults.resolution, 240) << "closest to 200";
    EXPECT_EQ(c.defaults.source, "feeder");
    EXPECT_EQ(c.defaults.pageSize, "max");
}

TEST(WorkerProtocol, LetsNoFileNameLeaveTheFolder)
{
    for (const char *name : {"../x.jpg", "/etc/passwd", "..", ".", "", "a/b"}) {
        const std::string line = std::string(R"({"event":"page","number":1,"file":")") + name +
                                 R"(","width":10,"height":20,"dpi":75,"bytes":1})";
        EXPECT_FALSE(decodeEvent(line)) << name;
    }
}

TEST(WorkerProtocol, SurvivesWhateverADriverPrints)
{
    const std::string good =
        R"({"event":"capabilities","sources":["feeder"],"resolutions":[100,null,1e400,-5],"pageSizes":[{"name":1},[]]})";
    (void)decodeEvent(good).has_value();
    for (const char *line :
         {"", "null", "[]", "{}", "{\"event\":7}", "\xff\xfe", "Segmentation fault", "{\"event\":\"end\"}"})
        (void)decodeEvent(line).has_value();
    std::minstd_rand random(5);
    for (int i = 0; i < 3000; ++i) {
        std::string bad = good;
        for (int k = 0; k < 3; ++k)
            bad[random() % bad.size()] = static_cast<char>(random());
        (void)decodeEvent(bad).has_value();
    }
}

TEST(ScanStates, EveryStateAnswersACancelAndEndsClosed)
{
    for (int s = 0; s <= static_cast<int>(ScanState::Closed); ++s) {
        ScanState state = next(static_cast<ScanState>(s), ScanEvent::Cancel);
        EXPECT_TRUE(state == ScanState::Stopping || state == ScanState::Finished || state == ScanState::Closed);
        state = next(next(state, ScanEvent::Released), ScanEvent::Released);
        EXPECT_EQ(state, ScanState::Closed);
    }
}

} // namespace
} // namespace connector
