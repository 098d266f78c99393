// SPDX-License-Identifier: Apache-2.0
// What an administrator or a person at the panel sets, kept in the database. Same thread as the database.
#pragma once

#include "store/job_table.h"

#include <nlohmann/json_fwd.hpp>

namespace connector {

struct Settings {
    std::string language = "en"; // "en", "fr"
    std::chrono::seconds sessionTimeout{60};
    bool highContrast = false;
    std::vector<std::string> allowedDomains; // empty: all
    std::vector<std::string> signInMethods{"list", "password", "pin", "card"};
    bool guests = true;              // the panel may be used without signing in
    std::chrono::days auditDays{90}; // how long the audit log is kept
};

class SettingsStore {
public:
    // Reads what is stored; unknown or unreadable values keep their default.
    static Result<SettingsStore> load(Database &db);

    const Settings &get() const { return m_settings; }
    nlohmann::json toJson() const;
    // Takes the known fields of an object, all or none. InvalidArgument (message says which field and why).
    Result<void> change(const nlohmann::json &fields);

private:
    explicit SettingsStore(Database &db) : m_db(&db) {}
    Database *m_db;
    Settings m_settings;
};

} // namespace connector
