// SPDX-License-Identifier: Apache-2.0
// The device's side of an authorization: asks the sign-in portal for a code, and for the grant once somebody used it.
#pragma once

#include "core/time.h"
#include "http/http_client.h"
#include "profiles/token_exchange.h"

#include <variant>

namespace connector {

// The same for every printer: docs/portal-protocol.md describes it.
constexpr int kPortalProtocol = 1;

// Who asks, as the portal's pages show it.
struct PortalDevice {
    std::string id;    // stable, opaque
    std::string name;  // "Printer in the library"
    std::string place; // "Ground floor", or ""
};

struct BeginRequest {
    std::string publicKey; // KeyPair::publicKey
    std::string provider;
    PortalDevice device;
    std::string language; // of the panel, "en"; the mails and first page follow the browser's
    std::vector<std::string> allowedDomains;
};

struct Begun {
    std::string deviceCode; // secret: keep it in the Vault
    std::string userCode;   // as people type it, in groups: "WDJB-MJHT-KQPR"
    std::string verificationUri;
    std::string verificationUriComplete; // for the QR
    WallTime expiresAt{};
    std::chrono::seconds interval{5}; // between two polls
    std::string server = {};          // "": the portal leads; else the account's own server does (LoginFlow)
};

struct Pending {
    std::chrono::seconds interval{5}; // wait this long before the next poll; grows after "slow down"
};
struct Granted {
    std::string
        sealed; // raw bytes, for openSealed(); stays at the portal until acknowledge() or 72 hours after the grant
};
// Somebody tried and was refused. Not the end: the same code can be used again until it expires, so poll on.
struct Denied {
    std::string reason;               // "access-denied", "domain-refused", "email-unverified"
    std::vector<std::string> domains; // the allowed ones, where the reason is about them
    std::chrono::seconds interval{5};
};
// The code, or the time to fetch its grant, ran out; or the portal never knew it.
struct Expired {};
using PollOutcome = std::variant<Pending, Granted, Denied, Expired>;

// Calls block (worker thread); at most 20 s each, or the call's deadline if that is earlier. Thread-safe as `http` is.
// All calls fail with Cancelled; Offline, Timeout and Unavailable (stable "portal-unreachable", or "tls-failed",
// "clock-wrong" and "proxy-refused" where it is that); RateLimited with retryAfter; BadReply (stable
// "portal-bad-reply"; "portal-version" when it speaks another protocol). "clock-wrong" is also told when the portal's
// own date differs from ours by more than five minutes. Origin "portal" throughout.
class PortalClient {
public:
    // `http` outlives this; `portalUrl` is absolute, with or without a trailing slash.
    PortalClient(HttpClient &http, std::string portalUrl, WallClock now = systemNow);

    // Unsupported (stable "provider-unsupported") when the portal does not serve this provider.
    Result<Begun> begin(const BeginRequest &request, const Call &call);
    // Polling too early is not an error: it answers Pending with a longer interval.
    Result<PollOutcome> poll(const std::string &deviceCode, const Call &call);
    // The grant is stored safely: the portal deletes all it has. Repeating it is fine.
    Result<void> acknowledge(const std::string &deviceCode, const Call &call);
    // The device does not want it any more: same effect, at any time.
    Result<void> cancel(const std::string &deviceCode, const Call &call);

    // New tokens from a cloud that wants the client secret, which only the portal has. Asked again after a lost answer,
    // with the same tokens, it gives the same new ones. Unauthenticated when the cloud refuses the grant: sign in
    // again. PermissionDenied (stable "grant-unknown") when this is not the portal that made the ticket.
    Result<TokenAnswer> refresh(const PortalTicket &ticket, const TokenSet &old, const Call &call);
    Result<void> revoke(const PortalTicket &ticket, const TokenSet &tokens, const Call &call);

private:
    struct Answer;
    Result<Answer> post(const char *path, const std::string &body, bool repeatable, const Call &call);
    Result<Answer> ask(const char *path, const TokenRequest &request, const PortalTicket &ticket, const Call &call);

    HttpClient &m_http;
    std::string m_url;
    WallClock m_now;
};

} // namespace connector
