// SPDX-License-Identifier: Apache-2.0
// How the printer and the scanner are, asked in the background and told when it changes.
#pragma once

#include "core/task_queue.h"
#include "print/printer.h"
#include "scan/scanner.h"

namespace connector {

// Calls, callbacks and events on the actor's thread.
class DeviceWatch {
public:
    struct Events {
        std::function<void(const PrinterStatus &)> printerChanged = [](const PrinterStatus &) {};
        std::function<void(const ScannerStatus &)> scannerChanged = [](const ScannerStatus &) {};
    };

    DeviceWatch(TaskQueue &actor, WorkerPool &workers, Printer &printer, Scanner &scanner);
    ~DeviceWatch();
    void setEvents(Events events) { m_events = std::move(events); }
    // Asks both now and the printer every few seconds from then on. The scanner is asked less often: each time
    // starts its driver.
    void start();

    const PrinterStatus &printer() const { return m_printerStatus; }
    const ScannerStatus &scanner() const { return m_scannerStatus; }
    // What the printer takes, as last heard; nullopt while it was never reached.
    const std::optional<PrinterCapabilities> &printerCapabilities() const { return m_printerCapabilities; }

    // Fresh facts, or the last ones where the device does not answer but did before.
    void askPrinter(std::function<void(Result<PrinterCapabilities>)> done);
    void askScanner(std::function<void(Result<ScannerCapabilities>)> done);

private:
    void pollPrinter();
    void pollScanner();

    TaskQueue &m_actor;
    WorkerPool &m_workers;
    Printer &m_printer;
    Scanner &m_scanner;
    Events m_events;
    PrinterStatus m_printerStatus;
    ScannerStatus m_scannerStatus;
    std::optional<PrinterCapabilities> m_printerCapabilities;
    std::optional<ScannerCapabilities> m_scannerCapabilities;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace connector
