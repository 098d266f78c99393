// SPDX-License-Identifier: Apache-2.0
#include "people/ldap_directory.h"

#include "core/encoding.h"
#include "core/name.h"

#include <cstring>
#include <ldap.h>
#include <optional>

namespace connector {

namespace {

constexpr std::size_t kLongestId = 64;
constexpr std::size_t kUuidBytes = 16;

Error refused()
{
    return Error{Errc::Unauthenticated, "name or password do not fit", "directory", {}, 0, {}, "sign-in-failed"};
}

Error unreachable(const std::string &step, int code)
{
    return Error{Errc::Unavailable,      step + ": " + ldap_err2string(code), "directory", std::to_string(code), 0, {},
                 "directory-unreachable"};
}

struct Close {
    void operator()(LDAP *ld) const { ldap_unbind_ext_s(ld, nullptr, nullptr); }
    void operator()(LDAPMessage *message) const { ldap_msgfree(message); }
    void operator()(char *text) const { ldap_memfree(text); }
    void operator()(berval **values) const { ldap_value_free_len(values); }
};
using Handle = std::unique_ptr<LDAP, Close>;
using Message = std::unique_ptr<LDAPMessage, Close>;

struct Found {
    std::string dn;
    std::string id;
    std::string name;
};

std::string firstValue(LDAP *ld, LDAPMessage *entry, const std::string &attribute)
{
    const std::unique_ptr<berval *, Close> values(ldap_get_values_len(ld, entry, attribute.c_str()));
    if (!values || values.get()[0] == nullptr)
        return {};
    return {values.get()[0]->bv_val, values.get()[0]->bv_len};
}

// A UUID as text: directories give it as text (entryUUID) or as 16 bytes (objectGUID).
std::string idOf(const std::string &value)
{
    if (value.size() == kUuidBytes) {
        std::string hex = toHex(value);
        for (const std::size_t at : {20U, 16U, 12U, 8U})
            hex.insert(at, "-");
        return hex;
    }
    const std::string id = toLowerAscii(value);
    const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
    });
    return plain && id.size() <= kLongestId ? id : std::string();
}

std::string filled(std::string pattern, const std::string &value)
{
    const std::string escaped = escapeForFilter(value);
    for (std::size_t at = pattern.find("%s"); at != std::string::npos; at = pattern.find("%s", at + escaped.size()))
        pattern.replace(at, 2, escaped);
    return pattern;
}

class LdapDirectory : public Directory {
public:
    explicit LdapDirectory(LdapOptions options) : m_options(std::move(options)) {}

    Result<DirectoryPerson> check(const std::string &name, const std::string &password, const Call &call) override
    {
        // To a directory no password is no proof, and no failure either (RFC 4513 section 5.1.2).
        if (password.empty() || name.empty() || !isUtf8(name) || password.find('\0') != std::string::npos)
            return refused();
        auto search = connect();
        if (!search)
            return std::move(search).error();
        if (const int code = bind(search->get(), m_options.searchUser, m_options.searchPassword); code != LDAP_SUCCESS)
            return unreachable("the search user", code);
        if (auto r = call.poll(); !r)
            return std::move(r).error();
        auto found = find(search->get(), name);
        if (!found)
            return std::move(found).error();
        if (auto r = call.poll(); !r)
            return std::move(r).error();

        auto own = connect();
        if (!own)
            return std::move(own).error();
        // Somebody who is not there is asked for too, so that it takes the time that it takes for others.
        const std::string dn = *found ? (*found)->dn : "cn=nobody," + m_options.base;
        const int code = bind(own->get(), dn, password);
        if (!*found)
            return refused();
        if (code == LDAP_TIMEOUT || code == LDAP_SERVER_DOWN || code == LDAP_BUSY || code == LDAP_UNAVAILABLE ||
            code == LDAP_CONNECT_ERROR)
            return unreachable("the person's bind", code);
        if (code != LDAP_SUCCESS) // wrong, locked, expired: the directory knows which
            return refused();
        auto administrator = isAdministrator(search->get(), (*found)->dn);
        if (!administrator)
            return std::move(administrator).error();
        return DirectoryPerson{(*found)->id, (*found)->name, *administrator};
    }

private:
    Result<Handle> connect() const
    {
        LDAP *raw = nullptr;
        if (const int code = ldap_initialize(&raw, m_options.url.c_str()); code != LDAP_SUCCESS)
            return unreachable("its address", code);
        Handle ld(raw);
        const int version = LDAP_VERSION3;
        const timeval patience{m_options.timeout.count(), 0};
        const int demand = LDAP_OPT_X_TLS_DEMAND;
        const int client = 0;
        ldap_set_option(raw, LDAP_OPT_PROTOCOL_VERSION, &version);
        ldap_set_option(raw, LDAP_OPT_REFERRALS, LDAP_OPT_OFF); // a password goes to no other server
        ldap_set_option(raw, LDAP_OPT_NETWORK_TIMEOUT, &patience);
        ldap_set_option(raw, LDAP_OPT_TIMEOUT, &patience);
        ldap_set_option(raw, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand); // whatever the system's ldap.conf says
        if (!m_options.caFile.empty())
            ldap_set_option(raw, LDAP_OPT_X_TLS_CACERTFILE, m_options.caFile.c_str());
        if (const int code = ldap_set_option(raw, LDAP_OPT_X_TLS_NEWCTX, &client); code != LDAP_SUCCESS)
            return unreachable("its certificate authority", code);
        if (m_options.startTls)
            if (const int code = ldap_start_tls_s(raw, nullptr, nullptr); code != LDAP_SUCCESS)
                return unreachable("StartTLS", code);
        return ld;
    }

