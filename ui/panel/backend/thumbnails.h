// SPDX-License-Identifier: Apache-2.0
// The small pictures of the files that are shown: asked for as rows come into sight, a few at a time, the newest first.
#pragma once

#include <QByteArray>
#include <QCache>
#include <QJsonObject>
#include <QObject>
#include <QSet>
#include <QStringList>

namespace connector::ui {

class ApiClient;
class ProfileSession;

class Thumbnails : public QObject {
    Q_OBJECT

public:
    Thumbnails(ApiClient *client, ProfileSession *profile, QObject *parent = nullptr);

    // A JPEG or PNG of the file of this row. Empty where there is none, or none yet: it is asked for, and came() tells.
    QByteArray of(const QJsonObject &entry);
    // What has not come yet is no longer waited for.
    void stop();
    // Nothing stays.
    void forget();

signals:
    void came(const QString &entryId);

private:
    void askNext();

    ApiClient *m_client;
    ProfileSession *m_profile;
    QCache<QString, QByteArray> m_known; // by id and revision; empty: there is none
    QList<QJsonObject> m_wanted;         // the newest last
    QSet<QString> m_asked;               // under way
};

} // namespace connector::ui
