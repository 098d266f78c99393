// SPDX-License-Identifier: Apache-2.0
// Documents before they go to a printer: what they are, and what has to be done to them. The work on foreign bytes
// happens in the worker program render-worker: bounded memory and time, no network; its crash is an error here.
#pragma once

#include "core/call.h"
#include "print/printer.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace connector {

struct DocumentInfo {
    int pages = 0;
    bool encrypted = false; // it opens without a password; rewritten (subset), it is not encrypted any more
    bool repaired = false;  // not quite as the format demands; rewritten, it is
    double width = 0;       // the first page's media box, in points
    double height = 0;
};

// The paper that a picture or a text is laid out for, in points.
struct PaperSize {
    double width = 595.28; // A4
    double height = 841.89;
};
// Of a self-describing media name ("iso_a4_210x297mm", "na_letter_8.5x11in"); A4 for what is none.
PaperSize paperSizeOf(std::string_view media);

// Errors of all: DataLoss "document-damaged" (also where the worker crashes or takes over a minute or a gigabyte),
// Unsupported "document-encrypted" (a password is needed) and "format-unsupported", LocalIo, Cancelled, Timeout.
// Thread-safe; blocks. `out` is written in one step.
class RenderWorker {
public:
    explicit RenderWorker(std::filesystem::path program) : m_program(std::move(program)) {}

    Result<DocumentInfo> inspectPdf(const std::filesystem::path &file, const Call &call) const;

    // The pages asked for (all, without ranges), in order. InvalidArgument "ticket-refused" where none of them is
    // there.
    Result<DocumentInfo> subsetPdf(const std::filesystem::path &file, const std::filesystem::path &out,
                                   const std::vector<PageRange> &ranges, const Call &call) const;

    // A picture ("image/jpeg", taken over without decoding; "image/png") or a text ("text/plain", UTF-8, Western
    // characters only) as a PDF for the paper; a picture is turned and scaled to fit.
    Result<DocumentInfo> toPdf(const std::filesystem::path &file, const std::string &format,
                               const std::filesystem::path &out, const PaperSize &paper, const Call &call) const;

private:
    Result<DocumentInfo> run(std::vector<std::string> arguments, const Call &call) const;

    std::filesystem::path m_program;
};

// "Plan.PDF" -> "application/pdf"; empty for what is not known. By the name alone.
std::string formatOfName(std::string_view fileName);

struct Conversion {
    enum class Route { AsIs, ThroughWorker, Unsupported } route = Route::Unsupported;
    std::string sendAs; // the format that goes to the printer
};

// How a document of this format gets onto a printer that takes these formats.
Conversion conversionFor(std::string_view format, const std::vector<std::string> &printerFormats);

} // namespace connector
