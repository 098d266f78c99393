// SPDX-License-Identifier: Apache-2.0
#include "tests/qml/steps.h"

#include "tests/qml/screens.h"

#include <QGuiApplication>

namespace connector::ui {

bool toProfiles(PanelFixture &p)
{
    return p.waitForPage("Home") && p.tap("tile-cloud-connector") && p.waitForPage("Providers") &&
           p.tap("provider-dropbox") && p.waitForPage("Profiles");
}

bool toFiles(PanelFixture &p)
{
    return toProfiles(p) && p.tap("profile-row-0") && p.waitForPage("Files") &&
           p.waitFor([&] { return p.backend.files.face() == FacedModel::Content; });
}

bool toPrint(PanelFixture &p)
{
    return toFiles(p) && p.go("file-row-3", "Print");
}

bool toScan(PanelFixture &p)
{
    return toFiles(p) && p.go("scan-here-button", "Scan");
}

bool toShortcuts(PanelFixture &p)
{
    return p.waitForPage("Home") && p.tap("tile-cloud-connector") && p.tap("tile-shortcuts");
}

bool toNewCode(PanelFixture &p, const QString &name)
{
    if (!toProfiles(p) || !p.go("add-button", "NewProfile"))
        return false;
    p.find("name-field")->setProperty("text", name);
    return p.go("create-button", "Link");
}

bool codeIsOut(PanelFixture &p)
{
    return p.waitFor([&] { return p.backend.authorization.state() == Authorization::Waiting; });
}

bool folderIsEmpty(PanelFixture &p)
{
    return p.waitFor([&] { return p.backend.files.face() == FacedModel::Empty; });
}

bool jobComesTo(PanelFixture &p, JobsModel::Screen screen)
{
    return p.waitFor([&] { return p.backend.job.screen() == screen; }, 20'000);
}

bool typeDigits(PanelFixture &p, const QString &digits)
{
    for (const QChar digit : digits) {
        if (!p.tap(QStringLiteral("key-") + digit))
            return false;
    }
    return true;
}

bool enterPin(PanelFixture &p, const QString &pin)
{
    return p.waitForPage("Pin") && typeDigits(p, pin) && p.tap("open-button");
}

bool goByPin(PanelFixture &p, const QString &item, const QString &pin, const QString &to)
{
    return p.tap(item) && enterPin(p, pin) && p.waitForPage(to);
}

bool nobodyTouches(PanelFixture &p)
{
    p.backend.idle.leaveAlone(50);
    if (!p.waitForItem("idle-countdown"))
        return false;
    p.backend.idle.leaveAlone(10);
    return true;
}

bool choosePin(PanelFixture &p, const QString &pin)
{
    return typeDigits(p, pin) && p.tap("pin-next-button") && typeDigits(p, pin) && p.tap("pin-next-button");
}

void doubleTap(PanelFixture &p, const QString &item)
{
    QQuickItem *button = p.find(item);
    p.touch(button);
    p.touch(button);
}

int runFlows(QObject &&test, int argc, char **argv)
{
    prepareProcess();
    const QGuiApplication app(argc, argv);
    return QTest::qExec(&test, argc, argv);
}

} // namespace connector::ui
