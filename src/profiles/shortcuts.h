// SPDX-License-Identifier: Apache-2.0
// The shortcuts of this device: a file that is printed, or a folder that is scanned to, by one tap.
#pragma once

#include "core/time.h"
#include "store/shortcut_table.h"

#include <functional>
#include <set>

namespace connector {

using Shortcut = ShortcutRow;

// What a shortcut's target is now, as the cloud tells.
struct Target {
    std::string name;
    bool folder = false;
    bool printable = false;
    bool writable = false;
};
// The stable code of what keeps a shortcut of this kind from that target; "" for nothing.
std::string problemWith(const std::string &kind, const Result<Target> &target);

// All calls and events on the actor's thread. A shortcut of another owner is not there (NotFound, stable
// "shortcut-gone"). Whether its profile may be used is the caller's to ask.
class Shortcuts {
public:
    struct Events {
        std::function<void(const Shortcut &)> changed = [](const Shortcut &) {};
        std::function<void(const Shortcut &)> removed = [](const Shortcut &) {};
    };
    struct Change {
        std::optional<std::string> name = {};
        std::optional<std::string> wish = {};
        std::optional<bool> pinned = {};
        std::optional<std::pair<std::string, std::string>> target = {}; // its id and name
    };

    // Removes what a crash left of deleted profiles.
    Shortcuts(Database &db, const Vault &vault, WallClock now = systemNow);
    void setEvents(Events events) { m_events = std::move(events); }

    Result<std::vector<Shortcut>> list(const std::string &owner); // by name
    Result<std::vector<Shortcut>> ofProfile(const std::string &profile) { return m_table.ofProfile(profile); }
    Result<Shortcut> find(const std::string &owner, const std::string &id);

    // Owner, profile, kind, name, target and wish are the caller's. InvalidArgument (stable "name-invalid"), Conflict
    // ("name-taken").
    Result<Shortcut> add(Shortcut shortcut);
    Result<Shortcut> change(const std::string &owner, const std::string &id, const Change &change); // likewise
    // What the cloud said of its target: the name is brought up to date, a problem noted or forgotten. A look that
    // failed changes nothing.
    Result<Shortcut> seen(const std::string &owner, const std::string &id, const Result<Target> &target);
    Result<void> used(const std::string &owner, const std::string &id);
    Result<void> remove(const std::string &owner, const std::string &id);
    void removeOf(const std::string &profile);

    // A document's name with the local time in it; never the same twice, also within one second.
    std::string stamped(const std::string &name);

private:
    Result<Shortcut> store(Shortcut row);
    ShortcutTable m_table;
    WallClock m_now;
    Events m_events;
    std::set<std::string> m_stamps; // given so far
};

} // namespace connector
