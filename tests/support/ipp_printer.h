// SPDX-License-Identifier: Apache-2.0
// A real IPP Everywhere printer (CUPS's ippeveprinter) in a folder of its own, for tests and for the sandbox. Needs no
// daemon and no root, listens on the loopback interface alone, and ends with the process that started it.
//
// The state folder: documents/ holds what was received ("1-Plan.pdf"), jobs/<id>.attributes what came with it, control/
// what steers it while it runs: `page-time` (milliseconds per printed side) and `conditions` (IPP's
// printer-state-reasons, one per line: printing waits while there is one; "abort" aborts the job instead).
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace connector::test {

struct IppPrinterOptions {
    std::filesystem::path programs; // where ipp-printer-paper and libquiet-avahi.so are
    std::filesystem::path state;    // made when missing
    std::string name = "Sandbox printer";
    std::string formats = "application/pdf,image/jpeg,image/pwg-raster";
    int port = 0; // 0: a free one
};

class IppPrinter {
public:
    explicit IppPrinter(IppPrinterOptions options);
    IppPrinter(const IppPrinter &) = delete;
    IppPrinter &operator=(const IppPrinter &) = delete;
    ~IppPrinter();

    // Returns when it answers; the reason when it does not. A second start after stop() has the same address.
    std::string start();
    void stop(bool rudely = false); // rudely: SIGKILL
    bool running() const { return m_pid > 0; }
    pid_t pid() const { return m_pid; }
    std::string uri() const;

    void setPageTime(std::chrono::milliseconds perSide) const;
    void setConditions(const std::vector<std::string> &keywords) const;
    // The documents received, in their order.
    std::vector<std::filesystem::path> documents() const;
    // What came with a job, as IPP names it: {"copies": "2", "sides": "two-sided-long-edge"}.
    std::map<std::string, std::string> attributes(int jobId) const;

private:
    IppPrinterOptions m_options;
    pid_t m_pid = -1;
};

// A port of the loopback interface that nobody listens on.
int freePort();

} // namespace connector::test
