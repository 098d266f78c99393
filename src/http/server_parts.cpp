// SPDX-License-Identifier: Apache-2.0
#include "http/server_parts.h"

#include <strings.h>

namespace connector {

BoundedPool::BoundedPool(unsigned threads, std::size_t depth) : m_depth(depth)
{
    for (unsigned i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { work(); });
}

void BoundedPool::enqueue(std::function<void()> task)
{
    std::unique_lock lock(m_mutex);
    m_room.wait(lock, [this] { return m_tasks.size() < m_depth || m_over; });
    m_tasks.push_back(std::move(task));
    ++m_waiting;
    m_wake.notify_one();
}

void BoundedPool::shutdown()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_over = true;
    }
    m_wake.notify_all();
    m_room.notify_all();
    for (auto &thread : m_threads)
        thread.join();
    m_threads.clear();
}

void BoundedPool::work()
{
    for (;;) {
        std::function<void()> task;
        {
            std::unique_lock lock(m_mutex);
            ++m_idle;
            m_wake.wait(lock, [this] { return !m_tasks.empty() || m_over; });
            --m_idle;
            if (m_tasks.empty())
                return;
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
            --m_waiting;
        }
        m_room.notify_one();
        task();
    }
}

std::string cookieOf(const httplib::Request &request, std::string_view name)
{
    const std::string all = request.get_header_value("Cookie");
    std::string_view rest = all;
    while (!rest.empty()) {
        const auto end = rest.find(';');
        std::string_view part = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        while (part.starts_with(' '))
            part.remove_prefix(1);
        if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=')
            return std::string(part.substr(name.size() + 1, 200));
    }
    return {};
}

std::pair<int, const char *> shapeProblem(const httplib::Request &request)
{
    // One walk over all headers: looking up each by its name costs more than all the rest of a small request.
    std::size_t lengths = 0;
    std::string_view length;
    bool unbounded = false;
    bool packed = false;
    bool manyRanges = false;
    for (const auto &[name, value] : request.headers) {
        const auto is = [&name = name](std::string_view other) {
            return name.size() == other.size() && ::strncasecmp(name.data(), other.data(), other.size()) == 0;
        };
        if (is("Content-Length")) {
            ++lengths;
            length = value;
        }
        unbounded |= is("Transfer-Encoding");
        packed |= is("Content-Encoding");
        manyRanges |= is("Range") && value.find(',') != std::string::npos;
    }
    const bool mayHaveBody = request.method == "POST";
    const bool neverHasBody = request.method == "GET" || request.method == "HEAD";
    // It bounds a body by the length that was announced; without one it reads until the other side ends.
    if (unbounded || (!neverHasBody && length.empty()))
        return {411, "a Content-Length is needed\n"};
    if (lengths > 1 || length.find_first_not_of("0123456789") != std::string_view::npos)
        return {400, "one Content-Length, a number\n"};
    // It leaves such a body unread on the connection.
    if (!mayHaveBody && length.find_first_not_of('0') != std::string_view::npos)
        return {400, "no body is expected\n"};
    // A few packed bytes unpack to any number of them.
    if (packed)
        return {415, "packed bodies are not taken\n"};
    // Every range is a copy, and they may overlap.
    if (manyRanges)
        return {416, "one range at a time\n"};
    return {0, ""};
}

} // namespace connector
