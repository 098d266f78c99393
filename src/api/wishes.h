// SPDX-License-Identifier: Apache-2.0
// Reads print tickets and scan settings from the API's JSON; what is wrong is "bad-request" or "ticket-refused".
#pragma once

#include "print/printer.h"
#include "scan/scanner.h"

#include <nlohmann/json.hpp>

namespace connector {

Result<Ticket> ticketFrom(const nlohmann::json &j);

struct ScanSettingsWish {
    ScanSettings settings;
    bool manyPages = false; // the flatbed asks for each further page
};
Result<ScanSettingsWish> scanWishFrom(const nlohmann::json &j);

} // namespace connector
