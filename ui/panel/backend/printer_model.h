// SPDX-License-Identifier: Apache-2.0
// The printer: its state, what it can do, and the settings of the print that is being prepared.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QObject>
#include <QStringList>
#include <QVariantMap>

namespace connector::ui {

class ApiClient;
class FilesModel;
class ProfileSession;

class PrinterModel : public QObject {
    Q_OBJECT
    Q_PROPERTY(bool known READ known NOTIFY statusChanged)
    Q_PROPERTY(bool well READ well NOTIFY statusChanged)
    Q_PROPERTY(QString name READ name NOTIFY statusChanged)
    Q_PROPERTY(QString state READ state NOTIFY statusChanged)
    Q_PROPERTY(QStringList reasons READ reasons NOTIFY statusChanged)

    Q_PROPERTY(bool ready READ ready NOTIFY capabilitiesChanged)
    Q_PROPERTY(QString errorCode READ errorCode NOTIFY capabilitiesChanged)
    Q_PROPERTY(int maxCopies READ maxCopies NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList colorModes READ colorModes NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList sidesChoices READ sidesChoices NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList mediaChoices READ mediaChoices NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList qualities READ qualities NOTIFY capabilitiesChanged)

    Q_PROPERTY(int copies READ copies WRITE setCopies NOTIFY ticketChanged)
    Q_PROPERTY(QString colorMode READ colorMode WRITE setColorMode NOTIFY ticketChanged)
    Q_PROPERTY(QString sides READ sides WRITE setSides NOTIFY ticketChanged)
    Q_PROPERTY(QString media READ media WRITE setMedia NOTIFY ticketChanged)
    Q_PROPERTY(QString quality READ quality WRITE setQuality NOTIFY ticketChanged)
    Q_PROPERTY(QString pageRanges READ pageRanges WRITE setPageRanges NOTIFY ticketChanged)

    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
    Q_PROPERTY(QString printError READ printError NOTIFY busyChanged)

public:
    PrinterModel(ApiClient *client, ProfileSession *profile, FilesModel *files, QObject *parent = nullptr);

    bool known() const { return !m_status.isEmpty(); }
    bool well() const;
    QString name() const { return m_status[QStringLiteral("name")].toString(); }
    QString state() const { return m_status[QStringLiteral("state")].toString(); }
    QStringList reasons() const;

    bool ready() const { return m_capabilities.contains(QStringLiteral("copies")); }
    QString errorCode() const { return m_errorCode; }
    int maxCopies() const;
    QStringList colorModes() const;
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

    bool busy() const { return m_busy; }
    QString printError() const { return m_printError; }

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
    void statusChanged();
    void capabilitiesChanged();
    void ticketChanged();
    void busyChanged();
    void accepted(const QString &jobId);

private:
    void takeStatus(const QJsonObject &status);
    void setDefaults();
    void send();

    ApiClient *m_client;
    ProfileSession *m_profile;
    FilesModel *m_files;
    QJsonObject m_status;
    QJsonObject m_capabilities;
    QVariantMap m_wish;
    QJsonObject m_request; // kept while it has no answer, to be said again after a lost connection
    QString m_errorCode, m_printError, m_colorMode, m_sides, m_media, m_quality, m_pageRanges;
    int m_copies = 1;
    bool m_busy = false;
};

} // namespace connector::ui
