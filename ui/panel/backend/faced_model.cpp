// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/faced_model.h"

#include <QDateTime>
#include <QJsonArray>

#include <utility>

namespace connector::ui {

void FacedModel::setFace(Face face, const QString &errorCode)
{
    if (m_face == face && m_errorCode == errorCode)
        return;
    m_face = face;
    m_errorCode = errorCode;
    emit faceChanged();
}

void FacedModel::setRows(QVector<QJsonObject> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
    emit countChanged();
}

void FacedModel::appendRows(const QVector<QJsonObject> &rows)
{
    if (rows.isEmpty())
        return;
    beginInsertRows({}, count(), count() + int(rows.size()) - 1);
    m_rows += rows;
    endInsertRows();
    emit countChanged();
}

void FacedModel::putRow(const QJsonObject &row, int placeIfNew)
{
    const int at = rowOf(row[QStringLiteral("id")].toString());
    if (at >= 0) {
        m_rows[at] = row;
        emit dataChanged(index(at), index(at));
        return;
    }
    beginInsertRows({}, placeIfNew, placeIfNew);
    m_rows.insert(placeIfNew, row);
    endInsertRows();
    emit countChanged();
}

void FacedModel::dropRow(const QString &id)
{
    const int at = rowOf(id);
    if (at < 0)
        return;
    beginRemoveRows({}, at, at);
    m_rows.removeAt(at);
    endRemoveRows();
    emit countChanged();
}

int FacedModel::rowOf(const QString &id) const
{
    for (int i = 0; i < count(); ++i) {
        if (m_rows[i][QStringLiteral("id")].toString() == id)
            return i;
    }
    return -1;
}

QVector<QJsonObject> rowsOf(const QJsonValue &array)
{
    QVector<QJsonObject> rows;
    const QJsonArray values = array.toArray();
    rows.reserve(values.size());
    for (const QJsonValue &value : values)
        rows += value.toObject();
    return rows;
}

QStringList stringsOf(const QJsonValue &array)
{
    QStringList strings;
    const QJsonArray values = array.toArray();
    for (const QJsonValue &value : values)
        strings += value.toString();
    return strings;
}

QDateTime timeOf(const QJsonValue &rfc3339)
{
    return QDateTime::fromString(rfc3339.toString(), Qt::ISODate);
}

} // namespace connector::ui
