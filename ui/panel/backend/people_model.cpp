// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/people_model.h"

#include "ui/panel/backend/api_client.h"

namespace connector::ui {

namespace {

// Without case and accents, so that "andre" finds André.
QString plain(const QString &text)
{
    QString kept;
    for (const QChar letter : text.normalized(QString::NormalizationForm_KD)) {
        if (letter.category() != QChar::Mark_NonSpacing)
            kept += letter;
    }
    return kept.toCaseFolded();
}

} // namespace

PeopleModel::PeopleModel(ApiClient *client, QObject *parent) : FacedModel(parent), m_client(client) {}

QVariant PeopleModel::data(const QModelIndex &index, int role) const
{
    const QJsonObject row = m_rows.value(index.row());
    switch (role) {
    case PersonIdRole:
        return row[QStringLiteral("id")].toString();
    case NameRole:
        return row[QStringLiteral("name")].toString();
    case SecretRole:
        return row[QStringLiteral("secret")].toString();
    default:
        return {};
    }
}

QHash<int, QByteArray> PeopleModel::roleNames() const
{
    return {{PersonIdRole, "personId"}, {NameRole, "name"}, {SecretRole, "secret"}};
}

void PeopleModel::load()
{
    if (m_all.isEmpty())
        setFace(Loading);
    m_client->call(QStringLiteral("people.choices"), {}, this,
                   [this](const QJsonObject &result, const ApiError &error) {
                       if (error) {
                           forget();
                           setFace(Failed, error.code);
                           return;
                       }
                       m_all = rowsOf(result[QStringLiteral("people")]);
                       showFound();
                   });
}

void PeopleModel::find(const QString &text)
{
    if (text == m_query)
        return;
    m_query = text;
    emit queryChanged();
    showFound();
}

void PeopleModel::forget()
{
    m_client->drop(this);
    m_all.clear();
    m_query.clear();
    setRows({});
    setFace(Loading);
    emit queryChanged();
}

void PeopleModel::showFound()
{
    const QString wanted = plain(m_query.trimmed());
    QVector<QJsonObject> found;
    for (const QJsonObject &one : m_all) {
        if (plain(one[QStringLiteral("name")].toString()).contains(wanted))
            found += one;
    }
    setRows(found);
    showRows();
}

} // namespace connector::ui
