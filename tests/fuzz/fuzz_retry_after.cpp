// SPDX-License-Identifier: Apache-2.0
// A Retry-After header: never negative, never longer than a week.
#include "fuzz/fuzz.h"
#include "http/paced_http_client.h"

using namespace connector;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (auto wait = parseRetryAfter({reinterpret_cast<const char *>(data), size}, fromUnix(1'800'000'000)))
        FUZZ_CHECK(wait->count() >= 0 && *wait <= std::chrono::hours(24 * 7));
    return 0;
}
