// SPDX-License-Identifier: Apache-2.0
// Slows down whoever tries secrets: per name, per method and in total.
#pragma once

#include "core/boot_clock.h"
#include "store/person_table.h"

#include <chrono>
#include <map>

namespace connector {

// What a try knocks at. A name's door locks for a minute after five wrong tries in a row, doubled with each further
// five, at most an hour. The others pay off: each wrong try costs `cost`, and a door is shut while more than `credit`
// tries are unpaid; they are never opened by somebody else's right try. docs/decisions/people-and-sessions.md has the
// arithmetic.
struct TryDoor {
    std::string name;
    bool locks = false;
    std::chrono::seconds cost{0};
    int credit = 0;
};

// On the thread of its database. A try is counted durably before its secret is looked at, and taken back when it was
// right: neither ending the service in between nor many tries at once get more of them.
class SignInThrottle {
public:
    SignInThrottle(Database &db, BootClock clock);

    // How long until a try is let in; 0: now.
    std::chrono::seconds waitFor(const std::vector<TryDoor> &doors) const;
    Result<void> count(const std::vector<TryDoor> &doors);
    // The try was right: a lock's count begins anew, the others get back what this try cost.
    Result<void> forgive(const std::vector<TryDoor> &doors);

private:
    std::int64_t unpaid(const TryRow &row) const;
    Result<void> store(TryRow row);
    void forgetOld();

    Database &m_db;
    TryTable m_table;
    BootClock m_clock;
    std::map<std::string, TryRow> m_rows;
};

} // namespace connector
