// SPDX-License-Identifier: Apache-2.0
#include "store/schema.h"

#include "connector_store_embedded.h"

namespace connector {

std::span<const Migration> serviceSchema()
{
    static const std::array<Migration, 4> steps{{{1, *migrations::embedded("001_first.sql")},
                                                 {2, *migrations::embedded("002_shortcut.sql")},
                                                 {3, *migrations::embedded("003_profiles.sql")},
                                                 {4, *migrations::embedded("004_people.sql")}}};
    return steps;
}

} // namespace connector
