// SPDX-License-Identifier: Apache-2.0
// The scanner against SANE's test backend: real driver, real worker process.
#include "core/process.h"
#include "scan/document/pdf_writer.h"
#include "scan/document/picture.h"
#include "scan/scanner.h"
#include "support/pdf.h"
#include "support/sane_sandbox.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

#include <csignal>
#include <fcntl.h>
#include <jpeglib.h>
#include <unistd.h>

namespace connector {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SaneScannerTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        ASSERT_EQ(test::SaneSandbox::make(m_folder / "sane", fs::path(PROGRAMS) / "libsane-sandbox-backend.so"), "");
        fs::create_directories(m_out);
        m_scanner = scanner();
    }
    std::unique_ptr<Scanner> scanner(const std::string &device = "sandbox:0") const
    {
        return makeSaneScanner({fs::path(PROGRAMS) / "scan-worker", device, m_sandbox.folder()});
    }
    static Call call(std::chrono::milliseconds limit = 60s) { return Call{}.within(limit); }

    Result<ScanEnd> scan(const ScanSettings &settings, const Call &c = call())
    {
        m_pages.clear();
        return m_scanner->scan(
            settings, m_out, 1, [&](const ScannedPage &page) { m_pages.push_back(page); }, c);
    }
    std::vector<std::string> files() const
    {
        std::vector<std::string> names;
        for (const auto &entry : fs::directory_iterator(m_out))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    // What a program writes, as text; its exit status must be 0.
    static std::string output(std::vector<std::string> command)
    {
        command[0] = "/usr/bin/" + command[0];
        std::string text;
        const auto ended = runProcess(
            {.command = command, .environment = {"LC_ALL=C.UTF-8"}, .input = {}, .limits = {}},
            [&](std::string_view line) { text += std::string(line) + "\n"; }, call());
        EXPECT_TRUE(ended) << describe(ended.error());
        EXPECT_EQ(*ended, 0) << command[0] << "\n" << text;
        return text;
    }

    test::TempFolder m_folder;
    fs::path m_out = m_folder / "pages";
    test::SaneSandbox m_sandbox{m_folder / "sane"};
    std::unique_ptr<Scanner> m_scanner;
    std::vector<ScannedPage> m_pages;
};

// The samples of a JPEG, row after row.
std::vector<unsigned char> decodeJpeg(const fs::path &path, int &width, int &height, int &channels)
{
    jpeg_decompress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&info);
    FILE *file = std::fopen(path.c_str(), "rb");
    jpeg_stdio_src(&info, file);
    jpeg_read_header(&info, TRUE);
    jpeg_start_decompress(&info);
    width = static_cast<int>(info.output_width);
    height = static_cast<int>(info.output_height);
    channels = info.output_components;
    std::vector<unsigned char> samples(info.output_width * info.output_height * static_cast<unsigned>(channels));
    while (info.output_scanline < info.output_height) {
        JSAMPROW row =
            samples.data() + std::size_t{info.output_scanline} * info.output_width * static_cast<unsigned>(channels);
        jpeg_read_scanlines(&info, &row, 1);
    }
    EXPECT_EQ(errors.num_warnings, 0) << path;
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
    std::fclose(file);
    return samples;
}

TEST_F(SaneScannerTest, TellsWhatItCanDo)
{
    auto c = m_scanner->capabilities(call());
    ASSERT_TRUE(c) << describe(c.error());
    EXPECT_THAT(c->sources, ElementsAre("flatbed", "feeder"));
    EXPECT_THAT(c->colorModes, ElementsAre("color", "gray", "lineart"));
    EXPECT_THAT(c->resolutions, ElementsAre(75, 100, 150, 200, 300, 400, 600));
    EXPECT_EQ(c->defaults.source, "flatbed");
    EXPECT_EQ(c->defaults.colorMode, "color");
    EXPECT_EQ(c->defaults.resolution, 200);
    EXPECT_EQ(c->defaults.pageSize, "iso_a4_210x297mm");
}

TEST_F(SaneScannerTest, TellsItsNameAndState)
{
    auto status = m_scanner->status(call());
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, ScannerState::Idle);
    EXPECT_EQ(status->name, "Example Sandbox scanner");
    m_sandbox.set("condition", "busy");
    status = m_scanner->status(call());
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, ScannerState::Busy);
    EXPECT_THAT(status->reasons, ElementsAre("scanner-busy"));
    m_sandbox.set("condition", "gone");
    status = m_scanner->status(call());
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, ScannerState::Unreachable);
    EXPECT_THAT(status->reasons, ElementsAre("scanner-unreachable"));
}

