// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

namespace connector {

std::string_view toString(Errc code) noexcept
{
    switch (code) {
    case Errc::Cancelled:
        return "Cancelled";
    case Errc::Timeout:
        return "Timeout";
    case Errc::Offline:
        return "Offline";
    case Errc::Unavailable:
        return "Unavailable";
    case Errc::RateLimited:
        return "RateLimited";
    case Errc::Unauthenticated:
        return "Unauthenticated";
    case Errc::PermissionDenied:
        return "PermissionDenied";
    case Errc::NotFound:
        return "NotFound";
    case Errc::Conflict:
        return "Conflict";
    case Errc::QuotaExceeded:
        return "QuotaExceeded";
    case Errc::Unsupported:
        return "Unsupported";
    case Errc::InvalidArgument:
        return "InvalidArgument";
    case Errc::Busy:
        return "Busy";
    case Errc::BadReply:
        return "BadReply";
    case Errc::DataLoss:
        return "DataLoss";
    case Errc::LocalIo:
        return "LocalIo";
    }
    return "Unknown";
}

namespace {

std::string_view generalCode(Errc code) noexcept
{
    switch (code) {
    case Errc::Cancelled:
        return "cancelled";
    case Errc::Timeout:
        return "timeout";
    case Errc::Offline:
        return "offline";
    case Errc::Unavailable:
        return "unavailable";
    case Errc::RateLimited:
        return "rate-limited";
    case Errc::Unauthenticated:
        return "access-revoked";
    case Errc::PermissionDenied:
        return "no-permission";
    case Errc::NotFound:
        return "file-gone";
    case Errc::Conflict:
        return "name-taken";
    case Errc::QuotaExceeded:
        return "storage-full";
    case Errc::Unsupported:
        return "unsupported";
    case Errc::InvalidArgument:
        return "bad-request";
    case Errc::Busy:
        return "busy";
    case Errc::BadReply:
        return "bad-reply";
    case Errc::DataLoss:
        return "data-damaged";
    case Errc::LocalIo:
        return "disk-error";
    }
    return "bad-reply";
}

} // namespace

std::string stableCode(const Error &error)
{
    return error.stable.empty() ? std::string(generalCode(error.code)) : error.stable;
}

std::string describe(const Error &error)
{
    std::string line{toString(error.code)};
    line += " [" + stableCode(error) + "]";
    if (!error.origin.empty())
        line += " " + error.origin;
    if (!error.nativeCode.empty())
        line += " " + error.nativeCode;
    if (error.httpStatus != 0)
        line += " HTTP " + std::to_string(error.httpStatus);
    return line + ": " + error.message;
}

} // namespace connector
