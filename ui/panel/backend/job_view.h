// SPDX-License-Identifier: Apache-2.0
// The one job that the job screen shows, and what the person can do about it.
#pragma once

#include "ui/panel/backend/jobs_model.h"

#include <QDateTime>
#include <QJsonObject>
#include <QObject>

namespace connector::ui {

class ApiClient;
struct ApiError;

class JobView : public QObject {
    Q_OBJECT
    Q_PROPERTY(QString jobId READ jobId NOTIFY changed)
    Q_PROPERTY(connector::ui::JobsModel::Screen screen READ screen NOTIFY changed)
    Q_PROPERTY(QString kind READ kind NOTIFY changed)
    Q_PROPERTY(QString name READ name NOTIFY changed)
    Q_PROPERTY(QString resultName READ resultName NOTIFY changed)
    Q_PROPERTY(QString folderName READ folderName NOTIFY changed)
    Q_PROPERTY(QString profileName READ profileName NOTIFY changed)
    Q_PROPERTY(QStringList stages READ stages NOTIFY changed)
    Q_PROPERTY(int stageIndex READ stageIndex NOTIFY changed)
    Q_PROPERTY(double progress READ progress NOTIFY changed)
    Q_PROPERTY(int pages READ pages NOTIFY changed)
    Q_PROPERTY(int totalPages READ totalPages NOTIFY changed)
    Q_PROPERTY(double bytes READ bytes NOTIFY changed)
    Q_PROPERTY(double totalBytes READ totalBytes NOTIFY changed)
    // Why it stands still, failed, or asks: a code for Words.
    Q_PROPERTY(QString problem READ problem NOTIFY changed)
    Q_PROPERTY(QDateTime retryAt READ retryAt NOTIFY changed)
    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
    Q_PROPERTY(QString actionError READ actionError NOTIFY busyChanged)
    // The job cannot be read (it is gone, or the service does not answer).
    Q_PROPERTY(QString errorCode READ errorCode NOTIFY changed)

public:
    JobView(ApiClient *client, const JobsModel *jobs, QObject *parent = nullptr);

    QString jobId() const { return m_id; }
    JobsModel::Screen screen() const { return JobsModel::screenOf(m_job); }
    QString kind() const { return text(QStringLiteral("kind")); }
    QString name() const { return own(QStringLiteral("name")); } // empty where it is another guest's
    QString resultName() const;
    QString folderName() const { return own(QStringLiteral("folderName")); }
    QString profileName() const { return own(QStringLiteral("profileName")); }
    QStringList stages() const;
    int stageIndex() const;
    double progress() const { return JobsModel::progressOf(m_job); }
    int pages() const { return int(number(QStringLiteral("pages"))); }
    int totalPages() const { return int(number(QStringLiteral("totalPages"))); }
    double bytes() const { return number(QStringLiteral("bytes")); }
    double totalBytes() const { return number(QStringLiteral("totalBytes")); }
    QString problem() const;
    QDateTime retryAt() const;
    bool busy() const { return m_busy; }
    QString actionError() const { return m_actionError; }
    QString errorCode() const { return m_errorCode; }

    Q_INVOKABLE void follow(const QString &id);
    Q_INVOKABLE void reload();
    Q_INVOKABLE void cancel();
    Q_INVOKABLE void proceed(const QString &action);
    Q_INVOKABLE void again();
    Q_INVOKABLE void dismiss();
    void forget();

signals:
    void changed();
    void busyChanged();
    void startedAgain(const QString &newId);
    void dismissed();

private:
    QString text(const QString &key) const { return m_job[key].toString(); }
    QString own(const QString &key) const { return m_jobs->another(m_id) ? QString() : text(key); }
    double number(const QString &key) const;
    void take(const QJsonObject &job);
    // Sends an action once; a second tap while it is on its way does nothing.
    void act(const QString &method, const QJsonObject &more = {});

    ApiClient *m_client;
    const JobsModel *m_jobs;
    QString m_id;
    QJsonObject m_job;
    QString m_errorCode;
    QString m_actionError;
    bool m_busy = false;
};

} // namespace connector::ui
