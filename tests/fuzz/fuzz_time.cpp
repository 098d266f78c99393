// SPDX-License-Identifier: Apache-2.0
// RFC 3339 times: what is read must survive being written.
#include "core/time.h"
#include "fuzz/fuzz.h"

using namespace connector;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    auto time = parseRfc3339({reinterpret_cast<const char *>(data), size});
    if (time && toUnix(*time) > -62'135'596'800 && toUnix(*time) < 253'402'300'800) {
        auto again = parseRfc3339(formatRfc3339(*time));
        FUZZ_CHECK(again && *again == *time);
    }
    return 0;
}
