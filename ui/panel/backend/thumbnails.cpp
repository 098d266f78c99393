// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/thumbnails.h"

#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/profile_session.h"

namespace connector::ui {

namespace {

constexpr int kAtOnce = 2;          // the list itself must not wait for pictures
constexpr int kMostWanted = 40;     // what was scrolled past long ago
constexpr int kMostBytes = 4 << 20; // of pictures kept
constexpr int kPixels = 128;

QString text(const QJsonObject &entry, const char *field)
{
    return entry[QLatin1String(field)].toString();
}

QString keyOf(const QJsonObject &entry)
{
    return text(entry, "id") + QLatin1Char('\n') + text(entry, "revision");
}

// What clouds make pictures of.
bool mayHaveOne(const QJsonObject &entry)
{
    static const QSet<QString> types{QStringLiteral("image"),        QStringLiteral("pdf"),
                                     QStringLiteral("document"),     QStringLiteral("spreadsheet"),
                                     QStringLiteral("presentation"), QStringLiteral("video")};
    return text(entry, "kind") != QStringLiteral("folder") && types.contains(text(entry, "type"));
}

} // namespace

Thumbnails::Thumbnails(ApiClient *client, ProfileSession *profile, QObject *parent)
    : QObject(parent), m_client(client), m_profile(profile), m_known(kMostBytes)
{
    connect(profile, &ProfileSession::changed, this, [this] {
        if (!m_profile->opened())
            forget();
    });
}

QByteArray Thumbnails::of(const QJsonObject &entry)
{
    if (!mayHaveOne(entry))
        return {};
    const QString key = keyOf(entry);
    if (const QByteArray *known = m_known.object(key))
        return *known;
    if (!m_asked.contains(key)) {
        m_wanted.removeIf([&](const QJsonObject &one) { return keyOf(one) == key; });
        m_wanted += entry;
        if (m_wanted.size() > kMostWanted)
            m_wanted.removeFirst();
        // Not from within a view that asks its model.
        QMetaObject::invokeMethod(this, &Thumbnails::askNext, Qt::QueuedConnection);
    }
    return {};
}

void Thumbnails::askNext()
{
    while (!m_wanted.isEmpty() && m_asked.size() < kAtOnce) {
        const QJsonObject entry = m_wanted.takeLast();
        const QString key = keyOf(entry);
        m_asked += key;
        m_client->call(QStringLiteral("files.thumbnail"),
                       {{QStringLiteral("profile"), m_profile->profileId()},
                        {QStringLiteral("file"), entry[QStringLiteral("id")]},
                        {QStringLiteral("revision"), entry[QStringLiteral("revision")]},
                        {QStringLiteral("pixels"), kPixels}},
                       this, [this, key, id = text(entry, "id")](const QJsonObject &result, const ApiError &error) {
                           m_asked.remove(key);
                           // What went wrong, the list says itself when it meets it; here it stays without a picture.
                           if (!error) {
                               const QByteArray bytes = QByteArray::fromBase64(text(result, "data").toLatin1());
                               m_known.insert(key, new QByteArray(bytes), int(bytes.size()) + 200);
                               if (!bytes.isEmpty())
                                   emit came(id);
                           }
                           askNext();
                       });
    }
}

void Thumbnails::stop()
{
    m_client->drop(this);
    m_wanted.clear();
    m_asked.clear();
}

void Thumbnails::forget()
{
    stop();
    m_known.clear();
}

} // namespace connector::ui
