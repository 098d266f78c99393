// SPDX-License-Identifier: Apache-2.0
// The portal's own note about a grant, kept by the device: which key may ask for new tokens in place of which old one.
#pragma once

#include "core/time.h"
#include "profiles/sealed_grant.h"

namespace connector::portal {

struct Ticket {
    std::string provider;
    std::string clientId;
    std::string account;
    std::string deviceKey; // X25519, 32 raw bytes
    std::string tokenHash; // Tickets::hashOf the refresh token that the device has
    WallTime made{};
};

// Seals and opens tickets, and holds the portal's half of the exchange. Thread-safe.
class Tickets {
public:
    // `key`: the portal's 32 bytes.
    explicit Tickets(const std::string &key);
    Tickets(const Tickets &) = delete;
    Tickets &operator=(const Tickets &) = delete;
    ~Tickets();

    std::string seal(const Ticket &ticket) const; // base64url
    // Nothing when it is not from this portal's key, or changed.
    std::optional<Ticket> open(const std::string &text) const;
    std::string hashOf(const std::string &refreshToken) const;
    const KeyPair &keys() const { return m_keys; }

private:
    std::string derived(std::string_view purpose) const;

    std::string m_key;     // of hashes
    std::string m_sealing; // of tickets
    KeyPair m_keys;
};

} // namespace connector::portal
