// SPDX-License-Identifier: Apache-2.0
// A folder for one test, removed with it.
#pragma once

#include "core/random.h"

#include <filesystem>

namespace connector::test {

class TempFolder {
public:
    TempFolder() : m_path(std::filesystem::temp_directory_path() / ("connector-test-" + makeUuid()))
    {
        std::filesystem::create_directories(m_path);
    }
    TempFolder(const TempFolder &) = delete;
    TempFolder &operator=(const TempFolder &) = delete;
    ~TempFolder()
    {
        std::error_code ec;
        std::filesystem::remove_all(m_path, ec);
    }
    const std::filesystem::path &path() const { return m_path; }
    std::filesystem::path operator/(const std::string &name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

} // namespace connector::test
