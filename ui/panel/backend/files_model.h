// SPDX-License-Identifier: Apache-2.0
// The files and folders of the opened profile: where we are, page by page as they come, search, sort, selection.
#pragma once

#include "ui/panel/backend/faced_model.h"

#include <QDateTime>
#include <QJsonArray>
#include <QSet>
#include <QStringList>
#include <QVariantList>

namespace connector::ui {

class ApiClient;
class ProfileSession;
class ProvidersModel;
class Thumbnails;

class FilesModel : public FacedModel {
    Q_OBJECT
    Q_PROPERTY(QStringList crumbs READ crumbs NOTIFY placeChanged)
    Q_PROPERTY(QString folderName READ folderName NOTIFY placeChanged)
    Q_PROPERTY(bool atRoot READ atRoot NOTIFY placeChanged)
    Q_PROPERTY(bool searching READ searching NOTIFY placeChanged)
    Q_PROPERTY(QString query READ query NOTIFY placeChanged)
    Q_PROPERTY(bool canSearch READ canSearch NOTIFY placeChanged)
    Q_PROPERTY(bool canCreateFolder READ canCreateFolder NOTIFY placeChanged)
    // Scanning into this folder and making folders in it may work: it is no list that only looks like one.
    Q_PROPERTY(bool writable READ writable NOTIFY placeChanged)
    // What stands beside the root; each {id, kind, name}. Only while the root is shown.
    Q_PROPERTY(QVariantList places READ places NOTIFY placesChanged)
    // The cloud makes us wait: why (a code for Words) and until when.
    Q_PROPERTY(QString waitingReason READ waitingReason NOTIFY waitingChanged)
    Q_PROPERTY(QDateTime waitingUntil READ waitingUntil NOTIFY waitingChanged)
    Q_PROPERTY(bool sortingAll READ sortingAll NOTIFY moreChanged)
    Q_PROPERTY(bool more READ more NOTIFY moreChanged)
    Q_PROPERTY(QString moreError READ moreError NOTIFY moreChanged)
    Q_PROPERTY(QString sortBy READ sortBy NOTIFY sortChanged)
    Q_PROPERTY(bool descending READ descending NOTIFY sortChanged)
    // What its entries can be sorted by: "name", "date", "size", as far as they have it; none where the list has an
    // order of its own.
    Q_PROPERTY(QStringList sortKeys READ sortKeys NOTIFY countChanged)
    Q_PROPERTY(bool selecting READ selecting NOTIFY selectionChanged)
    Q_PROPERTY(int selectedCount READ selectedCount NOTIFY selectionChanged)
    Q_PROPERTY(QStringList selectedNames READ selectedNames NOTIFY selectionChanged)
    Q_PROPERTY(QString selectedType READ selectedType NOTIFY selectionChanged)
    Q_PROPERTY(double selectedSize READ selectedSize NOTIFY selectionChanged)
    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
    Q_PROPERTY(QString folderError READ folderError NOTIFY busyChanged)

public:
    enum Role {
        EntryIdRole = Qt::UserRole,
        NameRole,
        TypeRole,
        FolderRole,
        SizeRole,
        ModifiedRole,
        PrintableRole,
        ReasonRole,
        SelectedRole,
        PathRole,
        // A shortcut can be made of it: it can be printed, or scanned to.
        UsableRole,
        // A small picture of it, as far as it is there; whoever asks for it gets it later.
        ThumbnailRole
    };

