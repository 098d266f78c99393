// SPDX-License-Identifier: Apache-2.0
#include "scan/worker/report.h"

#include <cstdio>
#include <mutex>

namespace connector::scan_worker {

namespace {

const char *nameOf(SANE_Status status)
{
    switch (status) {
    case SANE_STATUS_GOOD:
        return "good";
    case SANE_STATUS_UNSUPPORTED:
        return "unsupported";
    case SANE_STATUS_CANCELLED:
        return "cancelled";
    case SANE_STATUS_DEVICE_BUSY:
        return "device-busy";
    case SANE_STATUS_INVAL:
        return "inval";
    case SANE_STATUS_EOF:
        return "eof";
    case SANE_STATUS_JAMMED:
        return "jammed";
    case SANE_STATUS_NO_DOCS:
        return "no-docs";
    case SANE_STATUS_COVER_OPEN:
        return "cover-open";
    case SANE_STATUS_IO_ERROR:
        return "io-error";
    case SANE_STATUS_NO_MEM:
        return "no-mem";
    case SANE_STATUS_ACCESS_DENIED:
        return "access-denied";
    default:
        return "unknown";
    }
}

} // namespace

void say(const nlohmann::json &event)
{
    const std::string line = event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    static std::mutex output;
    const std::scoped_lock lock(output);
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
}

int fail(const Failure &failure)
{
    say({{"event", "error"}, {"code", failure.code}, {"native", failure.native}, {"message", failure.message}});
    return kExitError;
}

Failure failureFrom(SANE_Status status, bool opening)
{
    Failure f{"scanner-failed", nameOf(status), sane_strstatus(status)};
    switch (status) {
    case SANE_STATUS_NO_DOCS:
        f.code = "feeder-empty";
        break;
    case SANE_STATUS_JAMMED:
        f.code = "feeder-jammed";
        break;
    case SANE_STATUS_COVER_OPEN:
        f.code = "scanner-cover-open";
        break;
    case SANE_STATUS_DEVICE_BUSY:
        f.code = "scanner-busy";
        break;
    case SANE_STATUS_CANCELLED:
        f.code.clear();
        break;
    case SANE_STATUS_UNSUPPORTED:
    case SANE_STATUS_INVAL:
        f.code = opening ? "scanner-unreachable" : "settings-refused";
        break;
    default:
        if (opening)
            f.code = "scanner-unreachable";
    }
    return f;
}

} // namespace connector::scan_worker
