// SPDX-License-Identifier: Apache-2.0
#include "print/document.h"
#include "print/printer.h"

#include <gmock/gmock.h>

#include <limits>

namespace connector {
namespace {

using ::testing::ElementsAre;
using Route = Conversion::Route;

TEST(PageRanges, AreReadAndWritten)
{
    for (const auto &[text, back] : {std::pair{"1", "1"}, {"1-3,5", "1-3,5"}, {" 2 - 4 , 6-", "2-4,6-"}, {"", ""}}) {
        auto ranges = parsePageRanges(text);
        ASSERT_TRUE(ranges) << text;
        EXPECT_EQ(formatPageRanges(*ranges), back);
    }
    EXPECT_EQ((*parsePageRanges("8-"))[0].last, std::numeric_limits<int>::max());
}

TEST(PageRanges, RefuseWhatMakesNoSense)
{
    for (const char *text : {"0", "-3", "3-1", "1,", ",", "a", "1-2-3", "2,1", "1-3,3", "99999999999", "1;2", "8-,9"}) {
        auto ranges = parsePageRanges(text);
        ASSERT_FALSE(ranges) << text;
        EXPECT_EQ(ranges.error().code, Errc::InvalidArgument);
        EXPECT_EQ(stableCode(ranges.error()), "ticket-refused");
    }
}

PrinterCapabilities office()
{
    PrinterCapabilities c;
    c.maxCopies = 99;
    c.colorModes = {"auto", "color", "monochrome"};
    c.sides = {"one-sided", "two-sided-long-edge"};
    c.media = {"iso_a4_210x297mm"};
    c.formats = {"application/pdf"};
    c.qualities = {"normal"};
    c.orientation = true;
    return c;
}

TEST(TicketCheck, TakesWhatThePrinterCanDo)
{
    EXPECT_TRUE(validateTicket({}, office()));
    EXPECT_TRUE(validateTicket({.copies = 99,
                                .colorMode = "color",
                                .sides = "two-sided-long-edge",
                                .media = "iso_a4_210x297mm",
                                .quality = "normal",
                                .orientation = "landscape",
                                .documentFormat = "application/pdf"},
                               office()));
}

TEST(TicketCheck, NamesWhatThePrinterCannotDo)
{
    const std::pair<Ticket, const char *> rows[] = {{{.copies = 0}, "copies"},
                                                    {{.copies = 100}, "copies"},
                                                    {{.colorMode = "sepia"}, "print-color-mode"},
                                                    {{.sides = "two-sided-short-edge"}, "sides"},
                                                    {{.media = "iso_a3_297x420mm"}, "media"},
                                                    {{.quality = "high"}, "print-quality"},
                                                    {{.scaling = "fit"}, "print-scaling"},
                                                    {{.orientation = "askew"}, "orientation-requested"}};
    for (const auto &[ticket, attribute] : rows) {
        auto checked = validateTicket(ticket, office());
        ASSERT_FALSE(checked) << attribute;
        EXPECT_EQ(stableCode(checked.error()), "ticket-refused");
        EXPECT_EQ(checked.error().nativeCode, attribute);
    }
    auto checked = validateTicket({.documentFormat = "image/gif"}, office());
    ASSERT_FALSE(checked);
    EXPECT_EQ(stableCode(checked.error()), "format-unsupported");
}

TEST(PrinterStatusWords, LeaveOutWhatOnlyReports)
{
    PrinterStatus status;
    status.reasons = {{"media-empty", PrinterReason::Severity::Error},
                      {"moving-to-paused", PrinterReason::Severity::Report},
                      {"toner-low", PrinterReason::Severity::Warning},
                      {"media-empty", PrinterReason::Severity::Warning}};
    EXPECT_THAT(status.keywords(), ElementsAre("media-empty", "toner-low"));
}

TEST(Conversions, ChooseTheWayOntoThePrinter)
{
    const std::vector<std::string> office{"application/pdf", "image/jpeg"};
    EXPECT_EQ(conversionFor("application/pdf", office).route, Route::AsIs);
    EXPECT_EQ(conversionFor("image/jpeg", office).sendAs, "image/jpeg");
    EXPECT_EQ(conversionFor("image/png", office).route, Route::ThroughWorker);
    EXPECT_EQ(conversionFor("image/png", office).sendAs, "application/pdf");
    EXPECT_EQ(conversionFor("text/plain", {"text/plain", "application/pdf"}).sendAs, "application/pdf");
    EXPECT_EQ(conversionFor("image/jpeg", {"application/pdf"}).route, Route::ThroughWorker);
    EXPECT_EQ(conversionFor("image/gif", office).route, Route::Unsupported);
    EXPECT_EQ(conversionFor("application/pdf", {"image/pwg-raster"}).route, Route::Unsupported);
    EXPECT_EQ(conversionFor("", office).route, Route::Unsupported);
}

TEST(Conversions, KnowAFormatByItsName)
{
    EXPECT_EQ(formatOfName("Plan.v2.PDF"), "application/pdf");
    EXPECT_EQ(formatOfName("IMG_1.JPEG"), "image/jpeg");
    EXPECT_EQ(formatOfName("notes.txt"), "text/plain");
    EXPECT_EQ(formatOfName("movie.mp4"), "");
    EXPECT_EQ(formatOfName("pdf"), "");
}

TEST(PaperSizes, ComeFromTheMediaName)
{
    EXPECT_NEAR(paperSizeOf("iso_a4_210x297mm").width, 595.28, 0.01);
    EXPECT_NEAR(paperSizeOf("na_letter_8.5x11in").width, 612, 0.01);
    EXPECT_NEAR(paperSizeOf("na_letter_8.5x11in").height, 792, 0.01);
    for (const char *bad : {"", "a4", "iso_a4_210mm", "x_0x0mm", "custom_1e9x2mm", "iso_a4_x297mm"})
        EXPECT_NEAR(paperSizeOf(bad).height, 841.89, 0.01) << bad;
}

} // namespace
} // namespace connector
