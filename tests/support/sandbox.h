// SPDX-License-Identifier: Apache-2.0
// A cloud-sandbox of one's own for a test: started on a free port, told what to do, gone with the object.
#pragma once

#include "core/result.h"
#include "support/ready_program.h"

#include <string>
#include <vector>

namespace connector::test {

class Sandbox {
public:
    struct Options {
        std::string seedFiles = "none"; // "none": empty accounts; "": the generated documents; else a folder
        bool https = false;
        std::vector<std::string> more = {}; // further options of cloud-sandbox
    };
    // Blocks until it is ready; aborts the test program when it cannot start.
    Sandbox();
    explicit Sandbox(const Options &options);
    Sandbox(const Sandbox &) = delete;
    Sandbox &operator=(const Sandbox &) = delete;

    std::string http() const;                              // "http://127.0.0.1:PORT"
    std::string base(const std::string &cloud) const;      // "http://127.0.0.1:PORT/dropbox"
    std::string httpsBase(const std::string &cloud) const; // with Options::https
    std::string caFile() const;                            // whom to trust for httpsBase

    // One command of the control door, e.g. {{"do", "fault"}, {"route", "files/upload"}, {"action", {{"status",
    // 503}}}}. Fails the test (and returns null) when the sandbox refuses it.
    nlohmann::json control(const nlohmann::json &command);
    nlohmann::json credentials(const std::string &cloud); // client_id, people[].access_token …
    nlohmann::json person(const std::string &cloud, const std::string &email = "mara.lind@example.org");

private:
    ReadyProgram m_program;
    nlohmann::json m_credentials;
};

} // namespace connector::test
