// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/files_model.h"

#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/profile_session.h"
#include "ui/panel/backend/providers_model.h"
#include "ui/panel/backend/thumbnails.h"

#include <QCollator>
#include <QDateTime>

#include <algorithm>
#include <utility>

namespace connector::ui {

namespace {

bool isFolder(const QJsonObject &entry)
{
    return entry[QStringLiteral("kind")].toString() == QStringLiteral("folder");
}

} // namespace

FilesModel::FilesModel(ApiClient *client, ProfileSession *profile, ProvidersModel *providers, QObject *parent)
    : FacedModel(parent), m_client(client), m_profile(profile), m_providers(providers),
      m_thumbnails(new Thumbnails(client, profile, this))
{
    connect(m_thumbnails, &Thumbnails::came, this, [this](const QString &id) {
        for (int row = 0; row < count(); ++row) {
            if (m_rows[row][QStringLiteral("id")].toString() == id)
                emit dataChanged(index(row), index(row), {ThumbnailRole});
        }
    });
    connect(this, &FilesModel::placeChanged, this, &FilesModel::placesChanged);
    connect(client, &ApiClient::eventReceived, this, [this](const QString &type, const QJsonObject &data) {
        if (type == QStringLiteral("profile.waiting") &&
            data[QStringLiteral("id")].toString() == m_profile->profileId())
            setWaiting(data[QStringLiteral("reason")].toString(), timeOf(data[QStringLiteral("retryAt")]));
    });
}

QVariant FilesModel::data(const QModelIndex &index, int role) const
{
    if (index.row() < 0 || index.row() >= count())
        return {};
    const QJsonObject &row = m_rows[index.row()];
    switch (role) {
    case EntryIdRole:
        return row[QStringLiteral("id")].toString();
    case NameRole:
        return row[QStringLiteral("name")].toString();
    case TypeRole:
        return row[QStringLiteral("type")].toString();
    case FolderRole:
        return isFolder(row);
    case SizeRole:
        return row[QStringLiteral("size")].toDouble(-1);
    case ModifiedRole:
        return timeOf(row[QStringLiteral("modified")]);
    case PrintableRole:
        return isFolder(row) || row[QStringLiteral("printable")].toBool();
    case ReasonRole:
        return row[QStringLiteral("reason")].toString();
    case SelectedRole:
        return std::any_of(m_selected.begin(), m_selected.end(), [&](const QJsonObject &one) {
            return one[QStringLiteral("id")] == row[QStringLiteral("id")];
        });
    case UsableRole:
        return row[QStringLiteral("kind")].toString() == QStringLiteral("folder")
                   ? row[QStringLiteral("writable")].toBool(true)
                   : row[QStringLiteral("printable")].toBool();
    case ThumbnailRole:
        return m_pictured ? m_thumbnails->of(row) : QByteArray();
    case PathRole:
        return row[QStringLiteral("path")].toString();
    default:
        return {};
    }
}

QHash<int, QByteArray> FilesModel::roleNames() const
{
    return {{EntryIdRole, "entryId"},     {NameRole, "name"},     {TypeRole, "type"},
            {FolderRole, "folder"},       {SizeRole, "size"},     {ModifiedRole, "modified"},
            {PrintableRole, "printable"}, {ReasonRole, "reason"}, {SelectedRole, "selected"},
            {PathRole, "path"},           {UsableRole, "usable"}, {ThumbnailRole, "thumbnail"}};
}

bool FilesModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && !m_nextPage.isEmpty() && !m_loadingMore && m_moreError.isEmpty();
}

void FilesModel::fetchMore(const QModelIndex &)
{
    loadMore();
}

QStringList FilesModel::crumbs() const
{
    QStringList names;
    for (const Place &place : m_place)
        names += place.name;
    return names;
}

QString FilesModel::folderName() const
{
    return m_place.isEmpty() ? QString() : m_place.last().name;
}

QString FilesModel::folderId() const
{
    return m_place.isEmpty() ? QString() : m_place.last().id;
}

bool FilesModel::canSearch() const
{
    return m_providers->has(m_profile->provider(), QStringLiteral("search"));
}

bool FilesModel::canCreateFolder() const
{
    return writable() && m_providers->has(m_profile->provider(), QStringLiteral("createFolder"));
}

