// SPDX-License-Identifier: Apache-2.0
// What people do with files, at the printer, the scanner and by shortcut, by touch, with the service in memory.
#include "tests/qml/steps.h"
#include "ui/panel/view/thumbnail.h"

#include <QBuffer>
#include <QImage>
#include <QJsonObject>

using namespace connector::ui;

class WorkFlowsTest : public QObject {
    Q_OBJECT

private slots:
    void aPrintShortcutIsMadeFromTheMenuBesideAFileAndPrintsByOneTapFromHome()
    {
        PanelFixture p("one-cloud", "en", kSize);
        QVERIFY(toFiles(p));
        QVERIFY(p.tap("file-menu-3"));
        QVERIFY(p.go("menu-shortcut", "ShortcutEdit"));
        QVERIFY(p.waitFor([&] { return p.backend.printer.ready(); }));
        QCOMPARE(p.backend.shortcut.draftName(), QStringLiteral("Agenda"));
        QCOMPARE(p.backend.shortcut.draftTargetType(), QStringLiteral("pdf"));
        QVERIFY(p.tap("copies-more"));
        QVERIFY(p.tap("pinned-yes"));
        QVERIFY(p.go("save-button", "Files"));
        QVERIFY(p.tap("dialog-confirm"));
        const QJsonObject made = p.mock.lastParams("shortcuts.add");
        QCOMPARE(made["kind"].toString(), QStringLiteral("print"));
        QCOMPARE(made["target"].toString(), QStringLiteral("e-agenda"));
        QCOMPARE(made["ticket"].toObject()["copies"].toInt(), 2);
        for (const char *to : {"Profiles", "Providers", "Home"}) {
            QVERIFY(p.go("back-button", to));
        }
        QVERIFY(p.go("pinned-0", "Shortcut"));
        QVERIFY(p.waitFor([&] { return p.backend.printer.ready() && p.find("print-button"); }));
        QCOMPARE(p.backend.printer.copies(), 2);
        QVERIFY(p.settle());
        doubleTap(p, "print-button");
        QVERIFY(p.waitForPage("Job"));
        QCOMPARE(p.mock.calls().count("shortcuts.run"), 1);
        QVERIFY(p.go("back-button", "Home"));
    }

    void aScanShortcutIsMadeAtTheTopOfAnOpenFolder()
    {
        PanelFixture p("one-cloud", "fr", kSize);
        QVERIFY(toFiles(p));
        QVERIFY(p.tap("file-row-2"));
        QVERIFY(folderIsEmpty(p));
        QVERIFY(p.tap("menu-button"));
        QVERIFY(p.go("menu-shortcut", "ShortcutEdit"));
        QVERIFY(p.waitFor([&] { return p.backend.scanner.ready(); }));
        QVERIFY(p.tap("source-feeder"));
        QVERIFY(p.go("shortcut-name-row", "ShortcutName"));
        p.find("name-field")->setProperty("text", "Reçus");
        QVERIFY(p.go("save-button", "ShortcutEdit"));
        QVERIFY(p.go("save-button", "Files"));
        const QJsonObject made = p.mock.lastParams("shortcuts.add");
        QCOMPARE(made["kind"].toString(), QStringLiteral("scan"));
        QCOMPARE(made["name"].toString(), QStringLiteral("Reçus"));
        QCOMPARE(made["target"].toString(), QStringLiteral("f-scans"));
        QCOMPARE(made["settings"].toObject()["source"].toString(), QStringLiteral("feeder"));
    }

    void aShortcutAsksForItsProfilesPinEachTime()
    {
        PanelFixture p("shortcuts", "en", kSize);
        QVERIFY(toShortcuts(p));
        for (int i = 0; i < 2; ++i) {
            QVERIFY(goByPin(p, "shortcut-row-3", "1234", "Shortcut"));
            QVERIFY(p.waitForItem("scan-button"));
            QCOMPARE(p.backend.shortcut.targetName(), QStringLiteral("Scans"));
            QCOMPARE(p.backend.shortcut.targetType(), QStringLiteral("folder"));
            QVERIFY(p.go("back-button", "Shortcuts"));
        }
    }

