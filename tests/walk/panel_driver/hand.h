// SPDX-License-Identifier: Apache-2.0
// What a person does to a window: touches and keys, by the way of real devices' events.
#pragma once

#include <QPointF>
#include <QPointingDevice>
#include <QQuickWindow>
#include <QString>

#include <functional>

namespace paneldriver {

class Hand {
public:
    Hand();
    void press(QQuickWindow *window, QPointF at);
    void move(QQuickWindow *window, QPointF to);
    void release(QQuickWindow *window, QPointF at);
    // A drag of some 150 ms; done is called at its end.
    void swipe(QQuickWindow *window, QPointF from, QPointF to, std::function<void()> done);
    void type(QQuickWindow *window, const QString &text);
    // A key by its name, as QKeySequence spells them ("Escape", "Shift+Tab"). False where there is none.
    bool key(QQuickWindow *window, const QString &name);

private:
    QPointingDevice *m_finger;
};

} // namespace paneldriver
