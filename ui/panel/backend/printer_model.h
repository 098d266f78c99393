// SPDX-License-Identifier: Apache-2.0
// The printer: its state, what it can do, and the settings of the print that is being prepared.
#pragma once

#include "ui/panel/backend/device_model.h"

namespace connector::ui {

class FilesModel;
class ProfileSession;

class PrinterModel : public DeviceModel {
    Q_OBJECT
    Q_PROPERTY(int maxCopies READ maxCopies NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList sidesChoices READ sidesChoices NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList mediaChoices READ mediaChoices NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList qualities READ qualities NOTIFY capabilitiesChanged)

    Q_PROPERTY(int copies READ copies WRITE setCopies NOTIFY ticketChanged)
    Q_PROPERTY(QString colorMode READ colorMode WRITE setColorMode NOTIFY ticketChanged)
    Q_PROPERTY(QString sides READ sides WRITE setSides NOTIFY ticketChanged)
    Q_PROPERTY(QString media READ media WRITE setMedia NOTIFY ticketChanged)
    Q_PROPERTY(QString quality READ quality WRITE setQuality NOTIFY ticketChanged)
    Q_PROPERTY(QString pageRanges READ pageRanges WRITE setPageRanges NOTIFY ticketChanged)

    Q_PROPERTY(QString printError READ printError NOTIFY busyChanged)

public:
    PrinterModel(ApiClient *client, ProfileSession *profile, FilesModel *files, QObject *parent = nullptr);

    bool well() const override { return state() == QStringLiteral("idle") || state() == QStringLiteral("processing"); }
    bool ready() const override { return !capability("copies").isUndefined(); }
    int maxCopies() const;
    QStringList sidesChoices() const;
    QStringList mediaChoices() const;
    QStringList qualities() const;

    int copies() const { return m_copies; }
    void setCopies(int copies);
    QString colorMode() const { return m_colorMode; }
    void setColorMode(const QString &mode);
    QString sides() const { return m_sides; }
    void setSides(const QString &sides);
    QString media() const { return m_media; }
    void setMedia(const QString &media);
    QString quality() const { return m_quality; }
    void setQuality(const QString &quality);
    QString pageRanges() const { return m_pageRanges; }
    void setPageRanges(const QString &ranges);

    QString printError() const { return jobError(); }

    // Reads the capabilities and sets the ticket to what is wished, as far as the printer has it, else to its defaults.
    Q_INVOKABLE void prepare(const QVariantMap &wish = {});
    // The API's ticket of what is set.
    QJsonObject ticket() const;
    // "1-3, 5" and such; an empty one means all pages.
    Q_INVOKABLE bool validRanges(const QString &ranges) const;
    // Prints what is selected in the files. Asked twice it prints once.
    Q_INVOKABLE void print();
    void forget();

signals:
    void ticketChanged();

private:
    void setDefaults() override;

    ProfileSession *m_profile;
    FilesModel *m_files;
    QVariantMap m_wish;
    QString m_colorMode, m_sides, m_media, m_quality, m_pageRanges;
    int m_copies = 1;
};

} // namespace connector::ui
