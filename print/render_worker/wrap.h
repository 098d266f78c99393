// SPDX-License-Identifier: Apache-2.0
// Pictures and texts as pages of a PDF.
#pragma once

#include <string>

class QPDF;

namespace connector::render {

// What ends the worker's command: one of the product's stable codes.
struct Refusal {
    std::string code;
    std::string message;
};

struct Paper {
    double width = 0; // points
    double height = 0;
};

void wrapImage(QPDF &pdf, const std::string &path, const Paper &paper);
void wrapText(QPDF &pdf, const std::string &path, const Paper &paper);

} // namespace connector::render
