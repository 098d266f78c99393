// SPDX-License-Identifier: Apache-2.0
// What an installation of the portal is told: one TOML file, then the command line, which wins.
#pragma once

#include "portal/server.h"

#include <filesystem>

namespace connector::portal {

struct PortalConfig {
    std::string listen = "127.0.0.1:8710"; // address:port, [::1]:port; port 0: any free one
    std::string publicUrl;                 // as browsers reach it; "" is taken from `listen` (for trying out)
    std::filesystem::path state = "/var/lib/connector-portal";
    std::string database;              // PostgreSQL as libpq takes it, with its password; "": SQLite in `state`
    unsigned databaseConnections = 16; // at most
    std::string extraCaFile;           // trusted besides the system's certificates, for calls to the clouds
    std::string proxy;
    bool allowPlainHttp = false; // to clouds on other machines; for trying out only
    bool verbose = false;
    bool jsonLog = false; // one object per line
    PortalRules rules;
    ServerOptions server;
    struct Client {
        std::string id;
        std::string secret;
        std::map<std::string, std::string> endpoints; // in place of the cloud's own hosts
        bool trustEmail = false;                      // of a server of the organisation's own
        // An OpenID Connect server that the product does not know: its issuer, how pages name it, what is asked for.
        std::string issuer;
        std::string title;
        std::string scope;
    };
    std::map<std::string, Client> providers; // the ones that are offered
};

// InvalidArgument, in words for whoever configures it. Secrets come from files or the environment
// (CONNECTOR_PORTAL_<PROVIDER>_SECRET), never from the command line, where every process could read them.
// `exitCode` is set when the program has nothing more to do (--help).
Result<PortalConfig> readConfig(int argc, const char *const *argv, std::optional<int> &exitCode);

// The clouds of the configuration, ready for Portal. InvalidArgument for one that the product does not know.
Result<std::map<std::string, PortalProvider>> makeProviders(const PortalConfig &config);

struct ListenAddress {
    std::string host;
    int port = 0;
};
Result<ListenAddress> parseListen(std::string_view text);

} // namespace connector::portal
