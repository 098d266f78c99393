// SPDX-License-Identifier: Apache-2.0
// What is true for the whole panel: the connection, the device, language, contrast, the time.
#pragma once

#include "ui/panel/backend/words.h"

#include <QDateTime>
#include <QObject>
#include <QTimer>
#include <QTranslator>

namespace connector::ui {

class ApiClient;

class PanelState : public QObject {
    Q_OBJECT
    Q_PROPERTY(Connection connection READ connection NOTIFY connectionChanged)
    Q_PROPERTY(QString deviceName READ deviceName NOTIFY deviceChanged)
    Q_PROPERTY(QString devicePlace READ devicePlace NOTIFY deviceChanged)
    Q_PROPERTY(QString serviceVersion READ serviceVersion NOTIFY deviceChanged)
    Q_PROPERTY(QString portal READ portal NOTIFY deviceChanged)
    // Mail can be sent from here.
    Q_PROPERTY(bool mail READ mail NOTIFY deviceChanged)
    // What the first administrator is made with, and where; empty once somebody administers the device.
    Q_PROPERTY(QString setupCode READ setupCode NOTIFY setupChanged)
    Q_PROPERTY(QString setupAddress READ setupAddress NOTIFY setupChanged)
    // Of the accounts that may be linked; empty allows all.
    Q_PROPERTY(QStringList allowedDomains READ allowedDomains NOTIFY allowedDomainsChanged)
    Q_PROPERTY(QString language READ language WRITE setLanguage NOTIFY languageChanged)
    Q_PROPERTY(bool highContrast READ highContrast WRITE setHighContrast NOTIFY highContrastChanged)
    Q_PROPERTY(int sessionTimeout READ sessionTimeout NOTIFY sessionTimeoutChanged)
    Q_PROPERTY(QDateTime now READ now NOTIFY nowChanged)
    // Changes with the language, so that a text made by it is made anew.
    Q_PROPERTY(connector::ui::Words *words READ words NOTIFY languageChanged)

public:
    enum Connection { Connecting, Ready, Lost };
    Q_ENUM(Connection)

    // language: "en" or "fr"; empty takes the service's.
    PanelState(ApiClient *client, const QString &language, QObject *parent = nullptr);

    Connection connection() const;
    QString deviceName() const { return m_deviceName; }
    QString devicePlace() const { return m_devicePlace; }
    QString serviceVersion() const { return m_serviceVersion; }
    QString portal() const { return m_portal; }
    bool mail() const { return m_mail; }
    QString setupCode() const { return m_setupCode; }
    QString setupAddress() const { return m_setupAddress; }
    Q_INVOKABLE void readSetup();
    QStringList allowedDomains() const { return m_allowedDomains; }
    QString language() const { return m_language; }
    void setLanguage(const QString &language);
    bool highContrast() const { return m_highContrast; }
    void setHighContrast(bool on);
    int sessionTimeout() const { return m_sessionTimeout; }
    QDateTime now() const;
    Words *words() { return &m_words; }

signals:
    void connectionChanged();
    void deviceChanged();
    void setupChanged();
    void languageChanged();
    void highContrastChanged();
    void sessionTimeoutChanged();
    void nowChanged();
    void allowedDomainsChanged();

private:
    void read();
    void readStatus();
    void take(const QJsonObject &settings);
    void translate(const QString &language);

    ApiClient *m_client;
    Words m_words;
    QTranslator m_translator;
    QTimer m_minute;
    QString m_deviceName, m_devicePlace, m_serviceVersion, m_portal, m_language, m_setupCode, m_setupAddress;
    QStringList m_allowedDomains;
    bool m_mail = false;
    bool m_highContrast = false;
    bool m_languageFixed = false;
    int m_sessionTimeout = 60;
};

} // namespace connector::ui
