// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/printer_model.h"

#include "ui/panel/backend/faced_model.h"
#include "ui/panel/backend/files_model.h"
#include "ui/panel/backend/profile_session.h"

#include <QRegularExpression>

#include <algorithm>

namespace connector::ui {

PrinterModel::PrinterModel(ApiClient *client, ProfileSession *profile, FilesModel *files, QObject *parent)
    : DeviceModel(client, QStringLiteral("printer"), QStringLiteral("jobs.print"), parent), m_profile(profile),
      m_files(files)
{
}

int PrinterModel::maxCopies() const
{
    return std::max(1, capability("copies").toObject()[QStringLiteral("max")].toInt(1));
}

QStringList PrinterModel::sidesChoices() const
{
    return choices("sides");
}

QStringList PrinterModel::mediaChoices() const
{
    QStringList names;
    for (const QJsonObject &one : rowsOf(capability("media")))
        names += one[QStringLiteral("name")].toString();
    return names;
}

QStringList PrinterModel::qualities() const
{
    return choices("quality");
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
    readCapabilities();
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
    if (!ready() || m_files->selectedCount() == 0)
        return;
    begin({{QStringLiteral("profile"), m_profile->profileId()},
           {QStringLiteral("items"), m_files->selectedItems()},
           {QStringLiteral("ticket"), ticket()}});
}

void PrinterModel::forget()
{
    m_wish.clear();
    m_pageRanges.clear();
    emit ticketChanged();
    forgetJob();
}

void PrinterModel::setDefaults()
{
    const auto start = [this, all = defaults()](const char *key, const QStringList &choices, const char *last = "") {
        return startOf(choices, all[QLatin1String(key)].toString(QLatin1String(last)),
                       m_wish.value(QLatin1String(key)));
    };
    const int wished = m_wish.value(QStringLiteral("copies")).toInt();
    m_copies = std::clamp(wished > 0 ? wished : defaults()[QStringLiteral("copies")].toInt(1), 1, maxCopies());
    m_colorMode = start("colorMode", colorModes());
    m_sides = start("sides", sidesChoices());
    m_media = start("media", mediaChoices());
    m_quality = start("quality", qualities(), "normal");
    m_pageRanges = m_wish.value(QStringLiteral("pageRanges")).toString();
    emit ticketChanged();
}

} // namespace connector::ui
