// SPDX-License-Identifier: Apache-2.0
// Lets a test see and touch a running Qt Quick program over a Unix socket: one JSON request per line, one answer each.
//
//   {"id": 1, "do": "tap", "what": {"name": "printButton"}, "timeout": 5000}
//   {"id": 1, "ok": true, "result": {…}}   or   {"id": 1, "ok": false, "error": "…"}
//
// do: find, tap, tapTwice, wait (for: "shown", "gone", "touchable", "rest"), swipe, type, key, grab, tree, check.
// Everything that needs something on the screen waits for it, driven by the program's own events, up to the timeout.
#pragma once

#include "eye.h"
#include "hand.h"

#include <QElapsedTimer>
#include <QHash>
#include <QJsonObject>
#include <QLocalServer>
#include <QLocalSocket>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <list>
#include <optional>

namespace paneldriver {

class Driver : public QObject {
    Q_OBJECT

public:
    explicit Driver(const QString &socketPath, QObject *parent = nullptr);

private:
    struct Pending {
        QPointer<QLocalSocket> from;
        QJsonValue id;
        QElapsedTimer since;
        int timeout = 0;
        // Says the answer when it is there, or why not yet.
        std::function<std::optional<QJsonObject>(QString &why)> attempt;
    };

    void begin();
    void read(QLocalSocket *socket);
    void handle(QLocalSocket *socket, const QJsonObject &request);
    void attemptAll();
    void watchFrames();
    // The item wanted, when a finger can reach it and it has stopped moving.
    QQuickItem *steady(const Wanted &wanted, QString &why);
    bool atRest(QString &why);
    static void answer(QLocalSocket *socket, const QJsonValue &id, const QJsonObject &result);
    static void refuse(QLocalSocket *socket, const QJsonValue &id, const QString &error);

    QString m_socketPath;
    QLocalServer m_server;
    std::optional<Hand> m_hand;
    std::list<Pending> m_pending;
    bool m_attempting = false;
    QTimer m_wake;
    QElapsedTimer m_sinceFrame;
    QPointer<QQuickWindow> m_watched;
    QPointer<QQuickItem> m_steadyItem;
    QRectF m_steadyRect;
    QElapsedTimer m_steadySince;
};

} // namespace paneldriver
