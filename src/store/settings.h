// SPDX-License-Identifier: Apache-2.0
// What an administrator or a person at the panel sets, kept in the database. Same thread as the database.
#pragma once

#include "store/job_table.h"

#include <nlohmann/json_fwd.hpp>

namespace connector {

// The mail server that takes the service's mails; its password is in the Vault.
struct MailSettings {
    std::string server; // "": no mails
    int port = 587;
    std::string security = "starttls"; // "starttls", "tls", "none"
    std::string user;                  // "": without signing in
    std::string from;
};

struct Settings {
    std::string language = "en"; // "en", "fr"
    std::chrono::seconds sessionTimeout{60};
    bool highContrast = false;
    std::vector<std::string> allowedDomains; // empty: all
    std::vector<std::string> signInMethods{"list", "password", "pin", "card"};
    bool guests = true;              // the panel may be used without signing in
    std::chrono::days auditDays{90}; // how long the audit log is kept
    MailSettings mail;
    std::chrono::days guestProfileDays{90}; // a guest's profile that was not used for so long goes
};

class SettingsStore {
public:
    // Reads what is stored; unknown or unreadable values keep their default, but for the allowed domains: then none is.
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
