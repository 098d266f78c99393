// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/mock/mock_service.h"

#include "ui/panel/mock/mock_pictures.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QMap>

#include <algorithm>
#include <utility>

namespace connector::ui {

namespace {

QString inTime(qint64 seconds)
{
    return QDateTime::currentDateTimeUtc().addSecs(seconds).toString(QStringLiteral("yyyy-MM-ddTHH:mm:ssZ"));
}

QJsonObject profile(const char *id, const char *provider, const QString &name, const QString &account, bool hasPin,
                    const char *state)
{
    return {{"id", id},
            {"provider", provider},
            {"name", name},
            {"account", account.isEmpty() ? QJsonValue() : QJsonValue(account)},
            {"accountVerified", !account.isEmpty()},
            {"accountName", QJsonValue()},
            {"hasPin", hasPin},
            {"state", state},
            {"lockedUntil", QJsonValue()},
            {"createdAt", inTime(-90'000)},
            {"lastUsedAt", inTime(-4'000)}};
}

QJsonObject entry(const QString &id, const char *kind, const QString &name, double size, const char *modified,
                  const char *type, bool printable)
{
    const bool folder = QLatin1String(kind) == QLatin1String("folder");
    return {{"id", id},
            {"kind", kind},
            {"name", name},
            {"size", folder ? QJsonValue() : QJsonValue(size)},
            {"modified", folder ? QJsonValue() : QJsonValue(QString::fromLatin1(modified))},
            {"type", type},
            {"printable", printable},
            {"reason", printable || folder ? QJsonValue() : QJsonValue(QStringLiteral("unsupported-type"))},
            {"revision", QStringLiteral("r1")}};
}

QJsonObject printerStatus(const char *state, const QJsonArray &reasons = {})
{
    return {{"name", "Brightwater P40"}, {"state", state}, {"reasons", reasons}, {"message", ""}};
}

QJsonObject scannerStatus(const char *state, const QJsonArray &reasons = {})
{
    return {{"name", "Brightwater S10"}, {"state", state}, {"reasons", reasons}};
}

QJsonObject printerCapabilities()
{
    return {
        {"copies", QJsonObject{{"max", 99}}},
        {"colorModes", QJsonArray{"auto", "color", "monochrome"}},
        {"sides", QJsonArray{"one-sided", "two-sided-long-edge", "two-sided-short-edge"}},
        {"media", QJsonArray{QJsonObject{{"name", "iso_a4_210x297mm"}, {"default", true}},
                             QJsonObject{{"name", "iso_a5_148x210mm"}}, QJsonObject{{"name", "iso_a3_297x420mm"}},
                             QJsonObject{{"name", "na_letter_8.5x11in"}}, QJsonObject{{"name", "na_index-4x6_4x6in"}}}},
        {"formats", QJsonArray{"application/pdf", "image/jpeg"}},
        {"quality", QJsonArray{"draft", "normal", "high"}},
        {"defaults",
         QJsonObject{{"copies", 1}, {"colorMode", "auto"}, {"sides", "one-sided"}, {"media", "iso_a4_210x297mm"}}}};
}

QJsonObject scannerCapabilities()
{
    return {{"sources", QJsonArray{"flatbed", "feeder", "feeder-duplex"}},
            {"colorModes", QJsonArray{"color", "gray", "lineart"}},
            {"resolutions", QJsonArray{75, 150, 200, 300, 600}},
            {"defaults", QJsonObject{{"source", "flatbed"}, {"colorMode", "color"}, {"resolution", 200}}}};
}

constexpr int kPage = 100;
constexpr int kTries = 5;

} // namespace

QStringList MockService::scenarios()
{
    return {"normal",
            "setup",
            "empty",
            "one-cloud",
            "long-names",
            "many-files",
            "pin-locked",
            "link-slow",
            "link-server",
            "link-failed",
            "link-expired",
            "link-denied",
            "link-domain",
            "no-clouds",
            "offline",
            "places",
            "rate-limited",
            "shortcuts",
            "revoked",
            "slow",
            "service-lost",
            "out-of-paper",
            "printer-unreachable",
            "scanner-unreachable",
            "scan-jam",
            "job-failed",
            "job-waiting",
            "storage-full",
            "people-many",
            "people-only",
            "people-card",
            "directory-down",
            "health",
            "link-tried",
            "deep"};
}

MockService::MockService(const QString &scenario, QObject *parent)
    : Carrier(parent), m_scenario(scenarios().contains(scenario) ? scenario : scenarios().first())
{
    furnish();
    furnishJobs();
    furnishShortcuts();
    m_timer.setInterval(100);
    connect(&m_timer, &QTimer::timeout, this, &MockService::step);
    if (is("slow"))
        m_latency = 3600'000;
}

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

void MockService::furnishJobs()
{
    if (is("empty") || is("no-clouds") || is("one-cloud"))
        return;
    const QJsonObject progress{{"bytes", 7'340'032}, {"totalBytes", 7'340'032}, {"pages", 12}, {"totalPages", 12}};
    addJob({{"id", "j-done"},
            {"kind", "print"},
            {"name", "Agenda.pdf"},
            {"state", "completed"},
            {"stage", "done"},
            {"progress", progress},
            {"endedAt", inTime(-3500)},
            {"createdAt", inTime(-3600)}});
    if (is("job-failed") || is("normal"))
        addJob({{"id", "j-failed"},
                {"kind", "print"},
                {"name", "Budget 2027.xlsx"},
                {"state", "aborted"},
                {"stage", "fetch"},
                {"error", QJsonObject{{"code", "file-gone"}}},
                {"endedAt", inTime(-1500)},
                {"createdAt", inTime(-1600)}});
    if (is("job-waiting") || is("out-of-paper"))
        addJob({{"id", "j-wait"},
                {"kind", "print"},
                {"name", "Plan.pdf"},
                {"state", "processing-stopped"},
                {"stage", "print"},
                {"reasons", QJsonArray{"media-empty"}},
                {"progress",
                 QJsonObject{{"bytes", 7'340'032}, {"totalBytes", 7'340'032}, {"pages", 3}, {"totalPages", 12}}}});
    if (is("normal"))
        addJob({{"id", "j-scan"},
                {"kind", "scan"},
                {"name", "Scan 2026-11-21 10.05"},
                {"state", "completed"},
                {"stage", "done"},
                {"folderName", "Scans"},
                {"resultName", "Scan 2026-11-21 10.05.pdf"},
                {"progress", QJsonObject{{"bytes", 912'400}, {"totalBytes", 912'400}, {"pages", 2}, {"totalPages", 0}}},
                {"endedAt", inTime(-600)},
                {"createdAt", inTime(-700)}});
}

void MockService::furnishShortcuts()
{
    if (is("empty") || is("no-clouds") || is("one-cloud"))
        return;
    const auto add = [this](const char *id, const char *kind, const QString &name, const char *profileId,
                            const char *target, const QString &targetName, bool pinned) {
        const QJsonObject ticket{{"copies", 2}, {"sides", "two-sided-long-edge"}, {"colorMode", "monochrome"}};
        const QJsonObject settings{{"source", "feeder"}, {"colorMode", "gray"}, {"resolution", 300}};
        const bool print = QLatin1String(kind) == QLatin1String("print");
        m_shortcuts += QJsonObject{{"id", id},
                                   {"kind", kind},
                                   {"name", name},
                                   {"profile", profileId},
                                   {"target", target},
                                   {"targetName", targetName},
                                   {print ? "ticket" : "settings", print ? ticket : settings},
                                   {"pinned", pinned},
                                   {"problem", QJsonValue()},
                                   {"createdAt", inTime(-70'000)},
                                   {"lastUsedAt", QJsonValue()}};
    };
    // Plainly furnished for what is about something else: nothing on the home screen.
    const bool many = is("shortcuts") || is("long-names");
    add("s-agenda", "print", is("long-names") ? "Agenda of the general assembly, both" : "Agenda", "p-lab", "e-agenda",
        "Agenda.pdf", many);
    add("s-receipts", "scan", is("long-names") ? "Übergrößenträgerverordnungsänderungsentw" : "Receipts", "p-mara",
        "f-scans", "Scans", many);
    if (many) {
        add("s-plan", "print", "Weekly plan", "p-lab", "e-plan", "Plan.pdf", true);
        add("s-photos", "scan", "Contact sheets", "p-box", "f-photos", "Photos", false);
        add("s-old", "print", "Old letter", "p-old", "e-letter", "Letter to the council.docx", false);
        breakShortcut("s-plan", is("shortcuts") ? "file-gone" : "");
    }
}

void MockService::breakShortcut(const QString &id, const QString &problem)
{
    for (auto &&one : m_shortcuts) {
        QJsonObject shortcut = one.toObject();
        if (shortcut["id"].toString() != id)
            continue;
        shortcut["problem"] = problem.isEmpty() ? QJsonValue() : QJsonValue(problem);
        one = shortcut;
        tell("shortcut.changed", shownShortcut(shortcut));
    }
}

QJsonObject MockService::shownShortcut(const QJsonObject &shortcut) const
{
    QJsonObject shown = shortcut;
    const QString profileId = shortcut["profile"].toString();
    const int row = profileRow(profileId);
    const QJsonObject owner = row < 0 ? QJsonObject() : m_profiles[row].toObject();
    shown["profileName"] = owner["name"];
    shown["provider"] = owner["provider"];
    shown["hasPin"] = owner["hasPin"];
    shown["state"] = owner["state"];
    if (owner["hasPin"].toBool() && !m_opened.contains(profileId)) {
        for (const char *hidden : {"target", "targetName", "ticket", "settings"})
            shown[QLatin1String(hidden)] = QJsonValue();
    }
    return shown;
}

QJsonObject MockService::answerShortcut(const QString &method, const QJsonObject &params, Failure &failure)
{
    if (method == "shortcuts.list") {
        QMap<QString, QJsonObject> byName;
        for (const auto &one : std::as_const(m_shortcuts)) {
            const int row = profileRow(one.toObject()["profile"].toString());
            if (row >= 0 && own(m_profiles[row].toObject()))
                byName.insert(one.toObject()["name"].toString().toLower(), shownShortcut(one.toObject()));
        }
        QJsonArray all;
        for (const QJsonObject &one : std::as_const(byName))
            all += one;
        return {{"shortcuts", all}};
    }
    int row = 0;
    while (row < m_shortcuts.size() && m_shortcuts[row].toObject()["id"] != params["id"])
        ++row;
    const bool fresh = method == "shortcuts.add";
    if (!fresh && row == m_shortcuts.size()) {
        failure.code = "shortcut-gone";
        return {};
    }
    QJsonObject shortcut = fresh ? QJsonObject() : m_shortcuts[row].toObject();
    const QString profileId = (fresh ? params : shortcut)["profile"].toString();
    if (method == "shortcuts.get")
        return {{"shortcut", shownShortcut(shortcut)}};
    if (m_pins.contains(profileId) && !m_opened.contains(profileId)) {
        failure.code = "pin-required";
        return {};
    }
    if (method == "shortcuts.delete") {
        m_shortcuts.removeAt(row);
        tell("shortcut.removed", {{"id", params["id"]}});
        return {};
    }
    if (method == "shortcuts.run") {
        const QString problem = shortcut["problem"].toString();
        if (!problem.isEmpty()) {
            failure.code = problem;
            return {};
        }
        const bool print = shortcut["kind"] == "print";
        const QString name = print ? shortcut["targetName"].toString()
                                   : shortcut["name"].toString() + QStringLiteral(" 2026-11-21 10-05-00");
        QJsonObject wish = params;
        wish["profile"] = profileId;
        wish["name"] = name;
        wish["folderName"] = shortcut["targetName"];
        wish["items"] = QJsonArray{QJsonObject{{"name", name}}};
        return {{"job", newJob(shortcut["kind"].toString(), wish)}};
    }
    if (fresh || method == "shortcuts.update") {
        for (const auto &one : std::as_const(m_shortcuts)) {
            if (one.toObject()["id"] != params["id"] &&
                one.toObject()["name"].toString().compare(params["name"].toString(), Qt::CaseInsensitive) == 0) {
                failure.code = "name-taken";
                return {};
            }
        }
    }
    for (const char *field : {"kind", "profile", "name", "target", "ticket", "settings", "pinned"}) {
        if (params.contains(QLatin1String(field)))
            shortcut[QLatin1String(field)] = params[QLatin1String(field)];
    }
    if (params.contains("target")) {
        shortcut["problem"] = QJsonValue();
        shortcut["targetName"] = "";
        for (const QJsonArray &folder : std::as_const(m_folders)) {
            for (const auto &one : folder) {
                if (one.toObject()["id"] == params["target"])
                    shortcut["targetName"] = one.toObject()["name"];
            }
        }
    }
    if (fresh) {
        shortcut["id"] = QStringLiteral("s-%1").arg(m_nextId++);
        shortcut["problem"] = QJsonValue();
        m_shortcuts += shortcut;
    } else {
        m_shortcuts[row] = shortcut;
    }
    tell("shortcut.changed", shownShortcut(shortcut));
    return {{"shortcut", shownShortcut(shortcut)}};
}

void MockService::open()
{
    QTimer::singleShot(0, this, [this] {
        if (m_away || is("service-lost")) {
            emit closed();
            return;
        }
        m_connected = true;
        shutProfiles();
        m_owner = QStringLiteral("guest");
        if (m_automatic)
            m_timer.start();
        emit opened();
    });
}

void MockService::close()
{
    m_connected = false;
    m_timer.stop();
    QTimer::singleShot(0, this, &Carrier::closed);
}

void MockService::goAway()
{
    m_away = true;
    close();
}

void MockService::comeBack()
{
    m_away = false;
}

void MockService::send(const QByteArray &line)
{
    const QJsonObject message = QJsonDocument::fromJson(line).object();
    const QString method = message["method"].toString();
    const QJsonObject params = message["params"].toObject();
    if (method == QStringLiteral("$/cancel")) {
        m_cancelled.insert(params["id"].toInt());
        return;
    }
    m_calls += method;
    m_lastParams.insert(method, params);
    const bool atOnce = method.startsWith(QStringLiteral("system.")) || method.startsWith(QStringLiteral("events.")) ||
                        method.startsWith(QStringLiteral("settings.")) || method.startsWith(QStringLiteral("session."));
    QTimer::singleShot(atOnce ? 0 : m_latency, this,
                       [this, id = message["id"].toInt(), method, params] { handle(id, method, params); });
}

void MockService::handle(int id, const QString &method, const QJsonObject &params)
{
    if (!m_connected)
        return;
    Failure failure;
    QJsonObject result;
    if (m_cancelled.remove(id))
        failure.code = "cancelled";
    else if (m_failNext.contains(method))
        failure = m_failNext.take(method);
    else
        result = (m_answering = id, answer(method, params, failure));
    if (m_silent.remove(id) || m_hushed.contains(method))
        return;
    QJsonObject message{{"jsonrpc", "2.0"}, {"id", id}};
    if (failure.code.isEmpty()) {
        message["result"] = result;
    } else {
        failure.data["code"] = failure.code;
        message["error"] = QJsonObject{{"code", -32000}, {"message", failure.code}, {"data", failure.data}};
    }
    put(message);
}

void MockService::put(const QJsonObject &message)
{
    if (m_connected)
        emit received(QJsonDocument(message).toJson(QJsonDocument::Compact));
}

void MockService::tell(const QString &type, const QJsonObject &data)
{
    ++m_sequence;
    if (!own(data))
        return;
    put({{"jsonrpc", "2.0"},
         {"method", "event"},
         {"params", QJsonObject{{"sequence", m_sequence}, {"type", type}, {"data", data}}}});
}

QJsonObject MockService::answer(const QString &method, const QJsonObject &params, Failure &failure)
{
    const QString id = params["id"].toString();
    if (method == "system.hello")
        return {
            {"version", "1.0.0"},
            {"api", 1},
            {"device", is("long-names")
                           ? QJsonObject{{"name", "Multifunction printer in the library of the department of geology"},
                                         {"place", "Ground floor, corridor B, beside the main staircase"}}
                           : QJsonObject{{"name", "Printer in the library"}, {"place", "Ground floor"}}},
            {"time", inTime(0)},
            {"sequence", m_sequence}};
    if (method == "events.subscribe")
        return {{"sequence", m_sequence}, {"reset", params.contains("after")}};
    if (method == "system.status")
        return {{"printer", m_printer},
                {"scanner", m_scanner},
                {"portal", QJsonObject{{"address", "https://connect.brightwater.example"}}},
                {"mail", !is("link-server") && !is("empty")},
                {"time", inTime(0)}};
    if (method == "setup.get")
        return is("setup") ? QJsonObject{{"needed", true},
                                         {"web", QJsonObject{{"port", 8443}, {"fingerprint", "A1:B2"}}},
                                         {"code", "BCDFG-HJKLM"}}
                           : QJsonObject{{"needed", false}};
    if (method == "session.get")
        return session();
    if (method == "session.end" || method == "session.signOut") {
        shutProfiles();
        m_owner = QStringLiteral("guest");
        return method == "session.end" ? QJsonObject() : session();
    }
    if (method == "session.touch")
        return {};
    if (method == "session.signIn")
        return signIn(params, failure);
    if (method == "people.choices") {
        QJsonArray shown;
        for (const auto &one : std::as_const(m_people))
            shown += QJsonObject{
                {"id", one.toObject()["id"]}, {"name", one.toObject()["name"]}, {"secret", one.toObject()["secret"]}};
        return {{"people", shown}};
    }
    if (method == "settings.get")
        return m_settings;
    if (method == "settings.set") {
        for (auto it = params.begin(); it != params.end(); ++it)
            m_settings[it.key()] = it.value();
        tell("settings.changed", m_settings);
        return m_settings;
    }
    if (method == "providers.list")
        return {{"providers", m_providers}};
    if (method == "profiles.list") {
        QJsonArray some;
        for (const auto &one : std::as_const(m_profiles)) {
            if (own(one.toObject()) &&
                (params["provider"].toString().isEmpty() || one.toObject()["provider"] == params["provider"]))
                some += one;
        }
        return {{"profiles", some}};
    }
    if (method == "profiles.create") {
        const QString name = params["name"].toString();
        if (name.isEmpty() || name.size() > 40) {
            failure.code = "name-invalid";
            return {};
        }
        for (const auto &one : std::as_const(m_profiles)) {
            if (own(one.toObject()) && one.toObject()["name"].toString().compare(name, Qt::CaseInsensitive) == 0) {
                failure.code = "name-taken";
                return {};
            }
        }
        const QString made = QStringLiteral("p-%1").arg(m_nextId++);
        const QString pin = params["pin"].toString();
        QJsonObject fresh =
            profile(qPrintable(made), qPrintable(params["provider"].toString()), name, {}, !pin.isEmpty(), "pending");
        fresh["owner"] = m_owner;
        fresh["lastUsedAt"] = QJsonValue();
        m_profiles += fresh;
        if (!pin.isEmpty())
            m_pins.insert(made, pin);
        m_proven.insert(made);
        return {{"profile", m_profiles.last()}, {"authorization", authorize(made)}};
    }
    if (needsPin(method, id)) {
        failure.code = "pin-required";
        return {};
    }
    if (method == "profiles.sendInstructions")
        return {};
    if (method == "profiles.printInstructions")
        return {{"job", newJob("print", {{"items", QJsonArray{QJsonObject{{"name", "Link your account"}}}},
                                         {"profile", id},
                                         {"key", params["key"]}})}};
    if (method == "profiles.authorize") {
        const QString pin = params["pin"].toString();
        const int row = profileRow(id);
        if (row >= 0 && m_profiles[row].toObject()["pinDead"].toBool()) {
            if (pin.isEmpty()) {
                failure.code = "pin-new-required";
                return {};
            }
            m_pins[id] = pin;
            changeProfile(id, {{"pinDead", false}});
        }
        return authorize(id);
    }
    if (method == "profiles.authorization") {
        if (!m_authorizations.contains(id))
            return authorize(id);
        return m_authorizations.value(id);
    }
    if (method == "profiles.cancelAuthorization") {
        QJsonObject authorization = m_authorizations.take(id);
        authorization["state"] = "cancelled";
        const int row = profileRow(id);
        if (row >= 0 && m_profiles[row].toObject()["account"].isNull()) {
            m_profiles.removeAt(row);
            tell("profile.removed", {{"id", id}});
        }
        return authorization;
    }
    if (method == "profiles.open")
        return openProfile(params, failure);
    if (method == "profiles.close") {
        m_opened.remove(id);
        m_proven.remove(id);
        return {};
    }
    if (method == "profiles.rename" || method == "profiles.delete") {
        const int row = profileRow(id);
        if (row < 0) {
            failure.code = "file-gone";
            return {};
        }
        if (method == "profiles.delete") {
            m_profiles.removeAt(row);
            for (int i = int(m_shortcuts.size()) - 1; i >= 0; --i) {
                if (m_shortcuts[i].toObject()["profile"].toString() != id)
                    continue;
                tell("shortcut.removed", {{"id", m_shortcuts[i].toObject()["id"]}});
                m_shortcuts.removeAt(i);
            }
            tell("profile.removed", {{"id", id}});
            return {};
        }
        for (const auto &one : std::as_const(m_profiles)) {
            if (one.toObject()["name"] == params["name"] && one.toObject()["id"] != id) {
                failure.code = "name-taken";
                return {};
            }
        }
        changeProfile(id, {{"name", params["name"]}});
        return {{"profile", m_profiles[row]}};
    }
    if (method.startsWith(QStringLiteral("shortcuts.")))
        return answerShortcut(method, params, failure);
    if (method == "files.places")
        return {
            {"places", QJsonArray{QJsonObject{{"id", "pl-shared"}, {"kind", "shared-with-me"}, {"name", QJsonValue()}},
                                  QJsonObject{{"id", "pl-recent"}, {"kind", "recent"}, {"name", QJsonValue()}},
                                  QJsonObject{{"id", "f-reports"}, {"kind", "drive"}, {"name", "Geology team"}}}}};
    if (method == "files.list" && is("rate-limited")) {
        tell("profile.waiting", {{"id", params["profile"]}, {"retryAt", inTime(40)}, {"reason", "rate-limited"}});
        m_silent.insert(m_answering); // no answer for as long as it lasts
        return {};
    }
    if (method == "files.list")
        return listFiles(params, false, failure);
    if (method == "files.search")
        return listFiles(params, true, failure);
    if (method == "files.thumbnail")
        return thumbnail(params, failure);
    if (method == "files.createFolder") {
        const QString made = QStringLiteral("f-%1").arg(m_nextId++);
        QJsonArray &folder = m_folders[params["folder"].toString()];
        for (const auto &one : std::as_const(folder)) {
            if (one.toObject()["name"] == params["name"]) {
                failure.code = "name-taken";
                return {};
            }
        }
        const QJsonObject one = entry(made, "folder", params["name"].toString(), 0, "", "folder", false);
        folder.prepend(one);
        m_folders.insert(made, {});
        return {{"entry", one}};
    }
    if (method == "printer.get")
        return {{"status", m_printer},
                {"capabilities", is("printer-unreachable") ? QJsonObject() : printerCapabilities()}};
    if (method == "scanner.get")
        return {{"status", m_scanner},
                {"capabilities", is("scanner-unreachable") ? QJsonObject() : scannerCapabilities()}};
    if (method == "jobs.print" || method == "jobs.scan")
        return {{"job", newJob(method == "jobs.print" ? "print" : "scan", params)}};
    if (method == "jobs.list") {
        QJsonArray some;
        for (const auto &one : std::as_const(m_jobs)) {
            if (own(one.toObject()))
                some += one;
        }
        return {{"jobs", some}};
    }
    const int row = jobRow(id);
    if (row < 0) {
        failure.code = "not-found";
        return {};
    }
    if (method == "jobs.get")
        return {{"job", m_jobs[row]}};
    if (method == "jobs.cancel") {
        change(id,
               {{"state", "canceled"}, {"awaiting", QJsonValue()}, {"reasons", QJsonArray{}}, {"endedAt", inTime(0)}});
        return {{"job", m_jobs[row]}};
    }
    if (method == "jobs.continue") {
        const QString action = params["action"].toString();
        const QJsonObject job = m_jobs[row].toObject();
        if (job["awaiting"].toString().isEmpty()) {
            failure.code = "not-waiting";
            return {};
        }
        const QJsonObject none{{"awaiting", QJsonValue()},
                               {"awaitingError", QJsonValue()},
                               {"reasons", QJsonArray{}},
                               {"state", "processing"}};
        QJsonObject more = none;
        if (action == "discard") {
            more["state"] = "canceled";
            more["endedAt"] = inTime(0);
        } else if (action == "finish") {
            more["stage"] = "assemble";
        } else {
            more["ticks"] = 0;
        }
        change(id, more);
        return {{"job", m_jobs[row]}};
    }
    if (method == "jobs.again") {
        const QJsonObject old = m_jobs[row].toObject();
        return {{"job", newJob("print", {{"items", QJsonArray{QJsonObject{{"name", old["name"]}}}},
                                         {"profile", old["profile"]}})}};
    }
    if (method == "jobs.dismiss") {
        m_jobs.removeAt(row);
        tell("job.removed", {{"id", id}});
        return {};
    }
    failure.code = "bad-request";
    return {};
}

QJsonObject MockService::listFiles(const QJsonObject &params, bool search, Failure &failure)
{
    const QString profileId = params["profile"].toString();
    if (is("offline")) {
        failure.code = "offline";
        return {};
    }
    if (m_pins.contains(profileId) && !m_opened.contains(profileId)) {
        failure.code = "pin-required";
        return {};
    }
    QJsonArray all;
    if (search) {
        for (const QJsonArray &folder : std::as_const(m_folders)) {
            for (const auto &one : folder) {
                QJsonObject found = one.toObject();
                if (!found["name"].toString().contains(params["query"].toString(), Qt::CaseInsensitive))
                    continue;
                found["path"] = QStringLiteral("/");
                all += found;
            }
        }
    } else {
        const QString folder = params["folder"].toString();
        if (!m_folders.contains(folder)) {
            failure.code = "file-gone";
            return {};
        }
        all = m_folders.value(folder);
    }
    const int from = params["pageToken"].toString().toInt();
    QJsonArray some;
    for (int i = from; i < std::min<int>(from + kPage, int(all.size())); ++i)
        some += all[i];
    const bool more = from + kPage < all.size();
    return {{"entries", some},
            {"nextPageToken", more ? QJsonValue(QString::number(from + kPage)) : QJsonValue()},
            {"sorted", !more && from == 0 ? true : is("many-files")},
            {"thumbnails", true}};
}

QJsonObject MockService::thumbnail(const QJsonObject &params, Failure &failure) const
{
    const QString profileId = params["profile"].toString();
    if (m_pins.contains(profileId) && !m_opened.contains(profileId)) {
        failure.code = "pin-required";
        return {};
    }
    for (const QJsonArray &folder : m_folders) {
        for (const auto &value : folder) {
            const QJsonObject one = value.toObject();
            const QString id = one["id"].toString();
            if (id != params["file"].toString())
                continue;
            const QByteArray png = mockPicture(one["type"].toString(), id);
            return {{"type", png.isEmpty() ? QJsonValue() : QJsonValue("image/png")},
                    {"data", png.isEmpty() ? QJsonValue() : QJsonValue(QString::fromLatin1(png.toBase64()))}};
        }
    }
    failure.code = "file-gone";
    return {};
}

// What changes a profile with a PIN, and the code of one that was never linked, is for whoever knows the PIN.
bool MockService::needsPin(const QString &method, const QString &id) const
{
    const int row = profileRow(id);
    if (row < 0 || !m_pins.contains(id) || m_proven.contains(id))
        return false;
    const QJsonObject one = m_profiles[row].toObject();
    const QString state = one["state"].toString();
    const bool neverLinked = state == "pending" || state == "expired";
    if (method == "profiles.delete")
        return !neverLinked || !one["pinDead"].toBool();
    static const QStringList kOfTheCode{"profiles.authorize", "profiles.authorization", "profiles.cancelAuthorization",
                                        "profiles.sendInstructions", "profiles.printInstructions"};
    return method == "profiles.rename" || (neverLinked && kOfTheCode.contains(method));
}

QJsonObject MockService::openProfile(const QJsonObject &params, Failure &failure)
{
    const QString id = params["id"].toString();
    const int row = profileRow(id);
    if (row < 0 || !own(m_profiles[row].toObject())) {
        failure.code = "file-gone";
        return {};
    }
    const QJsonObject one = m_profiles[row].toObject();
    if (m_pins.contains(id)) {
        const QDateTime until = QDateTime::fromString(one["lockedUntil"].toString(), Qt::ISODate);
        if (until.isValid() && until > QDateTime::currentDateTimeUtc()) {
            failure = {"profile-locked", {{"lockedUntil", one["lockedUntil"]}}};
            return {};
        }
        if (one["pinDead"].toBool()) {
            failure.code = "pin-dead";
            return {};
        }
        if (params["pin"].toString() != m_pins.value(id)) {
            if (++m_wrongPins[id] % kTries == 0) {
                changeProfile(id, {{"lockedUntil", inTime(60)}});
                failure = {"profile-locked", {{"lockedUntil", inTime(60)}}};
                return {};
            }
            failure = {"pin-wrong", {{"triesLeft", kTries - m_wrongPins[id] % kTries}}};
            return {};
        }
        m_wrongPins.remove(id);
        m_proven.insert(id);
    }
    if (is("revoked"))
        changeProfile(id, {{"state", "revoked"}});
    static const QHash<QString, QString> kClosed{{"pending", "not-linked"},
                                                 {"expired", "profile-expired"},
                                                 {"revoked", "access-revoked"},
                                                 {"domain-refused", "domain-refused"}};
    failure.code = kClosed.value(m_profiles[row].toObject()["state"].toString());
    if (!failure.code.isEmpty())
        return {};
    m_opened.insert(id);
    changeProfile(id, {{"lastUsedAt", inTime(0)}});
    return {{"profile", m_profiles[row]}};
}

QJsonObject MockService::session() const
{
    QJsonObject said{{"kind", "guest"}, {"id", QJsonValue()}, {"name", "Guest"}, {"roles", QJsonArray{"person"}}};
    for (const auto &one : m_people) {
        const QJsonObject person = one.toObject();
        if (person["id"].toString() == m_owner)
            said = {
                {"kind", "person"}, {"id", person["id"]}, {"name", person["name"]}, {"roles", QJsonArray{"person"}}};
    }
    QJsonArray methods{"list", "password", "pin", "card"};
    if (is("people-card"))
        methods = {"card"};
    if (m_people.isEmpty())
        methods = {};
    said["timeout"] = m_settings["sessionTimeout"];
    said["signIn"] = QJsonObject{{"methods", methods}, {"guests", !is("people-only") && !is("people-card")}};
    return said;
}

QJsonObject MockService::signIn(const QJsonObject &params, Failure &failure)
{
    const QString method = params["method"].toString();
    const QString secret = params["secret"].toString();
    if (is("directory-down") && method == "password") {
        failure.code = "directory-unreachable";
        return {};
    }
    for (const auto &one : std::as_const(m_people)) {
        const QJsonObject person = one.toObject();
        const bool known = secret == person["is"].toString();
        if ((method == "list" && params["person"] == person["id"] && known) ||
            (method == "password" &&
             params["name"].toString().compare(person["user"].toString(), Qt::CaseInsensitive) == 0 && known) ||
            (method == "pin" && person["secret"] == "pin" && known) ||
            (method == "card" && !secret.isEmpty() && secret == person["card"].toString())) {
            m_wrongSignIns = 0;
            shutProfiles();
            m_owner = person["id"].toString();
            return session();
        }
    }
    if (++m_wrongSignIns < kTries)
        failure.code = "sign-in-failed";
    else
        failure = {"sign-in-throttled", {{"retryAfter", 30}}};
    return {};
}

void MockService::shutProfiles()
{
    m_opened.clear();
    m_proven.clear();
}

void MockService::killPin(const QString &profileId)
{
    changeProfile(profileId, {{"pinDead", true}});
}

void MockService::endSession(const QString &reason)
{
    shutProfiles();
    m_owner = QStringLiteral("guest");
    tell("session.changed", {{"session", session()}, {"reason", reason}});
}

QJsonObject MockService::authorize(const QString &profileId)
{
    QJsonObject authorization{{"profileId", profileId},
                              {"state", "requesting"},
                              {"userCode", QJsonValue()},
                              {"verificationUri", QJsonValue()},
                              {"verificationUriComplete", QJsonValue()},
                              {"expiresAt", QJsonValue()},
                              {"error", QJsonValue()}};
    m_authorizations.insert(profileId, authorization);
    if (is("link-slow"))
        return authorization;
    QTimer::singleShot(m_latency, this, [this, profileId] {
        if (!m_authorizations.contains(profileId))
            return;
        QJsonObject &now = m_authorizations[profileId];
        now["state"] = "waiting";
        const QString code = is("long-names") ? "WDJB-MJHT-KQPR-XCVN-ZLSG" : "WDJB-MJHT-KQPR";
        const QString address = is("long-names")
                                    ? "https://cloud-connector-portal.university-of-brightwater.example:38417"
                                    : "https://connect.brightwater.example";
        now["userCode"] = code;
        now["verificationUri"] = address;
        now["verificationUriComplete"] = address + "/?code=" + code;
        now["expiresAt"] = inTime(24 * 3600);
        if (is("link-server")) { // the account's own server leads
            now["userCode"] = QJsonValue();
            now["verificationUri"] = "https://cloud.brightwater.example";
            now["verificationUriComplete"] =
                "https://cloud.brightwater.example/index.php/login/v2/flow/" + QString(128, QLatin1Char('b'));
            now["expiresAt"] = inTime(20 * 60);
        }
        if (is("link-failed")) {
            now["state"] = "failed";
            now["error"] = QJsonObject{{"code", "portal-unreachable"}};
        } else if (is("link-expired")) {
            now["state"] = "expired";
        } else if (is("link-denied")) {
            now["state"] = "denied";
            now["error"] = QJsonObject{{"code", "access-denied"}};
        } else if (is("link-domain")) {
            now["state"] = "denied";
            now["error"] = QJsonObject{{"code", "domain-refused"},
                                       {"domains", QJsonArray{"brightwater.example", "students.brightwater.example"}}};
        } else if (is("link-tried")) {
            now["error"] = QJsonObject{{"code", "domain-refused"},
                                       {"domains", QJsonArray{"brightwater.example", "students.brightwater.example"}}};
        } else if (m_automatic && is("normal")) {
            QTimer::singleShot(12'000, this, [this, profileId] { grant(profileId); });
        }
        tell("authorization.changed", now);
    });
    return authorization;
}

void MockService::grant(const QString &profileId)
{
    if (!m_authorizations.contains(profileId))
        return;
    m_authorizations[profileId]["state"] = "granted";
    QJsonObject linked{{"state", "ready"},
                       {"account", "mara.lind@brightwater.example"},
                       {"accountVerified", true},
                       {"accountName", QJsonValue()}};
    if (is("link-server")) { // tells its own names alone
        linked["accountVerified"] = false;
        linked["accountName"] = "mara@cloud.brightwater.example";
    }
    if (is("long-names"))
        linked["account"] = "geology.excursion.twentytwentysix@students.university-of-brightwater.example";
    changeProfile(profileId, linked);
    tell("authorization.changed", m_authorizations.value(profileId));
}

void MockService::failNext(const QString &method, const QString &code, const QJsonObject &more)
{
    m_failNext.insert(method, {code, more});
}

void MockService::setPrinter(const QJsonObject &status)
{
    m_printer = status;
    tell("printer.changed", status);
}

void MockService::setScanner(const QJsonObject &status)
{
    m_scanner = status;
    tell("scanner.changed", status);
}

QString MockService::addJob(const QJsonObject &fields)
{
    QJsonObject job{{"id", QStringLiteral("j-%1").arg(m_nextId++)},
                    {"kind", "print"},
                    {"name", "Plan.pdf"},
                    {"state", "processing"},
                    {"stage", "queued"},
                    {"reasons", QJsonArray{}},
                    {"progress", QJsonObject{{"bytes", 0}, {"totalBytes", 0}, {"pages", 0}, {"totalPages", 0}}},
                    {"awaiting", QJsonValue()},
                    {"error", QJsonValue()},
                    {"profile", "p-lab"},
                    {"profileName", "Lab notebook"},
                    {"provider", "dropbox"},
                    {"owner", m_owner},
                    {"folderName", "Scans"},
                    {"resultName", QJsonValue()},
                    {"createdAt", inTime(0)},
                    {"endedAt", QJsonValue()}};
    for (auto it = fields.begin(); it != fields.end(); ++it)
        job[it.key()] = it.value();
    m_jobs.prepend(job);
    tell("job.changed", job);
    return job["id"].toString();
}

QJsonObject MockService::newJob(const QString &kind, const QJsonObject &params)
{
    const QString key = params["key"].toString();
    if (!key.isEmpty() && m_keys.contains(key)) {
        const int row = jobRow(m_keys.value(key));
        if (row >= 0)
            return m_jobs[row].toObject();
    }
    const QJsonArray items = params["items"].toArray();
    const QJsonObject settings = params["settings"].toObject();
    const QString id = addJob({{"kind", kind},
                               {"name", kind == "print" ? items.first().toObject()["name"] : params["name"]},
                               {"folderName", params["folderName"]},
                               {"profile", params["profile"]},
                               {"many", settings["pages"].toString() == "many"},
                               {"glass", settings["source"].toString() == "flatbed"}});
    m_keys.insert(key, id);
    return m_jobs[jobRow(id)].toObject();
}

void MockService::change(const QString &jobId, const QJsonObject &fields)
{
    const int row = jobRow(jobId);
    if (row < 0)
        return;
    QJsonObject job = m_jobs[row].toObject();
    for (auto it = fields.begin(); it != fields.end(); ++it)
        job[it.key()] = it.value();
    m_jobs[row] = job;
    tell("job.changed", job);
}

void MockService::changeProfile(const QString &id, const QJsonObject &fields)
{
    const int row = profileRow(id);
    if (row < 0)
        return;
    QJsonObject one = m_profiles[row].toObject();
    for (auto it = fields.begin(); it != fields.end(); ++it)
        one[it.key()] = it.value();
    m_profiles[row] = one;
    tell("profile.changed", one);
}

void MockService::step()
{
    for (int i = 0; i < m_jobs.size(); ++i) {
        QJsonObject job = m_jobs[i].toObject();
        const QJsonObject before = job;
        if (job["endedAt"].isNull() && job["awaiting"].isNull() && job["reasons"].toArray().isEmpty())
            stepJob(job);
        if (job == before)
            continue;
        m_jobs[i] = job;
        tell("job.changed", job);
    }
}

void MockService::stepJob(QJsonObject &job)
{
    const QString stage = job["stage"].toString();
    QJsonObject progress = job["progress"].toObject();
    const auto next = [&job](const char *to) { job["stage"] = to; };
    const int ticks = job["ticks"].toInt() + 1;
    job["ticks"] = ticks;
    if (job["kind"].toString() == "print") {
        if (stage == "queued") {
            progress = {{"bytes", 0}, {"totalBytes", 7'340'032}, {"pages", 0}, {"totalPages", 0}};
            next("fetch");
        } else if (stage == "fetch") {
            progress["bytes"] = std::min(progress["bytes"].toDouble() + 524'288, progress["totalBytes"].toDouble());
            if (progress["bytes"] == progress["totalBytes"])
                next("send");
        } else if (stage == "send") {
            progress["totalPages"] = 12;
            next("print");
        } else if (stage == "print" && ticks % 5 == 0) {
            progress["pages"] = progress["pages"].toInt() + 1;
            if (progress["pages"] == progress["totalPages"]) {
                next("done");
                job["state"] = "completed";
                job["endedAt"] = inTime(0);
            }
        }
        job["progress"] = progress;
        return;
    }
    if (stage == "queued") {
        next("scan");
        job["ticks"] = 0;
    } else if (stage == "scan" && ticks >= 15) {
        progress["pages"] = progress["pages"].toInt() + 1;
        job["ticks"] = 0;
        if (is("scan-jam") && progress["pages"].toInt() == 2) {
            job["state"] = "processing-stopped";
            job["awaiting"] = "decision";
            job["awaitingError"] = QJsonObject{{"code", "feeder-jammed"}};
        } else if (job["many"].toBool() && job["glass"].toBool()) {
            job["state"] = "processing-stopped";
            job["awaiting"] = "next-page";
        } else if (!job["many"].toBool() || progress["pages"].toInt() == 4) {
            next("assemble");
        }
    } else if (stage == "assemble") {
        progress["bytes"] = 0;
        progress["totalBytes"] = 912'400;
        next("deliver");
    } else if (stage == "deliver") {
        if (is("storage-full")) {
            job["state"] = "aborted";
            job["error"] = QJsonObject{{"code", "storage-full"}};
            job["endedAt"] = inTime(0);
        }
        progress["bytes"] = std::min(progress["bytes"].toDouble() + 131'072, 912'400.0);
        if (progress["bytes"] == progress["totalBytes"]) {
            next("done");
            job["state"] = "completed";
            job["resultName"] = job["name"].toString() + ".pdf";
            job["endedAt"] = inTime(0);
        }
    }
    job["progress"] = progress;
}

int MockService::profileRow(const QString &id) const
{
    for (int i = 0; i < m_profiles.size(); ++i) {
        if (m_profiles[i].toObject()["id"].toString() == id)
            return i;
    }
    return -1;
}

int MockService::jobRow(const QString &id) const
{
    for (int i = 0; i < m_jobs.size(); ++i) {
        if (m_jobs[i].toObject()["id"].toString() == id)
            return i;
    }
    return -1;
}

} // namespace connector::ui
