// SPDX-License-Identifier: Apache-2.0
// The one profile that the person works with: opening it (with its PIN), renaming and deleting it.
#pragma once

#include <QDateTime>
#include <QElapsedTimer>
#include <QJsonObject>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <optional>

namespace connector::ui {

class ApiClient;
class ProfilesModel;
class ProvidersModel;
struct ApiError;

class ProfileSession : public QObject {
    Q_OBJECT
    Q_PROPERTY(QString profileId READ profileId NOTIFY changed)
    Q_PROPERTY(QString name READ name NOTIFY changed)
    Q_PROPERTY(QString account READ account NOTIFY changed)
    Q_PROPERTY(QString accountName READ accountName NOTIFY changed)
    Q_PROPERTY(bool accountVerified READ accountVerified NOTIFY changed)
    Q_PROPERTY(QString provider READ provider NOTIFY changed)
    Q_PROPERTY(bool hasPin READ hasPin NOTIFY changed)
    // The PIN was wrong so often that only signing in again at the cloud sets a new one.
    Q_PROPERTY(bool pinDead READ pinDead NOTIFY changed)
    // Never opened: nobody has looked yet whose account was linked to it.
    Q_PROPERTY(bool unseen READ unseen NOTIFY changed)
    Q_PROPERTY(bool refused READ refused NOTIFY changed)
    // No account was ever behind it.
    Q_PROPERTY(bool neverLinked READ neverLinked NOTIFY changed)
    Q_PROPERTY(bool opened READ opened NOTIFY changed)
    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
    Q_PROPERTY(QString errorCode READ errorCode NOTIFY busyChanged)
    Q_PROPERTY(QStringList errorDomains READ errorDomains NOTIFY busyChanged)
    // How many wrong PINs are left before the lock; -1 while unknown.
    Q_PROPERTY(int triesLeft READ triesLeft NOTIFY busyChanged)
    Q_PROPERTY(int lockSeconds READ lockSeconds NOTIFY lockSecondsChanged)

public:
    // What a person's wish has led to.
    enum Step { Files, LookAtAccount, Rename, Delete, ShowCode, NewCode, Refused };
    Q_ENUM(Step)

    ProfileSession(ApiClient *client, ProfilesModel *profiles, QObject *parent = nullptr);

    QString profileId() const { return m_id; }
    QString name() const;
    QString account() const;
    QString accountName() const;
    // The cloud vouches for the e-mail.
    bool accountVerified() const;
    QString provider() const;
    bool hasPin() const;
    bool pinDead() const;
    bool unseen() const { return m_unseen; }
    // The account's e-mail domain is not allowed here.
    bool refused() const;
    bool neverLinked() const;
    bool opened() const { return m_opened; }
    bool busy() const { return m_busy; }
    QString errorCode() const { return m_errorCode; }
    QStringList errorDomains() const { return m_errorDomains; }
    int triesLeft() const { return m_triesLeft; }
    int lockSeconds() const;

    // The wish is "" (to open it), "rename", "delete" or "sign-in". What follows is passed(), after open() where
    // pinWanted() comes first.
    Q_INVOKABLE void start(const QString &id, const QString &wish);
    Q_INVOKABLE void choose(const QString &id);
    // The same with what is known of a profile whose list is not shown.
    void chooseKnown(const QJsonObject &profile);
    Q_INVOKABLE void open(const QString &pin);
    // Whoever is there knows now whose account it is.
    Q_INVOKABLE void seen();
    Q_INVOKABLE void rename(const QString &name);
    Q_INVOKABLE void remove();
    Q_INVOKABLE void forgetError();
    // Locks the profile again where it has a PIN, also one that is just being looked at: its owner goes away.
    Q_INVOKABLE void close();

    void forget();

signals:
    void changed();
    void busyChanged();
    void lockSecondsChanged();
    void pinWanted();
    void passed(connector::ui::ProfileSession::Step step);
    void openedNow();
    void renamed();
    void removed();

private:
    bool pinFirst() const;
    // Where the wish leads whom the service told that code, or "".
    Step stepBehind(const QString &code) const;
    void pass(Step step);
    void lockUntil(const QDateTime &time);
    void begin();
    void end(const ApiError &error);
    void take(const QJsonObject &profile);

    ApiClient *m_client;
    ProfilesModel *m_profiles;
    QString m_id;
    QJsonObject m_profile;
    std::optional<QString> m_wish; // of start(), until it has passed
    QString m_errorCode;
    QStringList m_errorDomains;
    // The lock as it stood when it was told, and since when: the panel's clock may be set meanwhile.
    qint64 m_lockMs = 0;
    QElapsedTimer m_lockSince;
    QTimer m_second;
    int m_triesLeft = -1;
    bool m_busy = false;
    bool m_opening = false; // what it is busy with
    bool m_opened = false;
    bool m_proven = false; // its PIN was given, though it may not have opened
    bool m_unseen = false;
    // Opened for the first time, but nobody has said that the account is theirs; kept for the next who comes.
    QSet<QString> m_unanswered;
};

} // namespace connector::ui
