// SPDX-License-Identifier: Apache-2.0
// A helper program of tests/: started, read until it says in one JSON line that it is ready, ended with the object.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <sys/types.h>
#include <vector>

namespace connector::test {

class ReadyProgram {
public:
    // words: the program below the repository's top, then its arguments. Blocks until it is ready; aborts the test
    // program when it does not become so.
    explicit ReadyProgram(std::vector<std::string> words);
    ReadyProgram(const ReadyProgram &) = delete;
    ReadyProgram &operator=(const ReadyProgram &) = delete;
    ~ReadyProgram(); // SIGTERM, and waits

    const nlohmann::json &ready() const { return m_ready; }
    pid_t pid() const { return m_pid; }

private:
    pid_t m_pid = -1;
    nlohmann::json m_ready;
};

} // namespace connector::test
