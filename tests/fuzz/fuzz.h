// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share: a check that ends the program, in every build.
#pragma once

#include "core/encoding.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#define FUZZ_CHECK(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            std::abort();                                                                                              \
    } while (false)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);
