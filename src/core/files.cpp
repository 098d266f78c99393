// SPDX-License-Identifier: Apache-2.0
#include "core/files.h"

#include "core/bytes.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace connector {

Error localIoError(std::string_view what, int errnoValue)
{
    Error error{errnoValue == ENOENT ? Errc::NotFound : Errc::LocalIo,
                std::string(what) + ": " + std::strerror(errnoValue), "disk"};
    if (errnoValue == ENOSPC || errnoValue == EDQUOT)
        error.stable = "disk-full";
    return error;
}

Result<std::string> readFile(const std::filesystem::path &path, std::size_t limit)
{
    auto source = FileSource::open(path);
    if (!source)
        return std::move(source).error();
    std::string all;
    std::array<char, 65536> buffer{};
    for (;;) {
        auto n = source->read(buffer);
        if (!n)
            return std::move(n).error();
        if (*n == 0)
            return all;
        if (*n > limit - all.size())
            return Error{Errc::LocalIo, "file is larger than expected", "disk"};
        all.append(buffer.data(), *n);
    }
}

Result<void> requireSpace(const std::filesystem::path &folder, std::int64_t bytes)
{
    constexpr std::uintmax_t kReserve = 64U << 20U;
    std::error_code ec;
    const auto space = std::filesystem::space(folder, ec);
    if (ec)
        return localIoError("ask for free space", ec.value());
    if (space.available < kReserve + static_cast<std::uintmax_t>(std::max<std::int64_t>(0, bytes)))
        return localIoError("not enough space", ENOSPC);
    return {};
}

Result<void> syncFolder(const std::filesystem::path &folder)
{
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return localIoError("open folder", errno);
    const int rc = ::fsync(fd);
    const int code = errno;
    ::close(fd);
    if (rc != 0)
        return localIoError("sync folder", code);
    return {};
}

Result<void> writeFileDurably(const std::filesystem::path &path, std::string_view bytes)
{
    std::filesystem::path aside = path;
    aside += ".new";
    {
        auto sink = FileSink::open(aside);
        if (!sink)
            return std::move(sink).error();
        if (auto r = sink->write(bytes); !r)
            return r;
        if (auto r = sink->sync(); !r)
            return r;
    }
    if (::rename(aside.c_str(), path.c_str()) != 0)
        return localIoError("rename", errno);
    return syncFolder(path.has_parent_path() ? path.parent_path() : ".");
}

namespace {

Result<void> closeToOthers(const std::filesystem::path &folder)
{
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return localIoError("open folder", errno);
    const auto refuse = [&](std::string_view why) {
        return Error{Errc::LocalIo, folder.string() + std::string(why), "disk"};
    };
    struct stat status {};
    Result<void> result;
    if (::fstat(fd, &status) != 0)
        result = localIoError("look at folder", errno);
    else if (status.st_uid != ::geteuid() && status.st_uid != 0)
        result = refuse(" belongs to somebody else");
    else if ((status.st_mode & (S_ISVTX | S_IWOTH)) != 0)
        result = refuse(" is a place where everybody may write"); // as /tmp: to close it would harm others
    else if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        result = {};
    else if (status.st_uid != ::geteuid())
        result = refuse(" can be read by others");
    else if (::fchmod(fd, 0700) != 0)
        result = localIoError("close folder to others", errno);
    ::close(fd);
    return result;
}

} // namespace

Result<void> makePrivateFolder(const std::filesystem::path &folder)
{
    std::error_code ec;
    if (std::filesystem::is_directory(folder, ec))
        return closeToOthers(folder);
    if (folder.has_parent_path() && !std::filesystem::exists(folder.parent_path(), ec)) {
        if (auto r = makePrivateFolder(folder.parent_path()); !r)
            return r;
    }
    if (::mkdir(folder.c_str(), 0700) == 0)
        return {};
    if (errno != EEXIST)
        return localIoError("make folder", errno);
    return closeToOthers(folder); // somebody was faster
}

} // namespace connector
