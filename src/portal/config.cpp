// SPDX-License-Identifier: Apache-2.0
#include "portal/config.h"

#include "core/encoding.h"
#include "core/files.h"
#include "http/url.h"
#include "portal/oidc_sign_in.h"
#include "portal/pages.h"
#include "providers/registry.h"

#include <CLI/CLI.hpp>
#include <toml++/toml.h>

#include <charconv>
#include <cstdlib>
#include <sstream>

namespace connector::portal {

namespace {

Error bad(std::string message)
{
    return Error{Errc::InvalidArgument, std::move(message), "portal"};
}

Result<std::string> secretFile(const std::filesystem::path &path)
{
    auto bytes = readFile(path, 64U << 10U);
    if (!bytes)
        return bad("a secret's file cannot be read: " + path.string());
    std::string secret = std::move(*bytes);
    while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r' || secret.back() == ' '))
        secret.pop_back();
    if (secret.empty())
        return bad("a secret's file is empty: " + path.string());
    return secret;
}

// Fractions too, since an hour is long for trying out.
Result<std::chrono::seconds> codeLifeOf(double hours)
{
    constexpr double kLongest = 72;
    if (!(hours * 3600 >= 1)) // nor what is no number
        return bad("code_hours must be a second at least");
    if (hours > kLongest) {
        std::ostringstream given;
        given << hours;
        return bad("code_hours is " + given.str() + ", but a code may live for up to 72 hours");
    }
    return std::chrono::seconds(static_cast<std::int64_t>(hours * 3600));
}

Result<void> readToml(const std::filesystem::path &path, PortalConfig &config)
{
    auto bytes = readFile(path, 1U << 20U);
    if (!bytes)
        return bad("the configuration cannot be read: " + path.string());
    toml::table table;
    try {
        table = toml::parse(*bytes);
    } catch (const toml::parse_error &e) {
        return bad("the configuration is not TOML, line " + std::to_string(e.source().begin.line) + ": " +
                   std::string(e.description()));
    }
    const auto base = path.parent_path();
    std::set<std::string> known = {"listen",       "public_url",       "state",           "ca_file",
                                   "proxy",        "operator",         "code_hours",      "poll_interval",
                                   "max_codes",    "verified_email",   "trusted_proxies", "tls_certificate",
                                   "tls_key",      "threads",          "terms",           "limits",
                                   "providers",    "allow_plain_http", "database_file",   "database_connections",
                                   "metrics_from", "log_format"};
    for (const auto &[key, node] : table)
        if (!known.contains(std::string(key.str())))
            return bad("the configuration has an unknown entry: " + std::string(key.str()));
    const auto text = [&](const char *key, std::string &into) {
        if (auto value = table[key].value<std::string>())
            into = *value;
    };
    text("listen", config.listen);
    text("public_url", config.publicUrl);
    text("ca_file", config.extraCaFile);
    text("proxy", config.proxy);
    text("operator", config.server.operatorName);
    text("tls_certificate", config.server.tlsCertificate);
    text("tls_key", config.server.tlsKey);
    if (auto value = table["state"].value<std::string>())
        config.state = *value;
    if (auto value = table["allow_plain_http"].value<bool>())
        config.allowPlainHttp = *value;
    if (const auto node = table["code_hours"]) {
        const auto hours = node.value<double>();
        if (!hours)
            return bad("code_hours must be a number");
        auto life = codeLifeOf(*hours);
        if (!life)
            return std::move(life).error();
        config.rules.codeLife = *life;
    }
    if (auto value = table["poll_interval"].value<std::int64_t>())
        config.rules.pollInterval = std::chrono::seconds(*value);
    if (auto value = table["max_codes"].value<std::int64_t>())
        config.rules.mostLiveCodes = *value;
    if (auto value = table["verified_email"].value<bool>())
        config.rules.verifiedEmail = *value;
    if (auto value = table["threads"].value<std::int64_t>())
        config.server.threads = static_cast<unsigned>(std::clamp<std::int64_t>(*value, 2, 1024));
    if (auto value = table["database_file"].value<std::string>()) {
        auto connection = secretFile(base / *value);
        if (!connection)
            return std::move(connection).error();
        config.database = *connection;
    }
    if (auto value = table["database_connections"].value<std::int64_t>())
        config.databaseConnections = static_cast<unsigned>(std::clamp<std::int64_t>(*value, 1, 1024));
    if (const auto *list = table["trusted_proxies"].as_array())
        for (const auto &entry : *list)
            if (auto value = entry.value<std::string>())
                config.server.trustedProxies.push_back(*value);
    if (const auto *list = table["metrics_from"].as_array()) {
        config.server.metricsFrom.clear();
        for (const auto &entry : *list)
            if (auto value = entry.value<std::string>())
                config.server.metricsFrom.push_back(*value);
    }
    if (auto value = table["log_format"].value<std::string>()) {
        if (*value != "text" && *value != "json")
            return bad("log_format is \"text\" or \"json\"");
        config.jsonLog = *value == "json";
    }
    if (const auto *terms = table["terms"].as_table())
        for (const auto &[language, node] : *terms) {
            const auto file = node.value<std::string>();
            const std::string name(language.str());
            if (!file || std::find(languages().begin(), languages().end(), name) == languages().end())
                return bad("terms: a language (en, fr) and its file are needed");
            auto plain = readFile(base / *file, 1U << 20U);
            if (!plain || !isUtf8(*plain))
                return bad("the terms of use cannot be read: " + *file);
            config.server.terms[name] = *plain;
        }
    const auto rate = [&](const char *burst, const char *perHour, Rate &into) {
        if (auto value = table["limits"][burst].value<double>())
            into.burst = *value;
        if (auto value = table["limits"][perHour].value<double>())
            into.perSecond = *value / 3600;
    };
    rate("wrong_codes_burst", "wrong_codes_per_hour", config.rules.codeTries);
    rate("wrong_codes_total_burst", "wrong_codes_total_per_hour", config.rules.codeTriesTotal);
    rate("new_codes_burst", "new_codes_per_hour", config.rules.newCodes);
    if (const auto *providers = table["providers"].as_table())
        for (const auto &[key, node] : *providers) {
            const auto *entry = node.as_table();
            if (entry == nullptr)
                return bad("providers: each needs a table");
            PortalConfig::Client &client = config.providers[std::string(key.str())];
            if (auto value = (*entry)["client_id"].value<std::string>())
                client.id = *value;
            if (auto value = (*entry)["client_secret_file"].value<std::string>()) {
                auto secret = secretFile(base / *value);
                if (!secret)
                    return std::move(secret).error();
                client.secret = *secret;
            }
            if (auto value = (*entry)["server"].value<std::string>())
                client.endpoints["server"] = *value;
            for (const auto &[name, into] :
                 {std::pair("issuer", &client.issuer), {"title", &client.title}, {"scope", &client.scope}})
                if (auto value = (*entry)[name].value<std::string>())
                    *into = *value;
            if (auto value = (*entry)["trust_email"].value<bool>())
                client.trustEmail = *value;
            if (const auto *endpoints = (*entry)["endpoints"].as_table())
                for (const auto &[name, url] : *endpoints)
                    if (auto value = url.value<std::string>())
                        client.endpoints[std::string(name.str())] = *value;
        }
    return {};
}

// "a=b" in two.
std::optional<std::pair<std::string, std::string>> pair(const std::string &text)
{
    const auto at = text.find('=');
    if (at == std::string::npos || at == 0)
        return std::nullopt;
    return std::pair(text.substr(0, at), text.substr(at + 1));
}

Result<void> check(PortalConfig &config)
{
    while (config.publicUrl.ends_with('/'))
        config.publicUrl.pop_back();
    if (!config.publicUrl.empty()) {
        const bool web = config.publicUrl.starts_with("https://") || config.publicUrl.starts_with("http://");
        const auto host = config.publicUrl.find("//");
        if (!web || config.publicUrl.find_first_of("/?# ", host + 2) != std::string::npos ||
            config.publicUrl.size() == host + 2)
            return bad("the public address must be http(s)://host[:port] without a path");
    }
    if (config.rules.pollInterval < std::chrono::seconds(1) || config.rules.pollInterval > std::chrono::minutes(5))
        return bad("the poll interval must be 1 to 300 seconds");
    if (config.rules.mostLiveCodes < 1)
        return bad("at least one code must be allowed");
    for (const Rate *rate : {&config.rules.codeTries, &config.rules.codeTriesTotal, &config.rules.newCodes})
        if (!(rate->burst >= 1) || !(rate->perSecond > 0))
            return bad("limits must be positive");
    // What waits for clouds, and for those who wait, leaves threads for all others.
    config.rules.mostCloudCalls = std::max(1U, config.server.threads * 3 / 8);
    if (config.server.tlsCertificate.empty() != config.server.tlsKey.empty())
        return bad("TLS needs both a certificate and a key");
    return {};
}

Result<PortalProvider> makeGeneric(const std::string &id, const PortalConfig::Client &client, bool plainHttp)
{
    const bool named = !id.empty() && id.size() <= 32 &&
                       id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    if (!named || findProvider(id) != nullptr)
        return bad(id + ": an issuer needs a name of its own, of small letters, digits and hyphens");
    const auto parts = splitUrl(client.issuer);
    if (!parts || (parts->scheme != "https" && !isLoopback(*parts) && !plainHttp))
        return bad(id + ": its issuer must be an https address");
    if (client.id.empty())
        return bad(id + " has no client id");
    OidcConfig oidc;
    oidc.id = id;
    oidc.issuer = client.issuer;
    oidc.clientId = client.id;
    oidc.plainHttp = plainHttp;
    if (!client.scope.empty())
        oidc.scope = client.scope;
    PortalProvider provider;
    provider.title = client.title.empty() ? parts->host : client.title;
    provider.client = {client.id, client.secret};
    provider.oauth.provider = id;
    provider.oauth.secretNeeded = false;
    provider.oauth.secretOptional = true;
    provider.generic = makeOidcSignIn(std::move(oidc));
    return provider;
}

} // namespace

Result<ListenAddress> parseListen(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return bad("listen needs address:port");
    std::string_view host = text.substr(0, colon);
    const std::string_view number = text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    ListenAddress address{std::string(host), 0};
    const auto [end, ec] = std::from_chars(number.data(), number.data() + number.size(), address.port);
    if (ec != std::errc() || end != number.data() + number.size() || address.port < 0 || address.port > 65535 ||
        host.empty())
        return bad("listen needs address:port");
    return address;
}

Result<PortalConfig> readConfig(int argc, const char *const *argv, std::optional<int> &exitCode)
{
    std::string file;
    std::optional<std::string> listen;
    std::optional<std::string> publicUrl;
    std::optional<std::string> state;
    std::optional<std::string> caFile;
    std::optional<std::string> operatorName;
    std::optional<std::int64_t> pollInterval;
    std::optional<double> codeHours;
    std::vector<std::string> clients;
    std::vector<std::string> secrets;
    std::vector<std::string> endpoints;
    bool verbose = false;
    bool plainHttp = false;

    CLI::App app{"The sign-in portal of Cloud Connector: people connect a printer to their cloud here."};
    app.add_option("--config", file, "TOML file; see docs/guides/portal.md");
    app.add_option("--listen", listen, "address:port; port 0 takes any free one");
    app.add_option("--public-url", publicUrl, "the address that browsers and printers use, without a path");
    app.add_option("--state", state, "folder for the database and its key");
    app.add_option("--ca-file", caFile, "certificates that are trusted besides the system's, for the clouds");
    app.add_option("--operator", operatorName, "who runs this portal, shown on its pages");
    app.add_option("--poll-interval", pollInterval, "seconds between two polls of a printer");
    app.add_option("--code-hours", codeHours, "how long a code lives, up to 72");
    app.add_option("--client", clients, "PROVIDER=CLIENT-ID; serves this provider");
    app.add_option("--client-secret-file", secrets, "PROVIDER=FILE; or CONNECTOR_PORTAL_<PROVIDER>_SECRET");
    app.add_option("--endpoint", endpoints, "PROVIDER.NAME=URL in place of the cloud's own host");
    app.add_flag("--allow-plain-http", plainHttp, "also to clouds on other machines; for trying out");
    app.add_flag("--verbose", verbose, "log every request (never its query)");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &e) {
        exitCode = app.exit(e, std::cerr, std::cerr);
        return bad("the command line was not understood");
    }