TEST_F(SaneScannerTest, ScansOnePageFromTheGlassInEveryModeAtItsSize)
{
    for (const auto &[mode, channels] : {std::pair{"color", 3}, {"gray", 1}, {"lineart", 1}}) {
        for (const int dpi : {75, 150, 300}) {
            ScanSettings settings;
            settings.colorMode = mode;
            settings.resolution = dpi;
            auto end = scan(settings);
            ASSERT_TRUE(end) << describe(end.error());
            EXPECT_EQ(end->pages, 1);
            ASSERT_EQ(m_pages.size(), 1U);
            const ScannedPage &page = m_pages[0];
            EXPECT_NEAR(page.width, 210 / 25.4 * dpi, 2);
            EXPECT_NEAR(page.height, 297 / 25.4 * dpi, 2);
            EXPECT_EQ(page.dpi, dpi);
            EXPECT_EQ(page.colorMode, mode);
            EXPECT_EQ(page.bytes, static_cast<std::int64_t>(fs::file_size(page.path)));
            auto file = FileSource::open(page.path);
            ASSERT_TRUE(file);
            auto picture = inspectPicture(*file);
            ASSERT_TRUE(picture) << describe(picture.error());
            EXPECT_EQ(picture->width, page.width);
            EXPECT_EQ(picture->height, page.height);
            EXPECT_EQ(picture->channels, channels);
            EXPECT_EQ(picture->bits, page.colorMode == "lineart" ? 1 : 8);
            if (picture->kind == Picture::Kind::Jpeg) {
                int w = 0, h = 0, c = 0;
                decodeJpeg(page.path, w, h, c);
                EXPECT_EQ(h, page.height) << "the height written afterwards is the picture's";
            }
        }
    }
}

TEST_F(SaneScannerTest, ScansAFeederToItsEndPageByPage)
{
    m_sandbox.set("pages", "10");
    ScanSettings settings;
    settings.source = "feeder";
    settings.resolution = 75;
    auto end = scan(settings);
    ASSERT_TRUE(end) << describe(end.error());
    EXPECT_EQ(end->pages, 10);
    EXPECT_TRUE(end->feederEmpty);
    ASSERT_EQ(m_pages.size(), 10U);
    EXPECT_EQ(files().front(), "page-0001.jpg");
    EXPECT_EQ(files().back(), "page-0010.jpg");
    // Each page carries as many black squares as its number: they are in order.
    for (const ScannedPage &page : m_pages) {
        int w = 0, h = 0, c = 0;
        const auto samples = decodeJpeg(page.path, w, h, c);
        const int unit = 75 * 5 / 25; // 5 mm
        int squares = 0;
        for (int column = 1; column * unit + unit / 2 < w; column += 2)
            squares += samples[static_cast<std::size_t>(((unit * 3 / 2) * w + column * unit + unit / 2) * c)] < 128;
        EXPECT_EQ(squares, page.number);
    }
    end = scan(settings);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, Errc::Unavailable);
    EXPECT_EQ(stableCode(end.error()), "feeder-empty");
}

TEST_F(SaneScannerTest, AJamKeepsThePagesBeforeIt)
{
    m_sandbox.set("jam-at", "4");
    ScanSettings settings;
    settings.source = "feeder";
    settings.resolution = 75;
    auto end = scan(settings);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, Errc::Unavailable);
    EXPECT_EQ(stableCode(end.error()), "feeder-jammed");
    EXPECT_EQ(end.error().nativeCode, "jammed");
    EXPECT_EQ(m_pages.size(), 3U);
    EXPECT_THAT(files(), ElementsAre("page-0001.jpg", "page-0002.jpg", "page-0003.jpg"));

    m_sandbox.set("jam-at", "");
    m_sandbox.set("pages", "2");
    end = m_scanner->scan(
        settings, m_out, 4, [&](const ScannedPage &page) { m_pages.push_back(page); }, call());
    ASSERT_TRUE(end) << describe(end.error());
    EXPECT_EQ(files().size(), 5U);
    EXPECT_EQ(m_pages.back().number, 5);
}

