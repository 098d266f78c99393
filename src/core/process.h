// SPDX-License-Identifier: Apache-2.0
// Runs a worker program in a child process with bounded memory, time and environment: foreign code that crashes
// or hangs there is an Error here.
#pragma once

#include "core/call.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace connector {

struct ProcessLimits {
    std::uint64_t memoryBytes = std::uint64_t{1} << 30U; // address space
    std::uint64_t fileBytes = std::uint64_t{8} << 30U;   // largest file it may write
    bool network = false;                                // own, empty network namespace where the kernel allows
};

struct ProcessSpec {
    std::vector<std::string> command;     // [0] is the program's path
    std::vector<std::string> environment; // "NAME=value"; nothing else is passed on
    std::string input;                    // given on standard input, which is then closed
    ProcessLimits limits;
    std::chrono::milliseconds grace{0}; // how long it may clean up after a SIGTERM before it is killed
};

// Runs the program to its end. Blocks. Each complete line of its standard output is handed to onLine on the calling
// thread (lines over 1 MiB are BadReply). Standard error goes to the debug log. The child dies with this process.
// Returns the exit status (0..255). Cancelled/Timeout kill the child's process group first (after its grace) and reap
// it; a death by signal is Unavailable with nativeCode "signal N"; a program that cannot be started is LocalIo.
Result<int> runProcess(const ProcessSpec &spec, const std::function<void(std::string_view line)> &onLine,
                       const Call &call);

// From here on no core dump of this process is written and no debugger of the same user attaches: its memory holds
// tokens. Call it first in main().
void forbidCoreDumps();

} // namespace connector
