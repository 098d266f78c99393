// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/shortcuts_model.h"

#include "ui/panel/backend/api_client.h"

#include <algorithm>

namespace connector::ui {

ShortcutsModel::ShortcutsModel(ApiClient *client, QObject *parent) : FacedModel(parent), m_client(client)
{
    connect(client, &ApiClient::eventReceived, this, &ShortcutsModel::onEvent);
    connect(client, &ApiClient::synced, this, &ShortcutsModel::load);
}

QVariant ShortcutsModel::data(const QModelIndex &index, int role) const
{
    const QJsonObject row = m_rows.value(index.row());
    switch (role) {
    case ShortcutIdRole:
        return row[QStringLiteral("id")].toString();
    case KindRole:
        return row[QStringLiteral("kind")].toString();
    case NameRole:
        return row[QStringLiteral("name")].toString();
    case ProviderRole:
        return row[QStringLiteral("provider")].toString();
    case ProfileNameRole:
        return row[QStringLiteral("profileName")].toString();
    case TargetNameRole:
        return row[QStringLiteral("targetName")].toString();
    case HasPinRole:
        return row[QStringLiteral("hasPin")].toBool();
    case StateRole:
        return row[QStringLiteral("state")].toString();
    case PinnedRole:
        return row[QStringLiteral("pinned")].toBool();
    case ProblemRole:
        return row[QStringLiteral("problem")].toString();
    default:
        return {};
    }
}

QHash<int, QByteArray> ShortcutsModel::roleNames() const
{
    return {{ShortcutIdRole, "shortcutId"},
            {KindRole, "kind"},
            {NameRole, "name"},
            {ProviderRole, "provider"},
            {ProfileNameRole, "profileName"},
            {TargetNameRole, "targetName"},
            {HasPinRole, "hasPin"},
            {StateRole, "shortcutState"},
            {PinnedRole, "pinned"},
            {ProblemRole, "problem"}};
}

QVariantList ShortcutsModel::pinned() const
{
    QVariantList list;
    for (const QJsonObject &one : m_all) {
        if (!one[QStringLiteral("pinned")].toBool())
            continue;
        QVariantMap tile;
        for (const char *field : {"id", "kind", "name", "provider", "profileName"})
            tile.insert(QLatin1String(field), one[QLatin1String(field)].toString());
        tile.insert(QStringLiteral("guarded"), one[QStringLiteral("hasPin")].toBool());
        tile.insert(QStringLiteral("well"), one[QStringLiteral("problem")].toString().isEmpty() &&
                                                one[QStringLiteral("state")].toString() == QStringLiteral("ready"));
        list += tile;
    }
    return list;
}

QJsonObject ShortcutsModel::shortcut(const QString &id) const
{
    for (const QJsonObject &one : m_all) {
        if (one[QStringLiteral("id")].toString() == id)
            return one;
    }
    return {};
}

bool ShortcutsModel::taken(const QString &name) const
{
    return std::any_of(m_all.begin(), m_all.end(), [&name](const QJsonObject &one) {
        return one[QStringLiteral("name")].toString().compare(name, Qt::CaseInsensitive) == 0;
    });
}

void ShortcutsModel::load()
{
    if (m_all.isEmpty())
        setFace(Loading);
    m_client->call(QStringLiteral("shortcuts.list"), {}, this,
                   [this](const QJsonObject &result, const ApiError &error) {
                       if (error) {
                           if (m_all.isEmpty())
                               setFace(Failed, error.code);
                           return;
                       }
                       m_all = rowsOf(result[QStringLiteral("shortcuts")]);
                       show();
                   });
}

void ShortcutsModel::put(const QJsonObject &shortcut)
{
    const QString id = shortcut[QStringLiteral("id")].toString();
    m_all.erase(std::remove_if(m_all.begin(), m_all.end(),
                               [&id](const QJsonObject &one) { return one[QStringLiteral("id")].toString() == id; }),
                m_all.end());
    const auto place = std::find_if(m_all.begin(), m_all.end(), [&shortcut](const QJsonObject &one) {
        return QString::localeAwareCompare(one[QStringLiteral("name")].toString(),
                                           shortcut[QStringLiteral("name")].toString()) > 0;
    });
    m_all.insert(place, shortcut);
    show();
}

void ShortcutsModel::setQuery(const QString &query)
{
    m_query = query.trimmed();
    show();
    emit queryChanged();
}

void ShortcutsModel::startSearch()
{
    m_searching = true;
    setQuery({});
}

void ShortcutsModel::stopSearch()
{
    m_searching = false;
    setQuery({});
}

void ShortcutsModel::forget()
{
    m_client->drop(this);
    m_all.clear();
    stopSearch();
    setFace(Loading);
}

void ShortcutsModel::show()
{
    QVector<QJsonObject> found;
    for (const QJsonObject &one : m_all) {
        bool fits = m_query.isEmpty();
        for (const char *field : {"name", "targetName", "profileName"})
            fits = fits || one[QLatin1String(field)].toString().contains(m_query, Qt::CaseInsensitive);
        if (fits)
            found += one;
    }
    if (found != m_rows)
        setRows(found);
    showRows();
    emit changed();
}

void ShortcutsModel::onEvent(const QString &type, const QJsonObject &data)
{
    if (type == QStringLiteral("shortcut.changed")) {
        // What the event leaves out because of the PIN stays as it was told to this panel.
        QJsonObject merged = shortcut(data[QStringLiteral("id")].toString());
        for (auto it = data.begin(); it != data.end(); ++it) {
            if (!it.value().isNull() || it.key() == QStringLiteral("problem"))
                merged[it.key()] = it.value();
        }
        put(merged);
    } else if (type == QStringLiteral("shortcut.removed")) {
        const QString id = data[QStringLiteral("id")].toString();
        m_all.erase(
            std::remove_if(m_all.begin(), m_all.end(),
                           [&id](const QJsonObject &one) { return one[QStringLiteral("id")].toString() == id; }),
            m_all.end());
        show();
    } else if (type == QStringLiteral("settings.changed")) {
        load(); // the allowed domains may have changed
    }
}

} // namespace connector::ui
