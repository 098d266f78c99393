// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/view/thumbnail.h"

#include <QBuffer>
#include <QImageReader>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace connector::ui {

namespace {

constexpr int kLongestSide = 2048;

QImage imageOf(const QByteArray &bytes)
{
    // By its first bytes alone: no other decoder is let near it.
    const char *format = bytes.startsWith("\xff\xd8\xff") ? "jpeg" : bytes.startsWith("\x89PNG\r\n") ? "png" : nullptr;
    if (!format)
        return {};
    QBuffer buffer;
    buffer.setData(bytes);
    QImageReader reader(&buffer, format);
    const QSize size = reader.size();
    if (size.isEmpty() || std::max(size.width(), size.height()) > kLongestSide)
        return {};
    return reader.read();
}

} // namespace

Thumbnail::Thumbnail(QQuickItem *parent) : QQuickPaintedItem(parent)
{
    setAntialiasing(true);
}

void Thumbnail::setPicture(const QByteArray &picture)
{
    if (picture == m_picture)
        return;
    m_picture = picture;
    m_image = imageOf(picture);
    update();
    emit pictureChanged();
}

void Thumbnail::paint(QPainter *painter)
{
    if (!shown())
        return;
    const QRectF frame = QRectF(0, 0, width(), height()).adjusted(0.5, 0.5, -0.5, -0.5);
    const qreal side = std::min(m_image.width(), m_image.height());
    const bool tall = m_image.height() > m_image.width();
    const QRectF part((m_image.width() - side) / 2, tall ? 0 : (m_image.height() - side) / 2, side, side);
    QPainterPath edge;
    edge.addRoundedRect(frame, m_radius, m_radius);
    painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    painter->save();
    painter->setClipPath(edge);
    painter->fillRect(frame, Qt::white); // behind what is transparent
    painter->drawImage(frame, m_image, part);
    painter->restore();
    painter->setPen(QPen(m_line, 1));
    painter->drawPath(edge);
}

} // namespace connector::ui
