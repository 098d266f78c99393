// SPDX-License-Identifier: Apache-2.0
// What the portal counts and times, for Prometheus: numbers by fixed words, never an address, a code or a name.
#pragma once

#include "http/http_client.h"

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <string>

namespace connector::portal {

class Histogram {
public:
    void add(double seconds);
    // One metric's lines; `labels` as "route=\"poll\"" or "".
    void write(std::string &out, std::string_view name, const std::string &labels) const;

private:
    static constexpr std::array kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                        0.25,   0.5,   1.0,    2.5,   5.0,  10.0,  30.0, 60.0};
    std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> m_counts{};
    std::atomic<std::uint64_t> m_nanos = 0;
};

// Thread-safe.
class Metrics {
public:
    enum class Route { Begin, Poll, End, Refresh, Revoke, Page, Callback };

    // A request that was answered.
    void request(Route route, int status, double seconds);
    // A call to a cloud: how it ended is a status class ("2xx") or an error's word.
    void cloud(const std::string &provider, const std::string &ended, double seconds);
    // Something that happened: metric portal_<what>_total{<label>="<value>"}.
    void count(const char *what, const char *label, std::string_view value);

    // In Prometheus' text format, version 0.0.4.
    std::string text(std::int64_t liveCodes, bool storeAnswers) const;

private:
    static constexpr std::size_t kRoutes = 7;
    struct Requests {
        std::array<std::atomic<std::uint64_t>, 6> byClass{}; // [2] for 2xx
        Histogram seconds;
    };
    std::array<Requests, kRoutes> m_requests;
    mutable std::mutex m_mutex; // of the rest
    std::map<std::string, Histogram> m_clouds;
    std::map<std::string, std::map<std::string, std::uint64_t>> m_counts; // metric, then labels
};

// Times what a cloud takes.
class MeasuredHttpClient : public HttpClient {
public:
    MeasuredHttpClient(HttpClient &next, Metrics &metrics, std::string provider)
        : m_next(next), m_metrics(metrics), m_provider(std::move(provider))
    {
    }
    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override;

private:
    HttpClient &m_next;
    Metrics &m_metrics;
    const std::string m_provider;
};

} // namespace connector::portal