TEST_F(SaneScannerTest, NamesWhatKeepsTheScannerFromStarting)
{
    ASSERT_TRUE(m_scanner->capabilities(call()));
    const struct {
        const char *condition;
        Errc code;
        const char *stable;
    } rows[] = {{"cover-open", Errc::Unavailable, "scanner-cover-open"},
                {"jammed", Errc::Unavailable, "feeder-jammed"},
                {"no-docs", Errc::Unavailable, "feeder-empty"},
                {"busy", Errc::Busy, "scanner-busy"},
                {"gone", Errc::Offline, "scanner-unreachable"}};
    for (const auto &row : rows) {
        m_sandbox.set("condition", row.condition);
        auto end = scan({});
        ASSERT_FALSE(end) << row.condition;
        EXPECT_EQ(end.error().code, row.code) << describe(end.error());
        EXPECT_EQ(stableCode(end.error()), row.stable);
        EXPECT_TRUE(files().empty());
    }
}

TEST_F(SaneScannerTest, RefusesSettingsThatTheScannerLacks)
{
    for (const ScanSettings &bad : {ScanSettings{.source = "feeder-duplex"}, ScanSettings{.colorMode = "infrared"},
                                    ScanSettings{.resolution = 77}, ScanSettings{.pageSize = "iso_a0_841x1189mm"}}) {
        auto end = scan(bad);
        ASSERT_FALSE(end);
        EXPECT_EQ(end.error().code, Errc::InvalidArgument);
        EXPECT_EQ(stableCode(end.error()), "settings-refused");
    }
}

TEST_F(SaneScannerTest, ACancelInTheMiddleOfAPageLeavesNoHalfPage)
{
    m_sandbox.set("page-time", "3000");
    ScanSettings settings;
    settings.source = "feeder";
    settings.resolution = 75;
    std::stop_source stop;
    Call c = call();
    c.stop = stop.get_token();
    c.onProgress = [&](Progress p) {
        if (p.bytes > 100'000) // well inside the page
            stop.request_stop();
    };
    const auto start = Call::Clock::now();
    auto end = scan(settings, c);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, Errc::Cancelled);
    EXPECT_LT(Call::Clock::now() - start, 4s);
    EXPECT_TRUE(files().empty()) << files().front();
    m_sandbox.set("page-time", "");
    EXPECT_TRUE(scan({})) << "the scanner is free again";
}

TEST_F(SaneScannerTest, ADriverThatHangsIsEndedByACancelAndLeavesNoHalfPage)
{
    m_sandbox.set("hang-at", "1");
    ASSERT_TRUE(m_scanner->capabilities(call()));
    auto end = scan({}, call(1s));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, Errc::Timeout);
    EXPECT_TRUE(files().empty());
}

TEST_F(SaneScannerTest, ACrashingDriverIsAnErrorAndKeepsThePages)
{
    m_sandbox.set("crash-at", "2");
    ScanSettings settings;
    settings.source = "feeder";
    settings.resolution = 75;
    auto end = scan(settings);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, Errc::Unavailable);
    EXPECT_EQ(stableCode(end.error()), "scanner-failed");
    EXPECT_EQ(end.error().nativeCode, "signal 6");
    EXPECT_EQ(m_pages.size(), 1U);
    m_sandbox.set("crash-at", "");
    m_sandbox.set("pages", "1");
    ASSERT_TRUE(scan(settings));
    EXPECT_THAT(files(), ElementsAre("page-0001.jpg")) << "what the crash left behind is swept";
}

TEST_F(SaneScannerTest, ASecondScanMeetsABusyScanner)
{
    m_sandbox.set("page-time", "2000");
    ASSERT_TRUE(m_scanner->capabilities(call()));
    std::stop_source stop;
    bool asked = false;
    Call c = call();
    c.stop = stop.get_token();
    c.onProgress = [&](Progress) {
        if (std::exchange(asked, true))
            return;
        auto second = m_scanner->scan(
            {}, m_out, 1, [](const ScannedPage &) {}, call());
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, Errc::Busy);
        auto status = m_scanner->status(call());
        ASSERT_TRUE(status);
        EXPECT_EQ(status->state, ScannerState::Busy);
        EXPECT_TRUE(m_scanner->capabilities(call())) << "known already";
        stop.request_stop();
    };
    (void)scan({}, c).has_value();
    EXPECT_TRUE(asked);
}

