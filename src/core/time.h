// SPDX-License-Identifier: Apache-2.0
// Wall-clock time as the product stores and shows it, and a clock that tests can set.
#pragma once

#include "core/result.h"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace connector {

using WallTime = std::chrono::sys_seconds;

// Where a room takes the time from. The default is the system's clock.
using WallClock = std::function<WallTime()>;
WallTime systemNow();

std::string formatRfc3339(WallTime time);             // "2026-11-21T10:00:00Z"
Result<WallTime> parseRfc3339(std::string_view text); // any offset, any fraction; InvalidArgument
std::int64_t toUnix(WallTime time);
WallTime fromUnix(std::int64_t seconds);

} // namespace connector
