// SPDX-License-Identifier: Apache-2.0
// What the printer and the scanner have in common: a state, what the device can do, and a job that is begun once.
#pragma once

#include <QJsonObject>
#include <QObject>
#include <QStringList>
#include <QVariantMap>

namespace connector::ui {

class ApiClient;

class DeviceModel : public QObject {
    Q_OBJECT
    Q_PROPERTY(bool known READ known NOTIFY statusChanged)
    Q_PROPERTY(bool well READ well NOTIFY statusChanged)
    Q_PROPERTY(QString name READ name NOTIFY statusChanged)
    Q_PROPERTY(QString state READ state NOTIFY statusChanged)
    Q_PROPERTY(QStringList reasons READ reasons NOTIFY statusChanged)
    Q_PROPERTY(bool ready READ ready NOTIFY capabilitiesChanged)
    Q_PROPERTY(QString errorCode READ errorCode NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList colorModes READ colorModes NOTIFY capabilitiesChanged)
    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)

public:
    bool known() const { return !m_status.isEmpty(); }
    virtual bool well() const = 0;
    QString name() const { return m_status[QStringLiteral("name")].toString(); }
    QString state() const { return m_status[QStringLiteral("state")].toString(); }
    QStringList reasons() const;
    // Its capabilities are here.
    virtual bool ready() const = 0;
    QString errorCode() const { return m_errorCode; }
    QStringList colorModes() const;
    bool busy() const { return m_busy; }

signals:
    void statusChanged();
    void capabilitiesChanged();
    void busyChanged();
    void accepted(const QString &jobId);

protected:
    // kind: "printer" or "scanner"; method begins a job.
    DeviceModel(ApiClient *client, const QString &kind, const QString &method, QObject *parent);

    // The capabilities have come: set what is wished as far as the device has it, else what it has itself.
    virtual void setDefaults() = 0;
    void readCapabilities();
    QJsonValue capability(const char *key) const { return m_capabilities[QLatin1String(key)]; }
    QStringList choices(const char *key) const;
    QJsonObject defaults() const { return m_capabilities[QStringLiteral("defaults")].toObject(); }
    // The wish where it is among the choices; else the device's default, or its first choice when that says nothing.
    static QString startOf(const QStringList &choices, const QString &standard, const QVariant &wish);

    // Once: asked again while it is on its way nothing happens, and after a lost connection it has the same key.
    void begin(QJsonObject request);
    QString jobError() const { return m_jobError; }
    void forgetJob();

private:
    void takeStatus(const QJsonObject &status);
    void send();

    ApiClient *m_client;
    QString m_kind, m_method, m_errorCode, m_jobError;
    QJsonObject m_status, m_capabilities;
    QJsonObject m_request; // kept while it has no answer, to be said again after a lost connection
    bool m_busy = false;
};

} // namespace connector::ui
