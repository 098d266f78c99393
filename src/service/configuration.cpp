// SPDX-License-Identifier: Apache-2.0
#include "service/configuration.h"

#include "core/files.h"
#include "http/url.h"

#include <toml++/toml.h>

#include <set>
#include <sstream>

namespace connector {

namespace {

Error refused(const std::string &why)
{
    return Error{Errc::InvalidArgument, "configuration: " + why, "configuration", {}, 0, {}, "bad-configuration"};
}

// Reads one table and remembers the first thing that is wrong with it.
class Section {
public:
    Section(const toml::table &table, std::string name, std::optional<Error> &error)
        : m_table(table), m_name(std::move(name)), m_error(error)
    {
    }
    ~Section()
    {
        for (const auto &[key, value] : m_table)
            if (!m_known.contains(std::string(key.str())))
                fail(std::string(key.str()), "is not known");
    }
    Section(const Section &) = delete;
    Section &operator=(const Section &) = delete;

    template <class Text>
    void text(const std::string &key, Text &out)
    {
        m_known.insert(key);
        const toml::node *node = m_table.get(key);
        if (node == nullptr)
            return;
        if (const auto value = node->value_exact<std::string>())
            out = *value;
        else
            fail(key, "is a text");
    }

    void flag(const std::string &key, bool &out)
    {
        m_known.insert(key);
        const toml::node *node = m_table.get(key);
        if (node == nullptr)
            return;
        if (const auto value = node->value_exact<bool>())
            out = *value;
        else
            fail(key, "is true or false");
    }

    void whole(const std::string &key, std::int64_t low, std::int64_t high, std::int64_t &out)
    {
        m_known.insert(key);
        const toml::node *node = m_table.get(key);
        if (node == nullptr)
            return;
        const auto value = node->value_exact<std::int64_t>();
        if (value && *value >= low && *value <= high)
            out = *value;
        else
            fail(key, "is a whole number, " + std::to_string(low) + " to " + std::to_string(high));
    }

    void texts(const std::string &key, std::vector<std::string> &out)
    {
        m_known.insert(key);
        const toml::node *node = m_table.get(key);
        if (node == nullptr)
            return;
        const toml::array *list = node->as_array();
        if (list == nullptr || !(list->empty() || list->is_homogeneous<std::string>()))
            return fail(key, "is a list of texts");
        for (const toml::node &item : *list)
            out.push_back(*item.value<std::string>());
    }

    const toml::table *table(const std::string &key)
    {
        m_known.insert(key);
        const toml::node *node = m_table.get(key);
        if (node != nullptr && !node->is_table())
            fail(key, "is a table");
        return node != nullptr ? node->as_table() : nullptr;
    }

    void fail(const std::string &key, const std::string &why)
    {
        if (!m_error)
            m_error = refused((m_name.empty() ? key : m_name + "." + key) + " " + why);
    }

