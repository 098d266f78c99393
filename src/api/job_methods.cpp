// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"
#include "api/params.h"
#include "api/wishes.h"

namespace connector {

namespace {

using Json = nlohmann::json;

Result<std::vector<PrintItem>> itemsFrom(const Json &j)
{
    if (!j.is_array() || j.empty() || j.size() > 100)
        return params::bad("items", "1 to 100 files");
    std::vector<PrintItem> items;
    for (const Json &one : j) {
        if (!one.is_object())
            return params::bad("items", "objects");
        PrintItem item;
        const std::pair<const char *, std::string *> words[] = {
            {"id", &item.file}, {"name", &item.name}, {"revision", &item.revision}};
        for (const auto &[name, word] : words) {
            auto value =
                params::text(one, name, word == &item.revision ? std::optional<std::string>("") : std::nullopt);
            if (!value)
                return std::move(value).error();
            *word = *std::move(value);
        }
        items.push_back(std::move(item));
    }
    return items;
}

} // namespace

void Api::addJobMethods()
{
    const auto answer = [this](const Asked &asked, const Result<Job> &job) {
        asked.respond(job ? ApiReply(Json{{"job", discreetJob(asked.connection, toApiJson(*job))}})
                          : ApiReply(ApiError{job.error()}));
    };
    const auto begun = [this](const Asked &asked, const Result<Job> &job) {
        asked.respond(begunHere(asked.connection, job));
    };

    m_methods["jobs.print"] = [this, begun](const Asked &asked) {
        auto profile = openProfile(asked);
        if (!profile)
            return asked.respond(ApiError{profile.error()});
        auto items = itemsFrom(asked.params.value("items", Json()));
        if (!items)
            return asked.respond(ApiError{items.error()});
        auto ticket = ticketFrom(asked.params.value("ticket", Json::object()));
        if (!ticket)
            return asked.respond(ApiError{ticket.error()});
        auto key = params::text(asked.params, "key", "", 64);
        if (!key)
            return asked.respond(ApiError{key.error()});
        // The printer's own word on the wishes, where it is known; otherwise the job finds out.
        if (const auto &printer = m_rooms.devices.printerCapabilities())
            if (auto r = validateTicket(*ticket, *printer); !r)
                return asked.respond(ApiError{r.error()});
        begun(asked,
              m_rooms.jobs.print(asked.connection->m_owner, {profile->id, profile->name, profile->provider,
                                                             *std::move(items), *std::move(ticket), *std::move(key)}));
    };

    m_methods["jobs.scan"] = [this, begun](const Asked &asked) {
        auto profile = openProfile(asked);
        if (!profile)
            return asked.respond(ApiError{profile.error()});
        auto settings = scanWishFrom(asked.params.value("settings", Json::object()));
        if (!settings)
            return asked.respond(ApiError{settings.error()});
        auto folder = params::text(asked.params, "folder", "");
        auto folderName = params::text(asked.params, "folderName", "");
        auto name = params::text(asked.params, "name");
        auto key = params::text(asked.params, "key", "", 64);
        for (const auto *text : {&folder, &folderName, &name, &key})
            if (!*text)
                return asked.respond(ApiError{text->error()});
        begun(asked, m_rooms.jobs.scan(asked.connection->m_owner,
                                       {profile->id, profile->name, profile->provider, *std::move(folder),
                                        *std::move(folderName), *std::move(name), settings->settings,
                                        settings->manyPages, *std::move(key)}));
    };

    m_methods["jobs.list"] = [this](const Asked &asked) {
        auto open = params::boolean(asked.params, "open", false);
        if (!open)
            return asked.respond(ApiError{open.error()});
        Json list = Json::array();
        for (const Job &job : m_rooms.jobs.list(asked.connection->m_owner, *open))
            list.push_back(discreetJob(asked.connection, toApiJson(job)));
        asked.respond(Json{{"jobs", list}});
    };

    const auto byId = [this, answer](const std::string &method, auto work) {
        m_methods[method] = [work, answer](const Asked &asked) {
            auto id = params::text(asked.params, "id");
            if (!id)
                return asked.respond(ApiError{id.error()});
            answer(asked, work(asked, *id));
        };
    };
    byId("jobs.get", [this](const Asked &asked, const std::string &id) {
        return m_rooms.jobs.find(asked.connection->m_owner, id);
    });
    byId("jobs.cancel", [this](const Asked &asked, const std::string &id) -> Result<Job> {
        const std::string &owner = asked.connection->m_owner;
        auto job = jobToActOn(asked, id);
        if (job)
            return m_rooms.jobs.cancel(owner, id);
        const auto strangers = m_rooms.jobs.find(owner, id);
        return strangers && movesPaper(*strangers) ? m_rooms.jobs.stopMachine(owner, id) : job;
    });
    byId("jobs.again", [this](const Asked &asked, const std::string &id) -> Result<Job> {
        auto job = m_rooms.jobs.find(asked.connection->m_owner, id);
        if (!job)
            return job;
        // As for a first print: the profile must be open here.
        Asked door = asked;
        door.params = {{"profile", job->profile}};
        if (auto profile = openProfile(door); !profile)
            return std::move(profile).error();
        auto key = params::text(asked.params, "key", "", 64);
        if (!key)
            return std::move(key).error();
        auto fresh = m_rooms.jobs.again(asked.connection->m_owner, id, *std::move(key));
        if (fresh)
            asked.connection->m_begun.insert(fresh->id);
        return fresh;
    });
    byId("jobs.continue", [this](const Asked &asked, const std::string &id) -> Result<Job> {
        auto action = params::text(asked.params, "action");
        if (!action)
            return std::move(action).error();
        if (auto job = jobToActOn(asked, id); !job)
            return job;
        const std::pair<const char *, ScanAction> actions[] = {{"next-page", ScanAction::NextPage},
                                                               {"finish", ScanAction::Finish},
                                                               {"retry", ScanAction::Retry},
                                                               {"discard", ScanAction::Discard}};
        for (const auto &[word, value] : actions)
            if (*action == word)
                return m_rooms.jobs.answer(asked.connection->m_owner, id, value);
        return params::bad("action", "next-page, finish, retry or discard");
    });

    m_methods["jobs.dismiss"] = [this](const Asked &asked) {
        auto id = params::text(asked.params, "id");
        if (!id)
            return asked.respond(ApiError{id.error()});
        auto job = jobToActOn(asked, *id);
        auto r = job ? m_rooms.jobs.dismiss(asked.connection->m_owner, *id) : Result<void>(job.error());
        asked.respond(r ? ApiReply(Json::object()) : ApiReply(ApiError{r.error()}));
    };
}

} // namespace connector
