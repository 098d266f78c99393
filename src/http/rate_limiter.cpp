// SPDX-License-Identifier: Apache-2.0
#include "http/rate_limiter.h"

#include "core/encoding.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

namespace connector {

RateLimiter::Bucket &RateLimiter::bucket(const std::string &key, WallTime now)
{
    const auto filled = [&](const Bucket &b) {
        // A clock that was set back gives nothing and takes nothing.
        const double elapsed = static_cast<double>(std::max<std::int64_t>(0, toUnix(now) - toUnix(b.at)));
        return std::min(m_rate.burst, b.tries + elapsed * m_rate.perSecond);
    };
    auto at = m_buckets.find(key);
    if (at == m_buckets.end()) {
        // Looking through all of them takes a millisecond: not for everybody who comes.
        if (m_buckets.size() >= kMostKeys && std::exchange(m_swept, now) != now)
            std::erase_if(m_buckets, [&](const auto &entry) { return filled(entry.second) >= m_rate.burst; });
        const std::string &name = m_buckets.size() >= kMostKeys ? std::string("*") : key;
        at = m_buckets.try_emplace(name, Bucket{m_rate.burst, now}).first;
    }
    at->second.tries = filled(at->second);
    at->second.at = now;
    return at->second;
}

bool RateLimiter::take(const std::string &key, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    Bucket &b = bucket(key, now);
    if (b.tries < 1)
        return false;
    b.tries -= 1;
    return true;
}

void RateLimiter::giveBack(const std::string &key, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    Bucket &b = bucket(key, now);
    b.tries = std::min(m_rate.burst, b.tries + 1);
}

std::chrono::seconds RateLimiter::wait(const std::string &key, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    return timeFor(1 - bucket(key, now).tries, m_rate);
}

std::chrono::seconds RateLimiter::timeFor(double missing, Rate rate)
{
    if (missing <= 0)
        return std::chrono::seconds(1);
    return std::chrono::seconds(
        std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(missing / rate.perSecond))));
}

namespace {

std::optional<in6_addr> sixOf(const std::string &text)
{
    in6_addr six{};
    return ::inet_pton(AF_INET6, text.c_str(), &six) == 1 ? std::optional(six) : std::nullopt;
}

std::string prefixOf(const in6_addr &six, std::size_t bytes)
{
    return toHex(std::string_view(reinterpret_cast<const char *>(six.s6_addr), bytes));
}

} // namespace

std::string addressKey(std::string_view address)
{
    std::string text(address);
    const auto six = sixOf(text);
    if (!six)
        return text;
    if (IN6_IS_ADDR_V4MAPPED(&*six)) {
        char four[INET_ADDRSTRLEN] = {};
        ::inet_ntop(AF_INET, &six->s6_addr[12], four, sizeof four);
        return four;
    }
    return prefixOf(*six, 8);
}

std::string siteKey(std::string_view address)
{
    const auto six = sixOf(std::string(address));
    return six && !IN6_IS_ADDR_V4MAPPED(&*six) ? prefixOf(*six, 6) : std::string();
}

} // namespace connector
