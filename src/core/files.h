// SPDX-License-Identifier: Apache-2.0
// Files that survive a crash: written aside, synced, renamed. All calls block on local I/O.
#pragma once

#include "core/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace connector {

// errno as an Error: ENOSPC and EDQUOT carry the stable code "disk-full", ENOENT is NotFound, all else LocalIo.
Error localIoError(std::string_view what, int errnoValue);

// Reads a whole small file; LocalIo when it is larger than `limit`.
Result<std::string> readFile(const std::filesystem::path &path, std::size_t limit = 16U << 20U);

// Replaces the file in one step (temporary file, fsync, rename, fsync of the folder); mode 0600.
Result<void> writeFileDurably(const std::filesystem::path &path, std::string_view bytes);

// LocalIo (stable "disk-full") when the file system of that folder has not room for so many bytes beside what the
// service itself needs to go on (64 MiB).
Result<void> requireSpace(const std::filesystem::path &folder, std::int64_t bytes);

// Syncs a folder, so that a rename in it is on the disk.
Result<void> syncFolder(const std::filesystem::path &folder);

// Makes the folder (and its parents), mode 0700. One that is there must be ours, and is then closed to others; LocalIo
// when it is somebody else's, or a place where everybody may write.
Result<void> makePrivateFolder(const std::filesystem::path &folder);

} // namespace connector
