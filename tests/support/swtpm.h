// SPDX-License-Identifier: Apache-2.0
// A TPM 2.0 of a test's own, in software.
#pragma once

#include "support/ready_program.h"

#include <filesystem>
#include <string>

namespace connector::test {

class Swtpm {
public:
    // The folder makes it this TPM: on the same one it is the same, switched on again. Blocks until it is ready; aborts
    // the test program when it cannot start.
    explicit Swtpm(const std::filesystem::path &folder) : m_program({"tests/support/swtpm", folder.string()}) {}
    std::string tcti() const { return m_program.ready().at("tcti").get<std::string>(); }

private:
    ReadyProgram m_program;
};

} // namespace connector::test
