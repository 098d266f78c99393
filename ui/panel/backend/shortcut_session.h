// SPDX-License-Identifier: Apache-2.0
// The one shortcut that the person works with: looked at, used, made, edited, deleted.
#pragma once

#include <QJsonObject>
#include <QObject>

namespace connector::ui {

class ApiClient;
class FilesModel;
class PrinterModel;
class ProfileSession;
class ScannerModel;
class ShortcutsModel;
struct ApiError;

class ShortcutSession : public QObject {
    Q_OBJECT
    Q_PROPERTY(QString shortcutId READ shortcutId NOTIFY changed)
    Q_PROPERTY(QString kind READ kind NOTIFY changed)
    Q_PROPERTY(bool printing READ printing NOTIFY changed)
    Q_PROPERTY(QString name READ name NOTIFY changed)
    // The file or folder; "" is the account's root.
    Q_PROPERTY(QString targetName READ targetName NOTIFY changed)
    // What its icon shows: "folder", or the kind of the file ("pdf", "image", …).
    Q_PROPERTY(QString targetType READ targetType NOTIFY changed)
    Q_PROPERTY(QString state READ state NOTIFY changed)
    Q_PROPERTY(bool pinned READ pinned NOTIFY changed)
    // Why it cannot be used: a code for Words.
    Q_PROPERTY(QString problem READ problem NOTIFY changed)
    // The cloud was asked whether the file or folder is still there.
    Q_PROPERTY(bool checked READ checked NOTIFY changed)
    Q_PROPERTY(QString checkError READ checkError NOTIFY changed)
    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
    // Of the last wish; empty when it went well.
    Q_PROPERTY(QString errorCode READ errorCode NOTIFY busyChanged)

    // What is being made or edited.
    Q_PROPERTY(bool isNew READ isNew NOTIFY draftChanged)
    Q_PROPERTY(QString draftName READ draftName WRITE setDraftName NOTIFY draftChanged)
    Q_PROPERTY(QString draftTargetName READ draftTargetName NOTIFY draftChanged)
    Q_PROPERTY(QString draftTargetType READ draftTargetType NOTIFY draftChanged)
    Q_PROPERTY(bool draftPinned READ draftPinned WRITE setDraftPinned NOTIFY draftChanged)
    // The files are shown to choose another file or folder for it.
    Q_PROPERTY(bool choosing READ choosing NOTIFY draftChanged)

public:
    ShortcutSession(ApiClient *client, ShortcutsModel *shortcuts, ProfileSession *profile, FilesModel *files,
                    PrinterModel *printer, ScannerModel *scanner, QObject *parent = nullptr);

    QString shortcutId() const { return text("id"); }
    QString kind() const { return text("kind"); }
    bool printing() const { return kind() == QStringLiteral("print"); }
    QString name() const { return text("name"); }
    QString targetName() const { return text("targetName"); }
    QString targetType() const { return text("targetType"); }
    QString state() const { return text("state"); }
    bool pinned() const { return m_shortcut[QStringLiteral("pinned")].toBool(); }
    QString problem() const { return text("problem"); }
    bool checked() const { return m_checked; }
    QString checkError() const { return m_checkError; }
    bool busy() const { return m_busy; }
    QString errorCode() const { return m_errorCode; }
    bool isNew() const { return shortcutId().isEmpty(); }
    QString draftName() const { return m_draftName; }
    void setDraftName(const QString &name);
    QString draftTargetName() const { return m_draftTarget.name; }
    QString draftTargetType() const { return m_draftTarget.type; }
    bool draftPinned() const { return m_draftPinned; }
    void setDraftPinned(bool pinned);
    bool choosing() const { return m_choosing; }

    // Works with this one from now on, and with its profile.
    Q_INVOKABLE void choose(const QString &id);
    // Asks the cloud for its file or folder, and the device for what it can do.
    Q_INVOKABLE void check();
    // Prints or scans with the settings that are shown. Asked twice it does so once.
    Q_INVOKABLE void run();
    Q_INVOKABLE void rename(const QString &name);
    Q_INVOKABLE void pin(bool pinned);
    Q_INVOKABLE void remove();
    Q_INVOKABLE void forgetError();

    // A new one for a row of the files, or for the folder that they show.
    Q_INVOKABLE void beginFor(int row);
    Q_INVOKABLE void beginForFolder();
    Q_INVOKABLE void beginEdit();
    // Shows the files of its profile; then takes a row of them, or the folder that they show.
    Q_INVOKABLE void startChoosing();
    Q_INVOKABLE void stopChoosing();
    Q_INVOKABLE void take(int row);
    Q_INVOKABLE void takeFolder();
    Q_INVOKABLE void save();
    void forget();

signals:
    void changed();
    void busyChanged();
    void draftChanged();
    void accepted(const QString &jobId);
    void renamed();
    void saved();
    void removed();

private:
    // A file or folder that a draft is for.
    struct Target {
        QString id, name, type;
    };
    Target targetAt(int row) const;
    Target shownFolder() const;
    QString text(const char *field) const { return m_shortcut[QLatin1String(field)].toString(); }
    void show(const QJsonObject &shortcut);
    void begin();
    void end(const ApiError &error);
    void beginDraft(Target target);
    void prepare();
    QJsonObject wish() const;
    void sendRun();

    ApiClient *m_client;
    ShortcutsModel *m_shortcuts;
    ProfileSession *m_profile;
    FilesModel *m_files;
    PrinterModel *m_printer;
    ScannerModel *m_scanner;
    QJsonObject m_shortcut;
    QJsonObject m_request; // kept while it has no answer, to be said again after a lost connection
    QString m_checkError, m_errorCode, m_draftName;
    Target m_draftTarget;
    bool m_draftPinned = false;
    bool m_choosing = false;
    bool m_checked = false;
    bool m_busy = false;
};

} // namespace connector::ui
