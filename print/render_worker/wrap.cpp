// SPDX-License-Identifier: Apache-2.0
#include "print/render_worker/wrap.h"

#include "core/encoding.h"
#include "print/render_worker/qpdf.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <png.h>
#include <vector>

namespace connector::render {

namespace {

constexpr std::uintmax_t kLargestFile = 200U << 20U;
constexpr std::uint64_t kMostPixels = 120'000'000;

Refusal damaged()
{
    return {"document-damaged", "the picture is damaged"};
}

std::string slurp(const std::string &path)
{
    std::error_code failed;
    const std::uintmax_t size = std::filesystem::file_size(path, failed);
    if (failed)
        throw Refusal{"local-io", "the document cannot be read"};
    if (size > kLargestFile)
        throw Refusal{"format-unsupported", "the document is too large"};
    std::string bytes(size, '\0');
    std::ifstream in(path, std::ios::binary);
    if (!in.read(bytes.data(), static_cast<std::streamsize>(size)))
        throw Refusal{"local-io", "the document cannot be read"};
    return bytes;
}

unsigned u8(const std::string &s, std::size_t at)
{
    return at < s.size() ? static_cast<unsigned char>(s[at]) : 0;
}
unsigned u16(const std::string &s, std::size_t at)
{
    return u8(s, at) << 8U | u8(s, at + 1);
}

struct Image {
    int width = 0;
    int height = 0;
    int components = 0;
    int orientation = 1; // Exif's: how it is to be turned
    bool inverted = false;
};

// The orientation in an Exif segment (its TIFF part begins at `tiff`); 1 where there is none.
int exifOrientation(const std::string &s, std::size_t tiff, std::size_t end)
{
    const bool little = u8(s, tiff) == 'I';
    const auto read16 = [&](std::size_t at) { return little ? u8(s, at) | u8(s, at + 1) << 8U : u16(s, at); };
    const auto read32 = [&](std::size_t at) {
        return little ? read16(at) | read16(at + 2) << 16U : read16(at) << 16U | read16(at + 2);
    };
    const std::size_t directory = tiff + read32(tiff + 4);
    if (directory < tiff || directory + 2 > end)
        return 1;
    const unsigned count = read16(directory);
    for (unsigned i = 0; i < count; ++i) {
        const std::size_t entry = directory + 2 + 12U * static_cast<std::size_t>(i);
        if (entry + 12 > end)
            return 1;
        if (read16(entry) == 0x0112) {
            const unsigned value = read16(entry + 8);
            return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
        }
    }
    return 1;
}

Image inspectJpeg(const std::string &s)
{
    Image image;
    bool adobe = false;
    for (std::size_t at = 2; at + 9 < s.size();) {
        if (u8(s, at) != 0xff)
            throw damaged();
        const unsigned marker = u8(s, at + 1);
        if (marker == 0xff) {
            ++at;
            continue;
        }
        const unsigned length = u16(s, at + 2);
        if (length < 2 || at + 2 + length > s.size() || marker == 0xda || marker == 0xd9)
            throw damaged();
        if (marker == 0xe1 && s.compare(at + 4, 6, std::string("Exif\0\0", 6)) == 0)
            image.orientation = exifOrientation(s, at + 10, at + 2 + length);
        if (marker == 0xee && s.compare(at + 4, 5, "Adobe") == 0)
            adobe = true;
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
            if (marker > 0xc2 || u8(s, at + 4) != 8)
                throw Refusal{"format-unsupported", "a kind of JPEG that printers do not know"};
            image.height = static_cast<int>(u16(s, at + 5));
            image.width = static_cast<int>(u16(s, at + 7));
            image.components = static_cast<int>(u8(s, at + 9));
            image.inverted = adobe && image.components == 4;
            if (image.width == 0 || image.height == 0 ||
                (image.components != 1 && image.components != 3 && image.components != 4))
                throw damaged();
            return image;
        }
        at += 2 + length;
    }
    throw damaged();
}

std::string decimal(double value)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4f", value); // main() leaves the locale at "C"
    return text.data();
}

void addPage(QPDF &pdf, double width, double height, const std::string &content, const QPDFObjectHandle &resources)
{
    QPDFObjectHandle page =
        QPDFObjectHandle::parse("<</Type/Page/MediaBox[0 0 " + decimal(width) + " " + decimal(height) + "]>>");
    page.replaceKey("/Resources", resources);
    page.replaceKey("/Contents", QPDFObjectHandle::newStream(&pdf, content));
    QPDFPageDocumentHelper(pdf).addPage(QPDFPageObjectHelper(pdf.makeIndirectObject(page)), false);
}

