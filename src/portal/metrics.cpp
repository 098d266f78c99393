// SPDX-License-Identifier: Apache-2.0
#include "portal/metrics.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <unistd.h>

namespace connector::portal {

namespace {

constexpr const char *kRouteNames[] = {"begin", "poll", "end", "refresh", "revoke", "page", "callback"};

std::string number(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

std::string label(std::string_view name, std::string_view value)
{
    std::string out(name);
    out += "=\"";
    for (const char c : value)
        out += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ? c : '_';
    return out + "\"";
}

void head(std::string &out, std::string_view name, std::string_view type, std::string_view help)
{
    out += "# HELP " + std::string(name) + " " + std::string(help) + "\n# TYPE " + std::string(name) + " " +
           std::string(type) + "\n";
}

std::int64_t residentBytes()
{
    std::ifstream in("/proc/self/statm");
    std::int64_t all = 0;
    std::int64_t resident = 0;
    in >> all >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

} // namespace

void Histogram::add(double seconds)
{
    const auto at = std::lower_bound(kBounds.begin(), kBounds.end(), seconds) - kBounds.begin();
    m_counts[static_cast<std::size_t>(at)].fetch_add(1, std::memory_order_relaxed);
    m_nanos.fetch_add(static_cast<std::uint64_t>(seconds * 1e9), std::memory_order_relaxed);
}

void Histogram::write(std::string &out, std::string_view name, const std::string &labels) const
{
    const std::string base(name);
    std::uint64_t all = 0;
    for (std::size_t i = 0; i <= kBounds.size(); ++i) {
        all += m_counts[i];
        out += base + "_bucket{" + labels + (labels.empty() ? "" : ",") + "le=\"" +
               (i < kBounds.size() ? number(kBounds[i]) : "+Inf") + "\"} " + std::to_string(all) + "\n";
    }
    const std::string braces = labels.empty() ? "" : "{" + labels + "}";
    out += base + "_sum" + braces + " " + number(static_cast<double>(m_nanos.load()) / 1e9) + "\n";
    out += base + "_count" + braces + " " + std::to_string(all) + "\n";
}

void Metrics::request(Route route, int status, double seconds)
{
    Requests &of = m_requests[static_cast<std::size_t>(route)];
    of.byClass[static_cast<std::size_t>(std::clamp(status / 100, 0, 5))].fetch_add(1, std::memory_order_relaxed);
    of.seconds.add(seconds);
}

void Metrics::cloud(const std::string &provider, const std::string &ended, double seconds)
{
    const std::scoped_lock lock(m_mutex);
    m_clouds[label("provider", provider)].add(seconds);
    ++m_counts["portal_cloud_calls_total"][label("provider", provider) + "," + label("ended", ended)];
}

void Metrics::count(const char *what, const char *name, std::string_view value)
{
    const std::scoped_lock lock(m_mutex);
    ++m_counts["portal_" + std::string(what) + "_total"][label(name, value)];
}

std::string Metrics::text(std::int64_t liveCodes, bool storeAnswers) const
{
    std::string out;
    head(out, "portal_requests_total", "counter", "Requests that were answered.");
    for (std::size_t i = 0; i < kRoutes; ++i)
        for (std::size_t c = 1; c < 6; ++c)
            if (const auto many = m_requests[i].byClass[c].load(); many > 0)
                out += "portal_requests_total{" + label("route", kRouteNames[i]) + "," +
                       label("status", std::to_string(c) + "xx") + "} " + std::to_string(many) + "\n";
    head(out, "portal_request_seconds", "histogram", "How long answers took.");
    for (std::size_t i = 0; i < kRoutes; ++i)
        m_requests[i].seconds.write(out, "portal_request_seconds", label("route", kRouteNames[i]));
    {
        const std::scoped_lock lock(m_mutex);
        head(out, "portal_cloud_seconds", "histogram", "How long clouds took to answer.");
        for (const auto &[labels, histogram] : m_clouds)
            histogram.write(out, "portal_cloud_seconds", labels);
        for (const auto &[name, values] : m_counts) {
            head(out, name, "counter", "How often it happened.");
            for (const auto &[labels, many] : values)
                out += name + "{" + labels + "} " + std::to_string(many) + "\n";
        }
    }
    head(out, "portal_store_up", "gauge", "1 when the store answers.");
    out += storeAnswers ? "portal_store_up 1\n" : "portal_store_up 0\n";
    if (storeAnswers) {
        head(out, "portal_live_codes", "gauge", "Codes that wait for their people.");
        out += "portal_live_codes " + std::to_string(liveCodes) + "\n";
    }
    head(out, "process_resident_memory_bytes", "gauge", "Memory of this process.");
    out += "process_resident_memory_bytes " + std::to_string(residentBytes()) + "\n";
    return out;
}

Result<HttpReply> MeasuredHttpClient::send(const HttpRequest &request, ByteSink *sink, const Call &call)
{
    const auto began = std::chrono::steady_clock::now();
    auto reply = m_next.send(request, sink, call);
    m_metrics.cloud(m_provider,
                    reply ? std::to_string(reply->status / 100) + "xx" : std::string(stableCode(reply.error())),
                    std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    return reply;
}

} // namespace connector::portal
