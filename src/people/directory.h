// SPDX-License-Identifier: Apache-2.0
// A directory that knows people: who somebody is, proved by name and password.
#pragma once

#include "core/call.h"
#include "core/result.h"

#include <string>

namespace connector {

struct DirectoryPerson {
    std::string id; // stays when the person is renamed; a UUID in lower case
    std::string name;
    bool administrator = false;
};

// Any thread; blocks.
class Directory {
public:
    virtual ~Directory() = default;

    // Unauthenticated (stable "sign-in-failed") for a name that is not there, is there twice, or has another password;
    // Unavailable (stable "directory-unreachable") when the directory does not answer as it should.
    virtual Result<DirectoryPerson> check(const std::string &name, const std::string &password, const Call &call) = 0;
};

} // namespace connector
