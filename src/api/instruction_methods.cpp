// SPDX-License-Identifier: Apache-2.0
// The instructions to link a profile, away from the panel: by mail, and printed.
#include "api/api.h"
#include "api/params.h"
#include "api/to_json.h"
#include "print/document.h"

namespace connector {

// The code of a profile that was never linked lets anybody put their account under somebody else's PIN. Later a code
// only renews access to the same account, which its owner proves at the cloud.
Result<void> Api::mayUseCode(const Asked &asked, const std::string &id)
{
    auto profile = m_rooms.profiles.find(asked.connection->m_owner, id);
    if (profile && !neverLinked(*profile))
        return {};
    return provenProfile(asked, id);
}

Result<Instructions> Api::instructionsOf(const Asked &asked, const std::string &id)
{
    if (auto r = mayUseCode(asked, id); !r)
        return std::move(r).error();
    auto profile = m_rooms.profiles.find(asked.connection->m_owner, id);
    if (!profile)
        return std::move(profile).error();
    auto code = m_rooms.profiles.authorization(asked.connection->m_owner, id);
    if (!code)
        return std::move(code).error();
    if (code->state != AuthorizationState::Waiting || code->verificationUriComplete.empty())
        return Error{Errc::NotFound, "no code is out yet", "profiles", {}, 0, {}, "no-authorization"};
    const ProviderInfo *info = findProvider(profile->provider);
    return Instructions{m_rooms.settings.get().language,
                        info != nullptr ? info->title : profile->provider,
                        profile->name,
                        m_rooms.device,
                        code->userCode,
                        code->verificationUri,
                        code->verificationUriComplete,
                        code->expiresAt};
}

void Api::addInstructionMethods()
{
    m_methods["profiles.sendInstructions"] = [this](const Asked &asked) {
        auto id = params::text(asked.params, "id");
        auto to = params::text(asked.params, "to", std::nullopt, 254);
        if (!id || !to)
            return asked.respond(ApiError{(!id ? id : to).error()});
        auto instructions = instructionsOf(asked, *id);
        if (!instructions)
            return asked.respond(ApiError{instructions.error()});
        if (m_rooms.mailer == nullptr)
            return asked.respond(
                ApiError{Error{Errc::Unsupported, "no mails here", "mail", {}, 0, {}, "mail-not-set-up"}});
        m_rooms.mailer->send(mailOf(*instructions, *to), m_rooms.device.name,
                             [asked](const Result<Mailer::Sent> &sent) {
                                 asked.respond(sent ? ApiReply(Json{{"again", *sent == Mailer::Sent::Before}})
                                                    : ApiReply(ApiError{sent.error()}));
                             });
    };
    m_methods["profiles.printInstructions"] = [this](const Asked &asked) {
        auto id = params::text(asked.params, "id");
        auto key = params::text(asked.params, "key", "", 64);
        if (!id || !key)
            return asked.respond(ApiError{(!id ? id : key).error()});
        if (auto known = instructionsOf(asked, *id); !known)
            return asked.respond(ApiError{known.error()});
        // On the paper that the printer takes by itself; one that does not answer now gets the job when it does.
        m_rooms.devices.askPrinter([this, alive = m_alive, asked, id = *id, key = *key,
                                    epoch = asked.connection->m_epoch](const Result<PrinterCapabilities> &printer) {
            if (!*alive)
                return;
            if (asked.connection->m_epoch != epoch) // the person left while the printer was asked
                return asked.respond(ApiError{Error{Errc::Cancelled, "closed meanwhile", "api"}});
            auto instructions = instructionsOf(asked, id);
            auto profile = m_rooms.profiles.find(asked.connection->m_owner, id);
            if (!instructions || !profile)
                return asked.respond(ApiError{!instructions ? instructions.error() : profile.error()});
            const PaperSize paper = paperSizeOf(printer ? printer->defaultMedia : "");
            PrintRequest request;
            request.profile = profile->id;
            request.profileName = profile->name;
            request.provider = profile->provider;
            request.key = key;
            request.goodUntil = instructions->expiresAt; // no paper with a code that opens nothing
            auto job = m_rooms.jobs.printOwn(asked.connection->m_owner, std::move(request), titleOf(*instructions),
                                             pageOf(*instructions, paper.width, paper.height));
            asked.respond(begunHere(asked.connection, job));
        });
    };
}

} // namespace connector
