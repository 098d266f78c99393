// SPDX-License-Identifier: Apache-2.0
// All models and controllers of the panel on one carrier.
#pragma once

#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/authorization.h"
#include "ui/panel/backend/files_model.h"
#include "ui/panel/backend/idle_watch.h"
#include "ui/panel/backend/job_view.h"
#include "ui/panel/backend/jobs_model.h"
#include "ui/panel/backend/panel_state.h"
#include "ui/panel/backend/people_model.h"
#include "ui/panel/backend/printer_model.h"
#include "ui/panel/backend/profile_session.h"
#include "ui/panel/backend/profiles_model.h"
#include "ui/panel/backend/providers_model.h"
#include "ui/panel/backend/scanner_model.h"
#include "ui/panel/backend/session.h"
#include "ui/panel/backend/shortcut_session.h"
#include "ui/panel/backend/shortcuts_model.h"

namespace connector::ui {

struct Backend {
    Backend(Carrier *carrier, const QString &language)
        : client(carrier), panel(&client, language), session(&client), people(&client), providers(&client),
          profiles(&client), profile(&client, &profiles), authorization(&client), files(&client, &profile, &providers),
          printer(&client, &profile, &files), scanner(&client, &profile, &files), jobs(&client), job(&client, &jobs),
          shortcuts(&client), shortcut(&client, &shortcuts, &profile, &files, &printer, &scanner)
    {
        QObject::connect(&panel, &PanelState::sessionTimeoutChanged, &idle,
                         [this] { idle.setTimeout(panel.sessionTimeout()); });
        QObject::connect(&session, &Session::changed, &idle, [this] {
            idle.setPerson(!session.guest());
            if (session.timeout() > 0)
                idle.setTimeout(session.timeout());
        });
        QObject::connect(&idle, &IdleWatch::touched, &session, &Session::touch);
        QObject::connect(&session, &Session::forgotten, &panel, [this] { forget(); });
        QObject::connect(&session, &Session::settled, &jobs, &JobsModel::load);
        QObject::connect(&session, &Session::changed, &jobs, [this] { jobs.setGuest(session.guest()); });
        QObject::connect(&printer, &PrinterModel::accepted, &jobs, &JobsModel::begun);
        QObject::connect(&scanner, &ScannerModel::accepted, &jobs, &JobsModel::begun);
        QObject::connect(&authorization, &Authorization::printing, &jobs, &JobsModel::begun);
        QObject::connect(&job, &JobView::startedAgain, &jobs, &JobsModel::begun);
        QObject::connect(&shortcut, &ShortcutSession::accepted, &jobs, &JobsModel::begun);
        QObject::connect(&session, &Session::settled, &shortcuts, &ShortcutsModel::load);
        QObject::connect(&session, &Session::signedIn, &profiles, &ProfilesModel::reload);
    }

    // Nothing of who was here stays.
    void forget()
    {
        people.forget();
        profile.forget();
        profiles.forget();
        authorization.forget();
        files.forget();
        printer.forget();
        scanner.forget();
        jobs.forget();
        job.forget();
        shortcut.forget();
        shortcuts.forget();
    }

    ApiClient client;
    PanelState panel;
    Session session;
    PeopleModel people;
    ProvidersModel providers;
    ProfilesModel profiles;
    ProfileSession profile;
    Authorization authorization;
    FilesModel files;
    PrinterModel printer;
    ScannerModel scanner;
    JobsModel jobs;
    JobView job;
    ShortcutsModel shortcuts;
    ShortcutSession shortcut;
    IdleWatch idle;
};

} // namespace connector::ui
