// SPDX-License-Identifier: Apache-2.0
// A directory over LDAP: finds a person by the name that was typed, and has the directory check the password.
#pragma once

#include "people/directory.h"

#include <chrono>
#include <filesystem>
#include <memory>

namespace connector {

struct LdapOptions {
    std::string url; // "ldaps://host", or "ldap://host" with startTls
    bool startTls = false;
    std::filesystem::path caFile; // whom its certificate is checked against; empty: the system's
    std::string searchUser;       // whose right to search is used; "" searches anonymously
    std::string searchPassword;
    std::string base;                                       // people are searched below
    std::string filter = "(&(objectClass=person)(uid=%s))"; // %s: the name, escaped
    std::string nameAttribute = "displayName";
    std::string idAttribute = "entryUUID";
    std::string administrators;      // a group, whose members administer; "": nobody of the directory
    std::chrono::seconds timeout{5}; // of each step
};

// Each check opens a connection of its own, so that nothing of one person's is left for the next.
std::unique_ptr<Directory> makeLdapDirectory(LdapOptions options);

// A text as it may stand in a search filter (RFC 4515 section 3).
std::string escapeForFilter(std::string_view text);

} // namespace connector