    PortalConfig config;
    if (!file.empty())
        if (auto r = readToml(file, config); !r)
            return std::move(r).error();
    config.listen = listen.value_or(config.listen);
    config.publicUrl = publicUrl.value_or(config.publicUrl);
    config.extraCaFile = caFile.value_or(config.extraCaFile);
    config.server.operatorName = operatorName.value_or(config.server.operatorName);
    config.verbose = verbose;
    config.allowPlainHttp = config.allowPlainHttp || plainHttp;
    if (state)
        config.state = *state;
    if (pollInterval)
        config.rules.pollInterval = std::chrono::seconds(*pollInterval);
    if (codeHours) {
        auto life = codeLifeOf(*codeHours);
        if (!life)
            return std::move(life).error();
        config.rules.codeLife = *life;
    }
    for (const std::string &text : clients) {
        const auto parts = pair(text);
        if (!parts)
            return bad("--client needs PROVIDER=CLIENT-ID");
        config.providers[parts->first].id = parts->second;
    }
    for (const std::string &text : secrets) {
        const auto parts = pair(text);
        if (!parts)
            return bad("--client-secret-file needs PROVIDER=FILE");
        auto secret = secretFile(parts->second);
        if (!secret)
            return std::move(secret).error();
        config.providers[parts->first].secret = *secret;
    }
    for (const std::string &text : endpoints) {
        const auto parts = pair(text);
        const auto dot = parts ? parts->first.find('.') : std::string::npos;
        if (dot == std::string::npos)
            return bad("--endpoint needs PROVIDER.NAME=URL");
        config.providers[parts->first.substr(0, dot)].endpoints[parts->first.substr(dot + 1)] = parts->second;
    }
    if (const char *value = std::getenv("CONNECTOR_PORTAL_DATABASE"); value != nullptr)
        config.database = value;
    for (auto &[id, client] : config.providers) {
        std::string name = "CONNECTOR_PORTAL_";
        for (const char c : id)
            name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        if (const char *value = std::getenv((name + "_SECRET").c_str()); value != nullptr)
            client.secret = value;
    }
    if (auto r = check(config); !r)
        return std::move(r).error();
    return config;
}

