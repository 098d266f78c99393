// SPDX-License-Identifier: Apache-2.0
#include "profiles/account_links.h"

#include "core/log.h"
#include "http/paced_http_client.h"

namespace connector {

namespace {

constexpr const char *kTokens = "tokens";
// A token this close to its end would not survive the request that carries it.
constexpr std::chrono::seconds kTokenMargin{60};

// Signs with one token that nobody refreshes.
class FixedToken : public TokenSource {
public:
    explicit FixedToken(TokenSet tokens) : m_tokens(std::move(tokens)) {}
    Result<std::string> token(const Call &) override { return m_tokens.accessToken; }
    void expired(const std::string &) override {}
    std::string authorization(const std::string &) override { return m_tokens.authorization(); }

private:
    TokenSet m_tokens;
};

// A password opens its own server only: where the configuration names another one by now, its people sign in anew.
bool isForThisServer(const TokenSet &tokens, const CloudConfig &config)
{
    const auto server = config.endpoints.base.find("server");
    return tokens.server.empty() || (server != config.endpoints.base.end() && server->second == tokens.server);
}

// A provider together with what signs for it.
class OwningProvider : public Provider {
public:
    OwningProvider(std::shared_ptr<void> keep, std::unique_ptr<Provider> inner)
        : m_keep(std::move(keep)), m_inner(std::move(inner))
    {
    }
    std::string id() const override { return m_inner->id(); }
    Features features() const override { return m_inner->features(); }
    Result<Account> account(const Call &call) override { return m_inner->account(call); }
    Result<Page> list(const EntryId &folder, const std::string &token, const Sort &sort, const Call &call) override
    {
        return m_inner->list(folder, token, sort, call);
    }
    Result<Entry> stat(const EntryId &id, const Call &call) override { return m_inner->stat(id, call); }
    Result<void> download(const EntryId &file, const std::string &revision, std::int64_t offset, ByteSink &out,
                          const Call &call) override
    {
        return m_inner->download(file, revision, offset, out, call);
    }
    Result<Entry> upload(const UploadTarget &target, ByteSource &in, const UploadState &resume,
                         const std::function<Result<void>(const UploadState &)> &onState, const Call &call) override
    {
        return m_inner->upload(target, in, resume, onState, call);
    }
    Result<void> remove(const EntryId &file, const Call &call) override { return m_inner->remove(file, call); }
    Result<Page> search(const std::string &text, const EntryId &folder, const std::string &token,
                        const Call &call) override
    {
        return m_inner->search(text, folder, token, call);
    }
    Result<std::vector<Place>> places(const Call &call) override { return m_inner->places(call); }
    Result<Entry> createFolder(const EntryId &parent, const std::string &name, const Call &call) override
    {
        return m_inner->createFolder(parent, name, call);
    }
    Result<void> downloadPdf(const EntryId &file, ByteSink &out, const Call &call) override
    {
        return m_inner->downloadPdf(file, out, call);
    }
    Result<void> thumbnail(const EntryId &file, int pixels, ByteSink &out, const Call &call) override
    {
        return m_inner->thumbnail(file, pixels, out, call);
    }
    Result<void> revoke(const Call &call) override { return m_inner->revoke(call); }

private:
    std::shared_ptr<void> m_keep;
    std::unique_ptr<Provider> m_inner; // before what it uses
};

} // namespace

// One account's tokens. A refresh holds the mutex, so that all others wait for its outcome instead of starting a
// second.
class AccountLinks::Link : public TokenSource {
public:
    Link(AccountLinks &owner, std::string profileId, int generation, LinkedTokens linked, const ProviderInfo &info,
         const CloudConfig &config)
        : m_owner(owner), m_profileId(std::move(profileId)), m_generation(generation), m_linked(std::move(linked)),
          m_info(info), m_config(config), m_paced(owner.m_http, std::make_shared<Pacer>()), m_signing(m_paced, *this),
          m_memory(info.makeMemory ? info.makeMemory() : nullptr)
    {
    }

