// SPDX-License-Identifier: Apache-2.0
#include "core/boot_clock.h"

#include "core/files.h"

#include <time.h>

namespace connector {

BootClock BootClock::system()
{
    const auto boot = readFile("/proc/sys/kernel/random/boot_id", 64);
    return {[] {
                timespec now{};
                ::clock_gettime(CLOCK_BOOTTIME, &now);
                return static_cast<std::int64_t>(now.tv_sec);
            },
            boot ? *boot : std::string("unknown")};
}

} // namespace connector
