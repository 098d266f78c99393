// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/api_client.h"

#include <QJsonDocument>
#include <QMetaObject>

#include <algorithm>
#include <utility>

namespace connector::ui {

namespace {

constexpr int kLongestRetryMs = 1600;

ApiError lost()
{
    return {QStringLiteral("service-lost"), {}};
}

bool aboutPeople(const QString &type)
{
    const QString noun = type.section(QLatin1Char('.'), 0, 0);
    return noun != QStringLiteral("printer") && noun != QStringLiteral("scanner") &&
           noun != QStringLiteral("settings") && noun != QStringLiteral("session");
}

} // namespace

ApiClient::ApiClient(Carrier *carrier, QObject *parent) : QObject(parent), m_carrier(carrier)
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, m_carrier, &Carrier::open);
    connect(m_carrier, &Carrier::opened, this, &ApiClient::greet);
    connect(m_carrier, &Carrier::closed, this, &ApiClient::onClosed);
    connect(m_carrier, &Carrier::received, this, &ApiClient::onReceived);
}

void ApiClient::start()
{
    m_carrier->open();
}

int ApiClient::call(const QString &method, const QJsonObject &params, QObject *context, Answer answer)
{
    if (m_state == State::Ready)
        return post(method, params, context, std::move(answer));
    QMetaObject::invokeMethod(
        this,
        [owner = QPointer<QObject>(context), answer = std::move(answer)] {
            if (owner)
                answer({}, lost());
        },
        Qt::QueuedConnection);
    return 0;
}

int ApiClient::post(const QString &method, const QJsonObject &params, QObject *context, Answer answer)
{
    const int id = m_nextId++;
    m_pending.insert(id, {context, std::move(answer)});
    m_carrier->send(QJsonDocument(QJsonObject{{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
                                              {QStringLiteral("id"), id},
                                              {QStringLiteral("method"), method},
                                              {QStringLiteral("params"), params}})
                        .toJson(QJsonDocument::Compact));
    return id;
}

void ApiClient::cancel(int id, Cancel how)
{
    const bool known = how == Cancel::KeepAnswer ? m_pending.contains(id) : m_pending.remove(id) > 0;
    if (!known || !m_open)
        return;
    m_carrier->send(QJsonDocument(QJsonObject{{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
                                              {QStringLiteral("method"), QStringLiteral("$/cancel")},
                                              {QStringLiteral("params"), QJsonObject{{QStringLiteral("id"), id}}}})
                        .toJson(QJsonDocument::Compact));
}

void ApiClient::drop(const QObject *context)
{
    QVector<int> ids;
    for (auto it = m_pending.cbegin(); it != m_pending.cend(); ++it) {
        if (it->context == context)
            ids += it.key();
    }
    for (const int id : ids)
        cancel(id);
}

void ApiClient::greet()
{
    m_open = true;
    post(QStringLiteral("system.hello"),
         {{QStringLiteral("client"), QStringLiteral("panel")},
          {QStringLiteral("version"), QStringLiteral(CONNECTOR_VERSION)}},
         this, [this](const QJsonObject &result, const ApiError &error) {
             if (error) {
                 m_carrier->close();
                 return;
             }
             m_greeting = result;
             subscribe();
         });
}

void ApiClient::subscribe()
{
    QJsonObject params;
    if (m_sequence >= 0)
        params[QStringLiteral("after")] = m_sequence;
    post(QStringLiteral("events.subscribe"), params, this, [this](const QJsonObject &result, const ApiError &error) {
        if (error) {
            m_carrier->close();
            return;
        }
        const bool reset = m_sequence < 0 || result[QStringLiteral("reset")].toBool();
        const double sequence = result[QStringLiteral("sequence")].toDouble();
        m_sequence = reset ? sequence : std::max(m_sequence, sequence);
        m_retryMs = kFirstRetryMs;
        setState(State::Ready);
        emit synced(reset);
    });
}

void ApiClient::onClosed()
{
    m_open = false;
    m_betweenPeople = false;
    if (m_state == State::Ready)
        setState(State::Lost);
    // Answers may ask again, so they must find an empty table.
    const QHash<int, Pending> pending = std::exchange(m_pending, {});
    for (const Pending &one : pending) {
        if (one.context && one.context != this)
            one.answer({}, lost());
    }
    m_retry.start(m_retryMs);
    m_retryMs = std::min(m_retryMs * 2, kLongestRetryMs);
}

void ApiClient::onReceived(const QByteArray &line)
{
    const QJsonObject message = QJsonDocument::fromJson(line).object();
    if (message[QStringLiteral("method")] == QStringLiteral("event")) {
        const QJsonObject params = message[QStringLiteral("params")].toObject();
        m_sequence = std::max(m_sequence, params[QStringLiteral("sequence")].toDouble());
        const QString type = params[QStringLiteral("type")].toString();
        if (!m_betweenPeople || !aboutPeople(type))
            emit eventReceived(type, params[QStringLiteral("data")].toObject());
        return;
    }
    const auto found = m_pending.find(message[QStringLiteral("id")].toInt());
    if (found == m_pending.end())
        return; // cancelled, or not for us
    const Pending pending = *found;
    m_pending.erase(found);
    if (!pending.context)
        return;
    ApiError error;
    if (message.contains(QStringLiteral("error"))) {
        error.data = message[QStringLiteral("error")].toObject()[QStringLiteral("data")].toObject();
        error.code = error.data[QStringLiteral("code")].toString(QStringLiteral("bad-reply"));
    }
    pending.answer(message[QStringLiteral("result")].toObject(), error);
}

void ApiClient::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    emit stateChanged();
}

} // namespace connector::ui
