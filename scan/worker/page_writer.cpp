// SPDX-License-Identifier: Apache-2.0
#include "scan/worker/page_writer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <jpeglib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>
#include <zlib.h>

namespace connector::scan_worker {

namespace {

// The hidden file that becomes the page.
class PartFile {
public:
    PartFile(std::string path) : m_path(std::move(path))
    {
        const std::size_t slash = m_path.rfind('/') + 1; // npos + 1 is 0
        m_temporary = m_path.substr(0, slash) + "." + m_path.substr(slash) + ".part";
        m_fd = ::open(m_temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (m_fd < 0)
            m_error = errno;
    }
    PartFile(const PartFile &) = delete;
    PartFile &operator=(const PartFile &) = delete;
    ~PartFile()
    {
        if (m_fd < 0)
            return;
        ::close(m_fd);
        if (!m_done)
            ::unlink(m_temporary.c_str());
    }

    void write(const std::uint8_t *data, std::size_t size)
    {
        while (size > 0 && m_error == 0) {
            const ssize_t n = ::write(m_fd, data, size);
            if (n < 0 && errno != EINTR)
                m_error = errno;
            if (n > 0) {
                data += n;
                size -= static_cast<std::size_t>(n);
                m_size += n;
            }
        }
    }
    void patch(std::int64_t at, const std::uint8_t *data, std::size_t size)
    {
        if (m_error == 0 && ::pwrite(m_fd, data, size, at) != static_cast<ssize_t>(size))
            m_error = errno;
    }
    std::size_t readBack(std::int64_t at, std::uint8_t *data, std::size_t size) const
    {
        const ssize_t n = ::pread(m_fd, data, size, at);
        return n < 0 ? 0 : static_cast<std::size_t>(n);
    }
    bool commit()
    {
        if (m_error == 0 && ::fsync(m_fd) != 0)
            m_error = errno;
        if (m_error == 0 && ::rename(m_temporary.c_str(), m_path.c_str()) != 0)
            m_error = errno;
        if (m_error != 0)
            return false;
        m_done = true;
        const std::string folder = m_path.substr(0, std::max<std::size_t>(1, m_path.rfind('/')));
        if (const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); fd >= 0) {
            ::fsync(fd);
            ::close(fd);
        }
        return true;
    }

    int error() const { return m_error; }
    std::int64_t size() const { return m_size; }
    const std::string &path() const { return m_path; }
    const std::string &temporary() const { return m_temporary; }

private:
    std::string m_path;
    std::string m_temporary;
    int m_fd = -1;
    int m_error = 0;
    bool m_done = false;
    std::int64_t m_size = 0;
};

// libjpeg wants to know the height before the first line. It is told the largest there is, is given whole rows of
// blocks (the last line is repeated), and the true height is written into the file's header afterwards.
class JpegWriter : public PageWriter {
public:
    JpegWriter(const std::string &path, const PageFormat &format) : m_file(path)
    {
        m_temporary = m_file.temporary();
        m_error = m_file.error();
        m_lineBytes = static_cast<std::size_t>(format.width) * static_cast<std::size_t>(format.channels);
        m_last.resize(m_lineBytes);
        m_jpeg.err = jpeg_std_error(&m_trouble.base);
        m_trouble.base.error_exit = [](j_common_ptr info) {
            std::longjmp(reinterpret_cast<Trouble *>(info->err)->back, 1);
        };
        m_trouble.base.output_message = [](j_common_ptr) {};
        guarded([&] {
            jpeg_create_compress(&m_jpeg);
            m_created = true;
            m_jpeg.client_data = this;
            m_destination.init_destination = [](j_compress_ptr info) { of(info).restart(); };
            m_destination.empty_output_buffer = [](j_compress_ptr info) -> boolean {
                of(info).m_file.write(of(info).m_buffer.data(), of(info).m_buffer.size());
                of(info).restart();
                return TRUE;
            };
            m_destination.term_destination = [](j_compress_ptr info) {
                of(info).m_file.write(of(info).m_buffer.data(),
                                      of(info).m_buffer.size() - of(info).m_destination.free_in_buffer);
            };
            m_jpeg.dest = &m_destination;
            m_jpeg.image_width = static_cast<JDIMENSION>(format.width);
            m_jpeg.image_height = kMostLines;
            m_jpeg.input_components = format.channels;
            m_jpeg.in_color_space = format.channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
            jpeg_set_defaults(&m_jpeg);
            jpeg_set_quality(&m_jpeg, std::clamp(format.jpegQuality, 1, 100), TRUE);
            m_jpeg.density_unit = 1;
            m_jpeg.X_density = static_cast<UINT16>(format.dpi);
            m_jpeg.Y_density = static_cast<UINT16>(format.dpi);
            jpeg_start_compress(&m_jpeg, TRUE);
        });
    }
    JpegWriter(const JpegWriter &) = delete;
    JpegWriter &operator=(const JpegWriter &) = delete;
    ~JpegWriter() override
    {
        if (m_created)
            jpeg_destroy_compress(&m_jpeg);
    }

