// SPDX-License-Identifier: Apache-2.0
#include "core/call.h"

#include <condition_variable>
#include <mutex>

namespace connector {

Result<void> Call::poll() const
{
    if (stop.stop_requested())
        return Error{Errc::Cancelled, "cancelled"};
    if (deadline != Clock::time_point::max() && Clock::now() >= deadline)
        return Error{Errc::Timeout, "took too long"};
    return {};
}

void Call::report(Progress p) const
{
    if (onProgress)
        onProgress(p);
}

Call Call::within(std::chrono::milliseconds limit) const
{
    Call call = *this;
    call.deadline = std::min(deadline, Clock::now() + limit);
    return call;
}

Result<void> waitFor(std::chrono::milliseconds duration, const Call &call)
{
    const auto until = std::min(call.deadline, Call::Clock::now() + duration);
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_until(lock, call.stop, until, [] { return false; });
    return call.poll();
}

} // namespace connector