    const toml::table &all() const { return m_table; }
    void know(const std::string &key) { m_known.insert(key); }

private:
    const toml::table &m_table;
    std::string m_name;
    std::optional<Error> &m_error;
    std::set<std::string> m_known;
};

// A cloud whose accounts are at a server of the organisation's own.
void readServer(Section &cloud, const ProviderInfo &info, CloudConfig &config)
{
    std::string server;
    cloud.text("server", server);
    cloud.flag("trust_email", config.endpoints.trustEmail);
    auto base = info.serverOf(server);
    if (!base)
        return cloud.fail("server", server.empty() ? "is missing" : "is not a server's address");
    const auto parts = splitUrl(*base);
    if (parts->scheme != "https" && !isLoopback(*parts))
        return cloud.fail("server", "must be https: passwords travel to it");
    config.endpoints.base["server"] = *base;
}

void readWeb(Section &web, Configuration &out)
{
    web.flag("enabled", out.web);
    web.text("listen", out.webListen);
    std::int64_t port = out.webPort;
    web.whole("port", 0, 65535, port);
    out.webPort = static_cast<int>(port);
    web.texts("names", out.webNames);
    web.text("certificate", out.webCertificate);
    web.text("key", out.webKey);
    if (out.webCertificate.empty() != out.webKey.empty())
        web.fail(out.webKey.empty() ? "key" : "certificate", "is missing: they belong together");
    std::int64_t timeout = out.webTimeout.count();
    web.whole("session_timeout", 60, 86400, timeout);
    out.webTimeout = std::chrono::seconds(timeout);
}

void readClouds(const toml::table &clouds, Configuration &out, std::optional<Error> &error)
{
    Section section(clouds, "clouds", error);
    for (const auto &[key, node] : clouds) {
        const std::string id(key.str());
        const ProviderInfo *info = findProvider(id);
        section.know(id);
        if (info == nullptr) {
            section.fail(id, "is not a cloud that is supported");
            continue;
        }
        const toml::table *table = section.table(id);
        if (table == nullptr)
            continue;
        CloudConfig config;
        Section cloud(*table, "clouds." + id, error);
        if (info->signIn == SignIn::Server) {
            readServer(cloud, *info, config);
            out.clouds[id] = std::move(config);
            continue;
        }
        cloud.text("client_id", config.clientId);
        if (config.clientId.empty())
            cloud.fail("client_id", "is missing");
        if (const toml::table *endpoints = cloud.table("endpoints")) {
            Section each(*endpoints, "clouds." + id + ".endpoints", error);
            for (const auto &[name, standard] : info->endpoints) {
                std::string url;
                each.text(name, url);
                if (!url.empty())
                    config.endpoints.base[name] = url;
            }
        }
        out.clouds[id] = std::move(config);
    }
}

void readMasterKey(const toml::table &table, Configuration &out, std::optional<Error> &error)
{
    Section s(table, "master_key", error);
    std::string kind = "file";
    s.text("kind", kind);
    s.text("tcti", out.masterKey.tcti);
    if (kind == "tpm")
        out.masterKey.kind = KeyHolder::Kind::Tpm;
    else if (kind == "credential")
        out.masterKey.kind = KeyHolder::Kind::Credential;
    else if (kind != "file")
        s.fail("kind", "is file, credential or tpm");
    if (kind != "tpm" && table.contains("tcti"))
        s.fail("tcti", "goes with kind tpm only");
    else if (out.masterKey.tcti.empty())
        s.fail("tcti", "is empty"); // the library would try whatever answers, programs of strangers too
}

// The search user's password: a systemd credential "directory-password", else the file that is named.
Result<std::string> directoryPassword(std::filesystem::path file)
{
    constexpr std::size_t kLongest = 1024;
    std::error_code ec;
    if (const char *credentials = std::getenv("CREDENTIALS_DIRECTORY"))
        if (const auto given = std::filesystem::path(credentials) / "directory-password";
            std::filesystem::exists(given, ec))
            file = given;
    if (file.empty())
        return std::string();
    auto password = readFile(file, kLongest);
    if (password && !password->empty() && password->back() == '\n')
        password->pop_back();
    return password;
}

void readDirectory(const toml::table &table, Configuration &out, std::optional<Error> &error)
{
    Section s(table, "directory", error);
    LdapOptions options;
    std::filesystem::path passwordFile;
    s.text("url", options.url);
    s.flag("start_tls", options.startTls);
    s.text("ca", options.caFile);
    s.text("search_user", options.searchUser);
    s.text("search_password_file", passwordFile);
    s.text("base", options.base);
    s.text("filter", options.filter);
    s.text("name", options.nameAttribute);
    s.text("id", options.idAttribute);
    s.text("administrators", options.administrators);
    const bool tls = options.url.rfind("ldaps://", 0) == 0;
    if (!tls && options.url.rfind("ldap://", 0) != 0)
        s.fail("url", options.url.empty() ? "is missing" : "is ldap:// or ldaps://");
    else if (!tls && !options.startTls)
        s.fail("start_tls", "must be true with ldap://: passwords travel to it");
    else if (tls && options.startTls)
        s.fail("start_tls", "goes with ldap:// only");
    if (options.base.empty())
        s.fail("base", "is missing");
    if (options.filter.find("%s") == std::string::npos)
        s.fail("filter", "must hold %s, where the name goes");
    if (auto password = directoryPassword(passwordFile))
        options.searchPassword = *std::move(password);
    else
        s.fail("search_password_file", "cannot be read");
    out.directory = std::move(options);
}

} // namespace

Result<Configuration> loadConfiguration(const std::filesystem::path &file)
{
    auto bytes = readFile(file, std::size_t{1} << 20U);
    if (!bytes)
        return std::move(bytes).error();
    toml::table parsed;
    try {
        parsed = toml::parse(*bytes);
    } catch (const toml::parse_error &e) {
        std::ostringstream where;
        where << e.description() << " (line " << e.source().begin.line << ")";
        return refused(where.str());
    }
    Configuration out;
    std::optional<Error> error;
    {
        Section top(parsed, "", error);
        if (const toml::table *t = top.table("service")) {
            Section s(*t, "service", error);
            s.text("state", out.state);
            s.text("socket", out.socket);
            s.text("workers", out.workers);
            std::string level = "info";
            s.text("log_level", level);
            if (level == "debug")
                out.logLevel = log::Level::Debug;
            else if (level == "warning")
                out.logLevel = log::Level::Warning;
            else if (level == "error")
                out.logLevel = log::Level::Error;
            else if (level != "info")
                s.fail("log_level", "is debug, info, warning or error");
        }
        if (const toml::table *t = top.table("master_key"))
            readMasterKey(*t, out, error);
        if (const toml::table *t = top.table("device")) {
            Section s(*t, "device", error);
            s.text("name", out.deviceName);
            s.text("place", out.devicePlace);
        }
        if (const toml::table *t = top.table("panel")) {
            Section s(*t, "panel", error);
            s.text("user", out.panelUser);
        }
        if (const toml::table *t = top.table("portal")) {
            Section s(*t, "portal", error);
            s.text("url", out.portalUrl);
        }
        if (const toml::table *t = top.table("printer")) {
            Section s(*t, "printer", error);
            s.text("uri", out.printerUri);
        }
        if (const toml::table *t = top.table("scanner")) {
            Section s(*t, "scanner", error);
            s.text("device", out.scannerDevice);
            s.text("sane_config", out.scannerConfigDir);
        }
        if (const toml::table *t = top.table("network")) {
            Section s(*t, "network", error);
            s.text("proxy", out.proxy);
            s.text("no_proxy", out.noProxy);
            s.text("extra_ca", out.extraCa);
        }
        if (const toml::table *t = top.table("web")) {
            Section s(*t, "web", error);
            readWeb(s, out);
        }
        if (const toml::table *t = top.table("directory"))
            readDirectory(*t, out, error);
        if (const toml::table *t = top.table("clouds"))
            readClouds(*t, out, error);
    }
    if (!error && out.portalUrl.empty())
        error = refused("portal.url is missing");
    if (!error && out.printerUri.empty())
        error = refused("printer.uri is missing");
    if (error)
        return *std::move(error);
    return out;
}

} // namespace connector
