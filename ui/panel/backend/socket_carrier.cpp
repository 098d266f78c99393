// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/socket_carrier.h"

#include <QMetaObject>

#include <utility>

namespace connector::ui {

namespace {

// The API's limit is 1 MiB a line. A peer that sends more without an end is not our service.
constexpr qsizetype kLongestLine = 4 * 1024 * 1024;

} // namespace

SocketCarrier::SocketCarrier(QString path, QObject *parent) : Carrier(parent), m_path(std::move(path))
{
    connect(&m_socket, &QLocalSocket::connected, this, &Carrier::opened);
    // While either is said the socket's state may still be the old one, so look once it has settled.
    connect(&m_socket, &QLocalSocket::disconnected, this, &SocketCarrier::look, Qt::QueuedConnection);
    connect(&m_socket, &QLocalSocket::errorOccurred, this, &SocketCarrier::look, Qt::QueuedConnection);
    connect(&m_socket, &QLocalSocket::readyRead, this, &SocketCarrier::read);
}

void SocketCarrier::open()
{
    m_rest.clear();
    m_socket.abort();
    m_wanted = true;
    m_socket.connectToServer(m_path);
}

void SocketCarrier::close()
{
    m_socket.disconnectFromServer();
}

void SocketCarrier::send(const QByteArray &line)
{
    m_socket.write(line + '\n');
    m_socket.flush();
}

void SocketCarrier::look()
{
    if (!m_wanted || m_socket.state() != QLocalSocket::UnconnectedState)
        return;
    m_wanted = false;
    emit closed();
}

void SocketCarrier::read()
{
    m_rest += m_socket.readAll();
    qsizetype start = 0;
    for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n', start)) {
        const QByteArray line = m_rest.mid(start, end - start);
        start = end + 1;
        if (!line.isEmpty())
            emit received(line);
    }
    m_rest.remove(0, start);
    if (m_rest.size() > kLongestLine)
        m_socket.abort();
}

} // namespace connector::ui
