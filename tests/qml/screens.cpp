// SPDX-License-Identifier: Apache-2.0
#include "tests/qml/screens.h"

#include <QFontMetricsF>
#include <QJsonObject>
#include <QQmlProperty>
#include <QRegularExpression>
#include <QTextOption>

#include <cmath>

namespace connector::ui {

namespace {

using P = PanelFixture;

bool home(P &p)
{
    return p.waitFor([&] { return p.backend.panel.connection() == PanelState::Ready && p.backend.printer.known(); }) &&
           p.waitForPage("Home");
}

bool clouds(P &p)
{
    return home(p) && p.tap("tile-cloud-connector") && p.waitForPage("Providers") &&
           p.waitFor([&] { return p.backend.providers.face() != FacedModel::Loading; });
}

bool profiles(P &p)
{
    return clouds(p) && p.tap("provider-dropbox") && p.waitForPage("Profiles") &&
           p.waitFor([&] { return p.backend.profiles.face() != FacedModel::Loading; });
}

bool files(P &p)
{
    return profiles(p) && p.tap("profile-row-0") && p.waitForPage("Files") &&
           p.waitFor([&] { return p.backend.files.face() != FacedModel::Loading; });
}

bool pin(P &p)
{
    return profiles(p) && p.tap("profile-row-1") && p.waitForPage("Pin");
}

bool type(P &p, const char *digits)
{
    for (const char *digit = digits; *digit; ++digit) {
        if (!p.tap(QStringLiteral("key-%1").arg(QLatin1Char(*digit))))
            return false;
    }
    return true;
}

bool newProfile(P &p)
{
    return profiles(p) && p.tap("add-button") && p.waitForPage("NewProfile");
}

bool typeName(P &p, const char *name)
{
    if (!p.waitForItem("name-field"))
        return false;
    p.find("name-field")->setProperty("text", QString::fromUtf8(name));
    return true;
}

bool typePassword(P &p, const char *password)
{
    if (!p.waitForItem("password-field"))
        return false;
    p.find("password-field")->setProperty("text", QString::fromUtf8(password));
    return true;
}

bool touchField(P &p, const char *field)
{
    if (!p.waitForItem(field))
        return false;
    p.window()->requestActivate();
    p.find(field)->forceActiveFocus();
    // Its keys come after it.
    return p.waitForItem("keyboard") && p.waitFor([&] { return p.findText("p") != nullptr; });
}

bool link(P &p)
{
    p.mock.setAutomatic(false);
    return newProfile(p) && typeName(p, "Summer school") && p.tap("create-button") && p.waitForPage("Link");
}

bool linkIn(P &p, Authorization::State state)
{
    return link(p) && p.waitFor([&] { return p.backend.authorization.state() == state; });
}

bool linked(P &p)
{
    if (!linkIn(p, Authorization::Waiting))
        return false;
    p.mock.grant(p.backend.profile.profileId());
    return p.waitForPage("Linked");
}

bool print(P &p)
{
    return files(p) && p.tap("file-row-3") && p.waitForPage("Print") &&
           p.waitFor([&] { return p.backend.printer.ready() || !p.backend.printer.errorCode().isEmpty(); });
}

bool scan(P &p)
{
    return files(p) && p.tap("file-row-2") && p.waitFor([&] { return p.backend.files.face() == FacedModel::Empty; }) &&
           p.tap("scan-here-button") && p.waitForPage("Scan") &&
           p.waitFor([&] { return p.backend.scanner.ready() || !p.backend.scanner.errorCode().isEmpty(); });
}

bool jobs(P &p)
{
    return home(p) && p.tap("tile-jobs") && p.waitForPage("Jobs");
}

bool signIn(P &p, const char *method)
{
    return home(p) && p.tap("user-button") && p.waitForPage("SignIn") &&
           (!p.find("method-list") || p.tap(QStringLiteral("method-%1").arg(QLatin1String(method))));
}

bool signedIn(P &p)
{
    return signIn(p, "list") && p.tap("person-row-0") &&
           p.waitFor([&] { return !p.backend.session.guest() && p.page() == "Home"; });
}

bool job(P &p, const QJsonObject &fields)
{
    p.mock.setAutomatic(false);
    QJsonObject all = fields;
    if (!all.contains("progress"))
        all["progress"] =
            QJsonObject{{"bytes", 7'340'032}, {"totalBytes", 7'340'032}, {"pages", 3}, {"totalPages", 12}};
    if (!home(p))
        return false;
    p.backend.jobs.begun(p.mock.addJob(all));
    return p.tap("tile-jobs") && p.waitForPage("Jobs") && p.tap("job-row-0") && p.waitForPage("Job") &&
           p.waitFor([&] { return p.backend.job.screen() != JobsModel::Unknown; });
}

QJsonObject scanJob(QJsonObject more)
{
    more["kind"] = "scan";
    more["name"] = "Scan 2026-11-21 10.05";
    more["folderName"] = "Scans";
    if (!more.contains("progress"))
        more["progress"] = QJsonObject{{"bytes", 0}, {"totalBytes", 0}, {"pages", 2}, {"totalPages", 0}};
    return more;
}

QJsonObject scanToDecide(const char *code)
{
    return scanJob({{"stage", "scan"},
                    {"state", "processing-stopped"},
                    {"awaiting", "decision"},
                    {"awaitingError", QJsonObject{{"code", code}}}});
}

bool shortcuts(P &p)
{
    return clouds(p) && p.tap("tile-shortcuts") && p.waitForPage("Shortcuts") &&
           p.waitFor([&] { return p.backend.shortcuts.face() != FacedModel::Loading; });
}

bool shortcut(P &p, const char *row)
{
    return shortcuts(p) && p.tap(QLatin1String(row)) && p.waitForPage("Shortcut") && p.waitFor([&] {
        return p.backend.shortcut.checked() && (p.backend.printer.ready() || p.backend.scanner.ready());
    });
}

bool newShortcut(P &p, const char *menu)
{
    return files(p) && p.tap(QLatin1String(menu)) && p.tap("menu-shortcut") && p.waitForPage("ShortcutEdit") &&
           p.waitFor([&] { return p.backend.printer.ready() || p.backend.scanner.ready(); });
}

bool dialog(P &p)
{
    return p.waitForItem("dialog-cancel") || p.waitForItem("choice-0");
}

} // namespace

const std::vector<Screen> &screens()
{
    static const std::vector<Screen> all{
        {"home", "normal", home},
        {"home-pinned", "shortcuts", home},
        {"home-out-of-paper", "out-of-paper", home},
        {"home-unreachable", "printer-unreachable", home},
        {"home-long-names", "long-names", home},
        {"home-high-contrast", "normal",
         [](P &p) {
             if (!home(p))
                 return false;
             p.backend.panel.setHighContrast(true);
             return home(p);
         }},
        {"starting", "service-lost", [](P &p) { return p.waitForItem("service-lost"); }},
        {"service-lost", "normal",
         [](P &p) {
             if (!files(p))
                 return false;
             p.mock.goAway();
             return p.waitForItem("service-lost");
         }},
        {"idle-countdown", "normal",
         [](P &p) {
             if (!files(p))
                 return false;
             p.backend.idle.leaveAlone(50);
             return p.waitForItem("idle-countdown");
         }},
        {"sign-in-list", "normal", [](P &p) { return signIn(p, "list") && p.waitForItem("person-row-0"); }},
        {"sign-in-list-many", "people-many", [](P &p) { return signIn(p, "list") && p.waitForItem("person-row-0"); }},
        {"sign-in-search", "people-many",
         [](P &p) {
             if (!signIn(p, "list") || !p.tap("search-button") || !p.waitForItem("search-field"))
                 return false;
             p.find("search-field")->setProperty("text", "elise");
             return p.waitFor([&] { return p.backend.people.count() == 8; });
         }},
        {"sign-in-search-nobody", "people-many",
         [](P &p) {
             if (!signIn(p, "list") || !p.tap("search-button") || !p.waitForItem("search-field"))
                 return false;
             p.find("search-field")->setProperty("text", "zz");
             return p.waitForItem("face-empty");
         }},
        {"sign-in-list-long", "long-names", [](P &p) { return signIn(p, "list") && p.waitForItem("person-row-1"); }},
        {"sign-in-list-pin", "normal",
         [](P &p) {
             return signIn(p, "list") && p.tap("person-row-1") && p.waitForPage("SignInSecret") && type(p, "246");
         }},
        {"sign-in-list-pin-wrong", "normal",
         [](P &p) {
             return signIn(p, "list") && p.tap("person-row-1") && p.waitForPage("SignInSecret") && type(p, "9999") &&
                    p.tap("sign-in-button") && p.waitFor([&] { return !p.backend.session.errorCode().isEmpty(); });
         }},
        {"sign-in-list-password", "normal",
         [](P &p) { return signIn(p, "list") && p.tap("person-row-2") && p.waitForPage("SignInSecret"); }},
        {"sign-in-password", "normal", [](P &p) { return signIn(p, "password"); }},
        {"sign-in-password-wrong", "normal",
         [](P &p) {
             return signIn(p, "password") && typeName(p, "tomas") && typePassword(p, "sesame") &&
                    p.tap("sign-in-button") && p.waitForItem("sign-in-error");
         }},
        {"sign-in-directory-down", "directory-down",
         [](P &p) {
             return signIn(p, "password") && typeName(p, "tomas") && typePassword(p, "sesame") &&
                    p.tap("sign-in-button") && p.waitForItem("sign-in-error");
         }},
        {"sign-in-pin", "normal", [](P &p) { return signIn(p, "pin") && type(p, "24"); }},
        {"sign-in-throttled", "normal",
         [](P &p) {
             p.mock.failNext("session.signIn", "sign-in-throttled", {{"retryAfter", 30}});
             return signIn(p, "pin") && type(p, "9999") && p.tap("sign-in-button") &&
                    p.waitFor([&] { return p.backend.session.waitSeconds() > 0; });
         }},
        {"sign-in-card", "normal", [](P &p) { return signIn(p, "card"); }},
        {"sign-in-card-only", "people-card",
         [](P &p) { return home(p) && p.tap("user-button") && p.waitForPage("SignIn"); }},
        {"sign-in-card-wrong", "normal",
         [](P &p) {
             if (!signIn(p, "card"))
                 return false;
             p.backend.session.signInByCard("99999999");
             return p.waitFor([&] { return !p.backend.session.errorCode().isEmpty(); });
         }},
        {"sign-in-card-wrong-elsewhere", "normal",
         [](P &p) {
             if (!clouds(p))
                 return false;
             p.backend.session.signInByCard("99999999");
             return p.waitForItem("dialog-confirm");
         }},
        {"home-signed-in", "normal", signedIn},
        {"home-sign-in-first", "people-only", home},
        {"home-sign-in-high-contrast", "people-only",
         [](P &p) {
             if (!home(p))
                 return false;
             p.backend.panel.setHighContrast(true);
             return signIn(p, "list") && p.waitForItem("person-row-0");
         }},
        {"sign-out", "normal",
         [](P &p) { return signedIn(p) && p.tap("user-button") && p.waitForItem("dialog-confirm"); }},
        {"profiles-signed-in", "normal",
         [](P &p) {
             return signIn(p, "list") && p.tap("person-row-1") && p.waitForPage("SignInSecret") && type(p, "2468") &&
                    p.tap("sign-in-button") && p.waitForPage("Home") && profiles(p);
         }},
        {"new-profile-signed-in", "normal",
         [](P &p) {
             return signIn(p, "list") && p.tap("person-row-1") && p.waitForPage("SignInSecret") && type(p, "2468") &&
                    p.tap("sign-in-button") && p.waitForPage("Home") && newProfile(p);
         }},
        {"clouds", "normal", clouds},
        {"clouds-one", "one-cloud", clouds},
        {"clouds-none", "no-clouds", clouds},
        {"clouds-loading", "slow",
         [](P &p) { return p.waitForPage("Home") && p.tap("tile-cloud-connector") && p.waitForPage("Providers"); }},
        {"clouds-high-contrast", "normal",
         [](P &p) {
             if (!home(p))
                 return false;
             p.backend.panel.setHighContrast(true);
             return clouds(p);
         }},
        {"profiles", "normal", profiles},
        {"profiles-empty", "empty", profiles},
        {"profiles-long-names", "long-names", profiles},
        {"profiles-menu", "normal",
         [](P &p) { return profiles(p) && p.tap("profile-menu-0") && p.waitForItem("menu-rename"); }},
        {"profiles-delete", "normal",
         [](P &p) { return profiles(p) && p.tap("profile-menu-0") && p.tap("menu-delete") && dialog(p); }},
        {"profiles-failed", "normal",
         [](P &p) {
             p.mock.failNext("profiles.list", "unavailable");
             return profiles(p);
         }},
        {"profiles-refused", "normal",
         [](P &p) {
             p.mock.failNext("profiles.open", "domain-refused",
                             {{"domains", QJsonArray{"brightwater.example", "students.brightwater.example"}}});
             return profiles(p) && p.tap("profile-row-0") && p.waitForItem("dialog-confirm");
         }},
        {"rename", "normal",
         [](P &p) {
             return profiles(p) && p.tap("profile-menu-0") && p.tap("menu-rename") && p.waitForPage("Rename");
         }},
        {"rename-taken", "normal",
         [](P &p) {
             return profiles(p) && p.tap("profile-menu-0") && p.tap("menu-rename") && p.waitForPage("Rename") &&
                    typeName(p, "Mara") && p.tap("save-button") && p.waitForItem("field-error");
         }},
        {"new-profile", "normal", newProfile},
        {"new-profile-filled", "normal", [](P &p) { return newProfile(p) && typeName(p, "Summer school"); }},
        {"new-profile-taken", "normal",
         [](P &p) {
             return newProfile(p) && typeName(p, "Mara") && p.tap("create-button") && p.waitForItem("field-error");
         }},
        {"choose-pin", "normal",
         [](P &p) { return newProfile(p) && p.tap("pin-row") && p.waitForPage("ChoosePin") && type(p, "284"); }},
        {"choose-pin-differs", "normal",
         [](P &p) {
             return newProfile(p) && p.tap("pin-row") && p.waitForPage("ChoosePin") && type(p, "2844") &&
                    p.tap("pin-next-button") && type(p, "2845") && p.tap("pin-next-button");
         }},
        {"new-profile-keyboard", "normal", [](P &p) { return newProfile(p) && touchField(p, "name-field"); }, true},
        {"new-profile-keyboard-signed-in", "normal",
         [](P &p) {
             return signIn(p, "list") && p.tap("person-row-1") && p.waitForPage("SignInSecret") && type(p, "2468") &&
                    p.tap("sign-in-button") && p.waitForPage("Home") && newProfile(p) && touchField(p, "name-field");
         },
         true},
        {"sign-in-password-keyboard", "normal",
         [](P &p) { return signIn(p, "password") && touchField(p, "password-field"); }, true},
        {"sign-in-search-keyboard", "people-many",
         [](P &p) { return signIn(p, "list") && p.tap("search-button") && touchField(p, "search-field"); }, true},
        {"keyboard-high-contrast", "normal",
         [](P &p) {
             if (!home(p))
                 return false;
             p.backend.panel.setHighContrast(true);
             return newProfile(p) && touchField(p, "name-field");
         },
         true},
        {"profiles-health", "health", profiles},
        {"profiles-health-menu", "health",
         [](P &p) { return profiles(p) && p.tap("profile-menu-0") && p.waitForItem("menu-rename"); }},
        {"profiles-domain-refused", "health",
         [](P &p) { return profiles(p) && p.tap("profile-row-2") && p.waitForItem("dialog-confirm"); }},
        {"pin-dead", "health", pin},
        {"linked", "normal", linked},
        {"linked-server", "link-server", linked},
        {"linked-long-names", "long-names", linked},
        {"linked-remove", "normal", [](P &p) { return linked(p) && p.tap("linked-remove-button") && dialog(p); }},
        {"linked-high-contrast", "normal",
         [](P &p) {
             if (!home(p))
                 return false;
             p.backend.panel.setHighContrast(true);
             return linked(p);
         }},
        {"link-sending", "normal",
         [](P &p) {
             return linkIn(p, Authorization::Waiting) && p.tap("send-button") && p.waitForPage("SendInstructions");
         }},
        {"link-sent", "normal",
         [](P &p) {
             return linkIn(p, Authorization::Waiting) && p.tap("send-button") && p.waitForPage("SendInstructions") &&
                    typeName(p, "mara.lind@brightwater.example") && p.tap("save-button") && p.waitForPage("Link") &&
                    p.waitForItem("dialog-confirm");
         }},
        {"link-printed", "normal",
         [](P &p) {
             return linkIn(p, Authorization::Waiting) && p.tap("print-instructions-button") &&
                    p.waitForItem("dialog-confirm");
         }},
        {"link-tried", "link-tried", [](P &p) { return linkIn(p, Authorization::Waiting); }},
        {"link", "one-cloud", [](P &p) { return linkIn(p, Authorization::Waiting); }},
        {"link-long", "long-names", [](P &p) { return linkIn(p, Authorization::Waiting); }},
        {"link-server", "link-server", [](P &p) { return linkIn(p, Authorization::Waiting); }},
        {"link-requesting", "link-slow", link},
        {"link-failed", "link-failed", [](P &p) { return linkIn(p, Authorization::Failed); }},
        {"link-expired", "link-expired", [](P &p) { return linkIn(p, Authorization::Expired); }},
        {"link-denied", "link-denied", [](P &p) { return linkIn(p, Authorization::Denied); }},
        {"link-domain", "link-domain", [](P &p) { return linkIn(p, Authorization::Denied); }},
        {"pin", "normal", [](P &p) { return pin(p) && type(p, "12"); }},
        {"pin-wrong", "normal",
         [](P &p) {
             return pin(p) && type(p, "9999") && p.tap("open-button") &&
                    p.waitFor([&] { return p.backend.profile.errorCode() == "pin-wrong"; });
         }},
        {"pin-locked", "pin-locked", pin},
        {"pin-dead-never-linked", "normal",
         [](P &p) {
             p.mock.setAutomatic(false);
             if (!profiles(p))
                 return false;
             p.backend.profiles.create("Summer school", "2468");
             if (!p.waitForItem("profile-row-4"))
                 return false;
             p.mock.killPin(p.backend.profiles.index(4, 0).data(ProfilesModel::ProfileIdRole).toString());
             return p.waitFor(
                        [&] { return p.backend.profiles.index(4, 0).data(ProfilesModel::PinDeadRole).toBool(); }) &&
                    p.tap("profile-row-4") && p.waitForPage("Pin");
         }},
        {"link-not-cancelled", "one-cloud",
         [](P &p) {
             if (!linkIn(p, Authorization::Waiting))
                 return false;
             p.mock.failNext("profiles.cancelAuthorization", "pin-required");
             return p.tap("cancel-button") && p.waitForItem("dialog-confirm");
         }},
        {"files", "normal", files},
        {"files-pictures", "normal",
         [](P &p) {
             if (!files(p) || !p.waitForItem("file-row-2"))
                 return false;
             p.find("file-list")->setProperty("contentY", 216.0);
             const auto shown = [&](const char *row) {
                 const QQuickItem *picture = p.find("thumbnail", p.find(row));
                 return picture && picture->property("shown").toBool();
             };
             return p.waitFor([&] { return shown("file-row-3") && shown("file-row-5") && shown("file-row-6"); });
         }},
        {"files-loading", "normal",
         [](P &p) {
             if (!profiles(p))
                 return false;
             p.mock.setLatency(3'600'000);
             p.backend.profile.choose("p-lab");
             emit p.backend.profile.passed(ProfileSession::Files);
             return p.waitForPage("Files") && p.waitFor([] { return false; }, 1200) == false;
         }},
        {"files-deep", "normal",
         [](P &p) {
             return files(p) && p.tap("file-row-1") && p.waitForItem("crumb-1") &&
                    p.waitFor([&] { return p.backend.files.face() == FacedModel::Content; }) && p.tap("file-row-0") &&
                    p.waitForItem("crumb-2") &&
                    p.waitFor([&] { return p.backend.files.face() == FacedModel::Content; });
         }},
        {"files-empty", "empty",
         [](P &p) {
             if (!profiles(p))
                 return false;
             p.backend.profile.choose("p-none");
             emit p.backend.profile.passed(ProfileSession::Files);
             return p.waitForPage("Files") && p.waitFor([&] { return p.backend.files.face() == FacedModel::Empty; });
         }},
        {"files-offline", "offline", files},
        {"files-places", "places", [](P &p) { return files(p) && p.waitForItem("place-row-2"); }},
        {"files-shared", "places",
         [](P &p) {
             return files(p) && p.tap("place-row-0") && p.waitFor([&] {
                 return p.backend.files.face() == FacedModel::Content && p.backend.files.count() == 1;
             });
         }},
        {"files-rate-limited", "rate-limited",
         [](P &p) {
             return profiles(p) && p.tap("profile-row-0") && p.waitForPage("Files") &&
                    p.waitFor([&] { return p.backend.files.waitingUntil().isValid(); });
         }},
        {"files-many", "many-files", files},
        {"files-long-names", "long-names",
         [](P &p) {
             return profiles(p) && p.tap("profile-row-0") && p.waitForPage("Pin") && type(p, "1234") &&
                    p.tap("open-button") && p.waitForPage("Files") &&
                    p.waitFor([&] { return p.backend.files.face() == FacedModel::Content; });
         }},
        {"files-menu", "normal", [](P &p) { return files(p) && p.tap("menu-button") && p.waitForItem("menu-sort"); }},
        {"files-sort", "normal",
         [](P &p) { return files(p) && p.tap("menu-button") && p.tap("menu-sort") && p.waitForItem("choice-0"); }},
        {"files-unsupported", "normal",
         [](P &p) { return files(p) && p.tap("file-row-7") && p.waitForItem("dialog-confirm"); }},
        {"files-select", "normal",
         [](P &p) {
             return files(p) && p.tap("menu-button") && p.tap("menu-select") && p.tap("file-row-3") &&
                    p.tap("file-row-4");
         }},
        {"files-search", "normal",
         [](P &p) { return files(p) && p.tap("search-button") && p.waitForItem("search-field"); }},
        {"files-found", "normal",
         [](P &p) {
             if (!files(p) || !p.tap("search-button") || !p.waitForItem("search-field"))
                 return false;
             p.find("search-field")->setProperty("text", "re");
             return p.waitFor([&] { return p.backend.files.face() == FacedModel::Content; });
         }},
        {"files-high-contrast", "normal",
         [](P &p) {
             if (!home(p))
                 return false;
             p.backend.panel.setHighContrast(true);
             return files(p);
         }},
        {"new-folder", "normal",
         [](P &p) {
             return files(p) && p.tap("menu-button") && p.tap("menu-new-folder") && p.waitForPage("NewFolder");
         }},
        {"print", "normal", print},
        {"print-many", "normal",
         [](P &p) {
             return files(p) && p.tap("menu-button") && p.tap("menu-select") && p.tap("file-row-3") &&
                    p.tap("file-row-4") && p.tap("print-selection-button") && p.waitForPage("Print") &&
                    p.waitFor([&] { return p.backend.printer.ready(); });
         }},
        {"print-paper", "normal",
         [](P &p) {
             if (!print(p))
                 return false;
             return p.waitForItem("media-row") &&
                    (p.find("media-row"), QMetaObject::invokeMethod(p.find("media-row"), "clicked")) &&
                    p.waitForItem("choice-0");
         }},
        {"print-no-paper", "out-of-paper", print},
        {"print-unreachable", "printer-unreachable", print},
        {"page-range", "normal",
         [](P &p) {
             return print(p) && QMetaObject::invokeMethod(p.find("range-row"), "clicked") && p.waitForPage("PageRange");
         }},
        {"print-high-contrast", "normal",
         [](P &p) {
             if (!home(p))
                 return false;
             p.backend.panel.setHighContrast(true);
             return print(p);
         }},
        {"scan", "normal", scan},
        {"scan-unreachable", "scanner-unreachable", scan},
        {"scan-feeder", "normal", [](P &p) { return scan(p) && p.tap("source-feeder"); }},
        {"document-name", "normal",
         [](P &p) {
             return scan(p) && QMetaObject::invokeMethod(p.find("scan-name-row"), "clicked") &&
                    p.waitForPage("DocumentName");
         }},
        {"job-fetch", "empty",
         [](P &p) {
             return job(
                 p, {{"stage", "fetch"},
                     {"progress",
                      QJsonObject{{"bytes", 2'100'000}, {"totalBytes", 7'340'032}, {"pages", 0}, {"totalPages", 0}}}});
         }},
        {"job-print", "empty",
         [](P &p) {
             return job(p, {{"stage", "print"}});
         }},
        {"job-no-paper", "empty",
         [](P &p) {
             return job(p,
                        {{"stage", "print"}, {"state", "processing-stopped"}, {"reasons", QJsonArray{"media-empty"}}});
         }},
        {"job-jam", "empty",
         [](P &p) {
             return job(p, {{"stage", "print"}, {"state", "processing-stopped"}, {"reasons", QJsonArray{"media-jam"}}});
         }},
        {"job-network", "empty",
         [](P &p) {
             return job(
                 p, {{"stage", "fetch"}, {"state", "processing-stopped"}, {"reasons", QJsonArray{"network-waiting"}}});
         }},
        {"job-rate-limited", "empty",
         [](P &p) {
             return job(p, {{"stage", "fetch"},
                            {"state", "processing-stopped"},
                            {"reasons", QJsonArray{"rate-limited"}},
                            {"retryAt", "2026-11-21T10:42:00Z"}});
         }},
        {"job-printed", "empty",
         [](P &p) {
             return job(
                 p,
                 {{"stage", "done"},
                  {"state", "completed"},
                  {"endedAt", "2026-11-21T10:00:00Z"},
                  {"progress",
                   QJsonObject{{"bytes", 7'340'032}, {"totalBytes", 7'340'032}, {"pages", 12}, {"totalPages", 12}}}});
         }},
        {"job-failed", "empty",
         [](P &p) {
             return job(p, {{"stage", "fetch"},
                            {"state", "aborted"},
                            {"endedAt", "2026-11-21T10:00:00Z"},
                            {"error", QJsonObject{{"code", "file-gone"}}}});
         }},
        {"job-outcome-unknown", "empty",
         [](P &p) {
             return job(p, {{"stage", "print"},
                            {"state", "aborted"},
                            {"endedAt", "2026-11-21T10:00:00Z"},
                            {"error", QJsonObject{{"code", "print-outcome-unknown"}}}});
         }},
        {"job-canceled", "empty",
         [](P &p) {
             return job(p, {{"stage", "print"}, {"state", "canceled"}, {"endedAt", "2026-11-21T10:00:00Z"}});
         }},
        {"job-scan", "empty",
         [](P &p) {
             return job(p, scanJob({{"stage", "scan"}}));
         }},
        {"job-next-page", "empty",
         [](P &p) {
             return job(p, scanJob({{"stage", "scan"}, {"state", "processing-stopped"}, {"awaiting", "next-page"}}));
         }},
        {"job-decision", "empty", [](P &p) { return job(p, scanToDecide("feeder-jammed")); }},
        {"job-interrupted", "empty", [](P &p) { return job(p, scanToDecide("scan-interrupted")); }},
        {"job-discard", "empty",
         [](P &p) { return job(p, scanToDecide("feeder-jammed")) && p.tap("discard-button") && dialog(p); }},
        {"job-saved", "empty",
         [](P &p) {
             return job(p, scanJob({{"stage", "done"},
                                    {"state", "completed"},
                                    {"endedAt", "2026-11-21T10:00:00Z"},
                                    {"resultName", "Scan 2026-11-21 10.05.pdf"}}));
         }},
        {"job-storage-full", "empty",
         [](P &p) {
             return job(p, scanJob({{"stage", "deliver"},
                                    {"state", "aborted"},
                                    {"endedAt", "2026-11-21T10:00:00Z"},
                                    {"error", QJsonObject{{"code", "storage-full"}}}}));
         }},
        {"shortcuts", "shortcuts", shortcuts},
        {"shortcuts-long-names", "long-names", shortcuts},
        {"shortcuts-empty", "empty", shortcuts},
        {"shortcuts-menu", "shortcuts",
         [](P &p) { return shortcuts(p) && p.tap("shortcut-menu-1") && p.waitForItem("menu-delete"); }},
        {"shortcuts-search", "shortcuts",
         [](P &p) {
             if (!shortcuts(p) || !p.tap("search-button") || !p.waitForItem("search-field"))
                 return false;
             p.find("search-field")->setProperty("text", "pl");
             return p.waitFor([&] { return p.backend.shortcuts.count() == 1; });
         }},
        {"shortcuts-search-nothing", "shortcuts",
         [](P &p) {
             if (!shortcuts(p) || !p.tap("search-button") || !p.waitForItem("search-field"))
                 return false;
             p.find("search-field")->setProperty("text", "zz");
             return p.waitForItem("face-empty");
         }},
        {"shortcuts-delete", "shortcuts",
         [](P &p) {
             return shortcuts(p) && p.tap("shortcut-menu-0") && p.tap("menu-delete") && p.waitForItem("dialog-confirm");
         }},
        {"shortcuts-expired", "shortcuts",
         [](P &p) { return shortcuts(p) && p.tap("shortcut-row-2") && p.waitForItem("dialog-confirm"); }},
        {"shortcut-rename", "shortcuts",
         [](P &p) {
             return shortcuts(p) && p.tap("shortcut-menu-0") && p.tap("menu-rename") && p.waitForPage("ShortcutRename");
         }},
        {"shortcut-print", "shortcuts", [](P &p) { return shortcut(p, "shortcut-row-0"); }},
        {"shortcut-scan", "shortcuts",
         [](P &p) {
             return shortcuts(p) && p.tap("shortcut-row-3") && p.waitForPage("Pin") && type(p, "1234") &&
                    p.tap("open-button") && p.waitForPage("Shortcut") &&
                    p.waitFor([&] { return p.backend.shortcut.checked() && p.backend.scanner.ready(); });
         }},
        {"shortcut-gone", "shortcuts",
         [](P &p) { return shortcuts(p) && p.tap("shortcut-row-4") && p.waitForItem("shortcut-problem"); }},
        {"shortcut-folder-gone", "shortcuts",
         [](P &p) {
             p.mock.breakShortcut("s-receipts", "no-permission");
             return shortcuts(p) && p.tap("shortcut-row-3") && p.waitForPage("Pin") && type(p, "1234") &&
                    p.tap("open-button") && p.waitForItem("shortcut-problem");
         }},
        {"shortcut-new-print", "normal", [](P &p) { return newShortcut(p, "file-menu-3"); }},
        {"shortcut-new-scan", "normal", [](P &p) { return newShortcut(p, "file-menu-2"); }},
        {"shortcut-name-taken", "normal",
         [](P &p) {
             if (!newShortcut(p, "file-menu-3"))
                 return false;
             p.backend.shortcut.setDraftName("Agenda");
             return p.tap("save-button") && p.waitForItem("shortcut-error");
         }},
        {"shortcut-name", "normal",
         [](P &p) {
             return newShortcut(p, "file-menu-3") && p.tap("shortcut-name-row") && p.waitForPage("ShortcutName");
         }},
        {"shortcut-edit", "shortcuts",
         [](P &p) {
             return shortcut(p, "shortcut-row-0") && p.tap("edit-button") && p.waitForPage("ShortcutEdit") &&
                    p.waitFor([&] { return p.backend.printer.ready(); });
         }},
        {"shortcut-choose-file", "shortcuts",
         [](P &p) {
             return shortcuts(p) && p.tap("shortcut-row-4") && p.tap("choose-another-button") && p.tap("target-row") &&
                    p.waitForPage("Files") && p.waitFor([&] { return p.backend.files.face() == FacedModel::Content; });
         }},
        {"shortcut-added", "normal",
         [](P &p) { return newShortcut(p, "file-menu-4") && p.tap("save-button") && p.waitForItem("dialog-confirm"); }},
        {"shortcut-choose-folder", "shortcuts",
         [](P &p) {
             p.mock.breakShortcut("s-receipts", "file-gone");
             return shortcuts(p) && p.tap("shortcut-row-3") && p.waitForPage("Pin") && type(p, "1234") &&
                    p.tap("open-button") && p.tap("choose-another-button") && p.tap("target-row") &&
                    p.waitForPage("Files") && p.waitFor([&] { return p.backend.files.face() == FacedModel::Content; });
         }},
        {"files-file-menu", "normal",
         [](P &p) { return files(p) && p.tap("file-menu-3") && p.waitForItem("menu-shortcut"); }},
        {"files-folder-menu", "normal",
         [](P &p) { return files(p) && p.tap("file-menu-0") && p.waitForItem("menu-shortcut"); }},
        {"jobs", "normal",
         [](P &p) {
             p.mock.setAutomatic(false);
             if (!home(p))
                 return false;
             p.backend.jobs.begun(
                 p.mock.addJob({{"stage", "print"}, {"progress", QJsonObject{{"pages", 3}, {"totalPages", 12}}}}));
             p.backend.jobs.begun(p.mock.addJob(
                 scanJob({{"stage", "scan"}, {"state", "processing-stopped"}, {"awaiting", "decision"}})));
             return p.tap("tile-jobs") && p.waitForPage("Jobs");
         }},
        {"job-of-another", "empty",
         [](P &p) {
             p.mock.setAutomatic(false);
             if (!home(p))
                 return false;
             p.mock.addJob({{"stage", "print"}, {"progress", QJsonObject{{"pages", 0}, {"totalPages", 24}}}});
             return p.tap("tile-jobs") && p.waitForPage("Jobs") && p.tap("job-row-0") && p.waitForPage("Job") &&
                    p.waitForItem("job-bar");
         }},
        {"jobs-empty", "empty", jobs},
        {"settings", "normal", [](P &p) { return home(p) && p.tap("tile-settings") && p.waitForPage("Settings"); }},
        {"settings-setup", "setup",
         [](P &p) {
             return home(p) && p.tap("tile-settings") && p.waitForPage("Settings") &&
                    p.waitFor([&] { return p.backend.panel.setupCode() == QStringLiteral("BCDFG-HJKLM"); }) &&
                    p.waitForItem("setup-code");
         }},
        {"settings-high-contrast", "normal",
         [](P &p) { return home(p) && p.tap("tile-settings") && p.waitForPage("Settings") && p.tap("contrast-high"); }},
    };
    return all;
}

namespace {

QString pathOf(const QQuickItem *item)
{
    QStringList names;
    for (const QQuickItem *one = item; one && names.size() < 6; one = one->parentItem()) {
        if (!one->objectName().isEmpty())
            names.prepend(one->objectName());
    }
    return names.join(QLatin1Char('/'));
}

// Scrolled content may reach out of its view; all else must be inside the window.
bool scrolled(const QQuickItem *item)
{
    for (const QQuickItem *one = item; one; one = one->parentItem()) {
        if (one->inherits("QQuickFlickable"))
            return true;
    }
    return false;
}

void look(QQuickItem *item, QSizeF window, QStringList &found)
{
    if (!item->isVisible() || item->opacity() < 0.01 || item->objectName() == QStringLiteral("keyboard"))
        return;
    const QRectF box = item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
    const QRectF whole(QPointF(-0.5, -0.5), window + QSizeF(1, 1));
    if (item->inherits("QQuickText") && !item->property("text").toString().isEmpty()) {
        const QString text = item->property("text").toString();
        const bool mayElide = item->property("mayElide").toBool();
        if (!mayElide && item->property("truncated").toBool())
            found += QStringLiteral("cut: “%1” in %2").arg(text, pathOf(item));
        if (!mayElide && item->width() > 0 &&
            (item->property("contentWidth").toReal() > item->width() + 1 ||
             (item->property("contentHeight").toReal() > item->height() + 1 &&
              item->property("lineHeightMode").toInt() == 0)))
            found += QStringLiteral("overflows its box: “%1” in %2").arg(text, pathOf(item));
        if (!mayElide && item->width() > 0 &&
            item->property("wrapMode").toInt() == QTextOption::WrapAtWordBoundaryOrAnywhere) {
            const QFontMetricsF letters(item->property("font").value<QFont>());
            for (const QString &word : text.split(QRegularExpression(QStringLiteral("\\s+")))) {
                if (letters.horizontalAdvance(word) > item->width() + 1)
                    found += QStringLiteral("broken within a word: “%1” in %2").arg(word, pathOf(item));
            }
        }
        if (!scrolled(item) && !whole.contains(box))
            found += QStringLiteral("outside the window: “%1” in %2").arg(text, pathOf(item));
        // Within the nearest parent that clips or frames it.
        for (const QQuickItem *frame = item->parentItem(); frame && !scrolled(item); frame = frame->parentItem()) {
            const bool frames = frame->clip() || frame->inherits("QQuickAbstractButton");
            if (!frames)
                continue;
            const QRectF in =
                frame->mapRectToScene(QRectF(0, 0, frame->width(), frame->height())).adjusted(-1, -1, 1, 1);
            if (!in.contains(box) && !mayElide)
                found += QStringLiteral("reaches out of its frame: “%1” in %2").arg(text, pathOf(item));
            break;
        }
    }
    const bool target = item->inherits("QQuickAbstractButton") || item->inherits("QQuickTextField");
    if (target && item->isEnabled() && (item->height() < 56 || item->width() < 56))
        found += QStringLiteral("target of %1 x %2: %3").arg(item->width()).arg(item->height()).arg(pathOf(item));
    if (target && item->isEnabled() && !scrolled(item) && !whole.contains(box))
        found += QStringLiteral("target outside the window: %1").arg(pathOf(item));
    const auto children = item->childItems();
    for (QQuickItem *child : children)
        look(child, window, found);
}

// Words of one page must not lie over each other.
void collect(QQuickItem *item, QVector<QQuickItem *> &texts)
{
    if (!item->isVisible() || item->opacity() < 0.01)
        return;
    if (item->inherits("QQuickText") && !item->property("text").toString().isEmpty())
        texts += item;
    const auto children = item->childItems();
    for (QQuickItem *child : children)
        collect(child, texts);
}

} // namespace

QStringList faults(const PanelFixture &panel)
{
    QStringList found;
    QQuickItem *root = panel.window()->contentItem();
    look(root, root->size(), found);
    if (QQuickItem *stack = panel.find(QStringLiteral("page-stack"))) {
        QVector<QQuickItem *> texts;
        collect(stack, texts);
        const auto ink = [](const QQuickItem *item) {
            const qreal width = std::min(item->width(), item->property("contentWidth").toReal());
            const int align = item->property("effectiveHorizontalAlignment").toInt();
            qreal x = 0;
            if (align & Qt::AlignRight)
                x = item->width() - width;
            else if (align & Qt::AlignHCenter)
                x = (item->width() - width) / 2;
            QRectF seen = item->mapRectToScene(QRectF(x, 0, width, item->height())).adjusted(1, 3, -1, -3);
            for (const QQuickItem *frame = item->parentItem(); frame; frame = frame->parentItem()) {
                if (frame->clip())
                    seen &= frame->mapRectToScene(QRectF(0, 0, frame->width(), frame->height()));
            }
            return seen;
        };
        for (int i = 0; i < texts.size(); ++i) {
            for (int j = i + 1; j < texts.size(); ++j) {
                if (scrolled(texts[i]) != scrolled(texts[j]))
                    continue;
                if (ink(texts[i]).intersects(ink(texts[j])))
                    found += QStringLiteral("“%1” lies over “%2”")
                                 .arg(texts[i]->property("text").toString(), texts[j]->property("text").toString());
            }
        }
    }
    return found;
}

} // namespace connector::ui