    Result<std::string> token(const Call &call) override
    {
        std::unique_lock lock(m_mutex);
        if (m_revoked)
            return revokedError();
        if (m_linked.tokens.scheme == TokenSet::Scheme::Basic) {
            if (!m_stale)
                return m_linked.tokens.accessToken;
            m_revoked = true; // a password that was refused does not come back
            if (m_owner.isCurrent(m_profileId, m_generation))
                m_owner.m_hooks.revoked(m_profileId);
            return revokedError();
        }
        if (!m_unstored && !m_stale && m_owner.m_now() + kTokenMargin < m_linked.tokens.accessExpires)
            return m_linked.tokens.accessToken;
        return renewedToken(call);
    }

    Result<void> renew(const Call &call)
    {
        std::unique_lock lock(m_mutex);
        if (m_revoked)
            return revokedError();
        if (m_linked.tokens.scheme == TokenSet::Scheme::Basic)
            return {};
        auto token = renewedToken(call);
        return token ? Result<void>() : std::move(token).error();
    }

    void expired(const std::string &token) override
    {
        std::unique_lock lock(m_mutex);
        if (m_linked.tokens.accessToken == token)
            m_stale = true;
    }

    std::string authorization(const std::string &token) override
    {
        std::unique_lock lock(m_mutex);
        TokenSet presented = m_linked.tokens;
        presented.accessToken = token;
        return presented.authorization();
    }

    std::unique_ptr<Provider> make()
    {
        std::unique_lock lock(m_mutex);
        ProviderEndpoints endpoints = m_config.endpoints.of(m_linked.tokens);
        endpoints.memory = m_memory;
        return m_info.make(m_signing, endpoints);
    }
    const ProviderInfo &info() const { return m_info; }

private:
    // With the mutex held.
    Result<std::string> renewedToken(const Call &call)
    {
        if (!m_unstored) {
            // A single-use refresh token must not be spent for a profile that is gone.
            if (!m_owner.isCurrent(m_profileId, m_generation))
                return revokedError();
            auto fresh = m_owner.renewed(m_linked, call);
            if (!fresh) {
                if (fresh.error().code == Errc::Unauthenticated) {
                    m_revoked = true;
                    if (m_owner.isCurrent(m_profileId, m_generation))
                        m_owner.m_hooks.revoked(m_profileId);
                }
                return std::move(fresh).error();
            }
            m_linked = *std::move(fresh);
            m_stale = false;
            m_unstored = true;
        }
        // Durable before anything uses the new access token: a lost single-use refresh token is a lost account.
        auto stored = m_owner.m_actor.ask([this] { return m_owner.keep(m_profileId, m_generation, m_linked); });
        if (!stored) {
            if (stored.error().code == Errc::Unauthenticated) {
                m_revoked = true; // handed on to be ended
                m_unstored = false;
            }
            return std::move(stored).error();
        }
        m_unstored = false;
        return m_linked.tokens.accessToken;
    }

    Error revokedError() const
    {
        return Error{Errc::Unauthenticated, "the grant was refused before", m_linked.provider, {}, 0, {},
                     "access-revoked"};
    }