    bool line(const std::uint8_t *data) override
    {
        if (m_broken || m_file.error() != 0 || m_height >= static_cast<int>(kMostLines))
            return failed();
        std::memcpy(m_last.data(), data, m_lineBytes);
        const bool written = guarded([this] {
            JSAMPROW row = m_last.data();
            jpeg_write_scanlines(&m_jpeg, &row, 1);
        });
        ++m_height;
        return (written && m_file.error() == 0) || failed();
    }

    bool finish(WrittenPage &page) override
    {
        if (m_broken || m_height == 0 || m_file.error() != 0)
            return failed();
        const bool ended = guarded([this] {
            const auto block = static_cast<JDIMENSION>(m_jpeg.max_v_samp_factor * DCTSIZE);
            JSAMPROW row = m_last.data();
            while (m_jpeg.next_scanline % block != 0)
                jpeg_write_scanlines(&m_jpeg, &row, 1);
            m_jpeg.image_height = m_jpeg.next_scanline;
            jpeg_finish_compress(&m_jpeg);
        });
        if (!ended || !writeHeight() || !m_file.commit())
            return failed();
        page = {m_file.path(), m_height, m_file.size()};
        return true;
    }

private:
    struct Trouble {
        jpeg_error_mgr base;
        std::jmp_buf back;
    };
    static constexpr JDIMENSION kMostLines = 65488; // a whole number of blocks under libjpeg's limit

    // libjpeg reports what it cannot go on from by a jump. Nothing that needs a destructor may live in `work`.
    template <class Work>
    [[gnu::noinline]] bool guarded(Work work)
    {
        if (setjmp(m_trouble.back) != 0) {
            m_broken = true;
            return false;
        }
        work();
        return true;
    }

    static JpegWriter &of(j_compress_ptr info) { return *static_cast<JpegWriter *>(info->client_data); }
    void restart()
    {
        m_destination.next_output_byte = m_buffer.data();
        m_destination.free_in_buffer = m_buffer.size();
    }
    bool failed()
    {
        m_error = m_file.error();
        return false;
    }
    bool writeHeight()
    {
        std::array<std::uint8_t, 4096> head{};
        const std::size_t n = m_file.readBack(0, head.data(), head.size());
        for (std::size_t at = 2; at + 9 < n && head[at] == 0xff;) {
            if (head[at + 1] >= 0xc0 && head[at + 1] <= 0xc2) { // start of frame: length, precision, height, width
                const std::array<std::uint8_t, 2> height{static_cast<std::uint8_t>(m_height >> 8),
                                                         static_cast<std::uint8_t>(m_height & 0xff)};
                m_file.patch(static_cast<std::int64_t>(at) + 5, height.data(), height.size());
                return m_file.error() == 0;
            }
            at += 2U + (static_cast<std::size_t>(head[at + 2]) << 8U) + head[at + 3];
        }
        return false;
    }

    PartFile m_file;
    jpeg_compress_struct m_jpeg{};
    jpeg_destination_mgr m_destination{};
    Trouble m_trouble{};
    std::array<std::uint8_t, 65536> m_buffer{};
    std::vector<std::uint8_t> m_last;
    std::size_t m_lineBytes = 0;
    int m_height = 0;
    bool m_created = false;
    bool m_broken = false;
};

// One bit per pixel as PNG: its compressed lines can be taken over into a PDF as they are.
class PngWriter : public PageWriter {
public:
    PngWriter(const std::string &path, const PageFormat &format) : m_file(path), m_width(format.width)
    {
        m_temporary = m_file.temporary();
        m_error = m_file.error();
        m_row.resize(1 + (static_cast<std::size_t>(format.width) + 7) / 8); // [0]: filter "none"
        m_zOk = deflateInit(&m_z, 6) == Z_OK;
        restart();
        static constexpr std::array<std::uint8_t, 8> kSignature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
        m_file.write(kSignature.data(), kSignature.size());
        chunk("IHDR", header().data(), kHeader);
        std::array<std::uint8_t, 9> density{};
        const auto perMetre = static_cast<std::uint32_t>(format.dpi / 0.0254 + 0.5);
        put32(density.data(), perMetre);
        put32(density.data() + 4, perMetre);
        density[8] = 1;
        chunk("pHYs", density.data(), density.size());
    }
    PngWriter(const PngWriter &) = delete;
    PngWriter &operator=(const PngWriter &) = delete;
    ~PngWriter() override
    {
        if (m_zOk)
            deflateEnd(&m_z);
    }

