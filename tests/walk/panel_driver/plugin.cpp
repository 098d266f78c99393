// SPDX-License-Identifier: Apache-2.0
#include "driver.h"

#include <QGenericPlugin>

namespace paneldriver {

class Plugin : public QGenericPlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID QGenericPluginFactoryInterface_iid FILE "paneldriver.json")

public:
    QObject *create(const QString &name, const QString &) override
    {
        const auto path = qEnvironmentVariable("PANEL_DRIVER_SOCKET");
        return name == u"paneldriver" && !path.isEmpty() ? new Driver(path, this) : nullptr;
    }
};

} // namespace paneldriver

#include "plugin.moc"
