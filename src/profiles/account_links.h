// SPDX-License-Identifier: Apache-2.0
// The living side of profiles: for each a signed connection to its cloud account, its tokens kept fresh in the Vault.
#pragma once

#include "core/task_queue.h"
#include "http/signing_http_client.h"
#include "profiles/cloud_access.h"
#include "profiles/linked_tokens.h"
#include "profiles/portal_client.h"
#include "providers/registry.h"
#include "store/vault.h"

namespace connector {

// This installation's clouds: where they are and as which OAuth client they know us.
struct CloudConfig {
    std::string clientId;
    ProviderEndpoints endpoints;
};
using CloudConfigs = std::map<std::string, CloudConfig>; // by provider id; what is missing is not offered

// Thread-safe; the Vault is only touched on the actor's thread.
class AccountLinks : public CloudAccess {
public:
    struct Hooks {
        // Any thread: the cloud refused the grant for good.
        std::function<void(const std::string &profileId)> revoked;
        // Actor thread: these tokens came for a profile that was deleted meanwhile; nobody else knows them.
        std::function<Result<void>(const LinkedTokens &)> orphaned;
        // Actor thread, inside the transaction that stores new tokens.
        std::function<Result<void>(const std::string &profileId)> renewed = [](const auto &) { return Result<void>(); };
    };
    // All outlive this. `http` is unsigned, `portal` has the client secrets.
    AccountLinks(TaskQueue &actor, Database &db, Vault &vault, HttpClient &http, PortalClient &portal,
                 CloudConfigs clouds, Hooks hooks, WallClock now = systemNow);
    ~AccountLinks() override;

    Result<std::unique_ptr<Provider>> provider(const std::string &profileId) override;
    std::unique_ptr<ContentHasher> hasher(const std::string &profileId) override;

    // Actor thread: stores the tokens durably; a link made before forgets its old ones.
    Result<void> store(const std::string &profileId, const LinkedTokens &tokens);
    void drop(const std::string &profileId);
    // Actor thread: what is stored, for whoever ends the grant; nullopt where nothing is.
    std::optional<LinkedTokens> stored(const std::string &profileId);
    // Uses the grant, so that the cloud does not end it for lack of use: new tokens also where the old ones still live.
    // Blocks; any thread but the actor's. Fine at once for a grant that is not renewed.
    Result<void> renew(const std::string &profileId, const Call &call);
    // Ends the grant at the cloud; blocks. Renews the tokens first where they have run out and are needed for it.
    Result<void> revoke(LinkedTokens linked, const Call &call);

    // A provider for tokens that no profile owns yet (they are not refreshed). Null for a cloud that is not configured.
    std::unique_ptr<Provider> providerFor(const std::string &cloud, const TokenSet &tokens);

    const CloudConfigs &clouds() const { return m_clouds; }

private:
    class Link;
    Result<std::shared_ptr<Link>> link(const std::string &profileId);
    bool isCurrent(const std::string &profileId, int generation);
    Result<void> keep(const std::string &profileId, int generation, const LinkedTokens &fresh);
    Result<LinkedTokens> renewed(const LinkedTokens &linked, const Call &call);

    TaskQueue &m_actor;
    Database &m_db;
    Vault &m_vault;
    HttpClient &m_http;
    PortalClient &m_portal;
    CloudConfigs m_clouds;
    Hooks m_hooks;
    WallClock m_now;
    std::mutex m_mutex;
    std::map<std::string, int> m_generations;             // raised when a profile's tokens are replaced or gone
    std::map<std::string, std::shared_ptr<Link>> m_links; // last: they use all of the others
};

} // namespace connector
