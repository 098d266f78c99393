// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/view/qr_code.h"

#include <QPainter>
#include <qrencode.h>

#include <algorithm>
#include <memory>

namespace connector::ui {

namespace {

constexpr int kQuietModules = 4; // ISO/IEC 18004

} // namespace

QrCode::QrCode(QQuickItem *parent) : QQuickPaintedItem(parent)
{
    setAntialiasing(false);
    setOpaquePainting(true);
    setFillColor(Qt::white);
}

void QrCode::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    m_side = 0;
    m_dark.clear();
    const std::unique_ptr<QRcode, void (*)(QRcode *)> code(
        text.isEmpty() ? nullptr : QRcode_encodeString(text.toUtf8().constData(), 0, QR_ECLEVEL_M, QR_MODE_8, 1),
        [](QRcode *made) {
            if (made)
                QRcode_free(made);
        });
    if (code) {
        m_side = code->width;
        m_dark.resize(m_side * m_side);
        for (int i = 0; i < m_side * m_side; ++i)
            m_dark.setBit(i, (code->data[i] & 1) != 0);
    }
    update();
    emit textChanged();
}

void QrCode::paint(QPainter *painter)
{
    painter->fillRect(QRectF(0, 0, width(), height()), Qt::white);
    if (m_side == 0)
        return;
    const int available = int(std::min(width(), height()));
    const int module = std::max(1, available / (m_side + 2 * kQuietModules));
    const int left = (int(width()) - module * m_side) / 2;
    const int top = (int(height()) - module * m_side) / 2;
    for (int y = 0; y < m_side; ++y) {
        for (int x = 0; x < m_side; ++x) {
            if (m_dark.testBit(y * m_side + x))
                painter->fillRect(left + x * module, top + y * module, module, module, Qt::black);
        }
    }
}

} // namespace connector::ui
