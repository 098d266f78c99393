// SPDX-License-Identifier: Apache-2.0
#include "core/log.h"
#include "core/process.h"
#include "scan/scanner.h"
#include "scan/worker_protocol.h"

#include <algorithm>
#include <mutex>
#include <optional>

namespace connector {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto kQuestionLimit = 60s; // a driver may look for devices on the network first

Error scannerError(Errc code, std::string message, std::string stable)
{
    return Error{.code = code, .message = std::move(message), .origin = "sane", .stable = std::move(stable)};
}

// One scan at a time.
class Turn {
public:
    explicit Turn(std::mutex &mutex) : m_lock(mutex, std::try_to_lock) {}
    explicit operator bool() const { return m_lock.owns_lock(); }

private:
    std::unique_lock<std::mutex> m_lock;
};

class SaneScanner : public Scanner {
public:
    explicit SaneScanner(SaneOptions options) : m_options(std::move(options)) {}

    Result<ScannerStatus> status(const Call &call) override
    {
        ScannerStatus status;
        {
            const std::scoped_lock lock(m_known);
            status.name = m_title;
        }
        const auto is = [&](ScannerState state, std::string_view reason) {
            status.state = state;
            if (!reason.empty())
                status.reasons.emplace_back(reason);
            return status;
        };
        const Turn turn(m_device);
        if (!turn)
            return is(ScannerState::Busy, {});
        const Result<void> asked = run({"status", m_options.device}, call, [&](const scan_worker::Event &event) {
            if (const auto *device = std::get_if<scan_worker::DeviceEvent>(&event))
                status.name = device->title;
        });
        if (asked) {
            const std::scoped_lock lock(m_known);
            m_title = status.name;
            return is(ScannerState::Idle, {});
        }
        const std::string stable = stableCode(asked.error());
        if (stable == "scanner-busy")
            return is(ScannerState::Busy, stable);
        if (asked.error().code == Errc::Cancelled || (asked.error().code == Errc::Timeout && !call.poll()))
            return asked.error();
        return is(ScannerState::Unreachable, "scanner-unreachable");
    }

    Result<ScannerCapabilities> capabilities(const Call &call) override
    {
        const Turn turn(m_device);
        if (!turn) { // what it said before is still true
            const std::scoped_lock lock(m_known);
            if (m_capabilities)
                return *m_capabilities;
            return scannerError(Errc::Busy, "the scanner is scanning", "scanner-busy");
        }
        std::optional<ScannerCapabilities> found;
        const Result<void> asked = run({"capabilities", m_options.device}, call, [&](const scan_worker::Event &event) {
            if (const auto *c = std::get_if<ScannerCapabilities>(&event))
                found = *c;
        });
        if (!asked)
            return asked.error();
        if (!found)
            return scannerError(Errc::BadReply, "the scan worker told no capabilities", "scanner-failed");
        const std::scoped_lock lock(m_known);
        m_capabilities = found;
        return *found;
    }

