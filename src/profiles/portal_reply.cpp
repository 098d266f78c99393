// SPDX-License-Identifier: Apache-2.0
#include "profiles/portal_reply.h"

namespace connector {

Error badPortalReply(std::string message, std::string native, int status)
{
    return Error{Errc::BadReply, std::move(message), "portal", std::move(native), status, {}, "portal-bad-reply"};
}

std::string boundedText(const nlohmann::json &object, const char *name, std::size_t limit)
{
    const auto at = object.find(name);
    if (at == object.end() || !at->is_string() || at->get_ref<const std::string &>().size() > limit)
        return {};
    return at->get<std::string>();
}

} // namespace connector
