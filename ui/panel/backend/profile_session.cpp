// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/profile_session.h"

#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/profiles_model.h"

#include <algorithm>

namespace connector::ui {

namespace {

// The door stays shut though the PIN was right.
bool shutBehindThePin(const QString &code)
{
    return code == QStringLiteral("not-linked") || code == QStringLiteral("profile-expired") ||
           code == QStringLiteral("access-revoked") || code == QStringLiteral("domain-refused");
}

} // namespace

ProfileSession::ProfileSession(ApiClient *client, ProfilesModel *profiles, QObject *parent)
    : QObject(parent), m_client(client), m_profiles(profiles)
{
    m_second.setInterval(250);
    connect(&m_second, &QTimer::timeout, this, [this] {
        if (lockSeconds() == 0) {
            m_second.stop();
            if (m_errorCode == QStringLiteral("profile-locked"))
                forgetError();
        }
        emit lockSecondsChanged();
    });
    connect(profiles, &ProfilesModel::changed, this, &ProfileSession::take);
    connect(client, &ApiClient::stateChanged, this, [this] {
        // What was unlocked was unlocked for that connection.
        if (m_client->state() == ApiClient::State::Lost && (m_opened || m_proven)) {
            m_opened = m_proven = false;
            emit changed();
        }
    });
}

QString ProfileSession::name() const
{
    return m_profile[QStringLiteral("name")].toString();
}

QString ProfileSession::account() const
{
    return m_profile[QStringLiteral("account")].toString();
}

QString ProfileSession::accountName() const
{
    return m_profile[QStringLiteral("accountName")].toString();
}

bool ProfileSession::accountVerified() const
{
    return m_profile[QStringLiteral("accountVerified")].toBool();
}

QString ProfileSession::provider() const
{
    return m_profile[QStringLiteral("provider")].toString();
}

bool ProfileSession::hasPin() const
{
    return m_profile[QStringLiteral("hasPin")].toBool();
}

bool ProfileSession::pinDead() const
{
    return hasPin() && m_profile[QStringLiteral("pinDead")].toBool();
}

bool ProfileSession::refused() const
{
    return m_profile[QStringLiteral("state")].toString() == QStringLiteral("domain-refused");
}

bool ProfileSession::neverLinked() const
{
    const QString state = m_profile[QStringLiteral("state")].toString();
    return state == QStringLiteral("pending") || state == QStringLiteral("expired");
}

// The PIN guards all that is done with a profile, and before anybody linked it the code as well: whoever uses that one
// puts their account behind it. Later, signing in again takes the account that it had.
bool ProfileSession::pinFirst() const
{
    if (!hasPin())
        return false;
    if (pinDead())
        return !neverLinked() || m_wish != QStringLiteral("delete");
    return neverLinked() || m_wish != QStringLiteral("sign-in");
}

ProfileSession::Step ProfileSession::stepBehind(const QString &code) const
{
    const QString wish = m_wish.value_or(QString());
    if (wish == QStringLiteral("rename"))
        return Rename;
    if (wish == QStringLiteral("delete"))
        return Delete;
    if (wish == QStringLiteral("sign-in"))
        return NewCode;
    if (code == QStringLiteral("domain-refused"))
        return Refused;
    if (!code.isEmpty())
        return ShowCode;
    return m_unseen ? LookAtAccount : Files;
}

void ProfileSession::pass(Step step)
{
    m_wish.reset();
    emit passed(step);
}

int ProfileSession::lockSeconds() const
{
    if (m_lockMs <= 0)
        return 0;
    return int(std::clamp<qint64>((m_lockMs - m_lockSince.elapsed() + 999) / 1000, 0, 24 * 3600));
}

void ProfileSession::lockUntil(const QDateTime &time)
{
    m_lockMs = time.isValid() ? QDateTime::currentDateTimeUtc().msecsTo(time) : 0;
    m_lockSince.start();
}

void ProfileSession::start(const QString &id, const QString &wish)
{
    if (m_busy)
        return;
    choose(id);
    m_wish = wish;
    if (refused() && wish.isEmpty())
        pass(Refused);
    else if (pinFirst())
        emit pinWanted();
    else if (wish.isEmpty() && m_profile[QStringLiteral("state")].toString() == QStringLiteral("ready"))
        m_unseen ? pass(LookAtAccount) : open({});
    else
        pass(stepBehind(QStringLiteral("not-linked")));
}

void ProfileSession::choose(const QString &id)
{
    QJsonObject profile = m_profiles->profile(id);
    profile[QStringLiteral("id")] = id;
    chooseKnown(profile);
}

void ProfileSession::chooseKnown(const QJsonObject &profile)
{
    const QString id = profile[QStringLiteral("id")].toString();
    if (id != m_id)
        m_opened = m_proven = false;
    m_id = id;
    m_profile = profile;
    m_wish.reset();
    if (profile[QStringLiteral("lastUsedAt")].isNull()) // not where nothing is said of it
        m_unanswered.insert(id);
    m_unseen = m_unanswered.contains(id);
    m_errorCode.clear();
    m_errorDomains.clear();
    m_triesLeft = -1;
    m_busy = m_opening = false;
    lockUntil(timeOf(m_profile[QStringLiteral("lockedUntil")]));
    if (lockSeconds() > 0) {
        m_errorCode = QStringLiteral("profile-locked");
        m_second.start();
    }
    emit changed();
    emit busyChanged();
    emit lockSecondsChanged();
}

void ProfileSession::open(const QString &pin)
{
    if (m_busy)
        return;
    begin();
    m_opening = true;
    QJsonObject params{{QStringLiteral("id"), m_id}};
    if (!pin.isEmpty())
        params[QStringLiteral("pin")] = pin;
    m_client->call(QStringLiteral("profiles.open"), params, this,
                   [this, id = m_id](const QJsonObject &result, const ApiError &error) {
                       if (id != m_id)
                           return;
                       m_opened = !error;
                       if (!error)
                           take(result[QStringLiteral("profile")].toObject());
                       m_proven = hasPin() && (!error || shutBehindThePin(error.code));
                       const bool shut = m_wish && error && m_proven;
                       end(shut ? ApiError{} : error);
                       emit changed();
                       if (!error)
                           emit openedNow();
                       if (!error || shut)
                           pass(stepBehind(error.code));
                   });
}

void ProfileSession::seen()
{
    m_unseen = false;
    m_unanswered.remove(m_id);
    emit changed();
}

void ProfileSession::rename(const QString &name)
{
    if (m_busy)
        return;
    begin();
    m_client->call(QStringLiteral("profiles.rename"),
                   {{QStringLiteral("id"), m_id}, {QStringLiteral("name"), name.trimmed()}}, this,
                   [this](const QJsonObject &, const ApiError &error) {
                       end(error);
                       if (!error)
                           emit renamed();
                   });
}

void ProfileSession::remove()
{
    if (m_busy)
        return;
    begin();
    m_client->call(QStringLiteral("profiles.delete"), {{QStringLiteral("id"), m_id}}, this,
                   [this](const QJsonObject &, const ApiError &error) {
                       end(error);
                       if (!error) {
                           m_unanswered.remove(m_id);
                           m_opened = m_proven = false;
                           emit removed();
                       }
                   });
}

void ProfileSession::forgetError()
{
    m_errorCode.clear();
    m_errorDomains.clear();
    emit busyChanged();
}

void ProfileSession::close()
{
    if (!hasPin() || !(m_opened || m_proven || m_opening))
        return;
    if (m_opening) {
        m_client->drop(this);
        m_opening = m_busy = false;
        emit busyChanged();
    }
    m_wish.reset();
    m_opened = m_proven = false;
    m_client->call(QStringLiteral("profiles.close"), {{QStringLiteral("id"), m_id}}, this,
                   [](const QJsonObject &, const ApiError &) {});
    emit changed();
}

void ProfileSession::forget()
{
    m_client->drop(this);
    m_opened = m_proven = false;
    choose({});
}

void ProfileSession::begin()
{
    m_busy = true;
    m_errorCode.clear();
    m_errorDomains.clear();
    emit busyChanged();
}

void ProfileSession::end(const ApiError &error)
{
    m_busy = m_opening = false;
    m_errorCode = error.code;
    m_errorDomains = stringsOf(error.data[QStringLiteral("domains")]);
    m_triesLeft = error.data[QStringLiteral("triesLeft")].toInt(-1);
    lockUntil(timeOf(error.data[QStringLiteral("lockedUntil")]));
    if (lockSeconds() > 0)
        m_second.start();
    emit busyChanged();
    emit lockSecondsChanged();
}

void ProfileSession::take(const QJsonObject &profile)
{
    if (profile[QStringLiteral("id")].toString() != m_id || profile == m_profile)
        return;
    m_profile = profile;
    emit changed();
}

} // namespace connector::ui
