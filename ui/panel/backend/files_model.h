// SPDX-License-Identifier: Apache-2.0
// The files and folders of the opened profile: where we are, page by page as they come, search, sort, selection.
#pragma once

#include "ui/panel/backend/faced_model.h"

#include <QJsonArray>
#include <QSet>
#include <QStringList>

namespace connector::ui {

class ApiClient;
class ProfileSession;
class ProvidersModel;

class FilesModel : public FacedModel {
    Q_OBJECT
    Q_PROPERTY(QStringList crumbs READ crumbs NOTIFY placeChanged)
    Q_PROPERTY(QString folderName READ folderName NOTIFY placeChanged)
    Q_PROPERTY(bool atRoot READ atRoot NOTIFY placeChanged)
    Q_PROPERTY(bool searching READ searching NOTIFY placeChanged)
    Q_PROPERTY(QString query READ query NOTIFY placeChanged)
    Q_PROPERTY(bool canSearch READ canSearch NOTIFY placeChanged)
    Q_PROPERTY(bool canCreateFolder READ canCreateFolder NOTIFY placeChanged)
    Q_PROPERTY(bool more READ more NOTIFY moreChanged)
    Q_PROPERTY(QString moreError READ moreError NOTIFY moreChanged)
    Q_PROPERTY(QString sortBy READ sortBy NOTIFY sortChanged)
    Q_PROPERTY(bool descending READ descending NOTIFY sortChanged)
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
        PathRole
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
    bool more() const { return !m_nextPage.isEmpty(); }
    QString moreError() const { return m_moreError; }
    QString sortBy() const { return m_sortBy; }
    bool descending() const { return m_descending; }
    bool selecting() const { return m_selecting; }
    int selectedCount() const { return int(m_selected.size()); }
    QStringList selectedNames() const;
    QString selectedType() const;
    double selectedSize() const;
    bool busy() const { return m_busy; }
    QString folderError() const { return m_folderError; }
    // The API's items of jobs.print.
    QJsonArray selectedItems() const;

    // Shows the root of the profile that is open.
    Q_INVOKABLE void openRoot();
    Q_INVOKABLE void reload();
    Q_INVOKABLE void enter(int row);
    // One folder up, or out of the search. False at the root.
    Q_INVOKABLE bool up();
    Q_INVOKABLE void goTo(int crumb);
    Q_INVOKABLE void startSearch();
    Q_INVOKABLE void search(const QString &query);
    Q_INVOKABLE void sort(const QString &by, bool descending);
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

signals:
    void placeChanged();
    void moreChanged();
    void sortChanged();
    void selectionChanged();
    void busyChanged();
    void folderCreated();

private:
    struct Place {
        QString id;
        QString name;
    };

    void load(const QString &pageToken);
    void takePage(const QJsonObject &result, bool first);
    void sortHere();
    void dropSelection();

    ApiClient *m_client;
    ProfileSession *m_profile;
    ProvidersModel *m_providers;
    QVector<Place> m_place;
    QString m_query;
    QString m_nextPage;
    QString m_moreError;
    QString m_folderError;
    QString m_sortBy = QStringLiteral("name");
    QVector<QJsonObject> m_selected;
    int m_request = 0;
    bool m_descending = false;
    bool m_searching = false;
    bool m_selecting = false;
    bool m_unsorted = false;
    bool m_loadingMore = false;
    bool m_busy = false;
};

} // namespace connector::ui
