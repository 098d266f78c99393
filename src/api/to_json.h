// SPDX-License-Identifier: Apache-2.0
// The API's shapes (docs/api.md) of what the rooms hold.
#pragma once

#include "people/people.h"
#include "print/printer.h"
#include "profiles/profile.h"
#include "providers/provider.h"
#include "scan/scanner.h"

#include <nlohmann/json.hpp>

namespace connector {

nlohmann::json toApiJson(const Person &person);
nlohmann::json toApiJson(const Profile &profile);
nlohmann::json toApiJson(const Authorization &authorization);
nlohmann::json toApiJson(const PrinterStatus &status);
nlohmann::json toApiJson(const PrinterCapabilities &capabilities);
nlohmann::json toApiJson(const ScannerStatus &status);
nlohmann::json toApiJson(const ScannerCapabilities &capabilities);
// `printable` is for the printer as it is known now.
nlohmann::json toApiJson(const Entry &entry, const std::optional<PrinterCapabilities> &printer);

// The icon's word for a name and kind: "pdf", "image", …
std::string_view fileType(EntryKind kind, std::string_view name);

} // namespace connector
