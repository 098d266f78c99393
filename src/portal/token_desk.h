// SPDX-License-Identifier: Apache-2.0
// Renews and ends grants for their devices, for clouds whose client secret stays at the portal. The tokens pass
// through.
#pragma once

#include "http/rate_limiter.h"
#include "portal/device_answer.h"
#include "portal/portal_provider.h"
#include "portal/portal_store.h"
#include "portal/ticket.h"
#include "profiles/token_exchange.h"

#include <condition_variable>
#include <map>
#include <set>

namespace connector::portal {

struct TokenRules {
    Rate perGrant{30, 1.0 / 60}; // requests about one grant
    Rate strangers{60, 0.2};     // requests per address that no ticket or proof goes with
    std::chrono::seconds clockTolerance{300};
    std::chrono::seconds answerLife{60 * 24 *
                                    3600}; // an answer that must not be lost: as long as the token in it lives
};

// Thread-safe; refresh() and revoke() block for the cloud, a minute at most.
class TokenDesk {
public:
    // How the answers that are kept reach the store.
    struct Kept {
        std::function<Result<std::optional<KeptAnswer>>(const std::string &grant)> find;
        std::function<Result<void>(const std::string &grant, const KeptAnswer &)> put;
        std::function<Result<void>(const std::string &grant)> forget;
    };
    // All outlive this. `portalKey`: the portal's 32 bytes.
    TokenDesk(const std::string &portalKey, TokenRules rules, const std::map<std::string, PortalProvider> &providers,
              HttpClient &http, Kept kept, WallClock now);

    // The ticket and the key that go into a grant; nothing where the device needs no secret.
    void addTicket(Grant &grant, const std::string &deviceKey) const;

    DeviceAnswer refresh(const std::string &body, const std::string &address);
    DeviceAnswer revoke(const std::string &body, const std::string &address);
    void sweep();

private:
    // A request that is proven to come from the device whose grant it is about.
    struct Asked {
        Ticket ticket;
        TokenRequest request;
        std::string grant; // its name in the store
        const PortalProvider *provider = nullptr;
    };
    class Turn; // one request per grant at a time
    std::variant<Asked, DeviceAnswer> ask(const std::string &body, const std::string &address, TokenRequest::What what);
    DeviceAnswer strange(const std::string &address, const char *code, const char *message);
    bool firstTime(const std::string &id);

    static constexpr std::size_t kMostIds = 200'000;

    const Tickets m_tickets;
    const TokenRules m_rules;
    const std::map<std::string, PortalProvider> &m_providers;
    HttpClient &m_http;
    const Kept m_kept;
    const WallClock m_now;
    RateLimiter m_perGrant;
    RateLimiter m_strangers;
    std::mutex m_mutex;
    std::condition_variable m_turn;
    std::set<std::string> m_busy;           // grants that are being asked about
    std::map<std::string, WallTime> m_seen; // ids of requests, until they would be too old anyway
};

} // namespace connector::portal
