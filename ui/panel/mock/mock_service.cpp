// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/mock/mock_service.h"

#include "ui/panel/mock/mock_things.h"

#include <QJsonDocument>

#include <utility>

namespace connector::ui {

namespace {

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
    if (method.startsWith(QStringLiteral("profiles.")))
        return answerProfile(method, params, failure);
    if (method.startsWith(QStringLiteral("shortcuts.")))
        return answerShortcut(method, params, failure);
    if (method == "printer.get")
        return {{"status", m_printer},
                {"capabilities", is("printer-unreachable") ? QJsonObject() : printerCapabilities()}};
    if (method == "scanner.get")
        return {{"status", m_scanner},
                {"capabilities", is("scanner-unreachable") ? QJsonObject() : scannerCapabilities()}};
    if (method.startsWith(QStringLiteral("files.")))
        return answerFiles(method, params, failure);
    if (method.startsWith(QStringLiteral("jobs.")))
        return answerJob(method, params, failure);
    failure.code = "bad-request";
    return {};
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

} // namespace connector::ui
