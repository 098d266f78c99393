// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/device_model.h"

#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/faced_model.h"

#include <QUuid>

#include <utility>

namespace connector::ui {

DeviceModel::DeviceModel(ApiClient *client, const QString &kind, const QString &method, QObject *parent)
    : QObject(parent), m_client(client), m_kind(kind), m_method(method)
{
    connect(client, &ApiClient::eventReceived, this, [this](const QString &type, const QJsonObject &data) {
        if (type == m_kind + QStringLiteral(".changed"))
            takeStatus(data);
    });
    connect(client, &ApiClient::synced, this, [this] {
        m_client->call(QStringLiteral("system.status"), {}, this,
                       [this](const QJsonObject &result, const ApiError &error) {
                           if (!error)
                               takeStatus(result[m_kind].toObject());
                       });
        if (!m_request.isEmpty())
            send();
    });
}

QStringList DeviceModel::reasons() const
{
    return stringsOf(m_status[QStringLiteral("reasons")]);
}

QStringList DeviceModel::colorModes() const
{
    return choices("colorModes");
}

QStringList DeviceModel::choices(const char *key) const
{
    return stringsOf(capability(key));
}

QString DeviceModel::startOf(const QStringList &choices, const QString &standard, const QVariant &wish)
{
    if (choices.contains(wish.toString()))
        return wish.toString();
    return choices.contains(standard) || choices.isEmpty() ? standard : choices.first();
}

void DeviceModel::readCapabilities()
{
    m_capabilities = {};
    m_errorCode.clear();
    m_jobError.clear();
    emit capabilitiesChanged();
    m_client->call(m_kind + QStringLiteral(".get"), {}, this, [this](const QJsonObject &result, const ApiError &error) {
        m_errorCode = error.code;
        if (!error) {
            m_capabilities = result[QStringLiteral("capabilities")].toObject();
            takeStatus(result[QStringLiteral("status")].toObject());
            setDefaults();
            if (!ready())
                m_errorCode = m_kind + QStringLiteral("-unreachable");
        }
        emit capabilitiesChanged();
    });
}

void DeviceModel::begin(QJsonObject request)
{
    if (m_busy)
        return;
    request[QStringLiteral("key")] = QUuid::createUuid().toString(QUuid::WithoutBraces);
    m_request = std::move(request);
    m_busy = true;
    m_jobError.clear();
    emit busyChanged();
    send();
}

void DeviceModel::send()
{
    m_client->call(m_method, m_request, this, [this](const QJsonObject &result, const ApiError &error) {
        if (error.code == QStringLiteral("service-lost"))
            return; // said again with the same key when the service is back
        m_request = {};
        m_busy = false;
        m_jobError = error.code;
        emit busyChanged();
        if (!error)
            emit accepted(result[QStringLiteral("job")].toObject()[QStringLiteral("id")].toString());
    });
}

void DeviceModel::forgetJob()
{
    m_client->drop(this);
    m_request = {};
    m_busy = false;
    m_jobError.clear();
    emit busyChanged();
}

void DeviceModel::takeStatus(const QJsonObject &status)
{
    if (status == m_status)
        return;
    m_status = status;
    emit statusChanged();
}

} // namespace connector::ui
