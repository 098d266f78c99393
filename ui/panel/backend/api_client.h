// SPDX-License-Identifier: Apache-2.0
// Speaks the local API (docs/api.md): requests with ids and late answers, events, and coming back after a loss.
#pragma once

#include "ui/panel/backend/carrier.h"

#include <QHash>
#include <QJsonObject>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <functional>

namespace connector::ui {

// The service's "data" of an error. An empty code means that all is well.
struct ApiError {
    QString code;
    QJsonObject data;

    explicit operator bool() const { return !code.isEmpty(); }
};

class ApiClient : public QObject {
    Q_OBJECT

public:
    // Connecting -> Ready -> Lost -> Ready ...; Connecting is only before the first Ready.
    enum class State { Connecting, Ready, Lost };
    Q_ENUM(State)

    using Answer = std::function<void(const QJsonObject &result, const ApiError &error)>;

    // The carrier must outlive the client.
    explicit ApiClient(Carrier *carrier, QObject *parent = nullptr);

    // Starts to connect, and keeps trying for ever.
    void start();
    State state() const { return m_state; }
    QJsonObject greeting() const { return m_greeting; }

    // Sends a request. The answer comes once, later, and not at all when context has died or after cancel().
    // Without a connection, or when it breaks before the answer, the error is "service-lost".
    int call(const QString &method, const QJsonObject &params, QObject *context, Answer answer);
    // With KeepAnswer the answer still comes: "cancelled", or what was too late to be cancelled.
    enum class Cancel { DropAnswer, KeepAnswer };
    void cancel(int id, Cancel how = Cancel::DropAnswer);
    // Cancels all that this context waits for.
    void drop(const QObject *context);
    // While one person's session ends and the next begins: events about anybody's jobs and profiles are not for us.
    void setBetweenPeople(bool on) { m_betweenPeople = on; }

signals:
    void stateChanged();
    void eventReceived(const QString &type, const QJsonObject &data);
    // Connected. With reset, events may have been missed: read everything anew.
    void synced(bool reset);

private:
    static constexpr int kFirstRetryMs = 100;

    struct Pending {
        QPointer<QObject> context;
        Answer answer;
    };

    void greet();
    void subscribe();
    void onClosed();
    void onReceived(const QByteArray &line);
    void setState(State state);
    int post(const QString &method, const QJsonObject &params, QObject *context, Answer answer);

    Carrier *m_carrier;
    QHash<int, Pending> m_pending;
    QJsonObject m_greeting;
    QTimer m_retry;
    State m_state = State::Connecting;
    double m_sequence = -1;
    int m_retryMs = kFirstRetryMs;
    int m_nextId = 1;
    bool m_open = false;
    bool m_betweenPeople = false;
};

} // namespace connector::ui