    static int bind(LDAP *ld, const std::string &dn, const std::string &password)
    {
        berval secret{password.size(), const_cast<char *>(password.data())};
        return ldap_sasl_bind_s(ld, dn.c_str(), LDAP_SASL_SIMPLE, &secret, nullptr, nullptr, nullptr);
    }

    Result<Message> search(LDAP *ld, const std::string &base, int scope, const std::string &filter,
                           const std::vector<std::string> &attributes, int most = 2) const // two are as bad as more
    {
        std::vector<char *> names;
        for (const std::string &attribute : attributes)
            names.push_back(const_cast<char *>(attribute.c_str()));
        names.push_back(nullptr);
        timeval patience{m_options.timeout.count(), 0};
        LDAPMessage *raw = nullptr;
        const int code = ldap_search_ext_s(ld, base.c_str(), scope, filter.c_str(), names.data(), 0, nullptr, nullptr,
                                           &patience, most, &raw);
        Message message(raw);
        if (code != LDAP_SUCCESS && code != LDAP_NO_SUCH_OBJECT && code != LDAP_SIZELIMIT_EXCEEDED)
            return unreachable("searching", code);
        return message;
    }

    Result<std::optional<Found>> find(LDAP *ld, const std::string &name) const
    {
        auto message = search(ld, m_options.base, LDAP_SCOPE_SUBTREE, filled(m_options.filter, name),
                              {m_options.nameAttribute, m_options.idAttribute});
        if (!message)
            return std::move(message).error();
        if (ldap_count_entries(ld, message->get()) != 1)
            return std::optional<Found>{};
        LDAPMessage *entry = ldap_first_entry(ld, message->get());
        const std::unique_ptr<char, Close> dn(ldap_get_dn(ld, entry));
        Found found{dn ? dn.get() : "", idOf(firstValue(ld, entry, m_options.idAttribute)), ""};
        if (found.dn.empty() || found.id.empty())
            return Error{Errc::Unavailable,      "a person without " + m_options.idAttribute, "directory", {}, 0, {},
                         "directory-unreachable"};
        constexpr std::size_t kLongestName = 64;
        const auto shown = checkedName(firstValue(ld, entry, m_options.nameAttribute), kLongestName);
        const auto typed = checkedName(name, kLongestName);
        found.name = shown ? *shown : typed ? *typed : found.id;
        return std::optional(std::move(found));
    }

    // A member also through groups in groups. Active Directory follows them itself when its matching rule is named (to
    // others that part of the filter is undefined, and does no harm); elsewhere the groups beside and below the
    // administrators' are asked, level by level.
    Result<bool> isAdministrator(LDAP *ld, const std::string &dn) const
    {
        constexpr int kMostLevels = 8;
        constexpr int kMostGroups = 50;
        if (m_options.administrators.empty())
            return false;
        std::vector<std::string> known{dn};
        std::string filter = "(member:1.2.840.113556.1.4.1941:=" + escapeForFilter(dn) + ")" + hasMember(dn);
        for (int level = 0; level < kMostLevels && !filter.empty(); ++level) {
            filter = "(|" + filter + ")";
            auto direct = search(ld, m_options.administrators, LDAP_SCOPE_BASE, filter, {LDAP_NO_ATTRS});
            if (!direct)
                return std::move(direct).error();
            if (ldap_count_entries(ld, direct->get()) == 1)
                return true;
            auto groups = search(ld, parentOf(m_options.administrators), LDAP_SCOPE_SUBTREE, filter, {LDAP_NO_ATTRS},
                                 kMostGroups);
            if (!groups && groups.error().nativeCode == std::to_string(LDAP_INSUFFICIENT_ACCESS))
                return false; // direct members alone, then
            if (!groups)
                return std::move(groups).error();
            filter.clear();
            for (LDAPMessage *entry = ldap_first_entry(ld, groups->get()); entry != nullptr;
                 entry = ldap_next_entry(ld, entry)) {
                const std::unique_ptr<char, Close> group(ldap_get_dn(ld, entry));
                if (!group || std::find(known.begin(), known.end(), group.get()) != known.end())
                    continue;
                known.emplace_back(group.get());
                filter += hasMember(known.back());
            }
        }
        return false;
    }

    static std::string hasMember(const std::string &dn)
    {
        const std::string member = escapeForFilter(dn);
        return "(member=" + member + ")(uniqueMember=" + member + ")";
    }

    // What is behind the first part of a name; all of it where there is but one.
    static std::string parentOf(const std::string &dn)
    {
        for (std::size_t at = 0; at < dn.size(); ++at) {
            if (dn[at] == '\\')
                ++at;
            else if (dn[at] == ',')
                return dn.substr(at + 1);
        }
        return dn;
    }

    LdapOptions m_options;
};

} // namespace

std::string escapeForFilter(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '*' || c == '(' || c == ')' || c == '\\' || c == '\0')
            out += '\\' + toHex(std::string_view(&c, 1));
        else
            out += c;
    }
    return out;
}

std::unique_ptr<Directory> makeLdapDirectory(LdapOptions options)
{
    return std::make_unique<LdapDirectory>(std::move(options));
}

} // namespace connector
