// SPDX-License-Identifier: Apache-2.0
// A schema from the SQL of its steps, in their order.
#pragma once

#include "store/database.h"

namespace connector {

inline std::vector<Migration> numbered(std::initializer_list<std::string_view> steps)
{
    std::vector<Migration> schema;
    for (const std::string_view sql : steps)
        schema.push_back({static_cast<int>(schema.size()) + 1, sql});
    return schema;
}

} // namespace connector
