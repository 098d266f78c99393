// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/profiles_model.h"

#include "ui/panel/backend/api_client.h"

#include <QDateTime>

namespace connector::ui {

ProfilesModel::ProfilesModel(ApiClient *client, QObject *parent) : FacedModel(parent), m_client(client)
{
    connect(client, &ApiClient::eventReceived, this, &ProfilesModel::onEvent);
    connect(client, &ApiClient::synced, this, &ProfilesModel::reload);
}

QVariant ProfilesModel::data(const QModelIndex &index, int role) const
{
    const QJsonObject row = m_rows.value(index.row());
    switch (role) {
    case ProfileIdRole:
        return row[QStringLiteral("id")].toString();
    case NameRole:
        return row[QStringLiteral("name")].toString();
    case AccountRole:
        return row[QStringLiteral("account")].toString(row[QStringLiteral("accountName")].toString());
    case HasPinRole:
        return row[QStringLiteral("hasPin")].toBool();
    case StateRole:
        return row[QStringLiteral("state")].toString();
    case LockedRole:
        return timeOf(row[QStringLiteral("lockedUntil")]) > QDateTime::currentDateTimeUtc();
    case PinDeadRole:
        return row[QStringLiteral("pinDead")].toBool();
    case AccessEndsRole:
        return timeOf(row[QStringLiteral("accessEndsAt")]);
    default:
        return {};
    }
}

QHash<int, QByteArray> ProfilesModel::roleNames() const
{
    return {
        {ProfileIdRole, "profileId"}, {NameRole, "name"},     {AccountRole, "account"}, {HasPinRole, "hasPin"},
        {StateRole, "profileState"},  {LockedRole, "locked"}, {PinDeadRole, "pinDead"}, {AccessEndsRole, "accessEnds"}};
}

QJsonObject ProfilesModel::profile(const QString &id) const
{
    const int row = rowOf(id);
    return row < 0 ? QJsonObject() : m_rows[row];
}

void ProfilesModel::show(const QString &provider)
{
    if (m_provider != provider) {
        m_provider = provider;
        setRows({});
        setFace(Loading);
        emit providerChanged();
    }
    load();
}

void ProfilesModel::load()
{
    if (face() == Failed)
        setFace(Loading);
    m_client->call(QStringLiteral("profiles.list"), {{QStringLiteral("provider"), m_provider}}, this,
                   [this, provider = m_provider](const QJsonObject &result, const ApiError &error) {
                       if (provider != m_provider)
                           return;
                       if (error) {
                           if (m_rows.isEmpty())
                               setFace(Failed, error.code);
                           return;
                       }
                       const auto rows = rowsOf(result[QStringLiteral("profiles")]);
                       if (rows != m_rows)
                           setRows(rows);
                       showRows();
                   });
}

void ProfilesModel::create(const QString &name, const QString &pin)
{
    if (m_busy)
        return;
    m_busy = true;
    m_createError.clear();
    emit busyChanged();
    QJsonObject params{{QStringLiteral("provider"), m_provider}, {QStringLiteral("name"), name.trimmed()}};
    if (!pin.isEmpty())
        params[QStringLiteral("pin")] = pin;
    m_client->call(QStringLiteral("profiles.create"), params, this,
                   [this](const QJsonObject &result, const ApiError &error) {
                       m_busy = false;
                       m_createError = error.code;
                       emit busyChanged();
                       if (error)
                           return;
                       const QJsonObject profile = result[QStringLiteral("profile")].toObject();
                       put(profile);
                       emit created(profile[QStringLiteral("id")].toString());
                   });
}

void ProfilesModel::forgetError()
{
    m_createError.clear();
    emit busyChanged();
}

void ProfilesModel::reload()
{
    if (!m_provider.isEmpty())
        load();
}

void ProfilesModel::forget()
{
    m_client->drop(this);
    m_busy = false;
    m_createError.clear();
    setRows({});
    setFace(Loading);
    emit busyChanged();
}

void ProfilesModel::put(const QJsonObject &profile)
{
    if (profile[QStringLiteral("provider")].toString() == m_provider) {
        int place = 0;
        while (place < count() && QString::localeAwareCompare(m_rows[place][QStringLiteral("name")].toString(),
                                                              profile[QStringLiteral("name")].toString()) < 0)
            ++place;
        putRow(profile, place);
        showRows();
    }
    emit changed(profile);
}

void ProfilesModel::onEvent(const QString &type, const QJsonObject &data)
{
    if (type == QStringLiteral("profile.changed")) {
        put(data);
    } else if (type == QStringLiteral("profile.removed")) {
        const QString id = data[QStringLiteral("id")].toString();
        dropRow(id);
        if (face() == Content)
            showRows();
        emit removed(id);
    }
}

} // namespace connector::ui
