// SPDX-License-Identifier: Apache-2.0
// A list read from the service, with the face that its screen shows: loading, content, empty or failed.
#pragma once

#include <QAbstractListModel>
#include <QJsonObject>
#include <QVector>

namespace connector::ui {

class FacedModel : public QAbstractListModel {
    Q_OBJECT
    Q_PROPERTY(Face face READ face NOTIFY faceChanged)
    Q_PROPERTY(QString errorCode READ errorCode NOTIFY faceChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    enum Face { Loading, Content, Empty, Failed };
    Q_ENUM(Face)

    using QAbstractListModel::QAbstractListModel;

    Face face() const { return m_face; }
    QString errorCode() const { return m_errorCode; }
    int count() const { return int(m_rows.size()); }
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }

signals:
    void faceChanged();
    void countChanged();

protected:
    void setFace(Face face, const QString &errorCode = {});
    void showRows() { setFace(m_rows.isEmpty() ? Empty : Content); }
    void setRows(QVector<QJsonObject> rows);
    void appendRows(const QVector<QJsonObject> &rows);
    // Replaces the row of that id where it is, otherwise inserts it at the given place.
    void putRow(const QJsonObject &row, int placeIfNew);
    void dropRow(const QString &id);
    int rowOf(const QString &id) const;

    QVector<QJsonObject> m_rows;

private:
    Face m_face = Loading;
    QString m_errorCode;
};

QVector<QJsonObject> rowsOf(const QJsonValue &array);
QStringList stringsOf(const QJsonValue &array);
QDateTime timeOf(const QJsonValue &rfc3339);

} // namespace connector::ui
