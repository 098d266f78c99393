// SPDX-License-Identifier: Apache-2.0
// The panel's window: engine, fonts and pages on a backend. Shared by the program and the tests.
#pragma once

#include "ui/panel/backend/backend.h"
#include "ui/panel/view/card_reader.h"

#include <QQmlEngine>
#include <QQuickWindow>
#include <QSize>

#include <memory>

namespace connector::ui {

struct WindowWish {
    QSize size{800, 480};
    bool fullscreen = false;
    bool keyboard = false; // show the on-screen keyboard
    bool calm = false;     // no motion
    int guardMs = 300;     // taps that a page which has just come does not take
};

// Sets what Qt reads when the application object is made. Call it first.
void prepareProcess();

// "on", "off", or "auto": on where the screen is touched and no desktop is around.
bool wantsKeyboard(const QString &wish);

class PanelWindow {
public:
    // The backend must outlive the window.
    PanelWindow(Backend *backend, const WindowWish &wish);
    ~PanelWindow();

    // Null when the pages could not be loaded (said on stderr).
    QQuickWindow *window() const { return m_window.get(); }

private:
    QQmlEngine m_engine;
    CardReader m_cards;
    std::unique_ptr<QQuickWindow> m_window;
};

} // namespace connector::ui