QStringList FilesModel::selectedNames() const
{
    QStringList names;
    for (const QJsonObject &one : m_selected)
        names += one[QStringLiteral("name")].toString();
    return names;
}

QString FilesModel::selectedType() const
{
    return m_selected.isEmpty() ? QString() : m_selected.first()[QStringLiteral("type")].toString();
}

double FilesModel::selectedSize() const
{
    double sum = 0;
    for (const QJsonObject &one : m_selected)
        sum += std::max(0.0, one[QStringLiteral("size")].toDouble());
    return sum;
}

QJsonArray FilesModel::selectedItems() const
{
    QJsonArray items;
    for (const QJsonObject &one : m_selected) {
        QJsonObject item{{QStringLiteral("id"), one[QStringLiteral("id")]},
                         {QStringLiteral("name"), one[QStringLiteral("name")]}};
        if (one[QStringLiteral("revision")].isString())
            item[QStringLiteral("revision")] = one[QStringLiteral("revision")];
        items += item;
    }
    return items;
}

QStringList FilesModel::sortKeys() const
{
    if (!m_place.isEmpty() && m_place.last().ordered)
        return {};
    QStringList keys{QStringLiteral("name")};
    const auto have = [this](const QString &field) {
        return std::any_of(m_rows.begin(), m_rows.end(), [&](const QJsonObject &row) { return !row[field].isNull(); });
    };
    if (have(QStringLiteral("modified")))
        keys += QStringLiteral("date");
    if (have(QStringLiteral("size")))
        keys += QStringLiteral("size");
    return keys;
}

QVariantList FilesModel::places() const
{
    QVariantList list;
    if (atRoot() && !m_searching)
        for (const QJsonObject &one : m_places)
            list += one.toVariantMap();
    return list;
}

void FilesModel::loadPlaces()
{
    m_places.clear();
    if (!m_providers->has(m_profile->provider(), QStringLiteral("places")))
        return;
    m_client->call(QStringLiteral("files.places"), {{QStringLiteral("profile"), m_profile->profileId()}}, this,
                   [this, id = m_profile->profileId()](const QJsonObject &result, const ApiError &error) {
                       // Without them there are still the account's own files; the list says what is wrong.
                       if (error || id != m_profile->profileId())
                           return;
                       m_places = rowsOf(result[QStringLiteral("places")]);
                       emit placesChanged();
                       if (face() == Empty)
                           show();
                   });
}

void FilesModel::enterPlace(int place, const QString &shownName, double scroll)
{
    if (place < 0 || place >= m_places.size() || !atRoot())
        return;
    const QJsonObject &one = m_places[place];
    keep(scroll);
    const QString kind = one[QStringLiteral("kind")].toString();
    m_place += Place{one[QStringLiteral("id")].toString(), shownName, kind == QStringLiteral("drive"),
                     kind == QStringLiteral("recent")};
    emit placeChanged();
    reload();
}

// An empty root with places beside it is not empty.
void FilesModel::show()
{
    if (count() == 0 && !places().isEmpty())
        setFace(Content);
    else
        showRows();
}

void FilesModel::setWaiting(const QString &reason, const QDateTime &until)
{
    const QString shown = until.isValid() ? reason : QString();
    if (shown == m_waitingReason && until == m_waitingUntil)
        return;
    m_waitingReason = shown;
    m_waitingUntil = until;
    emit waitingChanged();
}

void FilesModel::forget()
{
    m_client->drop(this);
    m_thumbnails->forget();
    m_place.clear();
    m_places.clear();
    m_query.clear();
    m_nextPage.clear();
    m_moreError.clear();
    m_folderError.clear();
    m_sortBy = QStringLiteral("name");
    m_descending = m_searching = m_selecting = m_unsorted = m_loadingMore = m_busy = false;
    setWaiting({}, {});
    dropSelection();
    setRows({});
    setFace(Loading);
    emit placeChanged();
    emit moreChanged();
    emit sortChanged();
    emit busyChanged();
}

void FilesModel::openRoot()
{
    m_thumbnails->forget(); // ids tell files of one account apart
    loadPlaces();
    setWaiting({}, {});
    m_place = {{QString(), m_profile->name(), true}};
    m_searching = false;
    m_query.clear();
    m_selecting = false;
    dropSelection();
    emit placeChanged();
    reload();
}

