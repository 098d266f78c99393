// SPDX-License-Identifier: Apache-2.0
#include "core/octets.h"

#include <sodium.h>

namespace connector {

void wipe(std::string &secret)
{
    sodium_memzero(secret.data(), secret.size());
    secret.clear();
}

} // namespace connector