    bool line(const std::uint8_t *data) override
    {
        if (!m_zOk || m_file.error() != 0)
            return failed();
        for (std::size_t i = 1; i < m_row.size(); ++i)
            m_row[i] = static_cast<std::uint8_t>(~data[i - 1]); // PNG's 0 is black
        ++m_height;
        m_z.next_in = m_row.data();
        m_z.avail_in = static_cast<uInt>(m_row.size());
        while (m_z.avail_in > 0)
            compress(Z_NO_FLUSH);
        return m_file.error() == 0 || failed();
    }

    bool finish(WrittenPage &page) override
    {
        if (!m_zOk || m_height == 0 || m_file.error() != 0)
            return failed();
        while (compress(Z_FINISH) != Z_STREAM_END && m_file.error() == 0) {
        }
        flushChunk();
        chunk("IEND", nullptr, 0);
        const auto h = header();
        std::array<std::uint8_t, 4 + kHeader + 4> whole{'I', 'H', 'D', 'R'};
        std::copy(h.begin(), h.end(), whole.begin() + 4);
        put32(whole.data() + 4 + kHeader, static_cast<std::uint32_t>(crc32(0, whole.data(), 4 + kHeader)));
        m_file.patch(12, whole.data(), whole.size());
        if (!m_file.commit())
            return failed();
        page = {m_file.path(), m_height, m_file.size()};
        return true;
    }

private:
    static constexpr std::size_t kHeader = 13;

    static void put32(std::uint8_t *to, std::uint32_t value)
    {
        for (int i = 0; i < 4; ++i)
            to[i] = static_cast<std::uint8_t>(value >> (24U - 8U * static_cast<unsigned>(i)));
    }
    std::array<std::uint8_t, kHeader> header() const
    {
        std::array<std::uint8_t, kHeader> h{};
        put32(h.data(), static_cast<std::uint32_t>(m_width));
        put32(h.data() + 4, static_cast<std::uint32_t>(m_height));
        h[8] = 1; // bit depth; colour type 0 (grey), deflate, no interlace
        return h;
    }
    bool failed()
    {
        m_error = m_file.error();
        return false;
    }
    void restart()
    {
        m_z.next_out = m_buffer.data();
        m_z.avail_out = static_cast<uInt>(m_buffer.size());
    }
    int compress(int flush)
    {
        const int r = deflate(&m_z, flush);
        if (m_z.avail_out == 0)
            flushChunk();
        return r;
    }
    void flushChunk()
    {
        if (const std::size_t n = m_buffer.size() - m_z.avail_out; n > 0)
            chunk("IDAT", m_buffer.data(), n);
        restart();
    }
    void chunk(const char *type, const std::uint8_t *data, std::size_t size)
    {
        std::array<std::uint8_t, 8> head{};
        put32(head.data(), static_cast<std::uint32_t>(size));
        std::memcpy(head.data() + 4, type, 4);
        uLong crc = crc32(0, head.data() + 4, 4);
        if (size > 0)
            crc = crc32(crc, data, static_cast<uInt>(size));
        std::array<std::uint8_t, 4> tail{};
        put32(tail.data(), static_cast<std::uint32_t>(crc));
        m_file.write(head.data(), head.size());
        m_file.write(data, size);
        m_file.write(tail.data(), tail.size());
    }

    PartFile m_file;
    int m_width;
    int m_height = 0;
    z_stream m_z{};
    bool m_zOk = false;
    std::array<std::uint8_t, 65536> m_buffer{};
    std::vector<std::uint8_t> m_row;
};

} // namespace

std::unique_ptr<PageWriter> makePageWriter(const std::string &base, const PageFormat &format)
{
    std::unique_ptr<PageWriter> writer;
    if (format.channels == 0)
        writer = std::make_unique<PngWriter>(base + ".png", format);
    else
        writer = std::make_unique<JpegWriter>(base + ".jpg", format);
    if (writer->error() != 0) {
        errno = writer->error();
        return nullptr;
    }
    return writer;
}

} // namespace connector::scan_worker
