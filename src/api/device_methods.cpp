// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"
#include "api/to_json.h"

namespace connector {

void Api::addDeviceMethods()
{
    m_methods["printer.get"] = [this](const Asked &asked) {
        m_rooms.devices.askPrinter([this, asked](const Result<PrinterCapabilities> &capabilities) {
            if (!capabilities)
                return asked.respond(
                    ApiError{capabilities.error(), {{"status", toApiJson(m_rooms.devices.printer())}}});
            asked.respond(
                Json{{"status", toApiJson(m_rooms.devices.printer())}, {"capabilities", toApiJson(*capabilities)}});
        });
    };
    m_methods["scanner.get"] = [this](const Asked &asked) {
        m_rooms.devices.askScanner([this, asked](const Result<ScannerCapabilities> &capabilities) {
            if (!capabilities)
                return asked.respond(
                    ApiError{capabilities.error(), {{"status", toApiJson(m_rooms.devices.scanner())}}});
            asked.respond(
                Json{{"status", toApiJson(m_rooms.devices.scanner())}, {"capabilities", toApiJson(*capabilities)}});
        });
    };
}

} // namespace connector
