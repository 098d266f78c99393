// SPDX-License-Identifier: Apache-2.0
#include "providers/registry.h"

#include "providers/box/box_provider.h"
#include "providers/dropbox/dropbox_provider.h"
#include "providers/google_drive/google_drive_provider.h"
#include "providers/onedrive/onedrive_provider.h"
#include "providers/webdav/webdav_provider.h"

namespace connector {

std::map<std::string, std::string> ProviderEndpoints::over(std::map<std::string, std::string> defaults) const
{
    for (auto &[key, url] : defaults)
        if (const auto own = base.find(key); own != base.end() && !own->second.empty())
            url = own->second;
    return defaults;
}

ProviderEndpoints ProviderEndpoints::of(const TokenSet &tokens) const
{
    ProviderEndpoints own = *this;
    if (!tokens.server.empty())
        own.base["server"] = tokens.server;
    own.user = tokens.user;
    return own;
}

const std::vector<ProviderInfo> &allProviders()
{
    static const std::vector<ProviderInfo> kAll{box::info(), dropbox::info(), google_drive::info(), onedrive::info(),
                                                webdav::info()};
    return kAll;
}

const ProviderInfo *findProvider(std::string_view id)
{
    for (const auto &info : allProviders())
        if (info.id == id)
            return &info;
    return nullptr;
}

} // namespace connector