void FilesModel::reload()
{
    m_client->cancel(m_request);
    m_thumbnails->stop();
    m_nextPage.clear();
    m_moreError.clear();
    m_loadingMore = false;
    m_unsorted = false;
    setRows({});
    emit moreChanged();
    if (m_searching && m_query.isEmpty()) {
        setFace(Empty);
        return;
    }
    setFace(Loading);
    load(QString());
}

// What was found is not kept: behind a search stands the folder in which it began.
void FilesModel::keep(double scroll)
{
    if (m_place.isEmpty() || m_searching || face() != Content)
        return;
    Place &here = m_place.last();
    here.kept = true;
    here.unsorted = m_unsorted;
    here.scroll = scroll;
    here.nextPage = m_nextPage;
    here.rows = m_rows;
}

void FilesModel::comeBack()
{
    emit placeChanged();
    if (m_place.isEmpty() || !m_place.last().kept) {
        reload();
        return;
    }
    m_client->cancel(m_request);
    m_thumbnails->stop();
    Place &here = m_place.last();
    here.kept = false;
    m_nextPage = here.nextPage;
    m_unsorted = here.unsorted;
    m_moreError.clear();
    m_loadingMore = false;
    setRows(std::exchange(here.rows, {}));
    emit moreChanged();
    show();
    emit cameBack(here.scroll);
    if (m_unsorted && !m_nextPage.isEmpty())
        loadMore();
}

void FilesModel::enter(int row, double scroll)
{
    if (row < 0 || row >= count() || !isFolder(m_rows[row]))
        return;
    keep(scroll);
    m_place += Place{m_rows[row][QStringLiteral("id")].toString(), m_rows[row][QStringLiteral("name")].toString(),
                     m_rows[row][QStringLiteral("writable")].toBool(true)};
    m_searching = false;
    m_query.clear();
    emit placeChanged();
    reload();
}

bool FilesModel::up()
{
    if (m_searching) {
        m_searching = false;
        m_query.clear();
        comeBack();
        return true;
    }
    if (m_selecting) {
        stopSelecting();
        return true;
    }
    if (atRoot())
        return false;
    m_place.removeLast();
    comeBack();
    return true;
}

void FilesModel::goTo(int crumb)
{
    if (crumb < 0 || crumb >= m_place.size() - 1)
        return;
    m_place.resize(crumb + 1);
    comeBack();
}

void FilesModel::startSearch(double scroll)
{
    keep(scroll);
    m_searching = true;
    m_query.clear();
    emit placeChanged();
    reload();
}

void FilesModel::search(const QString &query)
{
    if (m_searching && query.trimmed() == m_query)
        return;
    m_searching = true;
    m_query = query.trimmed();
    emit placeChanged();
    reload();
}

void FilesModel::orderBy(const QString &by, bool descending)
{
    if (by == m_sortBy && descending == m_descending)
        return;
    m_sortBy = by;
    m_descending = descending;
    for (Place &place : m_place) {
        place.kept = false;
        place.rows.clear();
    }
    emit sortChanged();
    reload();
}

void FilesModel::startSelecting()
{
    m_selecting = true;
    dropSelection();
}

void FilesModel::stopSelecting()
{
    m_selecting = false;
    dropSelection();
}

void FilesModel::toggle(int row)
{
    if (row < 0 || row >= count() || isFolder(m_rows[row]) || !m_rows[row][QStringLiteral("printable")].toBool())
        return;
    const auto found = std::find_if(m_selected.begin(), m_selected.end(), [&](const QJsonObject &one) {
        return one[QStringLiteral("id")] == m_rows[row][QStringLiteral("id")];
    });
    if (found == m_selected.end())
        m_selected += m_rows[row];
    else
        m_selected.erase(found);
    emit dataChanged(index(row), index(row), {SelectedRole});
    emit selectionChanged();
}

void FilesModel::pick(int row)
{
    m_selecting = false;
    dropSelection();
    toggle(row);
}

