// SPDX-License-Identifier: Apache-2.0
#include "providers/digest.h"

#include "core/encoding.h"

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <openssl/evp.h>
#include <thread>

namespace connector {

namespace {

constexpr std::size_t kPiece = 1U << 20U;
constexpr std::size_t kMostWaiting = 2;

// Fetched once: a look-up per digest costs more than hashing a small piece.
const EVP_MD *algorithm(DigestKind kind)
{
    static const std::array<const EVP_MD *, 3> kAlgorithms{EVP_MD_fetch(nullptr, "MD5", nullptr),
                                                           EVP_MD_fetch(nullptr, "SHA1", nullptr),
                                                           EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    return kAlgorithms.at(static_cast<std::size_t>(kind));
}

const char *nameOf(DigestKind kind)
{
    static constexpr std::array<const char *, 3> kNames{"md5", "sha1", "sha256"};
    return kNames.at(static_cast<std::size_t>(kind));
}

void mustWork(int result)
{
    if (result != 1) // out of memory at most
        std::abort();
}

} // namespace

Digest::Digest(DigestKind kind) : m_kind(kind), m_context(EVP_MD_CTX_new())
{
    restart();
}

Digest::~Digest()
{
    EVP_MD_CTX_free(m_context);
}

void Digest::restart()
{
    mustWork(EVP_DigestInit_ex2(m_context, algorithm(m_kind), nullptr));
}

void Digest::update(std::span<const char> bytes)
{
    mustWork(EVP_DigestUpdate(m_context, bytes.data(), bytes.size()));
}

std::string Digest::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    mustWork(EVP_DigestFinal_ex(m_context, bytes.data(), &size));
    return {reinterpret_cast<const char *>(bytes.data()), size};
}

std::string Digest::of(DigestKind kind, std::string_view bytes)
{
    Digest digest(kind);
    digest.update({bytes.data(), bytes.size()});
    return digest.finish();
}

std::string DigestHasher::result()
{
    return std::string(nameOf(m_kind)) + ":" + toHex(m_digest.finish());
}

// Feeds the pieces on its own thread, in order.
class ThreadedHasher::Worker {
public:
    explicit Worker(ContentHasher &hasher) : m_hasher(hasher), m_thread([this] { run(); }) {}
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
            m_hasher.update(piece);
            const std::scoped_lock lock(m_mutex);
            m_spare = std::move(piece);
        }
    }

    ContentHasher &m_hasher;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::string> m_pieces;
    std::string m_spare;
    bool m_ending = false;
    std::thread m_thread;
};

ThreadedHasher::ThreadedHasher(std::unique_ptr<ContentHasher> inner) : m_inner(std::move(inner)) {}

ThreadedHasher::~ThreadedHasher() = default;

void ThreadedHasher::update(std::span<const char> bytes)
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
            m_worker = std::make_unique<Worker>(*m_inner);
        m_worker->give(m_filling);
    }
}

std::string ThreadedHasher::result()
{
    if (m_worker)
        m_worker->end();
    m_inner->update(m_filling);
    return m_inner->result();
}

} // namespace connector
