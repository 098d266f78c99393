// SPDX-License-Identifier: Apache-2.0
// What brings lines of JSON to the service and back: a socket, or the mock's memory.
#pragma once

#include <QByteArray>
#include <QObject>

namespace connector::ui {

// All calls and signals are on the panel's one thread. A carrier may be opened again after closed().
class Carrier : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void open() = 0;                       // answered by opened() or closed()
    virtual void close() = 0;                      // answered by closed()
    virtual void send(const QByteArray &line) = 0; // without the line's end

signals:
    void opened();
    void closed();
    void received(const QByteArray &line);
};

} // namespace connector::ui
