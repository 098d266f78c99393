// SPDX-License-Identifier: Apache-2.0
#include "portal/ticket.h"

#include "core/encoding.h"
#include "core/octets.h"
#include "core/random.h"

#include <nlohmann/json.hpp>
#include <sodium.h>

namespace connector::portal {

namespace {

constexpr int kFormat = 1;
constexpr std::size_t kLongest = 16U << 10U;
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kMac = crypto_aead_xchacha20poly1305_ietf_ABYTES;

std::string keyedHash(std::string_view key, std::string_view value)
{
    std::string hash(32, '\0');
    crypto_generichash(octets(hash), hash.size(), octets(value), value.size(), octets(key), key.size());
    return hash;
}

} // namespace

Tickets::Tickets(const std::string &key)
    : m_key(keyedHash(key, "refresh-token-hash")),
      m_sealing(keyedHash(key, "ticket")), m_keys{std::string(crypto_box_PUBLICKEYBYTES, '\0'),
                                                  std::string(crypto_box_SECRETKEYBYTES, '\0')}
{
    std::string seed = keyedHash(key, "token-exchange");
    crypto_box_seed_keypair(octets(m_keys.publicKey), octets(m_keys.secret), octets(seed));
    sodium_memzero(seed.data(), seed.size());
}

Tickets::~Tickets()
{
    for (std::string *secret : {&m_key, &m_sealing, &m_keys.secret})
        sodium_memzero(secret->data(), secret->size());
}

std::string Tickets::hashOf(const std::string &refreshToken) const
{
    return toBase64Url(keyedHash(m_key, refreshToken));
}

std::string Tickets::seal(const Ticket &ticket) const
{
    const std::string plain = nlohmann::json{
        {"format", kFormat},
        {"provider", ticket.provider},
        {"clientId", ticket.clientId},
        {"account", ticket.account},
        {"deviceKey", toBase64Url(ticket.deviceKey)},
        {"token", ticket.tokenHash},
        {"made",
         toUnix(ticket.made)}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::string box = randomBytes(kNonce);
    box.resize(kNonce + plain.size() + kMac);
    crypto_aead_xchacha20poly1305_ietf_encrypt(octets(box) + kNonce, nullptr, octets(plain), plain.size(), nullptr, 0,
                                               nullptr, octets(box), octets(m_sealing));
    return toBase64Url(box);
}

std::optional<Ticket> Tickets::open(const std::string &text) const
{
    if (text.size() > kLongest)
        return std::nullopt;
    const auto box = fromBase64Url(text);
    if (!box || box->size() <= kNonce + kMac)
        return std::nullopt;
    std::string plain(box->size() - kNonce - kMac, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(octets(plain), nullptr, nullptr, octets(*box) + kNonce,
                                                   box->size() - kNonce, nullptr, 0, octets(*box),
                                                   octets(m_sealing)) != 0)
        return std::nullopt;
    // Ours, and whole: what it holds is what seal() put in.
    const auto j = nlohmann::json::parse(plain, nullptr, false);
    if (!j.is_object() || j.value("format", 0) != kFormat)
        return std::nullopt;
    auto deviceKey = fromBase64Url(j.value("deviceKey", ""));
    if (!deviceKey || deviceKey->size() != crypto_box_PUBLICKEYBYTES)
        return std::nullopt;
    return Ticket{j.value("provider", ""), j.value("clientId", ""), j.value("account", ""),
                  *std::move(deviceKey),   j.value("token", ""),    fromUnix(j.value("made", std::int64_t{0}))};
}

} // namespace connector::portal
