// SPDX-License-Identifier: Apache-2.0
// Sends the parts of a file on several threads, from a bounded number of buffers that one thread fills. Their bytes go
// out one part after the other, while the answers to earlier ones are still awaited: whatever ends this process, no
// more than one part is half-sent.
#pragma once

#include "core/bytes.h"
#include "core/call.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace connector {

// A buffer with one part of the file.
struct PartBuffer : public ByteSource {
    explicit PartBuffer(std::size_t capacity) : bytes(std::make_unique_for_overwrite<char[]>(capacity)) {}
    Result<std::size_t> read(std::span<char> buffer) override;
    std::optional<std::int64_t> size() const override { return static_cast<std::int64_t>(used); }
    Result<void> seek(std::int64_t offset) override;

    std::unique_ptr<char[]> bytes;
    std::size_t used = 0;
    std::int64_t offset = 0;              // in the file
    std::string sha1;                     // raw
    std::atomic<std::size_t> handedOn{0}; // of the bytes, to the network
};

// Used by one thread; `send` is called by the lanes' own. Its destructor stops what is on its way and waits for that.
template <class Answer>
class PartLanes {
public:
    // `sent` is to be called when all of the part has left this process.
    using Send = std::function<Result<Answer>(PartBuffer &part, std::function<void()> sent, const Call &call)>;

    // What `send` and `call` refer to outlives this. A stop of the call stops the lanes.
    PartLanes(int lanes, std::size_t partSize, Send send, const Call &call);
    PartLanes(const PartLanes &) = delete;
    PartLanes &operator=(const PartLanes &) = delete;
    ~PartLanes();

    PartBuffer *takeFree(); // null while all are in use
    void hand(PartBuffer *part);
    bool idle() const;
    std::int64_t underWay() const; // bytes handed to the network of parts whose end was not taken yet
    // The parts that ended, each once. Waits a moment when there is none. Tells, too, what makes the lanes wait.
    std::vector<Result<Answer>> takeEnded();

private:
    void run(std::stop_token stop);
    bool enter(const PartBuffer *part, const std::stop_token &stop);
    void leave(const PartBuffer *part);

    const std::size_t m_partSize;
    const std::size_t m_most;
    const Send m_send;
    const Call m_outer;
    std::stop_source m_stop;
    std::stop_callback<std::function<void()>> m_forward;
    Call m_call;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_work;
    std::condition_variable_any m_news;
    std::condition_variable_any m_turn;
    const PartBuffer *m_sending = nullptr; // whose bytes are going out
    std::vector<std::unique_ptr<PartBuffer>> m_buffers;
    std::vector<PartBuffer *> m_free;
    std::deque<PartBuffer *> m_waiting;
    std::vector<PartBuffer *> m_handed; // until their end is taken
    std::vector<std::pair<PartBuffer *, Result<Answer>>> m_ended;
    std::vector<std::optional<Waiting>> m_waits; // not told yet
    std::vector<std::jthread> m_threads;         // last: they end before the others die
};

// Between two looks at the progress.
inline constexpr std::chrono::milliseconds kPartMoment{100};

inline Result<std::size_t> PartBuffer::read(std::span<char> buffer)
{
    const std::size_t at = handedOn;
    const std::size_t n = std::min(buffer.size(), used - at);
    std::memcpy(buffer.data(), bytes.get() + at, n);
    handedOn = at + n;
    return n;
}

inline Result<void> PartBuffer::seek(std::int64_t to)
{
    handedOn = std::min(used, static_cast<std::size_t>(std::max<std::int64_t>(to, 0)));
    return {};
}

template <class Answer>
PartLanes<Answer>::PartLanes(int lanes, std::size_t partSize, Send send, const Call &call)
    : m_partSize(partSize), m_most(static_cast<std::size_t>(lanes)), m_send(std::move(send)), m_outer(call),
      m_forward(call.stop, [this] { m_stop.request_stop(); })
{
    m_call.stop = m_stop.get_token();
    m_call.deadline = call.deadline;
    m_call.onWaiting = [this](const std::optional<Waiting> &waiting) {
        const std::scoped_lock lock(m_mutex);
        m_waits.push_back(waiting);
        m_news.notify_one();
    };
    for (int i = 0; i < lanes; ++i)
        m_threads.emplace_back([this] { run(m_stop.get_token()); });
}

template <class Answer>
PartLanes<Answer>::~PartLanes()
{
    m_stop.request_stop();
}

template <class Answer>
PartBuffer *PartLanes<Answer>::takeFree()
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

template <class Answer>
void PartLanes<Answer>::hand(PartBuffer *part)
{
    part->handedOn = 0;
    const std::scoped_lock lock(m_mutex);
    m_handed.push_back(part);
    m_waiting.push_back(part);
    m_work.notify_one();
}

template <class Answer>
bool PartLanes<Answer>::idle() const
{
    const std::scoped_lock lock(m_mutex);
    return m_handed.empty();
}

template <class Answer>
std::int64_t PartLanes<Answer>::underWay() const
{
    const std::scoped_lock lock(m_mutex);
    std::int64_t bytes = 0;
    for (const PartBuffer *part : m_handed)
        bytes += static_cast<std::int64_t>(part->handedOn);
    return bytes;
}

template <class Answer>
std::vector<Result<Answer>> PartLanes<Answer>::takeEnded()
{
    std::vector<Result<Answer>> out;
    std::vector<std::optional<Waiting>> waits;
    {
        std::unique_lock lock(m_mutex);
        m_news.wait_for(lock, kPartMoment, [this] { return !m_ended.empty() || !m_waits.empty(); });
        for (auto &[part, result] : m_ended) {
            std::erase(m_handed, part);
            m_free.push_back(part);
            out.push_back(std::move(result));
        }
        m_ended.clear();
        waits.swap(m_waits);
    }
    if (m_outer.onWaiting)
        for (const auto &waiting : waits)
            m_outer.onWaiting(waiting);
    return out;
}

// Waits until no other part's bytes are going out. False when it was stopped.
template <class Answer>
bool PartLanes<Answer>::enter(const PartBuffer *part, const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    if (!m_turn.wait(lock, stop, [this] { return m_sending == nullptr; }))
        return false;
    m_sending = part;
    return true;
}

template <class Answer>
void PartLanes<Answer>::leave(const PartBuffer *part)
{
    const std::scoped_lock lock(m_mutex);
    if (m_sending != part)
        return;
    m_sending = nullptr;
    m_turn.notify_one();
}

template <class Answer>
void PartLanes<Answer>::run(std::stop_token stop)
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

} // namespace connector
