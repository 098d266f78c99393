// SPDX-License-Identifier: Apache-2.0
// Who uses the panel: a guest or a person; signing in and out.
#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QObject>
#include <QStringList>
#include <QTimer>

namespace connector::ui {

class ApiClient;
struct ApiError;

class Session : public QObject {
    Q_OBJECT
    Q_PROPERTY(bool guest READ guest NOTIFY changed)
    // The person's name; empty for a guest.
    Q_PROPERTY(QString name READ name NOTIFY changed)
    // Ways to sign in: "list", "password", "pin", "card". Empty: nobody can.
    Q_PROPERTY(QStringList methods READ methods NOTIFY changed)
    // A guest stands here, and guests may do nothing.
    Q_PROPERTY(bool closed READ closed NOTIFY changed)
    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
    // Of the last attempt to sign in; empty when it went well.
    Q_PROPERTY(QString errorCode READ errorCode NOTIFY busyChanged)
    // Above 0 after too many wrong attempts: how long to wait.
    Q_PROPERTY(int waitSeconds READ waitSeconds NOTIFY waitSecondsChanged)

public:
    explicit Session(ApiClient *client, QObject *parent = nullptr);

    bool guest() const { return m_id.isEmpty(); }
    QString name() const { return m_name; }
    QStringList methods() const { return m_methods; }
    bool closed() const { return guest() && !m_guestsAllowed; }
    // Seconds; 0 where the service does not say.
    int timeout() const { return m_timeout; }
    bool busy() const { return m_busy; }
    QString errorCode() const { return m_errorCode; }
    int waitSeconds() const;

    Q_INVOKABLE void signInAs(const QString &person, const QString &secret);
    Q_INVOKABLE void signInByName(const QString &name, const QString &password);
    Q_INVOKABLE void signInByPin(const QString &pin);
    // Also while somebody is signed in: the other one's session then ends first.
    Q_INVOKABLE void signInByCard(const QString &card);
    // The person went away from the sign-in: an answer that still comes signs nobody in.
    Q_INVOKABLE void abandon();
    Q_INVOKABLE void forgetError();
    // Ends the session, a guest's as well: opened profiles are locked again.
    Q_INVOKABLE void end();
    // Somebody is there: tells the service, but not at every touch.
    void touch();

signals:
    void changed();
    void busyChanged();
    void waitSecondsChanged();
    // Nothing of who was here may stay: not in models, not on the screen.
    void forgotten();
    // After that: the session has ended (for a guest: begins anew).
    void ended();
    void signedIn();
    // What the session may see can be read (anew).
    void settled();

private:
    void signIn(QJsonObject params);
    void read();
    void take(const QJsonObject &session);
    void becomeGuest();
    void waitUntil(const QDateTime &when);

    ApiClient *m_client;
    QString m_id, m_name, m_errorCode;
    QStringList m_methods;
    QDateTime m_waitUntil;
    QTimer m_second, m_touched;
    int m_timeout = 0;
    int m_attempt = 0;
    bool m_guestsAllowed = true;
    bool m_busy = false;
    bool m_abandoned = false;
    bool m_touchAgain = false;
};

} // namespace connector::ui
