// SPDX-License-Identifier: Apache-2.0
// What connectorctl does for administrators: people, profiles, settings, domains, the audit log.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <functional>

namespace connector {

// One call over a connection that stays the same; nullopt when the connection ended, else the whole answer.
using AskService =
    std::function<std::optional<nlohmann::json>(const std::string &method, const nlohmann::json &params)>;

// Its commands on connectorctl's command line. Secrets are asked for at the terminal, or read from standard input one
// per line; a command line can be seen by everybody on the machine.
class Administration {
public:
    explicit Administration(CLI::App &app);
    // Whether one of its commands was given.
    bool asked() const;
    // Does it: 0, 1 refused (told on standard error), 2 wrong use, 3 connection lost.
    int run(const AskService &ask);
    // Makes the connection an administrator's, as root and the service's own user may; told as run() tells.
    static int signIn(const AskService &ask);

private:
    int people(const AskService &ask);
    int profiles(const AskService &ask);
    int settings(const AskService &ask);

    struct Commands {
        CLI::App *people, *peopleList, *add, *remove, *setPin, *setPassword, *setCard, *makeAdministrator, *makePerson;
        CLI::App *profiles, *profilesList, *profilesDelete, *settings, *settingsGet, *settingsSet;
        CLI::App *domains, *domainsGet, *domainsSet, *audit;
    } m_commands{};
    std::string m_name;
    bool m_administrator = false, m_withPassword = false, m_withPin = false, m_withCard = false, m_open = false;
    bool m_json = false;
    std::string m_profile, m_setting, m_value;
    std::string m_domains;
    int m_limit = 50;
    std::string m_what;
};

} // namespace connector
