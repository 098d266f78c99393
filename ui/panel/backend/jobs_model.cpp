// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/jobs_model.h"

#include "ui/panel/backend/api_client.h"

#include <QDateTime>

#include <algorithm>

namespace connector::ui {

JobsModel::JobsModel(ApiClient *client, QObject *parent) : FacedModel(parent), m_client(client)
{
    connect(client, &ApiClient::eventReceived, this, &JobsModel::onEvent);
    connect(client, &ApiClient::synced, this, &JobsModel::load);
}

QVariant JobsModel::data(const QModelIndex &index, int role) const
{
    const QJsonObject row = m_rows.value(index.row());
    switch (role) {
    case JobIdRole:
        return row[QStringLiteral("id")].toString();
    case KindRole:
        return row[QStringLiteral("kind")].toString();
    case NameRole:
        return another(row[QStringLiteral("id")].toString()) ? QString() : row[QStringLiteral("name")].toString();
    case ScreenRole:
        return screenOf(row);
    case ProgressRole:
        return progressOf(row);
    case ReasonRole:
        return stringsOf(row[QStringLiteral("reasons")]).value(0);
    case ErrorRole:
        return row[QStringLiteral("error")].toObject()[QStringLiteral("code")].toString();
    case CreatedRole:
        return timeOf(row[QStringLiteral("createdAt")]);
    default:
        return {};
    }
}

QHash<int, QByteArray> JobsModel::roleNames() const
{
    return {{JobIdRole, "jobId"},       {KindRole, "kind"},     {NameRole, "name"},   {ScreenRole, "screen"},
            {ProgressRole, "progress"}, {ReasonRole, "reason"}, {ErrorRole, "error"}, {CreatedRole, "created"}};
}

void JobsModel::load()
{
    if (m_rows.isEmpty())
        setFace(Loading);
    m_client->call(QStringLiteral("jobs.list"), {}, this, [this](const QJsonObject &result, const ApiError &error) {
        if (error) {
            if (m_rows.isEmpty())
                setFace(Failed, error.code);
            return;
        }
        const auto rows = rowsOf(result[QStringLiteral("jobs")]);
        if (rows != m_rows)
            setRows(rows);
        showRows();
        countOpen();
    });
}

void JobsModel::setGuest(bool guest)
{
    m_guest = guest;
}

void JobsModel::begun(const QString &jobId)
{
    m_begun.insert(jobId);
    const int row = rowOf(jobId);
    if (row >= 0)
        emit dataChanged(index(row), index(row), {NameRole});
}

void JobsModel::forget()
{
    m_begun.clear();
    m_client->drop(this);
    setRows({});
    setFace(Loading);
    countOpen();
}

JobsModel::Screen JobsModel::screenOf(const QJsonObject &job)
{
    const QString state = job[QStringLiteral("state")].toString();
    const QString awaiting = job[QStringLiteral("awaiting")].toString();
    if (state.isEmpty())
        return Unknown;
    if (state == QStringLiteral("completed"))
        return Done;
    if (state == QStringLiteral("aborted"))
        return Aborted;
    if (state == QStringLiteral("canceled"))
        return Canceled;
    if (awaiting == QStringLiteral("next-page"))
        return NextPage;
    if (awaiting == QStringLiteral("decision"))
        return Decision;
    return stringsOf(job[QStringLiteral("reasons")]).isEmpty() ? Running : Waiting;
}

double JobsModel::progressOf(const QJsonObject &job)
{
    if (screenOf(job) == Done)
        return 1;
    const QJsonObject progress = job[QStringLiteral("progress")].toObject();
    const QString stage = job[QStringLiteral("stage")].toString();
    const auto part = [&progress](const QString &done, const QString &all) {
        const double total = progress[all].toDouble();
        return total > 0 ? std::clamp(progress[done].toDouble() / total, 0.0, 1.0) : 0.0;
    };
    const double bytes = part(QStringLiteral("bytes"), QStringLiteral("totalBytes"));
    const double pages = part(QStringLiteral("pages"), QStringLiteral("totalPages"));
    if (job[QStringLiteral("kind")].toString() == QStringLiteral("print")) {
        if (stage == QStringLiteral("fetch"))
            return 0.03 + 0.32 * bytes;
        if (stage == QStringLiteral("convert"))
            return 0.37;
        if (stage == QStringLiteral("send"))
            return 0.42;
        if (stage == QStringLiteral("print"))
            return 0.45 + 0.5 * pages;
        return 0;
    }
    if (stage == QStringLiteral("scan"))
        return progress[QStringLiteral("totalPages")].toDouble() > 0 ? 0.05 + 0.45 * pages : -1;
    if (stage == QStringLiteral("assemble"))
        return 0.5;
    if (stage == QStringLiteral("deliver"))
        return 0.55 + 0.4 * bytes;
    return 0;
}

void JobsModel::onEvent(const QString &type, const QJsonObject &data)
{
    if (type == QStringLiteral("job.changed")) {
        putRow(data, 0);
        showRows();
        countOpen();
    } else if (type == QStringLiteral("job.removed")) {
        dropRow(data[QStringLiteral("id")].toString());
        if (face() == Content)
            showRows();
        countOpen();
    }
}

void JobsModel::countOpen()
{
    const auto open = std::count_if(m_rows.begin(), m_rows.end(), [](const QJsonObject &job) {
        return job[QStringLiteral("endedAt")].toString().isEmpty() && screenOf(job) < Done;
    });
    if (open == m_openCount)
        return;
    m_openCount = int(open);
    emit openCountChanged();
}

} // namespace connector::ui