    AccountLinks &m_owner;
    const std::string m_profileId;
    const int m_generation;
    std::mutex m_mutex;
    LinkedTokens m_linked;
    bool m_stale = false;
    bool m_unstored = false; // renewed, and not yet safely stored: not to be used
    bool m_revoked = false;
    const ProviderInfo &m_info;
    const CloudConfig &m_config;
    PacedHttpClient m_paced; // one pace per account: when the cloud says wait, all of its requests do
    SigningHttpClient m_signing;
    std::shared_ptr<AccountMemory> m_memory; // may be asking through m_signing: ends first
};

AccountLinks::AccountLinks(TaskQueue &actor, Database &db, Vault &vault, HttpClient &http, PortalClient &portal,
                           CloudConfigs clouds, Hooks hooks, WallClock now)
    : m_actor(actor), m_db(db), m_vault(vault), m_http(http), m_portal(portal), m_clouds(std::move(clouds)),
      m_hooks(std::move(hooks)), m_now(std::move(now))
{
}

AccountLinks::~AccountLinks() = default;

Result<std::shared_ptr<AccountLinks::Link>> AccountLinks::link(const std::string &profileId)
{
    int generation = 0;
    {
        std::scoped_lock lock(m_mutex);
        if (const auto it = m_links.find(profileId); it != m_links.end())
            return it->second;
        generation = m_generations[profileId];
    }
    auto text = m_actor.ask([&] { return m_vault.get(profileId, kTokens); });
    if (!text)
        return std::move(text).error();
    if (!*text)
        return Error{Errc::Unauthenticated, "no account is linked to this profile", "profiles", {}, 0, {},
                     "not-linked"};
    auto linked = linkedTokensFrom(**text);
    if (!linked)
        return std::move(linked).error();
    const ProviderInfo *info = findProvider(linked->provider);
    const auto config = m_clouds.find(linked->provider);
    if (info == nullptr || config == m_clouds.end())
        return Error{Errc::Unsupported,     "this cloud is not configured", linked->provider, {}, 0, {},
                     "provider-unsupported"};
    if (!isForThisServer(linked->tokens, config->second))
        return Error{Errc::Unauthenticated, "the account is at another server", linked->provider, {}, 0, {},
                     "access-revoked"};
    auto fresh = std::make_shared<Link>(*this, profileId, generation, *std::move(linked), *info, config->second);
    std::scoped_lock lock(m_mutex);
    if (m_generations[profileId] != generation) // deleted or linked anew since the tokens were read
        return Error{Errc::Busy, "the profile has just changed", "profiles"};
    auto &slot = m_links[profileId];
    if (!slot)
        slot = std::move(fresh);
    return slot;
}

Result<std::unique_ptr<Provider>> AccountLinks::provider(const std::string &profileId)
{
    auto linked = link(profileId);
    if (!linked)
        return std::move(linked).error();
    auto inner = (*linked)->make();
    return std::unique_ptr<Provider>(std::make_unique<OwningProvider>(*linked, std::move(inner)));
}

std::unique_ptr<ContentHasher> AccountLinks::hasher(const std::string &profileId)
{
    auto linked = link(profileId);
    return linked && (*linked)->info().makeHasher ? (*linked)->info().makeHasher() : nullptr;
}

Result<void> AccountLinks::store(const std::string &profileId, const LinkedTokens &tokens)
{
    if (auto r = m_vault.put(profileId, kTokens, toText(tokens)); !r)
        return r;
    drop(profileId);
    return {};
}

void AccountLinks::drop(const std::string &profileId)
{
    std::shared_ptr<Link> gone; // ends without the lock: what is on its way may need it
    std::scoped_lock lock(m_mutex);
    if (auto link = m_links.extract(profileId))
        gone = std::move(link.mapped());
    ++m_generations[profileId];
}

bool AccountLinks::isCurrent(const std::string &profileId, int generation)
{
    std::scoped_lock lock(m_mutex);
    return m_generations[profileId] == generation;
}

// Actor thread: where renewed tokens go. A profile that was deleted or linked anew meanwhile must not get its old ones
// back: of a deleted one they are ended at the cloud, where nobody else could any more.
Result<void> AccountLinks::keep(const std::string &profileId, int generation, const LinkedTokens &fresh)
{
    if (isCurrent(profileId, generation))
        return m_db.transaction([&]() -> Result<void> {
            if (auto r = m_vault.put(profileId, kTokens, toText(fresh)); !r)
                return r;
            return m_hooks.renewed(profileId);
        });
    auto linkedAnew = m_vault.get(profileId, kTokens);
    if (!linkedAnew)
        return std::move(linkedAnew).error();
    if (!*linkedAnew)
        if (auto r = m_hooks.orphaned(fresh); !r)
            return r;
    return Error{Errc::Unauthenticated, "the profile was deleted or linked anew", fresh.provider, {}, 0, {},
                 "access-revoked"};
}

Result<void> AccountLinks::renew(const std::string &profileId, const Call &call)
{
    auto found = link(profileId);
    return found ? (*found)->renew(call) : std::move(found).error();
}

std::optional<LinkedTokens> AccountLinks::stored(const std::string &profileId)
{
    auto text = m_vault.get(profileId, kTokens);
    if (!text || !*text)
        return std::nullopt;
    auto linked = linkedTokensFrom(**text);
    return linked ? std::optional(*std::move(linked)) : std::nullopt;
}

Result<LinkedTokens> AccountLinks::renewed(const LinkedTokens &linked, const Call &call)
{
    LinkedTokens fresh = linked;
    if (linked.portal) {
        auto answer = m_portal.refresh(*linked.portal, linked.tokens, call);
        if (!answer)
            return std::move(answer).error();
        fresh.tokens = std::move(answer->tokens);
        fresh.portal->ticket = std::move(answer->ticket);
        if (fresh.tokens.scope.empty())
            fresh.tokens.scope = linked.tokens.scope;
        return fresh;
    }
    auto tokens = refreshTokens(m_http, findProvider(linked.provider)->oauthFor(m_clouds.at(linked.provider).endpoints),
                                {linked.clientId, {}}, linked.tokens, m_now(), call);
    if (!tokens)
        return std::move(tokens).error();
    fresh.tokens = *std::move(tokens);
    return fresh;
}

Result<void> AccountLinks::revoke(LinkedTokens linked, const Call &call)
{
    const ProviderInfo *info = findProvider(linked.provider);
    const auto config = m_clouds.find(linked.provider);
    if (info == nullptr || config == m_clouds.end())
        return Error{Errc::Unsupported,     "this cloud is not configured", linked.provider, {}, 0, {},
                     "provider-unsupported"};
    if (!isForThisServer(linked.tokens, config->second))
        return Error{Errc::Unsupported, "the account is at another server", linked.provider};
    const bool bearer = linked.tokens.scheme == TokenSet::Scheme::Bearer;
    const OAuthSpec oauth = info->oauthFor ? info->oauthFor(config->second.endpoints) : OAuthSpec{};
    if (bearer && !oauth.revokeUrl.empty())
        return linked.portal ? m_portal.revoke(*linked.portal, linked.tokens, call)
                             : revokeTokens(m_http, oauth, {linked.clientId, {}}, linked.tokens, m_now(), call);
    if (bearer && m_now() + kTokenMargin >= linked.tokens.accessExpires) {
        auto fresh = renewed(linked, call);
        if (!fresh)
            return std::move(fresh).error();
        linked = *std::move(fresh);
    }
    return providerFor(linked.provider, linked.tokens)->revoke(call);
}

std::unique_ptr<Provider> AccountLinks::providerFor(const std::string &cloud, const TokenSet &tokens)
{
    const ProviderInfo *info = findProvider(cloud);
    const auto config = m_clouds.find(cloud);
    if (info == nullptr || config == m_clouds.end() || !isForThisServer(tokens, config->second))
        return nullptr;
    struct Signed {
        FixedToken token;
        SigningHttpClient http;
        Signed(HttpClient &next, const TokenSet &tokens) : token(tokens), http(next, token) {}
    };
    auto keep = std::make_shared<Signed>(m_http, tokens);
    auto inner = info->make(keep->http, config->second.endpoints.of(tokens));
    return std::make_unique<OwningProvider>(keep, std::move(inner));
}

} // namespace connector
