// SPDX-License-Identifier: Apache-2.0
// The SANE backend "sandbox": passes every call on to SANE's own `test` backend and adds what sane_sandbox.h describes.
// Also lays a sheet on the glass that looks like one, with as many black squares at its top as its number: pages can be
// told apart.
#include <sane/sane.h>
#include <sane/saneopts.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <string>
#include <unistd.h>

namespace {

void *g_library = nullptr;

template <class F>
F *real(const char *name)
{
    if (!g_library)
        g_library = ::dlopen(SANE_BACKENDS "/libsane-test.so.1", RTLD_NOW | RTLD_LOCAL);
    return g_library ? reinterpret_cast<F *>(::dlsym(g_library, (std::string("sane_test_") + name).c_str())) : nullptr;
}

std::string controlPath(const char *knob)
{
    const char *folder = std::getenv("SANE_CONFIG_DIR");
    return std::string(folder ? folder : ".") + "/control/" + knob;
}

std::string knob(const char *name)
{
    char value[64] = "";
    if (FILE *file = std::fopen(controlPath(name).c_str(), "r")) {
        if (std::fscanf(file, "%63s", value) != 1)
            value[0] = 0;
        std::fclose(file);
    }
    return value;
}

int number(const char *name)
{
    const std::string value = knob(name);
    return value.empty() ? -1 : std::atoi(value.c_str());
}

void setNumber(const char *name, int value)
{
    const std::string path = controlPath(name);
    if (FILE *file = std::fopen((path + ".new").c_str(), "w")) {
        std::fprintf(file, "%d\n", value);
        std::fclose(file);
        std::rename((path + ".new").c_str(), path.c_str());
    }
}

double now()
{
    timespec t{};
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

// One device, one process: the state of the handle that is open.
struct Session {
    bool feeder = false;
    bool threePass = false;
    double dpi = 200;
    int page = 0;
    int frame = 0; // of the page, with three frames
    long at = 0;   // bytes of the frame so far
    double startedAt = 0;
    SANE_Parameters parameters{};
} g;

struct Color {
    int red, green, blue;
};

// What lies on the glass, at a place in millimetres: a letter with a photograph, its number in black squares at the
// top.
Color sheet(double x, double y)
{
    constexpr Color kPaper{252, 251, 247};
    constexpr Color kInk{45, 45, 50};
    if (y >= 5 && y < 10) {
        const int column = static_cast<int>(x / 5);
        return column % 2 == 1 && column / 2 < g.page ? Color{0, 0, 0} : kPaper;
    }
    if (x < 15 || x >= 195 || y < 18 || y >= 280)
        return kPaper;
    if (y < 30)
        return {36, 86, 158};
    if (y >= 40 && y < 106 && x < 100) {
        const double hill = 78 + 10 * std::sin(x / 11) + 4 * std::sin(x / 3.7);
        if (y > hill)
            return {static_cast<int>(60 + x / 2), static_cast<int>(110 + (y - hill)), 64};
        if (std::hypot(x - 75, y - 55) < 8)
            return {250, 205, 90};
        return {static_cast<int>(120 + y), static_cast<int>(170 + y / 2), 235};
    }
    if (y < 40 || std::fmod(y, 6) >= 2.2)
        return kPaper;
    const double left = y < 108 ? 106 : 15;
    const auto row = static_cast<unsigned>(y / 6);
    const auto letter = static_cast<unsigned>(std::max(0.0, x - left) / 2.2);
    const unsigned dice = (row * 2654435761U + letter * 40503U + static_cast<unsigned>(g.page) * 97U) >> 7U;
    const bool gap = x < left || dice % 6 == 0 || std::fmod(x - left, 2.2) > 1.7 || (row % 7 == 0 && x > 120);
    return gap ? kPaper : kInk;
}

// Replaces the test backend's pattern. Sixteen bit pictures stay as they are.
void draw(SANE_Byte *data, long length)
{
    const long bytesPerLine = g.parameters.bytes_per_line;
    if (bytesPerLine <= 0 || g.parameters.depth == 16)
        return;
    const double millimetre = 25.4 / g.dpi;
    const int channels = g.parameters.format == SANE_FRAME_RGB ? 3 : 1;
    const auto gray = [](const Color &c) { return (c.red * 30 + c.green * 59 + c.blue * 11) / 100; };
    for (long i = 0; i < length; ++i) {
        const long row = (g.at + i) / bytesPerLine;
        const long byte = (g.at + i) % bytesPerLine;
        const double y = static_cast<double>(row) * millimetre;
        if (g.parameters.depth == 1) {
            unsigned bits = 0;
            for (long k = 0; k < 8; ++k) {
                const long column = byte * 8 + k;
                const int threshold = 75 + 50 * static_cast<int>((row + column) % 3);
                bits = bits << 1U | (gray(sheet(static_cast<double>(column) * millimetre, y)) < threshold ? 1U : 0U);
            }
            data[i] = static_cast<SANE_Byte>(bits);
            continue;
        }
        const Color c = sheet(static_cast<double>(byte / channels) * millimetre, y);
        const int channel = channels == 3 ? static_cast<int>(byte % 3) : -1;
        int value = gray(c);
        if (channel == 0 || g.parameters.format == SANE_FRAME_RED)
            value = c.red;
        else if (channel == 1 || g.parameters.format == SANE_FRAME_GREEN)
            value = c.green;
        else if (channel == 2 || g.parameters.format == SANE_FRAME_BLUE)
            value = c.blue;
        data[i] = static_cast<SANE_Byte>(std::clamp(value, 0, 255));
    }
}

} // namespace

#pragma GCC visibility push(default)
extern "C" {

SANE_Status sane_sandbox_init(SANE_Int *version, SANE_Auth_Callback authorize)
{
    auto *f = real<decltype(sane_init)>("init");
    return f ? f(version, authorize) : SANE_STATUS_UNSUPPORTED;
}

void sane_sandbox_exit()
{
    real<decltype(sane_exit)>("exit")();
}

SANE_Status sane_sandbox_get_devices(const SANE_Device ***list, SANE_Bool localOnly)
{
    static const SANE_Device device{"0", "Example", "Sandbox scanner", "multi-function peripheral"};
    static const SANE_Device *one[] = {&device, nullptr};
    static const SANE_Device *none[] = {nullptr};
    const SANE_Device **unused = nullptr;
    const SANE_Status status = real<decltype(sane_get_devices)>("get_devices")(&unused, localOnly);
    *list = knob("condition") == "gone" ? none : one;
    return status;
}

SANE_Status sane_sandbox_open(SANE_String_Const name, SANE_Handle *handle)
{
    const std::string condition = knob("condition");
    if (condition == "gone")
        return SANE_STATUS_IO_ERROR;
    if (condition == "busy")
        return SANE_STATUS_DEVICE_BUSY;
    g = Session{};
    return real<decltype(sane_open)>("open")(name, handle);
}

void sane_sandbox_close(SANE_Handle handle)
{
    real<decltype(sane_close)>("close")(handle);
}

const SANE_Option_Descriptor *sane_sandbox_get_option_descriptor(SANE_Handle handle, SANE_Int option)
{
    return real<decltype(sane_get_option_descriptor)>("get_option_descriptor")(handle, option);
}

SANE_Status sane_sandbox_control_option(SANE_Handle handle, SANE_Int option, SANE_Action action, void *value,
                                        SANE_Int *info)
{
    const SANE_Option_Descriptor *d = sane_sandbox_get_option_descriptor(handle, option);
    const SANE_Status status =
        real<decltype(sane_control_option)>("control_option")(handle, option, action, value, info);
    if (status == SANE_STATUS_GOOD && d && d->name) {
        if (std::strcmp(d->name, SANE_NAME_SCAN_SOURCE) == 0)
            g.feeder = std::strcmp(static_cast<const char *>(value), "Automatic Document Feeder") == 0;
        else if (std::strcmp(d->name, SANE_NAME_SCAN_RESOLUTION) == 0)
            g.dpi = SANE_UNFIX(*static_cast<SANE_Fixed *>(value));
    }
    return status;
}

SANE_Status sane_sandbox_get_parameters(SANE_Handle handle, SANE_Parameters *parameters)
{
    return real<decltype(sane_get_parameters)>("get_parameters")(handle, parameters);
}

SANE_Status sane_sandbox_start(SANE_Handle handle)
{
    const bool newPage = g.frame == 0;
    if (newPage) {
        const std::string condition = knob("condition");
        if (condition == "cover-open")
            return SANE_STATUS_COVER_OPEN;
        if (condition == "jammed")
            return SANE_STATUS_JAMMED;
        if (condition == "no-docs" || (g.feeder && number("pages") == 0))
            return SANE_STATUS_NO_DOCS;
        if (condition == "gone")
            return SANE_STATUS_IO_ERROR;
    }
    const SANE_Status status = real<decltype(sane_start)>("start")(handle);
    if (status != SANE_STATUS_GOOD)
        return status;
    if (newPage)
        ++g.page;
    g.at = 0;
    g.startedAt = now();
    sane_sandbox_get_parameters(handle, &g.parameters);
    return status;
}

SANE_Status sane_sandbox_read(SANE_Handle handle, SANE_Byte *data, SANE_Int maximum, SANE_Int *length)
{
    const long whole = static_cast<long>(g.parameters.bytes_per_line) * std::max(1, g.parameters.lines);
    if (g.at > whole / 2) {
        if (number("jam-at") == g.page) {
            *length = 0;
            return SANE_STATUS_JAMMED;
        }
        if (number("crash-at") == g.page)
            std::abort();
        while (number("hang-at") == g.page)
            ::usleep(10'000);
    }
    if (const int pageTime = number("page-time"); pageTime > 0) {
        // A piece of the page at a time, each when it is due.
        maximum = static_cast<SANE_Int>(std::clamp(whole / 100, 1L, static_cast<long>(maximum)));
        const double due = g.startedAt + pageTime / 1000.0 * static_cast<double>(g.at) / static_cast<double>(whole);
        if (const double wait = due - now(); wait > 0)
            ::usleep(static_cast<useconds_t>(wait * 1e6));
    }
    const SANE_Status status = real<decltype(sane_read)>("read")(handle, data, maximum, length);
    if (status == SANE_STATUS_GOOD) {
        draw(data, *length);
        g.at += *length;
    }
    if (status == SANE_STATUS_EOF) {
        if (g.parameters.last_frame) {
            g.frame = 0;
            if (const int pages = number("pages"); g.feeder && pages > 0)
                setNumber("pages", pages - 1);
        } else {
            ++g.frame;
        }
    }
    return status;
}

void sane_sandbox_cancel(SANE_Handle handle)
{
    g.frame = 0;
    real<decltype(sane_cancel)>("cancel")(handle);
}

SANE_Status sane_sandbox_set_io_mode(SANE_Handle handle, SANE_Bool nonBlocking)
{
    return real<decltype(sane_set_io_mode)>("set_io_mode")(handle, nonBlocking);
}

SANE_Status sane_sandbox_get_select_fd(SANE_Handle handle, SANE_Int *fd)
{
    return real<decltype(sane_get_select_fd)>("get_select_fd")(handle, fd);
}

} // extern "C"
#pragma GCC visibility pop
