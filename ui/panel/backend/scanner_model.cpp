// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/scanner_model.h"

#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/faced_model.h"
#include "ui/panel/backend/files_model.h"
#include "ui/panel/backend/profile_session.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonArray>
#include <QUuid>

#include <algorithm>

namespace connector::ui {

namespace {

QString startOf(const QStringList &choices, const QString &standard)
{
    return choices.contains(standard) || choices.isEmpty() ? standard : choices.first();
}

} // namespace

ScannerModel::ScannerModel(ApiClient *client, ProfileSession *profile, FilesModel *files, QObject *parent)
    : QObject(parent), m_client(client), m_profile(profile), m_files(files)
{
    connect(client, &ApiClient::event, this, [this](const QString &type, const QJsonObject &data) {
        if (type == QStringLiteral("scanner.changed"))
            takeStatus(data);
    });
    connect(client, &ApiClient::synced, this, [this] {
        m_client->call(QStringLiteral("system.status"), {}, this,
                       [this](const QJsonObject &result, const ApiError &error) {
                           if (!error)
                               takeStatus(result[QStringLiteral("scanner")].toObject());
                       });
        if (!m_request.isEmpty())
            send();
    });
}

QStringList ScannerModel::reasons() const
{
    return stringsOf(m_status[QStringLiteral("reasons")]);
}

QStringList ScannerModel::sources() const
{
    return stringsOf(m_capabilities[QStringLiteral("sources")]);
}

QStringList ScannerModel::colorModes() const
{
    return stringsOf(m_capabilities[QStringLiteral("colorModes")]);
}

QStringList ScannerModel::resolutions() const
{
    QStringList said;
    for (const QJsonValue &one : m_capabilities[QStringLiteral("resolutions")].toArray())
        said += QString::number(one.toInt());
    return said;
}

void ScannerModel::setSource(const QString &source)
{
    m_source = source;
    emit wishesChanged();
}

void ScannerModel::setColorMode(const QString &mode)
{
    m_colorMode = mode;
    emit wishesChanged();
}

void ScannerModel::setResolution(const QString &resolution)
{
    m_resolution = resolution;
    emit wishesChanged();
}

void ScannerModel::setManyPages(bool many)
{
    m_manyPages = many;
    emit wishesChanged();
}

void ScannerModel::setDocumentName(const QString &name)
{
    m_documentName = name.trimmed();
    emit wishesChanged();
}

void ScannerModel::prepare()
{
    m_wish.reset();
    readCapabilities();
}

void ScannerModel::prepare(const QVariantMap &wish)
{
    m_wish = wish;
    readCapabilities();
}

void ScannerModel::readCapabilities()
{
    m_capabilities = {};
    m_errorCode.clear();
    m_scanError.clear();
    emit capabilitiesChanged();
    m_client->call(QStringLiteral("scanner.get"), {}, this, [this](const QJsonObject &result, const ApiError &error) {
        m_errorCode = error.code;
        if (!error) {
            m_capabilities = result[QStringLiteral("capabilities")].toObject();
            takeStatus(result[QStringLiteral("status")].toObject());
            setDefaults();
            if (!ready())
                m_errorCode = QStringLiteral("scanner-unreachable");
        }
        emit capabilitiesChanged();
    });
}

QJsonObject ScannerModel::settings() const
{
    const bool many = m_manyPages || !onGlass();
    return {{QStringLiteral("source"), m_source},
            {QStringLiteral("colorMode"), m_colorMode},
            {QStringLiteral("resolution"), m_resolution.toInt()},
            {QStringLiteral("format"), QStringLiteral("pdf")},
            {QStringLiteral("pages"), many ? QStringLiteral("many") : QStringLiteral("one")}};
}

void ScannerModel::scan()
{
    if (m_busy || !ready() || m_documentName.isEmpty())
        return;
    m_request = {{QStringLiteral("profile"), m_profile->profileId()},
                 {QStringLiteral("folder"), m_files->folderId()},
                 {QStringLiteral("folderName"), m_files->folderName()},
                 {QStringLiteral("name"), m_documentName},
                 {QStringLiteral("settings"), settings()},
                 {QStringLiteral("key"), QUuid::createUuid().toString(QUuid::WithoutBraces)}};
    m_busy = true;
    m_scanError.clear();
    emit busyChanged();
    send();
}

void ScannerModel::forget()
{
    m_client->drop(this);
    m_request = {};
    m_busy = false;
    m_scanError.clear();
    m_documentName.clear();
    emit wishesChanged();
    emit busyChanged();
}

void ScannerModel::send()
{
    m_client->call(QStringLiteral("jobs.scan"), m_request, this,
                   [this](const QJsonObject &result, const ApiError &error) {
                       if (error.code == QStringLiteral("service-lost"))
                           return; // said again with the same key when the service is back
                       m_request = {};
                       m_busy = false;
                       m_scanError = error.code;
                       emit busyChanged();
                       if (!error)
                           emit accepted(result[QStringLiteral("job")].toObject()[QStringLiteral("id")].toString());
                   });
}

void ScannerModel::takeStatus(const QJsonObject &status)
{
    if (status == m_status)
        return;
    m_status = status;
    emit statusChanged();
}

void ScannerModel::setDefaults()
{
    const QJsonObject defaults = m_capabilities[QStringLiteral("defaults")].toObject();
    m_source = startOf(sources(), defaults[QStringLiteral("source")].toString());
    m_colorMode = startOf(colorModes(), defaults[QStringLiteral("colorMode")].toString());
    m_resolution = startOf(resolutions(), QString::number(defaults[QStringLiteral("resolution")].toInt()));
    m_manyPages = false;
    //: Name of a scanned document; %1 is date and time such as "2026-11-21 14.05"
    m_documentName = QCoreApplication::translate("Words", "Scan %1")
                         .arg(QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd HH.mm")));
    if (m_wish) {
        const auto wished = [this](const char *key, const QStringList &choices, QString &value) {
            const QString wish = m_wish->value(QLatin1String(key)).toString();
            if (choices.contains(wish))
                value = wish;
        };
        wished("source", sources(), m_source);
        wished("colorMode", colorModes(), m_colorMode);
        wished("resolution", resolutions(), m_resolution);
        m_manyPages = onGlass() && m_wish->value(QStringLiteral("pages")).toString() == QStringLiteral("many");
        m_documentName = m_wish->value(QStringLiteral("fileName")).toString();
    }
    emit wishesChanged();
}

} // namespace connector::ui
