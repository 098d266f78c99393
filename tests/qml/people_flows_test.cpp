// SPDX-License-Identifier: Apache-2.0
// Who stands at the panel: signing in and out, guests, cards, leaving; by touch, with the service in memory.
#include "tests/qml/steps.h"

#include <QCoreApplication>
#include <QJsonObject>
#include <QSignalSpy>

using namespace connector::ui;

namespace {

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

class PeopleFlowsTest : public QObject {
    Q_OBJECT

private slots:
    void aDoubleTapOnATileOpensOnePage()
    {
        PanelFixture p("normal", "en", kSize, false, 300);
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.waitForItem("tile-cloud-connector"));
        doubleTap(p, "tile-cloud-connector");
        QVERIFY(p.waitForPage("Providers"));
        QVERIFY(p.go("back-button", "Home"));
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

    void nobodyThereEndsTheSessionAndGoesHome()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toFiles(p));
        QVERIFY(nobodyTouches(p));
        QVERIFY(p.waitForPage("Home"));
        QVERIFY(p.mock.calls().contains("session.end"));
    }

    void aGuestSeesNoNamesOfOtherGuestsJobs()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toPrint(p));
        QVERIFY(p.go("print-button", "Job"));
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
        QVERIFY(p.go("job-row-0", "Job"));
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

    void whoSignsInSeesTheirOwnProfilesAndWhoSignsOutLeavesNothing()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(signInMara(p));
        QVERIFY(toProfiles(p));
        QVERIFY(p.waitFor([&] { return p.backend.profiles.count() == 1; }));
        QVERIFY(p.go("profile-row-0", "Files"));
        QVERIFY(p.waitForItem("file-row-5"));
        QCOMPARE(p.find("user-label")->property("text").toString(), QStringLiteral("Mara Lind"));
        QVERIFY(p.go("file-row-5", "Print"));
        QVERIFY(p.waitFor([&] { return p.backend.printer.ready(); }));
        QVERIFY(p.go("print-button", "Job"));
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
        QVERIFY(nobodyTouches(p));
        QVERIFY(p.waitFor([&] { return p.backend.session.guest(); }));
        QVERIFY(p.mock.calls().contains("session.signOut"));
    }

    void aCodeOnTheScreenKeepsAPersonsSessionForTwiceTheTimeAndNoLonger()
    {
        PanelFixture p("normal", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(signInMara(p));
        QVERIFY(toNewCode(p, "Atelier"));
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
        QVERIFY(p.go("user-button", "SignIn"));
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
        QVERIFY(p.go("user-button", "SignIn"));
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
        QVERIFY(p.go("profile-row-1", "Pin"));
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
        QVERIFY(p.go("menu-rename", "Rename"));
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
        QVERIFY(p.go("profile-row-1", "Pin"));
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
        QVERIFY(p.go("tile-cloud-connector", "SignIn"));
        QVERIFY(p.go("person-row-0", "Home"));
        QVERIFY(p.go("tile-cloud-connector", "Providers"));
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
    return runFlows(PeopleFlowsTest(), argc, argv);
}

#include "people_flows_test.moc"
