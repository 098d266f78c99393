// SPDX-License-Identifier: Apache-2.0
// What people do at the panel, by touch, on the real pages with the service in memory.
#include "tests/qml/screens.h"
#include "ui/panel/view/thumbnail.h"

#include <QBuffer>
#include <QGuiApplication>
#include <QImage>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace connector::ui;

namespace {

constexpr QSize kSize(800, 480);

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

bool typeDigits(PanelFixture &p, const QString &digits)
{
    for (const QChar digit : digits) {
        if (!p.tap(QStringLiteral("key-") + digit))
            return false;
    }
    return true;
}

// A guest's profile behind the PIN 2468 whose code went away on paper: the session it was made in is over. It stands
// below the others.
bool leavePending(PanelFixture &p)
{
    p.mock.setAutomatic(false);
    if (!toProfiles(p))
        return false;
    p.backend.profiles.create("Summer school", "2468");
    if (!p.waitFor([&] { return p.backend.profiles.count() == 5; }))
        return false;
    p.backend.session.end();
    return p.waitForPage("Home") && toProfiles(p) && p.waitForItem("profile-row-4");
}

bool enterPin(PanelFixture &p, const QString &pin)
{
    return p.waitForPage("Pin") && typeDigits(p, pin) && p.tap("open-button");
}

bool signInMara(PanelFixture &p)
{
    return p.waitForPage("Home") && p.waitFor([&] { return !p.backend.session.methods().isEmpty(); }) &&
           p.tap("user-button") && p.waitForPage("SignIn") && p.tap("person-row-1") && p.waitForPage("SignInSecret") &&
           typeDigits(p, "2468") && p.tap("sign-in-button") && p.waitFor([&] { return !p.backend.session.guest(); }) &&
           p.waitForPage("Home");
}

// As a USB reader does: the window gets key after key without a pause.
void holdCard(PanelFixture &p, const QString &number)
{
    for (const QChar letter : number)
        QTest::keyClick(p.window(), letter.toLatin1());
    QTest::keyClick(p.window(), Qt::Key_Return);
}

// Every text that any object of the panel still holds, shown or not.
QStringList textsIn(PanelFixture &p)
{
    QStringList texts;
    const auto read = [&texts](const QObject *object) {
        for (int i = 0; i < object->metaObject()->propertyCount(); ++i) {
            const QVariant value = object->metaObject()->property(i).read(object);
            if (value.typeId() == QMetaType::QString || value.typeId() == QMetaType::QStringList)
                texts += value.toStringList();
        }
    };
    const std::function<void(QQuickItem *)> walk = [&](QQuickItem *item) {
        read(item);
        for (QQuickItem *child : item->childItems())
            walk(child);
    };
    walk(p.window()->contentItem());
    for (const QObject *object : p.window()->findChildren<QObject *>())
        read(object);
    for (const QObject *object :
         std::initializer_list<QObject *>{&p.backend.session, &p.backend.profile, &p.backend.authorization,
                                          &p.backend.printer, &p.backend.scanner, &p.backend.job, &p.backend.panel})
        read(object);
    for (const QAbstractItemModel *model : std::initializer_list<QAbstractItemModel *>{
             &p.backend.people, &p.backend.profiles, &p.backend.files, &p.backend.jobs, &p.backend.providers}) {
        read(model);
        const QList<int> roles = model->roleNames().keys();
        for (int row = 0; row < model->rowCount(); ++row) {
            for (const int role : roles)
                texts += model->index(row, 0).data(role).toString();
        }
    }
    return texts;
}

QStringList remainsOfMara(PanelFixture &p)
{
    QStringList found;
    for (const QString &text : textsIn(p)) {
        for (const char *name :
             {"Mara Lind", "dissertation", "private.example", "Harbour", "Photos", "u-mara", "p-mine"}) {
            if (text.contains(QLatin1String(name)))
                found += text;
        }
    }
    return found;
}

} // namespace

class FlowsTest : public QObject {
    Q_OBJECT

private slots:
    void aProfileWithAPinIsMadeLinkedAndOpened()
    {
        PanelFixture p("one-cloud", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("add-button"));
        QVERIFY(p.waitForPage("NewProfile"));
        p.find("name-field")->setProperty("text", "Summer school");
        QVERIFY(p.tap("pin-row"));
        QVERIFY(p.waitForPage("ChoosePin"));
        QVERIFY(typeDigits(p, "2468"));
        QVERIFY(p.tap("pin-next-button"));
        QVERIFY(typeDigits(p, "2468"));
        QVERIFY(p.tap("pin-next-button"));
        QVERIFY(p.waitForPage("NewProfile"));
        QCOMPARE(p.find("name-field")->property("text").toString(), QStringLiteral("Summer school"));
        QVERIFY(p.tap("create-button"));
        QVERIFY(p.waitForPage("Link"));
        QCOMPARE(p.mock.lastParams("profiles.create")["pin"].toString(), QStringLiteral("2468"));
        QVERIFY(p.waitFor([&] { return p.find("qr-code") != nullptr; }));
        QVERIFY(p.find("qr-code")->property("text").toString().contains("code="));
        p.mock.grant(p.backend.profile.profileId());
        QVERIFY(p.waitForPage("Linked"));
        QVERIFY(p.tap("linked-open-button"));
        QVERIFY(p.waitForPage("Pin"));
        QVERIFY(typeDigits(p, "2468"));
        QVERIFY(p.tap("open-button"));
        QVERIFY(p.waitForPage("Files"));
        QVERIFY(p.tap("back-button"));
        QVERIFY(p.waitForPage("Profiles"));
    }

