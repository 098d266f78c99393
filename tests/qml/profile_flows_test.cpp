// SPDX-License-Identifier: Apache-2.0
// What people do with profiles, codes and PINs at the panel, by touch, with the service in memory.
#include "tests/qml/steps.h"

#include <QJsonObject>

using namespace connector::ui;

namespace {

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

} // namespace

class ProfileFlowsTest : public QObject {
    Q_OBJECT

private slots:
    void aProfileWithAPinIsMadeLinkedAndOpened()
    {
        PanelFixture p("one-cloud", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toProfiles(p));
        QVERIFY(p.go("add-button", "NewProfile"));
        p.find("name-field")->setProperty("text", "Summer school");
        QVERIFY(p.go("pin-row", "ChoosePin"));
        QVERIFY(choosePin(p, "2468"));
        QVERIFY(p.waitForPage("NewProfile"));
        QCOMPARE(p.find("name-field")->property("text").toString(), QStringLiteral("Summer school"));
        QVERIFY(p.go("create-button", "Link"));
        QCOMPARE(p.mock.lastParams("profiles.create")["pin"].toString(), QStringLiteral("2468"));
        QVERIFY(p.waitFor([&] { return p.find("qr-code") != nullptr; }));
        QVERIFY(p.find("qr-code")->property("text").toString().contains("code="));
        p.mock.grant(p.backend.profile.profileId());
        QVERIFY(p.waitForPage("Linked"));
        QVERIFY(goByPin(p, "linked-open-button", "2468", "Files"));
        QVERIFY(p.waitForItem("file-row-0"));
        QVERIFY(p.go("back-button", "Profiles"));
    }

    void aCodeOfWideLettersStaysOnOneLine()
    {
        PanelFixture p("one-cloud", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toNewCode(p, "Studio"));
        QVERIFY(codeIsOut(p));
        const QStringList groups = p.backend.authorization.userCode().split('-');
        QCOMPARE(groups.size(), 3);
        for (const QString &group : groups) {
            QVERIFY(p.waitFor([&] { return p.findText(group) != nullptr; }));
            QCOMPARE(p.findText(group)->mapToScene({}).y(), p.findText(groups.first())->mapToScene({}).y());
        }
    }

    void whoeverMadeAProfileIsToldWhoseAccountWasLinkedBeforeItOpens()
    {
        PanelFixture p("one-cloud", "fr", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toNewCode(p, "Atelier"));
        QVERIFY(codeIsOut(p));
        const QString id = p.backend.profile.profileId();
        p.mock.grant(id);
        QVERIFY(p.waitForPage("Linked"));
        QCOMPARE(p.find("linked-account")->property("text").toString(),
                 QStringLiteral("mara.lind@brightwater.example"));
        QVERIFY(p.findText("« Atelier » est lié à ce compte Dropbox :"));
        // Whoever went away without a look is told the next time.
        QVERIFY(p.go("back-button", "Profiles"));
        QVERIFY(!p.mock.calls().contains("profiles.open"));
        QVERIFY(p.go("profile-row-0", "Linked"));
        QVERIFY(p.go("linked-open-button", "Files"));
        QVERIFY(p.go("back-button", "Profiles"));
        QVERIFY(p.go("profile-row-0", "Files"));
    }

    void aProfileThatSomebodyElseLinkedIsRemovedAtOnceAndNotByADoubleTap()
    {
        PanelFixture p("one-cloud", "en", kSize, false, 300);
        p.mock.setAutomatic(false);
        QVERIFY(toNewCode(p, "Atelier"));
        QVERIFY(codeIsOut(p));
        const int before = p.backend.profiles.count();
        p.mock.grant(p.backend.profile.profileId());
        QVERIFY(p.waitForPage("Linked"));
        doubleTap(p, "linked-remove-button");
        QVERIFY(!p.mock.calls().contains("profiles.delete"));
        if (!p.find("dialog-confirm")) // a tap beside the question takes it back
            QVERIFY(p.tap("linked-remove-button"));
        QVERIFY(p.go("dialog-confirm", "Profiles"));
        QCOMPARE(p.mock.calls().count("profiles.delete"), 1);
        QCOMPARE(p.backend.profiles.count(), before - 1);
    }

