// SPDX-License-Identifier: Apache-2.0
// panel-screens OUTDIR [--size WxH]... [--language L]... [--only NAME]...: paints every screen of the panel to PNG
// files, and says what is wrong with each. The exit status is the number of screens with faults (at most 100).
#include "tests/qml/screens.h"

#include <QCommandLineParser>
#include <QDir>
#include <QGuiApplication>

#include <algorithm>
#include <cstdio>

using namespace connector::ui;

int main(int argc, char **argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("TZ", "UTC");
    prepareProcess();
    QGuiApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addPositionalArgument("OUTDIR", "Where the pictures go; none with --check alone.");
    parser.addOptions({{"size", "Such as 800x480.", "size"},
                       {"language", "en or fr.", "language"},
                       {"only", "A screen's name.", "name"},
                       {"keyboard", "With the on-screen keyboard."},
                       {"list", "Lists the screens."}});
    parser.addHelpOption();
    parser.process(app);
    if (parser.isSet("list")) {
        for (const Screen &screen : screens())
            std::printf("%s\n", screen.name);
        return 0;
    }
    const QStringList sizes = parser.isSet("size") ? parser.values("size") : QStringList{"800x480", "1024x600"};
    const QStringList languages = parser.isSet("language") ? parser.values("language") : QStringList{"en", "fr"};
    const QString folder = parser.positionalArguments().value(0);
    int faulty = 0;
    int shown = 0;
    for (const QString &size : sizes) {
        for (const QString &language : languages) {
            const QString place = QStringLiteral("%1/%2-%3").arg(folder, size, language);
            if (!folder.isEmpty())
                QDir().mkpath(place);
            for (const Screen &screen : screens()) {
                if (parser.isSet("only") && !parser.values("only").contains(QLatin1String(screen.name)))
                    continue;
                const bool keyboard = screen.keyboard || parser.isSet("keyboard");
                PanelFixture panel(QLatin1String(screen.scenario), language,
                                   {size.section('x', 0, 0).toInt(), size.section('x', 1, 1).toInt()}, keyboard);
                QStringList found;
                if (!panel.window() || !screen.go(panel))
                    found += QStringLiteral("not reached; on page %1").arg(panel.page());
                panel.settle();
                if (keyboard)
                    panel.waitFor([&] { return panel.find("keyboard") != nullptr; });
                // Painting also brings all layouts up to date.
                const QImage picture = panel.window()->grabWindow();
                found += faults(panel);
                if (!folder.isEmpty())
                    picture.save(QStringLiteral("%1/%2.png").arg(place, QLatin1String(screen.name)));
                ++shown;
                if (!found.isEmpty())
                    ++faulty;
                for (const QString &one : found)
                    std::printf("%s %s %s: %s\n", qPrintable(size), qPrintable(language), screen.name, qPrintable(one));
                std::fflush(stdout);
            }
        }
    }
    std::printf("%d screens, %d with faults\n", shown, faulty);
    return std::min(faulty, 100);
}
