// SPDX-License-Identifier: Apache-2.0
// Renews and ends grants for their devices, for clouds whose client secret stays at the portal. The tokens pass
// through.
#pragma once

#include "portal/cloud_gate.h"
#include "portal/device_answer.h"
#include "portal/metrics.h"
#include "portal/portal_provider.h"
#include "portal/portal_store.h"
#include "portal/ticket.h"
#include "profiles/token_exchange.h"

#include <condition_variable>
#include <map>

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
    // All outlive this. `portalKey`: the portal's 32 bytes.
    TokenDesk(const std::string &portalKey, TokenRules rules, const std::map<std::string, PortalProvider> &providers,
              HttpClient &http, PortalStore &store, CloudGate &gate, Metrics &metrics, WallClock now);

    // The ticket and the key that go into a grant; nothing where the device needs no secret.
    void addTicket(Grant &grant, const std::string &deviceKey) const;

    DeviceAnswer refresh(const std::string &body, const std::string &address);
    DeviceAnswer revoke(const std::string &body, const std::string &address);

private:
    // A request that is proven to come from the device whose grant it is about.
    struct Asked {
        Ticket ticket;
        TokenRequest request;
        std::string grant; // its name in the store
        const PortalProvider *provider = nullptr;
    };
    class Turn; // one request per grant at a time, in all instances together
    std::variant<Asked, DeviceAnswer> ask(const std::string &body, const std::string &address, TokenRequest::What what);
    DeviceAnswer strange(const std::string &address, const char *code, const char *message);
    DeviceAnswer endBoth(Asked &asked);

    const Tickets m_tickets;
    const TokenRules m_rules;
    const std::map<std::string, PortalProvider> &m_providers;
    HttpClient &m_http;
    PortalStore &m_store;
    CloudGate &m_gate;
    Metrics &m_metrics;
    const WallClock m_now;
    const std::string m_name; // this instance's, in leases
    std::mutex m_mutex;
    std::condition_variable m_turn;
    std::map<std::string, bool> m_busy; // grants that are being asked about; true: and somebody waits
};

} // namespace connector::portal
