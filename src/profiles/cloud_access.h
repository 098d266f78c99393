// SPDX-License-Identifier: Apache-2.0
// How work that runs behind a profile's back (jobs, the outbox) reaches its cloud account.
#pragma once

#include "providers/provider.h"

namespace connector {

class CloudAccess {
public:
    virtual ~CloudAccess() = default;
    // The account as folders and files, signed; a fresh object for one thread. NotFound (stable "profile-gone"),
    // Unauthenticated when nobody is linked. Any thread but the actor's; may block for a moment.
    virtual Result<std::unique_ptr<Provider>> provider(const std::string &profileId) = 0;
    // In the algorithm of that account's cloud; null where it has none.
    virtual std::unique_ptr<ContentHasher> hasher(const std::string &profileId) = 0;
};

} // namespace connector
