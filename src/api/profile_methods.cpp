// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"
#include "api/params.h"
#include "api/to_json.h"

namespace connector {

namespace {

const char *wordOf(SearchScope scope)
{
    switch (scope) {
    case SearchScope::Folder:
        return "folder";
    case SearchScope::Account:
        return "account";
    case SearchScope::Subtree:
        break;
    }
    return "subtree";
}

} // namespace

void Api::addProfileMethods()
{
    m_methods["providers.list"] = [this](const Asked &asked) {
        Json list = Json::array();
        for (const ProviderInfo &info : allProviders()) {
            if (!m_rooms.profiles.links().clouds().contains(info.id))
                continue;
            const auto cloud = m_rooms.profiles.links().providerFor(info.id, {});
            const Features features = cloud ? cloud->features() : Features{};
            Json sorts = Json::array();
            for (const SortKey key : features.serverSort)
                sorts.push_back(key == SortKey::Name ? "name" : key == SortKey::Size ? "size" : "modified");
            list.push_back({{"id", info.id},
                            {"title", info.title},
                            {"features",
                             {{"search", features.search},
                              {"searchScope", wordOf(features.searchScope)},
                              {"places", features.places},
                              {"createFolder", features.createFolder},
                              {"serverSort", sorts},
                              {"thumbnails", features.thumbnails}}}});
        }
        asked.respond(Json{{"providers", list}});
    };

    m_methods["profiles.list"] = [this](const Asked &asked) {
        auto provider = params::text(asked.params, "provider", "");
        if (!provider)
            return asked.respond(ApiError{provider.error()});
        auto profiles = m_rooms.profiles.list(asked.connection->m_owner);
        if (!profiles)
            return asked.respond(ApiError{profiles.error()});
        Json list = Json::array();
        for (const Profile &p : *profiles)
            if (provider->empty() || p.provider == *provider)
                list.push_back(discreetProfile(asked.connection, toApiJson(p)));
        asked.respond(Json{{"profiles", list}});
    };

    m_methods["profiles.create"] = [this](const Asked &asked) {
        auto provider = params::text(asked.params, "provider");
        auto name = params::text(asked.params, "name");
        auto pin = params::text(asked.params, "pin", "", 64);
        for (const auto *text : {&provider, &name, &pin})
            if (!*text)
                return asked.respond(ApiError{text->error()});
        // What is cheap to refuse costs no hash.
        if (auto r = m_rooms.profiles.mayCreate(asked.connection->m_owner, *provider, *name); !r)
            return asked.respond(ApiError{r.error()});
        const auto make = [this, asked, provider = *provider, name = *name,
                           epoch = asked.connection->m_epoch](const Result<NewPin> &hashed) {
            if (asked.connection->m_closed || asked.connection->m_epoch != epoch) // left while the PIN was hashed
                return asked.respond(ApiError{Error{Errc::Cancelled, "closed meanwhile", "api"}});
            auto made = hashed ? m_rooms.profiles.create(asked.connection->m_owner, provider, name, *hashed)
                               : Result<Profile>(hashed.error());
            if (!made)
                return asked.respond(ApiError{made.error()});
            asked.connection->m_authorizations.insert(made->id);
            asked.connection->m_codes.insert(made->id);
            asked.connection->m_proven.insert(made->id);
            auto authorization = m_rooms.profiles.authorization(asked.connection->m_owner, made->id);
            if (!authorization)
                return asked.respond(ApiError{authorization.error()});
            asked.respond(Json{{"profile", toApiJson(*made)}, {"authorization", toApiJson(*authorization)}});
        };
        m_rooms.profiles.hashNewPin(pin->empty() ? std::nullopt : std::optional(*pin),
                                    [alive = m_alive, make](const Result<NewPin> &hashed) {
                                        if (*alive)
                                            make(hashed);
                                    });
    };

    // Methods of one profile by its id, which answer at once.
    const auto byId = [this](const std::string &method, auto work) {
        m_methods[method] = [work](const Asked &asked) {
            auto id = params::text(asked.params, "id");
            if (!id)
                return asked.respond(ApiError{id.error()});
            Result<Json> result = work(asked, *id);
            asked.respond(result ? ApiReply(*std::move(result)) : ApiReply(ApiError{result.error()}));
        };
    };
    // What changes a profile with a PIN needs it open.
    const auto door = [this](const Asked &asked, const std::string &id) { return provenProfile(asked, id); };

    const auto codeDoor = [this](const Asked &asked, const std::string &id) { return mayUseCode(asked, id); };

    m_methods["profiles.authorize"] = [this](const Asked &asked) {
        auto id = params::text(asked.params, "id");
        auto pin = params::text(asked.params, "pin", "", 64);
        if (!id || !pin)
            return asked.respond(ApiError{(!id ? id : pin).error()});
        if (auto r = mayUseCode(asked, *id); !r)
            return asked.respond(ApiError{r.error()});
        const auto ask = [this, asked, id = *id, epoch = asked.connection->m_epoch](const Result<NewPin> &hashed) {
            if (asked.connection->m_closed || asked.connection->m_epoch != epoch) // left while the PIN was hashed
                return asked.respond(ApiError{Error{Errc::Cancelled, "closed meanwhile", "api"}});
            auto authorization = hashed ? m_rooms.profiles.authorize(asked.connection->m_owner, id, *hashed)
                                        : Result<Authorization>(hashed.error());
            if (!authorization)
                return asked.respond(ApiError{authorization.error()});
            takeOverCode(asked.connection, id);
            asked.respond(toApiJson(*authorization));
        };
        m_rooms.profiles.hashNewPin(pin->empty() ? std::nullopt : std::optional(*pin),
                                    [alive = m_alive, ask](const Result<NewPin> &hashed) {
                                        if (*alive)
                                            ask(hashed);
                                    });
    };
    byId("profiles.authorization", [this, codeDoor](const Asked &asked, const std::string &id) -> Result<Json> {
        if (auto r = codeDoor(asked, id); !r)
            return std::move(r).error();
        // Only whoever chose a new PIN signs in for it.
        if (!asked.connection->m_authorizations.contains(id))
            m_rooms.profiles.keepPin(asked.connection->m_owner, id);
        auto authorization = m_rooms.profiles.authorization(asked.connection->m_owner, id);
        if (!authorization)
            return std::move(authorization).error();
        asked.connection->m_authorizations.insert(id);
        return toApiJson(*authorization);
    });
    byId("profiles.cancelAuthorization", [this, door](const Asked &asked, const std::string &id) -> Result<Json> {
        if (auto r = door(asked, id); !r && !asked.connection->m_codes.contains(id))
            return std::move(r).error();
        auto r = m_rooms.profiles.cancelAuthorization(asked.connection->m_owner, id);
        asked.connection->m_authorizations.erase(id);
        return r ? Result<Json>(Json::object()) : Result<Json>(r.error());
    });
    byId("profiles.close", [](const Asked &asked, const std::string &id) -> Result<Json> {
        asked.connection->shut(id);
        asked.connection->m_proven.erase(id);
        ++asked.connection->m_epoch;
        return Json::object();
    });
    byId("profiles.rename", [this, door](const Asked &asked, const std::string &id) -> Result<Json> {
        if (auto r = door(asked, id); !r)
            return std::move(r).error();
        auto name = params::text(asked.params, "name");
        if (!name)
            return std::move(name).error();
        auto renamed = m_rooms.profiles.rename(asked.connection->m_owner, id, *name);
        if (!renamed)
            return std::move(renamed).error();
        return Json{{"profile", toApiJson(*renamed)}};
    });
    byId("profiles.delete", [this, door](const Asked &asked, const std::string &id) -> Result<Json> {
        // Nothing lies behind a dead PIN where no account ever was; nobody could clear it away otherwise.
        const auto profile = m_rooms.profiles.find(asked.connection->m_owner, id);
        const bool hollow = profile && profile->pinDead && neverLinked(*profile);
        if (auto r = door(asked, id); !r && !hollow)
            return std::move(r).error();
        auto r = m_rooms.profiles.remove(asked.connection->m_owner, id);
        asked.connection->shut(id);
        return r ? Result<Json>(Json::object()) : Result<Json>(r.error());
    });

    m_methods["profiles.open"] = [this](const Asked &asked) {
        auto id = params::text(asked.params, "id");
        auto pin = params::text(asked.params, "pin", "", 64);
        if (!id || !pin)
            return asked.respond(ApiError{(!id ? id : pin).error()});
        m_rooms.profiles.open(asked.connection->m_owner, *id, pin->empty() ? std::nullopt : std::optional(*pin),
                              [this, alive = m_alive, asked, id = *id, renewed = timesRenewed(*id),
                               epoch = asked.connection->m_epoch](std::variant<Profile, Profiles::Refusal> outcome) {
                                  if (!*alive)
                                      return;
                                  // the person left while the portal was asked, or the PIN is another one now
                                  if (asked.connection->m_epoch != epoch || timesRenewed(id) != renewed)
                                      return asked.respond(ApiError{Error{Errc::Cancelled, "closed meanwhile", "api"}});
                                  if (const auto *profile = std::get_if<Profile>(&outcome)) {
                                      asked.connection->m_opened.insert(id);
                                      asked.connection->m_proven.insert(id);
                                      if (profile->hasPin)
                                          takeOverJobs(asked.connection, id);
                                      return asked.respond(Json{{"profile", toApiJson(*profile)}});
                                  }
                                  const auto &refusal = std::get<Profiles::Refusal>(outcome);
                                  if (refusal.pinProven) {
                                      asked.connection->m_proven.insert(id);
                                      takeOverJobs(asked.connection, id);
                                  }
                                  Json extra = Json::object();
                                  if (refusal.triesLeft > 0)
                                      extra["triesLeft"] = refusal.triesLeft;
                                  if (refusal.lockedUntil)
                                      extra["lockedUntil"] = formatRfc3339(*refusal.lockedUntil);
                                  asked.respond(ApiError{refusal.error, extra});
                              });
    };
}

} // namespace connector
