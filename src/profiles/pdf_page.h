// SPDX-License-Identifier: Apache-2.0
// One page of our own on paper: text in the fonts that every printer has, lines, boxes and a QR code.
#pragma once

#include <string>
#include <string_view>

namespace connector {

// Lengths are points, from the page's upper left corner; y is a text's base line.
class PdfPage {
public:
    enum class Font { Regular, Bold, Fixed };
    PdfPage(double width, double height) : m_width(width), m_height(height) {}

    void text(double x, double y, Font font, double size, std::string_view utf8, double grey = 0);
    // Broken into lines of at most `width`; returns the base line below the last one.
    double paragraph(double x, double y, double width, Font font, double size, std::string_view utf8, double grey = 0);
    void rectangle(double x, double y, double width, double height, double grey);
    // With its quiet zone inside `side`. False where the text is too long for a QR code.
    bool qr(double x, double y, double side, std::string_view text);

    static double widthOf(Font font, double size, std::string_view utf8);
    // Whether the fonts have all letters of a text (Western languages).
    static bool canShow(std::string_view utf8);

    std::string toPdf(std::string_view title) const; // the whole document

private:
    double m_width;
    double m_height;
    std::string m_operators;
};

} // namespace connector
