// SPDX-License-Identifier: Apache-2.0
#include "support/ipp_printer.h"

#include "support/whole_file.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace connector::test {

namespace fs = std::filesystem;

namespace {

// What the sandbox's printer says of itself: an office printer for A paper, with colour and both sides.
constexpr std::string_view kAttributes = R"(ATTR boolean color-supported true
ATTR integer copies-default 1
ATTR rangeOfInteger copies-supported 1-99
ATTR enum finishings-default 3
ATTR enum finishings-supported 3
ATTR keyword media-default iso_a4_210x297mm
ATTR keyword media-ready iso_a4_210x297mm,iso_a5_148x210mm
ATTR keyword media-supported iso_a4_210x297mm,iso_a5_148x210mm,iso_a3_297x420mm,na_letter_8.5x11in,na_legal_8.5x14in
ATTR keyword media-source-supported auto,main,alternate
ATTR keyword media-type-supported auto,stationery,labels
ATTR collection media-col-default {MEMBER collection media-size {MEMBER integer x-dimension 21000 MEMBER integer y-dimension 29700} MEMBER keyword media-source main MEMBER keyword media-type stationery}
ATTR integer media-bottom-margin-supported 423
ATTR integer media-left-margin-supported 423
ATTR integer media-right-margin-supported 423
ATTR integer media-top-margin-supported 423
ATTR enum orientation-requested-default 3
ATTR enum orientation-requested-supported 3,4,5,6
ATTR keyword output-bin-default face-down
ATTR keyword output-bin-supported face-down
ATTR boolean page-ranges-supported true
ATTR integer pages-per-minute 30
ATTR integer pages-per-minute-color 30
ATTR keyword print-color-mode-default auto
ATTR keyword print-color-mode-supported auto,color,monochrome
ATTR keyword print-content-optimize-default auto
ATTR keyword print-content-optimize-supported auto
ATTR enum print-quality-default 4
ATTR enum print-quality-supported 3,4,5
ATTR keyword print-rendering-intent-default auto
ATTR keyword print-rendering-intent-supported auto
ATTR keyword print-scaling-default auto
ATTR keyword print-scaling-supported auto,auto-fit,fill,fit,none
ATTR text printer-device-id "MFG:Example;MDL:Printer;CMD:PDF,JPEG,PWG;"
ATTR text printer-make-and-model "Example Office Printer"
ATTR resolution printer-resolution-default 600dpi
ATTR resolution printer-resolution-supported 600dpi
ATTR resolution pwg-raster-document-resolution-supported 300dpi,600dpi
ATTR keyword pwg-raster-document-sheet-back rotated
ATTR keyword pwg-raster-document-type-supported black_1,sgray_8,srgb_8
ATTR keyword sides-default one-sided
ATTR keyword sides-supported one-sided,two-sided-long-edge,two-sided-short-edge
)";

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

bool accepts(int port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool ok = ::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    ::close(fd);
    return ok;
}

} // namespace

int freePort()
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    ::bind(fd, reinterpret_cast<const sockaddr *>(&address), length);
    ::getsockname(fd, reinterpret_cast<sockaddr *>(&address), &length);
    ::close(fd);
    return ntohs(address.sin_port);
}

IppPrinter::IppPrinter(IppPrinterOptions options) : m_options(std::move(options))
{
    std::error_code ignored;
    for (const char *folder : {"documents", "jobs", "control", "keys"})
        fs::create_directories(m_options.state / folder, ignored);
    m_options.programs = fs::absolute(m_options.programs);
    m_options.state = fs::absolute(m_options.state);
    writeWhole(m_options.state / "printer.conf",
               std::string(kAttributes) + "ATTR mimeMediaType document-format-supported application/octet-stream," +
                   m_options.formats + "\n");
}

IppPrinter::~IppPrinter()
{
    stop();
}