void FilesModel::createFolder(const QString &name)
{
    if (m_busy)
        return;
    m_busy = true;
    m_folderError.clear();
    emit busyChanged();
    m_client->call(QStringLiteral("files.createFolder"),
                   {{QStringLiteral("profile"), m_profile->profileId()},
                    {QStringLiteral("folder"), folderId()},
                    {QStringLiteral("name"), name.trimmed()}},
                   this, [this](const QJsonObject &result, const ApiError &error) {
                       m_busy = false;
                       m_folderError = error.code;
                       emit busyChanged();
                       if (error)
                           return;
                       // Shown where it will be found next time: among the folders, before the files.
                       putRow(result[QStringLiteral("entry")].toObject(), 0);
                       setFace(Content);
                       emit folderCreated();
                   });
}

void FilesModel::forgetFolderError()
{
    m_folderError.clear();
    emit busyChanged();
}

void FilesModel::loadMore()
{
    if (m_nextPage.isEmpty() || m_loadingMore)
        return;
    m_loadingMore = true;
    m_moreError.clear();
    emit moreChanged();
    load(m_nextPage);
}

void FilesModel::nearEnd()
{
    if (canFetchMore({}))
        loadMore();
}

void FilesModel::load(const QString &pageToken)
{
    QJsonObject params{{QStringLiteral("profile"), m_profile->profileId()},
                       {QStringLiteral("pageToken"), pageToken},
                       {QStringLiteral("folder"), m_searching ? QString() : folderId()}};
    if (m_searching)
        params[QStringLiteral("query")] = m_query;
    else
        params[QStringLiteral("sort")] =
            QJsonObject{{QStringLiteral("by"), m_sortBy}, {QStringLiteral("descending"), m_descending}};
    const bool first = pageToken.isEmpty();
    m_request = m_client->call(
        m_searching ? QStringLiteral("files.search") : QStringLiteral("files.list"), params, this,
        [this, first, place = folderId(), query = m_query](const QJsonObject &result, const ApiError &error) {
            if (place != folderId() || query != m_query)
                return;
            if (!error) {
                takePage(result, first);
                return;
            }
            m_loadingMore = false;
            if (error.code == QStringLiteral("list-restart")) {
                reload();
            } else if (first) {
                setFace(Failed, error.code);
            } else {
                m_moreError = error.code;
                emit moreChanged();
            }
        });
}

void FilesModel::takePage(const QJsonObject &result, bool first)
{
    const auto rows = rowsOf(result[QStringLiteral("entries")]);
    m_nextPage = result[QStringLiteral("nextPageToken")].toString();
    m_loadingMore = false;
    m_pictured = result[QStringLiteral("thumbnails")].toBool();
    if (!m_searching && !result[QStringLiteral("sorted")].toBool(true))
        m_unsorted = true;
    if (first)
        setRows(rows);
    else
        appendRows(rows);
    emit moreChanged();
    if (count() == 0 && !m_nextPage.isEmpty()) {
        loadMore();
        return;
    }
    show();
    if (!m_unsorted)
        return;
    // A cloud that cannot sort: the order is ours once all is there, so get all of it.
    if (m_nextPage.isEmpty())
        sortHere();
    else
        loadMore();
}

void FilesModel::sortHere()
{
    QCollator collator;
    collator.setNumericMode(true);
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    const auto less = [&](const QJsonObject &a, const QJsonObject &b) {
        if (m_sortBy == QStringLiteral("size"))
            return a[QStringLiteral("size")].toDouble() < b[QStringLiteral("size")].toDouble();
        if (m_sortBy == QStringLiteral("date") || m_sortBy == QStringLiteral("modified"))
            return a[QStringLiteral("modified")].toString() < b[QStringLiteral("modified")].toString();
        return collator.compare(a[QStringLiteral("name")].toString(), b[QStringLiteral("name")].toString()) < 0;
    };
    QVector<QJsonObject> sorted = m_rows;
    std::stable_sort(sorted.begin(), sorted.end(), [&](const QJsonObject &a, const QJsonObject &b) {
        if (isFolder(a) != isFolder(b))
            return isFolder(a);
        return m_descending ? less(b, a) : less(a, b);
    });
    emit layoutAboutToBeChanged();
    m_rows = sorted;
    emit layoutChanged();
    m_unsorted = false;
}

void FilesModel::dropSelection()
{
    m_selected.clear();
    if (count() > 0)
        emit dataChanged(index(0), index(count() - 1), {SelectedRole});
    emit selectionChanged();
}

} // namespace connector::ui
