// SPDX-License-Identifier: Apache-2.0
// Names the backend's objects for QML. Wrappers only; the backend itself knows nothing of QML.
#pragma once

#include "ui/panel/backend/backend.h"
#include "ui/panel/view/qr_code.h"
#include "ui/panel/view/thumbnail.h"

#include <QQmlEngine>
#include <QtQml/qqmlregistration.h>

namespace connector::ui {

// The backend that the engines of this process show. Set before the first engine loads a page; outlives the engines.
struct Shown {
    static inline Backend *backend = nullptr;
};

template <class T>
T *shown(T *object)
{
    QJSEngine::setObjectOwnership(object, QJSEngine::CppOwnership);
    return object;
}

struct PanelSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::PanelState)
    QML_NAMED_ELEMENT(Panel)
    QML_SINGLETON
public:
    static PanelState *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->panel); }
};

struct SessionSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::Session)
    QML_NAMED_ELEMENT(Session)
    QML_SINGLETON
public:
    static Session *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->session); }
};

struct PeopleSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::PeopleModel)
    QML_NAMED_ELEMENT(People)
    QML_SINGLETON
public:
    static PeopleModel *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->people); }
};

struct ProvidersSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::ProvidersModel)
    QML_NAMED_ELEMENT(Providers)
    QML_SINGLETON
public:
    static ProvidersModel *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->providers); }
};

struct ProfilesSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::ProfilesModel)
    QML_NAMED_ELEMENT(Profiles)
    QML_SINGLETON
public:
    static ProfilesModel *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->profiles); }
};

struct ProfileSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::ProfileSession)
    QML_NAMED_ELEMENT(Profile)
    QML_SINGLETON
public:
    static ProfileSession *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->profile); }
};

struct LinkingSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::Authorization)
    QML_NAMED_ELEMENT(Linking)
    QML_SINGLETON
public:
    static Authorization *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->authorization); }
};

struct FilesSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::FilesModel)
    QML_NAMED_ELEMENT(Files)
    QML_SINGLETON
public:
    static FilesModel *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->files); }
};

struct PrinterSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::PrinterModel)
    QML_NAMED_ELEMENT(Printer)
    QML_SINGLETON
public:
    static PrinterModel *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->printer); }
};

struct ScannerSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::ScannerModel)
    QML_NAMED_ELEMENT(Scanner)
    QML_SINGLETON
public:
    static ScannerModel *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->scanner); }
};

struct JobsSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::JobsModel)
    QML_NAMED_ELEMENT(Jobs)
    QML_SINGLETON
public:
    static JobsModel *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->jobs); }
};

struct JobSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::JobView)
    QML_NAMED_ELEMENT(Job)
    QML_SINGLETON
public:
    static JobView *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->job); }
};

struct ShortcutsSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::ShortcutsModel)
    QML_NAMED_ELEMENT(Shortcuts)
    QML_SINGLETON
public:
    static ShortcutsModel *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->shortcuts); }
};

struct ShortcutSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::ShortcutSession)
    QML_NAMED_ELEMENT(TheShortcut) // Qt Quick has a Shortcut of its own
    QML_SINGLETON
public:
    static ShortcutSession *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->shortcut); }
};

struct IdleSingleton {
    Q_GADGET
    QML_FOREIGN(connector::ui::IdleWatch)
    QML_NAMED_ELEMENT(Idle)
    QML_SINGLETON
public:
    static IdleWatch *create(QQmlEngine *, QJSEngine *) { return shown(&Shown::backend->idle); }
};

struct DeviceForeign {
    Q_GADGET
    QML_FOREIGN(connector::ui::DeviceModel)
    QML_NAMED_ELEMENT(Device)
    QML_UNCREATABLE("Printer and Scanner are devices")
};

struct FaceForeign {
    Q_GADGET
    QML_FOREIGN(connector::ui::FacedModel)
    QML_NAMED_ELEMENT(Face)
    QML_UNCREATABLE("only its values are used")
};

struct WordsForeign {
    Q_GADGET
    QML_FOREIGN(connector::ui::Words)
    QML_NAMED_ELEMENT(Words)
    QML_UNCREATABLE("use Panel.words")
};

struct QrCodeForeign {
    Q_GADGET
    QML_FOREIGN(connector::ui::QrCode)
    QML_NAMED_ELEMENT(QrCode)
};

struct ThumbnailForeign {
    Q_GADGET
    QML_FOREIGN(connector::ui::Thumbnail)
    QML_NAMED_ELEMENT(Thumbnail)
};

} // namespace connector::ui
