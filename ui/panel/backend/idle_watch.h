// SPDX-License-Identifier: Apache-2.0
// Ends the session of a person who has left: counts down after inactivity, and any touch or key stops it.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace connector::ui {

class IdleWatch : public QObject {
    Q_OBJECT
    // Above 0 while the countdown is on the screen.
    Q_PROPERTY(int secondsLeft READ secondsLeft NOTIFY secondsLeftChanged)
    // Nothing to end: the home screen is showing.
    Q_PROPERTY(bool resting READ resting WRITE setResting NOTIFY restingChanged)
    // The last input was a key, not a touch: lists show where the focus is.
    Q_PROPERTY(bool keysUsed READ keysUsed NOTIFY keysUsedChanged)
    // The screen on top gives people more time (a running job, a code to be typed elsewhere).
    Q_PROPERTY(int patience READ patience WRITE setPatience NOTIFY patienceChanged)

public:
    explicit IdleWatch(QObject *parent = nullptr);

    int secondsLeft() const { return m_secondsLeft; }
    bool keysUsed() const { return m_keysUsed; }
    bool resting() const { return m_resting; }
    void setResting(bool resting);
    int patience() const { return m_patience; }
    // Seconds; 0 is the session's own timeout, below 0 is for ever.
    void setPatience(int seconds);
    void setTimeout(int seconds);
    // Somebody is signed in: their session is not left open for whoever comes by, whatever the screen's patience.
    void setPerson(bool person) { m_person = person; }

    Q_INVOKABLE void touch();
    // As if nobody had been there for so many seconds more; for tests.
    void leaveAlone(int seconds) { m_aloneMs += seconds * 1000LL; }

    bool eventFilter(QObject *watched, QEvent *event) override;

signals:
    void secondsLeftChanged();
    void restingChanged();
    void patienceChanged();
    void keysUsedChanged();
    void expired();
    // The home screen has shown for as long as a session may be idle.
    void rested();
    // Somebody is there, or the screen on top gives more time to who is.
    void touched();

private:
    void tick();
    int allowed() const;
    void setSecondsLeft(int seconds);
    void setKeysUsed(bool used);

    QElapsedTimer m_since;
    qint64 m_aloneMs = 0;
    QTimer m_timer, m_rest;
    int m_timeout = 60;
    int m_patience = 0;
    int m_secondsLeft = 0;
    bool m_person = false;
    bool m_resting = true;
    bool m_keysUsed = false;
};

} // namespace connector::ui