    void whatWasLinkedWhileTheInstructionsWereWrittenLeadsBackToTheProfiles()
    {
        PanelFixture p("normal", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toNewCode(p, "Atelier"));
        QVERIFY(codeIsOut(p));
        QVERIFY(p.go("send-button", "SendInstructions"));
        p.mock.grant(p.backend.profile.profileId());
        QVERIFY(p.waitForPage("Linked"));
        QVERIFY(p.go("back-button", "Profiles"));
    }

    void signingInAgainOpensWithoutAskingWhoseAccountItIs()
    {
        PanelFixture p("normal", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-menu-0"));
        QVERIFY(p.go("menu-sign-in", "Link"));
        QVERIFY(codeIsOut(p));
        p.mock.grant(p.backend.profile.profileId());
        QVERIFY(p.waitForPage("Files"));
        QVERIFY(p.waitForItem("file-row-0"));
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
        QVERIFY(goByPin(p, "linked-open-button", "2468", "Files"));
        QVERIFY(p.waitForItem("file-row-0"));
    }

    void whatWasLinkedWhileNobodyLookedSaysToWhomOnceThePinWasRight()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(leavePending(p));
        p.mock.grant(p.backend.profiles.index(4, 0).data(ProfilesModel::ProfileIdRole).toString());
        QVERIFY(goByPin(p, "profile-row-4", "2468", "Linked"));
        p.backend.session.end(); // nobody has said that the account is theirs
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(toProfiles(p));
        QVERIFY(goByPin(p, "profile-row-4", "2468", "Linked"));
        QVERIFY(p.go("linked-open-button", "Files"));
    }

