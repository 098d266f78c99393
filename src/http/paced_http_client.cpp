// SPDX-License-Identifier: Apache-2.0
#include "http/paced_http_client.h"

#include "core/random.h"
#include "http/json_body.h"

#include <curl/curl.h>

#include <algorithm>
#include <cmath>

namespace connector {

using std::chrono::milliseconds;

namespace {

constexpr double kLongestDelay = 7.0 * 24 * 3600;
constexpr milliseconds kWorthTelling{1000};

// Seconds with an optional fraction; nullopt for anything else (also "1e9", "nan").
std::optional<double> plainSeconds(std::string_view text)
{
    double value = 0;
    double scale = 0;
    if (text.empty() || text.size() > 20)
        return std::nullopt;
    for (const char c : text) {
        if (c == '.' && scale == 0) {
            scale = 1;
        } else if (c >= '0' && c <= '9') {
            value = value * 10 + (c - '0');
            scale *= 10;
        } else {
            return std::nullopt;
        }
    }
    return scale > 0 ? value / scale : value;
}

// Tells whether anything arrived: after that a repeat would write it twice.
class WatchedSink : public ByteSink {
public:
    explicit WatchedSink(ByteSink &sink) : m_sink(sink) {}
    Result<void> write(std::span<const char> bytes) override
    {
        m_touched = m_touched || !bytes.empty();
        return m_sink.write(bytes);
    }
    bool touched() const { return m_touched; }

private:
    ByteSink &m_sink;
    bool m_touched = false;
};

bool worthRepeating(const Error &error, bool repeatable)
{
    // A proxy, TLS or clock that is wrong now is wrong in a second.
    if (!error.stable.empty())
        return false;
    if (error.code == Errc::Offline)
        return repeatable || error.nativeCode == "not-resolved" || error.nativeCode == "not-connected" ||
               error.nativeCode == "connect-timeout";
    return repeatable && ((error.code == Errc::Timeout && error.nativeCode == "stalled") ||
                          (error.code == Errc::DataLoss && error.origin == "http"));
}

} // namespace

void Pacer::holdUntil(TimePoint time)
{
    const std::scoped_lock lock(m_mutex);
    m_openAt = std::max(m_openAt, time);
}

Pacer::TimePoint Pacer::openAt() const
{
    const std::scoped_lock lock(m_mutex);
    return m_openAt;
}

std::optional<WallTime> parseHttpDate(std::string_view value)
{
    const std::time_t date = value.size() < 64 ? curl_getdate(std::string(value).c_str(), nullptr) : -1;
    return date < 0 ? std::nullopt : std::optional(fromUnix(date));
}

std::optional<milliseconds> parseRetryAfter(std::string_view value, WallTime now)
{
    while (!value.empty() && value.front() == ' ')
        value.remove_prefix(1);
    while (!value.empty() && value.back() == ' ')
        value.remove_suffix(1);
    if (auto seconds = plainSeconds(value))
        return milliseconds(std::llround(std::min(*seconds, kLongestDelay) * 1000));
    const auto date = parseHttpDate(value);
    if (!date)
        return std::nullopt;
    const auto wait = static_cast<double>((*date - now).count());
    return milliseconds(std::llround(std::clamp(wait, 0.0, kLongestDelay) * 1000));
}

PacedHttpClient::PacedHttpClient(HttpClient &next, std::shared_ptr<Pacer> pacer, PacingOptions options)
    : m_next(next), m_pacer(std::move(pacer)), m_options(std::move(options))
{
    if (!m_pacer)
        m_pacer = std::make_shared<Pacer>();
    if (!m_options.wait)
        m_options.wait = waitFor;
    if (!m_options.jitter)
        m_options.jitter = [] { return randomBelow(1U << 16U) / 65536.0; };
    if (!m_options.now)
        m_options.now = Call::Clock::now;
    if (!m_options.wallClock)
        m_options.wallClock = systemNow;
}

bool PacedHttpClient::fits(milliseconds wait, const Call &call) const
{
    return wait <= m_options.longestWait &&
           (call.deadline == Call::Clock::time_point::max() || m_options.now() + wait < call.deadline);
}

Result<void> PacedHttpClient::pause(milliseconds wait, bool asked, const Call &call) const
{
    if (wait <= milliseconds::zero())
        return call.poll();
    const bool told = call.onWaiting && wait >= kWorthTelling;
    if (m_options.onWaiting)
        m_options.onWaiting(m_options.now() + wait);
    if (told)
        call.onWaiting(Waiting{m_options.now() + wait, asked});
    auto waited = m_options.wait(wait, call);
    if (m_options.onWaiting)
        m_options.onWaiting(std::nullopt);
    if (told)
        call.onWaiting(std::nullopt);
    return waited;
}

milliseconds PacedHttpClient::backOff(int attempt) const
{
    const double most = std::min(static_cast<double>(m_options.cap.count()),
                                 static_cast<double>(m_options.base.count()) * std::exp2(attempt));
    return milliseconds(std::llround(most * m_options.jitter()));
}

Result<HttpReply> PacedHttpClient::send(const HttpRequest &request, ByteSink *sink, const Call &call)
{
    std::optional<WatchedSink> watched;
    if (sink != nullptr)
        watched.emplace(*sink);
    for (int attempt = 0;; ++attempt) {
        const auto held = std::chrono::ceil<milliseconds>(m_pacer->openAt() - m_options.now());
        if (held > milliseconds::zero()) {
            if (!fits(held, call)) {
                Error error{Errc::RateLimited, "the account is asked to wait", "http"};
                error.retryAfter = std::chrono::ceil<std::chrono::seconds>(held);
                return error;
            }
            if (auto r = pause(held, true, call); !r)
                return std::move(r).error();
        }
        auto reply = m_next.send(request, watched ? &*watched : nullptr, call);
        const bool last = attempt + 1 >= m_options.attempts || (watched && watched->touched());
        milliseconds wait = backOff(attempt);
        bool asked = false;
        if (!reply) {
            const bool offline = reply.error().code == Errc::Offline;
            if (last || (offline && attempt + 1 >= m_options.offlineAttempts) ||
                !worthRepeating(reply.error(), request.repeatable))
                return reply;
        } else {
            const int status = reply->status;
            const auto askedFor = parseRetryAfter(reply->headers.get("Retry-After"), m_options.wallClock());
            if (status != 429 && status != 408 && status < 500)
                return reply;
            if (status == 429) {
                auto pace = askedFor;
                if (!pace && reply->body.size() < 65536)
                    if (auto body = parseJson(reply->body)) // Dropbox says it in the body
                        if (auto seconds = integerOf(memberOf(*body, "error"), "retry_after"))
                            pace = std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 0, 604800));
                if (pace) {
                    m_pacer->holdUntil(m_options.now() + *pace);
                    wait = milliseconds::zero(); // the hold above does the waiting, for all clients of the account
                    if (!fits(*pace, call))
                        return reply;
                }
            } else if (askedFor) {
                wait = *askedFor;
            }
            asked = status == 429 || askedFor.has_value();
            const bool nothingDone = status == 429 || (status == 503 && askedFor);
            if (last || !(request.repeatable || nothingDone) || status == 501 || status == 505 || status == 507 ||
                !fits(wait, call))
                return reply;
        }
        if (request.source != nullptr && !request.source->seek(request.sourceStart))
            return reply;
        if (auto r = pause(wait, asked, call); !r)
            return std::move(r).error();
    }
}

} // namespace connector
