// SPDX-License-Identifier: Apache-2.0
#include "jobs/device_watch.h"

#include "core/log.h"

namespace connector {

namespace {

constexpr std::chrono::seconds kPrinterInterval{3};
constexpr std::chrono::seconds kScannerInterval{60};
constexpr std::chrono::seconds kLongestAnswer{10};

Call callWith(std::stop_token stop)
{
    Call call;
    call.stop = std::move(stop);
    return call.within(kLongestAnswer);
}

bool same(const PrinterStatus &a, const PrinterStatus &b)
{
    return a.name == b.name && a.state == b.state && a.keywords() == b.keywords();
}

bool same(const ScannerStatus &a, const ScannerStatus &b)
{
    return a.name == b.name && a.state == b.state && a.reasons == b.reasons;
}

} // namespace

DeviceWatch::DeviceWatch(TaskQueue &actor, WorkerPool &workers, Printer &printer, Scanner &scanner)
    : m_actor(actor), m_workers(workers), m_printer(printer), m_scanner(scanner)
{
}

DeviceWatch::~DeviceWatch()
{
    *m_alive = false;
}

void DeviceWatch::start()
{
    pollPrinter();
    pollScanner();
    askPrinter([](const auto &) {});
}

void DeviceWatch::pollPrinter()
{
    m_workers.post([this, alive = m_alive](std::stop_token stop) {
        auto status = std::make_shared<Result<PrinterStatus>>(m_printer.status(callWith(stop)));
        m_actor.post([this, alive, status](std::stop_token) {
            if (!*alive)
                return;
            PrinterStatus fresh = *status ? **status : PrinterStatus{};
            if (fresh.name.empty())
                fresh.name = m_printerStatus.name;
            const bool changed = !same(fresh, m_printerStatus);
            const bool back =
                m_printerStatus.state == PrinterState::Unreachable && fresh.state != PrinterState::Unreachable;
            m_printerStatus = std::move(fresh);
            if (changed)
                m_events.printerChanged(m_printerStatus);
            if (back)
                askPrinter([](const auto &) {}); // it may be another one now
            m_actor.postAfter(kPrinterInterval, [this, alive](std::stop_token stopped) {
                if (*alive && !stopped.stop_requested())
                    pollPrinter();
            });
        });
    });
}

void DeviceWatch::pollScanner()
{
    m_workers.post([this, alive = m_alive](std::stop_token stop) {
        auto status = std::make_shared<Result<ScannerStatus>>(m_scanner.status(callWith(stop)));
        m_actor.post([this, alive, status](std::stop_token) {
            if (!*alive)
                return;
            ScannerStatus fresh = *status ? **status : ScannerStatus{};
            if (fresh.name.empty())
                fresh.name = m_scannerStatus.name;
            if (!same(fresh, m_scannerStatus)) {
                m_scannerStatus = std::move(fresh);
                m_events.scannerChanged(m_scannerStatus);
            }
            m_actor.postAfter(kScannerInterval, [this, alive](std::stop_token stopped) {
                if (*alive && !stopped.stop_requested())
                    pollScanner();
            });
        });
    });
}

void DeviceWatch::askPrinter(std::function<void(Result<PrinterCapabilities>)> done)
{
    m_workers.post([this, alive = m_alive, done = std::move(done)](std::stop_token stop) {
        auto asked = std::make_shared<Result<PrinterCapabilities>>(m_printer.capabilities(callWith(stop)));
        m_actor.post([this, alive, asked, done](std::stop_token) {
            if (!*alive)
                return;
            if (*asked)
                m_printerCapabilities = **asked;
            done(m_printerCapabilities ? Result<PrinterCapabilities>(*m_printerCapabilities) : *asked);
        });
    });
}

void DeviceWatch::askScanner(std::function<void(Result<ScannerCapabilities>)> done)
{
    if (m_scannerCapabilities) {
        done(*m_scannerCapabilities); // its options do not change while it is plugged in, and asking takes its driver's
                                      // start
        return;
    }
    m_workers.post([this, alive = m_alive, done = std::move(done)](std::stop_token stop) {
        auto asked = std::make_shared<Result<ScannerCapabilities>>(m_scanner.capabilities(callWith(stop)));
        m_actor.post([this, alive, asked, done](std::stop_token) {
            if (!*alive)
                return;
            if (*asked)
                m_scannerCapabilities = **asked;
            done(*asked);
        });
    });
}

} // namespace connector
