// SPDX-License-Identifier: Apache-2.0
// What the service in memory begins with, in each scenario.
#include "ui/panel/mock/mock_service.h"
#include "ui/panel/mock/mock_things.h"

namespace connector::ui {

namespace {

QJsonObject printerStatus(const char *state, const QJsonArray &reasons = {})
{
    return {{"name", "Brightwater P40"}, {"state", state}, {"reasons", reasons}, {"message", ""}};
}

QJsonObject scannerStatus(const char *state, const QJsonArray &reasons = {})
{
    return {{"name", "Brightwater S10"}, {"state", state}, {"reasons", reasons}};
}

} // namespace

void MockService::furnish()
{
    const QJsonObject features{{"search", true},       {"searchScope", "subtree"},   {"places", is("places")},
                               {"createFolder", true}, {"serverSort", QJsonArray{}}, {"thumbnails", true}};
    const auto cloud = [&](const char *id, const char *title) {
        m_providers += QJsonObject{{"id", id}, {"title", title}, {"features", features}};
    };
    if (!is("no-clouds")) {
        if (!is("one-cloud"))
            cloud("box", "Box");
        cloud("dropbox", "Dropbox");
        if (!is("one-cloud")) {
            cloud("google-drive", "Google Drive");
            cloud("onedrive", "OneDrive");
            cloud("webdav", "Nextcloud");
        }
    }
    m_settings = {
        {"language", "en"}, {"sessionTimeout", 60}, {"highContrast", false}, {"allowedDomains", QJsonArray{}}};
    m_printer = printerStatus("idle");
    m_scanner = scannerStatus("idle");
    if (is("out-of-paper"))
        m_printer = printerStatus("stopped", {"media-empty"});
    if (is("printer-unreachable"))
        m_printer = printerStatus("unreachable");
    if (is("scanner-unreachable"))
        m_scanner = scannerStatus("unreachable");

    if (!is("empty") && !is("no-clouds")) {
        m_profiles += profile("p-lab", "dropbox", "Lab notebook", "lab@brightwater.example", false, "ready");
        m_profiles += profile("p-mara", "dropbox", "Mara", "mara.lind@brightwater.example", true, "ready");
        m_profiles += profile("p-old", "dropbox", "Old phone", "tomas@brightwater.example", false,
                              is("revoked") ? "revoked" : "expired");
        m_profiles += profile("p-new", "dropbox", "Reading group", {}, false, "pending");
        m_profiles += profile("p-box", "box", "Accounts", "accounts@brightwater.example", true, "ready");
        m_pins = {{"p-mara", "1234"}, {"p-box", "1234"}};
    }
    if (!is("empty") && !is("no-clouds") && !is("one-cloud")) {
        QJsonObject mine = profile("p-mine", "dropbox", "My dissertation", "m.lind@private.example", false, "ready");
        mine["owner"] = "u-mara";
        m_profiles += mine;
        m_people = {
            QJsonObject{{"id", "u-andre"}, {"name", QStringLiteral("André Mbeki")}, {"secret", "none"}, {"is", ""}},
            QJsonObject{
                {"id", "u-mara"}, {"name", "Mara Lind"}, {"secret", "pin"}, {"is", "2468"}, {"card", "0417A2B39C"}},
            QJsonObject{{"id", "u-tomas"},
                        {"name", "Tomas Verhoeven"},
                        {"secret", "password"},
                        {"user", "tomas"},
                        {"is", "open sesame"}}};
    }
    if (is("people-many")) {
        const QStringList first{"Ada", "Björn", "Chiara", "Dmitri", "Élise", "Farid", "Grace", "Hana"};
        const QStringList last{"Abel", "Bauer", "Costa", "Dufour", "Eriksen", "Fischer", "Greco", "Horvat"};
        for (int i = 0; i < 64; ++i)
            m_people += QJsonObject{{"id", QStringLiteral("u-%1").arg(i)},
                                    {"name", first[i % 8] + QLatin1Char(' ') + last[i / 8]},
                                    {"secret", "pin"},
                                    {"is", QString::number(7000 + i)}};
    }
    if (is("long-names")) {
        m_people[1] = QJsonObject{{"id", "u-mara"},
                                  {"name", "Maria-Magdalena von Hohenstein-Wittelsbach y Fernández de Córdoba"},
                                  {"secret", "password"},
                                  {"is", "2468"}};
        m_profiles[0] =
            profile("p-lab", "dropbox", "Laboratory notebook of the geology excursion 202",
                    "geology.excursion.twentytwentysix@students.university-of-brightwater.example", true, "ready");
        m_pins.insert("p-lab", "1234");
    }
    if (is("health")) {
        QJsonObject dead = m_profiles[1].toObject();
        dead["pinDead"] = true;
        m_profiles[1] = dead;
        QJsonObject ending = m_profiles[0].toObject();
        ending["accessEndsAt"] = inTime(9 * 86'400);
        m_profiles[0] = ending;
        QJsonObject refused = m_profiles[2].toObject();
        refused["state"] = "domain-refused";
        m_profiles[2] = refused;
        m_settings["allowedDomains"] = QJsonArray{"brightwater.example", "students.brightwater.example"};
    }
    if (is("pin-locked")) {
        QJsonObject locked = m_profiles[1].toObject();
        locked["lockedUntil"] = inTime(48);
        m_profiles[1] = locked;
    }

    QJsonArray root{
        entry("f-photos", "folder", "Photos", 0, "", "folder", false),
        entry("f-reports", "folder", "Reports", 0, "", "folder", false),
        entry("f-scans", "folder", "Scans", 0, "", "folder", false),
        entry("e-agenda", "file", "Agenda.pdf", 84'210, "2026-11-19T08:12:00Z", "pdf", true),
        entry("e-budget", "document", "Budget 2027.xlsx", 48'776, "2026-11-17T15:40:00Z", "spreadsheet", true),
        entry("e-harbour", "file", "Harbour at dawn.jpg", 3'481'190, "2026-08-02T05:31:00Z", "image", true),
        entry("e-letter", "document", "Letter to the council.docx", 23'890, "2026-10-30T11:05:00Z", "document", true),
        entry("e-song", "file", "Morning song.mp3", 6'120'334, "2025-05-11T19:22:00Z", "audio", false),
        entry("e-notes", "file", "Notes.txt", 1'204, "2026-11-20T17:55:00Z", "text", true),
        entry("e-plan", "file", "Plan.pdf", 7'340'032, "2026-11-20T09:00:00Z", "pdf", true),
        entry("e-talk", "document", "Talk.pptx", 2'210'000, "2026-09-14T13:37:00Z", "presentation", true),
        entry("e-archive", "file", "Website backup.zip", 98'304'112, "2026-01-06T03:00:00Z", "archive", false)};
    if (is("empty"))
        root = {};
    if (is("long-names")) {
        root[0] = entry("f-photos", "folder",
                        "Photographs of the geological excursion to the northern fjords and islands, unsorted", 0, "",
                        "folder", false);
        root[3] = entry("e-agenda", "file",
                        "Protocol of the extraordinary general assembly of the members of the association (final "
                        "version, corrected 3).pdf",
                        84'210, "2026-11-19T08:12:00Z", "pdf", true);
        root[7] =
            entry("e-song", "file",
                  QStringLiteral(
                      "Übergrößenträgerverordnungsänderungsentwurf_ohne_Leerzeichen_und_ohne_Ende_2026-11-20_v17.bin"),
                  6'120'334'000.0, "2025-05-11T19:22:00Z", "other", false);
    }
    m_folders.insert({}, root);
    m_folders.insert("f-reports",
                     {entry("f-2025", "folder", "2025", 0, "", "folder", false),
                      entry("f-2026", "folder", "2026", 0, "", "folder", false),
                      entry("e-annual", "file", "Annual report.pdf", 1'510'223, "2026-02-28T10:00:00Z", "pdf", true)});
    m_folders.insert("f-2025",
                     {entry("e-q1", "file", "First quarter.pdf", 310'223, "2025-04-02T10:00:00Z", "pdf", true)});
    m_folders.insert("f-2026", {});
    m_folders.insert("f-scans", {});
    m_folders.insert("pl-shared",
                     {entry("e-minutes", "file", "Minutes.pdf", 51'200, "2026-11-02T10:00:00Z", "pdf", true)});
    m_folders.insert("pl-recent", {});
    m_folders.insert("f-photos",
                     {entry("e-p1", "file", "Cliff.jpg", 2'310'223, "2026-07-02T10:00:00Z", "image", true),
                      entry("e-p2", "file", "Fjord.png", 4'010'100, "2026-07-03T10:00:00Z", "image", true)});
    if (is("deep")) {
        QJsonArray folders;
        for (int i = 1; i <= 250; ++i) {
            const QString id = QStringLiteral("f-%1").arg(i);
            folders +=
                entry(id, "folder", QStringLiteral("Box %1").arg(i, 3, 10, QLatin1Char('0')), 0, "", "folder", false);
            m_folders.insert(id, {});
        }
        m_folders.insert({}, folders);
    }
    if (is("many-files")) {
        QJsonArray many;
        for (int i = 1; i <= 10'000; ++i)
            many += entry(QStringLiteral("e-%1").arg(i), "file",
                          QStringLiteral("Reading %1.pdf").arg(i, 5, 10, QLatin1Char('0')), 12'000.0 + 37.0 * i,
                          "2026-06-01T12:00:00Z", "pdf", true);
        m_folders.insert({}, many);
    }
}

} // namespace connector::ui
