// SPDX-License-Identifier: Apache-2.0
// A WebDAV server that nobody here wrote, of a test's own: Apache with mod_dav on a free port, gone with the object.
#pragma once

#include "support/ready_program.h"

#include <filesystem>

namespace connector::test {

class ModDav {
public:
    // Blocks until it is ready; aborts the test program when it cannot start.
    ModDav() : m_program({"tests/support/mod-dav"}) {}

    std::string url() const { return text("url"); } // "http://127.0.0.1:PORT/dav"
    std::string user() const { return text("user"); }
    std::string password() const { return text("password"); }
    pid_t apache() const { return m_program.ready().at("pid").get<pid_t>(); }
    std::filesystem::path folder() const { return text("folder"); } // what it serves

private:
    std::string text(const char *key) const { return m_program.ready().at(key).get<std::string>(); }
    ReadyProgram m_program;
};

} // namespace connector::test
