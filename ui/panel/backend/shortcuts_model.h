// SPDX-License-Identifier: Apache-2.0
// The shortcuts of the session, by name; searched here, since all of them are.
#pragma once

#include "ui/panel/backend/faced_model.h"

#include <QVariantList>

namespace connector::ui {

class ApiClient;

class ShortcutsModel : public FacedModel {
    Q_OBJECT
    Q_PROPERTY(bool searching READ searching NOTIFY queryChanged)
    Q_PROPERTY(QString query READ query WRITE setQuery NOTIFY queryChanged)
    // There are some, whatever is searched for.
    Q_PROPERTY(bool some READ some NOTIFY changed)
    // Those of the home screen; each {id, kind, name, provider, profileName, guarded, well}.
    Q_PROPERTY(QVariantList pinned READ pinned NOTIFY changed)

public:
    enum Role {
        ShortcutIdRole = Qt::UserRole,
        KindRole,
        NameRole,
        ProviderRole,
        ProfileNameRole,
        TargetNameRole,
        HasPinRole,
        StateRole,
        PinnedRole,
        ProblemRole
    };

    explicit ShortcutsModel(ApiClient *client, QObject *parent = nullptr);

    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    bool searching() const { return m_searching; }
    QString query() const { return m_query; }
    void setQuery(const QString &query);
    bool some() const { return !m_all.isEmpty(); }
    QVariantList pinned() const;
    QJsonObject shortcut(const QString &id) const;
    bool taken(const QString &name) const;
    // What an answer told of one.
    void put(const QJsonObject &shortcut);

    Q_INVOKABLE void load();
    Q_INVOKABLE void startSearch();
    Q_INVOKABLE void stopSearch();
    void forget();

signals:
    void queryChanged();
    void changed();

private:
    void onEvent(const QString &type, const QJsonObject &data);
    void show();

    ApiClient *m_client;
    QVector<QJsonObject> m_all;
    QString m_query;
    bool m_searching = false;
};

} // namespace connector::ui
