// SPDX-License-Identifier: Apache-2.0
// Streams of bytes: what a transfer reads from and writes to, so that no file has to fit into memory.
#pragma once

#include "core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace connector {

// Something that bytes are read from. One reader at a time; calls may block on local I/O.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    // Reads up to buffer.size() bytes; 0 means the end.
    virtual Result<std::size_t> read(std::span<char> buffer) = 0;
    // The announced size; a source that ends earlier is damaged (DataLoss).
    virtual std::optional<std::int64_t> size() const { return std::nullopt; }
    // Goes to an offset from the start, for a repeat or a resumed transfer. Unsupported where it cannot.
    virtual Result<void> seek(std::int64_t offset);
};

// Something that bytes are written to.
class ByteSink {
public:
    virtual ~ByteSink() = default;
    // Takes all of the bytes or fails.
    virtual Result<void> write(std::span<const char> bytes) = 0;
    // Forgets everything written so far (a transfer starts over). Unsupported where it cannot.
    virtual Result<void> restart();
};

class StringSource : public ByteSource {
public:
    // `claim` is the size it announces; the real one unless given.
    explicit StringSource(std::string bytes, std::optional<std::int64_t> claim = std::nullopt);
    Result<std::size_t> read(std::span<char> buffer) override;
    std::optional<std::int64_t> size() const override { return m_claim; }
    Result<void> seek(std::int64_t offset) override;

private:
    std::string m_bytes;
    std::int64_t m_claim;
    std::size_t m_at = 0;
};

class StringSink : public ByteSink {
public:
    // Refuses (LocalIo) to grow over `limit` bytes.
    explicit StringSink(std::size_t limit = SIZE_MAX) : m_limit(limit) {}
    Result<void> write(std::span<const char> bytes) override;
    Result<void> restart() override;
    const std::string &bytes() const { return m_bytes; }

private:
    std::string m_bytes;
    std::size_t m_limit;
};

// Reads an open file from its start. Owns the descriptor.
class FileSource : public ByteSource {
public:
    static Result<FileSource> open(const std::filesystem::path &path);
    FileSource(FileSource &&other) noexcept;
    FileSource &operator=(FileSource &&) = delete;
    ~FileSource() override;
    Result<std::size_t> read(std::span<char> buffer) override;
    std::optional<std::int64_t> size() const override { return m_size; }
    Result<void> seek(std::int64_t offset) override;

private:
    FileSource(int fd, std::int64_t size) : m_fd(fd), m_size(size) {}
    int m_fd;
    std::int64_t m_size;
};

// Writes a file, created with mode 0600. A full disk is LocalIo with the stable code "disk-full".
class FileSink : public ByteSink {
public:
    // Starts empty, or behind what is there already.
    enum class Mode { Truncate, Append };
    static Result<FileSink> open(const std::filesystem::path &path, Mode mode = Mode::Truncate);
    FileSink(FileSink &&other) noexcept;
    FileSink &operator=(FileSink &&) = delete;
    ~FileSink() override;
    Result<void> write(std::span<const char> bytes) override;
    Result<void> restart() override;
    // Waits until the bytes are on the disk.
    Result<void> sync();
    std::int64_t size() const { return m_size; }

private:
    FileSink(int fd, std::int64_t size) : m_fd(fd), m_size(size) {}
    int m_fd;
    std::int64_t m_size;
};

} // namespace connector
