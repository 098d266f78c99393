// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/mock/mock_pictures.h"

#include <QBuffer>
#include <QImage>
#include <QLinearGradient>
#include <QPainter>

namespace connector::ui {

namespace {

QImage landscape(int seed)
{
    QImage image(128, 96, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    QLinearGradient sky(0, 0, 0, 96);
    sky.setColorAt(0, QColor::fromHsv((200 + seed) % 360, 120, 235));
    sky.setColorAt(1, QColor::fromHsv((30 + seed) % 360, 90, 250));
    painter.fillRect(image.rect(), sky);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(255, 244, 214));
    painter.drawEllipse(QPointF(40 + seed % 50, 30), 12, 12);
    painter.setBrush(QColor::fromHsv((220 + seed) % 360, 110, 110));
    painter.drawPolygon(QPolygonF{{0, 96}, {0, 70}, {34, 44}, {70, 74}, {96, 52}, {128, 72}, {128, 96}});
    return image;
}

QImage page(int seed)
{
    QImage image(91, 128, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.fillRect(10, 12, 50, 7, QColor::fromHsv((210 + seed) % 360, 150, 150));
    for (int y = 28; y < 118; y += 8)
        painter.fillRect(10, y, 71 - (y * 7 + seed) % 23, 3, QColor(150, 156, 168));
    return image;
}

} // namespace

QByteArray mockPicture(const QString &type, const QString &id)
{
    int seed = 0;
    for (const QChar letter : id)
        seed = (seed * 31 + letter.unicode()) % 97;
    QImage image;
    if (type == QStringLiteral("image"))
        image = landscape(seed);
    else if (type == QStringLiteral("pdf") || type == QStringLiteral("document"))
        image = page(seed);
    QByteArray png;
    QBuffer out(&png);
    if (!image.isNull())
        image.save(&out, "PNG");
    return png;
}

} // namespace connector::ui
