// SPDX-License-Identifier: Apache-2.0
// Draws a small picture of a file, cut to its square: of a tall one, such as a page, the top.
#pragma once

#include <QByteArray>
#include <QColor>
#include <QImage>
#include <QQuickPaintedItem>

namespace connector::ui {

class Thumbnail : public QQuickPaintedItem {
    Q_OBJECT
    // A JPEG or PNG; anything else, or one that is damaged or far too large, is no picture.
    Q_PROPERTY(QByteArray picture READ picture WRITE setPicture NOTIFY pictureChanged)
    Q_PROPERTY(bool shown READ shown NOTIFY pictureChanged)
    // Around it, so that a white page has an end.
    Q_PROPERTY(QColor line MEMBER m_line NOTIFY lineChanged)
    Q_PROPERTY(qreal radius MEMBER m_radius NOTIFY radiusChanged)

public:
    explicit Thumbnail(QQuickItem *parent = nullptr);

    QByteArray picture() const { return m_picture; }
    void setPicture(const QByteArray &picture);
    bool shown() const { return !m_image.isNull(); }
    void paint(QPainter *painter) override;

signals:
    void pictureChanged();
    void lineChanged();
    void radiusChanged();

private:
    QByteArray m_picture;
    QImage m_image;
    QColor m_line = Qt::transparent;
    qreal m_radius = 0;
};

} // namespace connector::ui
