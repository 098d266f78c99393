// SPDX-License-Identifier: Apache-2.0
// What people do again and again in the flows: ways to a page, and what is typed there. Each is false where it did not
// come to its end.
#pragma once

#include "tests/qml/panel_fixture.h"

namespace connector::ui {

inline constexpr QSize kSize(800, 480);

bool toProfiles(PanelFixture &p);
bool toFiles(PanelFixture &p);
bool toPrint(PanelFixture &p); // of "Agenda.pdf"
bool toScan(PanelFixture &p);
bool toShortcuts(PanelFixture &p);
// From home to the page of a code that is being asked for, for a new profile without a PIN.
bool toNewCode(PanelFixture &p, const QString &name);
bool codeIsOut(PanelFixture &p);
bool folderIsEmpty(PanelFixture &p);
bool jobComesTo(PanelFixture &p, JobsModel::Screen screen);
bool typeDigits(PanelFixture &p, const QString &digits);
bool enterPin(PanelFixture &p, const QString &pin);
// Taps what the PIN guards, gives it, and comes to that page.
bool goByPin(PanelFixture &p, const QString &item, const QString &pin, const QString &to);
// The time passes that a page waits for somebody, and that of the countdown.
bool nobodyTouches(PanelFixture &p);
bool choosePin(PanelFixture &p, const QString &pin); // twice, as it is asked for
void doubleTap(PanelFixture &p, const QString &item);

// Runs a test class as a program.
int runFlows(QObject &&test, int argc, char **argv);

} // namespace connector::ui
