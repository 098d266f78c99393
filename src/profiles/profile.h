// SPDX-License-Identifier: Apache-2.0
// A profile and its authorization, as faces see them (docs/api.md).
#pragma once

#include "core/result.h"
#include "core/time.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connector {

//   pending ──grant──> ready ──refused by the cloud──> revoked ──new code──> ready
//      └──code or 72 hours over──> expired ──new code──> pending
enum class ProfileState { Pending, Ready, Expired, Revoked, DomainRefused };
std::string_view toString(ProfileState state) noexcept;
ProfileState profileStateFrom(std::string_view word) noexcept; // unknown words: Expired, which offers a new code

struct Profile {
    std::string id;
    std::string owner;
    std::string provider;
    std::string name;
    std::string account;          // e-mail; "" until granted
    bool accountVerified = false; // the cloud vouches for the e-mail
    std::string accountName;      // what it signs in with where that is no e-mail; "" elsewhere
    bool hasPin = false;
    ProfileState state = ProfileState::Pending;
    bool pinDead = false; // wrong too often: signing in again with a new one is the only way
    std::optional<WallTime> lockedUntil;
    WallTime createdAt{};
    std::optional<WallTime> lastUsedAt;
    std::optional<WallTime> accessEndsAt; // for lack of use, where the cloud has such a rule
};

// No account was ever behind it.
bool neverLinked(const Profile &profile) noexcept;

// After how long without use the cloud ends a grant; nullopt: never.
std::optional<std::chrono::days> idleLifeOf(std::string_view provider);
// Whether the key of an account is what it signs in with, and its server: "mara@cloud.example.org".
bool accountIsNamed(std::string_view provider);

//   requesting ──> waiting ──> granted
//        │            └──> expired
//        └──> failed, at any time: cancelled
enum class AuthorizationState { Requesting, Waiting, Granted, Denied, Expired, Failed, Cancelled };
std::string_view toString(AuthorizationState state) noexcept;

struct Authorization {
    std::string profileId;
    AuthorizationState state = AuthorizationState::Requesting;
    std::string userCode;
    std::string verificationUri;
    std::string verificationUriComplete;
    WallTime expiresAt{};
    std::optional<Error> error;
    std::vector<std::string> domains; // with the error "domain-refused"
};

} // namespace connector