    FilesModel(ApiClient *client, ProfileSession *profile, ProvidersModel *providers, QObject *parent = nullptr);

    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    QStringList crumbs() const;
    QString folderName() const;
    QString folderId() const;
    bool atRoot() const { return m_place.size() < 2; }
    bool searching() const { return m_searching; }
    QString query() const { return m_query; }
    bool canSearch() const;
    bool canCreateFolder() const;
    bool writable() const { return m_place.isEmpty() || m_place.last().writable; }
    QVariantList places() const;
    QString waitingReason() const { return m_waitingReason; }
    QDateTime waitingUntil() const { return m_waitingUntil; }
    // The whole folder is being read because its cloud cannot sort it as wished.
    bool sortingAll() const { return m_unsorted && !m_nextPage.isEmpty(); }
    bool more() const { return !m_nextPage.isEmpty(); }
    QString moreError() const { return m_moreError; }
    QString sortBy() const { return m_sortBy; }
    bool descending() const { return m_descending; }
    QStringList sortKeys() const;
    bool selecting() const { return m_selecting; }
    int selectedCount() const { return int(m_selected.size()); }
    QStringList selectedNames() const;
    QString selectedType() const;
    double selectedSize() const;
    bool busy() const { return m_busy; }
    QString folderError() const { return m_folderError; }
    QJsonObject entry(int row) const { return m_rows.value(row); }
    // The API's items of jobs.print.
    QJsonArray selectedItems() const;

    // Shows the root of the profile that is open.
    Q_INVOKABLE void openRoot();
    Q_INVOKABLE void reload();
    // scroll: where the list stands, for whoever comes back to it.
    Q_INVOKABLE void enter(int row, double scroll = 0);
    Q_INVOKABLE void enterPlace(int place, const QString &shownName, double scroll = 0);
    // One folder up, or out of the search. False at the root.
    Q_INVOKABLE bool up();
    Q_INVOKABLE void goTo(int crumb);
    Q_INVOKABLE void startSearch(double scroll = 0);
    Q_INVOKABLE void search(const QString &query);
    Q_INVOKABLE void orderBy(const QString &by, bool descending);
    Q_INVOKABLE void startSelecting();
    Q_INVOKABLE void stopSelecting();
    Q_INVOKABLE void toggle(int row);
    // Selects only this row.
    Q_INVOKABLE void pick(int row);
    Q_INVOKABLE void createFolder(const QString &name);
    Q_INVOKABLE void forgetFolderError();
    Q_INVOKABLE void loadMore();
    // The person nears the end of what is here: gets the next page, but does not repeat what failed.
    Q_INVOKABLE void nearEnd();
    void forget();

signals:
    void placeChanged();
    void placesChanged();
    void waitingChanged();
    void moreChanged();
    void sortChanged();
    void selectionChanged();
    void busyChanged();
    void folderCreated();
    // A list that was left is shown again as it was.
    void cameBack(double scroll);

private:
    struct Place {
        QString id;
        QString name;
        bool writable = true;
        bool ordered = false; // by its cloud, for a reason: what is recent
        // What was shown of it when somebody went on from there.
        bool kept = false;
        bool unsorted = false;
        double scroll = 0;
        QString nextPage = {};
        QVector<QJsonObject> rows = {};
    };

    void loadPlaces();
    void keep(double scroll);
    void comeBack();
    void show();
    void setWaiting(const QString &reason, const QDateTime &until);
    void load(const QString &pageToken);
    void takePage(const QJsonObject &result, bool first);
    void sortHere();
    void dropSelection();

    ApiClient *m_client;
    ProfileSession *m_profile;
    ProvidersModel *m_providers;
    Thumbnails *m_thumbnails;
    QVector<Place> m_place;
    QVector<QJsonObject> m_places;
    QString m_waitingReason;
    QDateTime m_waitingUntil;
    QString m_query;
    QString m_nextPage;
    QString m_moreError;
    QString m_folderError;
    QString m_sortBy = QStringLiteral("name");
    QVector<QJsonObject> m_selected;
    int m_request = 0;
    bool m_descending = false;
    bool m_pictured = false; // its cloud has pictures of files
    bool m_searching = false;
    bool m_selecting = false;
    bool m_unsorted = false;
    bool m_loadingMore = false;
    bool m_busy = false;
};

} // namespace connector::ui
