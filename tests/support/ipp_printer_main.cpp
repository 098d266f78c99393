// SPDX-License-Identifier: Apache-2.0
// ipp-printer: runs the sandbox's printer until it is told to end (or its parent ends), printing its address when
// ready.
#include "support/ipp_printer.h"

#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

int usage()
{
    std::fputs(
        "usage: ipp-printer --state FOLDER [--name NAME] [--port PORT] [--formats TYPES] [--page-time MS]\n"
        "Runs an IPP printer on the loopback interface; writes its address on one line when it is ready.\n"
        "FOLDER/documents: what it received; FOLDER/control/conditions: its troubles (\"media-empty\"), one per\n"
        "line; FOLDER/control/page-time: milliseconds for each printed side.\n",
        stderr);
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    connector::test::IppPrinterOptions options;
    std::error_code failed;
    options.programs = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
    int pageTime = -1;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 >= argc)
            return usage();
        const std::string_view key = argv[i];
        const std::string value = argv[i + 1];
        if (key == "--state")
            options.state = value;
        else if (key == "--name")
            options.name = value;
        else if (key == "--port")
            options.port = std::atoi(value.c_str());
        else if (key == "--formats")
            options.formats = value;
        else if (key == "--page-time")
            pageTime = std::atoi(value.c_str());
        else
            return usage();
    }
    if (options.state.empty())
        return usage();
    sigset_t signals;
    sigemptyset(&signals);
    for (const int s : {SIGINT, SIGTERM, SIGHUP, SIGCHLD})
        sigaddset(&signals, s);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    connector::test::IppPrinter printer(options);
    if (pageTime >= 0)
        printer.setPageTime(std::chrono::milliseconds(pageTime));
    if (const std::string why = printer.start(); !why.empty()) {
        std::fprintf(stderr, "ipp-printer: %s\n", why.c_str());
        return 1;
    }
    // Blocked only now: the printer inherits the mask.
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    std::printf("%s\n", printer.uri().c_str());
    std::fflush(stdout);
    for (;;) {
        int got = 0;
        sigwait(&signals, &got);
        if (got != SIGCHLD)
            return 0;
        siginfo_t info{};
        if (::waitid(P_PID, static_cast<id_t>(printer.pid()), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            info.si_pid != 0) {
            std::fputs("ipp-printer: the printer ended\n", stderr);
            return 1;
        }
    }
}
