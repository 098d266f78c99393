// SPDX-License-Identifier: Apache-2.0
// The things that the service in memory tells of, as JSON.
#pragma once

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>

namespace connector::ui {

inline QString inTime(qint64 seconds)
{
    return QDateTime::currentDateTimeUtc().addSecs(seconds).toString(QStringLiteral("yyyy-MM-ddTHH:mm:ssZ"));
}

inline QJsonObject profile(const char *id, const char *provider, const QString &name, const QString &account,
                           bool hasPin, const char *state)
{
    return {{"id", id},
            {"provider", provider},
            {"name", name},
            {"account", account.isEmpty() ? QJsonValue() : QJsonValue(account)},
            {"accountVerified", !account.isEmpty()},
            {"accountName", QJsonValue()},
            {"hasPin", hasPin},
            {"state", state},
            {"lockedUntil", QJsonValue()},
            {"createdAt", inTime(-90'000)},
            {"lastUsedAt", inTime(-4'000)}};
}

inline QJsonObject entry(const QString &id, const char *kind, const QString &name, double size, const char *modified,
                         const char *type, bool printable)
{
    const bool folder = QLatin1String(kind) == QLatin1String("folder");
    return {{"id", id},
            {"kind", kind},
            {"name", name},
            {"size", folder ? QJsonValue() : QJsonValue(size)},
            {"modified", folder ? QJsonValue() : QJsonValue(QString::fromLatin1(modified))},
            {"type", type},
            {"printable", printable},
            {"reason", printable || folder ? QJsonValue() : QJsonValue(QStringLiteral("unsupported-type"))},
            {"revision", QStringLiteral("r1")}};
}

constexpr int kTries = 5;

} // namespace connector::ui
