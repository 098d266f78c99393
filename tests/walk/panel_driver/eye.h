// SPDX-License-Identifier: Apache-2.0
// What a person sees on a Qt Quick window: finds items by name or text, says what is on top, what is cut off.
// Runs on the thread of the user interface. Reads only.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QQuickItem>
#include <QQuickWindow>
#include <QString>

#include <vector>

namespace paneldriver {

// {"name": objectName, "text": the words exactly, "like": regular expression on the words, "within": an ancestor's
// objectName, "type": part of the class's name, "with": {property: value}, "nth": the how manieth, from 0}.
// Every part that is given must fit.
struct Wanted {
    QJsonObject spec;
    QString describe() const;
};

QQuickWindow *shownWindow();

// The words an item shows or is announced by; empty where it has none.
QString wordsOf(QQuickItem *item);
// Only painted with some opacity, not empty, not clipped away whole.
bool isShown(QQuickItem *item);
// The part of the item that the window and all clipping ancestors leave, in window coordinates.
QRectF shownRect(QQuickItem *item);
// Why a finger at the item's middle would not reach it; empty when it would.
QString whyUntouchable(QQuickItem *item);

// All shown items that fit, topmost first; of nested ones only the outermost.
std::vector<QQuickItem *> find(const Wanted &wanted);

// False while something that has a property `settled` says that it is not: a page that is just coming.
bool settled(QQuickWindow *window);

QJsonObject describeItem(QQuickItem *item);
QJsonArray tree(QQuickWindow *window);
// Faults a person would see: text cut off or elided, texts over each other, things outside the window, small targets.
QJsonArray faults(QQuickWindow *window, const QJsonObject &options);

} // namespace paneldriver