    void whoeverMadeAProfileIsToldWhoseAccountWasLinkedBeforeItOpens()
    {
        PanelFixture p("one-cloud", "fr", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("add-button"));
        QVERIFY(p.waitForPage("NewProfile"));
        p.find("name-field")->setProperty("text", "Atelier");
        QVERIFY(p.tap("create-button"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(p.waitFor([&] { return p.backend.authorization.state() == Authorization::Waiting; }));
        const QString id = p.backend.profile.profileId();
        p.mock.grant(id);
        QVERIFY(p.waitForPage("Linked"));
        QCOMPARE(p.find("linked-account")->property("text").toString(),
                 QStringLiteral("mara.lind@brightwater.example"));
        QVERIFY(p.findText("« Atelier » est lié à ce compte Dropbox :"));
        // Whoever went away without a look is told the next time.
        QVERIFY(p.tap("back-button"));
        QVERIFY(p.waitForPage("Profiles"));
        QVERIFY(!p.mock.calls().contains("profiles.open"));
        QVERIFY(p.tap("profile-row-0"));
        QVERIFY(p.waitForPage("Linked"));
        QVERIFY(p.tap("linked-open-button"));
        QVERIFY(p.waitForPage("Files"));
        QVERIFY(p.tap("back-button"));
        QVERIFY(p.waitForPage("Profiles"));
        QVERIFY(p.tap("profile-row-0"));
        QVERIFY(p.waitForPage("Files"));
    }

    void aProfileThatSomebodyElseLinkedIsRemovedAtOnceAndNotByADoubleTap()
    {
        PanelFixture p("one-cloud", "en", kSize, false, 300);
        p.mock.setAutomatic(false);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("add-button"));
        QVERIFY(p.waitForPage("NewProfile"));
        p.find("name-field")->setProperty("text", "Atelier");
        QVERIFY(p.tap("create-button"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(p.waitFor([&] { return p.backend.authorization.state() == Authorization::Waiting; }));
        const int before = p.backend.profiles.count();
        p.mock.grant(p.backend.profile.profileId());
        QVERIFY(p.waitForPage("Linked"));
        QQuickItem *remove = p.find("linked-remove-button");
        p.touch(remove);
        p.touch(remove);
        QVERIFY(!p.mock.calls().contains("profiles.delete"));
        if (!p.find("dialog-confirm")) // a tap beside the question takes it back
            QVERIFY(p.tap("linked-remove-button"));
        QVERIFY(p.tap("dialog-confirm"));
        QVERIFY(p.waitForPage("Profiles"));
        QCOMPARE(p.mock.calls().count("profiles.delete"), 1);
        QCOMPARE(p.backend.profiles.count(), before - 1);
    }

    void signingInAgainOpensWithoutAskingWhoseAccountItIs()
    {
        PanelFixture p("normal", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-menu-0"));
        QVERIFY(p.tap("menu-sign-in"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(p.waitFor([&] { return p.backend.authorization.state() == Authorization::Waiting; }));
        p.mock.grant(p.backend.profile.profileId());
        QVERIFY(p.waitForPage("Files"));
    }

    void aCodeThatWasTakenAwayIsShownAgainForThePin()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(leavePending(p));
        QVERIFY(p.tap("profile-row-4"));
        QVERIFY(enterPin(p, "9999"));
        QVERIFY(p.waitFor([&] { return p.backend.profile.triesLeft() == 4; }));
        QVERIFY(enterPin(p, "2468"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(p.waitForItem("qr-code"));
        QVERIFY(!p.mock.calls().contains("profiles.authorize")); // the one on paper still works
        p.mock.grant(p.backend.profile.profileId());
        QVERIFY(p.waitForPage("Linked"));
        QVERIFY(p.tap("linked-open-button"));
        QVERIFY(enterPin(p, "2468"));
        QVERIFY(p.waitForPage("Files"));
    }

    void whatWasLinkedWhileNobodyLookedSaysToWhomOnceThePinWasRight()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(leavePending(p));
        p.mock.grant(p.backend.profiles.index(4, 0).data(ProfilesModel::ProfileIdRole).toString());
        QVERIFY(p.tap("profile-row-4"));
        QVERIFY(enterPin(p, "2468"));
        QVERIFY(p.waitForPage("Linked"));
        p.backend.session.end(); // nobody has said that the account is theirs
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-row-4"));
        QVERIFY(enterPin(p, "2468"));
        QVERIFY(p.waitForPage("Linked"));
        QVERIFY(p.tap("linked-open-button"));
        QVERIFY(p.waitForPage("Files"));
    }

    void aProfileThatWasNeverLinkedIsRenamedSignedInAndDeletedForThePin()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(leavePending(p));
        QVERIFY(p.tap("profile-menu-4"));
        QVERIFY(p.tap("menu-rename"));
        QVERIFY(enterPin(p, "2468"));
        QVERIFY(p.waitForPage("Rename"));
        p.find("name-field")->setProperty("text", "Winter school");
        QVERIFY(p.tap("save-button"));
        QVERIFY(p.waitForPage("Profiles"));
        QVERIFY(p.tap("profile-menu-4"));
        QVERIFY(p.tap("menu-sign-in"));
        QVERIFY(enterPin(p, "2468"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(p.waitForItem("qr-code"));
        QVERIFY(p.mock.calls().contains("profiles.authorize"));
        QVERIFY(p.tap("back-button"));
        QVERIFY(p.waitForPage("Profiles"));
        QVERIFY(p.tap("profile-menu-4"));
        QVERIFY(p.tap("menu-delete"));
        QVERIFY(enterPin(p, "2468"));
        QVERIFY(p.waitForPage("Profiles"));
        QVERIFY(p.tap("dialog-confirm"));
        QVERIFY(p.waitFor([&] { return p.backend.profiles.count() == 4; }));
    }

    void whoLeavesThePinUnansweredWantsNothingAnyMore()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-menu-1"));
        QVERIFY(p.tap("menu-delete"));
        QVERIFY(p.waitForPage("Pin"));
        QVERIFY(p.tap("back-button"));
        QVERIFY(p.waitForPage("Profiles"));
        QVERIFY(p.tap("profile-row-1"));
        QVERIFY(enterPin(p, "1234"));
        QVERIFY(p.waitForPage("Files"));
    }

    void whatAPinOpenedIsLockedAgainOnTheWayBack()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        const auto locks = [&] { return p.mock.calls().count("profiles.close"); };
        QVERIFY(p.tap("profile-menu-1"));
        QVERIFY(p.tap("menu-rename"));
        QVERIFY(enterPin(p, "1234"));
        QVERIFY(p.waitForPage("Rename"));
        QCOMPARE(locks(), 0);
        QVERIFY(p.tap("back-button"));
        QVERIFY(p.waitFor([&] { return locks() == 1; }));
        QVERIFY(p.tap("profile-menu-1"));
        QVERIFY(p.tap("menu-delete"));
        QVERIFY(enterPin(p, "1234"));
        QVERIFY(p.tap("dialog-cancel"));
        QVERIFY(p.waitFor([&] { return locks() == 2; }));
        QVERIFY(!p.backend.profile.opened());
    }

    void whoLeavesWhileThePinIsLookedAtOpensNothing()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        p.mock.setLatency(2000);
        QVERIFY(p.tap("profile-row-1"));
        QVERIFY(enterPin(p, "1234"));
        QVERIFY(p.backend.profile.busy());
        p.mock.setLatency(0);
        QVERIFY(p.tap("back-button"));
        QVERIFY(p.waitForPage("Profiles"));
        QVERIFY(p.tap("profile-row-0"));
        QVERIFY(p.waitForPage("Files"));
        QCOMPARE(p.backend.profile.profileId(),
                 p.backend.profiles.index(0, 0).data(ProfilesModel::ProfileIdRole).toString());
        QVERIFY(p.mock.calls().contains("profiles.close"));
    }

    void aProfileThatWasNeverLinkedAndWhosePinIsDeadCanBeDeletedByAnybody()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(leavePending(p));
        const QModelIndex left = p.backend.profiles.index(4, 0);
        p.mock.killPin(left.data(ProfilesModel::ProfileIdRole).toString());
        QVERIFY(p.waitFor([&] { return left.data(ProfilesModel::PinDeadRole).toBool(); }));
        QVERIFY(p.tap("profile-row-4"));
        QVERIFY(p.waitForPage("Pin"));
        QVERIFY(p.tap("failed-action"));
        QVERIFY(p.waitForPage("Profiles"));
        QVERIFY(!p.mock.calls().contains("profiles.delete"));
        QVERIFY(p.tap("dialog-confirm"));
        QVERIFY(p.waitFor([&] { return p.backend.profiles.count() == 4; }));
    }

    void aCancelThatIsRefusedIsSaid()
    {
        PanelFixture p("normal", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-row-3"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(p.waitForItem("qr-code"));
        p.mock.failNext("profiles.cancelAuthorization", "pin-required");
        QVERIFY(p.tap("cancel-button"));
        QVERIFY(p.waitForItem("dialog-confirm"));
        QVERIFY(p.findText("This profile is locked"));
        QVERIFY(p.tap("dialog-confirm"));
        QVERIFY(p.waitForPage("Profiles"));
        QVERIFY(p.tap("profile-row-3"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(p.tap("cancel-button"));
        QVERIFY(p.waitForPage("Profiles"));
        QVERIFY(p.waitFor([&] { return p.backend.profiles.count() == 3; }));
    }

    void fiveWrongPinsLockTheProfileAndTheScreenCountsDown()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-row-1"));
        QVERIFY(p.waitForPage("Pin"));
        for (int i = 4; i >= 1; --i) {
            QVERIFY(typeDigits(p, "9999"));
            QVERIFY(p.tap("open-button"));
            QVERIFY(p.waitFor([&] { return p.backend.profile.triesLeft() == i; }));
            QVERIFY(p.find("pin-message")->property("text").toString().contains(QString::number(i)));
        }
        QVERIFY(typeDigits(p, "9999"));
        QVERIFY(p.tap("open-button"));
        QVERIFY(p.waitFor([&] { return p.backend.profile.lockSeconds() > 50; }));
        QVERIFY(!p.find("key-1")->isEnabled());
        QVERIFY(!p.find("open-button")->isEnabled());
        QVERIFY(p.tap("back-button"));
        QVERIFY(p.waitForPage("Profiles"));
    }

    void aPrintShortcutIsMadeFromTheMenuBesideAFileAndPrintsByOneTapFromHome()
    {
        PanelFixture p("one-cloud", "en", kSize);
        QVERIFY(toFiles(p));
        QVERIFY(p.tap("file-menu-3"));
        QVERIFY(p.tap("menu-shortcut"));
        QVERIFY(p.waitForPage("ShortcutEdit"));
        QVERIFY(p.waitFor([&] { return p.backend.printer.ready(); }));
        QCOMPARE(p.backend.shortcut.draftName(), QStringLiteral("Agenda"));
        QVERIFY(p.tap("copies-more"));
        QVERIFY(p.tap("pinned-yes"));
        QVERIFY(p.tap("save-button"));
        QVERIFY(p.waitForPage("Files"));
        QVERIFY(p.tap("dialog-confirm"));
        const QJsonObject made = p.mock.lastParams("shortcuts.add");
        QCOMPARE(made["kind"].toString(), QStringLiteral("print"));
        QCOMPARE(made["target"].toString(), QStringLiteral("e-agenda"));
        QCOMPARE(made["ticket"].toObject()["copies"].toInt(), 2);
        for (const char *to : {"Profiles", "Providers", "Home"}) {
            QVERIFY(p.tap("back-button"));
            QVERIFY(p.waitForPage(to));
        }
        QVERIFY(p.tap("pinned-0"));
        QVERIFY(p.waitForPage("Shortcut"));
        QVERIFY(p.waitFor([&] { return p.backend.printer.ready() && p.find("print-button"); }));
        QCOMPARE(p.backend.printer.copies(), 2);
        QVERIFY(p.settle());
        QQuickItem *button = p.find("print-button");
        p.touch(button);
        p.touch(button);
        QVERIFY(p.waitForPage("Job"));
        QCOMPARE(p.mock.calls().count("shortcuts.run"), 1);
        QVERIFY(p.tap("back-button"));
        QVERIFY(p.waitForPage("Home"));
    }

    void aScanShortcutIsMadeAtTheTopOfAnOpenFolder()
    {
        PanelFixture p("one-cloud", "fr", kSize);
        QVERIFY(toFiles(p));
        QVERIFY(p.tap("file-row-2"));
        QVERIFY(p.waitFor([&] { return p.backend.files.face() == FacedModel::Empty; }));
        QVERIFY(p.tap("menu-button"));
        QVERIFY(p.tap("menu-shortcut"));
        QVERIFY(p.waitForPage("ShortcutEdit"));
        QVERIFY(p.waitFor([&] { return p.backend.scanner.ready(); }));
        QVERIFY(p.tap("source-feeder"));
        QVERIFY(p.tap("shortcut-name-row"));
        QVERIFY(p.waitForPage("ShortcutName"));
        p.find("name-field")->setProperty("text", "Reçus");
        QVERIFY(p.tap("save-button"));
        QVERIFY(p.waitForPage("ShortcutEdit"));
        QVERIFY(p.tap("save-button"));
        QVERIFY(p.waitForPage("Files"));
        const QJsonObject made = p.mock.lastParams("shortcuts.add");
        QCOMPARE(made["kind"].toString(), QStringLiteral("scan"));
        QCOMPARE(made["name"].toString(), QStringLiteral("Reçus"));
        QCOMPARE(made["target"].toString(), QStringLiteral("f-scans"));
        QCOMPARE(made["settings"].toObject()["source"].toString(), QStringLiteral("feeder"));
    }

    void aShortcutAsksForItsProfilesPinEachTime()
    {
        PanelFixture p("shortcuts", "en", kSize);
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.tap("tile-cloud-connector"));
        QVERIFY(p.tap("tile-shortcuts"));
        for (int i = 0; i < 2; ++i) {
            QVERIFY(p.tap("shortcut-row-3"));
            QVERIFY(p.waitForPage("Pin"));
            QVERIFY(typeDigits(p, "1234"));
            QVERIFY(p.tap("open-button"));
            QVERIFY(p.waitForPage("Shortcut"));
            QVERIFY(p.waitForItem("scan-button"));
            QCOMPARE(p.backend.shortcut.targetName(), QStringLiteral("Scans"));
            QVERIFY(p.tap("back-button"));
            QVERIFY(p.waitForPage("Shortcuts"));
        }
    }

    void aShortcutIsRenamedPinnedAndDeletedFromItsMenu()
    {
        PanelFixture p("shortcuts", "en", kSize);
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.tap("tile-cloud-connector"));
        QVERIFY(p.tap("tile-shortcuts"));
        QVERIFY(p.tap("shortcut-menu-0"));
        QVERIFY(p.tap("menu-rename"));
        QVERIFY(p.waitForPage("ShortcutRename"));
        p.find("name-field")->setProperty("text", "Assembly");
        QVERIFY(p.tap("save-button"));
        QVERIFY(p.waitForPage("Shortcuts"));
        QVERIFY(p.waitFor([&] { return p.findText("Assembly") != nullptr; }));
        QVERIFY(p.tap("shortcut-menu-0"));
        QVERIFY(p.tap("menu-pin"));
        QVERIFY(p.waitFor([&] { return p.backend.shortcuts.pinned().size() == 2; }));
        // Behind a PIN also its menu is.
        QVERIFY(p.tap("shortcut-menu-3"));
        QVERIFY(p.tap("menu-delete"));
        QVERIFY(p.waitForPage("Pin"));
        QVERIFY(typeDigits(p, "1234"));
        QVERIFY(p.tap("open-button"));
        QVERIFY(p.waitForPage("Shortcuts"));
        QVERIFY(p.tap("dialog-confirm"));
        QVERIFY(p.waitFor([&] { return p.backend.shortcuts.count() == 4; }));
    }

    void aShortcutWhoseFileIsGoneTakesAnother()
    {
        PanelFixture p("shortcuts", "en", kSize);
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.tap("tile-cloud-connector"));
        QVERIFY(p.tap("tile-shortcuts"));
        QVERIFY(p.tap("shortcut-row-4"));
        QVERIFY(p.waitForItem("shortcut-problem"));
        QVERIFY(p.tap("choose-another-button"));
        QVERIFY(p.tap("target-row"));
        QVERIFY(p.waitForPage("Files"));
        QVERIFY(p.waitFor([&] { return p.backend.files.face() == FacedModel::Content; }));
        QVERIFY(p.tap("file-row-3"));
        QVERIFY(p.waitForPage("ShortcutEdit"));
        QCOMPARE(p.backend.shortcut.draftTargetName(), QStringLiteral("Agenda.pdf"));
        QVERIFY(p.tap("save-button"));
        QVERIFY(p.waitForPage("Shortcut"));
        QVERIFY(p.waitFor([&] { return p.find("print-button") != nullptr; }));
        QVERIFY(p.backend.shortcut.problem().isEmpty());
    }

    void aDoubleTapOnPrintPrintsOnce()
    {
        PanelFixture p("normal", "en", kSize, false, 300);
        QVERIFY(toFiles(p));
        QVERIFY(p.tap("file-row-3"));
        QVERIFY(p.waitForPage("Print"));
        QVERIFY(p.waitForItem("copies-more"));
        QVERIFY(p.tap("copies-more"));
        QCOMPARE(p.backend.printer.copies(), 2);
        QVERIFY(p.waitForItem("print-button"));
        QVERIFY(p.settle());
        QQuickItem *button = p.find("print-button");
        p.touch(button);
        p.touch(button);
        QVERIFY(p.waitForPage("Job"));
        QCOMPARE(p.mock.calls().count("jobs.print"), 1);
        QCOMPARE(p.mock.lastParams("jobs.print")["ticket"].toObject()["copies"].toInt(), 2);
        QVERIFY(p.waitFor([&] { return p.backend.job.screen() == JobsModel::Done; }, 20'000));
        QVERIFY(p.tap("done-button"));
        QVERIFY(p.waitForPage("Files"));
    }

    void aDoubleTapOnATileOpensOnePage()
    {
        PanelFixture p("normal", "en", kSize, false, 300);
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.waitForItem("tile-cloud-connector"));
        QQuickItem *tile = p.find("tile-cloud-connector");
        p.touch(tile);
        p.touch(tile);
        QVERIFY(p.waitForPage("Providers"));
        QVERIFY(p.tap("back-button"));
        QVERIFY(p.waitForPage("Home"));
    }

    void aPrintWhoseAnswerWasLostIsAskedAgainWithTheSameKey()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toFiles(p));
        QVERIFY(p.tap("file-row-3"));
        QVERIFY(p.waitForPage("Print"));
        QVERIFY(p.waitFor([&] { return p.backend.printer.ready(); }));
        p.mock.setLatency(60'000);
        QVERIFY(p.tap("print-button"));
        const QString key = p.mock.lastParams("jobs.print")["key"].toString();
        QVERIFY(!key.isEmpty());
        p.mock.goAway();
        QVERIFY(p.waitForItem("service-lost"));
        p.mock.setLatency(1);
        p.mock.comeBack();
        QVERIFY(p.waitForPage("Job"));
        QCOMPARE(p.mock.calls().count("jobs.print"), 2);
        QCOMPARE(p.mock.lastParams("jobs.print")["key"].toString(), key);
    }

    void theServiceGoesAwayAndComesBackAndThePageIsStillThere()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toFiles(p));
        p.mock.goAway();
        QVERIFY(p.waitForItem("service-lost"));
        p.mock.comeBack();
        QVERIFY(p.waitFor([&] { return p.find("service-lost") == nullptr; }, 8000));
        QCOMPARE(p.page(), QStringLiteral("Files"));
        QVERIFY(p.find("file-row-0"));
    }

