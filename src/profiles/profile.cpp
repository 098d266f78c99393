// SPDX-License-Identifier: Apache-2.0
#include "profiles/profile.h"

namespace connector {

std::string_view toString(ProfileState state) noexcept
{
    switch (state) {
    case ProfileState::Pending:
        return "pending";
    case ProfileState::Ready:
        return "ready";
    case ProfileState::Expired:
        return "expired";
    case ProfileState::Revoked:
        return "revoked";
    case ProfileState::DomainRefused:
        return "domain-refused";
    }
    return "expired";
}

ProfileState profileStateFrom(std::string_view word) noexcept
{
    for (const auto state :
         {ProfileState::Pending, ProfileState::Ready, ProfileState::Revoked, ProfileState::DomainRefused})
        if (toString(state) == word)
            return state;
    return ProfileState::Expired;
}

bool neverLinked(const Profile &profile) noexcept
{
    return profile.state == ProfileState::Pending || profile.state == ProfileState::Expired;
}

std::string_view toString(AuthorizationState state) noexcept
{
    switch (state) {
    case AuthorizationState::Requesting:
        return "requesting";
    case AuthorizationState::Waiting:
        return "waiting";
    case AuthorizationState::Granted:
        return "granted";
    case AuthorizationState::Denied:
        return "denied";
    case AuthorizationState::Expired:
        return "expired";
    case AuthorizationState::Failed:
        return "failed";
    case AuthorizationState::Cancelled:
        return "cancelled";
    }
    return "failed";
}

bool accountIsNamed(std::string_view provider)
{
    return provider == "webdav";
}

} // namespace connector
