// SPDX-License-Identifier: Apache-2.0
// All jobs that the session may see, newest first.
#pragma once

#include "ui/panel/backend/faced_model.h"

#include <QSet>

namespace connector::ui {

class ApiClient;

class JobsModel : public FacedModel {
    Q_OBJECT
    Q_PROPERTY(int openCount READ openCount NOTIFY openCountChanged)

public:
    enum Role {
        JobIdRole = Qt::UserRole,
        KindRole,
        NameRole,
        ScreenRole,
        ProgressRole,
        ReasonRole,
        ErrorRole,
        CreatedRole
    };

    // What a person sees of a job, made of state, reasons and awaiting.
    enum Screen { Unknown, Running, Waiting, NextPage, Decision, Done, Aborted, Canceled };
    Q_ENUM(Screen)

    explicit JobsModel(ApiClient *client, QObject *parent = nullptr);

    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    int openCount() const { return m_openCount; }
    Q_INVOKABLE void load();
    void forget();
    // Guests share one list. A guest sees what the others' jobs do, but only the own ones' names.
    void setGuest(bool guest);
    void begun(const QString &jobId);
    bool another(const QString &jobId) const { return m_guest && !m_begun.contains(jobId); }

    static Screen screenOf(const QJsonObject &job);
    // 0 to 1 within the whole job; -1 where it cannot be known.
    static double progressOf(const QJsonObject &job);

signals:
    void openCountChanged();

private:
    void onEvent(const QString &type, const QJsonObject &data);
    void countOpen();

    ApiClient *m_client;
    QSet<QString> m_begun; // in this session
    int m_openCount = 0;
    bool m_guest = true;
};

} // namespace connector::ui
