// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"
#include "api/params.h"
#include "api/to_json.h"
#include "api/wishes.h"

namespace connector {

namespace {

using Json = nlohmann::json;

constexpr std::chrono::seconds kLookPatience{5}; // for a look at the target; the job itself waits longer
constexpr std::size_t kLongestFileName = 150;    // bytes, before the time is added

// The wish in `params` for a shortcut of that kind, over the one it had.
Result<std::string> wishFrom(const Json &params, const std::string &kind, const std::string &before)
{
    Json wish = Json::parse(before, nullptr, false);
    if (!wish.is_object())
        wish = Json::object();
    const std::string name = kind == "print" ? "ticket" : "settings";
    const Json given = params.value(name, Json::object());
    if (!given.is_object())
        return params::bad(name, "an object");
    const std::vector<const char *> print{"copies",  "colorMode", "sides",       "media",
                                          "quality", "scaling",   "orientation", "pageRanges"};
    const std::vector<const char *> scan{"source", "colorMode", "resolution", "pageSize",
                                         "format", "pages",     "fileName"};
    for (const char *field : kind == "print" ? print : scan)
        if (given.contains(field))
            wish[field] = given[field];
    if (kind == "print") {
        if (auto ticket = ticketFrom(wish); !ticket)
            return std::move(ticket).error();
    } else {
        if (auto settings = scanWishFrom(wish); !settings)
            return std::move(settings).error();
        auto fileName = params::text(wish, "fileName", "", kLongestFileName);
        if (fileName && !fileName->empty())
            fileName = checkedDocumentName(*fileName);
        if (!fileName)
            return std::move(fileName).error();
    }
    return dumpLine(wish);
}

Error problemError(const Shortcut &shortcut)
{
    return Error{shortcut.problem == "file-gone" ? Errc::NotFound : Errc::PermissionDenied,
                 "the shortcut's target cannot be used",
                 "shortcuts",
                 {},
                 0,
                 {},
                 shortcut.problem};
}

// Whether a job that meets this error waits until it has passed.
bool passes(const Error &error)
{
    return remedyFor(error.code) == Remedy::RetryLater;
}

} // namespace

Json Api::shown(const Connection *connection, const Shortcut &s)
{
    Json out{{"id", s.id},
             {"kind", s.kind},
             {"name", s.name},
             {"profile", s.profile},
             {"pinned", s.pinned},
             {"problem", s.problem.empty() ? Json(nullptr) : Json(s.problem)},
             {"createdAt", formatRfc3339(s.createdAt)},
             {"lastUsedAt", s.lastUsedAt ? Json(formatRfc3339(*s.lastUsedAt)) : Json(nullptr)}};
    const auto profile = m_rooms.profiles.find(s.owner, s.profile);
    out["profileName"] = profile ? profile->name : "";
    out["provider"] = profile ? profile->provider : "";
    out["hasPin"] = profile && profile->hasPin;
    out["state"] = toString(profile ? profile->state : ProfileState::Expired);
    // What lies behind a PIN is told only where it was given; the names of files are part of that.
    const bool open =
        profile && (!profile->hasPin || (connection != nullptr && ((*connection)->m_opened.contains(s.profile) ||
                                                                   (*connection)->m_proven.contains(s.profile))));
    Json wish = Json::parse(s.wish, nullptr, false);
    out["target"] = open ? Json(s.target) : Json(nullptr);
    out["targetName"] = open ? Json(s.targetName) : Json(nullptr);
    const EntryKind kind = s.kind == "print" ? EntryKind::File : EntryKind::Folder;
    out["targetType"] = open ? Json(fileType(kind, s.targetName)) : Json(nullptr);
    out[s.kind == "print" ? "ticket" : "settings"] = open && wish.is_object() ? std::move(wish) : Json(nullptr);
    return out;
}

void Api::askTarget(const Asked &asked, const std::string &profile, const std::string &id,
                    std::function<void(Result<Target>)> then)
{
    Asked look = asked;
    look.params = {{"profile", profile}};
    look.respond = [this, alive = m_alive, then = std::move(then)](const ApiReply &reply) {
        m_rooms.actor.post([alive, then, reply](std::stop_token) {
            if (!*alive)
                return;
            if (const auto *refused = std::get_if<ApiError>(&reply))
                return then(refused->error);
            const Json &entry = std::get<Json>(reply);
            then(Target{entry.at("name"), entry.at("kind") == "folder", entry.at("printable"),
                        entry.value("writable", Json()) == true});
        });
    };
    askCloud(look,
             [id, printer = m_rooms.devices.printerCapabilities()](Provider &cloud, const Call &call) -> Result<Json> {
                 if (id.empty()) // the root is always there
                     return Json{{"name", ""}, {"kind", "folder"}, {"printable", false}, {"writable", true}};
                 auto entry = cloud.stat({id}, call.within(kLookPatience));
                 if (!entry)
                     return std::move(entry).error();
                 return toApiJson(*entry, printer);
             });
}

Result<Job> Api::runShortcut(const Asked &asked, const Shortcut &shortcut)
{
    // The look at the cloud took its time: the person may have left meanwhile.
    auto profile = openProfile(asked, shortcut.profile);
    if (!profile)
        return std::move(profile).error();
    auto text = wishFrom(asked.params, shortcut.kind, shortcut.wish);
    if (!text)
        return std::move(text).error();
    const Json wish = Json::parse(*text);
    const std::string key = asked.params.at("key");
    const std::string &owner = asked.connection->m_owner;
    Result<Job> job = Error{};
    if (shortcut.kind == "print") {
        PrintItem item;
        item.file = shortcut.target;
        item.name = shortcut.targetName;
        auto ticket = ticketFrom(wish);
        if (!ticket)
            return std::move(ticket).error();
        if (const auto &printer = m_rooms.devices.printerCapabilities())
            if (auto r = validateTicket(*ticket, *printer); !r)
                return std::move(r).error();
        job =
            m_rooms.jobs.print(owner, {profile->id, profile->name, profile->provider, {item}, *std::move(ticket), key});
    } else {
        auto settings = scanWishFrom(wish);
        if (!settings)
            return std::move(settings).error();
        std::string name = wish.value("fileName", "");
        if (name.empty()) { // "Invoices 11/2026"
            name = shortcut.name;
            std::replace_if(
                name.begin(), name.end(),
                [](char c) { return std::string_view("/\\:*?\"<>|\x7F").find(c) != std::string_view::npos; }, '-');
        }
        // A request that comes again finds its job; only a new one takes a second for its name.
        job = m_rooms.jobs.scan(owner,
                                {profile->id, profile->name, profile->provider, shortcut.target, shortcut.targetName,
                                 m_rooms.shortcuts.stamped(name), settings->settings, settings->manyPages, key});
    }
    if (job)
        (void)m_rooms.shortcuts.used(owner, shortcut.id);
    return job;
}

void Api::addShortcutMethods()
{
    const auto answer = [this](const Asked &asked, const Result<Shortcut> &shortcut) {
        asked.respond(shortcut ? ApiReply(Json{{"shortcut", shown(&asked.connection, *shortcut)}})
                               : ApiReply(ApiError{shortcut.error()}));
    };

    m_methods["shortcuts.list"] = [this](const Asked &asked) {
        auto shortcuts = m_rooms.shortcuts.list(asked.connection->m_owner);
        if (!shortcuts)
            return asked.respond(ApiError{shortcuts.error()});
        Json list = Json::array();
        for (const Shortcut &shortcut : *shortcuts)
            list.push_back(shown(&asked.connection, shortcut));
        asked.respond(Json{{"shortcuts", list}});
    };

    m_methods["shortcuts.add"] = [this, answer](const Asked &asked) {
        Shortcut fresh;
        fresh.owner = asked.connection->m_owner;
        const std::pair<const char *, std::string *> words[] = {
            {"profile", &fresh.profile}, {"kind", &fresh.kind}, {"name", &fresh.name}, {"target", &fresh.target}};
        for (const auto &[name, word] : words) {
            auto value = params::text(asked.params, name);
            if (!value)
                return asked.respond(ApiError{value.error()});
            *word = *std::move(value);
        }
        if (fresh.kind != "print" && fresh.kind != "scan")
            return asked.respond(ApiError{params::bad("kind", "print or scan")});
        auto wish = wishFrom(asked.params, fresh.kind, "{}");
        auto pinned = params::boolean(asked.params, "pinned", false);
        if (!wish)
            return asked.respond(ApiError{wish.error()});
        if (!pinned)
            return asked.respond(ApiError{pinned.error()});
        fresh.wish = *std::move(wish);
        fresh.pinned = *pinned;
        askTarget(asked, fresh.profile, fresh.target, [this, asked, answer, fresh](const Result<Target> &target) {
            Shortcut shortcut = fresh;
            shortcut.problem = problemWith(shortcut.kind, target);
            if (auto open = openProfile(asked); !open)
                return answer(asked, open.error());
            if (!target)
                return answer(asked, target.error());
            if (!shortcut.problem.empty())
                return answer(asked, problemError(shortcut));
            shortcut.targetName = target->name;
            answer(asked, m_rooms.shortcuts.add(std::move(shortcut)));
        });
    };

    // Methods of one shortcut of this connection's owner.
    const auto byId = [this](const std::string &method, auto work) {
        m_methods[method] = [this, work](const Asked &asked) {
            auto id = params::text(asked.params, "id");
            if (!id)
                return asked.respond(ApiError{id.error()});
            auto shortcut = m_rooms.shortcuts.find(asked.connection->m_owner, *id);
            if (!shortcut)
                return asked.respond(ApiError{shortcut.error()});
            work(asked, *shortcut);
        };
    };

    byId("shortcuts.get", [answer](const Asked &asked, const Shortcut &shortcut) { answer(asked, shortcut); });

    byId("shortcuts.check", [this, answer](const Asked &asked, const Shortcut &shortcut) {
        askTarget(asked, shortcut.profile, shortcut.target,
                  [this, asked, answer, id = shortcut.id](const Result<Target> &target) {
                      auto seen = m_rooms.shortcuts.seen(asked.connection->m_owner, id, target);
                      if (seen && !target && problemWith(seen->kind, target).empty())
                          return answer(asked, target.error()); // it could not be looked at
                      answer(asked, seen);
                  });
    });

    byId("shortcuts.update", [this, answer](const Asked &asked, const Shortcut &shortcut) {
        if (auto r = provenProfile(asked, shortcut.profile); !r)
            return answer(asked, r.error());
        auto name = params::text(asked.params, "name", shortcut.name);
        auto target = params::text(asked.params, "target", shortcut.target);
        auto wish = wishFrom(asked.params, shortcut.kind, shortcut.wish);
        for (const auto *text : {&name, &target, &wish})
            if (!*text)
                return answer(asked, text->error());
        auto pinned = params::boolean(asked.params, "pinned", shortcut.pinned);
        if (!pinned)
            return answer(asked, pinned.error());
        Shortcuts::Change change;
        change.pinned = *pinned;
        change.name = *std::move(name);
        change.wish = *std::move(wish);
        if (!asked.params.contains("target"))
            return answer(asked, m_rooms.shortcuts.change(shortcut.owner, shortcut.id, change));
        askTarget(asked, shortcut.profile, *target,
                  [this, asked, answer, shortcut, target = *target, change](const Result<Target> &found) mutable {
                      Shortcut wanted = shortcut;
                      wanted.problem = problemWith(wanted.kind, found);
                      if (auto open = openProfile(asked, shortcut.profile); !open)
                          return answer(asked, open.error());
                      if (!found)
                          return answer(asked, found.error());
                      if (!wanted.problem.empty())
                          return answer(asked, problemError(wanted));
                      change.target = {target, found->name};
                      answer(asked, m_rooms.shortcuts.change(asked.connection->m_owner, shortcut.id, change));
                  });
    });

    byId("shortcuts.pin", [this, answer](const Asked &asked, const Shortcut &shortcut) {
        auto pinned = params::boolean(asked.params, "pinned", true);
        if (!pinned)
            return answer(asked, pinned.error());
        if (auto r = provenProfile(asked, shortcut.profile); !r)
            return answer(asked, r.error());
        Shortcuts::Change change;
        change.pinned = *pinned;
        answer(asked, m_rooms.shortcuts.change(shortcut.owner, shortcut.id, change));
    });

    byId("shortcuts.delete", [this](const Asked &asked, const Shortcut &shortcut) {
        auto r = provenProfile(asked, shortcut.profile);
        if (r)
            r = m_rooms.shortcuts.remove(shortcut.owner, shortcut.id);
        asked.respond(r ? ApiReply(Json::object()) : ApiReply(ApiError{r.error()}));
    });

    byId("shortcuts.run", [this](const Asked &asked, const Shortcut &shortcut) {
        const auto finish = [this, asked](const Result<Job> &job) { asked.respond(begunHere(asked.connection, job)); };
        auto key = params::text(asked.params, "key", std::nullopt, 64);
        if (key && key->empty())
            key = params::bad("key", "missing");
        if (!key)
            return finish(key.error());
        if (auto profile = openProfile(asked, shortcut.profile); !profile)
            return finish(profile.error());
        if (auto wish = wishFrom(asked.params, shortcut.kind, shortcut.wish); !wish)
            return finish(wish.error());
        if (auto made = m_rooms.jobs.made(asked.connection->m_owner, *key))
            return finish(*made);
        askTarget(asked, shortcut.profile, shortcut.target,
                  [this, asked, finish, id = shortcut.id](const Result<Target> &target) {
                      auto seen = m_rooms.shortcuts.seen(asked.connection->m_owner, id, target);
                      if (!seen)
                          return finish(seen.error());
                      if (!seen->problem.empty())
                          return finish(problemError(*seen));
                      if (!target && !passes(target.error()))
                          return finish(target.error());
                      finish(runShortcut(asked, *seen));
                  });
    });
}

} // namespace connector
