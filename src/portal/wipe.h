// SPDX-License-Identifier: Apache-2.0
// Overwrites a secret where it stood.
#pragma once

#include <sodium.h>

#include <string>

namespace connector::portal {

inline void wipe(std::string &text)
{
    sodium_memzero(text.data(), text.size());
    text.clear();
}

} // namespace connector::portal
