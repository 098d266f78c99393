// SPDX-License-Identifier: Apache-2.0
// Who may call which method: the one table.
#pragma once

#include <string_view>
#include <vector>

namespace connector {

enum class Access {
    Anyone,        // whoever stands there, to see what this is and to sign in
    Guest,         // everybody, guests as far as the administrator lets them use the device
    Person,        // who is signed in
    Administrator, // an administrator who signed in with the password, or the machine's
};

struct MethodAccess {
    std::string_view method;
    Access access = Access::Administrator;
    bool presence = true;          // a call is a sign that somebody is there
    bool changesSession = false;   // answers to whoever the connection has become
    std::string_view audited = {}; // the audit log's word for it; "" where it is not written down, or where it happens
};

// For a method that is not in the table: administrators only, so that what was forgotten is closed.
MethodAccess accessOf(std::string_view method);
const std::vector<MethodAccess> &accessTable();

} // namespace connector
