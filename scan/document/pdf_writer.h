// SPDX-License-Identifier: Apache-2.0
// Puts scanned pages into one PDF, taking the encoded pictures over as they are. Thread-safe; blocks on local I/O.
#pragma once

#include "scan/scanner.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace connector {

struct PdfMetadata {
    std::string title; // UTF-8
    std::string author;
    std::chrono::system_clock::time_point createdAt; // the same input gives the same bytes
};

struct AssembledPdf {
    int pages = 0;
    std::int64_t bytes = 0;
};

// Writes `out` in one step (aside, synced, renamed); only buffers of the pages are ever in memory. Pages are JPEG (grey
// or colour) or PNG (grey or colour without transparency, not interlaced); each page's size follows from its dpi.
// call.onProgress tells the bytes written. DataLoss "page-damaged" for a page that is not what it should be, LocalIo
// ("disk-full"), InvalidArgument without pages, Cancelled, Timeout: then nothing of `out` remains.
Result<AssembledPdf> assemblePdf(const std::vector<ScannedPage> &pages, const PdfMetadata &metadata,
                                 const std::filesystem::path &out, const Call &call);

} // namespace connector
