// SPDX-License-Identifier: Apache-2.0
#include "jobs/run.h"

#include "core/log.h"
#include "core/random.h"

namespace connector {

namespace {

constexpr std::chrono::milliseconds kShowInterval{100};

// Why a job stands still, in the words of docs/api.md.
std::string reasonFor(const Error &error)
{
    const std::string code = stableCode(error);
    if (code == "printer-unreachable" || code == "printer-busy" || code == "scanner-busy" || code == "rate-limited")
        return code;
    return "network-waiting";
}

} // namespace

JobRun::JobRun(JobRooms &rooms, Job job, std::function<Result<void>(const Job &)> store,
               std::function<void(const Job &)> tell)
    : m_rooms(rooms), m_job(std::move(job)), m_store(std::move(store)), m_tell(std::move(tell))
{
}

Result<void> JobRun::commit(const Change &change)
{
    const JobState before = m_job.state;
    change(m_job);
    if (!mayMove(before, m_job.state))
        return Error{Errc::InvalidArgument, "a job cannot move from " + std::string(toString(before)) + " to " +
                                                std::string(toString(m_job.state))};
    return m_rooms.actor.ask([&] { return m_store(m_job); });
}

void JobRun::show(const Change &change, bool often)
{
    change(m_job);
    const auto now = Call::Clock::now();
    if (often && now - m_lastShown < kShowInterval)
        return;
    m_lastShown = now;
    m_rooms.actor.ask([&] { m_tell(m_job); });
}

Result<void> JobRun::standStill(const Error &error, int tries, const Call &call)
{
    if (auto r = call.poll(); !r)
        return r;
    auto wait = std::min(m_rooms.firstRetry * (1 << std::min(tries, 10)), m_rooms.longestRetry);
    // Jitter keeps a room full of panels from asking again all at once.
    wait += std::chrono::milliseconds(randomBelow(static_cast<std::uint32_t>(wait.count() / 4 + 1)));
    wait = std::max<std::chrono::milliseconds>(wait, error.retryAfter);
    log::info("jobs", m_job.id + " waits: " + describe(error));
    show([&](Job &job) {
        job.state = JobState::ProcessingStopped;
        job.reasons = {reasonFor(error)};
        job.retryAt = m_rooms.now() + std::chrono::ceil<std::chrono::seconds>(wait);
    });
    auto waited = waitFor(wait, call);
    if (waited)
        show([](Job &job) {
            job.state = JobState::Processing;
            job.reasons.clear();
            job.retryAt.reset();
        });
    return waited;
}

Call JobRun::toCloud(const Call &call)
{
    Call cloud = call;
    cloud.onWaiting = [this](const std::optional<Waiting> &waiting) {
        show([&](Job &job) {
            if (!waiting) {
                job.state = JobState::Processing;
                job.reasons.clear();
                job.retryAt.reset();
                return;
            }
            job.state = JobState::ProcessingStopped;
            job.reasons = {waiting->asked ? "rate-limited" : "network-waiting"};
            job.retryAt = m_rooms.now() + std::chrono::ceil<std::chrono::seconds>(waiting->until - Call::Clock::now());
        });
    };
    return cloud;
}

RunEnd JobRun::abort(const Error &error)
{
    log::warning("jobs", m_job.id + " did not work: " + describe(error));
    const Change ended = [&](Job &job) {
        job.state = JobState::Aborted;
        job.stage = Stage::Done;
        job.reasons.clear();
        job.retryAt.reset();
        job.error = jobErrorFrom(error);
    };
    const JobState before = m_job.state;
    auto stored = commit(ended);
    if (!stored) {
        // Most likely the disk is full, perhaps of what this very job brought: without it the end can be stored.
        std::error_code ec;
        std::filesystem::remove_all(folder(), ec);
        m_job.state = before;
        stored = commit(ended);
    }
    // Where even that fails the job stays as it was stored, and is taken up again.
    return stored ? RunEnd::Over : RunEnd::Stopped;
}

} // namespace connector
