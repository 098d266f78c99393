// SPDX-License-Identifier: Apache-2.0
#include "scan/worker/page_reader.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <thread>
#include <unistd.h>
#include <vector>

namespace connector::scan_worker {

bool PageReader::read(int number, WrittenPage &page)
{
    char name[32];
    std::snprintf(name, sizeof name, "/page-%04d", number);
    SANE_Parameters p{};
    if (!parameters(p))
        return false;
    const bool ok = p.format == SANE_FRAME_RGB || p.format == SANE_FRAME_GRAY ? readOneFrame(m_folder + name, p)
                                                                              : readThreeFrames(m_folder + name, p);
    if (ok && !m_writer->finish(page))
        writerFailed();
    m_watch.temporary({});
    m_writer.reset();
    return m_failure.native.empty();
}

bool PageReader::refuse(Failure f)
{
    m_failure = std::move(f);
    return false;
}

bool PageReader::writerFailed()
{
    const int e = m_writer ? m_writer->error() : errno;
    if (e == ENOSPC || e == EDQUOT || e == EFBIG)
        return refuse({"disk-full", std::strerror(e), "the page does not fit on the disk"});
    return refuse(
        {e != 0 ? "local-io" : "scanner-failed", e != 0 ? std::strerror(e) : "picture", "the page cannot be written"});
}

bool PageReader::parameters(SANE_Parameters &p)
{
    const SANE_Status s = sane_get_parameters(m_device.handle(), &p);
    if (s != SANE_STATUS_GOOD)
        return refuse(failureFrom(s));
    const int channels = p.format == SANE_FRAME_RGB ? 3 : 1;
    const std::int64_t bits = static_cast<std::int64_t>(p.pixels_per_line) * channels * p.depth;
    if (p.pixels_per_line < 1 || p.pixels_per_line > 65000 || p.bytes_per_line < (bits + 7) / 8 ||
        p.bytes_per_line > (1 << 20) ||
        (p.depth != 8 && p.depth != 16 && !(p.depth == 1 && p.format == SANE_FRAME_GRAY)))
        return refuse({"settings-refused", "format", "the device sends a format that is not supported"});
    return true;
}

bool PageReader::open(const std::string &base, const SANE_Parameters &p, int channels)
{
    m_format = {p.pixels_per_line, p.depth == 1 ? 0 : channels, m_resolution, m_quality};
    m_writer = makePageWriter(base, m_format);
    if (!m_writer)
        return writerFailed();
    m_watch.temporary(m_writer->temporaryPath());
    return true;
}

template <class Take>
bool PageReader::lines(const SANE_Parameters &p, int channels, Take take)
{
    const auto lineBytes = static_cast<std::size_t>(p.bytes_per_line);
    const auto samples = static_cast<std::size_t>(p.pixels_per_line) * static_cast<std::size_t>(channels);
    const std::int64_t total = p.lines > 0 ? static_cast<std::int64_t>(p.lines) * p.bytes_per_line : -1;
    std::vector<SANE_Byte> buffer(std::max<std::size_t>(lineBytes * 8, 32768));
    std::vector<std::uint8_t> reduced(p.depth == 16 ? samples : 0);
    std::size_t held = 0;
    std::int64_t got = 0;
    for (;;) {
        if (m_watch.cancelled())
            return refuse({"", "cancelled", "cancelled"});
        m_watch.alive();
        SANE_Int n = 0;
        const SANE_Status s =
            sane_read(m_device.handle(), buffer.data() + held, static_cast<SANE_Int>(buffer.size() - held), &n);
        if (m_watch.cancelled())
            return refuse({"", "cancelled", "cancelled"});
        if (s == SANE_STATUS_EOF)
            return true;
        if (s != SANE_STATUS_GOOD)
            return refuse(failureFrom(s));
        if (n == 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(1)); // a driver that does not block
        held += static_cast<std::size_t>(n);
        got += n;
        std::size_t at = 0;
        for (; held - at >= lineBytes; at += lineBytes) {
            const std::uint8_t *line = buffer.data() + at;
            if (p.depth == 16) { // in the machine's byte order: keep the higher half
                for (std::size_t i = 0; i < samples; ++i) {
                    std::uint16_t v = 0;
                    std::memcpy(&v, line + 2 * i, 2);
                    reduced[i] = static_cast<std::uint8_t>(v >> 8U);
                }
                line = reduced.data();
            }
            if (!take(line))
                return false;
        }
        std::memmove(buffer.data(), buffer.data() + at, held - at);
        held -= at;
        if (const auto now = std::chrono::steady_clock::now(); now - m_lastProgress > std::chrono::milliseconds(100)) {
            m_lastProgress = now;
            say({{"event", "progress"}, {"bytes", got}, {"totalBytes", total}});
        }
    }
}

bool PageReader::readOneFrame(const std::string &base, const SANE_Parameters &p)
{
    const int channels = p.format == SANE_FRAME_RGB ? 3 : 1;
    return open(base, p, channels) &&
           lines(p, channels, [&](const std::uint8_t *line) { return m_writer->line(line) || writerFailed(); });
}

bool PageReader::readThreeFrames(const std::string &base, SANE_Parameters p)
{
    struct Closer {
        void operator()(FILE *f) const { std::fclose(f); }
    };
    std::map<SANE_Frame, std::unique_ptr<FILE, Closer>> frames;
    const auto width = static_cast<std::size_t>(p.pixels_per_line);
    const SANE_Parameters first = p;
    for (;;) {
        std::string path = m_folder + "/.frame-XXXXXX";
        const int fd = ::mkstemp(path.data());
        if (fd < 0)
            return writerFailed();
        ::unlink(path.c_str());
        FILE *file = ::fdopen(fd, "w+");
        frames[p.format].reset(file);
        if (static_cast<std::size_t>(p.pixels_per_line) != width || p.depth == 1)
            return refuse({"settings-refused", "format", "the frames do not match"});
        if (!lines(p, 1, [&](const std::uint8_t *line) {
                if (std::fwrite(line, 1, width, file) == width)
                    return true;
                m_writer.reset();
                return writerFailed();
            }))
            return false;
        std::fflush(file);
        std::rewind(file);
        if (p.last_frame)
            break;
        if (frames.size() > 3)
            return refuse({"settings-refused", "format", "too many frames"});
        m_watch.alive();
        if (const SANE_Status s = sane_start(m_device.handle()); s != SANE_STATUS_GOOD)
            return refuse(failureFrom(s));
        if (!parameters(p))
            return false;
    }
    FILE *red = frames[SANE_FRAME_RED].get();
    FILE *green = frames[SANE_FRAME_GREEN].get();
    FILE *blue = frames[SANE_FRAME_BLUE].get();
    if (!red || !green || !blue)
        return refuse({"settings-refused", "format", "a frame is missing"});
    if (!open(base, first, 3))
        return false;
    std::vector<std::uint8_t> r(width), g(width), b(width), rgb(width * 3);
    while (std::fread(r.data(), 1, width, red) == width && std::fread(g.data(), 1, width, green) == width &&
           std::fread(b.data(), 1, width, blue) == width) {
        for (std::size_t i = 0; i < width; ++i) {
            rgb[3 * i] = r[i];
            rgb[3 * i + 1] = g[i];
            rgb[3 * i + 2] = b[i];
        }
        if (!m_writer->line(rgb.data()))
            return writerFailed();
        m_watch.alive();
    }
    return true;
}

} // namespace connector::scan_worker
