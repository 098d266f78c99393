// SPDX-License-Identifier: Apache-2.0
#include "core/bytes.h"

#include "core/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace connector {

Result<void> ByteSource::seek(std::int64_t)
{
    return Error{Errc::Unsupported, "this source cannot be read again"};
}

Result<void> ByteSink::restart()
{
    return Error{Errc::Unsupported, "this sink cannot start over"};
}

StringSource::StringSource(std::string bytes, std::optional<std::int64_t> claim)
    : m_bytes(std::move(bytes)), m_claim(claim.value_or(static_cast<std::int64_t>(m_bytes.size())))
{
}

Result<std::size_t> StringSource::read(std::span<char> buffer)
{
    const std::size_t n = std::min(buffer.size(), m_bytes.size() - m_at);
    std::memcpy(buffer.data(), m_bytes.data() + m_at, n);
    m_at += n;
    return n;
}

Result<void> StringSource::seek(std::int64_t offset)
{
    if (offset < 0)
        return Error{Errc::InvalidArgument, "negative offset"};
    m_at = std::min(static_cast<std::size_t>(offset), m_bytes.size());
    return {};
}

Result<void> StringSink::write(std::span<const char> bytes)
{
    if (bytes.size() > m_limit - m_bytes.size())
        return Error{Errc::LocalIo, "more bytes than expected"};
    m_bytes.append(bytes.data(), bytes.size());
    return {};
}

Result<void> StringSink::restart()
{
    m_bytes.clear();
    return {};
}

Result<FileSource> FileSource::open(const std::filesystem::path &path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return localIoError("open", errno);
    struct stat st {};
    if (::fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        const int code = errno;
        ::close(fd);
        return localIoError("stat", code);
    }
    return FileSource(fd, st.st_size);
}

FileSource::FileSource(FileSource &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)), m_size(other.m_size) {}

FileSource::~FileSource()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<std::size_t> FileSource::read(std::span<char> buffer)
{
    for (;;) {
        const ssize_t n = ::read(m_fd, buffer.data(), buffer.size());
        if (n >= 0)
            return static_cast<std::size_t>(n);
        if (errno != EINTR)
            return localIoError("read", errno);
    }
}

Result<void> FileSource::seek(std::int64_t offset)
{
    if (::lseek(m_fd, offset, SEEK_SET) < 0)
        return localIoError("seek", errno);
    return {};
}

Result<FileSink> FileSink::open(const std::filesystem::path &path, Mode mode)
{
    const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (mode == Mode::Truncate ? O_TRUNC : O_APPEND);
    const int fd = ::open(path.c_str(), flags, 0600);
    if (fd < 0)
        return localIoError("create", errno);
    struct stat st {};
    if (::fstat(fd, &st) != 0) {
        const int code = errno;
        ::close(fd);
        return localIoError("stat", code);
    }
    return FileSink(fd, st.st_size);
}

FileSink::FileSink(FileSink &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)), m_size(other.m_size) {}

FileSink::~FileSink()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<void> FileSink::write(std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(m_fd, bytes.data(), bytes.size());
        if (n < 0) {
            if (errno == EINTR)
                continue;
            return localIoError("write", errno);
        }
        m_size += n;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Result<void> FileSink::restart()
{
    if (::ftruncate(m_fd, 0) != 0 || ::lseek(m_fd, 0, SEEK_SET) < 0)
        return localIoError("truncate", errno);
    m_size = 0;
    return {};
}

Result<void> FileSink::sync()
{
    if (::fdatasync(m_fd) != 0)
        return localIoError("sync", errno);
    return {};
}

} // namespace connector
