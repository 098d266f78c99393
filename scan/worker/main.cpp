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
#include "scan/worker/page_writer.h"
#include "scan/worker/sane_device.h"

#include <nlohmann/json.hpp>
#include <sane/sane.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <poll.h>
#include <sys/signalfd.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace connector;
using namespace connector::scan_worker;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr int kExitError = 3;

std::mutex g_output;

void say(const json &event)
{
    const std::string line = event.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    const std::scoped_lock lock(g_output);
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
}

struct Failure {
    std::string code; // the product's stable code; empty: the scan was cancelled
    std::string native;
    std::string message;
};

int fail(const Failure &failure)
{
    say({{"event", "error"}, {"code", failure.code}, {"native", failure.native}, {"message", failure.message}});
    return kExitError;
}

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

// `opening`: what goes wrong there means that the device is not to be reached.
Failure failureFrom(SANE_Status status, bool opening = false)
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

// Watches from the side: carries a SIGTERM to the device, and ends a driver that does not come back.
class Watch {
public:
    explicit Watch(std::chrono::seconds silence) : m_silence(silence)
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
    Watch(const Watch &) = delete;
    Watch &operator=(const Watch &) = delete;

    bool cancelled() const { return m_cancelled; }
    void alive() { m_lastSign = Clock::now().time_since_epoch().count(); }
    void device(SANE_Handle handle) { m_device = handle; }
    void temporary(std::string path)
    {
        const std::scoped_lock lock(m_mutex);
        m_temporary = std::move(path);
    }

private:
    void run(const std::stop_token &stop)
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
    [[noreturn]] void leave(const Failure &why)
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_temporary.empty())
            ::unlink(m_temporary.c_str());
        fail(why);
        std::_Exit(kExitError);
    }

    int m_signals = -1;
    std::chrono::seconds m_silence;
    std::atomic<bool> m_cancelled = false;
    std::atomic<Clock::rep> m_lastSign = Clock::now().time_since_epoch().count();
    std::atomic<void *> m_device = nullptr;
    std::mutex m_mutex;
    std::string m_temporary;
    std::jthread m_thread; // last member: stops before the others go
};

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

// Reads one page's frames from the device and writes them as they come.
class PageReader {
public:
    PageReader(SaneDevice &device, const Options &options, Watch &watch)
        : m_device(device), m_options(options), m_watch(watch)
    {
    }

    // After a good sane_start for the page's first frame. False: failure() says why.
    bool read(int number, WrittenPage &page)
    {
        char name[32];
        std::snprintf(name, sizeof name, "/page-%04d", number);
        SANE_Parameters p{};
        if (!parameters(p))
            return false;
        const bool ok = p.format == SANE_FRAME_RGB || p.format == SANE_FRAME_GRAY
                            ? readOneFrame(m_options.out + name, p)
                            : readThreeFrames(m_options.out + name, p);
        if (ok && !m_writer->finish(page))
            writerFailed();
        m_watch.temporary({});
        m_writer.reset();
        return m_failure.native.empty();
    }
    const Failure &failure() const { return m_failure; }
    int width() const { return m_format.width; }

private:
    bool refuse(Failure f)
    {
        m_failure = std::move(f);
        return false;
    }
    bool writerFailed()
    {
        const int e = m_writer ? m_writer->error() : errno;
        if (e == ENOSPC || e == EDQUOT || e == EFBIG)
            return refuse({"disk-full", std::strerror(e), "the page does not fit on the disk"});
        return refuse({e != 0 ? "local-io" : "scanner-failed", e != 0 ? std::strerror(e) : "picture",
                       "the page cannot be written"});
    }
    bool parameters(SANE_Parameters &p)
    {
        const SANE_Status s = sane_get_parameters(m_device.handle(), &p);
        if (s != SANE_STATUS_GOOD)
            return refuse(failureFrom(s));
        const int channels = p.format == SANE_FRAME_RGB ? 3 : 1;
        const std::int64_t bits = static_cast<std::int64_t>(p.pixels_per_line) * channels * p.depth;
        if (p.pixels_per_line < 1 || p.pixels_per_line > 65000 || p.bytes_per_line < (bits + 7) / 8 ||
            p.bytes_per_line > (1 << 20) ||
            (p.depth != 8 && p.depth != 16 && !(p.depth == 1 && p.format == SANE_FRAME_GRAY)))
            return refuse({"settings-refused", "format", "the device sends a format that is not supported"});
        return true;
    }
    bool open(const std::string &base, const SANE_Parameters &p, int channels)
    {
        m_format = {p.pixels_per_line, p.depth == 1 ? 0 : channels, m_options.resolution, m_options.quality};
        m_writer = makePageWriter(base, m_format);
        if (!m_writer)
            return writerFailed();
        m_watch.temporary(m_writer->temporaryPath());
        return true;
    }

