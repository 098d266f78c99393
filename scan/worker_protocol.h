// SPDX-License-Identifier: Apache-2.0
// What scan-worker says, line by line. Pure functions; also the fuzz target: the worker runs foreign drivers.
#pragma once

#include "scan/scanner.h"

#include <string_view>
#include <variant>

namespace connector::scan_worker {

struct DeviceEvent {
    std::string name;
    std::string title;
};
struct ProgressEvent {
    Progress progress;
};
struct PageEvent {
    ScannedPage page; // the path is the file's bare name
};
struct EndEvent {
    ScanEnd end;
};
struct ErrorEvent {
    Error error;
};
using Event = std::variant<DeviceEvent, ScannerCapabilities, ProgressEvent, PageEvent, EndEvent, ErrorEvent>;

// BadReply for what is none of them.
Result<Event> decodeEvent(std::string_view line);

} // namespace connector::scan_worker
