// SPDX-License-Identifier: Apache-2.0
// What scan-worker says on standard output (scan/worker_protocol.h), and its failures in the product's words.
#pragma once

#include <nlohmann/json.hpp>
#include <sane/sane.h>

#include <string>

namespace connector::scan_worker {

inline constexpr int kExitError = 3;

struct Failure {
    std::string code; // the product's stable code; empty: the scan was cancelled
    std::string native;
    std::string message;
};

void say(const nlohmann::json &event); // any thread
int fail(const Failure &failure);      // says so; kExitError
// `opening`: what goes wrong there means that the device is not to be reached.
Failure failureFrom(SANE_Status status, bool opening = false);

} // namespace connector::scan_worker
