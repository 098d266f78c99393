// SPDX-License-Identifier: Apache-2.0
#include "core/time.h"

#include <cstdio>

namespace connector {

WallTime systemNow()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string formatRfc3339(WallTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day ymd{day};
    const std::chrono::hh_mm_ss hms{time - day};
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(ymd.year()),
                  static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                  static_cast<int>(hms.hours().count()), static_cast<int>(hms.minutes().count()),
                  static_cast<int>(hms.seconds().count()));
    return text;
}

Result<WallTime> parseRfc3339(std::string_view text)
{
    const Error bad{Errc::InvalidArgument, "not an RFC 3339 time"};
    std::size_t at = 0;
    const auto number = [&](std::size_t digits, int low, int high) -> int {
        if (at + digits > text.size())
            return -1;
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const char c = text[at + i];
            if (c < '0' || c > '9')
                return -1;
            value = value * 10 + (c - '0');
        }
        at += digits;
        return value >= low && value <= high ? value : -1;
    };
    const auto literal = [&](std::string_view any) {
        if (at >= text.size() || any.find(text[at]) == std::string_view::npos)
            return false;
        ++at;
        return true;
    };
    const int year = number(4, 0, 9999);
    if (year < 0 || !literal("-"))
        return bad;
    const int month = number(2, 1, 12);
    if (month < 0 || !literal("-"))
        return bad;
    const int day = number(2, 1, 31);
    if (day < 0 || !literal("Tt "))
        return bad;
    const int hour = number(2, 0, 23);
    if (hour < 0 || !literal(":"))
        return bad;
    const int minute = number(2, 0, 59);
    if (minute < 0 || !literal(":"))
        return bad;
    const int second = number(2, 0, 60);
    if (second < 0)
        return bad;
    if (literal(".")) {
        const std::size_t from = at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9')
            ++at;
        if (at == from)
            return bad;
    }
    std::chrono::minutes offset{0};
    if (!literal("Zz")) {
        const bool minus = at < text.size() && text[at] == '-';
        if (!literal("+-"))
            return bad;
        const int oh = number(2, 0, 23);
        if (oh < 0 || !literal(":"))
            return bad;
        const int om = number(2, 0, 59);
        if (om < 0)
            return bad;
        offset = std::chrono::minutes{(oh * 60 + om) * (minus ? -1 : 1)};
    }
    const std::chrono::year_month_day ymd{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                          std::chrono::day{static_cast<unsigned>(day)}};
    if (at != text.size() || !ymd.ok())
        return bad;
    return WallTime{std::chrono::sys_days{ymd}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} - offset;
}

std::int64_t toUnix(WallTime time)
{
    return time.time_since_epoch().count();
}

WallTime fromUnix(std::int64_t seconds)
{
    return WallTime{std::chrono::seconds{seconds}};
}

} // namespace connector
