// SPDX-License-Identifier: Apache-2.0
// A clock that neither setting the time nor a restart moves: what locks and waits are measured by.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace connector {

// Monotonic, counts also while the machine sleeps; comparable within one boot only. What must outlast a reboot is
// stored with the boot it belongs to, and starts again in another one.
struct BootClock {
    std::function<std::int64_t()> seconds;
    std::string boot;
    static BootClock system();
};

} // namespace connector
