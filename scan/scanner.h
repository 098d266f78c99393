// SPDX-License-Identifier: Apache-2.0
// A scanner as the job engine sees it. The device's driver runs in a worker process: its crash is an error here.
// Objects are thread-safe; one scan at a time (a second is Busy "scanner-busy"). Every call blocks.
#pragma once

#include "core/call.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace connector {

// The words of the local API.
namespace scan_words {
inline constexpr std::string_view kFlatbed = "flatbed", kFeeder = "feeder", kFeederDuplex = "feeder-duplex";
inline constexpr std::string_view kColor = "color", kGray = "gray", kLineart = "lineart";
} // namespace scan_words

// Sizes in tenths of a millimetre. width or height 0: all that the source can take.
struct PageSize {
    std::string name; // "iso_a4_210x297mm"; "max"
    int width = 0;
    int height = 0;
};

struct ScanSettings {
    std::string source = {};    // "flatbed", "feeder", "feeder-duplex"; empty: the default
    std::string colorMode = {}; // "color", "gray", "lineart"; empty: the default
    int resolution = 0;         // dpi; 0: the default
    std::string pageSize = {};  // a name of the capabilities; empty: the default
    int jpegQuality = 85;
    int maxPages = 0; // 0: one page on the flatbed, all in a feeder
};

struct ScannerCapabilities {
    std::vector<std::string> sources;
    std::vector<std::string> colorModes;
    std::vector<int> resolutions;
    std::vector<PageSize> pageSizes;
    ScanSettings defaults;
};

enum class ScannerState { Idle, Busy, Unreachable };
std::string_view toString(ScannerState state) noexcept; // "idle", "busy", "unreachable"

struct ScannerStatus {
    std::string name; // maker and model
    ScannerState state = ScannerState::Unreachable;
    std::vector<std::string> reasons; // "scanner-unreachable", "scanner-busy"
};

// A finished page: the file is complete and synced under its final name.
struct ScannedPage {
    std::filesystem::path path; // page-0001.jpg (color, gray) or page-0001.png (lineart, one bit)
    int number = 0;
    int width = 0; // pixels
    int height = 0;
    int dpi = 0;
    std::string colorMode;
    std::int64_t bytes = 0;
};

struct ScanEnd {
    int pages = 0;
    bool feederEmpty = false; // a feeder ran to its end
};

// What a scan goes through, in the worker as in the engine; every state answers Cancel.
enum class ScanState { Idle, Starting, Scanning, PageReady, Stopping, Finished, Closed };
enum class ScanEvent { Start, FirstData, PageEnd, NextPage, LastPage, Cancel, Failed, Released };

constexpr ScanState next(ScanState s, ScanEvent e) noexcept
{
    using S = ScanState;
    if (s == S::Closed)
        return s;
    switch (e) {
    case ScanEvent::Start:
        return s == S::Idle ? S::Starting : s;
    case ScanEvent::FirstData:
        return s == S::Starting ? S::Scanning : s;
    case ScanEvent::PageEnd:
        return s == S::Scanning ? S::PageReady : s;
    case ScanEvent::NextPage:
        return s == S::PageReady ? S::Starting : s;
    case ScanEvent::LastPage: // also "feeder empty", which the device says when the next page is started
        return s == S::PageReady || s == S::Starting ? S::Finished : s;
    case ScanEvent::Cancel:
    case ScanEvent::Failed:
        if (s == S::Idle)
            return S::Finished;
        return s == S::Finished ? s : S::Stopping;
    case ScanEvent::Released: // the device ended the exchange
        return s == S::Stopping ? S::Finished : s == S::Finished ? S::Closed : s;
    }
    return s;
}
static_assert(next(ScanState::Scanning, ScanEvent::Cancel) == ScanState::Stopping);
static_assert(next(ScanState::Starting, ScanEvent::Cancel) == ScanState::Stopping);
static_assert(next(ScanState::PageReady, ScanEvent::Cancel) == ScanState::Stopping);
static_assert(next(ScanState::Finished, ScanEvent::Cancel) == ScanState::Finished);
static_assert(next(ScanState::Stopping, ScanEvent::FirstData) == ScanState::Stopping);
static_assert(next(ScanState::Stopping, ScanEvent::Released) == ScanState::Finished);
static_assert(next(ScanState::Starting, ScanEvent::LastPage) == ScanState::Finished);
static_assert(next(ScanState::Closed, ScanEvent::Start) == ScanState::Closed);

// Errors (all with the device's own word as nativeCode): Offline "scanner-unreachable", Busy "scanner-busy",
// Unavailable "feeder-empty" (no page at all), "feeder-jammed", "scanner-cover-open"; Unsupported or InvalidArgument
// "settings-refused"; LocalIo "disk-full"; Unavailable "scanner-failed" (device or driver failed, worker crashed).
class Scanner {
public:
    virtual ~Scanner() = default;

    virtual Result<ScannerStatus> status(const Call &call) = 0; // Unreachable and Busy are answers here, not errors
    virtual Result<ScannerCapabilities> capabilities(const Call &call) = 0;

    // Scans into files of `folder` (which exists), numbered from firstPageNumber, and tells each finished page on the
    // calling thread. After an error the pages told so far stay; a half one is removed. call.onProgress tells the
    // bytes of raw image read of the current page.
    virtual Result<ScanEnd> scan(const ScanSettings &settings, const std::filesystem::path &folder, int firstPageNumber,
                                 const std::function<void(const ScannedPage &)> &onPage, const Call &call) = 0;
};

struct SaneOptions {
    std::filesystem::path worker;    // the scan-worker program
    std::string device;              // SANE's name of it; empty: the first one found
    std::filesystem::path configDir; // SANE_CONFIG_DIR; empty: SANE's own
};

// Does not talk to the device.
std::unique_ptr<Scanner> makeSaneScanner(SaneOptions options);

} // namespace connector
