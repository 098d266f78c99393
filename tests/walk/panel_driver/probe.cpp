// SPDX-License-Identifier: Apache-2.0
// A small Qt Quick program for the driver's own test; knows nothing of the driver. Shows the QML file it is given.
#include <QGuiApplication>
#include <QQuickView>

int main(int argc, char **argv)
{
    QGuiApplication application(argc, argv);
    QQuickView view;
    view.setSource(QUrl::fromLocalFile(application.arguments().value(1)));
    view.show();
    return view.status() == QQuickView::Ready ? QGuiApplication::exec() : 1;
}
