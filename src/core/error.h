// SPDX-License-Identifier: Apache-2.0
// What can go wrong, in one closed list, and what a caller should do about it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace connector {

enum class Errc {
    Cancelled,
    Timeout,
    Offline,
    Unavailable,
    RateLimited,
    Unauthenticated,
    PermissionDenied,
    NotFound,
    Conflict,
    QuotaExceeded,
    Unsupported,
    InvalidArgument,
    Busy,
    BadReply,
    DataLoss,
    LocalIo,
};

// An error as it travels through the product. `message` is English, for the log; it holds no token, code, PIN,
// file content or path. Faces show their own text for stableCode().
struct Error {
    Errc code = Errc::BadReply;
    std::string message;
    std::string origin = {};     // who said it: "dropbox", "ipp", "sane", "portal"
    std::string nativeCode = {}; // the far end's own word for it
    int httpStatus = 0;
    std::chrono::seconds retryAfter{0}; // how long to wait; only with RateLimited, Unavailable and Busy
    std::string stable = {};            // a code of docs/troubleshooting.md finer than Errc's own; see stableCode()
};

enum class Remedy { None, RetryLater, SignIn, AskUser, GiveUp };

constexpr Remedy remedyFor(Errc code) noexcept
{
    switch (code) {
    case Errc::Cancelled:
        return Remedy::None;
    case Errc::Timeout:
    case Errc::Offline:
    case Errc::Unavailable:
    case Errc::RateLimited:
    case Errc::Busy:
        return Remedy::RetryLater;
    case Errc::Unauthenticated:
        return Remedy::SignIn;
    case Errc::PermissionDenied:
    case Errc::NotFound:
    case Errc::Conflict:
    case Errc::QuotaExceeded:
    case Errc::LocalIo:
        return Remedy::AskUser;
    case Errc::Unsupported:
    case Errc::InvalidArgument:
    case Errc::BadReply:
    case Errc::DataLoss:
        return Remedy::GiveUp;
    }
    return Remedy::GiveUp;
}

// The code's own name, for logs: "NotFound".
std::string_view toString(Errc code) noexcept;

// The code that people see and support asks for; every one is explained in docs/troubleshooting.md:
// error.stable where it is set, otherwise the Errc's general one ("offline", "no-permission", …).
std::string stableCode(const Error &error);

// One line for the log: code, origin, native code, status, message.
std::string describe(const Error &error);

} // namespace connector
