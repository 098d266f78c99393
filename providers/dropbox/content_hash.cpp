// SPDX-License-Identifier: Apache-2.0
#include "providers/dropbox/content_hash.h"

#include "core/encoding.h"

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <openssl/evp.h>
#include <thread>

namespace connector::dropbox {

namespace {

constexpr std::size_t kBlock = 4U << 20U;
constexpr std::size_t kPiece = 1U << 20U;
constexpr std::size_t kMostWaiting = 2;

const EVP_MD *sha256()
{
    // Fetched once: a look-up per block costs more than hashing a small one.
    static const EVP_MD *const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return kSha256;
}

void mustWork(int result)
{
    if (result != 1) // out of memory at most
        std::abort();
}

// OpenSSL, not libsodium: it uses the processor's SHA instructions.
class Digest {
public:
    Digest() { restart(); }
    Digest(const Digest &) = delete;
    Digest &operator=(const Digest &) = delete;
    ~Digest() { EVP_MD_CTX_free(m_context); }
    void restart() { mustWork(EVP_DigestInit_ex2(m_context, sha256(), nullptr)); }
    void update(std::span<const char> bytes) { mustWork(EVP_DigestUpdate(m_context, bytes.data(), bytes.size())); }
    std::string finish()
    {
        std::array<unsigned char, 32> bytes{};
        mustWork(EVP_DigestFinal_ex(m_context, bytes.data(), nullptr));
        return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
    }

private:
    EVP_MD_CTX *m_context = EVP_MD_CTX_new();
};

} // namespace

class ContentHash::Blocks {
public:
    void update(std::span<const char> bytes)
    {
        while (!bytes.empty()) {
            const std::size_t n = std::min(bytes.size(), kBlock - m_inBlock);
            m_block.update(bytes.first(n));
            m_inBlock += n;
            if (m_inBlock == kBlock)
                endBlock();
            bytes = bytes.subspan(n);
        }
    }

    std::string finish()
    {
        if (m_inBlock > 0)
            endBlock();
        return m_whole.finish();
    }

private:
    void endBlock()
    {
        m_whole.update(m_block.finish());
        m_block.restart();
        m_inBlock = 0;
    }

    Digest m_block;
    Digest m_whole;
    std::size_t m_inBlock = 0;
};

// Feeds the blocks on its own thread, in order.
class ContentHash::Worker {
public:
    explicit Worker(Blocks &blocks) : m_blocks(blocks), m_thread([this] { run(); }) {}
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;
    ~Worker() { end(); }

    // Takes the piece and gives back a used one to fill; waits while the hashing is behind.
    void give(std::string &piece)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_pieces.size() < kMostWaiting; });
        m_pieces.push_back(std::move(piece));
        piece = std::move(m_spare);
        piece.clear();
        m_changed.notify_all();
    }

    // Returns when everything is hashed.
    void end()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_ending = true;
        }
        m_changed.notify_all();
        if (m_thread.joinable())
            m_thread.join();
    }

private:
    void run()
    {
        for (;;) {
            std::string piece;
            {
                std::unique_lock lock(m_mutex);
                m_changed.wait(lock, [this] { return m_ending || !m_pieces.empty(); });
                if (m_pieces.empty())
                    return;
                piece = std::move(m_pieces.front());
                m_pieces.pop_front();
            }
            m_changed.notify_all();
            m_blocks.update(piece);
            const std::scoped_lock lock(m_mutex);
            m_spare = std::move(piece);
        }
    }

    Blocks &m_blocks;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::string> m_pieces;
    std::string m_spare;
    bool m_ending = false;
    std::thread m_thread;
};

ContentHash::ContentHash() : m_blocks(std::make_unique<Blocks>()) {}

ContentHash::~ContentHash() = default;

void ContentHash::update(std::span<const char> bytes)
{
    while (!bytes.empty()) {
        if (m_filling.capacity() < kPiece && m_filling.size() + bytes.size() > (kPiece >> 4U))
            m_filling.reserve(kPiece);
        const std::size_t n = std::min(bytes.size(), kPiece - m_filling.size());
        m_filling.append(bytes.data(), n);
        bytes = bytes.subspan(n);
        if (m_filling.size() < kPiece)
            continue;
        if (!m_worker)
            m_worker = std::make_unique<Worker>(*m_blocks);
        m_worker->give(m_filling);
    }
}

std::string ContentHash::result()
{
    if (m_worker)
        m_worker->end();
    m_blocks->update(m_filling);
    return "dropbox:" + toHex(m_blocks->finish());
}

} // namespace connector::dropbox