    void severalPagesAreScannedFromTheGlassAndFinished()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toFiles(p));
        QVERIFY(p.tap("scan-here-button"));
        QVERIFY(p.waitForPage("Scan"));
        QVERIFY(p.waitForItem("pages-many"));
        QVERIFY(p.tap("pages-many"));
        QVERIFY(p.tap("scan-button"));
        QVERIFY(p.waitForPage("Job"));
        QVERIFY(p.waitFor([&] { return p.backend.job.screen() == JobsModel::NextPage; }, 10'000));
        QVERIFY(p.tap("next-page-button"));
        QVERIFY(p.waitFor([&] { return p.backend.job.screen() == JobsModel::NextPage && p.backend.job.pages() == 2; },
                          10'000));
        QVERIFY(p.tap("finish-button"));
        QVERIFY(p.waitFor([&] { return p.backend.job.screen() == JobsModel::Done; }, 10'000));
        QCOMPARE(p.mock.lastParams("jobs.scan")["settings"].toObject()["pages"].toString(), QStringLiteral("many"));
    }

    void afterAJamThePagesAreKeptIfThePersonSaysSo()
    {
        PanelFixture p("scan-jam", "en", kSize);
        QVERIFY(toFiles(p));
        QVERIFY(p.tap("scan-here-button"));
        QVERIFY(p.waitForPage("Scan"));
        QVERIFY(p.waitForItem("source-feeder"));
        QVERIFY(p.tap("source-feeder"));
        QVERIFY(p.tap("scan-button"));
        QVERIFY(p.waitForPage("Job"));
        QVERIFY(p.waitFor([&] { return p.backend.job.screen() == JobsModel::Decision; }, 10'000));
        QVERIFY(p.tap("finish-button"));
        QVERIFY(p.waitFor([&] { return p.backend.job.screen() == JobsModel::Done; }, 10'000));
        QCOMPARE(p.mock.lastParams("jobs.continue")["action"].toString(), QStringLiteral("finish"));
    }

    void aProfileIsDeletedOnlyAfterAsking()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-menu-0"));
        QVERIFY(p.tap("menu-delete"));
        QVERIFY(p.waitForItem("dialog-confirm"));
        QVERIFY(!p.mock.calls().contains("profiles.delete"));
        QVERIFY(p.tap("dialog-confirm"));
        QVERIFY(p.waitFor([&] { return p.mock.calls().contains("profiles.delete"); }));
        QVERIFY(p.waitFor([&] { return p.backend.profiles.count() == 3; }));
    }

    void theLanguageSwitchesAtOnceAndBack()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.tap("language-button"));
        QVERIFY(p.waitFor([&] { return p.find("user-label")->property("text") == QStringLiteral("Invité"); }));
        QVERIFY(p.findText(QStringLiteral("Réglages")));
        QCOMPARE(p.mock.lastParams("settings.set")["language"].toString(), QStringLiteral("fr"));
        QVERIFY(p.tap("language-button"));
        QVERIFY(p.waitFor([&] { return p.find("user-label")->property("text") == QStringLiteral("Guest"); }));
        QVERIFY(p.findText(QStringLiteral("Settings")));
    }

    void manyFilesComePageByPage()
    {
        PanelFixture p("many-files", "en", kSize);
        QVERIFY(toFiles(p));
        QVERIFY(p.backend.files.count() < 1000);
        QQuickItem *list = p.find("file-list");
        QVERIFY(list);
        QVERIFY(p.waitFor(
            [&] {
                QMetaObject::invokeMethod(list, "positionViewAtEnd");
                return p.backend.files.count() >= 2'000;
            },
            30'000));
    }

    void picturesOfFilesComeAsTheirRowsDoAndStayWithTheProfile()
    {
        PanelFixture p("normal", "en", kSize);
        const auto asked = [&] { return int(p.mock.calls().count("files.thumbnail")); };
        const auto pictured = [&] {
            return p.waitFor([&] {
                if (QQuickItem *list = p.find("file-list"))
                    list->setProperty("contentY", 216.0);
                const QQuickItem *harbour = p.find("thumbnail", p.find("file-row-5"));
                return harbour && harbour->property("shown").toBool();
            });
        };
        QVERIFY(toFiles(p));
        QVERIFY(pictured());
        QVERIFY(!p.find("thumbnail", p.find("file-row-4"))); // the cloud has none of a sheet
        const int first = asked();
        // Into a folder and back: nothing is asked again.
        p.find("file-list")->setProperty("contentY", 0.0);
        QVERIFY(p.waitForItem("file-row-2") && p.tap("file-row-2"));
        QVERIFY(p.waitFor([&] { return p.backend.files.face() == FacedModel::Empty; }));
        QVERIFY(p.tap("back-button"));
        QVERIFY(pictured());
        QCOMPARE(asked(), first);
        // The profile chosen anew: nothing was kept.
        QVERIFY(p.tap("back-button") && p.waitForPage("Profiles"));
        QVERIFY(p.tap("profile-row-0") && p.waitForPage("Files"));
        QVERIFY(pictured());
        QVERIFY(asked() > first);
        // The same for whoever comes next.
        const int second = asked();
        p.backend.session.end();
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(toFiles(p));
        QVERIFY(pictured());
        QVERIFY(asked() > second);
    }

    void theListDoesNotWaitForPictures()
    {
        PanelFixture p("normal", "en", kSize);
        p.mock.hush("files.thumbnail");
        QVERIFY(toFiles(p));
        QVERIFY(p.waitFor([&] { return p.mock.calls().count("files.thumbnail") == 2; }));
        QVERIFY(p.tap("file-row-2")); // a folder
        QVERIFY(p.waitFor([&] { return p.backend.files.face() == FacedModel::Empty; }));
        QCOMPARE(int(p.mock.calls().count("files.thumbnail")), 2);
    }

    void whatIsNoPictureIsNotDrawn()
    {
        Thumbnail item;
        const auto png = [](int width, int height) {
            QByteArray bytes;
            QBuffer out(&bytes);
            QImage image(width, height, QImage::Format_Mono);
            image.fill(0);
            image.save(&out, "PNG");
            return bytes;
        };
        item.setPicture(png(80, 60));
        QVERIFY(item.shown());
        for (const QByteArray &bytes :
             {QByteArray("<html>"), png(80, 60).left(30), png(20'000, 10), QByteArray("GIF89a"), QByteArray()}) {
            item.setPicture(bytes);
            QVERIFY2(!item.shown(), bytes.left(10).toHex());
        }
    }

    void nobodyThereEndsTheSessionAndGoesHome()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toFiles(p));
        p.backend.idle.leaveAlone(50);
        QVERIFY(p.waitForItem("idle-countdown"));
        p.backend.idle.leaveAlone(10);
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.mock.calls().contains("session.end"));
    }

    void whoComesBackFromAFolderIsWhereTheyWere()
    {
        PanelFixture p("deep", "en", kSize);
        QVERIFY(toFiles(p));
        QVERIFY(p.waitForItem("file-row-0"));
        QQuickItem *list = p.find("file-list");
        QVERIFY(p.waitFor([&] { return list->property("contentHeight").toReal() > 3000; }));
        list->setProperty("contentY", 2000);
        QVERIFY(p.waitForItem("file-row-30"));
        QVERIFY(p.waitFor([&] {
            list->setProperty("contentY", 2000);
            return p.backend.files.count() == 250;
        }));
        const int lists = int(p.mock.calls().count("files.list"));
        QVERIFY(p.tap("file-row-30"));
        QVERIFY(p.waitFor([&] { return p.backend.files.crumbs().size() == 2; }));
        QVERIFY(p.waitFor([&] { return p.backend.files.face() == FacedModel::Empty; }));
        QVERIFY(p.tap("back-button"));
        QVERIFY(p.waitFor([&] { return p.backend.files.crumbs().size() == 1; }));
        QCOMPARE(list->property("contentY").toReal(), 2000.0);
        QCOMPARE(p.backend.files.count(), 250);
        // Shown as it was, not read again.
        QCOMPARE(int(p.mock.calls().count("files.list")), lists + 1);
        QVERIFY(p.tap("search-button"));
        QVERIFY(p.tap("back-button"));
        QCOMPARE(list->property("contentY").toReal(), 2000.0);
    }

    void onlyWhatTheEntriesHaveCanBeSortedBy()
    {
        PanelFixture folders("deep", "en", kSize);
        QVERIFY(toFiles(folders));
        QVERIFY(folders.tap("menu-button"));
        QVERIFY(folders.tap("menu-sort"));
        QVERIFY(folders.waitForItem("choice-1"));
        QVERIFY(!folders.find("choice-2"));

        PanelFixture places("places", "en", kSize);
        QVERIFY(toFiles(places));
        QVERIFY(places.tap("menu-button"));
        QVERIFY(places.tap("menu-sort"));
        QVERIFY(places.waitForItem("choice-5"));
    }

    void aGuestSeesNoNamesOfOtherGuestsJobs()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toFiles(p));
        QVERIFY(p.tap("file-row-3"));
        QVERIFY(p.waitForPage("Print"));
        QVERIFY(p.tap("print-button"));
        QVERIFY(p.waitForPage("Job"));
        QVERIFY(p.waitFor([&] { return p.find("job-title") != nullptr || p.find("done-button") != nullptr; }));
        const auto nameAt = [&](int row) { return p.backend.jobs.index(row, 0).data(JobsModel::NameRole).toString(); };
        QVERIFY(p.waitFor([&] { return p.backend.jobs.count() == 4; }));
        QCOMPARE(nameAt(0), QStringLiteral("Agenda.pdf"));
        QCOMPARE(nameAt(1), QString());
        p.backend.session.end();
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.waitFor([&] { return p.backend.jobs.count() == 4; }));
        QCOMPARE(nameAt(0), QString());
        QVERIFY(p.tap("tile-jobs"));
        QVERIFY(p.waitForItem("job-row-0"));
        QVERIFY(!p.findText("Agenda.pdf"));
        QVERIFY(p.tap("job-row-0"));
        QVERIFY(p.waitForPage("Job"));
        QVERIFY(!p.findText("Agenda.pdf"));
    }

    void aHomeScreenThatNobodyTouchesForgetsWhatTheGuestBegan()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(p.waitForPage("Home"));
        p.backend.idle.setTimeout(0); // the shortest there is
        p.backend.idle.touch();
        QVERIFY(p.waitFor([&] { return p.mock.calls().contains("session.end"); }, 8000));
    }

    void enterAfterTheNameLeadsAGuestToThePinAndMakesNothing()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("add-button"));
        QVERIFY(p.waitForPage("NewProfile"));
        p.find("name-field")->forceActiveFocus();
        QTest::keyClick(p.window(), Qt::Key_X);
        QTest::keyClick(p.window(), Qt::Key_Return);
        QVERIFY(p.waitFor([&] { return p.window()->activeFocusItem()->objectName() == "pin-row"; }));
        QVERIFY(!p.mock.calls().contains("profiles.create"));
        QVERIFY(p.tap("create-button"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(!p.mock.lastParams("profiles.create").contains("pin"));
    }

    void aDeadPinLeadsToANewOneAndTheSignIn()
    {
        PanelFixture p("health", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-row-1"));
        QVERIFY(p.waitForPage("Pin"));
        QVERIFY(p.tap("failed-action"));
        QVERIFY(p.waitForPage("ChoosePin"));
        QVERIFY(typeDigits(p, "8642"));
        QVERIFY(p.tap("pin-next-button"));
        QVERIFY(typeDigits(p, "8642"));
        QVERIFY(p.tap("pin-next-button"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(p.waitFor([&] { return p.backend.authorization.state() == Authorization::Waiting; }));
        QCOMPARE(p.mock.lastParams("profiles.authorize")["pin"].toString(), QStringLiteral("8642"));
    }

    void theInstructionsGoByMailOnlyWhereMailIsSet()
    {
        PanelFixture p("normal", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("add-button"));
        QVERIFY(p.waitForPage("NewProfile"));
        p.find("name-field")->setProperty("text", "Atelier");
        QVERIFY(p.tap("create-button"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(p.tap("send-button"));
        QVERIFY(p.waitForPage("SendInstructions"));
        p.find("name-field")->setProperty("text", "nobody");
        QVERIFY(!p.find("save-button")->isEnabled());
        p.find("name-field")->setProperty("text", "mara.lind@brightwater.example");
        p.mock.failNext("profiles.sendInstructions", "timeout");
        QVERIFY(p.tap("save-button"));
        QVERIFY(p.waitForItem("field-error"));
        p.find("name-field")->setProperty("text", "mara@brightwater.example");
        QVERIFY(p.tap("save-button"));
        QVERIFY(p.waitForPage("Link"));
        QCOMPARE(p.mock.lastParams("profiles.sendInstructions")["to"].toString(),
                 QStringLiteral("mara@brightwater.example"));
        QVERIFY(p.tap("dialog-confirm"));
        QVERIFY(p.tap("print-instructions-button"));
        QVERIFY(p.waitFor([&] { return p.mock.calls().contains("profiles.printInstructions"); }));

        PanelFixture without("link-server", "en", kSize);
        QVERIFY(toProfiles(without));
        QVERIFY(without.tap("profile-row-3"));
        QVERIFY(without.waitForPage("Link"));
        QVERIFY(without.waitForItem("print-instructions-button"));
        QVERIFY(!without.find("send-button"));
    }

    void whoSignsInSeesTheirOwnProfilesAndWhoSignsOutLeavesNothing()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(signInMara(p));
        QVERIFY(toProfiles(p));
        QVERIFY(p.waitFor([&] { return p.backend.profiles.count() == 1; }));
        QVERIFY(p.tap("profile-row-0"));
        QVERIFY(p.waitForPage("Files"));
        QVERIFY(p.waitForItem("file-row-5"));
        QCOMPARE(p.find("user-label")->property("text").toString(), QStringLiteral("Mara Lind"));
        QVERIFY(p.tap("file-row-5"));
        QVERIFY(p.waitForPage("Print"));
        QVERIFY(p.waitFor([&] { return p.backend.printer.ready(); }));
        QVERIFY(p.tap("print-button"));
        QVERIFY(p.waitForPage("Job"));
        QVERIFY(!remainsOfMara(p).isEmpty());
        QVERIFY(p.tap("user-button"));
        QVERIFY(p.tap("dialog-confirm"));
        // At once: before the service has answered, and before anything is painted.
        QVERIFY(p.backend.session.guest());
        QCOMPARE(p.backend.files.count() + p.backend.profiles.count(), 0);
        QVERIFY(p.waitForPage("Home"));
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY2(remainsOfMara(p).isEmpty(), qPrintable(remainsOfMara(p).join(", ")));
        QVERIFY(p.mock.calls().contains("session.signOut"));
        QVERIFY(p.waitFor([&] { return p.backend.jobs.count() == 3; }));
        QVERIFY2(remainsOfMara(p).filter("dissertation").isEmpty(), "of the person's jobs");
        QVERIFY(toProfiles(p));
        QVERIFY(p.waitFor([&] { return p.backend.profiles.count() == 4; }));
    }

    void theServiceEndsASessionAndThePanelForgetsIt()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(signInMara(p));
        QVERIFY(toFiles(p));
        p.mock.endSession("inactive");
        QVERIFY(p.waitForPage("Home"));
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(p.backend.session.guest());
        QVERIFY(p.waitFor([&] { return p.backend.jobs.count() == 3; }));
        QVERIFY2(remainsOfMara(p).filter("dissertation").isEmpty(), qPrintable(remainsOfMara(p).join(", ")));
    }

    void aLostServiceEndsAPersonsSession()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(signInMara(p));
        QVERIFY(toFiles(p));
        p.mock.goAway();
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.backend.session.guest());
    }

    void aPersonWhoLeavesIsCountedDownAndSignedOutFromHomeToo()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(signInMara(p));
        p.backend.idle.leaveAlone(50);
        QVERIFY(p.waitForItem("idle-countdown"));
        p.backend.idle.leaveAlone(10);
        QVERIFY(p.waitFor([&] { return p.backend.session.guest(); }));
        QVERIFY(p.mock.calls().contains("session.signOut"));
    }

    void aCodeOnTheScreenKeepsAPersonsSessionForTwiceTheTimeAndNoLonger()
    {
        PanelFixture p("normal", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(signInMara(p));
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("add-button"));
        QVERIFY(p.waitForPage("NewProfile"));
        p.find("name-field")->setProperty("text", "Atelier");
        QVERIFY(p.tap("create-button"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(p.waitForItem("qr-code"));
        p.backend.idle.touch();
        QSignalSpy looked(&p.backend.idle, &IdleWatch::touched); // at each look, until the countdown
        p.backend.idle.leaveAlone(100);
        QVERIFY(p.waitFor([&] { return looked.count() >= 2; }));
        QCOMPARE(p.page(), QStringLiteral("Link"));
        QCOMPARE(p.backend.idle.secondsLeft(), 0);
        p.backend.idle.leaveAlone(10);
        QVERIFY(p.waitForItem("idle-countdown"));
        p.backend.idle.leaveAlone(10);
        QVERIFY(p.waitFor([&] { return p.backend.session.guest(); }));
    }

    void aTouchAtTheCountdownGoesOn()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(signInMara(p));
        p.backend.idle.leaveAlone(50);
        QVERIFY(p.waitForItem("idle-countdown"));
        p.touch(p.find("idle-countdown"));
        QVERIFY(p.waitFor([&] { return p.find("idle-countdown") == nullptr; }));
        QVERIFY(!p.backend.session.guest());
    }

    void aWrongPasswordIsSaidAndTheRightOneSignsIn()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.tap("user-button"));
        QVERIFY(p.waitForPage("SignIn"));
        QVERIFY(p.tap("method-password"));
        QVERIFY(p.waitForItem("password-field"));
        p.find("name-field")->setProperty("text", "tomas");
        p.find("password-field")->setProperty("text", "sesame");
        QVERIFY(p.tap("sign-in-button"));
        QVERIFY(p.waitForItem("sign-in-error"));
        QCOMPARE(p.find("password-field")->property("text").toString(), QString());
        p.find("password-field")->setProperty("text", "open sesame");
        QVERIFY(p.tap("sign-in-button"));
        QVERIFY(p.waitFor([&] { return p.backend.session.name() == "Tomas Verhoeven"; }));
        QVERIFY(p.waitForPage("Home"));
    }

    void tooManyWrongPinsAreCountedDown()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.tap("user-button"));
        QVERIFY(p.tap("method-pin"));
        p.mock.failNext("session.signIn", "sign-in-throttled", {{"retryAfter", 1}});
        QVERIFY(typeDigits(p, "9999"));
        QVERIFY(p.tap("sign-in-button"));
        QVERIFY(p.waitFor([&] { return p.backend.session.waitSeconds() > 0; }));
        QVERIFY(!p.find("key-1")->isEnabled());
        QVERIFY(p.waitFor([&] { return p.backend.session.waitSeconds() == 0; }));
        QVERIFY(typeDigits(p, "2468"));
        QVERIFY(p.tap("sign-in-button"));
        QVERIFY(p.waitFor([&] { return p.backend.session.name() == "Mara Lind"; }));
    }

    void aSignInThatWasAbandonedSignsNobodyIn()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.tap("user-button"));
        QVERIFY(p.waitForPage("SignIn"));
        p.backend.session.signInByPin("2468");
        QVERIFY(p.backend.session.busy());
        p.backend.session.abandon();
        QVERIFY(p.waitFor([&] { return !p.backend.session.busy(); }));
        QVERIFY(p.backend.session.guest());
    }

    void aCardSignsInOnAnyScreenAndAnotherCardChangesThePerson()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-row-1"));
        QVERIFY(p.waitForPage("Pin"));
        holdCard(p, "0417A2B39C");
        QVERIFY(p.waitFor([&] { return p.backend.session.name() == "Mara Lind"; }));
        // The card's digits typed no PIN, and its Enter opened nothing.
        QVERIFY(!p.mock.calls().contains("profiles.open"));
        QVERIFY(p.waitForPage("Profiles"));
        QVERIFY(p.waitFor([&] { return p.backend.profiles.count() == 1; }));
        holdCard(p, "99999999");
        QVERIFY(p.waitForItem("dialog-confirm"));
        QVERIFY(p.backend.session.guest());
        QCOMPARE(p.page(), QStringLiteral("Home"));
    }

    void aCardIsNotSwallowedFromATextField()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-menu-0"));
        QVERIFY(p.tap("menu-rename"));
        QVERIFY(p.waitForPage("Rename"));
        QVERIFY(QTest::qWaitForWindowActive(p.window()));
        QVERIFY(p.waitFor([&] { return p.window()->activeFocusItem()->objectName() == "name-field"; }));
        for (const QChar letter : QStringLiteral("0417a"))
            QTest::keyClick(p.window(), letter.toLatin1());
        QCOMPARE(p.find("name-field")->property("text").toString(), QStringLiteral("0417a"));
        QTest::keyClick(p.window(), Qt::Key_Return);
        QVERIFY(p.waitFor([&] { return p.mock.calls().contains("profiles.rename"); }));
        QVERIFY(!p.mock.calls().contains("session.signIn"));
    }

    void slowKeysAreNoCard()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-row-1"));
        QVERIFY(p.waitForPage("Pin"));
        for (int typed = 1; typed <= 4; ++typed) {
            QTest::keyClick(p.window(), char('0' + typed));
            QVERIFY(p.waitFor([&] { return p.find("pin-dots")->property("count").toInt() == typed; }));
        }
        QTest::keyClick(p.window(), Qt::Key_Return);
        QVERIFY(p.waitForPage("Files"));
        QVERIFY(!p.mock.calls().contains("session.signIn"));
    }

    void whereGuestsAreNotAllowedOnlySigningInIsOffered()
    {
        PanelFixture p("people-only", "en", kSize);
        QVERIFY(p.waitFor([&] { return p.backend.session.closed(); }));
        QVERIFY(p.waitFor([&] { return !p.find("tile-jobs"); }));
        QVERIFY(p.tap("tile-cloud-connector"));
        QVERIFY(p.waitForPage("SignIn"));
        QVERIFY(p.tap("person-row-0"));
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.tap("tile-cloud-connector"));
        QVERIFY(p.waitForPage("Providers"));
    }

    void theKeyboardAloneOpensAFile()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(p.waitForPage("Home"));
        p.window()->requestActivate();
        QVERIFY(QTest::qWaitForWindowActive(p.window()));
        for (int i = 0; i < 6 && p.window()->activeFocusItem()->objectName() != "tile-cloud-connector"; ++i)
            QTest::keyClick(p.window(), Qt::Key_Tab);
        QCOMPARE(p.window()->activeFocusItem()->objectName(), QStringLiteral("tile-cloud-connector"));
        QTest::keyClick(p.window(), Qt::Key_Return);
        QVERIFY(p.waitForPage("Providers"));
        QTest::keyClick(p.window(), Qt::Key_Escape);
        QVERIFY(p.waitForPage("Home"));
    }
};

int main(int argc, char **argv)
{
    prepareProcess();
    QGuiApplication app(argc, argv);
    FlowsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "flows_test.moc"
