// SPDX-License-Identifier: Apache-2.0
#include "providers/box/part_lanes.h"

#include <algorithm>
#include <cstring>

namespace connector::box {

namespace {

// Between two looks at the progress.
constexpr std::chrono::milliseconds kMoment{100};

} // namespace

Result<std::size_t> PartBuffer::read(std::span<char> buffer)
{
    const std::size_t at = handedOn;
    const std::size_t n = std::min(buffer.size(), used - at);
    std::memcpy(buffer.data(), bytes.get() + at, n);
    handedOn = at + n;
    return n;
}

Result<void> PartBuffer::seek(std::int64_t to)
{
    handedOn = std::min(used, static_cast<std::size_t>(std::max<std::int64_t>(to, 0)));
    return {};
}

PartLanes::PartLanes(int lanes, std::size_t partSize, Send send, const Call &call)
    : m_partSize(partSize), m_most(static_cast<std::size_t>(lanes)), m_send(std::move(send)),
      m_forward(call.stop, [this] { m_stop.request_stop(); })
{
    m_call.stop = m_stop.get_token();
    m_call.deadline = call.deadline;
    for (int i = 0; i < lanes; ++i)
        m_threads.emplace_back([this] { run(m_stop.get_token()); });
}

PartLanes::~PartLanes()
{
    m_stop.request_stop();
}

PartBuffer *PartLanes::takeFree()
{
    const std::scoped_lock lock(m_mutex);
    if (m_free.empty() && m_buffers.size() < m_most) {
        m_buffers.push_back(std::make_unique<PartBuffer>(m_partSize));
        m_free.push_back(m_buffers.back().get());
    }
    if (m_free.empty())
        return nullptr;
    PartBuffer *part = m_free.back();
    m_free.pop_back();
    return part;
}

void PartLanes::hand(PartBuffer *part)
{
    part->handedOn = 0;
    const std::scoped_lock lock(m_mutex);
    m_handed.push_back(part);
    m_waiting.push_back(part);
    m_work.notify_one();
}

bool PartLanes::idle() const
{
    const std::scoped_lock lock(m_mutex);
    return m_handed.empty();
}

std::int64_t PartLanes::underWay() const
{
    const std::scoped_lock lock(m_mutex);
    std::int64_t bytes = 0;
    for (const PartBuffer *part : m_handed)
        bytes += static_cast<std::int64_t>(part->handedOn);
    return bytes;
}

std::vector<Result<Part>> PartLanes::takeEnded()
{
    std::unique_lock lock(m_mutex);
    m_news.wait_for(lock, kMoment, [this] { return !m_ended.empty(); });
    std::vector<Result<Part>> out;
    for (auto &[part, result] : m_ended) {
        std::erase(m_handed, part);
        m_free.push_back(part);
        out.push_back(std::move(result));
    }
    m_ended.clear();
    return out;
}

// Waits until no other part's bytes are going out. False when it was stopped.
bool PartLanes::enter(const PartBuffer *part, const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    if (!m_turn.wait(lock, stop, [this] { return m_sending == nullptr; }))
        return false;
    m_sending = part;
    return true;
}

void PartLanes::leave(const PartBuffer *part)
{
    const std::scoped_lock lock(m_mutex);
    if (m_sending != part)
        return;
    m_sending = nullptr;
    m_turn.notify_one();
}

void PartLanes::run(std::stop_token stop)
{
    for (;;) {
        PartBuffer *part = nullptr;
        {
            std::unique_lock lock(m_mutex);
            if (!m_work.wait(lock, stop, [this] { return !m_waiting.empty(); }) || stop.stop_requested())
                return;
            part = m_waiting.front();
            m_waiting.pop_front();
        }
        if (!enter(part, stop))
            return;
        auto result = m_send(
            *part, [this, part] { leave(part); }, m_call);
        leave(part);
        const std::scoped_lock lock(m_mutex);
        m_ended.emplace_back(part, std::move(result));
        m_news.notify_one();
    }
}

} // namespace connector::box
