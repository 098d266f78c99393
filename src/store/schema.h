// SPDX-License-Identifier: Apache-2.0
// The numbered migrations of the service's database (src/store/migrations).
#pragma once

#include "store/database.h"

namespace connector {

std::span<const Migration> serviceSchema();

} // namespace connector
