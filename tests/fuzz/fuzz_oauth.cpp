// SPDX-License-Identifier: Apache-2.0
// The token endpoint's reply, and a stored token set.
#include "fuzz/fuzz.h"
#include "providers/oauth.h"

using namespace connector;

namespace {

class OneReply : public HttpClient {
public:
    HttpReply reply;
    Result<HttpReply> send(const HttpRequest &, ByteSink *, const Call &) override { return reply; }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    std::string_view input(reinterpret_cast<const char *>(data), size);
    OneReply http;
    http.reply.status = !input.empty() && (input[0] & 1) != 0 ? 400 : 200;
    input.remove_prefix(input.empty() ? 0 : 1);
    http.reply.body = input;
    OAuthSpec spec;
    spec.provider = "fuzz";
    TokenSet old;
    old.refreshToken = "old";
    const WallTime now = fromUnix(1'800'000'000);
    if (auto set = refreshTokens(http, spec, {}, old, now, {})) {
        FUZZ_CHECK(!set->accessToken.empty() && set->accessToken.find_first_of("\r\n ") == std::string::npos);
        FUZZ_CHECK(set->accessExpires > now);
        auto back = TokenSet::fromJson(set->toJson());
        FUZZ_CHECK(back && back->accessToken == set->accessToken && back->refreshToken == set->refreshToken);
    }
    (void)redeemCode(http, spec, {}, "c", "r", "v", now, {});
    (void)TokenSet::fromJson(input);
    return 0;
}
