// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/session.h"

#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/faced_model.h"

#include <algorithm>
#include <utility>

namespace connector::ui {

namespace {

void ignore(const QJsonObject &, const ApiError &) {}

} // namespace

Session::Session(ApiClient *client, QObject *parent) : QObject(parent), m_client(client)
{
    m_second.setInterval(250);
    connect(&m_second, &QTimer::timeout, this, [this] {
        if (waitSeconds() == 0) {
            m_second.stop();
            forgetError();
        }
        emit waitSecondsChanged();
    });
    m_touched.setSingleShot(true);
    connect(&m_touched, &QTimer::timeout, this, [this] {
        if (std::exchange(m_touchAgain, false))
            touch();
    });
    connect(client, &ApiClient::synced, this, &Session::read);
    connect(client, &ApiClient::stateChanged, this, [this] {
        // A session lives as long as its connection.
        if (m_client->state() == ApiClient::State::Lost && !guest()) {
            becomeGuest();
            emit ended();
        }
    });
    connect(client, &ApiClient::eventReceived, this, [this](const QString &type, const QJsonObject &data) {
        if (type == QStringLiteral("session.changed"))
            take(data[QStringLiteral("session")].toObject());
        else if (type == QStringLiteral("settings.changed"))
            read(); // other ways to sign in, another timeout
    });
}

int Session::waitSeconds() const
{
    if (!m_waitUntil.isValid())
        return 0;
    const qint64 ms = QDateTime::currentDateTimeUtc().msecsTo(m_waitUntil);
    return int(std::clamp<qint64>((ms + 999) / 1000, 0, 24 * 3600));
}

void Session::signInAs(const QString &person, const QString &secret)
{
    signIn({{QStringLiteral("method"), QStringLiteral("list")},
            {QStringLiteral("person"), person},
            {QStringLiteral("secret"), secret}});
}

void Session::signInByName(const QString &name, const QString &password)
{
    signIn({{QStringLiteral("method"), QStringLiteral("password")},
            {QStringLiteral("name"), name.trimmed()},
            {QStringLiteral("secret"), password}});
}

void Session::signInByPin(const QString &pin)
{
    signIn({{QStringLiteral("method"), QStringLiteral("pin")}, {QStringLiteral("secret"), pin}});
}

void Session::signInByCard(const QString &card)
{
    if (!m_methods.contains(QStringLiteral("card")) || m_busy)
        return;
    if (!guest())
        end();
    signIn({{QStringLiteral("method"), QStringLiteral("card")}, {QStringLiteral("secret"), card}});
}

void Session::signIn(QJsonObject params)
{
    if (m_busy || waitSeconds() > 0)
        return;
    m_busy = true;
    m_abandoned = false;
    m_errorCode.clear();
    emit busyChanged();
    m_attempt = m_client->call(QStringLiteral("session.signIn"), params, this,
                               [this](const QJsonObject &result, const ApiError &error) {
                                   m_busy = false;
                                   m_attempt = 0;
                                   if (m_abandoned) {
                                       emit busyChanged();
                                       if (!error)
                                           m_client->call(QStringLiteral("session.signOut"), {}, this, ignore);
                                       return;
                                   }
                                   m_errorCode = error.code;
                                   const int seconds = error.data[QStringLiteral("retryAfter")].toInt();
                                   if (error.code == QStringLiteral("sign-in-throttled") && seconds > 0)
                                       waitUntil(QDateTime::currentDateTimeUtc().addSecs(seconds));
                                   if (!error)
                                       take(result);
                                   emit busyChanged();
                               });
}

void Session::abandon()
{
    if (m_busy) {
        m_abandoned = true;
        m_client->cancel(m_attempt, ApiClient::Cancel::KeepAnswer);
    } else if (waitSeconds() == 0) {
        forgetError();
    }
}

void Session::forgetError()
{
    m_errorCode.clear();
    emit busyChanged();
}

void Session::end()
{
    const QString method = guest() ? QStringLiteral("session.end") : QStringLiteral("session.signOut");
    becomeGuest();
    emit ended();
    // What is still said about the one who left is not heard.
    m_client->setBetweenPeople(true);
    m_client->call(method, {}, this, [this](const QJsonObject &, const ApiError &) {
        m_client->setBetweenPeople(false);
        emit settled();
    });
}

void Session::touch()
{
    if (guest())
        return;
    if (m_touched.isActive()) {
        m_touchAgain = true;
        return;
    }
    m_touched.start(std::max(500, m_timeout * 1000 / 8));
    m_client->call(QStringLiteral("session.touch"), {}, this, ignore);
}

void Session::read()
{
    m_client->call(QStringLiteral("session.get"), {}, this, [this](const QJsonObject &result, const ApiError &error) {
        if (!error)
            take(result);
    });
}

void Session::take(const QJsonObject &session)
{
    const QString id = session[QStringLiteral("kind")].toString() == QStringLiteral("person")
                           ? session[QStringLiteral("id")].toString()
                           : QString();
    const QJsonObject signIn = session[QStringLiteral("signIn")].toObject();
    if (!signIn.isEmpty()) {
        m_methods = stringsOf(signIn[QStringLiteral("methods")]);
        m_guestsAllowed = signIn[QStringLiteral("guests")].toBool(true);
    }
    m_timeout = session[QStringLiteral("timeout")].toInt();
    const bool other = id != m_id;
    if (other)
        becomeGuest();
    m_id = id;
    m_name = id.isEmpty() ? QString() : session[QStringLiteral("name")].toString();
    emit changed();
    if (!other)
        return;
    if (id.isEmpty())
        emit ended();
    else
        emit signedIn();
    emit settled();
}

void Session::becomeGuest()
{
    m_id.clear();
    m_name.clear();
    m_touchAgain = false;
    emit forgotten();
    emit changed();
}

void Session::waitUntil(const QDateTime &when)
{
    m_waitUntil = when;
    m_second.start();
    emit waitSecondsChanged();
}

} // namespace connector::ui
