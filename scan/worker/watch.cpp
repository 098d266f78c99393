// SPDX-License-Identifier: Apache-2.0
#include "scan/worker/watch.h"

#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace connector::scan_worker {

using Clock = std::chrono::steady_clock;

Watch::Watch(std::chrono::seconds silence) : m_silence(silence)
{
    // Blocked in every thread and read from a descriptor: drivers set the signal's handler back to the default from
    // threads of theirs. Those that fork a reader end it by this very signal, so a child gets it unblocked.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::pthread_atfork(nullptr, nullptr, [] {
        sigset_t none;
        ::sigemptyset(&none);
        ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    });
    m_signals = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    m_thread = std::jthread([this](const std::stop_token &stop) { run(stop); });
}

void Watch::run(const std::stop_token &stop)
{
    Clock::time_point cancelledAt{};
    bool told = false;
    while (!stop.stop_requested()) {
        pollfd fd{m_signals, POLLIN, 0};
        ::poll(&fd, 1, 50);
        signalfd_siginfo info{};
        if (::read(m_signals, &info, sizeof info) == sizeof info && !m_cancelled) {
            m_cancelled = true;
            cancelledAt = Clock::now();
        }
        const auto now = Clock::now();
        if (m_cancelled) {
            // The reading thread looks between two reads; only a read that does not come back needs more.
            if (!told && now - cancelledAt > std::chrono::seconds(1)) {
                told = true;
                if (void *device = m_device)
                    sane_cancel(device);
            }
            if (now - cancelledAt > std::chrono::seconds(4))
                leave({"", "cancelled", "the driver did not come back"});
        } else if (now - Clock::time_point(Clock::duration(m_lastSign)) > m_silence) {
            leave({"scanner-failed", "silent", "the driver did not come back"});
        }
    }
}

void Watch::leave(const Failure &why)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
    fail(why);
    std::_Exit(kExitError);
}

} // namespace connector::scan_worker
