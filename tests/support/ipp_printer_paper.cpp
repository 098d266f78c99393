// SPDX-License-Identifier: Apache-2.0
// ipp-printer-paper: the sandboxed printer's print command. "Prints" the document at the speed and with the troubles
// that the printer's control folder asks for, reporting them the way ippeveprinter expects (STATE: and ATTR: lines).
#include "print/render_worker/qpdf.h"

#include <cups/cups.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

extern char **environ;

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::string variable(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

// IPP_PRINT_COLOR_MODE=color -> print-color-mode=color
void recordAttributes(const fs::path &state)
{
    std::ofstream out(state / "jobs" / (variable("IPP_JOB_ID") + ".attributes"));
    for (char **e = environ; *e; ++e) {
        std::string entry = *e;
        if (entry.compare(0, 4, "IPP_") != 0 || entry.compare(0, 12, "IPP_PRINTER_") == 0)
            continue;
        entry.erase(0, 4);
        for (char &c : entry) {
            if (c == '=')
                break;
            c = c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        out << entry << '\n';
    }
    out << "document-format=" << variable("CONTENT_TYPE") << '\n';
}

// Pages of the document that the ticket asks for; 0 when it cannot be read.
int pagesToPrint(const char *file)
{
    if (variable("CONTENT_TYPE") != "application/pdf")
        return 1;
    int all = 0;
    try {
        QPDF pdf;
        pdf.setSuppressWarnings(true);
        pdf.processFile(file);
        all = static_cast<int>(pdf.getAllPages().size());
    } catch (const std::exception &e) {
        std::cerr << "ERROR: " << e.what() << std::endl;
        return 0;
    }
    const std::string ranges = variable("IPP_PAGE_RANGES"); // "1-3,5-5"
    if (ranges.empty())
        return all;
    int pages = 0;
    for (std::size_t at = 0; at < ranges.size();) {
        int first = 0;
        int last = 0;
        int used = 0;
        if (std::sscanf(ranges.c_str() + at, "%d-%d%n", &first, &last, &used) != 2) {
            if (std::sscanf(ranges.c_str() + at, "%d%n", &first, &used) != 1)
                break;
            last = first;
        }
        pages += std::max(0, std::min(last, all) - first + 1);
        at += static_cast<std::size_t>(used) + 1;
    }
    return pages;
}

class Press {
public:
    explicit Press(fs::path control) : m_control(std::move(control)) {}
    ~Press()
    {
        for (const std::string &keyword : m_reported)
            std::cerr << "STATE: -" << keyword << "-error" << std::endl;
        if (m_http)
            httpClose(m_http);
    }
    Press(const Press &) = delete;
    Press &operator=(const Press &) = delete;

    // One side of paper. False when the job is to end.
    bool side()
    {
        const auto start = Clock::now();
        for (;;) {
            int pageTime = 0;
            std::ifstream(m_control / "page-time") >> pageTime;
            if (!troubles())
                return false;
            if (m_reported.empty() && Clock::now() - start >= std::chrono::milliseconds(pageTime))
                return true;
            if (canceled())
                return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(std::min(pageTime, 20)));
        }
    }
    bool aborted() const { return m_aborted; }

private:
    bool troubles()
    {
        std::set<std::string> now;
        std::ifstream in(m_control / "conditions");
        for (std::string line; std::getline(in, line);)
            if (!line.empty())
                now.insert(line);
        if (now.contains("abort")) {
            m_aborted = true;
            return false;
        }
        for (const std::string &keyword : now)
            if (!m_reported.contains(keyword))
                std::cerr << "STATE: +" << keyword << "-error" << std::endl;
        for (const std::string &keyword : m_reported)
            if (!now.contains(keyword))
                std::cerr << "STATE: -" << keyword << "-error" << std::endl;
        m_reported = now;
        return true;
    }

    // ippeveprinter tells its command nothing of a cancel: ask it, at most five times a second.
    bool canceled()
    {
        if (Clock::now() < m_nextQuestion)
            return false;
        m_nextQuestion = Clock::now() + std::chrono::milliseconds(200);
        const std::string uri = variable("IPP_JOB_URI");
        char scheme[32], user[64], host[256], resource[256];
        int port = 0;
        if (httpSeparateURI(HTTP_URI_CODING_ALL, uri.c_str(), scheme, sizeof scheme, user, sizeof user, host,
                            sizeof host, &port, resource, sizeof resource) < HTTP_URI_STATUS_OK)
            return false;
        if (!m_http)
            m_http = httpConnect2("127.0.0.1", port, nullptr, AF_INET, HTTP_ENCRYPTION_IF_REQUESTED, 1, 5000, nullptr);
        if (!m_http)
            return false;
        ipp_t *request = ippNewRequest(IPP_OP_GET_JOB_ATTRIBUTES);
        ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "job-uri", nullptr, uri.c_str());
        ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr, "paper");
        ipp_t *reply = cupsDoRequest(m_http, request, resource);
        ipp_attribute_t *reasons = reply ? ippFindAttribute(reply, "job-state-reasons", IPP_TAG_ZERO) : nullptr;
        bool found = false;
        for (int i = 0; reasons && i < ippGetCount(reasons); ++i)
            found = found || std::string(ippGetString(reasons, i, nullptr)) == "processing-to-stop-point";
        ippDelete(reply);
        return found;
    }

    fs::path m_control;
    std::set<std::string> m_reported;
    bool m_aborted = false;
    http_t *m_http = nullptr;
    Clock::time_point m_nextQuestion{};
};

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    const fs::path state = variable("IPP_PRINTER_STATE");
    recordAttributes(state);
    const int pages = pagesToPrint(argv[1]);
    if (pages == 0)
        return 1;
    const int sides = pages * std::max(1, std::atoi(variable("IPP_COPIES").c_str()));
    std::cerr << "ATTR: job-impressions=" << sides << std::endl;
    Press press(state / "control");
    for (int done = 0; done < sides; ++done) {
        if (!press.side())
            return press.aborted() ? 1 : 0;
        std::cerr << "ATTR: job-impressions=" << sides << " job-impressions-completed=" << done + 1 << std::endl;
    }
    return 0;
}