void placeImage(QPDF &pdf, const QPDFObjectHandle &picture, const Image &image, Paper paper)
{
    const bool turned = image.orientation >= 5;
    const double w = turned ? image.height : image.width;
    const double h = turned ? image.width : image.height;
    if ((w > h) != (paper.width > paper.height))
        std::swap(paper.width, paper.height);
    const double margin = std::min({17.0, paper.width / 10, paper.height / 10}); // what most printers cannot reach
    const double scale = std::min((paper.width - 2 * margin) / w, (paper.height - 2 * margin) / h);
    const double width = w * scale;
    const double height = h * scale;
    const double x = (paper.width - width) / 2;
    const double y = (paper.height - height) / 2;
    // The unit square, turned and mirrored as Exif says, then scaled and moved: a b c d e f.
    static constexpr std::array<std::array<int, 6>, 8> kTurns{{{1, 0, 0, 1, 0, 0},
                                                               {-1, 0, 0, 1, 1, 0},
                                                               {-1, 0, 0, -1, 1, 1},
                                                               {1, 0, 0, -1, 0, 1},
                                                               {0, -1, -1, 0, 1, 1},
                                                               {0, -1, 1, 0, 0, 1},
                                                               {0, 1, 1, 0, 0, 0},
                                                               {0, 1, -1, 0, 1, 0}}};
    const auto &t = kTurns[static_cast<std::size_t>(image.orientation - 1)];
    const std::string matrix = decimal(t[0] * width) + " " + decimal(t[1] * height) + " " + decimal(t[2] * width) +
                               " " + decimal(t[3] * height) + " " + decimal(t[4] * width + x) + " " +
                               decimal(t[5] * height + y);
    QPDFObjectHandle resources = QPDFObjectHandle::parse("<</XObject<<>>>>");
    resources.getKey("/XObject").replaceKey("/I", picture);
    addPage(pdf, paper.width, paper.height, "q " + matrix + " cm /I Do Q", resources);
}

QPDFObjectHandle imageObject(QPDF &pdf, const Image &image, std::shared_ptr<Buffer> data)
{
    QPDFObjectHandle stream = QPDFObjectHandle::newStream(&pdf, std::move(data));
    const char *space = image.components == 1 ? "/DeviceGray" : image.components == 3 ? "/DeviceRGB" : "/DeviceCMYK";
    stream.replaceDict(QPDFObjectHandle::parse("<</Type/XObject/Subtype/Image/BitsPerComponent 8/Width " +
                                               std::to_string(image.width) + "/Height " + std::to_string(image.height) +
                                               "/ColorSpace" + space +
                                               (image.inverted ? "/Decode[1 0 1 0 1 0 1 0]" : "") + ">>"));
    return stream;
}

std::shared_ptr<Buffer> bufferOf(std::string &&bytes)
{
    auto buffer = std::make_shared<Buffer>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char *>(buffer->getBuffer()));
    return buffer;
}

void wrapPng(QPDF &pdf, const std::string &bytes, const Paper &paper)
{
    png_image png{};
    png.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0)
        throw damaged();
    if (std::uint64_t{png.width} * png.height > kMostPixels) {
        png_image_free(&png);
        throw Refusal{"format-unsupported", "the picture is too large"};
    }
    const bool color = (png.format & PNG_FORMAT_FLAG_COLOR) != 0;
    png.format = color ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    auto buffer = std::make_shared<Buffer>(PNG_IMAGE_SIZE(png));
    const png_color white{255, 255, 255}; // what shines through
    if (png_image_finish_read(&png, &white, buffer->getBuffer(), 0, nullptr) == 0)
        throw damaged();
    Image image;
    image.width = static_cast<int>(png.width);
    image.height = static_cast<int>(png.height);
    image.components = color ? 3 : 1;
    placeImage(pdf, imageObject(pdf, image, std::move(buffer)), image, paper); // compressed when it is written
}

// The character's code in PDF's WinAnsiEncoding; 0 where it has none.
unsigned winAnsi(char32_t c)
{
    if ((c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c <= 0xff))
        return static_cast<unsigned>(c);
    static constexpr std::array<std::pair<char32_t, unsigned>, 27> kOthers{
        {{0x20ac, 128}, {0x201a, 130}, {0x0192, 131}, {0x201e, 132}, {0x2026, 133}, {0x2020, 134}, {0x2021, 135},
         {0x02c6, 136}, {0x2030, 137}, {0x0160, 138}, {0x2039, 139}, {0x0152, 140}, {0x017d, 142}, {0x2018, 145},
         {0x2019, 146}, {0x201c, 147}, {0x201d, 148}, {0x2022, 149}, {0x2013, 150}, {0x2014, 151}, {0x02dc, 152},
         {0x2122, 153}, {0x0161, 154}, {0x203a, 155}, {0x0153, 156}, {0x017e, 158}, {0x0178, 159}}};
    for (const auto &[unicode, code] : kOthers)
        if (c == unicode)
            return code;
    return 0;
}