TEST_F(SaneScannerTest, AHandHeldScannerThatDoesNotKnowThePagesLengthWorks)
{
    m_sandbox.configure("hand-scanner", "true");
    for (const char *mode : {"color", "gray", "lineart"}) {
        auto end = scan({.colorMode = mode, .resolution = 100});
        ASSERT_TRUE(end) << describe(end.error());
        ASSERT_EQ(m_pages.size(), 1U);
        EXPECT_NEAR(m_pages[0].width, 110 / 25.4 * 100, 2);
        EXPECT_NEAR(m_pages[0].height, 170 / 25.4 * 100, 2);
        if (m_pages[0].path.extension() == ".jpg") {
            int w = 0, h = 0, c = 0;
            decodeJpeg(m_pages[0].path, w, h, c);
            EXPECT_EQ(h, m_pages[0].height);
        }
    }
}

TEST_F(SaneScannerTest, AScannerOfThreePassesGivesTheSamePicture)
{
    auto end = scan({.resolution = 75});
    ASSERT_TRUE(end) << describe(end.error());
    int w = 0, h = 0, c = 0;
    const auto once = decodeJpeg(m_pages[0].path, w, h, c);
    for (const char *order : {"RGB", "BGR", "GBR"}) {
        m_sandbox.configure("three-pass", "true");
        m_sandbox.configure("three-pass-order", order);
        end = scan({.resolution = 75});
        ASSERT_TRUE(end) << describe(end.error());
        EXPECT_TRUE(decodeJpeg(m_pages[0].path, w, h, c) == once) << order;
    }
}

TEST_F(SaneScannerTest, OddReadSizesAndLostPixelsDoNotShearThePicture)
{
    auto end = scan({.resolution = 75});
    ASSERT_TRUE(end);
    int w = 0, h = 0, c = 0;
    const auto once = decodeJpeg(m_pages[0].path, w, h, c);
    m_sandbox.configure("read-limit", "true");
    m_sandbox.configure("read-limit-size", "1021");
    m_sandbox.configure("fuzzy-parameters", "true");
    end = scan({.resolution = 75});
    ASSERT_TRUE(end);
    EXPECT_TRUE(decodeJpeg(m_pages[0].path, w, h, c) == once);
    m_sandbox.configure("ppl-loss", "7");
    end = scan({.resolution = 75});
    ASSERT_TRUE(end);
    EXPECT_EQ(m_pages[0].width, w - 7);
}

