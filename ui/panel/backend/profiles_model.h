// SPDX-License-Identifier: Apache-2.0
// The profiles of one cloud, and making a new one.
#pragma once

#include "ui/panel/backend/faced_model.h"

namespace connector::ui {

class ApiClient;

class ProfilesModel : public FacedModel {
    Q_OBJECT
    Q_PROPERTY(QString provider READ provider NOTIFY providerChanged)
    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
    // Of the last create(); empty when it went well.
    Q_PROPERTY(QString createError READ createError NOTIFY busyChanged)

public:
    enum Role {
        ProfileIdRole = Qt::UserRole,
        NameRole,
        AccountRole,
        HasPinRole,
        StateRole,
        LockedRole,
        PinDeadRole,
        AccessEndsRole
    };

    explicit ProfilesModel(ApiClient *client, QObject *parent = nullptr);

    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    QString provider() const { return m_provider; }
    bool busy() const { return m_busy; }
    QString createError() const { return m_createError; }
    QJsonObject profile(const QString &id) const;

    // Shows the profiles of this cloud.
    Q_INVOKABLE void show(const QString &provider);
    Q_INVOKABLE void load();
    Q_INVOKABLE void create(const QString &name, const QString &pin);
    Q_INVOKABLE void forgetError();
    // Reads them for somebody else; only where they are shown.
    void reload();
    void forget();

signals:
    void providerChanged();
    void busyChanged();
    void created(const QString &profileId);
    void changed(const QJsonObject &profile);
    void removed(const QString &profileId);

private:
    void put(const QJsonObject &profile);
    void onEvent(const QString &type, const QJsonObject &data);

    ApiClient *m_client;
    QString m_provider;
    QString m_createError;
    bool m_busy = false;
};

} // namespace connector::ui
