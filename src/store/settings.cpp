// SPDX-License-Identifier: Apache-2.0
#include "store/settings.h"

#include "core/encoding.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace connector {

using nlohmann::json;

namespace {

constexpr std::size_t kLongestDomainList = 512; // CC-3.1
constexpr std::string_view kForbiddenInDomains = "/:*?\"<>|+";

json asJson(const Settings &s)
{
    return {{"language", s.language},
            {"sessionTimeout", s.sessionTimeout.count()},
            {"highContrast", s.highContrast},
            {"allowedDomains", s.allowedDomains},
            {"signInMethods", s.signInMethods},
            {"guests", s.guests},
            {"auditDays", s.auditDays.count()},
            {"guestProfileDays", s.guestProfileDays.count()},
            {"mail",
             {{"server", s.mail.server},
              {"port", s.mail.port},
              {"security", s.mail.security},
              {"user", s.mail.user},
              {"from", s.mail.from}}}};
}

Error refused(const std::string &why)
{
    return Error{Errc::InvalidArgument, why, "settings", {}, 0, {}, "setting-invalid"};
}

// With what is wrong in a word, for who shows it next to the field.
Error refused(const std::string &why, const std::string &reason)
{
    Error error = refused(why);
    error.nativeCode = reason;
    return error;
}

Error refusedDomains(const std::string &why, const std::string &reason)
{
    return refused("allowedDomains: " + why, reason);
}

// At least a day: what is kept for none was never there. At most ten years.
Result<std::chrono::days> daysFrom(const json &value, const std::string &name, const std::string &reason)
{
    if (!value.is_number_integer() || value.get<std::int64_t>() < 1 || value.get<std::int64_t>() > 3650)
        return refused(name + ": 1 to 3650", reason);
    return std::chrono::days(value.get<std::int64_t>());
}

std::size_t characters(const std::string &text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Result<std::vector<std::string>> domainsFrom(const json &list)
{
    std::vector<std::string> domains;
    std::size_t length = 0;
    for (const json &item : list) {
        if (!item.is_string())
            return refused("allowedDomains: a list of names");
        const auto &text = item.get_ref<const std::string &>();
        length += characters(text) + 1;
        if (text.find_first_of(kForbiddenInDomains) != std::string::npos)
            return refusedDomains("none of / : * ? \" < > | +", "domains-character");
        if (text.empty() || text.find_first_of(" ,@") != std::string::npos)
            return refusedDomains("domain names only", "domains-name");
        domains.push_back(toLowerAscii(text));
    }
    if (length > kLongestDomainList + 1)
        return refusedDomains("at most 512 characters", "domains-length");
    return domains;
}

// In the order in which faces offer them, each once.
Result<std::vector<std::string>> methodsFrom(const json &list)
{
    std::vector<std::string> methods;
    for (const char *method : {"list", "password", "pin", "card"})
        if (std::find(list.begin(), list.end(), method) != list.end())
            methods.emplace_back(method);
    if (methods.size() != list.size())
        return refused("signInMethods: any of list, password, pin, card");
    return methods;
}

// What is missing stays as it is.
Result<MailSettings> mailFrom(MailSettings mail, const json &fields)
{
    if (!fields.is_object())
        return refused("mail: an object");
    for (const auto &[name, value] : fields.items()) {
        if (name == "port") {
            if (!value.is_number_integer() || value.get<std::int64_t>() < 1 || value.get<std::int64_t>() > 65535)
                return refused("mail.port: 1 to 65535");
            mail.port = value.get<int>();
            continue;
        }
        std::string *const text = name == "server"     ? &mail.server
                                  : name == "security" ? &mail.security
                                  : name == "user"     ? &mail.user
                                  : name == "from"     ? &mail.from
                                                       : nullptr;
        if (text == nullptr || !value.is_string())
            return refused("mail: server, port, security, user, from");
        *text = value.get<std::string>();
        if (text->size() > 254 || std::any_of(text->begin(), text->end(), [](char c) {
                return static_cast<unsigned char>(c) <= ' ' || c == '\x7F';
            }))
            return refused("mail." + name + ": a text without spaces");
    }
    if (mail.security != "starttls" && mail.security != "tls" && mail.security != "none")
        return refused("mail.security: starttls, tls or none");
    if (mail.server.find_first_of("/@?#\\") != std::string::npos)
        return refused("mail.server: a host name");
    return mail;
}

Result<Settings> changed(Settings s, const json &fields)
{
    if (!fields.is_object())
        return refused("settings: an object");
    if (const auto it = fields.find("language"); it != fields.end()) {
        if (*it != "en" && *it != "fr")
            return refused("language: en or fr");
        s.language = it->get<std::string>();
    }
    if (const auto it = fields.find("sessionTimeout"); it != fields.end()) {
        if (!it->is_number_integer() || it->get<std::int64_t>() < 10 || it->get<std::int64_t>() > 3600)
            return refused("sessionTimeout: 10 to 3600 seconds");
        s.sessionTimeout = std::chrono::seconds(it->get<std::int64_t>());
    }
    if (const auto it = fields.find("highContrast"); it != fields.end()) {
        if (!it->is_boolean())
            return refused("highContrast: true or false");
        s.highContrast = it->get<bool>();
    }
    if (const auto it = fields.find("allowedDomains"); it != fields.end()) {
        if (!it->is_array())
            return refused("allowedDomains: a list of names");
        auto domains = domainsFrom(*it);
        if (!domains)
            return std::move(domains).error();
        s.allowedDomains = *std::move(domains);
    }
    if (const auto it = fields.find("signInMethods"); it != fields.end()) {
        if (!it->is_array())
            return refused("signInMethods: a list");
        auto methods = methodsFrom(*it);
        if (!methods)
            return std::move(methods).error();
        s.signInMethods = *std::move(methods);
    }
    if (const auto it = fields.find("guests"); it != fields.end()) {
        if (!it->is_boolean())
            return refused("guests: true or false");
        s.guests = it->get<bool>();
    }
    if (const auto it = fields.find("auditDays"); it != fields.end()) {
        auto days = daysFrom(*it, "auditDays", "audit-days");
        if (!days)
            return std::move(days).error();
        s.auditDays = *days;
    }
    if (const auto it = fields.find("guestProfileDays"); it != fields.end()) {
        auto days = daysFrom(*it, "guestProfileDays", "guest-profile-days");
        if (!days)
            return std::move(days).error();
        s.guestProfileDays = *days;
    }
    if (const auto it = fields.find("mail"); it != fields.end()) {
        auto mail = mailFrom(s.mail, *it);
        if (!mail)
            return std::move(mail).error();
        s.mail = *std::move(mail);
    }
    return s;
}

} // namespace

Result<SettingsStore> SettingsStore::load(Database &db)
{
    SettingsStore store(db);
    auto stored = SettingTable(db).all();
    if (!stored)
        return std::move(stored).error();
    for (const auto &[name, value] : *stored) {
        const json parsed = json::parse(value, nullptr, false);
        auto settings =
            parsed.is_discarded() ? Result<Settings>(refused(name)) : changed(store.m_settings, json{{name, parsed}});
        if (settings)
            store.m_settings = *std::move(settings);
        else if (name == "allowedDomains") // a rule that cannot be read does not become none
            store.m_settings.allowedDomains = {"unreadable.invalid"};
    }
    return store;
}

json SettingsStore::toJson() const
{
    return asJson(m_settings);
}

Result<void> SettingsStore::change(const json &fields)
{
    auto settings = changed(m_settings, fields);
    if (!settings)
        return std::move(settings).error();
    auto stored = m_db->transaction([&]() -> Result<void> {
        const json before = asJson(m_settings);
        const json after = asJson(*settings);
        for (const auto &[name, value] : after.items()) {
            if (before.at(name) == value)
                continue;
            if (auto r = SettingTable(*m_db).set(name, value.dump()); !r)
                return r;
        }
        return {};
    });
    if (stored)
        m_settings = *std::move(settings);
    return stored;
}

} // namespace connector
