// SPDX-License-Identifier: Apache-2.0
// Recognises a card held to a USB reader: such a reader is a keyboard that types the card's number fast, then Enter.
#pragma once

#include <QElapsedTimer>
#include <QKeyEvent>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <memory>
#include <vector>

namespace connector::ui {

// A filter of the application's events. What may be a card's number is held back for a moment, so that it types no PIN
// and presses no button; what then was none is delivered. In a text field nothing is held back: keys are text there.
class CardReader : public QObject {
    Q_OBJECT

public:
    explicit CardReader(QObject *parent = nullptr);

    // Switched off, it lets every key pass.
    void setOn(bool on);
    bool eventFilter(QObject *watched, QEvent *event) override;

signals:
    // inText: a text field had the focus, and got the number as well.
    void card(const QString &number, bool inText);

private:
    struct Held {
        QPointer<QObject> window;
        std::unique_ptr<QKeyEvent> press;
    };

    bool take(QObject *window, const QKeyEvent &key);
    // Delivers what was held back: it was no card.
    void release();

    std::vector<Held> m_held;
    QString m_number;
    QElapsedTimer m_since;
    QTimer m_pause;
    bool m_on = false;
    bool m_releasing = false;
};

} // namespace connector::ui
