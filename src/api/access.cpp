// SPDX-License-Identifier: Apache-2.0
#include "api/access.h"

#include <algorithm>

namespace connector {

const std::vector<MethodAccess> &accessTable()
{
    constexpr bool kNoPresence = false; // faces ask for it by themselves
    static const std::vector<MethodAccess> table{
        {"system.hello", Access::Anyone, kNoPresence},
        {"system.status", Access::Anyone, kNoPresence},
        {"events.subscribe", Access::Anyone, kNoPresence},
        {"settings.get", Access::Anyone, kNoPresence},
        {"settings.set", Access::Anyone}, // looks at each key

        {"session.get", Access::Anyone, kNoPresence},
        {"session.touch", Access::Anyone},
        {"session.end", Access::Anyone},
        {"session.signIn", Access::Anyone, true, true},
        {"session.signOut", Access::Anyone, true, true},
        {"people.choices", Access::Anyone},

        {"setup.get", Access::Anyone, kNoPresence},
        {"setup.finish", Access::Anyone},

        {"people.list", Access::Administrator},
        {"people.add", Access::Administrator},
        {"people.update", Access::Administrator},
        {"people.remove", Access::Administrator},

        {"providers.list", Access::Anyone},
        {"profiles.overview", Access::Administrator},
        {"profiles.list", Access::Guest},
        {"profiles.create", Access::Guest},
        {"profiles.authorize", Access::Guest},
        {"profiles.authorization", Access::Guest},
        {"profiles.cancelAuthorization", Access::Guest},
        {"profiles.open", Access::Guest},
        {"profiles.close", Access::Guest},
        {"profiles.rename", Access::Guest},
        {"profiles.delete", Access::Guest},
        {"profiles.sendInstructions", Access::Guest},
        {"profiles.printInstructions", Access::Guest},

        {"files.list", Access::Guest},
        {"files.places", Access::Guest},
        {"files.search", Access::Guest},
        {"files.createFolder", Access::Guest},

        {"shortcuts.list", Access::Guest},
        {"shortcuts.get", Access::Guest},
        {"shortcuts.add", Access::Guest},
        {"shortcuts.check", Access::Guest},
        {"shortcuts.update", Access::Guest},
        {"shortcuts.pin", Access::Guest},
        {"shortcuts.delete", Access::Guest},
        {"shortcuts.run", Access::Guest},

        {"printer.get", Access::Anyone},
        {"scanner.get", Access::Anyone},

        {"jobs.print", Access::Guest},
        {"jobs.scan", Access::Guest},
        {"jobs.list", Access::Guest},
        {"jobs.get", Access::Guest},
        {"jobs.cancel", Access::Guest},
        {"jobs.continue", Access::Guest},
        {"jobs.again", Access::Guest},
        {"jobs.dismiss", Access::Guest},
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
