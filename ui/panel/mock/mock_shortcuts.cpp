// SPDX-License-Identifier: Apache-2.0
// The shortcuts of the service in memory.
#include "ui/panel/mock/mock_service.h"
#include "ui/panel/mock/mock_things.h"

#include <QMap>

#include <utility>

namespace connector::ui {

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
                                   {"targetType", print ? targetName.endsWith(".pdf") ? "pdf" : "document" : "folder"},
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
        for (const char *hidden : {"target", "targetName", "targetType", "ticket", "settings"})
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
        shortcut["targetType"] = "folder";
        for (const QJsonArray &folder : std::as_const(m_folders)) {
            for (const auto &one : folder) {
                if (one.toObject()["id"] == params["target"]) {
                    shortcut["targetName"] = one.toObject()["name"];
                    shortcut["targetType"] = one.toObject()["type"];
                }
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

} // namespace connector::ui
