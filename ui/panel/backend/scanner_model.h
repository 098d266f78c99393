// SPDX-License-Identifier: Apache-2.0
// The scanner: its state, what it can do, and the settings of the scan that is being prepared.
#pragma once

#include <QJsonObject>
#include <QObject>
#include <QStringList>
#include <QVariantMap>

#include <optional>

namespace connector::ui {

class ApiClient;
class FilesModel;
class ProfileSession;

class ScannerModel : public QObject {
    Q_OBJECT
    Q_PROPERTY(bool known READ known NOTIFY statusChanged)
    Q_PROPERTY(bool well READ well NOTIFY statusChanged)
    Q_PROPERTY(QString name READ name NOTIFY statusChanged)
    Q_PROPERTY(QString state READ state NOTIFY statusChanged)
    Q_PROPERTY(QStringList reasons READ reasons NOTIFY statusChanged)

    Q_PROPERTY(bool ready READ ready NOTIFY capabilitiesChanged)
    Q_PROPERTY(QString errorCode READ errorCode NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList sources READ sources NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList colorModes READ colorModes NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList resolutions READ resolutions NOTIFY capabilitiesChanged)

    Q_PROPERTY(QString source READ source WRITE setSource NOTIFY wishesChanged)
    Q_PROPERTY(bool onGlass READ onGlass NOTIFY wishesChanged)
    Q_PROPERTY(QString colorMode READ colorMode WRITE setColorMode NOTIFY wishesChanged)
    Q_PROPERTY(QString resolution READ resolution WRITE setResolution NOTIFY wishesChanged)
    Q_PROPERTY(bool manyPages READ manyPages WRITE setManyPages NOTIFY wishesChanged)
    Q_PROPERTY(QString documentName READ documentName WRITE setDocumentName NOTIFY wishesChanged)

    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
    Q_PROPERTY(QString scanError READ scanError NOTIFY busyChanged)

public:
    ScannerModel(ApiClient *client, ProfileSession *profile, FilesModel *files, QObject *parent = nullptr);

    bool known() const { return !m_status.isEmpty(); }
    bool well() const { return state() != QStringLiteral("unreachable") && reasons().isEmpty(); }
    QString name() const { return m_status[QStringLiteral("name")].toString(); }
    QString state() const { return m_status[QStringLiteral("state")].toString(); }
    QStringList reasons() const;

    bool ready() const { return m_capabilities.contains(QStringLiteral("sources")); }
    QString errorCode() const { return m_errorCode; }
    QStringList sources() const;
    QStringList colorModes() const;
    QStringList resolutions() const;

    QString source() const { return m_source; }
    void setSource(const QString &source);
    bool onGlass() const { return m_source == QStringLiteral("flatbed"); }
    QString colorMode() const { return m_colorMode; }
    void setColorMode(const QString &mode);
    QString resolution() const { return m_resolution; }
    void setResolution(const QString &resolution);
    bool manyPages() const { return m_manyPages; }
    void setManyPages(bool many);
    QString documentName() const { return m_documentName; }
    void setDocumentName(const QString &name);

    bool busy() const { return m_busy; }
    QString scanError() const { return m_scanError; }

    // Reads the capabilities and sets the scanner's own defaults.
    Q_INVOKABLE void prepare();
    // Likewise for a shortcut's settings, as far as the scanner has them; the document's name is then theirs or empty.
    void prepare(const QVariantMap &wish);
    // The API's settings of what is set.
    QJsonObject settings() const;
    // Scans into the folder that the files show. Asked twice it scans once.
    Q_INVOKABLE void scan();
    void forget();

signals:
    void statusChanged();
    void capabilitiesChanged();
    void wishesChanged();
    void busyChanged();
    void accepted(const QString &jobId);

private:
    void readCapabilities();
    void takeStatus(const QJsonObject &status);
    void setDefaults();
    void send();

    ApiClient *m_client;
    ProfileSession *m_profile;
    FilesModel *m_files;
    QJsonObject m_status;
    QJsonObject m_capabilities;
    std::optional<QVariantMap> m_wish;
    QJsonObject m_request; // kept while it has no answer, to be said again after a lost connection
    QString m_errorCode, m_scanError, m_source, m_colorMode, m_resolution, m_documentName;
    bool m_manyPages = false;
    bool m_busy = false;
};

} // namespace connector::ui
