// SPDX-License-Identifier: Apache-2.0
// scan-worker: the one program that loads scanner drivers. Says what happens as one JSON document per line on standard
// output ("event": device, capabilities, progress, page, end, error); see scan/worker_protocol.h, its reader.
//
//   scan-worker list
//   scan-worker status DEVICE
//   scan-worker capabilities DEVICE
//   scan-worker scan DEVICE --out FOLDER [--source S] [--mode M] [--resolution DPI] [--size W,H] [--first N] [--max N]
//               [--quality Q] [--silence SECONDS]
//
// DEVICE "" is the first one found. SIGTERM ends a scan: the page in work is dropped, the exchange with the device is
// finished. A folder "backends" beside SANE's configuration (SANE_CONFIG_DIR) is searched for drivers first.
#include "scan/scanner.h"
#include "scan/worker/page_reader.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <unistd.h>

namespace {

using namespace connector;
using namespace connector::scan_worker;
using nlohmann::json;

struct Paper {
    const char *name;
    int width; // tenths of a millimetre
    int height;
};
constexpr Paper kPapers[] = {{"iso_a3_297x420mm", 2970, 4200},
                             {"iso_a4_210x297mm", 2100, 2970},
                             {"iso_a5_148x210mm", 1480, 2100},
                             {"na_legal_8.5x14in", 2159, 3556},
                             {"na_letter_8.5x11in", 2159, 2794}};
constexpr int kTolerance = 30; // scanners for A4 are a bit shorter than A4

json capabilitiesOf(SaneDevice &device)
{
    json out{{"event", "capabilities"}};
    std::vector<std::string> names;
    const auto sources = device.sources();
    for (const auto &s : sources)
        names.push_back(s.word);
    out["sources"] = names;
    if (!sources.empty())
        device.apply(sources.front());
    names.clear();
    for (const auto &m : device.modes())
        names.push_back(m.word);
    out["colorModes"] = names;
    const std::vector<int> resolutions = device.resolutions();
    out["resolutions"] = resolutions;
    const auto [width, height] = device.area(resolutions.empty() ? 100 : resolutions.front());
    json sizes = json::array();
    for (const Paper &p : kPapers)
        if (width == 0 || height == 0 || (p.width <= width + kTolerance && p.height <= height + kTolerance))
            sizes.push_back({{"name", p.name}, {"width", p.width}, {"height", p.height}});
    if (width > 0 && height > 0)
        sizes.push_back({{"name", "max"}, {"width", width}, {"height", height}});
    out["pageSizes"] = sizes;
    return out;
}

struct Options {
    std::string source;
    std::string mode;
    std::string out;
    int resolution = 200;
    int width = 0;
    int height = 0;
    int first = 1;
    int max = 0;
    int quality = 85;
    int silence = 120;
};

bool chooseBy(const std::vector<SaneDevice::Choice> &choices, const std::string &word, SaneDevice &device)
{
    for (const auto &choice : choices)
        if (word.empty() || choice.word == word)
            return device.apply(choice);
    return false;
}

// What a killed worker left behind.
void sweep(const std::string &folder)
{
    if (DIR *dir = ::opendir(folder.c_str())) {
        while (const dirent *entry = ::readdir(dir)) {
            const std::string name = entry->d_name;
            if (name.starts_with(".page-") && name.ends_with(".part"))
                ::unlink((folder + "/" + name).c_str());
        }
        ::closedir(dir);
    }
}

int scan(SaneDevice &device, const Options &options, Watch &watch)
{
    sweep(options.out);
    const auto sources = device.sources();
    const std::string source = !options.source.empty() ? options.source : sources.empty() ? "" : sources.front().word;
    if (!chooseBy(sources, source, device))
        return fail({"settings-refused", "source", "the scanner does not have this source"});
    if (!chooseBy(device.modes(), options.mode, device))
        return fail({"settings-refused", "mode", "the scanner does not have this colour mode"});
    if (!device.setResolution(options.resolution))
        return fail({"settings-refused", "resolution", "the scanner does not have this resolution"});
    device.setArea(options.width, options.height, options.resolution);
    const bool feeder = source != "flatbed";
    const int most = options.max > 0 ? options.max : feeder ? 100'000 : 1;

    watch.device(device.handle());
    ScanState state = next(ScanState::Idle, ScanEvent::Start);
    PageReader reader(device, watch, options.out, options.resolution, options.quality);
    Failure failure;
    int pages = 0;
    bool empty = false;
    while (state == ScanState::Starting) {
        watch.alive();
        if (watch.cancelled()) {
            failure = {"", "cancelled", "cancelled"};
            state = next(state, ScanEvent::Cancel);
            break;
        }
        const SANE_Status started = sane_start(device.handle());
        if (started == SANE_STATUS_NO_DOCS && feeder && pages > 0) {
            empty = true;
            state = next(state, ScanEvent::LastPage);
            break;
        }
        if (started != SANE_STATUS_GOOD) {
            failure = watch.cancelled() ? Failure{"", "cancelled", "cancelled"} : failureFrom(started);
            state = next(state, ScanEvent::Failed);
            break;
        }
        state = next(state, ScanEvent::FirstData);
        WrittenPage page;
        if (!reader.read(options.first + pages, page)) {
            failure = reader.failure();
            state = next(state, ScanEvent::Failed);
            break;
        }
        state = next(state, ScanEvent::PageEnd);
        ++pages;
        say({{"event", "page"},
             {"number", options.first + pages - 1},
             {"file", page.path.substr(page.path.rfind('/') + 1)},
             {"width", reader.width()},
             {"height", page.height},
             {"dpi", options.resolution},
             {"bytes", page.bytes}});
        state = next(state, pages < most ? ScanEvent::NextPage : ScanEvent::LastPage);
    }
    watch.alive();
    sane_cancel(device.handle()); // also after the last page: only now is the device free
    watch.device(nullptr);
    state = next(state, ScanEvent::Released);
    if (!failure.native.empty())
        return fail(failure);
    say({{"event", "end"}, {"pages", pages}, {"feederEmpty", empty}});
    return 0;
}

const SANE_Device *firstDevice(const std::string &name)
{
    const SANE_Device **list = nullptr;
    if (sane_get_devices(&list, SANE_FALSE) != SANE_STATUS_GOOD || !list)
        return nullptr;
    for (; *list; ++list)
        if (name.empty() || name == (*list)->name)
            return *list;
    return nullptr;
}

int usage()
{
    std::fputs("usage: scan-worker list | status DEVICE | capabilities DEVICE | scan DEVICE --out FOLDER [options]\n",
               stderr);
    return 2;
}

bool takeOptions(int argc, char **argv, Options &o)
{
    for (int i = 3; i + 1 < argc; i += 2) {
        const std::string_view key = argv[i];
        const char *value = argv[i + 1];
        if (key == "--source")
            o.source = value;
        else if (key == "--mode")
            o.mode = value;
        else if (key == "--out")
            o.out = value;
        else if (key == "--resolution")
            o.resolution = std::atoi(value);
        else if (key == "--size") {
            if (std::sscanf(value, "%d,%d", &o.width, &o.height) != 2)
                return false;
        } else if (key == "--first")
            o.first = std::atoi(value);
        else if (key == "--max")
            o.max = std::atoi(value);
        else if (key == "--quality")
            o.quality = std::atoi(value);
        else if (key == "--silence")
            o.silence = std::atoi(value);
        else
            return false;
    }
    return argc % 2 == 1 && !o.out.empty() && o.resolution > 0;
}

int run(int argc, char **argv)
{
    const std::string_view command = argc > 1 ? argv[1] : "";
    Options options;
    if (command == "scan"
            ? argc < 3 || !takeOptions(argc, argv, options)
            : !((command == "list" && argc == 2) || ((command == "status" || command == "capabilities") && argc == 3)))
        return usage();
    std::signal(SIGXFSZ, SIG_IGN); // a full disk is an error, not a death
    if (const char *config = std::getenv("SANE_CONFIG_DIR"))
        if (const std::string drivers = std::string(config) + "/backends"; ::access(drivers.c_str(), R_OK) == 0)
            ::setenv("LD_LIBRARY_PATH", drivers.c_str(), 1);
    Watch watch(std::chrono::seconds(options.silence));
    if (const SANE_Status s = sane_init(nullptr, nullptr); s != SANE_STATUS_GOOD)
        return fail(failureFrom(s, true));
    struct Exit {
        ~Exit() { sane_exit(); }
    } exit;
    if (command == "list") {
        const SANE_Device **list = nullptr;
        if (sane_get_devices(&list, SANE_FALSE) == SANE_STATUS_GOOD)
            for (; list && *list; ++list)
                say({{"event", "device"},
                     {"name", (*list)->name},
                     {"title", std::string((*list)->vendor) + " " + (*list)->model}});
        say({{"event", "end"}});
        return 0;
    }
    std::string name = argv[2];
    std::string title = name;
    if (name.empty() || command == "status") {
        const SANE_Device *found = firstDevice(name);
        if (!found && name.empty())
            return fail({"scanner-unreachable", "no-device", "no scanner is there"});
        if (found) {
            name = found->name;
            title = std::string(found->vendor) + " " + found->model;
        }
    }
    watch.alive();
    SaneDevice device(name);
    if (!device.handle())
        return fail(failureFrom(device.status(), true));
    if (command == "scan")
        return scan(device, options, watch);
    if (command == "capabilities")
        say(capabilitiesOf(device));
    else
        say({{"event", "device"}, {"name", name}, {"title", title}});
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    try {
        return run(argc, argv);
    } catch (const std::exception &e) { // no memory, and the like
        return fail({"scanner-failed", "exception", e.what()});
    }
}
