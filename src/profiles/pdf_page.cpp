// SPDX-License-Identifier: Apache-2.0
#include "profiles/pdf_page.h"

#include "core/encoding.h"

#include <qrencode.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

namespace connector {

namespace {

// Widths of the letters from ' ' to '~', in thousandths of the size (Adobe's metrics of Helvetica).
constexpr std::array<std::uint16_t, 95> kRegular{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
constexpr std::array<std::uint16_t, 95> kBold{
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584};
// The plain letters that stand for À to ÿ when only their width is asked for.
constexpr std::string_view kPlain = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYPsaaaaaaaceeeeiiiidnooooo+ouuuuypy";
static_assert(kPlain.size() == 64);
// Where Windows-1252, the fonts' encoding, differs from Unicode.
constexpr std::array<std::uint16_t, 32> kFrom128{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                 0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// One byte per letter; '\0' for one that the fonts do not have.
std::string toWestern(std::string_view utf8)
{
    std::string out;
    const std::string sound = makeUtf8(utf8);
    for (std::size_t i = 0; i < sound.size();) {
        const auto lead = static_cast<unsigned char>(sound[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t letter = length == 1 ? lead : lead & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length; ++k)
            letter = letter << 6U | (static_cast<unsigned char>(sound[i + k]) & 0x3FU);
        i += length;
        char byte = '\0';
        if ((letter >= 0x20 && letter < 0x7F) || (letter >= 0xA0 && letter <= 0xFF))
            byte = static_cast<char>(letter);
        for (std::size_t k = 0; k < kFrom128.size(); ++k)
            if (kFrom128[k] == letter && letter != 0)
                byte = static_cast<char>(128 + k);
        out += byte;
    }
    return out;
}

std::string number(double value)
{
    char out[32];
    std::snprintf(out, sizeof out, "%.2f", value);
    return out;
}

struct QrDeleter {
    void operator()(QRcode *code) const { QRcode_free(code); }
};

} // namespace

bool PdfPage::canShow(std::string_view utf8)
{
    return toWestern(utf8).find('\0') == std::string::npos;
}

double PdfPage::widthOf(Font font, double size, std::string_view utf8)
{
    double sum = 0;
    for (const char c : toWestern(utf8)) {
        auto u = static_cast<unsigned char>(c);
        if (u >= 0xC0)
            u = static_cast<unsigned char>(kPlain[u - 0xC0U]);
        const bool known = u >= 0x20 && u < 0x7F;
        sum += font == Font::Fixed ? 600 : !known ? 556 : (font == Font::Bold ? kBold : kRegular)[u - 0x20U];
    }
    return sum * size / 1000;
}

void PdfPage::text(double x, double y, Font font, double size, std::string_view utf8, double grey)
{
    std::string escaped;
    for (char c : toWestern(utf8)) {
        if (c == '\0')
            c = '?';
        if (c == '(' || c == ')' || c == '\\')
            escaped += '\\';
        escaped += c;
    }
    m_operators += number(grey) + " g BT /F" + std::to_string(static_cast<int>(font)) + " " + number(size) + " Tf " +
                   number(x) + " " + number(m_height - y) + " Td (" + escaped + ") Tj ET\n";
}

double PdfPage::paragraph(double x, double y, double width, Font font, double size, std::string_view utf8, double grey)
{
    const double step = size * 1.4;
    std::string line;
    const auto put = [&] {
        text(x, y, font, size, line, grey);
        y += step;
        line.clear();
    };
    for (std::size_t at = 0; at < utf8.size();) {
        const auto end = std::min(utf8.find(' ', at), utf8.size());
        const std::string word(utf8.substr(at, end - at));
        if (!line.empty() && widthOf(font, size, line + " " + word) > width)
            put();
        for (const char c : (line.empty() ? "" : " ") + word) {
            // A word that is longer than a line (an address) is cut.
            const bool begins = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
            if (begins && widthOf(font, size, line + (c == ' ' ? ' ' : 'm')) > width &&
                widthOf(font, size, word) > width)
                put();
            line += c;
        }
        at = end + 1;
    }
    if (!line.empty())
        put();
    return y;
}

void PdfPage::rectangle(double x, double y, double width, double height, double grey)
{
    m_operators += number(grey) + " g " + number(x) + " " + number(m_height - y - height) + " " + number(width) + " " +
                   number(height) + " re f\n";
}

bool PdfPage::qr(double x, double y, double side, std::string_view text)
{
    const std::unique_ptr<QRcode, QrDeleter> code(QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M));
    if (!code)
        return false;
    constexpr int kQuiet = 4;
    const double dot = side / (code->width + 2 * kQuiet);
    m_operators += "0 g\n";
    for (int row = 0; row < code->width; ++row)
        for (int column = 0; column < code->width;) {
            int run = 0; // neighbours as one bar, so that no printer leaves hairlines between them
            while (column + run < code->width && (code->data[row * code->width + column + run] & 1U) != 0)
                ++run;
            if (run > 0)
                m_operators += number(x + (column + kQuiet) * dot) + " " +
                               number(m_height - y - (row + kQuiet + 1) * dot) + " " + number(run * dot) + " " +
                               number(dot) + " re ";
            column += std::max(run, 1);
        }
    m_operators += "f\n";
    return true;
}

std::string PdfPage::toPdf(std::string_view title) const
{
    std::string info;
    for (const char c : toWestern(title))
        if (c != '\0' && c != '(' && c != ')' && c != '\\')
            info += c;
    const auto font = [](const char *name) {
        return std::string("<< /Type /Font /Subtype /Type1 /BaseFont /") + name + " /Encoding /WinAnsiEncoding >>";
    };
    const std::vector<std::string> objects{
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 " + number(m_width) + " " + number(m_height) +
            "] /Contents 4 0 R /Resources << /Font << /F0 5 0 R /F1 6 0 R /F2 7 0 R >> >> >>",
        "<< /Length " + std::to_string(m_operators.size()) + " >>\nstream\n" + m_operators + "\nendstream",
        font("Helvetica"),
        font("Helvetica-Bold"),
        font("Courier-Bold"),
        "<< /Title (" + info + ") >>"};
    std::string out = "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n";
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        places.push_back(out.size());
        out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const std::size_t table = out.size();
    out += "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
    for (const std::size_t place : places) {
        char line[32];
        std::snprintf(line, sizeof line, "%010zu 00000 n \n", place);
        out += line;
    }
    return out + "trailer\n<< /Size " + std::to_string(objects.size() + 1) +
           " /Root 1 0 R /Info 8 0 R >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
}

} // namespace connector
