// SPDX-License-Identifier: Apache-2.0
#include "hand.h"

#include <QKeySequence>
#include <QTest>
#include <QTimer>

#include <memory>

namespace paneldriver {

Hand::Hand() : m_finger(QTest::createTouchDevice()) {}

void Hand::press(QQuickWindow *window, QPointF at)
{
    QTest::touchEvent(window, m_finger).press(0, at.toPoint(), window);
}

void Hand::move(QQuickWindow *window, QPointF to)
{
    QTest::touchEvent(window, m_finger).move(0, to.toPoint(), window);
}

void Hand::release(QQuickWindow *window, QPointF at)
{
    QTest::touchEvent(window, m_finger).release(0, at.toPoint(), window);
}

void Hand::swipe(QQuickWindow *window, QPointF from, QPointF to, std::function<void()> done)
{
    constexpr int kSteps = 12;
    press(window, from);
    auto *pace = new QTimer(window);
    pace->setInterval(12);
    QObject::connect(pace, &QTimer::timeout, window, [=, this, step = 0]() mutable {
        ++step;
        const auto at = from + (to - from) * step / kSteps;
        if (step < kSteps) {
            move(window, at);
            return;
        }
        pace->stop();
        pace->deleteLater();
        move(window, to);
        release(window, to);
        done();
    });
    pace->start();
}

void Hand::type(QQuickWindow *window, const QString &text)
{
    for (const auto letter : text)
        QTest::sendKeyEvent(QTest::Click, window, Qt::Key_unknown, QString(letter), Qt::NoModifier);
}

bool Hand::key(QQuickWindow *window, const QString &name)
{
    const auto keys = QKeySequence::fromString(name, QKeySequence::PortableText);
    if (keys.isEmpty() || keys[0].key() == Qt::Key_unknown)
        return false;
    QTest::keyClick(window, keys[0].key(), keys[0].keyboardModifiers());
    return true;
}

} // namespace paneldriver
