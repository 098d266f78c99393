// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/job_view.h"

#include "ui/panel/backend/api_client.h"

namespace connector::ui {

JobView::JobView(ApiClient *client, const JobsModel *jobs, QObject *parent)
    : QObject(parent), m_client(client), m_jobs(jobs)
{
    connect(client, &ApiClient::eventReceived, this, [this](const QString &type, const QJsonObject &data) {
        if (type == QStringLiteral("job.changed") && data[QStringLiteral("id")].toString() == m_id)
            take(data);
    });
    connect(client, &ApiClient::synced, this, [this] {
        if (!m_id.isEmpty())
            reload();
    });
}

QString JobView::resultName() const
{
    const QString result = own(QStringLiteral("resultName"));
    return result.isEmpty() ? name() : result;
}

QStringList JobView::stages() const
{
    if (kind() == QStringLiteral("scan"))
        return {QStringLiteral("scan"), QStringLiteral("assemble"), QStringLiteral("deliver")};
    // "convert" is only worth a line where it happens.
    QStringList stages{QStringLiteral("fetch"), QStringLiteral("send"), QStringLiteral("print")};
    if (text(QStringLiteral("stage")) == QStringLiteral("convert"))
        stages.insert(1, QStringLiteral("convert"));
    return stages;
}

int JobView::stageIndex() const
{
    const QString stage = text(QStringLiteral("stage"));
    return stage == QStringLiteral("done") || screen() == JobsModel::Done ? int(stages().size())
                                                                          : int(stages().indexOf(stage));
}

QString JobView::problem() const
{
    switch (screen()) {
    case JobsModel::Aborted: {
        const QString code = m_job[QStringLiteral("error")].toObject()[QStringLiteral("code")].toString();
        return code.isEmpty() ? QStringLiteral("unknown") : code;
    }
    case JobsModel::Decision: {
        const QString code = m_job[QStringLiteral("awaitingError")].toObject()[QStringLiteral("code")].toString();
        const QString reason = stringsOf(m_job[QStringLiteral("reasons")]).value(0);
        return !code.isEmpty() ? code : reason.isEmpty() ? QStringLiteral("scanner-failed") : reason;
    }
    case JobsModel::Waiting:
        return stringsOf(m_job[QStringLiteral("reasons")]).value(0);
    case JobsModel::Unknown:
    case JobsModel::Running:
    case JobsModel::NextPage:
    case JobsModel::Done:
    case JobsModel::Canceled:
        return {};
    }
    return {};
}

QDateTime JobView::retryAt() const
{
    return timeOf(m_job[QStringLiteral("retryAt")]);
}

void JobView::follow(const QString &id)
{
    m_id = id;
    m_job = {};
    m_errorCode.clear();
    m_actionError.clear();
    m_busy = false;
    emit changed();
    emit busyChanged();
    reload();
}

void JobView::reload()
{
    m_client->call(QStringLiteral("jobs.get"), {{QStringLiteral("id"), m_id}}, this,
                   [this, id = m_id](const QJsonObject &result, const ApiError &error) {
                       if (id != m_id)
                           return;
                       if (!error) {
                           take(result[QStringLiteral("job")].toObject());
                       } else if (m_job.isEmpty()) {
                           m_errorCode = error.code;
                           emit changed();
                       }
                   });
}

void JobView::cancel()
{
    act(QStringLiteral("jobs.cancel"));
}

void JobView::proceed(const QString &action)
{
    act(QStringLiteral("jobs.continue"), {{QStringLiteral("action"), action}});
}

void JobView::again()
{
    act(QStringLiteral("jobs.again"));
}

void JobView::dismiss()
{
    act(QStringLiteral("jobs.dismiss"));
}

void JobView::forget()
{
    m_client->drop(this);
    m_id.clear();
    m_job = {};
    m_errorCode.clear();
    m_actionError.clear();
    m_busy = false;
    emit changed();
    emit busyChanged();
}

double JobView::number(const QString &key) const
{
    return m_job[QStringLiteral("progress")].toObject()[key].toDouble();
}

void JobView::take(const QJsonObject &job)
{
    m_errorCode.clear();
    if (job == m_job)
        return;
    m_job = job;
    emit changed();
}

void JobView::act(const QString &method, const QJsonObject &more)
{
    if (m_busy)
        return;
    m_busy = true;
    m_actionError.clear();
    emit busyChanged();
    QJsonObject params = more;
    params[QStringLiteral("id")] = m_id;
    m_client->call(method, params, this, [this, method, id = m_id](const QJsonObject &result, const ApiError &error) {
        if (id != m_id)
            return;
        m_busy = false;
        m_actionError = error.code;
        emit busyChanged();
        if (error)
            return;
        const QJsonObject job = result[QStringLiteral("job")].toObject();
        if (method == QStringLiteral("jobs.again")) {
            follow(job[QStringLiteral("id")].toString());
            emit startedAgain(m_id);
        } else if (method == QStringLiteral("jobs.dismiss")) {
            emit dismissed();
        } else if (!job.isEmpty()) {
            take(job);
        }
    });
}

} // namespace connector::ui
