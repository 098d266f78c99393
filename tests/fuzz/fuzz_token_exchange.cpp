// SPDX-License-Identifier: Apache-2.0
// What stands in the boxes between device and portal, and the boxes themselves.
#include "fuzz/fuzz.h"
#include "profiles/token_exchange.h"

#include <sodium.h>

using namespace connector;

namespace {

std::string boxed(std::string_view plain, const std::string &to, const std::string &secret)
{
    std::string box(crypto_box_NONCEBYTES + crypto_box_MACBYTES + plain.size(), '\0');
    auto *bytes = reinterpret_cast<unsigned char *>(box.data());
    FUZZ_CHECK(crypto_box_easy(bytes + crypto_box_NONCEBYTES, reinterpret_cast<const unsigned char *>(plain.data()),
                               plain.size(), bytes, reinterpret_cast<const unsigned char *>(to.data()),
                               reinterpret_cast<const unsigned char *>(secret.data())) == 0);
    return box;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const KeyPair device = makeKeyPair();
    static const KeyPair portal = makeKeyPair();
    static const PortalTicket ticket{"ticket", portal.publicKey, device};
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    // As strangers send it: never opened.
    FUZZ_CHECK(!openRequest(input, device.publicKey, portal));
    FUZZ_CHECK(!openAnswer(input, "old", ticket));
    // As the right keys close it.
    if (auto request = openRequest(boxed(input, portal.publicKey, device.secret), device.publicKey, portal)) {
        FUZZ_CHECK(!request->refreshToken.empty() && request->id.size() >= 16);
        auto again = closeRequest(*request, ticket);
        FUZZ_CHECK(again);
        auto back = openRequest(*again, device.publicKey, portal);
        FUZZ_CHECK(back && back->id == request->id && back->at == request->at);
    }
    if (auto answer = openAnswer(boxed(input, device.publicKey, portal.secret), "old", ticket))
        FUZZ_CHECK(!answer->tokens.accessToken.empty() && !answer->ticket.empty());
    return 0;
}
