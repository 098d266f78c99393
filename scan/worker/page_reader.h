// SPDX-License-Identifier: Apache-2.0
// Reads one page's frames from the device and writes them as they come. Used by one thread.
#pragma once

#include "scan/worker/page_writer.h"
#include "scan/worker/sane_device.h"
#include "scan/worker/watch.h"

#include <chrono>
#include <memory>
#include <string>

namespace connector::scan_worker {

class PageReader {
public:
    // Pages go to `folder`. `resolution` is in dots per inch, `quality` JPEG's (1 to 100).
    PageReader(SaneDevice &device, Watch &watch, std::string folder, int resolution, int quality)
        : m_device(device), m_watch(watch), m_folder(std::move(folder)), m_resolution(resolution), m_quality(quality)
    {
    }

    // After a good sane_start for the page's first frame. False: failure() says why.
    bool read(int number, WrittenPage &page);
    const Failure &failure() const { return m_failure; }
    int width() const { return m_format.width; }

private:
    bool refuse(Failure f);
    bool writerFailed();
    bool parameters(SANE_Parameters &p);
    bool open(const std::string &base, const SANE_Parameters &p, int channels);
    // Hands on each whole line of a frame, in 8 bits per sample (or 1 per pixel), without padding.
    template <class Take>
    bool lines(const SANE_Parameters &p, int channels, Take take);
    bool readOneFrame(const std::string &base, const SANE_Parameters &p);
    // Red, green and blue one after the other: kept on disk until all are there.
    bool readThreeFrames(const std::string &base, SANE_Parameters p);

    SaneDevice &m_device;
    Watch &m_watch;
    const std::string m_folder;
    const int m_resolution;
    const int m_quality;
    PageFormat m_format;
    std::unique_ptr<PageWriter> m_writer;
    Failure m_failure;
    std::chrono::steady_clock::time_point m_lastProgress{};
};

} // namespace connector::scan_worker
