// SPDX-License-Identifier: Apache-2.0
// Draws a QR code: whole pixels per module, dark on white, with the quiet margin that readers need.
#pragma once

#include <QBitArray>
#include <QQuickPaintedItem>
#include <QString>

namespace connector::ui {

class QrCode : public QQuickPaintedItem {
    Q_OBJECT
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)

public:
    explicit QrCode(QQuickItem *parent = nullptr);

    QString text() const { return m_text; }
    void setText(const QString &text);
    void paint(QPainter *painter) override;

signals:
    void textChanged();

private:
    QString m_text;
    QBitArray m_dark; // m_side * m_side modules
    int m_side = 0;
};

} // namespace connector::ui
