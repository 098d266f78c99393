// SPDX-License-Identifier: Apache-2.0
// The small pictures of files that a connection was given lately, so that a list that comes back needs no cloud. Not
// thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>

namespace connector {

class ThumbnailCache {
public:
    struct Key {
        std::string profile;
        std::string file;
        std::string revision;
        int pixels = 0;
        bool operator==(const Key &) const = default;
    };
    // Both empty: the cloud has none of this file.
    struct Picture {
        std::string type;
        std::string base64;
    };

    explicit ThumbnailCache(std::size_t mostBytes = 1U << 20U) : m_most(mostBytes) {}

    // Null where it is not known. Good until the next change.
    const Picture *find(const Key &key) const
    {
        const auto at = std::find_if(m_kept.begin(), m_kept.end(), [&](const Kept &one) { return one.key == key; });
        return at == m_kept.end() ? nullptr : &at->picture;
    }

    // The oldest make room. A file without a revision is not kept: nobody could tell when it is another one.
    void put(Key key, Picture picture)
    {
        Kept fresh{std::move(key), std::move(picture)};
        if (fresh.key.revision.empty() || fresh.size() > m_most || find(fresh.key) != nullptr)
            return;
        m_bytes += fresh.size();
        for (; m_bytes > m_most; m_kept.pop_front())
            m_bytes -= m_kept.front().size();
        m_kept.push_back(std::move(fresh));
    }

    void forget(const std::string &profile)
    {
        std::erase_if(m_kept, [&](const Kept &one) {
            const bool gone = one.key.profile == profile;
            m_bytes -= gone ? one.size() : 0;
            return gone;
        });
    }

    void clear()
    {
        m_kept.clear();
        m_bytes = 0;
    }

private:
    struct Kept {
        Key key;
        Picture picture;
        std::size_t size() const { return picture.base64.size() + key.file.size() + 200; }
    };
    std::deque<Kept> m_kept; // oldest first
    std::size_t m_bytes = 0;
    std::size_t m_most;
};

} // namespace connector
