// SPDX-License-Identifier: Apache-2.0
#include "api/access.h"

#include <algorithm>

namespace connector {

const std::vector<MethodAccess> &accessTable()
{
    constexpr bool kNoPresence = false; // faces ask for it by themselves
    const auto audited = [](std::string_view method, Access access, std::string_view word) {
        return MethodAccess{method, access, true, false, word};
    };
    static const std::vector<MethodAccess> table{
        {"system.hello", Access::Anyone, kNoPresence},
        {"system.status", Access::Anyone, kNoPresence},
        {"events.subscribe", Access::Anyone, kNoPresence},
        {"settings.get", Access::Anyone, kNoPresence},
        audited("settings.set", Access::Anyone, "settings.changed"), // looks at each key

        {"session.get", Access::Anyone, kNoPresence},
        {"session.touch", Access::Anyone},
        {"session.end", Access::Anyone},
        {"session.signIn", Access::Anyone, true, true},
        {"session.signOut", Access::Anyone, true, true},
        {"people.choices", Access::Anyone},

        {"setup.get", Access::Anyone, kNoPresence},
        audited("setup.finish", Access::Anyone, "person.added"),

        {"people.list", Access::Administrator},
        {"audit.list", Access::Administrator},
        audited("people.add", Access::Administrator, "person.added"),
        audited("people.update", Access::Administrator, "person.changed"),
        audited("people.remove", Access::Administrator, "person.removed"),

        {"providers.list", Access::Anyone},
        {"profiles.overview", Access::Administrator},
        {"profiles.remove", Access::Administrator},
        {"profiles.list", Access::Guest},
        audited("profiles.create", Access::Guest, "profile.created"),
        audited("profiles.authorize", Access::Guest, "profile.authorized"),
        {"profiles.authorization", Access::Guest},
        audited("profiles.cancelAuthorization", Access::Guest, "profile.authorization-ended"),
        audited("profiles.open", Access::Guest, "profile.opened"),
        {"profiles.close", Access::Guest},
        audited("profiles.rename", Access::Guest, "profile.renamed"),
        {"profiles.delete", Access::Guest},
        audited("profiles.sendInstructions", Access::Guest, "instructions.sent"),
        audited("profiles.printInstructions", Access::Guest, "job.begun"),

        {"files.list", Access::Guest},
        {"files.places", Access::Guest},
        {"files.search", Access::Guest},
        audited("files.createFolder", Access::Guest, "folder.created"),
        {"files.thumbnail", Access::Guest, kNoPresence},

        {"shortcuts.list", Access::Guest},
        {"shortcuts.get", Access::Guest},
        audited("shortcuts.add", Access::Guest, "shortcut.added"),
        {"shortcuts.check", Access::Guest},
        audited("shortcuts.update", Access::Guest, "shortcut.changed"),
        audited("shortcuts.pin", Access::Guest, "shortcut.changed"),
        audited("shortcuts.delete", Access::Guest, "shortcut.deleted"),
        audited("shortcuts.run", Access::Guest, "job.begun"),

        {"printer.get", Access::Anyone},
        {"scanner.get", Access::Anyone},

        audited("jobs.print", Access::Guest, "job.begun"),
        audited("jobs.scan", Access::Guest, "job.begun"),
        {"jobs.list", Access::Guest},
        {"jobs.get", Access::Guest},
        audited("jobs.cancel", Access::Guest, "job.cancelled"),
        audited("jobs.continue", Access::Guest, "job.answered"),
        audited("jobs.again", Access::Guest, "job.begun"),
        audited("jobs.dismiss", Access::Guest, "job.dismissed"),
    };
    return table;
}

MethodAccess accessOf(std::string_view method)
{
    const auto &table = accessTable();
    const auto it =
        std::find_if(table.begin(), table.end(), [&](const MethodAccess &row) { return row.method == method; });
    return it == table.end() ? MethodAccess{method} : *it;
}

} // namespace connector
