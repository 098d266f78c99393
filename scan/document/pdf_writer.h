// SPDX-License-Identifier: Apache-2.0
// A PDF from scanned pages, which stay encoded as they are.
#pragma once

#include "core/time.h"
#include "scan/scanner.h"

#include <filesystem>

namespace connector {

struct PdfMetadata {
    std::string title;
    WallTime created{};
};

// Writes the document (write-temp, sync, rename; mode 0600) from the page files in the order given. Streams: never more
// than a piece of a page in memory. Its /ID is random: no two documents have the same bytes. InvalidArgument without
// pages, DataLoss (stable "page-damaged") for a page file that is not what it should be, LocalIo. Blocks.
Result<void> assemblePdf(const std::vector<ScannedPage> &pages, const PdfMetadata &metadata,
                         const std::filesystem::path &out, const Call &call);

} // namespace connector
