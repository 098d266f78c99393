// SPDX-License-Identifier: Apache-2.0
// What an installation sets in its configuration file (docs/configuration.md).
#pragma once

#include "core/log.h"
#include "people/ldap_directory.h"
#include "profiles/account_links.h"
#include "store/key_holder.h"

#include <filesystem>

namespace connector {

struct Configuration {
    std::filesystem::path state = "/var/lib/cloud-connector"; // database, key, spool
    std::filesystem::path socket = "/run/cloud-connector/api.sock";
    std::filesystem::path workers; // folder of scan-worker and render-worker; empty: beside the program
    log::Level logLevel = log::Level::Info;
    KeyHolder masterKey;

    std::string deviceName = "Cloud Connector";
    std::string devicePlace;
    std::string panelUser = "cloud-connector-panel"; // that the panel runs as

    std::string portalUrl;
    std::string printerUri;
    std::string scannerDevice;              // SANE's name; empty: the first one found
    std::filesystem::path scannerConfigDir; // SANE_CONFIG_DIR; empty: SANE's own

    std::string proxy;
    std::string noProxy = "localhost,127.0.0.1,::1";
    std::filesystem::path extraCa; // a PEM file trusted besides the system's

    CloudConfigs clouds;

    // The pages for administrators, and the API for other computers.
    bool web = true;
    std::string webListen;                // an address of this machine; empty: all
    int webPort = 8443;                   // 0: any
    std::vector<std::string> webNames;    // that browsers may use, besides the machine's own
    std::filesystem::path webCertificate; // PEM; empty: one that the service makes for itself
    std::filesystem::path webKey;
    std::chrono::seconds webTimeout{900}; // a session there ends without use
    std::optional<LdapOptions> directory; // none: accounts of the device's own alone
};

// InvalidArgument (stable "bad-configuration"; the message says which key, and where) for a file that is not TOML, for
// unknown keys and values of the wrong kind; NotFound. Nothing is guessed.
Result<Configuration> loadConfiguration(const std::filesystem::path &file);

} // namespace connector