TEST_F(SaneScannerTest, AFullDiskIsNamedAndLeavesNoHalfPage)
{
    // The worker itself, held to small files: a disk that is full says the same.
    std::string said;
    ProcessSpec spec{.command = {std::string(PROGRAMS) + "/scan-worker", "scan", "sandbox:0", "--out", m_out.string(),
                                 "--resolution", "150", "--size", "2100,2970"},
                     .environment = {"SANE_CONFIG_DIR=" + m_sandbox.folder().string()},
                     .input = {},
                     .limits = {.fileBytes = 200'000}};
    auto ended = runProcess(
        spec, [&](std::string_view line) { said += line; }, call());
    ASSERT_TRUE(ended) << describe(ended.error());
    EXPECT_NE(*ended, 0);
    EXPECT_THAT(said, HasSubstr("\"code\":\"disk-full\""));
    EXPECT_TRUE(files().empty());
}

TEST_F(SaneScannerTest, AMissingWorkerIsAnErrorAndNotACrash)
{
    auto lost = makeSaneScanner({"/nowhere/scan-worker", "sandbox:0", m_sandbox.folder()});
    EXPECT_FALSE(lost->capabilities(call()));
    auto end = lost->scan(
        {}, m_out, 1, [](const ScannedPage &) {}, call());
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, Errc::LocalIo);
}

TEST_F(SaneScannerTest, TheFirstScannerIsTakenWhereNoneIsNamed)
{
    m_scanner = scanner("");
    EXPECT_EQ(m_scanner->status(call())->name, "Example Sandbox scanner");
    EXPECT_TRUE(scan({.resolution = 75}));
    m_sandbox.set("condition", "gone");
    EXPECT_EQ(m_scanner->status(call())->state, ScannerState::Unreachable);
}

TEST_F(SaneScannerTest, APdfOfTheScannedPagesIsValidAndShowsThem)
{
    m_sandbox.set("pages", "3");
    ASSERT_TRUE(scan({.source = "feeder", .resolution = 75}));
    std::vector<ScannedPage> pages = m_pages;
    ASSERT_TRUE(m_scanner->scan(
        {.colorMode = "gray", .resolution = 150}, m_out, 4, [&](const ScannedPage &page) { pages.push_back(page); },
        call()));
    ASSERT_TRUE(m_scanner->scan(
        {.colorMode = "lineart", .resolution = 300}, m_out, 5, [&](const ScannedPage &page) { pages.push_back(page); },
        call()));
    const fs::path pdf = m_folder / "Scan.pdf";
    const PdfMetadata metadata{"Pläne (2) \U0001F5A8", "Mara",
                               std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)};
    auto made = assemblePdf(pages, metadata, pdf, call());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->pages, 5);
    EXPECT_EQ(made->bytes, static_cast<std::int64_t>(fs::file_size(pdf)));
    EXPECT_FALSE(fs::exists(pdf.string() + ".part"));

    EXPECT_THAT(output({"qpdf", "--check", pdf.string()}), HasSubstr("No syntax or stream encoding errors"));
    const std::string info = output({"pdfinfo", pdf.string()});
    EXPECT_THAT(info, HasSubstr("Pläne (2) \U0001F5A8"));
    EXPECT_THAT(info, HasSubstr("Pages:           5"));
    EXPECT_THAT(info, HasSubstr("A4"));
    EXPECT_THAT(info, HasSubstr("Metadata Stream: yes"));
    EXPECT_THAT(output({"pdfinfo", "-meta", pdf.string()}), HasSubstr("2026-11-21T00:00:00Z"));
    // The pictures are in it byte for byte.
    output({"pdfimages", "-all", pdf.string(), (m_folder / "x").string()});
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(test::slurp(m_folder / ("x-00" + std::to_string(i) + ".jpg")),
                  test::slurp(pages[static_cast<std::size_t>(i)].path));
    // And a viewer shows the first as it was scanned.
    int w = 0, h = 0, c = 0;
    const auto samples = decodeJpeg(pages[0].path, w, h, c);
    output({"pdftoppm", "-scale-to-x", std::to_string(w), "-scale-to-y", std::to_string(h), "-f", "1", "-l", "1",
            pdf.string(), (m_folder / "shown").string()});
    std::string shown = test::slurp(m_folder / "shown-1.ppm");
    ASSERT_GT(shown.size(), samples.size());
    shown = shown.substr(shown.size() - samples.size());
    // Viewers place a picture to within a pixel: compare the means of small squares.
    constexpr int kSquare = 30;
    const auto mean = [&](const auto &picture, int x0, int y0, int channel) {
        double sum = 0;
        for (int y = y0; y < y0 + kSquare; ++y)
            for (int x = x0; x < x0 + kSquare; ++x)
                sum += static_cast<unsigned char>(picture[static_cast<std::size_t>((y * w + x) * c + channel)]);
        return sum / (kSquare * kSquare);
    };
    for (int y = 0; y + kSquare <= h; y += kSquare)
        for (int x = 0; x + kSquare <= w; x += kSquare)
            for (int channel = 0; channel < 3; ++channel)
                ASSERT_NEAR(mean(shown, x, y, channel), mean(samples, x, y, channel), 25) << x << "," << y;
    // The same input, the same bytes.
    ASSERT_TRUE(assemblePdf(pages, metadata, m_folder / "Again.pdf", call()));
    EXPECT_EQ(test::slurp(pdf), test::slurp(m_folder / "Again.pdf"));
}

TEST_F(SaneScannerTest, APdfOfADamagedPageIsRefusedAndLeavesNothing)
{
    ASSERT_TRUE(scan({.resolution = 75}));
    const std::string whole = test::slurp(m_pages[0].path);
    std::ofstream(m_pages[0].path, std::ios::binary) << whole.substr(0, whole.size() / 2);
    auto made = assemblePdf(m_pages, {}, m_folder / "Scan.pdf", call());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::DataLoss);
    EXPECT_EQ(stableCode(made.error()), "page-damaged");
    EXPECT_FALSE(fs::exists(m_folder / "Scan.pdf"));
    EXPECT_FALSE(fs::exists(m_folder / "Scan.pdf.part"));
    fs::remove(m_pages[0].path);
    EXPECT_FALSE(assemblePdf(m_pages, {}, m_folder / "Scan.pdf", call()));
    EXPECT_FALSE(assemblePdf({}, {}, m_folder / "Scan.pdf", call()));
}

} // namespace
} // namespace connector
