// SPDX-License-Identifier: Apache-2.0
// How often somebody may try: one bucket of tries per key, which fills up again with time.
#pragma once

#include "core/time.h"

#include <mutex>
#include <unordered_map>

namespace connector {

struct Rate {
    double burst = 10;    // tries at once
    double perSecond = 1; // tries that come back
};

// Thread-safe. Keeps at most kMostKeys buckets; when there are more, the newcomers share one.
class RateLimiter {
public:
    explicit RateLimiter(Rate rate) : m_rate(rate) {}

    // Takes one try; false when there is none.
    bool take(const std::string &key, WallTime now);
    // Gives one back: it was no wrong try.
    void giveBack(const std::string &key, WallTime now);
    // Until the next try, at least one second.
    std::chrono::seconds wait(const std::string &key, WallTime now);
    // How long `missing` tries take to come back.
    static std::chrono::seconds timeFor(double missing, Rate rate);

    static constexpr std::size_t kMostKeys = 50'000;

private:
    struct Bucket {
        double tries;
        WallTime at;
    };
    Bucket &bucket(const std::string &key, WallTime now); // m_mutex held

    Rate m_rate;
    std::mutex m_mutex;
    WallTime m_swept{}; // when the full ones were last forgotten
    std::unordered_map<std::string, Bucket> m_buckets;
};

// Who asks, for counting: an IPv4 address; an IPv6 address's /64, since one subscriber has all of it.
std::string addressKey(std::string_view address);
// The site that an IPv6 address belongs to: its /48; "" for others. One site has 65,536 addresses to count.
std::string siteKey(std::string_view address);

} // namespace connector
