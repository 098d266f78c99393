// SPDX-License-Identifier: Apache-2.0
// Encodes one page into a file while its lines come in; how many there will be need not be known.
// The file appears under its name when it is complete and synced; until then it is hidden and ends in ".part".
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace connector::scan_worker {

struct PageFormat {
    int width = 0;    // pixels
    int channels = 3; // 3: colour, 1: grey, 0: one bit per pixel, 1 is black
    int dpi = 0;
    int jpegQuality = 85;
};

struct WrittenPage {
    std::string path;
    int height = 0;
    std::int64_t bytes = 0;
};

class PageWriter {
public:
    virtual ~PageWriter() = default; // without finish(): nothing remains

    // One line, as many bytes as the format needs. False: see error().
    virtual bool line(const std::uint8_t *data) = 0;
    // False: see error(); also for a page without a line.
    virtual bool finish(WrittenPage &page) = 0;

    int error() const { return m_error; } // errno; 0: the picture cannot be encoded
    const std::string &temporaryPath() const { return m_temporary; }

protected:
    int m_error = 0;
    std::string m_temporary;
};

// `base`: "/folder/page-0001", to which ".jpg" or ".png" (one bit) is added. Null with errno set when it cannot be
// made.
std::unique_ptr<PageWriter> makePageWriter(const std::string &base, const PageFormat &format);

} // namespace connector::scan_worker
