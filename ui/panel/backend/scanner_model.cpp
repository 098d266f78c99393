// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/scanner_model.h"

#include "ui/panel/backend/files_model.h"
#include "ui/panel/backend/profile_session.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonArray>

namespace connector::ui {

ScannerModel::ScannerModel(ApiClient *client, ProfileSession *profile, FilesModel *files, QObject *parent)
    : DeviceModel(client, QStringLiteral("scanner"), QStringLiteral("jobs.scan"), parent), m_profile(profile),
      m_files(files)
{
}

QStringList ScannerModel::sources() const
{
    return choices("sources");
}

QStringList ScannerModel::resolutions() const
{
    QStringList said;
    for (const QJsonValue &one : capability("resolutions").toArray())
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
    if (!ready() || m_documentName.isEmpty())
        return;
    begin({{QStringLiteral("profile"), m_profile->profileId()},
           {QStringLiteral("folder"), m_files->folderId()},
           {QStringLiteral("folderName"), m_files->folderName()},
           {QStringLiteral("name"), m_documentName},
           {QStringLiteral("settings"), settings()}});
}

void ScannerModel::forget()
{
    m_wish.reset();
    m_documentName.clear();
    emit wishesChanged();
    forgetJob();
}

void ScannerModel::setDefaults()
{
    const QVariantMap wish = m_wish.value_or(QVariantMap());
    const auto start = [&wish, all = defaults()](const char *key, const QStringList &choices) {
        return startOf(choices, all[QLatin1String(key)].toVariant().toString(), wish.value(QLatin1String(key)));
    };
    m_source = start("source", sources());
    m_colorMode = start("colorMode", colorModes());
    m_resolution = start("resolution", resolutions());
    m_manyPages = onGlass() && wish.value(QStringLiteral("pages")).toString() == QStringLiteral("many");
    //: Name of a scanned document; %1 is date and time such as "2026-11-21 14.05"
    m_documentName = QCoreApplication::translate("Words", "Scan %1")
                         .arg(QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd HH.mm")));
    if (m_wish)
        m_documentName = wish.value(QStringLiteral("fileName")).toString();
    emit wishesChanged();
}

} // namespace connector::ui