std::string IppPrinter::start()
{
    if (m_pid > 0)
        return "it runs already";
    const fs::path quiet = m_options.programs / "libquiet-avahi.so";
    const fs::path paper = m_options.programs / "ipp-printer-paper";
    if (::access(quiet.c_str(), R_OK) != 0 || ::access(paper.c_str(), X_OK) != 0)
        return "libquiet-avahi.so or ipp-printer-paper is missing in " + m_options.programs.string();
    const char *program = ::access("/usr/sbin/ippeveprinter", X_OK) == 0 ? "/usr/sbin/ippeveprinter" : "ippeveprinter";
    for (int attempt = 0; attempt < 5; ++attempt) {
        const int port = m_options.port != 0 ? m_options.port : freePort();
        const std::vector<std::string> arguments{program,
                                                 "-v",
                                                 "-n",
                                                 "localhost",
                                                 "-p",
                                                 std::to_string(port),
                                                 "-a",
                                                 (m_options.state / "printer.conf").string(),
                                                 "-d",
                                                 (m_options.state / "documents").string(),
                                                 "-k",
                                                 "-K",
                                                 (m_options.state / "keys").string(),
                                                 "-D",
                                                 "file:///dev/null",
                                                 "-c",
                                                 paper.string(),
                                                 "-r",
                                                 "off",
                                                 m_options.name};
        const std::vector<std::string> environment{
            "LD_PRELOAD=" + quiet.string(), "IPP_PRINTER_STATE=" + m_options.state.string(),
            "HOME=" + m_options.state.string(), "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"};
        std::vector<char *> argv;
        std::vector<char *> envp;
        for (const std::string &a : arguments)
            argv.push_back(const_cast<char *>(a.c_str()));
        for (const std::string &e : environment)
            envp.push_back(const_cast<char *>(e.c_str()));
        argv.push_back(nullptr);
        envp.push_back(nullptr);
        const int log =
            ::open((m_options.state / "printer.log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        m_pid = ::fork();
        if (m_pid == 0) {
            ::setpgid(0, 0); // its print command ends with it
            ::dup2(null, 0);
            ::dup2(log, 1);
            ::dup2(log, 2);
            ::execvpe(argv[0], argv.data(), envp.data());
            ::_exit(127);
        }
        ::close(log);
        ::close(null);
        if (m_pid < 0)
            return std::strerror(errno);
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(15);
        while (std::chrono::steady_clock::now() < end) {
            int status = 0;
            if (::waitpid(m_pid, &status, WNOHANG) == m_pid) {
                m_pid = -1;
                break;
            }
            if (accepts(port)) {
                m_options.port = port;
                return {};
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        stop(true);
    }
    return "ippeveprinter does not start; see " + (m_options.state / "printer.log").string();
}

void IppPrinter::stop(bool rudely)
{
    if (m_pid <= 0)
        return;
    ::kill(-m_pid, rudely ? SIGKILL : SIGTERM);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    int status = 0;
    while (::waitpid(m_pid, &status, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() > end)
            ::kill(-m_pid, SIGKILL);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    m_pid = -1;
}

std::string IppPrinter::uri() const
{
    return "ipp://localhost:" + std::to_string(m_options.port) + "/ipp/print";
}

void IppPrinter::setPageTime(std::chrono::milliseconds perSide) const
{
    writeWhole(m_options.state / "control" / "page-time", std::to_string(perSide.count()) + "\n");
}

void IppPrinter::setConditions(const std::vector<std::string> &keywords) const
{
    std::string text;
    for (const std::string &keyword : keywords)
        text += keyword + "\n";
    writeWhole(m_options.state / "control" / "conditions", text);
}

std::vector<fs::path> IppPrinter::documents() const
{
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const auto &entry : fs::directory_iterator(m_options.state / "documents", ignored))
        found.push_back(entry.path());
    std::sort(found.begin(), found.end(), [](const fs::path &a, const fs::path &b) {
        return std::atoi(a.filename().c_str()) < std::atoi(b.filename().c_str());
    });
    return found;
}

std::map<std::string, std::string> IppPrinter::attributes(int jobId) const
{
    std::map<std::string, std::string> found;
    std::ifstream in(m_options.state / "jobs" / (std::to_string(jobId) + ".attributes"));
    for (std::string line; std::getline(in, line);)
        if (const std::size_t at = line.find('='); at != std::string::npos)
            found[line.substr(0, at)] = line.substr(at + 1);
    return found;
}

} // namespace connector::test
