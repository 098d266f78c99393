// SPDX-License-Identifier: Apache-2.0
#include "profiles/shortcuts.h"

#include "core/encoding.h"
#include "core/log.h"
#include "core/name.h"
#include "core/random.h"

#include <ctime>

namespace connector {

namespace {
constexpr std::size_t kKeptStamps = 10000;
}

std::string problemWith(const std::string &kind, const Result<Target> &target)
{
    if (!target) {
        const std::string code = stableCode(target.error());
        return code == "file-gone" || code == "no-permission" ? code : "";
    }
    if (target->folder != (kind == "scan"))
        return "file-gone"; // another thing is there under its id
    if (kind == "print")
        return target->printable ? "" : "unsupported-type";
    return target->writable ? "" : "no-permission";
}

Shortcuts::Shortcuts(Database &db, const Vault &vault, WallClock now) : m_table(db, vault), m_now(std::move(now))
{
    if (auto r = m_table.removeOrphans(); !r)
        log::warning("shortcuts", "left-over shortcuts remain: " + describe(r.error()));
}

Result<std::vector<Shortcut>> Shortcuts::list(const std::string &owner)
{
    return m_table.list(owner);
}

Result<Shortcut> Shortcuts::find(const std::string &owner, const std::string &id)
{
    auto found = m_table.find(id);
    if (!found)
        return std::move(found).error();
    if (!*found || (*found)->owner != owner)
        return Error{Errc::NotFound, "no such shortcut", "shortcuts", {}, 0, {}, "shortcut-gone"};
    return **std::move(found);
}

Result<Shortcut> Shortcuts::add(Shortcut shortcut)
{
    auto name = checkedName(shortcut.name);
    if (!name)
        return std::move(name).error();
    shortcut.id = makeUuid();
    shortcut.name = *std::move(name);
    shortcut.targetName = makeUtf8(shortcut.targetName);
    shortcut.problem.clear();
    shortcut.createdAt = m_now();
    shortcut.lastUsedAt.reset();
    if (auto r = m_table.insert(shortcut); !r)
        return std::move(r).error();
    m_events.changed(shortcut);
    return shortcut;
}

Result<Shortcut> Shortcuts::store(Shortcut row)
{
    if (auto r = m_table.update(row); !r)
        return std::move(r).error();
    m_events.changed(row);
    return row;
}

Result<Shortcut> Shortcuts::change(const std::string &owner, const std::string &id, const Change &change)
{
    auto row = find(owner, id);
    if (!row)
        return row;
    if (change.name) {
        auto name = checkedName(*change.name);
        if (!name)
            return std::move(name).error();
        row->name = *std::move(name);
    }
    if (change.wish)
        row->wish = *change.wish;
    if (change.pinned)
        row->pinned = *change.pinned;
    if (change.target) {
        row->target = change.target->first;
        row->targetName = makeUtf8(change.target->second);
        row->problem.clear();
    }
    return store(*std::move(row));
}

Result<Shortcut> Shortcuts::seen(const std::string &owner, const std::string &id, const Result<Target> &target)
{
    auto row = find(owner, id);
    if (!row)
        return row;
    const std::string problem = problemWith(row->kind, target);
    if (!target && problem.empty()) // nothing was seen: what is known stays known
        return row;
    const std::string name = target && problem.empty() ? makeUtf8(target->name) : row->targetName;
    if (problem == row->problem && name == row->targetName)
        return row;
    row->problem = problem;
    row->targetName = name;
    return store(*std::move(row));
}

Result<void> Shortcuts::used(const std::string &owner, const std::string &id)
{
    auto row = find(owner, id);
    if (!row)
        return std::move(row).error();
    row->lastUsedAt = m_now();
    auto stored = store(*std::move(row));
    return stored ? Result<void>() : Result<void>(stored.error());
}

Result<void> Shortcuts::remove(const std::string &owner, const std::string &id)
{
    auto row = find(owner, id);
    if (!row)
        return std::move(row).error();
    if (auto r = m_table.remove(id); !r)
        return r;
    m_events.removed(*row);
    return {};
}

void Shortcuts::removeOf(const std::string &profile)
{
    auto rows = m_table.ofProfile(profile);
    if (!rows)
        return log::error("shortcuts", "a deleted profile's shortcuts remain: " + describe(rows.error()));
    for (const Shortcut &row : *rows)
        if (auto r = remove(row.owner, row.id); !r)
            log::error("shortcuts", "a deleted profile's shortcut remains: " + describe(r.error()));
}

std::string Shortcuts::stamped(const std::string &name)
{
    // A second that was given already, or that comes again because the clock was set back, is passed over.
    std::string stamp;
    for (WallTime time = m_now();; time += std::chrono::seconds(1)) {
        const std::time_t seconds = toUnix(time);
        std::tm local{};
        localtime_r(&seconds, &local);
        std::array<char, 32> text{};
        stamp.assign(text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H-%M-%S", &local));
        if (m_stamps.insert(stamp).second)
            break;
    }
    if (m_stamps.size() > kKeptStamps)
        m_stamps.erase(m_stamps.begin());
    return name + " " + stamp;
}

} // namespace connector
