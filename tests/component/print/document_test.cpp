// SPDX-License-Identifier: Apache-2.0
// The render worker on good, damaged and hostile documents.
#include "core/process.h"
#include "print/document.h"
#include "support/pdf.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>
#include <jpeglib.h>
#include <png.h>
#include <random>

namespace connector {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Route = Conversion::Route;

// A picture of some colours.
void writeJpeg(const fs::path &path, int width, int height)
{
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    FILE *file = std::fopen(path.c_str(), "wb");
    jpeg_stdio_dest(&info, file);
    info.image_width = static_cast<JDIMENSION>(width);
    info.image_height = static_cast<JDIMENSION>(height);
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_start_compress(&info, TRUE);
    std::vector<JSAMPLE> row(static_cast<std::size_t>(width) * 3);
    while (info.next_scanline < info.image_height) {
        for (std::size_t i = 0; i < row.size(); ++i)
            row[i] = static_cast<JSAMPLE>(i * 7 + info.next_scanline);
        JSAMPROW line = row.data();
        jpeg_write_scanlines(&info, &line, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    std::fclose(file);
}

void writePng(const fs::path &path, unsigned width, unsigned height, unsigned format)
{
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = width;
    image.height = height;
    image.format = format;
    image.colormap_entries = 2;
    const std::array<png_byte, 6> colors{255, 0, 0, 0, 0, 255};
    std::vector<png_byte> samples(PNG_IMAGE_SIZE(image));
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<png_byte>((format & PNG_FORMAT_FLAG_COLORMAP) != 0 ? i % 2 : i);
    EXPECT_NE(png_image_write_to_file(&image, path.c_str(), 0, samples.data(), 0, colors.data()), 0);
}

class RenderWorkerTest : public ::testing::Test {
protected:
    static Call call(std::chrono::milliseconds limit = 30s) { return Call{}.within(limit); }
    fs::path file(const std::string &name, const std::string &bytes) const
    {
        std::ofstream(m_folder / name, std::ios::binary) << bytes;
        return m_folder / name;
    }
    static std::string output(std::vector<std::string> command)
    {
        command[0] = "/usr/bin/" + command[0];
        std::string text;
        const auto ended = runProcess(
            {.command = command, .environment = {"LC_ALL=C.UTF-8"}, .input = {}, .limits = {}},
            [&](std::string_view line) { text += std::string(line) + "\n"; }, call());
        EXPECT_TRUE(ended && *ended == 0) << command[0] << "\n" << text;
        return text;
    }

    test::TempFolder m_folder;
    RenderWorker m_worker{fs::path(PROGRAMS) / "render-worker"};
};

TEST_F(RenderWorkerTest, TellsPagesAndSize)
{
    auto info = m_worker.inspectPdf(file("a.pdf", test::makePdf(12)), call());
    ASSERT_TRUE(info) << describe(info.error());
    EXPECT_EQ(info->pages, 12);
    EXPECT_FALSE(info->encrypted);
    EXPECT_FALSE(info->repaired);
    EXPECT_EQ(info->width, 595);
    EXPECT_EQ(info->height, 842);
}

TEST_F(RenderWorkerTest, KeepsThePagesAskedFor)
{
    const fs::path pdf = file("a.pdf", test::makePdf(9));
    auto made = m_worker.subsetPdf(pdf, m_folder / "out.pdf", {{2, 3}, {7, 100}}, call());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->pages, 5);
    EXPECT_THAT(output({"qpdf", "--check", (m_folder / "out.pdf").string()}), HasSubstr("No syntax"));
    EXPECT_EQ(output({"pdftotext", "-f", "3", "-l", "3", (m_folder / "out.pdf").string(), "-"}).substr(0, 1), "7");
    made = m_worker.subsetPdf(pdf, m_folder / "none.pdf", {{10, 12}}, call());
    ASSERT_FALSE(made);
    EXPECT_EQ(stableCode(made.error()), "ticket-refused");
    EXPECT_FALSE(fs::exists(m_folder / "none.pdf"));
}

TEST_F(RenderWorkerTest, ADocumentThatNeedsAPasswordIsNamed)
{
    const fs::path pdf = file("a.pdf", test::makePdf(2));
    output({"qpdf", "--encrypt", "secret", "owner", "256", "--", pdf.string(), (m_folder / "locked.pdf").string()});
    auto info = m_worker.inspectPdf(m_folder / "locked.pdf", call());
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().code, Errc::Unsupported);
    EXPECT_EQ(stableCode(info.error()), "document-encrypted");

    output({"qpdf", "--encrypt", "", "owner", "256", "--", pdf.string(), (m_folder / "open.pdf").string()});
    info = m_worker.inspectPdf(m_folder / "open.pdf", call());
    ASSERT_TRUE(info) << describe(info.error());
    EXPECT_TRUE(info->encrypted);
    ASSERT_TRUE(m_worker.subsetPdf(m_folder / "open.pdf", m_folder / "plain.pdf", {}, call()));
    info = m_worker.inspectPdf(m_folder / "plain.pdf", call());
    ASSERT_TRUE(info);
    EXPECT_FALSE(info->encrypted);
    EXPECT_EQ(info->pages, 2);
}

TEST_F(RenderWorkerTest, WhatIsNoPdfIsDamagedAndWhatIsNotThereIsALocalFault)
{
    for (const std::string &bytes : {std::string(), std::string("hello"), std::string("%PDF-1.7\n"),
                                     std::string(100'000, '<'), std::string(1'000'000, '[')}) {
        auto info = m_worker.inspectPdf(file("x.pdf", bytes), call());
        ASSERT_FALSE(info);
        EXPECT_EQ(info.error().code, Errc::DataLoss) << describe(info.error());
        EXPECT_EQ(stableCode(info.error()), "document-damaged");
    }
    auto info = m_worker.inspectPdf(m_folder / "nowhere.pdf", call());
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().code, Errc::LocalIo) << describe(info.error());
}

TEST_F(RenderWorkerTest, NoTruncatedOrBitFlippedPdfHangsOrCrashesTheCaller)
{
    const std::string good = test::makePdf(5, 2000);
    std::minstd_rand random(7);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < 60; ++i) {
        std::string bad = good;
        if (i % 2 == 0)
            bad.resize(random() % bad.size());
        else
            for (int flips = 0; flips < 20; ++flips)
                bad[random() % bad.size()] ^= static_cast<char>(1U << random() % 8);
        auto info = m_worker.inspectPdf(file("bad.pdf", bad), call(10s));
        if (info) {
            ++read;
        } else {
            ++refused;
            EXPECT_TRUE(info.error().code == Errc::DataLoss || info.error().code == Errc::Unsupported)
                << describe(info.error());
        }
    }
    EXPECT_GT(refused, 5);
    EXPECT_GT(read, 5);
}

TEST_F(RenderWorkerTest, ACancelEndsTheWork)
{
    std::stop_source stop;
    stop.request_stop();
    Call c = call();
    c.stop = stop.get_token();
    auto info = m_worker.inspectPdf(file("a.pdf", test::makePdf(1)), c);
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().code, Errc::Cancelled);
}

TEST_F(RenderWorkerTest, PutsPicturesOnPaper)
{
    writeJpeg(m_folder / "wide.jpg", 400, 300);
    writePng(m_folder / "clear.png", 300, 400, PNG_FORMAT_RGBA);
    writePng(m_folder / "palette.png", 50, 50, PNG_FORMAT_RGB_COLORMAP);
    auto made = m_worker.toPdf(m_folder / "wide.jpg", "image/jpeg", m_folder / "wide.pdf", {}, call());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->pages, 1);
    EXPECT_NEAR(made->width, 841.89, 0.01) << "a wide picture lies";
    output({"pdfimages", "-all", (m_folder / "wide.pdf").string(), (m_folder / "i").string()});
    EXPECT_EQ(test::slurp(m_folder / "i-000.jpg"), test::slurp(m_folder / "wide.jpg"))
        << "taken over, not encoded anew";
    for (const char *name : {"clear.png", "palette.png"}) {
        made = m_worker.toPdf(m_folder / name, "image/png", m_folder / "png.pdf", paperSizeOf("na_letter_8.5x11in"),
                              call());
        ASSERT_TRUE(made) << name << describe(made.error());
        EXPECT_NEAR(made->height, 792, 0.01);
        EXPECT_THAT(output({"qpdf", "--check", (m_folder / "png.pdf").string()}), HasSubstr("No syntax"));
    }
    made = m_worker.toPdf(file("bad.jpg", "\xff\xd8\xff\xe0 no"), "image/jpeg", m_folder / "no.pdf", {}, call());
    ASSERT_FALSE(made);
    EXPECT_EQ(stableCode(made.error()), "document-damaged");
    made = m_worker.toPdf(file("x.gif", "GIF89a"), "image/gif", m_folder / "no.pdf", {}, call());
    ASSERT_FALSE(made);
    EXPECT_EQ(stableCode(made.error()), "format-unsupported");
    EXPECT_FALSE(fs::exists(m_folder / "no.pdf"));
}

