// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/printer_model.h"

#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/faced_model.h"
#include "ui/panel/backend/files_model.h"
#include "ui/panel/backend/profile_session.h"

#include <QRegularExpression>
#include <QUuid>

#include <algorithm>

namespace connector::ui {

namespace {

// What the printer offers of a setting; its default, or its first choice, when that says nothing.
QString startOf(const QStringList &choices, const QString &standard)
{
    return choices.contains(standard) || choices.isEmpty() ? standard : choices.first();
}

} // namespace

PrinterModel::PrinterModel(ApiClient *client, ProfileSession *profile, FilesModel *files, QObject *parent)
    : QObject(parent), m_client(client), m_profile(profile), m_files(files)
{
    connect(client, &ApiClient::event, this, [this](const QString &type, const QJsonObject &data) {
        if (type == QStringLiteral("printer.changed"))
            takeStatus(data);
    });
    connect(client, &ApiClient::synced, this, [this] {
        m_client->call(QStringLiteral("system.status"), {}, this,
                       [this](const QJsonObject &result, const ApiError &error) {
                           if (!error)
                               takeStatus(result[QStringLiteral("printer")].toObject());
                       });
        if (!m_request.isEmpty())
            send();
    });
}

bool PrinterModel::well() const
{
    return state() == QStringLiteral("idle") || state() == QStringLiteral("processing");
}

QStringList PrinterModel::reasons() const
{
    return stringsOf(m_status[QStringLiteral("reasons")]);
}

int PrinterModel::maxCopies() const
{
    return std::max(1, m_capabilities[QStringLiteral("copies")].toObject()[QStringLiteral("max")].toInt(1));
}

QStringList PrinterModel::colorModes() const
{
    return stringsOf(m_capabilities[QStringLiteral("colorModes")]);
}

QStringList PrinterModel::sidesChoices() const
{
    return stringsOf(m_capabilities[QStringLiteral("sides")]);
}

QStringList PrinterModel::mediaChoices() const
{
    QStringList names;
    for (const QJsonObject &one : rowsOf(m_capabilities[QStringLiteral("media")]))
        names += one[QStringLiteral("name")].toString();
    return names;
}

QStringList PrinterModel::qualities() const
{
    return stringsOf(m_capabilities[QStringLiteral("quality")]);
}

void PrinterModel::setCopies(int copies)
{
    m_copies = std::clamp(copies, 1, maxCopies());
    emit ticketChanged();
}

void PrinterModel::setColorMode(const QString &mode)
{
    m_colorMode = mode;
    emit ticketChanged();
}

void PrinterModel::setSides(const QString &sides)
{
    m_sides = sides;
    emit ticketChanged();
}

void PrinterModel::setMedia(const QString &media)
{
    m_media = media;
    emit ticketChanged();
}

void PrinterModel::setQuality(const QString &quality)
{
    m_quality = quality;
    emit ticketChanged();
}

void PrinterModel::setPageRanges(const QString &ranges)
{
    m_pageRanges = ranges;
    m_pageRanges.remove(QLatin1Char(' '));
    emit ticketChanged();
}

void PrinterModel::prepare(const QVariantMap &wish)
{
    m_wish = wish;
    m_capabilities = {};
    m_errorCode.clear();
    m_printError.clear();
    emit capabilitiesChanged();
    m_client->call(QStringLiteral("printer.get"), {}, this, [this](const QJsonObject &result, const ApiError &error) {
        m_errorCode = error.code;
        if (!error) {
            m_capabilities = result[QStringLiteral("capabilities")].toObject();
            takeStatus(result[QStringLiteral("status")].toObject());
            setDefaults();
            if (!ready())
                m_errorCode = QStringLiteral("printer-unreachable");
        }
        emit capabilitiesChanged();
    });
}

bool PrinterModel::validRanges(const QString &ranges) const
{
    static const QRegularExpression form(QStringLiteral(
        "^\\s*([1-9]\\d{0,4})(\\s*-\\s*[1-9]\\d{0,4})?(\\s*,\\s*[1-9]\\d{0,4}(\\s*-\\s*[1-9]\\d{0,4})?)*\\s*$"));
    if (ranges.trimmed().isEmpty())
        return true;
    if (!form.match(ranges).hasMatch())
        return false;
    for (const QString &part : ranges.split(QLatin1Char(','))) {
        const QStringList ends = part.split(QLatin1Char('-'));
        if (ends.size() == 2 && ends[0].trimmed().toInt() > ends[1].trimmed().toInt())
            return false;
    }
    return true;
}

QJsonObject PrinterModel::ticket() const
{
    QJsonObject ticket{{QStringLiteral("copies"), m_copies}};
    const auto put = [&ticket](const QString &key, const QString &value) {
        if (!value.isEmpty())
            ticket[key] = value;
    };
    put(QStringLiteral("colorMode"), m_colorMode);
    put(QStringLiteral("sides"), m_sides);
    put(QStringLiteral("media"), m_media);
    put(QStringLiteral("quality"), m_quality);
    put(QStringLiteral("pageRanges"), m_pageRanges);
    return ticket;
}

void PrinterModel::print()
{
    if (m_busy || !ready() || m_files->selectedCount() == 0)
        return;
    m_request = {{QStringLiteral("profile"), m_profile->profileId()},
                 {QStringLiteral("items"), m_files->selectedItems()},
                 {QStringLiteral("ticket"), ticket()},
                 {QStringLiteral("key"), QUuid::createUuid().toString(QUuid::WithoutBraces)}};
    m_busy = true;
    m_printError.clear();
    emit busyChanged();
    send();
}

void PrinterModel::forget()
{
    m_client->drop(this);
    m_request = {};
    m_busy = false;
    m_printError.clear();
    m_pageRanges.clear();
    emit ticketChanged();
    emit busyChanged();
}

void PrinterModel::send()
{
    m_client->call(QStringLiteral("jobs.print"), m_request, this,
                   [this](const QJsonObject &result, const ApiError &error) {
                       if (error.code == QStringLiteral("service-lost"))
                           return; // said again with the same key when the service is back
                       m_request = {};
                       m_busy = false;
                       m_printError = error.code;
                       emit busyChanged();
                       if (!error)
                           emit accepted(result[QStringLiteral("job")].toObject()[QStringLiteral("id")].toString());
                   });
}

void PrinterModel::takeStatus(const QJsonObject &status)
{
    if (status == m_status)
        return;
    m_status = status;
    emit statusChanged();
}

void PrinterModel::setDefaults()
{
    const QJsonObject defaults = m_capabilities[QStringLiteral("defaults")].toObject();
    m_copies = std::clamp(defaults[QStringLiteral("copies")].toInt(1), 1, maxCopies());
    m_colorMode = startOf(colorModes(), defaults[QStringLiteral("colorMode")].toString());
    m_sides = startOf(sidesChoices(), defaults[QStringLiteral("sides")].toString());
    m_media = startOf(mediaChoices(), defaults[QStringLiteral("media")].toString());
    m_quality = startOf(qualities(), defaults[QStringLiteral("quality")].toString(QStringLiteral("normal")));
    m_pageRanges = m_wish.value(QStringLiteral("pageRanges")).toString();
    const auto wished = [this](const char *key, const QStringList &choices, QString &value) {
        const QString wish = m_wish.value(QLatin1String(key)).toString();
        if (choices.contains(wish))
            value = wish;
    };
    if (const int copies = m_wish.value(QStringLiteral("copies")).toInt(); copies > 0)
        m_copies = std::min(copies, maxCopies());
    wished("colorMode", colorModes(), m_colorMode);
    wished("sides", sidesChoices(), m_sides);
    wished("media", mediaChoices(), m_media);
    wished("quality", qualities(), m_quality);
    emit ticketChanged();
}

} // namespace connector::ui
