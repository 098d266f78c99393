// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/shortcut_session.h"

#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/files_model.h"
#include "ui/panel/backend/printer_model.h"
#include "ui/panel/backend/profile_session.h"
#include "ui/panel/backend/scanner_model.h"
#include "ui/panel/backend/shortcuts_model.h"

#include <QUuid>

namespace connector::ui {

namespace {

constexpr int kLongestName = 40;

// "Annual report.pdf" is called "Annual report".
QString nameFor(const QString &file, bool folder)
{
    const int dot = int(file.lastIndexOf(QLatin1Char('.')));
    return (folder || dot < 1 ? file : file.left(dot)).left(kLongestName).trimmed();
}

} // namespace

ShortcutSession::ShortcutSession(ApiClient *client, ShortcutsModel *shortcuts, ProfileSession *profile,
                                 FilesModel *files, PrinterModel *printer, ScannerModel *scanner, QObject *parent)
    : QObject(parent), m_client(client), m_shortcuts(shortcuts), m_profile(profile), m_files(files), m_printer(printer),
      m_scanner(scanner)
{
    connect(shortcuts, &ShortcutsModel::changed, this, [this] {
        const QJsonObject now = m_shortcuts->shortcut(shortcutId());
        if (!isNew() && !now.isEmpty() && now != m_shortcut)
            show(now);
    });
    connect(client, &ApiClient::synced, this, [this] {
        if (!m_request.isEmpty())
            sendRun();
    });
}

void ShortcutSession::show(const QJsonObject &shortcut)
{
    m_shortcut = shortcut;
    emit changed();
}

void ShortcutSession::choose(const QString &id)
{
    m_checked = false;
    m_choosing = false;
    m_checkError.clear();
    forgetError();
    show(m_shortcuts->shortcut(id));
    m_draftName = name();
    emit draftChanged();
    m_profile->chooseKnown({{QStringLiteral("id"), text("profile")},
                            {QStringLiteral("provider"), text("provider")},
                            {QStringLiteral("name"), text("profileName")},
                            {QStringLiteral("hasPin"), m_shortcut[QStringLiteral("hasPin")]},
                            {QStringLiteral("state"), text("state")}});
}

void ShortcutSession::prepare()
{
    if (printing())
        m_printer->prepare(m_shortcut[QStringLiteral("ticket")].toObject().toVariantMap());
    else
        m_scanner->prepare(m_shortcut[QStringLiteral("settings")].toObject().toVariantMap());
}

void ShortcutSession::check()
{
    m_checked = false;
    m_checkError.clear();
    emit changed();
    m_client->call(QStringLiteral("shortcuts.check"), {{QStringLiteral("id"), shortcutId()}}, this,
                   [this, id = shortcutId()](const QJsonObject &result, const ApiError &error) {
                       if (id != shortcutId())
                           return;
                       m_checkError = error.code;
                       m_checked = !error;
                       if (!error) {
                           m_shortcut = result[QStringLiteral("shortcut")].toObject();
                           m_shortcuts->put(m_shortcut);
                           if (problem().isEmpty())
                               prepare();
                       }
                       emit changed();
                   });
}

QJsonObject ShortcutSession::wish() const
{
    if (printing())
        return {{QStringLiteral("ticket"), m_printer->ticket()}};
    QJsonObject settings = m_scanner->settings();
    settings[QStringLiteral("fileName")] = m_scanner->documentName();
    return {{QStringLiteral("settings"), settings}};
}

void ShortcutSession::run()
{
    if (m_busy || isNew())
        return;
    m_request = wish();
    m_request[QStringLiteral("id")] = shortcutId();
    m_request[QStringLiteral("key")] = QUuid::createUuid().toString(QUuid::WithoutBraces);
    begin();
    sendRun();
}

void ShortcutSession::sendRun()
{
    m_client->call(QStringLiteral("shortcuts.run"), m_request, this,
                   [this](const QJsonObject &result, const ApiError &error) {
                       if (error.code == QStringLiteral("service-lost"))
                           return; // said again with the same key when the service is back
                       m_request = {};
                       end(error);
                       if (!error)
                           emit accepted(result[QStringLiteral("job")].toObject()[QStringLiteral("id")].toString());
                   });
}

void ShortcutSession::rename(const QString &name)
{
    if (m_busy)
        return;
    begin();
    m_client->call(QStringLiteral("shortcuts.update"),
                   {{QStringLiteral("id"), shortcutId()}, {QStringLiteral("name"), name.trimmed()}}, this,
                   [this](const QJsonObject &result, const ApiError &error) {
                       end(error);
                       if (error)
                           return;
                       m_shortcuts->put(result[QStringLiteral("shortcut")].toObject());
                       emit renamed();
                   });
}

void ShortcutSession::pin(bool pinned)
{
    if (m_busy)
        return;
    begin();
    m_client->call(QStringLiteral("shortcuts.pin"),
                   {{QStringLiteral("id"), shortcutId()}, {QStringLiteral("pinned"), pinned}}, this,
                   [this](const QJsonObject &result, const ApiError &error) {
                       end(error);
                       if (!error)
                           m_shortcuts->put(result[QStringLiteral("shortcut")].toObject());
                   });
}

void ShortcutSession::remove()
{
    if (m_busy)
        return;
    begin();
    m_client->call(QStringLiteral("shortcuts.delete"), {{QStringLiteral("id"), shortcutId()}}, this,
                   [this](const QJsonObject &, const ApiError &error) {
                       end(error);
                       if (!error)
                           emit removed();
                   });
}

void ShortcutSession::forgetError()
{
    m_errorCode.clear();
    emit busyChanged();
}

void ShortcutSession::setDraftName(const QString &name)
{
    m_draftName = name.trimmed();
    forgetError();
    emit draftChanged();
}

void ShortcutSession::setDraftPinned(bool pinned)
{
    m_draftPinned = pinned;
    emit draftChanged();
}

ShortcutSession::Target ShortcutSession::targetAt(int row) const
{
    const QJsonObject entry = m_files->entry(row);
    return {entry[QStringLiteral("id")].toString(), entry[QStringLiteral("name")].toString(),
            entry[QStringLiteral("type")].toString()};
}

ShortcutSession::Target ShortcutSession::shownFolder() const
{
    return {m_files->folderId(), m_files->folderName(), QStringLiteral("folder")};
}

void ShortcutSession::beginDraft(Target target)
{
    forgetError();
    const bool scanning = target.type == QStringLiteral("folder");
    show({{QStringLiteral("kind"), scanning ? QStringLiteral("scan") : QStringLiteral("print")}});
    m_draftTarget = std::move(target);
    const QString name = nameFor(m_draftTarget.name, scanning);
    m_draftName = name;
    for (int number = 2; m_shortcuts->taken(m_draftName); ++number)
        m_draftName = QStringLiteral("%1 %2").arg(name.left(kLongestName - 4)).arg(number);
    m_draftPinned = false;
    m_choosing = false;
    prepare();
    emit draftChanged();
}

void ShortcutSession::beginFor(int row)
{
    beginDraft(targetAt(row));
}

void ShortcutSession::beginForFolder()
{
    beginDraft(shownFolder());
}

void ShortcutSession::beginEdit()
{
    forgetError();
    m_choosing = false;
    const auto fill = [this] {
        m_draftTarget = {text("target"), targetName(), targetType()};
        m_draftName = name();
        m_draftPinned = pinned();
        prepare();
        emit draftChanged();
    };
    fill();
    if (m_shortcut[QStringLiteral("target")].isString())
        return;
    // It was listed before the PIN was given.
    m_client->call(QStringLiteral("shortcuts.get"), {{QStringLiteral("id"), shortcutId()}}, this,
                   [this, fill, id = shortcutId()](const QJsonObject &result, const ApiError &error) {
                       if (error || id != shortcutId())
                           return end(error);
                       show(result[QStringLiteral("shortcut")].toObject());
                       fill();
                   });
}

void ShortcutSession::startChoosing()
{
    m_choosing = true;
    m_files->openRoot();
    emit draftChanged();
}

void ShortcutSession::stopChoosing()
{
    m_choosing = false;
    emit draftChanged();
}

void ShortcutSession::take(int row)
{
    m_draftTarget = targetAt(row);
    stopChoosing();
}

void ShortcutSession::takeFolder()
{
    m_draftTarget = shownFolder();
    stopChoosing();
}

void ShortcutSession::save()
{
    if (m_busy || m_draftName.isEmpty())
        return;
    QJsonObject request = wish();
    request[QStringLiteral("name")] = m_draftName;
    request[QStringLiteral("pinned")] = m_draftPinned;
    if (isNew()) {
        request[QStringLiteral("profile")] = m_profile->profileId();
        request[QStringLiteral("kind")] = kind();
        request[QStringLiteral("target")] = m_draftTarget.id;
    } else {
        request[QStringLiteral("id")] = shortcutId();
        if (m_draftTarget.id != text("target"))
            request[QStringLiteral("target")] = m_draftTarget.id;
    }
    begin();
    m_client->call(isNew() ? QStringLiteral("shortcuts.add") : QStringLiteral("shortcuts.update"), request, this,
                   [this](const QJsonObject &result, const ApiError &error) {
                       end(error);
                       if (error)
                           return;
                       m_shortcut = result[QStringLiteral("shortcut")].toObject();
                       m_shortcuts->put(m_shortcut);
                       emit changed();
                       emit saved();
                   });
}

void ShortcutSession::forget()
{
    m_client->drop(this);
    m_request = {};
    m_shortcut = {};
    m_draftName.clear();
    m_draftTarget = {};
    m_choosing = m_checked = m_busy = false;
    m_checkError.clear();
    forgetError();
    emit changed();
    emit draftChanged();
}

void ShortcutSession::begin()
{
    m_busy = true;
    m_errorCode.clear();
    emit busyChanged();
}

void ShortcutSession::end(const ApiError &error)
{
    m_busy = false;
    m_errorCode = error.code;
    emit busyChanged();
}

} // namespace connector::ui
