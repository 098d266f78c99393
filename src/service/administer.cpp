// SPDX-License-Identifier: Apache-2.0
#include "service/administer.h"

#include "core/name.h"

#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace connector {

namespace {

using nlohmann::json;

// Echoes nothing while it lives, where standard input is a terminal.
class Quiet {
public:
    Quiet() : m_terminal(::isatty(STDIN_FILENO) != 0 && ::tcgetattr(STDIN_FILENO, &m_before) == 0)
    {
        if (!m_terminal)
            return;
        termios quiet = m_before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~Quiet()
    {
        if (!m_terminal)
            return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
        std::cerr << '\n';
    }
    Quiet(const Quiet &) = delete;
    Quiet &operator=(const Quiet &) = delete;
    bool terminal() const { return m_terminal; }

private:
    termios m_before{};
    bool m_terminal;
};

// Typed twice at a terminal, one line of anything else. "" where nothing came, or not the same twice.
std::string askSecret(const std::string &what)
{
    const auto once = [](const std::string &prompt) {
        const Quiet quiet;
        if (quiet.terminal())
            std::cerr << prompt << ": " << std::flush;
        std::string line;
        std::getline(std::cin, line);
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        return line;
    };
    std::string secret = once(what);
    if (secret.empty()) {
        std::cerr << "connectorctl: no " << what << " was given\n";
    } else if (::isatty(STDIN_FILENO) != 0 && once(what + " again") != secret) {
        std::cerr << "connectorctl: that was not the same twice\n";
        return {};
    }
    return secret;
}

// The result, or nullopt with the exit code in `code`.
std::optional<json> result(const std::optional<json> &answer, int &code)
{
    if (!answer) {
        std::cerr << "connectorctl: the service closed the connection\n";
        code = 3;
        return std::nullopt;
    }
    if (const auto error = answer->find("error"); error != answer->end()) {
        std::cerr << "connectorctl: " << error->value("message", "") << " ["
                  << error->value("data", json::object()).value("code", "") << "]\n";
        code = 1;
        return std::nullopt;
    }
    return answer->value("result", json::object());
}

std::string text(const json &value)
{
    return value.is_string() ? value.get<std::string>() : value.is_null() ? "-" : value.dump();
}

// By id or name.
std::optional<json> findPerson(const AskService &ask, const std::string &who, int &code)
{
    const auto people = result(ask("people.list", json::object()), code);
    if (!people)
        return std::nullopt;
    std::vector<json> found;
    for (const json &person : people->at("people"))
        if (person.at("id") == who || nameKey(person.at("name").get<std::string>()) == nameKey(who))
            found.push_back(person);
    if (found.size() == 1)
        return found.front();
    std::cerr << "connectorctl: " << (found.empty() ? "nobody" : "more than one") << " of that name; see people list\n";
    code = 1;
    return std::nullopt;
}

} // namespace

Administration::Administration(CLI::App &app)
{
    auto &c = m_commands;
    // Before the command or behind it. Not by falling through to the program's own, where a person who is called as a
    // command is could not be named any more.
    const auto alsoJson = [this](CLI::App *command) { command->add_flag("--json", m_json, "As JSON"); };
    alsoJson(&app);
    const auto named = [&](CLI::App *parent, const char *name, const char *what) {
        auto *command = parent->add_subcommand(name, what);
        command->add_option("person", m_name, "Name or id")->required();
        return command;
    };
    c.people = app.add_subcommand("people", "Who may sign in (administrators)")->require_subcommand(1);
    c.peopleList = c.people->add_subcommand("list", "Everybody");
    alsoJson(c.peopleList);
    c.add = named(c.people, "add", "A new account; asks for the secrets that are wished");
    c.add->add_flag("--administrator", m_administrator, "May administer; needs --password");
    c.add->add_flag("--password", m_withPassword, "Asks for a password");
    c.add->add_flag("--pin", m_withPin, "Asks for a PIN of 6 to 8 digits");
    c.add->add_flag("--card", m_withCard, "Asks for a card: hold it to the reader");
    c.add->add_flag("--open", m_open, "Signs in from the list without a secret");
    c.remove = named(c.people, "remove", "Removes the account with its profiles");
    c.setPin = named(c.people, "set-pin", "Asks for a new PIN");
    c.setPassword = named(c.people, "set-password", "Asks for a new password");
    c.setCard = named(c.people, "set-card", "Asks for another card");
    c.makeAdministrator = named(c.people, "make-administrator", "Lets a person with a password administer");
    c.makePerson = named(c.people, "make-person", "Ends that; the last administrator stays one");
    c.profiles = app.add_subcommand("profiles", "The profiles of the guests; with list, everybody's");
    c.profilesList = c.profiles->add_subcommand("list", "Everybody's profiles (administrators)");
    alsoJson(c.profilesList);
    c.profilesDelete =
        c.profiles->add_subcommand("delete", "Deletes anybody's profile, and its access at the cloud (administrators)");
    c.profilesDelete->add_option("id", m_profile, "Its id, as list tells it")->required();
    c.settings = app.add_subcommand("settings", "The device's settings (administrators)")->require_subcommand(1);
    c.settingsGet = c.settings->add_subcommand("get", "All of them, or one");
    c.settingsGet->add_option("name", m_setting, "For example guestProfileDays");
    alsoJson(c.settingsGet);
    c.settingsSet = c.settings->add_subcommand("set", "Changes one");
    c.settingsSet->add_option("name", m_setting, "For example guestProfileDays")->required();
    c.settingsSet->add_option("value", m_value, "A text, or JSON: 30, true, [\"pin\",\"card\"]")->required();
    c.domains =
        app.add_subcommand("domains", "Whose cloud accounts are allowed (administrators)")->require_subcommand(1);
    c.domainsGet = c.domains->add_subcommand("get", "The allowed domains; none: all");
    c.domainsSet = c.domains->add_subcommand("set", "Allows these domains alone");
    c.domainsSet->add_option("domains", m_domains, "Separated by commas; \"\" allows all")->required();
    c.audit = app.add_subcommand("audit", "Who did what, newest first (administrators)");
    alsoJson(c.audit);
    c.audit->add_option("--limit", m_limit, "How many")->capture_default_str()->check(CLI::Range(1, 500));
    c.audit->add_option("--what", m_what, "Of one kind, for example session.began");
}

bool Administration::asked() const
{
    const auto &c = m_commands;
    return *c.people || *c.profiles || *c.settings || *c.domains || *c.audit;
}

int Administration::run(const AskService &ask)
{
    int code = 0;
    const auto &c = m_commands;
    if (*c.profiles && !*c.profilesList && !*c.profilesDelete) {
        const auto profiles = result(ask("profiles.list", json::object()), code);
        if (profiles)
            std::cout << profiles->dump(2) << '\n';
        return code;
    }
    if (code = signIn(ask); code != 0)
        return code;
    if (*c.people)
        return people(ask);
    if (*c.profiles)
        return profiles(ask);
    if (*c.settings)
        return settings(ask);
    if (*c.domains) {
        json wanted = json::object();
        if (*c.domainsSet) {
            json list = json::array();
            std::istringstream all(m_domains);
            for (std::string one; std::getline(all, one, ',');) {
                one.erase(0, one.find_first_not_of(' '));
                one.erase(one.find_last_not_of(' ') + 1);
                if (!one.empty())
                    list.push_back(one);
            }
            if (list.empty() && m_domains.find_first_not_of(' ') != std::string::npos)
                list.push_back(""); // nothing but commas is not "all": it is refused
            wanted["allowedDomains"] = list;
        }
        const auto settings = result(ask(*c.domainsSet ? "settings.set" : "settings.get", wanted), code);
        if (settings)
            for (const json &domain : settings->at("allowedDomains"))
                std::cout << text(domain) << '\n';
        return code;
    }
    const auto audit = result(ask("audit.list", {{"limit", m_limit}, {"what", m_what}}), code);
    if (!audit)
        return code;
    if (m_json)
        std::cout << audit->dump(2) << '\n';
    else
        for (const json &e : audit->at("entries"))
            std::cout << text(e.at("at")) << "  " << text(e.at("what")) << "  " << text(e.at("outcome")) << "  "
                      << (e.at("whoName") == "" ? text(e.at("who")) : text(e.at("whoName"))) << " ("
                      << text(e.at("face")) << ")  " << text(e.at("subject")) << "  " << e.at("facts").dump() << '\n';
    return 0;
}

int Administration::signIn(const AskService &ask)
{
    int code = 0;
    (void)ask("system.hello", {{"client", "connectorctl"}});
    if (!result(ask("session.signIn", {{"method", "machine"}}), code))
        std::cerr << "connectorctl: run it as root or as the service's user\n";
    return code;
}

int Administration::profiles(const AskService &ask)
{
    int code = 0;
    if (*m_commands.profilesDelete) {
        (void)result(ask("profiles.remove", {{"id", m_profile}}), code);
        return code;
    }
    const auto answer = result(ask("profiles.overview", json::object()), code);
    if (!answer)
        return code;
    if (m_json)
        std::cout << answer->dump(2) << '\n';
    else
        for (const json &p : answer->at("profiles"))
            std::cout << text(p.at("id")) << "  " << text(p.at("provider")) << "  " << text(p.at("state")) << "  "
                      << (p.at("owner").is_object() ? text(p["owner"].value("name", json()))
                          : p.value("guest", false) ? "Guest"
                                                    : "-")
                      << "  " << text(p.at("name")) << '\n';
    return 0;
}

int Administration::settings(const AskService &ask)
{
    int code = 0;
    auto settings = result(ask("settings.get", json::object()), code);
    if (!settings)
        return code;
    if (!m_setting.empty() && !settings->contains(m_setting)) {
        std::cerr << "connectorctl: no such setting; see settings get\n";
        return 2;
    }
    if (*m_commands.settingsSet) {
        json value = json::parse(m_value, nullptr, false);
        if (value.is_discarded())
            value = m_value;
        if (value.is_object()) { // the mail server's, with its password, which is for nobody to see in a list of
                                 // processes
            std::cerr << "connectorctl: this one is set on the web page\n";
            return 2;
        }
        settings = result(ask("settings.set", {{m_setting, value}}), code);
        if (!settings)
            return code;
    }
    if (m_json && m_setting.empty())
        std::cout << settings->dump(2) << '\n';
    else
        for (const auto &[name, value] : settings->items())
            if (m_setting.empty())
                std::cout << name << "  " << text(value) << '\n';
            else if (name == m_setting)
                std::cout << (m_json ? value.dump() : text(value)) << '\n';
    return 0;
}

int Administration::people(const AskService &ask)
{
    int code = 0;
    const auto &c = m_commands;
    if (*c.peopleList) {
        const auto people = result(ask("people.list", json::object()), code);
        if (!people)
            return code;
        if (m_json)
            std::cout << people->dump(2) << '\n';
        else
            for (const json &p : people->at("people"))
                std::cout << text(p.at("id")) << "  " << text(p.at("role")) << "  " << text(p.at("source")) << "  "
                          << (p.at("hasPassword") == true ? "password " : "") << (p.at("hasPin") == true ? "PIN " : "")
                          << (p.at("hasCard") == true ? "card " : "") << (p.at("open") == true ? "open " : "") << " "
                          << text(p.at("name")) << '\n';
        return 0;
    }
    if (*c.add) {
        json person{{"name", m_name}, {"open", m_open}, {"role", m_administrator ? "administrator" : "person"}};
        for (const auto &[wished, field] : {std::pair(m_withPassword || m_administrator, "password"),
                                            std::pair(m_withPin, "pin"), std::pair(m_withCard, "card")}) {
            if (!wished)
                continue;
            const std::string secret = askSecret(field);
            if (secret.empty())
                return 2;
            person[field] = secret;
        }
        const auto made = result(ask("people.add", person), code);
        if (made)
            std::cout << text(made->at("person").at("id")) << '\n';
        return code;
    }
    const auto person = findPerson(ask, m_name, code);
    if (!person)
        return code;
    json change{{"id", person->at("id")}};
    if (*c.remove) {
        (void)result(ask("people.remove", change), code);
        return code;
    }
    if (*c.makeAdministrator)
        change["role"] = "administrator";
    if (*c.makePerson)
        change["role"] = "person";
    for (const auto &[command, field] :
         {std::pair(c.setPin, "pin"), std::pair(c.setPassword, "password"), std::pair(c.setCard, "card")}) {
        if (!*command)
            continue;
        const std::string secret = askSecret(field);
        if (secret.empty())
            return 2;
        change[field] = secret;
    }
    (void)result(ask("people.update", change), code);
    return code;
}

} // namespace connector
