// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/view/panel_window.h"

#include "ui/panel/qml_types.h"

#include <QClipboard>
#include <QFile>
#include <QFont>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QInputDevice>
#include <QPixmapCache>
#include <QQmlComponent>
#include <QtQml/qqmlextensionplugin.h>

#include <algorithm>
#include <cstdio>

Q_IMPORT_QML_PLUGIN(PanelPlugin)

namespace connector::ui {

namespace {

// Debian's fonts-materialdesignicons-webfont; a copy beside the program serves other systems.
void addIconFont()
{
    const QStringList places{
        QStringLiteral("/usr/share/fonts/truetype/materialdesignicons-webfont/materialdesignicons-webfont.ttf"),
        QCoreApplication::applicationDirPath() + QStringLiteral("/materialdesignicons-webfont.ttf")};
    for (const QString &place : places) {
        if (QFile::exists(place) && QFontDatabase::addApplicationFont(place) >= 0)
            return;
    }
    std::fprintf(stderr, "connector-panel: the icon font (fonts-materialdesignicons-webfont) is missing\n");
}

bool desktopAround()
{
    const QByteArray platform = qgetenv("QT_QPA_PLATFORM");
    if (!platform.isEmpty())
        return platform.startsWith("xcb") || platform.startsWith("wayland");
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
}

} // namespace

void prepareProcess()
{
    // Nothing of the panel needs a GPU, and without one this is the fastest and smallest way to the first frame.
    if (!qEnvironmentVariableIsSet("QT_QUICK_BACKEND"))
        qputenv("QT_QUICK_BACKEND", "software");
    if (!qEnvironmentVariableIsSet("QT_IM_MODULE"))
        qputenv("QT_IM_MODULE", "qtvirtualkeyboard");
    // The keyboard is part of our window, never a window of its own.
    qputenv("QT_VIRTUALKEYBOARD_DESKTOP_DISABLE", "1");
}

bool wantsKeyboard(const QString &wish)
{
    if (wish == QStringLiteral("on") || wish == QStringLiteral("off"))
        return wish == QStringLiteral("on");
    if (!desktopAround())
        return true;
    const auto devices = QInputDevice::devices();
    return std::any_of(devices.begin(), devices.end(), [](const QInputDevice *device) {
        return device->type() == QInputDevice::DeviceType::TouchScreen;
    });
}

PanelWindow::PanelWindow(Backend *backend, const WindowWish &wish)
{
    Shown::backend = backend;
    addIconFont();
    QFont font(QStringLiteral("Inter"));
    font.setStyleHint(QFont::SansSerif);
    QGuiApplication::setFont(font);

    m_engine.addImportPath(QStringLiteral("qrc:/"));
    QQmlComponent main(&m_engine, QUrl(QStringLiteral("qrc:/Panel/qml/Main.qml")));
    QObject *root = !main.isReady()
                        ? nullptr
                        : main.createWithInitialProperties({{QStringLiteral("width"), wish.size.width()},
                                                            {QStringLiteral("height"), wish.size.height()},
                                                            {QStringLiteral("keyboardWanted"), wish.keyboard},
                                                            {QStringLiteral("calm"), wish.calm},
                                                            {QStringLiteral("guardTime"), wish.guardMs}});
    m_window.reset(qobject_cast<QQuickWindow *>(root));
    if (!m_window) {
        std::fprintf(stderr, "connector-panel: %s\n", qPrintable(main.errorString()));
        delete root;
        return;
    }
    qApp->installEventFilter(&m_cards);
    m_cards.setOn(backend->session.methods().contains(QStringLiteral("card")));
    QObject::connect(&backend->session, &Session::changed, &m_cards,
                     [this, backend] { m_cards.setOn(backend->session.methods().contains(QStringLiteral("card"))); });
    QObject::connect(&m_cards, &CardReader::card, &m_engine, [this, backend](const QString &number, bool inText) {
        // Whoever fills in a form has not asked to be somebody else.
        if (!inText || m_window->property("signingIn").toBool())
            backend->session.signInByCard(number);
    });
    QObject::connect(&backend->session, &Session::forgotten, &m_engine, [this] {
        QGuiApplication::clipboard()->clear();
        QPixmapCache::clear();
        m_engine.collectGarbage();
    });
    QObject::connect(&backend->panel, &PanelState::languageChanged, &m_engine, &QQmlEngine::retranslate);
    if (wish.fullscreen)
        m_window->showFullScreen();
    else
        m_window->show();
}

PanelWindow::~PanelWindow() = default;

} // namespace connector::ui
