// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/authorization.h"

#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/faced_model.h"

#include <QUrl>
#include <QUuid>

namespace connector::ui {

namespace {

Authorization::State stateOf(const QString &word)
{
    if (word == QStringLiteral("waiting"))
        return Authorization::Waiting;
    if (word == QStringLiteral("granted"))
        return Authorization::Granted;
    if (word == QStringLiteral("denied"))
        return Authorization::Denied;
    if (word == QStringLiteral("expired"))
        return Authorization::Expired;
    if (word == QStringLiteral("failed"))
        return Authorization::Failed;
    if (word == QStringLiteral("cancelled"))
        return Authorization::Cancelled;
    return Authorization::Requesting;
}

} // namespace

Authorization::Authorization(ApiClient *client, QObject *parent) : QObject(parent), m_client(client)
{
    connect(client, &ApiClient::eventReceived, this, [this](const QString &type, const QJsonObject &data) {
        if (type == QStringLiteral("authorization.changed") &&
            data[QStringLiteral("profileId")].toString() == m_profileId)
            take(data);
    });
    connect(client, &ApiClient::synced, this, [this] {
        if (!m_profileId.isEmpty())
            ask(QStringLiteral("profiles.authorization"));
    });
}

QString Authorization::address() const
{
    QString said = QUrl(m_data[QStringLiteral("verificationUri")].toString()).toDisplayString(QUrl::RemoveScheme);
    while (said.startsWith(QLatin1Char('/')))
        said.remove(0, 1);
    while (said.endsWith(QLatin1Char('/')))
        said.chop(1);
    return said;
}

QDateTime Authorization::expiresAt() const
{
    return timeOf(m_data[QStringLiteral("expiresAt")]);
}

QString Authorization::errorCode() const
{
    if (m_state == Expired)
        return QStringLiteral("code-expired");
    const QString code = m_data[QStringLiteral("error")].toObject()[QStringLiteral("code")].toString();
    if (code.isEmpty() && m_state == Denied)
        return QStringLiteral("access-denied");
    return code.isEmpty() && m_state == Failed ? QStringLiteral("code-failed") : code;
}

QStringList Authorization::errorDomains() const
{
    return stringsOf(m_data[QStringLiteral("error")].toObject()[QStringLiteral("domains")]);
}

void Authorization::follow(const QString &profileId, bool fresh, const QString &newPin)
{
    m_profileId = profileId;
    m_newPin = newPin;
    ++m_followed;
    setCancelling(false);
    forgetGiven();
    if (fresh) {
        renew();
        return;
    }
    m_data = {};
    m_state = Requesting;
    m_mayRenew = true;
    emit changed();
    ask(QStringLiteral("profiles.authorization"));
}

void Authorization::renew()
{
    m_data = {};
    m_state = Requesting;
    m_mayRenew = false;
    emit changed();
    ask(QStringLiteral("profiles.authorize"));
}

void Authorization::cancel()
{
    if (m_cancelling)
        return;
    const QString id = m_profileId;
    m_profileId.clear();
    if (id.isEmpty() || m_state == Granted) {
        emit cancelled();
        return;
    }
    setCancelling(true);
    m_client->call(QStringLiteral("profiles.cancelAuthorization"), {{QStringLiteral("id"), id}}, this,
                   [this, followed = m_followed](const QJsonObject &, const ApiError &error) {
                       if (followed != m_followed)
                           return; // that page is gone
                       setCancelling(false);
                       if (error)
                           emit notCancelled(error.code);
                       else
                           emit cancelled();
                   });
}

void Authorization::setCancelling(bool cancelling)
{
    m_cancelling = cancelling;
    emit cancellingChanged();
}

void Authorization::sendTo(const QString &address)
{
    give(QStringLiteral("mail"), QStringLiteral("profiles.sendInstructions"),
         {{QStringLiteral("to"), address.trimmed()}});
}

void Authorization::print()
{
    if (m_printKey.isEmpty())
        m_printKey = QUuid::createUuid().toString(QUuid::WithoutBraces);
    give(QStringLiteral("print"), QStringLiteral("profiles.printInstructions"), {{QStringLiteral("key"), m_printKey}});
}

void Authorization::give(const QString &way, const QString &method, QJsonObject params)
{
    if (!m_giving.isEmpty())
        return;
    m_giving = way;
    m_given.clear();
    m_givingError.clear();
    emit givenChanged();
    params[QStringLiteral("id")] = m_profileId;
    m_client->call(method, params, this, [this, way](const QJsonObject &result, const ApiError &error) {
        m_giving.clear();
        if (error.code != QStringLiteral("service-lost"))
            m_printKey.clear();
        if (const QJsonValue job = result[QStringLiteral("job")]; job.isObject())
            emit printing(job.toObject()[QStringLiteral("id")].toString());
        m_givingError = error.code;
        if (!error)
            m_given = way;
        emit givenChanged();
    });
}

void Authorization::forgetGiven()
{
    m_given.clear();
    m_givingError.clear();
    emit givenChanged();
}

void Authorization::forget()
{
    m_client->drop(this);
    setCancelling(false);
    m_giving.clear();
    m_newPin.clear();
    m_printKey.clear();
    forgetGiven();
    m_profileId.clear();
    m_data = {};
    m_state = Requesting;
    emit changed();
}

void Authorization::ask(const QString &method)
{
    QJsonObject params{{QStringLiteral("id"), m_profileId}};
    if (method == QStringLiteral("profiles.authorize") && !m_newPin.isEmpty())
        params[QStringLiteral("pin")] = m_newPin;
    m_client->call(method, params, this, [this, id = m_profileId](const QJsonObject &result, const ApiError &error) {
        if (id != m_profileId)
            return;
        if (!error)
            take(result);
        else if (m_mayRenew && error.code != QStringLiteral("service-lost"))
            renew();
        else
            fail(error.code);
    });
}

void Authorization::take(const QJsonObject &data)
{
    const State state = stateOf(data[QStringLiteral("state")].toString());
    // An old story's end (expired or refused long ago) is no answer to someone who wants to sign in now.
    if (m_mayRenew && (state == Denied || state == Expired || state == Failed || state == Cancelled)) {
        m_mayRenew = false;
        renew();
        return;
    }
    m_mayRenew = false;
    m_data = data;
    const bool news = state == Granted && m_state != Granted;
    m_state = state;
    emit changed();
    if (news)
        emit granted(m_profileId);
}

void Authorization::fail(const QString &code)
{
    m_data = {{QStringLiteral("error"), QJsonObject{{QStringLiteral("code"), code}}}};
    m_state = Failed;
    emit changed();
}

} // namespace connector::ui
