// SPDX-License-Identifier: Apache-2.0
// Who is signed in at the service in memory.
#include "ui/panel/mock/mock_service.h"
#include "ui/panel/mock/mock_things.h"

#include <utility>

namespace connector::ui {

QJsonObject MockService::session() const
{
    QJsonObject said{{"kind", "guest"}, {"id", QJsonValue()}, {"name", "Guest"}, {"roles", QJsonArray{"person"}}};
    for (const auto &one : m_people) {
        const QJsonObject person = one.toObject();
        if (person["id"].toString() == m_owner)
            said = {
                {"kind", "person"}, {"id", person["id"]}, {"name", person["name"]}, {"roles", QJsonArray{"person"}}};
    }
    QJsonArray methods{"list", "password", "pin", "card"};
    if (is("people-card"))
        methods = {"card"};
    if (m_people.isEmpty())
        methods = {};
    said["timeout"] = m_settings["sessionTimeout"];
    said["signIn"] = QJsonObject{{"methods", methods}, {"guests", !is("people-only") && !is("people-card")}};
    return said;
}

QJsonObject MockService::signIn(const QJsonObject &params, Failure &failure)
{
    const QString method = params["method"].toString();
    const QString secret = params["secret"].toString();
    if (is("directory-down") && method == "password") {
        failure.code = "directory-unreachable";
        return {};
    }
    for (const auto &one : std::as_const(m_people)) {
        const QJsonObject person = one.toObject();
        const bool known = secret == person["is"].toString();
        if ((method == "list" && params["person"] == person["id"] && known) ||
            (method == "password" &&
             params["name"].toString().compare(person["user"].toString(), Qt::CaseInsensitive) == 0 && known) ||
            (method == "pin" && person["secret"] == "pin" && known) ||
            (method == "card" && !secret.isEmpty() && secret == person["card"].toString())) {
            m_wrongSignIns = 0;
            shutProfiles();
            m_owner = person["id"].toString();
            return session();
        }
    }
    if (++m_wrongSignIns < kTries)
        failure.code = "sign-in-failed";
    else
        failure = {"sign-in-throttled", {{"retryAfter", 30}}};
    return {};
}

void MockService::endSession(const QString &reason)
{
    shutProfiles();
    m_owner = QStringLiteral("guest");
    tell("session.changed", {{"session", session()}, {"reason", reason}});
}

} // namespace connector::ui
