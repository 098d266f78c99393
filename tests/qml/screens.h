// SPDX-License-Identifier: Apache-2.0
// Every screen of the panel in every state that matters, and how to get there.
#pragma once

#include "tests/qml/panel_fixture.h"

#include <QStringList>

#include <functional>
#include <vector>

namespace connector::ui {

struct Screen {
    const char *name;
    const char *scenario;
    // Walks to the screen; false when something on the way was not there.
    std::function<bool(PanelFixture &)> go;
    bool keyboard = false; // the on-screen keyboard is up
};

const std::vector<Screen> &screens();

// What is wrong with the screen as it stands: text that does not fit, targets too small, texts over each other.
QStringList faults(const PanelFixture &panel);

} // namespace connector::ui
