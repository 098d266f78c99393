// SPDX-License-Identifier: Apache-2.0
// The profiles of the service in memory: made, linked, opened by PIN, deleted.
#include "ui/panel/mock/mock_service.h"
#include "ui/panel/mock/mock_things.h"

#include <QDateTime>

#include <utility>

namespace connector::ui {

QJsonObject MockService::answerProfile(const QString &method, const QJsonObject &params, Failure &failure)
{
    const QString id = params["id"].toString();
    if (method == "profiles.list") {
        QJsonArray some;
        for (const auto &one : std::as_const(m_profiles)) {
            if (own(one.toObject()) &&
                (params["provider"].toString().isEmpty() || one.toObject()["provider"] == params["provider"]))
                some += one;
        }
        return {{"profiles", some}};
    }
    if (method == "profiles.create") {
        const QString name = params["name"].toString();
        if (name.isEmpty() || name.size() > 40) {
            failure.code = "name-invalid";
            return {};
        }
        for (const auto &one : std::as_const(m_profiles)) {
            if (own(one.toObject()) && one.toObject()["name"].toString().compare(name, Qt::CaseInsensitive) == 0) {
                failure.code = "name-taken";
                return {};
            }
        }
        const QString made = QStringLiteral("p-%1").arg(m_nextId++);
        const QString pin = params["pin"].toString();
        QJsonObject fresh =
            profile(qPrintable(made), qPrintable(params["provider"].toString()), name, {}, !pin.isEmpty(), "pending");
        fresh["owner"] = m_owner;
        fresh["lastUsedAt"] = QJsonValue();
        m_profiles += fresh;
        if (!pin.isEmpty())
            m_pins.insert(made, pin);
        m_proven.insert(made);
        return {{"profile", m_profiles.last()}, {"authorization", authorize(made)}};
    }
    if (needsPin(method, id)) {
        failure.code = "pin-required";
        return {};
    }
    if (method == "profiles.sendInstructions")
        return {};
    if (method == "profiles.printInstructions")
        return {{"job", newJob("print", {{"items", QJsonArray{QJsonObject{{"name", "Link your account"}}}},
                                         {"profile", id},
                                         {"key", params["key"]}})}};
    if (method == "profiles.authorize") {
        const QString pin = params["pin"].toString();
        const int row = profileRow(id);
        if (row >= 0 && m_profiles[row].toObject()["pinDead"].toBool()) {
            if (pin.isEmpty()) {
                failure.code = "pin-new-required";
                return {};
            }
            m_pins[id] = pin;
            changeProfile(id, {{"pinDead", false}});
        }
        return authorize(id);
    }
    if (method == "profiles.authorization") {
        if (!m_authorizations.contains(id))
            return authorize(id);
        return m_authorizations.value(id);
    }
    if (method == "profiles.cancelAuthorization") {
        QJsonObject authorization = m_authorizations.take(id);
        authorization["state"] = "cancelled";
        const int row = profileRow(id);
        if (row >= 0 && m_profiles[row].toObject()["account"].isNull()) {
            m_profiles.removeAt(row);
            tell("profile.removed", {{"id", id}});
        }
        return authorization;
    }
    if (method == "profiles.open")
        return openProfile(params, failure);
    if (method == "profiles.close") {
        m_opened.remove(id);
        m_proven.remove(id);
        return {};
    }
    if (method == "profiles.rename" || method == "profiles.delete") {
        const int row = profileRow(id);
        if (row < 0) {
            failure.code = "file-gone";
            return {};
        }
        if (method == "profiles.delete") {
            m_profiles.removeAt(row);
            for (int i = int(m_shortcuts.size()) - 1; i >= 0; --i) {
                if (m_shortcuts[i].toObject()["profile"].toString() != id)
                    continue;
                tell("shortcut.removed", {{"id", m_shortcuts[i].toObject()["id"]}});
                m_shortcuts.removeAt(i);
            }
            tell("profile.removed", {{"id", id}});
            return {};
        }
        for (const auto &one : std::as_const(m_profiles)) {
            if (one.toObject()["name"] == params["name"] && one.toObject()["id"] != id) {
                failure.code = "name-taken";
                return {};
            }
        }
        changeProfile(id, {{"name", params["name"]}});
        return {{"profile", m_profiles[row]}};
    }
    failure.code = "bad-request";
    return {};
}

// What changes a profile with a PIN, and the code of one that was never linked, is for whoever knows the PIN.
bool MockService::needsPin(const QString &method, const QString &id) const
{
    const int row = profileRow(id);
    if (row < 0 || !m_pins.contains(id) || m_proven.contains(id))
        return false;
    const QJsonObject one = m_profiles[row].toObject();
    const QString state = one["state"].toString();
    const bool neverLinked = state == "pending" || state == "expired";
    if (method == "profiles.delete")
        return !neverLinked || !one["pinDead"].toBool();
    static const QStringList kOfTheCode{"profiles.authorize", "profiles.authorization", "profiles.cancelAuthorization",
                                        "profiles.sendInstructions", "profiles.printInstructions"};
    return method == "profiles.rename" || (neverLinked && kOfTheCode.contains(method));
}

QJsonObject MockService::openProfile(const QJsonObject &params, Failure &failure)
{
    const QString id = params["id"].toString();
    const int row = profileRow(id);
    if (row < 0 || !own(m_profiles[row].toObject())) {
        failure.code = "file-gone";
        return {};
    }
    const QJsonObject one = m_profiles[row].toObject();
    if (m_pins.contains(id)) {
        const QDateTime until = QDateTime::fromString(one["lockedUntil"].toString(), Qt::ISODate);
        if (until.isValid() && until > QDateTime::currentDateTimeUtc()) {
            failure = {"profile-locked", {{"lockedUntil", one["lockedUntil"]}}};
            return {};
        }
        if (one["pinDead"].toBool()) {
            failure.code = "pin-dead";
            return {};
        }
        if (params["pin"].toString() != m_pins.value(id)) {
            if (++m_wrongPins[id] % kTries == 0) {
                changeProfile(id, {{"lockedUntil", inTime(60)}});
                failure = {"profile-locked", {{"lockedUntil", inTime(60)}}};
                return {};
            }
            failure = {"pin-wrong", {{"triesLeft", kTries - m_wrongPins[id] % kTries}}};
            return {};
        }
        m_wrongPins.remove(id);
        m_proven.insert(id);
    }
    if (is("revoked"))
        changeProfile(id, {{"state", "revoked"}});
    static const QHash<QString, QString> kClosed{{"pending", "not-linked"},
                                                 {"expired", "profile-expired"},
                                                 {"revoked", "access-revoked"},
                                                 {"domain-refused", "domain-refused"}};
    failure.code = kClosed.value(m_profiles[row].toObject()["state"].toString());
    if (!failure.code.isEmpty())
        return {};
    m_opened.insert(id);
    changeProfile(id, {{"lastUsedAt", inTime(0)}});
    return {{"profile", m_profiles[row]}};
}

void MockService::shutProfiles()
{
    m_opened.clear();
    m_proven.clear();
}

void MockService::killPin(const QString &profileId)
{
    changeProfile(profileId, {{"pinDead", true}});
}

QJsonObject MockService::authorize(const QString &profileId)
{
    QJsonObject authorization{{"profileId", profileId},
                              {"state", "requesting"},
                              {"userCode", QJsonValue()},
                              {"verificationUri", QJsonValue()},
                              {"verificationUriComplete", QJsonValue()},
                              {"expiresAt", QJsonValue()},
                              {"error", QJsonValue()}};
    m_authorizations.insert(profileId, authorization);
    if (is("link-slow"))
        return authorization;
    QTimer::singleShot(m_latency, this, [this, profileId] {
        if (!m_authorizations.contains(profileId))
            return;
        QJsonObject &now = m_authorizations[profileId];
        now["state"] = "waiting";
        const QString code = is("long-names") ? "WDJB-MJHT-KQPR-XCVN-ZLSG" : "WMSBZ-WMTFJ-QZWBT";
        const QString address = is("long-names")
                                    ? "https://cloud-connector-portal.university-of-brightwater.example:38417"
                                    : "https://connect.brightwater.example";
        now["userCode"] = code;
        now["verificationUri"] = address;
        now["verificationUriComplete"] = address + "/?code=" + code;
        now["expiresAt"] = inTime(24 * 3600);
        if (is("link-server")) { // the account's own server leads
            now["userCode"] = QJsonValue();
            now["verificationUri"] = "https://cloud.brightwater.example";
            now["verificationUriComplete"] =
                "https://cloud.brightwater.example/index.php/login/v2/flow/" + QString(128, QLatin1Char('b'));
            now["expiresAt"] = inTime(20 * 60);
        }
        if (is("link-failed")) {
            now["state"] = "failed";
            now["error"] = QJsonObject{{"code", "portal-unreachable"}};
        } else if (is("link-expired")) {
            now["state"] = "expired";
        } else if (is("link-denied")) {
            now["state"] = "denied";
            now["error"] = QJsonObject{{"code", "access-denied"}};
        } else if (is("link-domain")) {
            now["state"] = "denied";
            now["error"] = QJsonObject{{"code", "domain-refused"},
                                       {"domains", QJsonArray{"brightwater.example", "students.brightwater.example"}}};
        } else if (is("link-tried")) {
            now["error"] = QJsonObject{{"code", "domain-refused"},
                                       {"domains", QJsonArray{"brightwater.example", "students.brightwater.example"}}};
        } else if (m_automatic && is("normal")) {
            QTimer::singleShot(12'000, this, [this, profileId] { grant(profileId); });
        }
        tell("authorization.changed", now);
    });
    return authorization;
}

void MockService::grant(const QString &profileId)
{
    if (!m_authorizations.contains(profileId))
        return;
    m_authorizations[profileId]["state"] = "granted";
    QJsonObject linked{{"state", "ready"},
                       {"account", "mara.lind@brightwater.example"},
                       {"accountVerified", true},
                       {"accountName", QJsonValue()}};
    if (is("link-server")) { // tells its own names alone
        linked["accountVerified"] = false;
        linked["accountName"] = "mara@cloud.brightwater.example";
    }
    if (is("long-names"))
        linked["account"] = "geology.excursion.twentytwentysix@students.university-of-brightwater.example";
    changeProfile(profileId, linked);
    tell("authorization.changed", m_authorizations.value(profileId));
}

void MockService::changeProfile(const QString &id, const QJsonObject &fields)
{
    const int row = profileRow(id);
    if (row < 0)
        return;
    QJsonObject one = m_profiles[row].toObject();
    for (auto it = fields.begin(); it != fields.end(); ++it)
        one[it.key()] = it.value();
    m_profiles[row] = one;
    tell("profile.changed", one);
}

int MockService::profileRow(const QString &id) const
{
    for (int i = 0; i < m_profiles.size(); ++i) {
        if (m_profiles[i].toObject()["id"].toString() == id)
            return i;
    }
    return -1;
}

} // namespace connector::ui
