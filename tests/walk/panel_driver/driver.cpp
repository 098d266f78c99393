// SPDX-License-Identifier: Apache-2.0
#include "driver.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QImage>
#include <QJsonDocument>

#include <memory>

namespace paneldriver {

namespace {

constexpr int kPatience = 10000; // ms a request waits where it does not say
constexpr int kStill = 60;       // ms that something must stand still to be touched
constexpr int kRest = 120;       // ms without a new frame that count as rest

} // namespace

Driver::Driver(const QString &socketPath, QObject *parent) : QObject(parent), m_socketPath(socketPath)
{
    m_wake.setSingleShot(true);
    m_sinceFrame.start();
    // The plugin is made while the application object is still being made.
    QMetaObject::invokeMethod(this, &Driver::begin, Qt::QueuedConnection);
}

void Driver::begin()
{
    m_hand.emplace();
    connect(&m_wake, &QTimer::timeout, this, &Driver::attemptAll);
    connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock, this, &Driver::attemptAll);
    connect(&m_server, &QLocalServer::newConnection, this, [this] {
        while (auto *socket = m_server.nextPendingConnection()) {
            connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
            connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        }
    });
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    if (!m_server.listen(m_socketPath))
        qWarning("paneldriver: cannot listen at %s", qPrintable(m_socketPath));
}

void Driver::read(QLocalSocket *socket)
{
    while (socket->canReadLine()) {
        QJsonParseError error;
        const auto document = QJsonDocument::fromJson(socket->readLine(), &error);
        if (error.error != QJsonParseError::NoError)
            refuse(socket, {}, error.errorString());
        else
            handle(socket, document.object());
    }
}

void Driver::answer(QLocalSocket *socket, const QJsonValue &id, const QJsonObject &result)
{
    if (!socket)
        return;
    const QJsonObject reply{{"id", id}, {"ok", true}, {"result", result}};
    socket->write(QJsonDocument(reply).toJson(QJsonDocument::Compact) + '\n');
    socket->flush();
}

void Driver::refuse(QLocalSocket *socket, const QJsonValue &id, const QString &error)
{
    if (!socket)
        return;
    const QJsonObject reply{{"id", id}, {"ok", false}, {"error", error}};
    socket->write(QJsonDocument(reply).toJson(QJsonDocument::Compact) + '\n');
    socket->flush();
}

QQuickItem *Driver::steady(const Wanted &wanted, QString &why)
{
    const auto found = find(wanted);
    if (found.empty()) {
        why = QStringLiteral("it is nowhere on the screen");
        return nullptr;
    }
    QQuickItem *reachable = nullptr;
    for (auto *item : found) {
        const auto reason = whyUntouchable(item);
        if (reason.isEmpty()) {
            reachable = item;
            break;
        }
        why = reason;
    }
    if (!reachable)
        return nullptr;
    if (!settled(reachable->window())) {
        why = QStringLiteral("the page has not settled");
        return nullptr;
    }
    const auto rect = reachable->mapRectToScene(QRectF(0, 0, reachable->width(), reachable->height()));
    if (m_steadyItem != reachable || m_steadyRect != rect) {
        m_steadyItem = reachable;
        m_steadyRect = rect;
        m_steadySince.start();
    }
    if (m_steadySince.elapsed() >= kStill)
        return reachable;
    why = QStringLiteral("it is still moving");
    m_wake.start(kStill);
    return nullptr;
}

void Driver::watchFrames()
{
    auto *window = shownWindow();
    if (!window || window == m_watched)
        return;
    m_watched = window;
    m_sinceFrame.start();
    connect(window, &QQuickWindow::frameSwapped, this, [this] { m_sinceFrame.start(); });
}

bool Driver::atRest(QString &why)
{
    if (auto *window = shownWindow(); window && !settled(window)) {
        why = QStringLiteral("the page has not settled");
        return false;
    }
    if (m_sinceFrame.elapsed() >= kRest)
        return true;
    why = QStringLiteral("something keeps moving");
    m_wake.start(static_cast<int>(kRest - m_sinceFrame.elapsed()) + 1);
    return false;
}

void Driver::attemptAll()
{
    if (m_attempting || m_pending.empty())
        return;
    m_attempting = true;
    watchFrames();
    for (auto i = m_pending.begin(); i != m_pending.end();) {
        QString why;
        const auto result = i->attempt(why);
        if (result) {
            answer(i->from, i->id, *result);
            i = m_pending.erase(i);
        } else if (i->since.elapsed() >= i->timeout) {
            refuse(i->from, i->id, why);
            i = m_pending.erase(i);
        } else {
            if (!m_wake.isActive())
                m_wake.start(static_cast<int>(i->timeout - i->since.elapsed()) + 1);
            ++i;
        }
    }
    m_attempting = false;
}

