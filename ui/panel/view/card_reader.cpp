// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/view/card_reader.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QInputMethodQueryEvent>

#include <utility>

namespace connector::ui {

namespace {

// Readers send a key every 1 to 20 ms; nobody types four keys and Enter at more than 20 keys a second.
constexpr int kLongestGapMs = 50;
constexpr int kShortestNumber = 4;
constexpr int kLongestNumber = 128;

bool isEnter(const QKeyEvent &key)
{
    return key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter;
}

bool isNumberPart(const QKeyEvent &key)
{
    const QString text = key.text();
    return text.size() == 1 && text[0] > QLatin1Char(' ') && text[0].unicode() < 127 &&
           (key.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier;
}

bool inTextField()
{
    QObject *focus = QGuiApplication::focusObject();
    if (!focus)
        return false;
    QInputMethodQueryEvent query(Qt::ImEnabled);
    QCoreApplication::sendEvent(focus, &query);
    return query.value(Qt::ImEnabled).toBool();
}

} // namespace

CardReader::CardReader(QObject *parent) : QObject(parent)
{
    m_pause.setSingleShot(true);
    m_pause.setTimerType(Qt::PreciseTimer);
    m_pause.setInterval(kLongestGapMs);
    connect(&m_pause, &QTimer::timeout, this, &CardReader::release);
}

void CardReader::setOn(bool on)
{
    m_on = on;
    if (!on)
        release();
}

bool CardReader::eventFilter(QObject *watched, QEvent *event)
{
    if (!m_on || m_releasing || !watched->isWindowType() || event->type() != QEvent::KeyPress)
        return QObject::eventFilter(watched, event);
    return take(watched, *static_cast<QKeyEvent *>(event));
}

bool CardReader::take(QObject *window, const QKeyEvent &key)
{
    const bool inText = inTextField();
    const bool fast = m_since.isValid() && m_since.elapsed() <= kLongestGapMs;
    m_since.start();
    if (!fast)
        release();
    if (isEnter(key) && fast && m_number.size() >= kShortestNumber) {
        m_pause.stop();
        m_held.clear();
        emit card(std::exchange(m_number, {}), inText);
        return !inText;
    }
    // Shift and its like come between a number's letters.
    if (key.text().isEmpty() && !m_number.isEmpty())
        return false;
    if (!isNumberPart(key) || m_number.size() >= kLongestNumber) {
        release();
        return false;
    }
    m_number += key.text();
    if (inText)
        return false;
    m_held.push_back({window, std::unique_ptr<QKeyEvent>(key.clone())});
    m_pause.start();
    return true;
}

void CardReader::release()
{
    m_pause.stop();
    m_number.clear();
    const auto held = std::exchange(m_held, {});
    m_releasing = true;
    for (const Held &one : held) {
        if (one.window)
            QCoreApplication::sendEvent(one.window, one.press.get());
    }
    m_releasing = false;
}

} // namespace connector::ui