    void aShortcutIsRenamedPinnedAndDeletedFromItsMenu()
    {
        PanelFixture p("shortcuts", "en", kSize);
        QVERIFY(toShortcuts(p));
        QVERIFY(p.tap("shortcut-menu-0"));
        QVERIFY(p.go("menu-rename", "ShortcutRename"));
        p.find("name-field")->setProperty("text", "Assembly");
        QVERIFY(p.go("save-button", "Shortcuts"));
        QVERIFY(p.waitFor([&] { return p.findText("Assembly") != nullptr; }));
        QVERIFY(p.tap("shortcut-menu-0"));
        QVERIFY(p.tap("menu-pin"));
        QVERIFY(p.waitFor([&] { return p.backend.shortcuts.pinned().size() == 2; }));
        // Behind a PIN also its menu is.
        QVERIFY(p.tap("shortcut-menu-3"));
        QVERIFY(goByPin(p, "menu-delete", "1234", "Shortcuts"));
        QVERIFY(p.tap("dialog-confirm"));
        QVERIFY(p.waitFor([&] { return p.backend.shortcuts.count() == 4; }));
    }

    void whatAPinOpenedForAShortcutsMenuIsLockedAgain()
    {
        PanelFixture p("shortcuts", "en", kSize);
        QVERIFY(toShortcuts(p));
        const auto locks = [&] { return p.mock.calls().count("profiles.close"); };
        QVERIFY(p.tap("shortcut-menu-3"));
        QVERIFY(p.tap("menu-pin"));
        QVERIFY(enterPin(p, "1234"));
        QVERIFY(p.waitFor([&] { return locks() == 1; }));
        QVERIFY(p.waitForPage("Shortcuts"));
        QVERIFY(p.tap("shortcut-menu-3"));
        QVERIFY(p.tap("menu-delete"));
        QVERIFY(enterPin(p, "1234"));
        QVERIFY(p.tap("dialog-cancel"));
        QVERIFY(p.waitFor([&] { return locks() == 2; }));
        // Its PIN was right, but its cloud has ended the access.
        QVERIFY(p.tap("shortcut-menu-3"));
        QVERIFY(p.tap("menu-rename"));
        QVERIFY(p.waitForPage("Pin"));
        p.mock.failNext("profiles.open", "access-revoked");
        QVERIFY(enterPin(p, "1234"));
        QVERIFY(p.waitForPage("ShortcutRename"));
        QVERIFY(p.go("back-button", "Shortcuts"));
        QVERIFY(p.waitFor([&] { return locks() == 3; }));
        QVERIFY(p.go("shortcut-row-3", "Pin"));
    }

    void aPinThatIsAskedAgainAtAShortcutLeadsBackThere()
    {
        PanelFixture p("shortcuts", "en", kSize);
        QVERIFY(toShortcuts(p));
        QVERIFY(p.tap("shortcut-row-3"));
        p.mock.failNext("shortcuts.check", "pin-required");
        QVERIFY(enterPin(p, "1234"));
        QVERIFY(p.waitForPage("Shortcut"));
        QVERIFY(goByPin(p, "failed-action", "1234", "Shortcut"));
        QVERIFY(p.waitForItem("scan-button"));
        QVERIFY(p.go("edit-button", "ShortcutEdit"));
        p.mock.failNext("files.list", "pin-required");
        QVERIFY(p.go("target-row", "Files"));
        QVERIFY(goByPin(p, "failed-action", "1234", "Files"));
        QVERIFY(p.waitFor([&] { return p.backend.files.face() != FacedModel::Failed; }));
    }

    void aShortcutWhoseFileIsGoneTakesAnother()
    {
        PanelFixture p("shortcuts", "en", kSize);
        QVERIFY(toShortcuts(p));
        QVERIFY(p.tap("shortcut-row-4"));
        QVERIFY(p.waitForItem("shortcut-problem"));
        QVERIFY(p.tap("choose-another-button"));
        QVERIFY(p.go("target-row", "Files"));
        QVERIFY(p.waitFor([&] { return p.backend.files.face() == FacedModel::Content; }));
        QVERIFY(p.go("file-row-3", "ShortcutEdit"));
        QCOMPARE(p.backend.shortcut.draftTargetName(), QStringLiteral("Agenda.pdf"));
        QVERIFY(p.go("save-button", "Shortcut"));
        QVERIFY(p.waitFor([&] { return p.find("print-button") != nullptr; }));
        QVERIFY(p.backend.shortcut.problem().isEmpty());
    }

    void aShortcutGoesOnOnceItsAccountIsSignedInAgain()
    {
        PanelFixture p("shortcuts", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toShortcuts(p));
        QVERIFY(p.tap("shortcut-row-2")); // "Old letter", whose cloud ended its access
        QVERIFY(p.go("dialog-confirm", "Link"));
        QVERIFY(codeIsOut(p));
        QVERIFY(p.go("back-button", "Shortcuts"));
        QVERIFY(p.tap("shortcut-row-2"));
        QVERIFY(p.go("dialog-confirm", "Link"));
        QVERIFY(codeIsOut(p));
        p.mock.grant(p.backend.profile.profileId());
        QVERIFY(p.waitForPage("Shortcut"));
        QVERIFY(p.waitForItem("print-button"));
        QCOMPARE(p.backend.shortcut.name(), QStringLiteral("Old letter"));
        QVERIFY(p.go("back-button", "Shortcuts"));
    }

