// SPDX-License-Identifier: Apache-2.0
// Sends the parts of a file on several threads, from a bounded number of buffers that one thread fills. Their bytes go
// out one part after the other, while the answers to earlier ones are still awaited: whatever ends this process, no
// more than one part is half-sent.
#pragma once

#include "providers/box/box_upload_codec.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace connector::box {

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
class PartLanes {
public:
    // `sent` is to be called when all of the part has left this process.
    using Send = std::function<Result<Part>(PartBuffer &part, std::function<void()> sent, const Call &call)>;

    // `send` and `call` outlive this. A stop of the call stops the lanes.
    PartLanes(int lanes, std::size_t partSize, Send send, const Call &call);
    PartLanes(const PartLanes &) = delete;
    PartLanes &operator=(const PartLanes &) = delete;
    ~PartLanes();

    PartBuffer *takeFree(); // null while all are in use
    void hand(PartBuffer *part);
    bool idle() const;
    std::int64_t underWay() const; // bytes handed to the network of parts whose end was not taken yet
    // The parts that ended, each once. Waits a moment when there is none.
    std::vector<Result<Part>> takeEnded();

private:
    void run(std::stop_token stop);
    bool enter(const PartBuffer *part, const std::stop_token &stop);
    void leave(const PartBuffer *part);

    const std::size_t m_partSize;
    const std::size_t m_most;
    const Send m_send;
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
    std::vector<std::pair<PartBuffer *, Result<Part>>> m_ended;
    std::vector<std::jthread> m_threads; // last: they end before the others die
};

} // namespace connector::box