    Result<ScanEnd> scan(const ScanSettings &wished, const fs::path &folder, int firstPageNumber,
                         const std::function<void(const ScannedPage &)> &onPage, const Call &call) override
    {
        std::optional<ScannerCapabilities> known;
        {
            const std::scoped_lock lock(m_known);
            known = m_capabilities;
        }
        if (!known) {
            Result<ScannerCapabilities> asked = capabilities(call);
            if (!asked)
                return std::move(asked).error();
            known = *std::move(asked);
        }
        const Turn turn(m_device);
        if (!turn)
            return scannerError(Errc::Busy, "the scanner is scanning", "scanner-busy");
        const Result<std::vector<std::string>> command = commandFor(wished, *known, folder, firstPageNumber);
        if (!command)
            return command.error();
        const std::string mode = wished.colorMode.empty() ? known->defaults.colorMode : wished.colorMode;
        std::optional<ScanEnd> end;
        const Result<void> done = run(*command, call, [&](const scan_worker::Event &event) {
            if (const auto *page = std::get_if<scan_worker::PageEvent>(&event)) {
                ScannedPage scanned = page->page;
                scanned.path = folder / scanned.path;
                scanned.colorMode = mode;
                onPage(scanned);
            } else if (const auto *progress = std::get_if<scan_worker::ProgressEvent>(&event)) {
                call.report(progress->progress);
            } else if (const auto *ended = std::get_if<scan_worker::EndEvent>(&event)) {
                end = ended->end;
            }
        });
        if (!done)
            return done.error();
        if (!end)
            return scannerError(Errc::Unavailable, "the scan worker ended early", "scanner-failed");
        return *end;
    }

private:
    static Result<std::vector<std::string>> commandFor(const ScanSettings &wished, const ScannerCapabilities &known,
                                                       const fs::path &folder, int firstPageNumber)
    {
        ScanSettings s = wished;
        if (s.source.empty())
            s.source = known.defaults.source;
        if (s.colorMode.empty())
            s.colorMode = known.defaults.colorMode;
        if (s.resolution == 0)
            s.resolution = known.defaults.resolution;
        if (s.pageSize.empty())
            s.pageSize = known.defaults.pageSize;
        const auto has = [](const auto &list, const auto &value) {
            return std::find(list.begin(), list.end(), value) != list.end();
        };
        const auto refused = [](const char *what, std::string message) {
            Error error = scannerError(Errc::InvalidArgument, std::move(message), "settings-refused");
            error.nativeCode = what;
            return error;
        };
        if (!has(known.sources, s.source))
            return refused("source", "the scanner does not have this source");
        if (!has(known.colorModes, s.colorMode))
            return refused("mode", "the scanner does not have this colour mode");
        if (!has(known.resolutions, s.resolution))
            return refused("resolution", "the scanner does not have this resolution");
        int width = 0;
        int height = 0;
        if (!s.pageSize.empty()) {
            const auto size = std::find_if(known.pageSizes.begin(), known.pageSizes.end(),
                                           [&](const PageSize &p) { return p.name == s.pageSize; });
            if (size == known.pageSizes.end())
                return refused("size", "the scanner does not have this page size");
            width = size->width;
            height = size->height;
        }
        return std::vector<std::string>{"scan",
                                        "", // the device
                                        "--out",
                                        folder.string(),
                                        "--source",
                                        s.source,
                                        "--mode",
                                        s.colorMode,
                                        "--resolution",
                                        std::to_string(s.resolution),
                                        "--size",
                                        std::to_string(width) + "," + std::to_string(height),
                                        "--first",
                                        std::to_string(std::max(1, firstPageNumber)),
                                        "--max",
                                        std::to_string(std::max(0, s.maxPages)),
                                        "--quality",
                                        std::to_string(std::clamp(s.jpegQuality, 1, 100))};
    }

    // Runs the worker and hands on what it says; its error event and its death are the error.
    Result<void> run(std::vector<std::string> arguments, const Call &call,
                     const std::function<void(const scan_worker::Event &)> &onEvent) const
    {
        const bool scanning = arguments[0] == "scan";
        arguments[1] = m_options.device;
        arguments.insert(arguments.begin(), m_options.worker.string());
        ProcessSpec spec;
        spec.command = std::move(arguments);
        spec.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"};
        if (!m_options.configDir.empty())
            spec.environment.push_back("SANE_CONFIG_DIR=" + m_options.configDir.string());
        spec.limits.network = true; // many scanners are reached by it
        spec.grace = 6s;            // it finishes the exchange with the device
        std::optional<Error> failure;
        const auto onLine = [&](std::string_view line) {
            Result<scan_worker::Event> event = scan_worker::decodeEvent(line);
            if (!event)
                log::warning("scan", "a line of the scan worker is not understood"); // drivers print, too
            else if (auto *error = std::get_if<scan_worker::ErrorEvent>(&*event))
                failure = std::move(error->error);
            else
                onEvent(*event);
        };
        Result<int> ended = runProcess(spec, onLine, scanning ? call : call.within(kQuestionLimit));
        if (failure && failure->code != Errc::Cancelled)
            return *std::move(failure);
        if (!ended) {
            Error error = std::move(ended).error();
            if (error.code == Errc::Unavailable) {
                error.origin = "sane";
                error.stable = "scanner-failed";
            }
            return error;
        }
        if (*ended != 0)
            return scannerError(Errc::Unavailable, "the scan worker failed", "scanner-failed");
        return {};
    }

    const SaneOptions m_options;
    std::mutex m_device; // held while the worker has the device
    std::mutex m_known;
    std::optional<ScannerCapabilities> m_capabilities;
    std::string m_title;
};

} // namespace

std::string_view toString(ScannerState state) noexcept
{
    switch (state) {
    case ScannerState::Idle:
        return "idle";
    case ScannerState::Busy:
        return "busy";
    case ScannerState::Unreachable:
        return "unreachable";
    }
    return "unreachable";
}

std::unique_ptr<Scanner> makeSaneScanner(SaneOptions options)
{
    return std::make_unique<SaneScanner>(std::move(options));
}

} // namespace connector
