// SPDX-License-Identifier: Apache-2.0
// The files of the service in memory.
#include "ui/panel/mock/mock_pictures.h"
#include "ui/panel/mock/mock_service.h"
#include "ui/panel/mock/mock_things.h"

#include <algorithm>
#include <utility>

namespace connector::ui {

namespace {

constexpr int kPage = 100;

} // namespace

QJsonObject MockService::answerFiles(const QString &method, const QJsonObject &params, Failure &failure)
{
    if (method == "files.places")
        return {
            {"places", QJsonArray{QJsonObject{{"id", "pl-shared"}, {"kind", "shared-with-me"}, {"name", QJsonValue()}},
                                  QJsonObject{{"id", "pl-recent"}, {"kind", "recent"}, {"name", QJsonValue()}},
                                  QJsonObject{{"id", "f-reports"}, {"kind", "drive"}, {"name", "Geology team"}}}}};
    if (method == "files.list" && is("rate-limited")) {
        tell("profile.waiting", {{"id", params["profile"]}, {"retryAt", inTime(40)}, {"reason", "rate-limited"}});
        m_silent.insert(m_answering); // no answer for as long as it lasts
        return {};
    }
    if (method == "files.list")
        return listFiles(params, false, failure);
    if (method == "files.search")
        return listFiles(params, true, failure);
    if (method == "files.thumbnail")
        return thumbnail(params, failure);
    if (method == "files.createFolder") {
        const QString made = QStringLiteral("f-%1").arg(m_nextId++);
        QJsonArray &folder = m_folders[params["folder"].toString()];
        for (const auto &one : std::as_const(folder)) {
            if (one.toObject()["name"] == params["name"]) {
                failure.code = "name-taken";
                return {};
            }
        }
        const QJsonObject one = entry(made, "folder", params["name"].toString(), 0, "", "folder", false);
        folder.prepend(one);
        m_folders.insert(made, {});
        return {{"entry", one}};
    }
    failure.code = "bad-request";
    return {};
}

QJsonObject MockService::listFiles(const QJsonObject &params, bool search, Failure &failure)
{
    const QString profileId = params["profile"].toString();
    if (is("offline")) {
        failure.code = "offline";
        return {};
    }
    if (m_pins.contains(profileId) && !m_opened.contains(profileId)) {
        failure.code = "pin-required";
        return {};
    }
    QJsonArray all;
    if (search) {
        for (const QJsonArray &folder : std::as_const(m_folders)) {
            for (const auto &one : folder) {
                QJsonObject found = one.toObject();
                if (!found["name"].toString().contains(params["query"].toString(), Qt::CaseInsensitive))
                    continue;
                found["path"] = QStringLiteral("/");
                all += found;
            }
        }
    } else {
        const QString folder = params["folder"].toString();
        if (!m_folders.contains(folder)) {
            failure.code = "file-gone";
            return {};
        }
        all = m_folders.value(folder);
    }
    const int from = params["pageToken"].toString().toInt();
    QJsonArray some;
    for (int i = from; i < std::min<int>(from + kPage, int(all.size())); ++i)
        some += all[i];
    const bool more = from + kPage < all.size();
    return {{"entries", some},
            {"nextPageToken", more ? QJsonValue(QString::number(from + kPage)) : QJsonValue()},
            {"sorted", !more && from == 0 ? true : is("many-files")},
            {"thumbnails", true}};
}

QJsonObject MockService::thumbnail(const QJsonObject &params, Failure &failure) const
{
    const QString profileId = params["profile"].toString();
    if (m_pins.contains(profileId) && !m_opened.contains(profileId)) {
        failure.code = "pin-required";
        return {};
    }
    for (const QJsonArray &folder : m_folders) {
        for (const auto &value : folder) {
            const QJsonObject one = value.toObject();
            const QString id = one["id"].toString();
            if (id != params["file"].toString())
                continue;
            const QByteArray png = mockPicture(one["type"].toString(), id);
            return {{"type", png.isEmpty() ? QJsonValue() : QJsonValue("image/png")},
                    {"data", png.isEmpty() ? QJsonValue() : QJsonValue(QString::fromLatin1(png.toBase64()))}};
        }
    }
    failure.code = "file-gone";
    return {};
}

} // namespace connector::ui
