// SPDX-License-Identifier: Apache-2.0
// The sign-in portal without its web server: codes out, people in, sealed grants for devices.
#pragma once

#include "http/http_client.h"
#include "portal/cloud_gate.h"
#include "portal/device_answer.h"
#include "portal/metrics.h"
#include "portal/portal_provider.h"
#include "portal/portal_store.h"
#include "portal/token_desk.h"
#include "profiles/portal_client.h"

#include <functional>
#include <map>

namespace connector::portal {

struct PortalRules {
    std::chrono::seconds codeLife{24 * 3600};  // at most 72 hours
    std::chrono::seconds grantLife{72 * 3600}; // how long a sealed grant waits for its device
    std::chrono::seconds pollInterval{5};
    std::int64_t mostLiveCodes = 100'000;
    int mostEntries = 20;           // how often one code may be entered
    bool verifiedEmail = false;     // ask for a verified e-mail also where all domains are allowed
    Rate codeTries{10, 10.0 / 600}; // wrong codes per address
    Rate codeTriesTotal{300, 5};    // wrong codes in all; the length of the codes follows from it
    Rate newCodes{120, 1.0 / 30};   // new codes per address
    Rate signIns{60, 0.2};          // begun per address: each may cost a request to the cloud
    Rate strangePolls{60, 0.2};     // polls per address with codes that the portal does not know
    unsigned mostCloudCalls = 12;   // at once; a third of the server's threads
    TokenRules tokens;
};

// How a step of a browser ended. toString() gives the word that is stored and logged.
enum class Outcome {
    Fine,
    WrongCode,
    ExpiredCode,
    UsedCode,
    TooManyTries,   // this address, or everybody together
    TooManyEntries, // this code
    TooManySignIns, // of this address
    DomainRefused,
    EmailUnverified,
    ConsentDenied,
    ProviderUnreachable,
    ProviderRefused,
    PasswordWrong,
    SessionLost, // the browser was closed, or it is another one
    Failed,      // the portal itself
};
std::string_view toString(Outcome outcome);
Outcome outcomeFrom(std::string_view word);
Outcome providerOutcome(const Error &error); // of a call to a cloud

// What the pages show of an authorization.
struct View {
    std::string provider;
    std::string providerTitle;
    std::string deviceName;
    std::string devicePlace;
    std::vector<std::string> domains;
    WallTime created{};
    WallTime expires{};
    bool connected = false;
    bool used = false;
    bool expired = false;
    bool asksPassword = false; // the person types user name and password here
    Outcome notice = Outcome::Fine;
};

// By which instances with one key know each other; tells nothing about it.
std::string nameOfKey(const std::string &key);

// Thread-safe; calls block (the store, and in finishSignIn the cloud).
class Portal {
public:
    // `http` outlives this. `key` is 32 bytes that never enter the store.
    Portal(std::unique_ptr<PortalStore> store, std::string key, PortalRules rules,
           std::map<std::string, PortalProvider> providers, HttpClient &http, FineClock now = fineNow);
    ~Portal();

    const PortalRules &rules() const { return m_rules; }
    WallTime now() const { return m_now(); }

    // "https://connect.example.org", no path: as browsers and printers reach it. Set before the first request.
    void setPublicUrl(std::string url) { m_publicUrl = std::move(url); }
    const std::string &publicUrl() const { return m_publicUrl; }

    // The device's calls: docs/portal-protocol.md. `address` is only counted, never kept.
    DeviceAnswer begin(const std::string &body, const std::string &address);
    DeviceAnswer poll(const std::string &body, const std::string &address);
    DeviceAnswer end(const std::string &body, const std::string &address); // acknowledged, or not wanted any more
    DeviceAnswer refresh(const std::string &body, const std::string &address) { return m_desk.refresh(body, address); }
    DeviceAnswer revoke(const std::string &body, const std::string &address) { return m_desk.revoke(body, address); }

    // The browser's steps. A session is a secret in a cookie.
    struct Entered {
        Outcome outcome = Outcome::Failed;
        std::string session; // the new one, with Fine
    };
    Entered enter(const std::string &typedCode, const std::string &oldSession, const std::string &address);
    std::optional<View> view(const std::string &session); // none: SessionLost
    Outcome connect(const std::string &session);
    void leave(const std::string &session);
    struct Started {
        Outcome outcome = Outcome::Failed;
        std::string url; // at the provider, with Fine
        std::string providerTitle;
        std::string server = {}; // not "": asks for user name and password there, with `state`, instead of `url`
        std::string state = {};
    };
    Started startSignIn(const std::string &session, const std::string &address, const Call &call);
    // What the provider sent back. The outcome is also kept for view().
    struct Returned {
        std::string state;
        std::string code;
        std::string error;
        std::string issuer; // RFC 9207
    };
    Outcome finishSignIn(const std::string &session, const std::string &provider, const Returned &returned,
                         const Call &call);

    // What the person typed, checked at the server. Else as finishSignIn().
    Outcome finishPassword(const std::string &session, const std::string &state, const std::string &user,
                           const std::string &password, const std::string &address, const Call &call);

    // Whether a provider is served whose people type their passwords here.
    bool asksPasswords() const;

    // A value that only this browser's forms can hold.
    std::string formToken(const std::string &session) const { return keyed("form", session); }
    bool formTokenFits(const std::string &session, const std::string &token) const;

    Result<int> sweep();
    Result<std::int64_t> liveCodes();
    Result<void> answers(); // whether the store does; costs little
    Metrics &metrics() { return m_metrics; }
    // What strangers can bring about is told in the log once a minute, however often it happens.
    void warnSeldom(const std::string &what);

private:
    std::string keyed(std::string_view purpose, std::string_view value) const;
    std::string redirectUri(const std::string &provider) const;
    Bucket bucket(const std::string &kind, std::string_view key, Rate rate) const;
    // One try of this address; an IPv6 one's site, a /48, gets no more than eight addresses would.
    Result<Try> take(const char *kind, const std::string &address, Rate rate, WallTime now);
    void giveBack(const char *kind, const std::string &address, Rate rate, WallTime now);
    DeviceAnswer strange(const std::string &address);
    Entered look(const std::string &typedCode, const std::string &oldSession, const std::string &address);
    struct Visit {
        BrowserSession session;
        Authorization authorization;
    };
    Result<std::optional<Visit>> visit(const std::string &session);
    class Unfetched;
    void endGrant(const PortalProvider &provider, const TokenSet &tokens);
    Result<TokenSet> tokensOf(const PortalProvider &provider, const Authorization &authorization,
                              const std::string &state, const std::string &code, const Call &call);
    Outcome redeem(const Authorization &authorization, const std::string &state, const std::string &code,
                   const Call &call);

    const std::unique_ptr<PortalStore> m_store;
    std::string m_key;
    std::string m_publicUrl;
    const PortalRules m_rules;
    const std::map<std::string, PortalProvider> m_providers;
    HttpClient &m_http;
    const FineClock m_fineNow;
    const WallClock m_now;
    Metrics m_metrics;
    CloudGate m_gate;
    TokenDesk m_desk;
    std::mutex m_mutex;
    std::map<std::string, WallTime> m_warned;
};

} // namespace connector::portal
