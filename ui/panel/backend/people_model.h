// SPDX-License-Identifier: Apache-2.0
// The people to choose from at the sign-in, and finding one among many.
#pragma once

#include "ui/panel/backend/faced_model.h"

namespace connector::ui {

class ApiClient;

class PeopleModel : public FacedModel {
    Q_OBJECT
    // Of everybody, found or not.
    Q_PROPERTY(int total READ total NOTIFY countChanged)
    Q_PROPERTY(QString query READ query NOTIFY queryChanged)

public:
    enum Role { PersonIdRole = Qt::UserRole, NameRole, SecretRole };

    explicit PeopleModel(ApiClient *client, QObject *parent = nullptr);

    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    int total() const { return int(m_all.size()); }
    QString query() const { return m_query; }

    Q_INVOKABLE void load();
    // Shows those with the text in their name, whatever its case and accents.
    Q_INVOKABLE void find(const QString &text);
    void forget();

signals:
    void queryChanged();

private:
    void showFound();

    ApiClient *m_client;
    QVector<QJsonObject> m_all;
    QString m_query;
};

} // namespace connector::ui