TEST_F(RenderWorkerTest, LaysATextOutOnPages)
{
    std::string text = "Grüße – “quoted” 5 €\n";
    for (int i = 2; i <= 100; ++i)
        text += "line " + std::to_string(i) + (i == 50 ? std::string(200, 'x') : std::string()) + "\n";
    auto made = m_worker.toPdf(file("a.txt", text), "text/plain", m_folder / "a.pdf", {}, call());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->pages, 2);
    const std::string back = output({"pdftotext", "-layout", (m_folder / "a.pdf").string(), "-"});
    EXPECT_THAT(back, HasSubstr("Grüße – “quoted” 5 €"));
    EXPECT_THAT(back, HasSubstr("line 100"));
    made = m_worker.toPdf(file("empty.txt", ""), "text/plain", m_folder / "empty.pdf", {}, call());
    ASSERT_TRUE(made);
    EXPECT_EQ(made->pages, 1);
    made = m_worker.toPdf(file("ja.txt", "日本語のテキスト"), "text/plain", m_folder / "ja.pdf", {}, call());
    ASSERT_FALSE(made);
    EXPECT_EQ(stableCode(made.error()), "format-unsupported");
}

TEST_F(RenderWorkerTest, AMissingWorkerIsALocalFault)
{
    auto info = RenderWorker("/nowhere/render-worker").inspectPdf(m_folder / "a.pdf", call());
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().code, Errc::LocalIo);
}

} // namespace
} // namespace connector
