// SPDX-License-Identifier: Apache-2.0
// A complete service in memory for looking at and testing the panel: it answers the local API's JSON, and plays
// scenarios.
#pragma once

#include "ui/panel/backend/carrier.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QSet>
#include <QStringList>
#include <QTimer>

#include <functional>

namespace connector::ui {

class MockService : public Carrier {
    Q_OBJECT

public:
    // An unknown scenario is the first one of scenarios().
    explicit MockService(const QString &scenario = {}, QObject *parent = nullptr);

    static QStringList scenarios();

    void open() override;
    void close() override;
    void send(const QByteArray &line) override;

    // For tests and for the picture tool.
    void setLatency(int ms) { m_latency = ms; }
    void setAutomatic(bool on) { m_automatic = on; }  // jobs and grants move by themselves
    void setPace(int ms) { m_timer.setInterval(ms); } // of what moves by itself
    void goAway();
    void comeBack();
    void grant(const QString &profileId);
    // As after a hundred wrong ones.
    void killPin(const QString &profileId);
    // The service ends the person's session of itself.
    void endSession(const QString &reason);
    // The file or folder of a shortcut is found to be gone, or whatever the code says.
    void breakShortcut(const QString &id, const QString &problem);
    void change(const QString &jobId, const QJsonObject &fields);
    void setPrinter(const QJsonObject &status);
    void setScanner(const QJsonObject &status);
    void failNext(const QString &method, const QString &code, const QJsonObject &more = {});
    // It is not answered any more.
    void hush(const QString &method) { m_hushed.insert(method); }
    // Adds a job as it stands.
    QString addJob(const QJsonObject &fields);
    QStringList calls() const { return m_calls; }
    QJsonObject lastParams(const QString &method) const { return m_lastParams.value(method); }
    QJsonArray jobs() const { return m_jobs; }

private:
    struct Failure {
        QString code;
        QJsonObject data;
    };
    using Reply = std::function<void(const QJsonObject &)>;

    void furnish();
    void furnishJobs();
    void furnishShortcuts();
    void handle(int id, const QString &method, const QJsonObject &params);
    QJsonObject answer(const QString &method, const QJsonObject &params, Failure &failure);
    QJsonObject listFiles(const QJsonObject &params, bool search, Failure &failure);
    QJsonObject thumbnail(const QJsonObject &params, Failure &failure) const;
    QJsonObject openProfile(const QJsonObject &params, Failure &failure);
    bool needsPin(const QString &method, const QString &id) const;
    void shutProfiles();
    QJsonObject newJob(const QString &kind, const QJsonObject &params);
    QJsonObject answerProfile(const QString &method, const QJsonObject &params, Failure &failure);
    QJsonObject answerFiles(const QString &method, const QJsonObject &params, Failure &failure);
    QJsonObject answerJob(const QString &method, const QJsonObject &params, Failure &failure);
    QJsonObject answerShortcut(const QString &method, const QJsonObject &params, Failure &failure);
    QJsonObject shownShortcut(const QJsonObject &shortcut) const;
    QJsonObject authorize(const QString &profileId);
    QJsonObject session() const;
    QJsonObject signIn(const QJsonObject &params, Failure &failure);
    // Of the session: "guest", or the person's id.
    bool own(const QJsonObject &thing) const { return thing["owner"].toString("guest") == m_owner; }
    void tell(const QString &type, const QJsonObject &data);
    void put(const QJsonObject &message);
    void step();
    void stepJob(QJsonObject &job);
    void changeProfile(const QString &id, const QJsonObject &fields);
    int profileRow(const QString &id) const;
    int jobRow(const QString &id) const;
    bool is(const char *scenario) const { return m_scenario == QLatin1String(scenario); }

    QString m_scenario;
    QString m_owner = QStringLiteral("guest");
    QJsonArray m_providers, m_profiles, m_jobs, m_people, m_shortcuts;
    QHash<QString, QJsonArray> m_folders; // by folder id
    QHash<QString, QJsonObject> m_authorizations;
    QHash<QString, QString> m_pins, m_keys;
    QHash<QString, int> m_wrongPins;
    QHash<QString, Failure> m_failNext;
    QHash<QString, QJsonObject> m_lastParams;
    QSet<QString> m_opened, m_proven;
    QSet<int> m_cancelled, m_silent;
    QSet<QString> m_hushed;
    QStringList m_calls;
    QJsonObject m_settings, m_printer, m_scanner;
    QTimer m_timer;
    double m_sequence = 40;
    int m_latency = 120;
    int m_answering = 0;
    int m_nextId = 100;
    int m_wrongSignIns = 0;
    bool m_automatic = true;
    bool m_connected = false;
    bool m_away = false;
};

} // namespace connector::ui
