// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

namespace connector::test {

// Writes a file that another program may read at any moment: it sees the old one or the new one.
inline bool writeWhole(const std::filesystem::path &path, std::string_view text)
{
    const std::filesystem::path temporary = path.string() + ".new";
    if (!(std::ofstream(temporary, std::ios::binary) << text).flush())
        return false;
    std::error_code failed;
    std::filesystem::rename(temporary, path, failed);
    return !failed;
}

} // namespace connector::test
