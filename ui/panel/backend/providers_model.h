// SPDX-License-Identifier: Apache-2.0
// The clouds that this device offers, in display order.
#pragma once

#include "ui/panel/backend/faced_model.h"

namespace connector::ui {

class ApiClient;

class ProvidersModel : public FacedModel {
    Q_OBJECT

public:
    enum Role { ProviderIdRole = Qt::UserRole, TitleRole };

    explicit ProvidersModel(ApiClient *client, QObject *parent = nullptr);

    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    Q_INVOKABLE void load();
    Q_INVOKABLE QString titleOf(const QString &id) const;
    bool has(const QString &id, const QString &feature) const;

private:
    ApiClient *m_client;
};

} // namespace connector::ui
