// SPDX-License-Identifier: Apache-2.0
// Carries the local API over the service's Unix socket.
#pragma once

#include "ui/panel/backend/carrier.h"

#include <QLocalSocket>
#include <QString>

namespace connector::ui {

class SocketCarrier : public Carrier {
    Q_OBJECT

public:
    explicit SocketCarrier(QString path, QObject *parent = nullptr);

    void open() override;
    void close() override;
    void send(const QByteArray &line) override;

private:
    void read();
    // Says closed() once for each open() that came to nothing or ended.
    void look();

    QString m_path;
    QByteArray m_rest; // the beginning of a line whose end has not come yet
    QLocalSocket m_socket;
    bool m_wanted = false;
};

} // namespace connector::ui
