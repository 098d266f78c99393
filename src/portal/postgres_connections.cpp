// SPDX-License-Identifier: Apache-2.0
#include "portal/postgres_connections.h"

#include "core/log.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace connector::portal {

namespace {

constexpr std::chrono::milliseconds kLook{200};

} // namespace

Deadlines::Deadlines() : m_thread([this](const std::stop_token &stop) { watch(stop); }) {}

Deadlines::~Deadlines() = default;

Deadlines::Guard::Guard(Deadlines &deadlines, int socket, Clock::time_point until) : m_deadlines(deadlines)
{
    const int own = ::fcntl(socket, F_DUPFD_CLOEXEC, 3);
    if (own < 0)
        throw pqxx::broken_connection("no watch on the connection");
    const std::scoped_lock lock(deadlines.m_mutex);
    m_entry = deadlines.m_entries.insert(deadlines.m_entries.end(), Entry{own, until});
    deadlines.m_wake.notify_one();
}

Deadlines::Guard::~Guard()
{
    const std::scoped_lock lock(m_deadlines.m_mutex);
    ::close(m_entry->socket);
    m_deadlines.m_entries.erase(m_entry);
}

void Deadlines::watch(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    while (m_wake.wait(lock, stop, [this] { return !m_entries.empty(); })) {
        const auto now = Clock::now();
        for (const Entry &entry : m_entries)
            if (now >= entry.until)
                ::shutdown(entry.socket, SHUT_RDWR);
        (void)m_wake.wait_for(lock, stop, kLook, [] { return false; });
    }
}

void neverAnew(pqxx::connection &connection)
{
#if PQXX_VERSION_MAJOR < 7
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#else
    (void)connection;
#endif
}

std::string bounded(const std::string &where)
{
    constexpr std::pair<const char *, const char *> kBounds[] = {
        {"connect_timeout", "3"},     {"tcp_user_timeout", "10000"}, {"keepalives_idle", "10"},
        {"keepalives_interval", "5"}, {"keepalives_count", "2"},
    };
    const bool address = where.starts_with("postgresql://") || where.starts_with("postgres://");
    std::string text = where;
    for (const auto &[name, value] : kBounds) {
        const std::string entry = std::string(name) + "=" + value;
        if (!address)
            text.insert(0, entry + " ");
        else if (where.find(std::string(name) + "=") == std::string::npos)
            text += (text.find('?') == std::string::npos ? "?" : "&") + entry;
    }
    return text;
}

Connections::Lent::Lent(Connections &pool, Clock::time_point until) : m_pool(pool)
{
    std::unique_lock lock(pool.m_mutex);
    const auto latest = until - kSilence; // with less left, a server that is well would seem silent
    if (!pool.m_free.wait_until(lock, latest, [&] { return pool.m_silent || pool.m_out < pool.m_most; }) ||
        Clock::now() > latest)
        return; // others have them all
    if (pool.m_silent) {
        if (pool.m_asking || Clock::now() < pool.m_askAgain)
            return;
        pool.m_asking = m_asks = true;
    }
    may = true;
    ++pool.m_out;
    m_since = Clock::now();
    if (pool.m_idle.empty())
        return;
    connection = std::move(pool.m_idle.back());
    pool.m_idle.pop_back();
    kept = true;
}

Connections::Lent::~Lent()
{
    if (!may)
        return;
    {
        const std::scoped_lock lock(m_pool.m_mutex);
        --m_pool.m_out;
        if (connection && connection->is_open())
            m_pool.m_idle.push_back(std::move(connection));
        const auto now = Clock::now();
        if (answered)
            m_pool.m_heard = now;
        const bool silent = !answered && now - std::max(m_since, m_pool.m_heard) >= kSilence;
        if (silent)
            m_pool.m_askAgain = now + kPause;
        if (silent || answered)
            m_pool.setSilentLocked(silent);
        else if (m_asks)
            m_pool.m_silent = false; // it was refused, and so will be the others: at once
        if (m_asks)
            m_pool.m_asking = false;
    }
    m_pool.m_free.notify_all();
}

void Connections::Lent::heard()
{
    const std::scoped_lock lock(m_pool.m_mutex);
    m_pool.m_heard = Clock::now();
    m_pool.setSilentLocked(false);
    if (std::exchange(m_asks, false)) // the others need not wait for the end of its work
        m_pool.m_asking = false;
}

void Connections::Lent::connect(Clock::time_point until)
{
    if (connection)
        return;
    auto fresh = std::make_unique<pqxx::connection>(m_pool.m_where);
    neverAnew(*fresh);
    const Deadlines::Guard guard(m_pool.m_deadlines, fresh->sock(), until);
    m_pool.m_setUp(*fresh);
    connection = std::move(fresh);
}

void Connections::setSilentLocked(bool silent)
{
    if (silent != m_silent)
        log::warning("portal", silent ? "PostgreSQL says nothing" : "PostgreSQL answers again");
    m_silent = silent;
}

Error Connections::unavailable(const std::string &state)
{
    return Error{Errc::Unavailable,      "PostgreSQL did not do it (" + state + ")", "portal", state, 0,
                 std::chrono::seconds(5)};
}

void Connections::forgetIdle()
{
    std::vector<std::unique_ptr<pqxx::connection>> old;
    const std::scoped_lock lock(m_mutex);
    old.swap(m_idle);
}

} // namespace connector::portal