    // Hands on each whole line of a frame, in 8 bits per sample (or 1 per pixel), without padding.
    template <class Take>
    bool lines(const SANE_Parameters &p, int channels, Take take)
    {
        const auto lineBytes = static_cast<std::size_t>(p.bytes_per_line);
        const auto samples = static_cast<std::size_t>(p.pixels_per_line) * static_cast<std::size_t>(channels);
        const std::int64_t total = p.lines > 0 ? static_cast<std::int64_t>(p.lines) * p.bytes_per_line : -1;
        std::vector<SANE_Byte> buffer(std::max<std::size_t>(lineBytes * 8, 32768));
        std::vector<std::uint8_t> reduced(p.depth == 16 ? samples : 0);
        std::size_t held = 0;
        std::int64_t got = 0;
        for (;;) {
            if (m_watch.cancelled())
                return refuse({"", "cancelled", "cancelled"});
            m_watch.alive();
            SANE_Int n = 0;
            const SANE_Status s =
                sane_read(m_device.handle(), buffer.data() + held, static_cast<SANE_Int>(buffer.size() - held), &n);
            if (m_watch.cancelled())
                return refuse({"", "cancelled", "cancelled"});
            if (s == SANE_STATUS_EOF)
                return true;
            if (s != SANE_STATUS_GOOD)
                return refuse(failureFrom(s));
            if (n == 0)
                std::this_thread::sleep_for(std::chrono::milliseconds(1)); // a driver that does not block
            held += static_cast<std::size_t>(n);
            got += n;
            std::size_t at = 0;
            for (; held - at >= lineBytes; at += lineBytes) {
                const std::uint8_t *line = buffer.data() + at;
                if (p.depth == 16) { // in the machine's byte order: keep the higher half
                    for (std::size_t i = 0; i < samples; ++i) {
                        std::uint16_t v = 0;
                        std::memcpy(&v, line + 2 * i, 2);
                        reduced[i] = static_cast<std::uint8_t>(v >> 8U);
                    }
                    line = reduced.data();
                }
                if (!take(line))
                    return false;
            }
            std::memmove(buffer.data(), buffer.data() + at, held - at);
            held -= at;
            if (const auto now = Clock::now(); now - m_lastProgress > std::chrono::milliseconds(100)) {
                m_lastProgress = now;
                say({{"event", "progress"}, {"bytes", got}, {"totalBytes", total}});
            }
        }
    }

    bool readOneFrame(const std::string &base, const SANE_Parameters &p)
    {
        const int channels = p.format == SANE_FRAME_RGB ? 3 : 1;
        return open(base, p, channels) &&
               lines(p, channels, [&](const std::uint8_t *line) { return m_writer->line(line) || writerFailed(); });
    }

    // Red, green and blue one after the other: kept on disk until all are there.
    bool readThreeFrames(const std::string &base, SANE_Parameters p)
    {
        struct Closer {
            void operator()(FILE *f) const { std::fclose(f); }
        };
        std::map<SANE_Frame, std::unique_ptr<FILE, Closer>> frames;
        const auto width = static_cast<std::size_t>(p.pixels_per_line);
        const SANE_Parameters first = p;
        for (;;) {
            std::string path = m_options.out + "/.frame-XXXXXX";
            const int fd = ::mkstemp(path.data());
            if (fd < 0)
                return writerFailed();
            ::unlink(path.c_str());
            FILE *file = ::fdopen(fd, "w+");
            frames[p.format].reset(file);
            if (static_cast<std::size_t>(p.pixels_per_line) != width || p.depth == 1)
                return refuse({"settings-refused", "format", "the frames do not match"});
            if (!lines(p, 1, [&](const std::uint8_t *line) {
                    if (std::fwrite(line, 1, width, file) == width)
                        return true;
                    m_writer.reset();
                    return writerFailed();
                }))
                return false;
            std::fflush(file);
            std::rewind(file);
            if (p.last_frame)
                break;
            if (frames.size() > 3)
                return refuse({"settings-refused", "format", "too many frames"});
            m_watch.alive();
            if (const SANE_Status s = sane_start(m_device.handle()); s != SANE_STATUS_GOOD)
                return refuse(failureFrom(s));
            if (!parameters(p))
                return false;
        }
        FILE *red = frames[SANE_FRAME_RED].get();
        FILE *green = frames[SANE_FRAME_GREEN].get();
        FILE *blue = frames[SANE_FRAME_BLUE].get();
        if (!red || !green || !blue)
            return refuse({"settings-refused", "format", "a frame is missing"});
        if (!open(base, first, 3))
            return false;
        std::vector<std::uint8_t> r(width), g(width), b(width), rgb(width * 3);
        while (std::fread(r.data(), 1, width, red) == width && std::fread(g.data(), 1, width, green) == width &&
               std::fread(b.data(), 1, width, blue) == width) {
            for (std::size_t i = 0; i < width; ++i) {
                rgb[3 * i] = r[i];
                rgb[3 * i + 1] = g[i];
                rgb[3 * i + 2] = b[i];
            }
            if (!m_writer->line(rgb.data()))
                return writerFailed();
            m_watch.alive();
        }
        return true;
    }

    SaneDevice &m_device;
    const Options &m_options;
    Watch &m_watch;
    PageFormat m_format;
    std::unique_ptr<PageWriter> m_writer;
    Failure m_failure;
    Clock::time_point m_lastProgress{};
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
    PageReader reader(device, options, watch);
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
