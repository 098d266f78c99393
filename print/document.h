// SPDX-License-Identifier: Apache-2.0
// Makes a file into something that the printer takes; foreign bytes are only parsed in render-worker, a child process.
#pragma once

#include "print/printer.h"

#include <filesystem>

namespace connector {

// The MIME type of a file name's extension ("pdf", lower case, without the dot); "" for what is never printed.
std::string_view mimeTypeOf(std::string_view extension) noexcept;

// Whether a file of that extension can be printed on a printer that takes these formats: as it is, by way of
// render-worker, or not.
enum class Convertibility { AsIs, Worker, Unsupported };
Convertibility convertibility(std::string_view extension, const std::vector<std::string> &printerFormats);

struct DocumentInfo {
    int pages = 0;
    bool encrypted = false;
};

// Reads a PDF's structure in render-worker. DataLoss (stable "document-damaged"), Unsupported (stable
// "document-encrypted": it needs a password to be opened), Unavailable where the worker crashed.
Result<DocumentInfo> inspectPdf(const std::filesystem::path &worker, const std::filesystem::path &file,
                                const Call &call);

struct PrepareRequest {
    std::filesystem::path body; // what was fetched
    std::string format;         // its MIME type
    std::filesystem::path
        out; // what is to be sent: written anew (write-temp, sync, rename); may be a hard link to body
    std::vector<PageRange> pageRanges;
    std::filesystem::path worker; // the render-worker program
};

struct Prepared {
    std::string format;             // of `out`
    int pages = 0;                  // that one copy will print; 0 where nobody knows
    bool pageRangesApplied = false; // `out` holds the wished pages only: leave page-ranges out of the ticket
};

// Checks the document and converts it where the printer does not take it as it is; picks the pages itself where the
// printer cannot. Errors as inspectPdf's, Unsupported (stable "unsupported-type"), InvalidArgument (stable
// "ticket-refused": no such page), LocalIo. Blocks; Cancelled kills the worker.
Result<Prepared> prepareDocument(const PrepareRequest &request, const PrinterCapabilities &printer, const Call &call);

} // namespace connector