void Driver::handle(QLocalSocket *socket, const QJsonObject &request)
{
    const auto id = request[u"id"];
    const auto what = request[u"do"].toString();
    const Wanted wanted{request[u"what"].toObject()};
    const QPointer<QLocalSocket> from(socket);
    const auto later = [&](std::function<std::optional<QJsonObject>(QString &)> attempt) {
        Pending pending;
        pending.from = from;
        pending.id = id;
        pending.since.start();
        pending.timeout = request[u"timeout"].toInt(kPatience);
        pending.attempt = std::move(attempt);
        m_pending.push_back(std::move(pending));
        // Not at once: what was touched just before has yet to happen.
        QMetaObject::invokeMethod(this, &Driver::attemptAll, Qt::QueuedConnection);
    };

    if (what == u"find") {
        QJsonArray items;
        for (auto *item : find(wanted))
            items.append(describeItem(item));
        answer(socket, id, {{"items", items}});
    } else if (what == u"tap" || what == u"tapTwice") {
        later([this, wanted, twice = what == u"tapTwice"](QString &why) -> std::optional<QJsonObject> {
            auto *item = steady(wanted, why);
            if (!item) {
                why = "cannot tap (" + wanted.describe() + "): " + why;
                return std::nullopt;
            }
            const auto description = describeItem(item);
            const auto at = m_steadyRect.center();
            auto *window = item->window();
            m_steadyItem = nullptr;
            for (int i = 0; i < (twice ? 2 : 1); ++i) {
                m_hand->press(window, at);
                m_hand->release(window, at);
            }
            return description;
        });
    } else if (what == u"wait") {
        const auto kind = request[u"for"].toString(QStringLiteral("shown"));
        later([this, wanted, kind](QString &why) -> std::optional<QJsonObject> {
            if (kind == u"rest")
                return atRest(why) ? std::optional(QJsonObject{}) : std::nullopt;
            if (kind == u"touchable") {
                if (auto *item = steady(wanted, why))
                    return describeItem(item);
                why = "(" + wanted.describe() + "): " + why;
                return std::nullopt;
            }
            const auto found = find(wanted);
            if (kind == u"gone") {
                why = "(" + wanted.describe() + ") is still there";
                return found.empty() ? std::optional(QJsonObject{}) : std::nullopt;
            }
            why = "(" + wanted.describe() + ") did not appear";
            return found.empty() ? std::nullopt : std::optional(describeItem(found.front()));
        });
    } else if (what == u"swipe") {
        const auto by = request[u"by"].toArray();
        const auto over = std::make_shared<bool>(false);
        later([this, wanted, by, over, begun = false](QString &why) mutable -> std::optional<QJsonObject> {
            if (!begun) {
                auto *item = steady(wanted, why);
                if (!item) {
                    why = "cannot swipe (" + wanted.describe() + "): " + why;
                    return std::nullopt;
                }
                begun = true;
                const QPointF way(by.at(0).toDouble(), by.at(1).toDouble());
                const auto middle = shownRect(item).center();
                m_hand->swipe(item->window(), middle - way / 2, middle + way / 2, [over] { *over = true; });
            }
            why = QStringLiteral("the swipe did not end");
            return *over ? std::optional(QJsonObject{}) : std::nullopt;
        });
    } else if (auto *window = shownWindow(); !window) {
        refuse(socket, id, QStringLiteral("no window is shown"));
    } else if (what == u"type") {
        m_hand->type(window, request[u"text"].toString());
        answer(socket, id, {});
    } else if (what == u"key") {
        if (m_hand->key(window, request[u"key"].toString()))
            answer(socket, id, {});
        else
            refuse(socket, id, QStringLiteral("no such key"));
    } else if (what == u"grab") {
        const auto image = window->grabWindow();
        if (!image.isNull() && image.save(request[u"file"].toString(), "PNG"))
            answer(socket, id, {{"width", image.width()}, {"height", image.height()}});
        else
            refuse(socket, id, QStringLiteral("cannot save the picture"));
    } else if (what == u"tree") {
        answer(socket, id, {{"items", tree(window)}});
    } else if (what == u"check") {
        answer(socket, id, {{"faults", faults(window, request)}});
    } else {
        refuse(socket, id, QStringLiteral("unknown request"));
    }
}

} // namespace paneldriver