std::vector<char32_t> decodeUtf8(const std::string &text)
{
    std::vector<char32_t> out;
    for (std::size_t i = 0; i < text.size();) {
        const unsigned lead = u8(text, i);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        char32_t c = length == 1 ? lead : lead & (0xffU >> (length + 1));
        for (std::size_t k = 1; k < length; ++k)
            c = c << 6U | (u8(text, i + k) & 0x3fU);
        out.push_back(c);
        i += length;
    }
    return out;
}

} // namespace

void wrapImage(QPDF &pdf, const std::string &path, const Paper &paper)
{
    std::string bytes = slurp(path);
    if (bytes.starts_with("\xff\xd8\xff")) {
        const Image image = inspectJpeg(bytes);
        QPDFObjectHandle stream = imageObject(pdf, image, bufferOf(std::move(bytes)));
        stream.getDict().replaceKey("/Filter", QPDFObjectHandle::newName("/DCTDecode"));
        placeImage(pdf, stream, image, paper);
    } else if (bytes.starts_with("\x89PNG")) {
        wrapPng(pdf, bytes, paper);
    } else {
        throw Refusal{"format-unsupported", "not a picture that can be printed"};
    }
}

void wrapText(QPDF &pdf, const std::string &path, const Paper &paper)
{
    std::string text = slurp(path);
    if (text.starts_with("\xef\xbb\xbf"))
        text.erase(0, 3);
    if (text.find('\0') != std::string::npos)
        throw Refusal{"format-unsupported", "not a text"};
    if (!isUtf8(text)) { // then it is Latin-1, as older programs write it
        std::string converted;
        for (const char c : text) {
            const auto b = static_cast<unsigned char>(c);
            if (b < 0x80) {
                converted += c;
            } else {
                converted += static_cast<char>(0xc0U | b >> 6U);
                converted += static_cast<char>(0x80U | (b & 0x3fU));
            }
        }
        text = std::move(converted);
    }
    constexpr double kSize = 10;
    constexpr double kLeading = 12;
    constexpr double kMargin = 54;
    const auto columns = static_cast<std::size_t>(std::max(10.0, (paper.width - 2 * kMargin) / (kSize * 0.6)));
    const auto rows = static_cast<std::size_t>(std::max(5.0, (paper.height - 2 * kMargin) / kLeading));

    std::vector<std::vector<std::string>> pages(1);
    std::string line; // in WinAnsi
    const auto put = [&] {
        if (pages.back().size() == rows)
            pages.emplace_back();
        pages.back().push_back(std::exchange(line, {}));
    };
    std::size_t unknown = 0;
    std::size_t known = 0;
    bool open = false;
    for (const char32_t c : decodeUtf8(text)) {
        open = c != '\n' && c != '\f';
        if (c == '\r')
            continue;
        if (c == '\n') {
            put();
        } else if (c == '\f') {
            if (!line.empty())
                put();
            pages.emplace_back();
        } else if (c == '\t') {
            do
                line += ' ';
            while (line.size() % 8 != 0);
        } else if (c >= 0x20) {
            const unsigned code = winAnsi(c);
            ++(code != 0 ? known : unknown);
            line += static_cast<char>(code != 0 ? code : '?');
        }
        if (line.size() > columns) { // at the last space, or where it must be
            const std::size_t space = line.rfind(' ', columns);
            const std::size_t cut = space == std::string::npos || space < columns / 2 ? columns : space + 1;
            std::string rest = line.substr(cut);
            line.resize(cut);
            put();
            line = std::move(rest);
        }
        if (pages.size() > 5000)
            throw Refusal{"format-unsupported", "the text is too long"};
    }
    if (open || pages.front().empty())
        put();
    // A page full of question marks helps nobody.
    if (unknown > 0 && unknown * 20 > known)
        throw Refusal{"format-unsupported", "the text's script has no font here"};

    QPDFObjectHandle resources = QPDFObjectHandle::parse(
        "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>>>>>");
    resources = pdf.makeIndirectObject(resources);
    for (const std::vector<std::string> &page : pages) {
        std::string content = "BT /F " + decimal(kSize) + " Tf " + decimal(kLeading) + " TL " + decimal(kMargin) + " " +
                              decimal(paper.height - kMargin - kSize) + " Td\n";
        for (const std::string &row : page)
            content += "<" + toHex(row) + "> Tj T*\n";
        addPage(pdf, paper.width, paper.height, content + "ET", resources);
    }
}

} // namespace connector::render
