// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/idle_watch.h"

#include <QEvent>

#include <algorithm>

namespace connector::ui {

namespace {

constexpr int kLongestCountdown = 15;

} // namespace

IdleWatch::IdleWatch(QObject *parent) : QObject(parent)
{
    m_since.start();
    m_timer.setInterval(500);
    connect(&m_timer, &QTimer::timeout, this, &IdleWatch::tick);
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &IdleWatch::rested);
}

void IdleWatch::setResting(bool resting)
{
    if (resting == m_resting)
        return;
    m_resting = resting;
    touch();
    // A panel that nobody uses does not wake up twice a second.
    if (resting)
        m_timer.stop();
    else
        m_timer.start();
    emit restingChanged();
}

void IdleWatch::setPatience(int seconds)
{
    if (seconds == m_patience)
        return;
    m_patience = seconds;
    touch();
    emit patienceChanged();
}

void IdleWatch::setTimeout(int seconds)
{
    m_timeout = std::max(5, seconds);
}

void IdleWatch::touch()
{
    m_since.restart();
    m_aloneMs = 0;
    if (m_resting)
        m_rest.start(m_timeout * 1000);
    else
        m_rest.stop();
    setSecondsLeft(0);
}

bool IdleWatch::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::TouchBegin:
    case QEvent::TouchUpdate:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
        touch();
        emit touched();
        setKeysUsed(false);
        break;
    case QEvent::KeyPress:
        touch();
        emit touched();
        setKeysUsed(true);
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

int IdleWatch::allowed() const
{
    if (m_patience == 0)
        return m_timeout;
    // Who signs in on a phone has both hands on it, and touches the panel no more: twice the time, and no longer.
    if (m_person)
        return m_patience < 0 ? 2 * m_timeout : std::clamp(m_patience, m_timeout, 2 * m_timeout);
    return std::max(m_patience, m_timeout);
}

void IdleWatch::tick()
{
    if (m_resting)
        return;
    if (m_patience != 0 && m_secondsLeft == 0)
        emit touched();
    if (m_patience < 0 && !m_person)
        return;
    const int left = int((qint64(allowed()) * 1000 - m_since.elapsed() - m_aloneMs + 999) / 1000);
    if (left <= 0) {
        touch();
        emit expired();
    } else if (left <= std::min(kLongestCountdown, allowed() / 2)) {
        setSecondsLeft(left);
    }
}

void IdleWatch::setKeysUsed(bool used)
{
    if (used == m_keysUsed)
        return;
    m_keysUsed = used;
    emit keysUsedChanged();
}

void IdleWatch::setSecondsLeft(int seconds)
{
    if (seconds == m_secondsLeft)
        return;
    m_secondsLeft = seconds;
    emit secondsLeftChanged();
}

} // namespace connector::ui
