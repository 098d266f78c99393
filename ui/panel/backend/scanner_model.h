// SPDX-License-Identifier: Apache-2.0
// The scanner: its state, what it can do, and the settings of the scan that is being prepared.
#pragma once

#include "ui/panel/backend/device_model.h"

#include <optional>

namespace connector::ui {

class FilesModel;
class ProfileSession;

class ScannerModel : public DeviceModel {
    Q_OBJECT
    Q_PROPERTY(QStringList sources READ sources NOTIFY capabilitiesChanged)
    Q_PROPERTY(QStringList resolutions READ resolutions NOTIFY capabilitiesChanged)

    Q_PROPERTY(QString source READ source WRITE setSource NOTIFY wishesChanged)
    Q_PROPERTY(bool onGlass READ onGlass NOTIFY wishesChanged)
    Q_PROPERTY(QString colorMode READ colorMode WRITE setColorMode NOTIFY wishesChanged)
    Q_PROPERTY(QString resolution READ resolution WRITE setResolution NOTIFY wishesChanged)
    Q_PROPERTY(bool manyPages READ manyPages WRITE setManyPages NOTIFY wishesChanged)
    Q_PROPERTY(QString documentName READ documentName WRITE setDocumentName NOTIFY wishesChanged)

    Q_PROPERTY(QString scanError READ scanError NOTIFY busyChanged)

public:
    ScannerModel(ApiClient *client, ProfileSession *profile, FilesModel *files, QObject *parent = nullptr);

    bool well() const override { return state() != QStringLiteral("unreachable") && reasons().isEmpty(); }
    bool ready() const override { return !capability("sources").isUndefined(); }
    QStringList sources() const;
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

    QString scanError() const { return jobError(); }

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
    void wishesChanged();

private:
    void setDefaults() override;

    ProfileSession *m_profile;
    FilesModel *m_files;
    std::optional<QVariantMap> m_wish;
    QString m_source, m_colorMode, m_resolution, m_documentName;
    bool m_manyPages = false;
};

} // namespace connector::ui
