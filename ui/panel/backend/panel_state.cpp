// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/panel_state.h"

#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/faced_model.h"

#include <QCoreApplication>
#include <QJsonObject>
#include <QSysInfo>

namespace connector::ui {

PanelState::PanelState(ApiClient *client, const QString &language, QObject *parent)
    : QObject(parent), m_client(client), m_languageFixed(!language.isEmpty())
{
    translate(language.isEmpty() ? QStringLiteral("en") : language);
    m_minute.setSingleShot(true);
    connect(&m_minute, &QTimer::timeout, this, [this] {
        m_minute.start(60'000 - now().time().msecsSinceStartOfDay() % 60'000 + 20);
        emit nowChanged();
    });
    m_minute.start(60'000 - now().time().msecsSinceStartOfDay() % 60'000 + 20);
    connect(client, &ApiClient::stateChanged, this, &PanelState::connectionChanged);
    connect(client, &ApiClient::synced, this, &PanelState::read);
    connect(client, &ApiClient::eventReceived, this, [this](const QString &type, const QJsonObject &data) {
        if (type != QStringLiteral("settings.changed"))
            return;
        take(data);
        readStatus();
    });
}

PanelState::Connection PanelState::connection() const
{
    switch (m_client->state()) {
    case ApiClient::State::Connecting:
        return Connecting;
    case ApiClient::State::Ready:
        return Ready;
    case ApiClient::State::Lost:
        return Lost;
    }
    return Lost;
}

void PanelState::setLanguage(const QString &language)
{
    if (language == m_language)
        return;
    m_languageFixed = false;
    translate(language);
    m_client->call(QStringLiteral("settings.set"), {{QStringLiteral("language"), language}}, this,
                   [](const QJsonObject &, const ApiError &) {});
}

void PanelState::setHighContrast(bool on)
{
    if (on == m_highContrast)
        return;
    m_highContrast = on;
    emit highContrastChanged();
    m_client->call(QStringLiteral("settings.set"), {{QStringLiteral("highContrast"), on}}, this,
                   [](const QJsonObject &, const ApiError &) {});
}

QDateTime PanelState::now() const
{
    return QDateTime::currentDateTime();
}

void PanelState::read()
{
    const QJsonObject greeting = m_client->greeting();
    const QJsonObject device = greeting[QStringLiteral("device")].toObject();
    m_deviceName = device[QStringLiteral("name")].toString();
    m_devicePlace = device[QStringLiteral("place")].toString();
    m_serviceVersion = greeting[QStringLiteral("version")].toString();
    emit deviceChanged();
    m_client->call(QStringLiteral("settings.get"), {}, this, [this](const QJsonObject &result, const ApiError &error) {
        if (!error)
            take(result);
    });
    readStatus();
}

void PanelState::readStatus()
{
    m_client->call(QStringLiteral("system.status"), {}, this, [this](const QJsonObject &result, const ApiError &error) {
        if (error)
            return;
        m_portal = result[QStringLiteral("portal")].toObject()[QStringLiteral("address")].toString();
        m_mail = result[QStringLiteral("mail")].toBool();
        emit deviceChanged();
    });
}

void PanelState::readSetup()
{
    m_client->call(QStringLiteral("setup.get"), {}, this, [this](const QJsonObject &result, const ApiError &error) {
        const int port = result[QStringLiteral("web")].toObject()[QStringLiteral("port")].toInt();
        // Without the pages the code is of no use.
        const QString code = error || port == 0 ? QString() : result[QStringLiteral("code")].toString();
        if (code == m_setupCode)
            return;
        m_setupCode = code;
        m_setupAddress = QStringLiteral("https://%1:%2/").arg(QSysInfo::machineHostName()).arg(port);
        emit setupChanged();
    });
}

void PanelState::take(const QJsonObject &settings)
{
    const QString language = settings[QStringLiteral("language")].toString();
    if (!m_languageFixed && !language.isEmpty() && language != m_language)
        translate(language);
    const bool highContrast = settings[QStringLiteral("highContrast")].toBool();
    if (highContrast != m_highContrast) {
        m_highContrast = highContrast;
        emit highContrastChanged();
    }
    const QStringList domains = stringsOf(settings[QStringLiteral("allowedDomains")]);
    if (domains != m_allowedDomains) {
        m_allowedDomains = domains;
        emit allowedDomainsChanged();
    }
    const int timeout = settings[QStringLiteral("sessionTimeout")].toInt(60);
    if (timeout != m_sessionTimeout) {
        m_sessionTimeout = timeout;
        emit sessionTimeoutChanged();
    }
}

void PanelState::translate(const QString &language)
{
    m_language = language;
    QCoreApplication::removeTranslator(&m_translator);
    if (m_translator.load(QStringLiteral(":/i18n/panel_%1.qm").arg(language)))
        QCoreApplication::installTranslator(&m_translator);
    m_words.setLocale(QLocale(language == QStringLiteral("fr") ? QLocale::French : QLocale::English,
                              language == QStringLiteral("fr") ? QLocale::France : QLocale::UnitedKingdom));
    emit languageChanged();
}

} // namespace connector::ui
