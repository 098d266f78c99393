// SPDX-License-Identifier: Apache-2.0
// connector-panel: the touch panel. Shows what the service says and asks it; holds no rule of its own.
#include "ui/panel/backend/socket_carrier.h"
#include "ui/panel/mock/mock_service.h"
#include "ui/panel/view/panel_window.h"

#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QFile>
#include <QGuiApplication>
#include <QInputDevice>

#include <cstdio>
#include <memory>
#include <time.h>
#include <unistd.h>

namespace {

using namespace connector::ui;

// Milliseconds since the kernel started this process: what a person waits, the loader included.
long long processAgeMs()
{
    QFile stat(QStringLiteral("/proc/self/stat"));
    if (!stat.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray line = stat.readAll();
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    constexpr int kStartTime = 19; // field 22 of proc(5), counted from the one after the name
    timespec now{};
    if (fields.size() <= kStartTime || clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return -1;
    const long long startedMs = fields[kStartTime].toLongLong() * 1000 / sysconf(_SC_CLK_TCK);
    return now.tv_sec * 1000LL + now.tv_nsec / 1'000'000 - startedMs;
}

QSize sizeOf(const QString &text)
{
    const QStringList parts = text.split(QLatin1Char('x'));
    const QSize size = parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
    return size.width() < 320 || size.height() < 320 ? QSize(800, 480) : size;
}

// Said before QGuiApplication exists, so that the input method is there from its start.
QString keyboardWish(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i) {
        const QString arg = QString::fromLocal8Bit(argv[i]);
        if (arg == QStringLiteral("--virtual-keyboard") && i + 1 < argc)
            return QString::fromLocal8Bit(argv[i + 1]);
        if (arg.startsWith(QStringLiteral("--virtual-keyboard=")))
            return arg.section(QLatin1Char('='), 1);
    }
    return QStringLiteral("auto");
}

} // namespace

int main(int argc, char **argv)
{
    const QString keyboard = keyboardWish(argc, argv);
    prepareProcess();

    QGuiApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("connector-panel"));
    QCoreApplication::setApplicationVersion(QStringLiteral(CONNECTOR_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("The touch panel of Cloud Connector"));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        {QStringLiteral("socket"), QStringLiteral("The service's socket."), QStringLiteral("path"),
         QStringLiteral("/run/cloud-connector/api.sock")},
        {QStringLiteral("mock"), QStringLiteral("Show a service in memory; the scenario may follow: %1.")
                                     .arg(MockService::scenarios().join(QStringLiteral(", ")))},
        {QStringLiteral("size"), QStringLiteral("Size of the window, such as 1024x600."), QStringLiteral("size"),
         QStringLiteral("800x480")},
        {QStringLiteral("fullscreen"), QStringLiteral("Fill the screen.")},
        {QStringLiteral("language"), QStringLiteral("en or fr; otherwise the service's setting."),
         QStringLiteral("language")},
        {QStringLiteral("virtual-keyboard"), QStringLiteral("on, off, or auto: where there is no other."),
         QStringLiteral("when"), QStringLiteral("auto")},
        {QStringLiteral("report-first-frame"),
         QStringLiteral("Print 'first frame <ms>' to stderr, counted from the start of the process.")},
    });
    parser.addPositionalArgument(QStringLiteral("scenario"), QStringLiteral("With --mock."),
                                 QStringLiteral("[scenario]"));
    parser.process(app);

    std::unique_ptr<Carrier> carrier;
    if (parser.isSet(QStringLiteral("mock")))
        carrier = std::make_unique<MockService>(parser.positionalArguments().value(0));
    else
        carrier = std::make_unique<SocketCarrier>(parser.value(QStringLiteral("socket")));

    Backend backend(carrier.get(), parser.value(QStringLiteral("language")));
    app.installEventFilter(&backend.idle);
    PanelWindow panel(&backend, {.size = sizeOf(parser.value(QStringLiteral("size"))),
                                 .fullscreen = parser.isSet(QStringLiteral("fullscreen")),
                                 .keyboard = wantsKeyboard(keyboard)});
    if (!panel.window())
        return 1;
    if (parser.isSet(QStringLiteral("report-first-frame")))
        QObject::connect(
            panel.window(), &QQuickWindow::frameSwapped, &app,
            [] { std::fprintf(stderr, "first frame %lld\n", processAgeMs()); },
            static_cast<Qt::ConnectionType>(Qt::AutoConnection | Qt::SingleShotConnection));
    backend.client.start();
    return QCoreApplication::exec();
}
