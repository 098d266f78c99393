// SPDX-License-Identifier: Apache-2.0
// JSON from strangers: never deeper than allowed, always Unicode afterwards.
#include "fuzz/fuzz.h"
#include "http/json_body.h"
#include "http/url.h"

using namespace connector;

namespace {

void walk(const nlohmann::json &value, int depth)
{
    FUZZ_CHECK(depth <= 33);
    if (value.is_string())
        FUZZ_CHECK(isUtf8(value.get_ref<const std::string &>()));
    if (value.is_structured())
        for (const auto &inner : value)
            walk(inner, depth + 1);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string input(reinterpret_cast<const char *>(data), size);
    if (auto value = parseJson(input)) {
        walk(*value, 0);
        for (const char c : asciiJson(*value))
            FUZZ_CHECK(c >= 0x20 && c < 0x7F);
    }
    (void)splitUrl(input);
    (void)resolveUrl("https://example.org/a?b", input);
    return 0;
}