    void whoseAccountIsFoundEndedOnTheShortcutsPageComesBackThere()
    {
        PanelFixture p("shortcuts", "en", kSize);
        p.mock.setAutomatic(false);
        QVERIFY(toShortcuts(p));
        p.mock.failNext("shortcuts.check", "access-revoked");
        QVERIFY(p.go("shortcut-row-0", "Shortcut"));
        QVERIFY(p.go("failed-action", "Link"));
        QVERIFY(codeIsOut(p));
        p.mock.grant(p.backend.profile.profileId());
        QVERIFY(p.waitForPage("Shortcut"));
        QVERIFY(p.waitForItem("print-button"));
        // The same while another file is chosen for it.
        QVERIFY(p.go("edit-button", "ShortcutEdit"));
        p.mock.failNext("files.list", "access-revoked");
        QVERIFY(p.go("target-row", "Files"));
        QVERIFY(p.go("failed-action", "Link"));
        QVERIFY(codeIsOut(p));
        p.mock.grant(p.backend.profile.profileId());
        QVERIFY(p.waitForPage("Files"));
        QVERIFY(p.go("file-row-3", "ShortcutEdit"));
        QCOMPARE(p.backend.shortcut.draftTargetName(), QStringLiteral("Agenda.pdf"));
        QVERIFY(p.go("save-button", "Shortcut"));
    }

    void aDoubleTapOnPrintPrintsOnce()
    {
        PanelFixture p("normal", "en", kSize, false, 300);
        QVERIFY(toPrint(p));
        QVERIFY(p.waitForItem("copies-more"));
        QVERIFY(p.tap("copies-more"));
        QCOMPARE(p.backend.printer.copies(), 2);
        QVERIFY(p.waitForItem("print-button"));
        QCOMPARE(p.find("summary")->property("text").toString(), QStringLiteral("2 copies, one side, A4"));
        QVERIFY(p.settle());
        doubleTap(p, "print-button");
        QVERIFY(p.waitForPage("Job"));
        QCOMPARE(p.mock.calls().count("jobs.print"), 1);
        QCOMPARE(p.mock.lastParams("jobs.print")["ticket"].toObject()["copies"].toInt(), 2);
        QVERIFY(jobComesTo(p, JobsModel::Done));
        QVERIFY(p.go("done-button", "Files"));
    }

    void aPrintWhoseAnswerWasLostIsAskedAgainWithTheSameKey()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toPrint(p));
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

    void severalPagesAreScannedFromTheGlassAndFinished()
    {
        PanelFixture p("normal", "en", kSize);
        QVERIFY(toScan(p));
        QVERIFY(p.waitForItem("pages-many"));
        QVERIFY(p.tap("pages-many"));
        QVERIFY(p.go("scan-button", "Job"));
        QVERIFY(jobComesTo(p, JobsModel::NextPage));
        QVERIFY(p.tap("next-page-button"));
        QVERIFY(p.waitFor([&] { return p.backend.job.screen() == JobsModel::NextPage && p.backend.job.pages() == 2; },
                          10'000));
        QVERIFY(p.tap("finish-button"));
        QVERIFY(jobComesTo(p, JobsModel::Done));
        QCOMPARE(p.mock.lastParams("jobs.scan")["settings"].toObject()["pages"].toString(), QStringLiteral("many"));
    }

    void afterAJamThePagesAreKeptIfThePersonSaysSo()
    {
        PanelFixture p("scan-jam", "en", kSize);
        QVERIFY(toScan(p));
        QVERIFY(p.waitForItem("source-feeder"));
        QVERIFY(p.tap("source-feeder"));
        QVERIFY(p.go("scan-button", "Job"));
        QVERIFY(jobComesTo(p, JobsModel::Decision));
        QVERIFY(p.tap("finish-button"));
        QVERIFY(jobComesTo(p, JobsModel::Done));
        QCOMPARE(p.mock.lastParams("jobs.continue")["action"].toString(), QStringLiteral("finish"));
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
        QVERIFY(folderIsEmpty(p));
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
        QVERIFY(folderIsEmpty(p));
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
        QVERIFY(folderIsEmpty(p));
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
};

int main(int argc, char **argv)
{
    return runFlows(WorkFlowsTest(), argc, argv);
}

#include "work_flows_test.moc"
