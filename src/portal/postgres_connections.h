// SPDX-License-Identifier: Apache-2.0
// The connections to PostgreSQL: a few, made when they are needed and again after they broke, and none that is waited
// for without end.
#pragma once

#include "core/result.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <pqxx/pqxx>
#include <string>
#include <thread>
#include <vector>

namespace connector::portal {

// libpq waits for an answer as long as the connection stands, and one to a machine that froze stands. So each
// transaction's socket is shut at its deadline, which lets libpq go.
class Deadlines {
    struct Entry;

public:
    using Clock = std::chrono::steady_clock;

    Deadlines();
    ~Deadlines();

    class Guard {
    public:
        Guard(Deadlines &deadlines, int socket, Clock::time_point until);
        ~Guard();
        Guard(const Guard &) = delete;
        Guard &operator=(const Guard &) = delete;

    private:
        Deadlines &m_deadlines;
        std::list<Entry>::iterator m_entry;
    };

private:
    struct Entry {
        int socket; // its own number of it: libpq may close its one meanwhile, and somebody else get that number
        Clock::time_point until;
    };
    void watch(const std::stop_token &stop);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::list<Entry> m_entries;
    std::jthread m_thread;
};

// A connection that broke stays broken: libpqxx 6 would connect again by itself, past the deadline.
void neverAnew(pqxx::connection &connection);

// `where` with bounds for connecting and for a connection whose other end is gone. What it says itself wins.
std::string bounded(const std::string &where);

// Any thread. While PostgreSQL says nothing, one asks it now and then, and all others are refused at once.
class Connections {
    using Clock = Deadlines::Clock;

public:
    static constexpr std::chrono::seconds kPatience{8}; // more than the statements' own limit

    // `setUp` is called with each new connection, and throws what libpqxx throws.
    Connections(std::string where, unsigned most, std::function<void(pqxx::connection &)> setUp)
        : m_where(std::move(where)), m_most(std::max(1U, most)), m_setUp(std::move(setUp))
    {
    }

    // Runs `work(transaction)` and commits; its errors roll back. Unavailable after `patience` (and the three seconds
    // that connecting may take), and as soon as others leave too little of it to begin. Tried once more when a
    // connection that was kept turns out to be dead before anything was asked on it: a database that was restarted in
    // between is not noticed.
    template <class T, class F>
    Result<T> run(F work, std::chrono::seconds patience = kPatience)
    {
        const auto until = Clock::now() + patience;
        for (bool again = true;; again = false) {
            Lent lent(*this, until);
            if (!lent.may)
                return unavailable("08000");
            bool begun = false;
            std::string state = "08000";
            try {
                lent.connect(until);
                const Deadlines::Guard guard(m_deadlines, lent.connection->sock(), until);
                pqxx::work transaction(*lent.connection);
                begun = true;
                lent.heard();
                Result<T> result = work(transaction);
                if (result)
                    transaction.commit();
                lent.answered = true;
                return result;
            } catch (const pqxx::sql_error &e) {
                state = e.sqlstate(); // the server's message may quote values, its code does not
            } catch (const pqxx::broken_connection &) {
            } catch (const pqxx::in_doubt_error &) {
            } catch (const std::exception &) {
                state = "?";
            }
            const bool gone = state.empty() || state.starts_with("08") || state.starts_with("57P");
            lent.answered = !gone || state.starts_with("57P"); // it said goodbye
            const bool over = Clock::now() >= until;
            if (gone)
                lent.connection.reset();
            if (gone && !(over && begun)) // else it was our own deadline, and says nothing about the others
                forgetIdle();
            if (!gone || begun || !again || over || !lent.kept || lent.waited() >= kSilence)
                return unavailable(state);
        }
    }

private:
    static constexpr std::chrono::milliseconds kSilence{2500}; // for so long only those say nothing who are away
    static constexpr std::chrono::seconds kPause{2};           // until one asks again

    // The right to use a connection, and then one.
    struct Lent {
        Lent(Connections &pool, Clock::time_point until);
        ~Lent();
        Lent(const Lent &) = delete;
        Lent &operator=(const Lent &) = delete;
        void connect(Clock::time_point until);
        void heard(); // the server is there
        Clock::duration waited() const { return Clock::now() - m_since; }

        bool may = false;
        bool kept = false; // it was used before
        bool answered = false;
        std::unique_ptr<pqxx::connection> connection;

    private:
        Connections &m_pool;
        Clock::time_point m_since{};
        bool m_asks = false; // on behalf of all
    };

    static Error unavailable(const std::string &state);
    void setSilentLocked(bool silent);
    void forgetIdle();

    const std::string m_where;
    const unsigned m_most;
    const std::function<void(pqxx::connection &)> m_setUp;
    std::mutex m_mutex; // of all below but the deadlines
    std::condition_variable m_free;
    std::vector<std::unique_ptr<pqxx::connection>> m_idle;
    unsigned m_out = 0;
    bool m_silent = false;
    bool m_asking = false; // one tries whether it is still silent
    Clock::time_point m_askAgain{};
    Clock::time_point m_heard{}; // the last answer, to whomever
    Deadlines m_deadlines;
};

} // namespace connector::portal