Result<std::map<std::string, PortalProvider>> makeProviders(const PortalConfig &config)
{
    std::map<std::string, PortalProvider> providers;
    for (const auto &[id, client] : config.providers) {
        if (!client.issuer.empty()) {
            auto made = makeGeneric(id, client, config.allowPlainHttp);
            if (!made)
                return std::move(made).error();
            providers.emplace(id, *std::move(made));
            continue;
        }
        const ProviderInfo *info = findProvider(id);
        if (info == nullptr)
            return bad("no such provider: " + id);
        if (info->signIn == SignIn::Server) {
            // Only for servers without a login flow of their own: the portal asks for user name and password.
            const auto named = client.endpoints.find("server");
            auto server = info->serverOf(named != client.endpoints.end() ? named->second : "");
            if (!server)
                return bad(id + " needs the address of its server");
            const auto parts = splitUrl(*server);
            if (parts->scheme != "https" && !isLoopback(*parts) && !config.allowPlainHttp)
                return bad(id + ": its server must be https, passwords travel to it");
            PortalProvider provider;
            provider.title = info->title;
            provider.server = *server;
            provider.oauth = info->oauthFor({});
            provider.makeFor = [info, trusted = client.trustEmail](HttpClient &http, const TokenSet &tokens) {
                ProviderEndpoints endpoints;
                endpoints.trustEmail = trusted;
                return info->make(http, endpoints.of(tokens));
            };
            providers.emplace(id, std::move(provider));
            continue;
        }
        if (client.id.empty())
            return bad(id + " has no client id");
        ProviderEndpoints endpoints;
        for (const auto &[name, url] : client.endpoints) {
            if (!info->endpoints.contains(name))
                return bad(id + " has no endpoint of the name " + name);
            endpoints.base[name] = url;
        }
        PortalProvider provider;
        provider.title = info->title;
        provider.oauth = info->oauthFor(endpoints);
        provider.client = {client.id, client.secret};
        if (provider.oauth.secretNeeded && client.secret.empty())
            return bad(id + " has no client secret");
        provider.addFromIdToken = info->addFromIdToken;
        provider.make = [info, endpoints](HttpClient &http) { return info->make(http, endpoints); };
        providers.emplace(id, std::move(provider));
    }
    if (providers.empty())
        return bad("no provider is configured");
    return providers;
}

} // namespace connector::portal
