// SPDX-License-Identifier: Apache-2.0
#include "store/schema.h"

#include "connector_store_embedded.h"
#include "store/migrations.h"

namespace connector {

std::span<const Migration> serviceSchema()
{
    static const auto steps =
        numbered({*migrations::embedded("001_first.sql"), *migrations::embedded("002_shortcut.sql"),
                  *migrations::embedded("003_profiles.sql"), *migrations::embedded("004_people.sql"),
                  *migrations::embedded("005_audit.sql"), *migrations::embedded("006_sealed.sql"),
                  *migrations::embedded("007_care.sql"), *migrations::embedded("008_linked.sql")});
    return steps;
}

} // namespace connector