    void aProfileThatWasNeverLinkedIsRenamedSignedInAndDeletedForThePin()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(leavePending(p));
        QVERIFY(p.tap("profile-menu-4"));
        QVERIFY(goByPin(p, "menu-rename", "2468", "Rename"));
        p.find("name-field")->setProperty("text", "Winter school");
        QVERIFY(p.go("save-button", "Profiles"));
        QVERIFY(p.tap("profile-menu-4"));
        QVERIFY(goByPin(p, "menu-sign-in", "2468", "Link"));
        QVERIFY(p.waitForItem("qr-code"));
        QVERIFY(p.mock.calls().contains("profiles.authorize"));
        QVERIFY(p.go("back-button", "Profiles"));
        QVERIFY(p.tap("profile-menu-4"));
        QVERIFY(goByPin(p, "menu-delete", "2468", "Profiles"));
        QVERIFY(p.tap("dialog-confirm"));
        QVERIFY(p.waitFor([&] { return p.backend.profiles.count() == 4; }));
    }

    void whoLeavesThePinUnansweredWantsNothingAnyMore()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        QVERIFY(p.tap("profile-menu-1"));
        QVERIFY(p.go("menu-delete", "Pin"));
        QVERIFY(p.go("back-button", "Profiles"));
        QVERIFY(goByPin(p, "profile-row-1", "1234", "Files"));
        QVERIFY(p.waitForItem("file-row-0"));
    }

    void whatAPinOpenedIsLockedAgainOnTheWayBack()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        const auto locks = [&] { return p.mock.calls().count("profiles.close"); };
        QVERIFY(p.tap("profile-menu-1"));
        QVERIFY(goByPin(p, "menu-rename", "1234", "Rename"));
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
        QVERIFY(p.go("back-button", "Profiles"));
        QVERIFY(p.go("profile-row-0", "Files"));
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
        QVERIFY(p.go("profile-row-4", "Pin"));
        QVERIFY(p.go("failed-action", "Profiles"));
        QVERIFY(!p.mock.calls().contains("profiles.delete"));
        QVERIFY(p.tap("dialog-confirm"));
        QVERIFY(p.waitFor([&] { return p.backend.profiles.count() == 4; }));
    }

    void aCancelThatIsRefusedIsSaid()
    {
        PanelFixture p("normal", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toProfiles(p));
        QVERIFY(p.go("profile-row-3", "Link"));
        QVERIFY(p.waitForItem("qr-code"));
        p.mock.failNext("profiles.cancelAuthorization", "pin-required");
        QVERIFY(p.tap("cancel-button"));
        QVERIFY(p.waitForItem("dialog-confirm"));
        QVERIFY(p.findText("This profile is locked"));
        QVERIFY(p.go("dialog-confirm", "Profiles"));
        QVERIFY(p.go("profile-row-3", "Link"));
        QVERIFY(p.go("cancel-button", "Profiles"));
        QVERIFY(p.waitFor([&] { return p.backend.profiles.count() == 3; }));
    }

    void fiveWrongPinsLockTheProfileAndTheScreenCountsDown()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        QVERIFY(p.go("profile-row-1", "Pin"));
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
        QVERIFY(p.go("back-button", "Profiles"));
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

    void enterAfterTheNameLeadsAGuestToThePinAndMakesNothing()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toProfiles(p));
        QVERIFY(p.go("add-button", "NewProfile"));
        p.find("name-field")->forceActiveFocus();
        QTest::keyClick(p.window(), Qt::Key_X);
        QTest::keyClick(p.window(), Qt::Key_Return);
        QVERIFY(p.waitFor([&] { return p.window()->activeFocusItem()->objectName() == "pin-row"; }));
        QVERIFY(!p.mock.calls().contains("profiles.create"));
        QVERIFY(p.go("create-button", "Link"));
        QVERIFY(!p.mock.lastParams("profiles.create").contains("pin"));
    }

    void aDeadPinLeadsToANewOneAndTheSignIn()
    {
        PanelFixture p("health", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toProfiles(p));
        QVERIFY(p.go("profile-row-1", "Pin"));
        QVERIFY(p.go("failed-action", "ChoosePin"));
        QVERIFY(choosePin(p, "8642"));
        QVERIFY(p.waitForPage("Link"));
        QVERIFY(codeIsOut(p));
        QCOMPARE(p.mock.lastParams("profiles.authorize")["pin"].toString(), QStringLiteral("8642"));
    }

    void theInstructionsGoByMailOnlyWhereMailIsSet()
    {
        PanelFixture p("normal", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toNewCode(p, "Atelier"));
        QVERIFY(p.go("send-button", "SendInstructions"));
        p.find("name-field")->setProperty("text", "nobody");
        QVERIFY(!p.find("save-button")->isEnabled());
        p.find("name-field")->setProperty("text", "mara.lind@brightwater.example");
        p.mock.failNext("profiles.sendInstructions", "timeout");
        QVERIFY(p.tap("save-button"));
        QVERIFY(p.waitForItem("field-error"));
        p.find("name-field")->setProperty("text", "mara@brightwater.example");
        QVERIFY(p.go("save-button", "Link"));
        QCOMPARE(p.mock.lastParams("profiles.sendInstructions")["to"].toString(),
                 QStringLiteral("mara@brightwater.example"));
        QVERIFY(p.tap("dialog-confirm"));
        QVERIFY(p.tap("print-instructions-button"));
        QVERIFY(p.waitFor([&] { return p.mock.calls().contains("profiles.printInstructions"); }));

        PanelFixture without("link-server", "en", kSize);
        QVERIFY(toProfiles(without));
        QVERIFY(without.go("profile-row-3", "Link"));
        QVERIFY(without.waitForItem("print-instructions-button"));
        QVERIFY(!without.find("send-button"));
    }
};

int main(int argc, char **argv)
{
    return runFlows(ProfileFlowsTest(), argc, argv);
}

#include "profile_flows_test.moc"
