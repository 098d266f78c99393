// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/providers_model.h"

#include "ui/panel/backend/api_client.h"

namespace connector::ui {

ProvidersModel::ProvidersModel(ApiClient *client, QObject *parent) : FacedModel(parent), m_client(client)
{
    connect(client, &ApiClient::synced, this, &ProvidersModel::load);
}

QVariant ProvidersModel::data(const QModelIndex &index, int role) const
{
    const QJsonObject row = m_rows.value(index.row());
    switch (role) {
    case ProviderIdRole:
        return row[QStringLiteral("id")].toString();
    case TitleRole:
        return row[QStringLiteral("title")].toString();
    default:
        return {};
    }
}

QHash<int, QByteArray> ProvidersModel::roleNames() const
{
    return {{ProviderIdRole, "providerId"}, {TitleRole, "title"}};
}

void ProvidersModel::load()
{
    if (m_rows.isEmpty())
        setFace(Loading);
    m_client->call(QStringLiteral("providers.list"), {}, this,
                   [this](const QJsonObject &result, const ApiError &error) {
                       if (error) {
                           if (m_rows.isEmpty())
                               setFace(Failed, error.code);
                           return;
                       }
                       const auto rows = rowsOf(result[QStringLiteral("providers")]);
                       if (rows != m_rows)
                           setRows(rows);
                       showRows();
                   });
}

QString ProvidersModel::titleOf(const QString &id) const
{
    const int row = rowOf(id);
    return row < 0 ? id : m_rows[row][QStringLiteral("title")].toString();
}

bool ProvidersModel::has(const QString &id, const QString &feature) const
{
    const int row = rowOf(id);
    return row >= 0 && m_rows[row][QStringLiteral("features")].toObject()[feature].toBool();
}

} // namespace connector::ui
