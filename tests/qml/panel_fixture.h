// SPDX-License-Identifier: Apache-2.0
// The real panel on the service in memory, for tests and for the picture tool: finds items, taps them, waits.
#pragma once

#include "ui/panel/mock/mock_service.h"
#include "ui/panel/view/panel_window.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTest>
#include <QTimer>

#include <functional>
#include <memory>

namespace connector::ui {

class PanelFixture {
public:
    // guardMs: only double taps need the time that people need.
    PanelFixture(const QString &scenario, const QString &language, QSize size, bool keyboard = false, int guardMs = 1)
        : mock(scenario), backend(&mock, language)
    {
        mock.setLatency(scenario == QStringLiteral("slow") ? 3'600'000 : 1);
        mock.setPace(10);
        panel = std::make_unique<PanelWindow>(
            &backend, WindowWish{.size = size, .keyboard = keyboard, .calm = true, .guardMs = guardMs});
        backend.client.start();
    }

    QQuickWindow *window() const { return panel->window(); }

    // The visible item of that objectName (or the n-th of several), or null.
    QQuickItem *find(const QString &name) const
    {
        return findIn(window()->contentItem(), [&](QQuickItem *item) { return item->objectName() == name; });
    }

    // The same within another.
    QQuickItem *find(const QString &name, QQuickItem *from) const
    {
        return from ? findIn(from, [&](QQuickItem *item) { return item->objectName() == name; }) : nullptr;
    }

    QQuickItem *findText(const QString &text) const
    {
        return findIn(window()->contentItem(), [&](QQuickItem *item) {
            return item->property("text").toString() == text && item->inherits("QQuickText");
        });
    }

    QString page() const { return stack()->property("currentPage").toString(); }

    // Looks after every event, not at fixed times: a walk through the pages has dozens of such waits.
    bool waitFor(const std::function<bool()> &there, int ms = 3000) const
    {
        const QDeadlineTimer end(ms);
        QTimer tick; // what changes without an event is seen, too
        tick.start(5);
        while (!there()) {
            if (end.hasExpired())
                return false;
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
        return true;
    }

    bool settle() const
    {
        return waitFor([this] { return stack() && stack()->property("settled").toBool(); });
    }

    bool waitForPage(const QString &name) const
    {
        return waitFor([&] { return page() == name; }) && settle();
    }

    bool waitForItem(const QString &name) const
    {
        return waitFor([&] { return find(name) != nullptr; });
    }

    // Touches the middle of the item once it is there and may be touched.
    bool tap(const QString &name)
    {
        if (!waitFor([&] {
                const QQuickItem *item = find(name);
                return item && item->isEnabled();
            }) ||
            !settle())
            return false;
        reveal(find(name));
        window()->grabWindow(); // brings the layouts up to date, as a frame would
        touch(find(name));
        return true;
    }

    // Taps what leads to that page.
    bool go(const QString &name, const QString &to) { return tap(name) && waitForPage(to); }

    // Scrolls as far as it takes to have the item on the screen.
    static void reveal(QQuickItem *item)
    {
        for (QQuickItem *view = item->parentItem(); view; view = view->parentItem()) {
            if (!view->inherits("QQuickFlickable"))
                continue;
            const qreal top = item->mapToItem(view, {0, 0}).y();
            const qreal below = top + item->height() - view->height();
            const qreal shift = top < 0 ? top : below > 0 ? below : 0;
            if (shift != 0)
                view->setProperty("contentY", view->property("contentY").toReal() + shift);
            return;
        }
    }

    void touch(QQuickItem *item)
    {
        const QPoint at = item->mapToScene({item->width() / 2, item->height() / 2}).toPoint();
        QTest::touchEvent(window(), device()).press(0, at, window());
        QTest::touchEvent(window(), device()).release(0, at, window());
        QCoreApplication::processEvents();
    }

    MockService mock;
    Backend backend;
    std::unique_ptr<PanelWindow> panel;

private:
    static QPointingDevice *device()
    {
        static QPointingDevice *one = QTest::createTouchDevice();
        return one;
    }

    QQuickItem *stack() const { return find(QStringLiteral("page-stack")); }

    static QQuickItem *findIn(QQuickItem *from, const std::function<bool(QQuickItem *)> &wanted)
    {
        if (!from->isVisible())
            return nullptr;
        if (wanted(from))
            return from;
        const auto children = from->childItems();
        for (auto it = children.rbegin(); it != children.rend(); ++it) {
            if (QQuickItem *found = findIn(*it, wanted))
                return found;
        }
        return nullptr;
    }
};

} // namespace connector::ui
