// SPDX-License-Identifier: Apache-2.0
// Pictures for the service in memory: what a cloud would show of a file.
#pragma once

#include <QByteArray>
#include <QString>

namespace connector::ui {

// A PNG: a landscape for an image, a page with lines for what is printed; empty for what no cloud shows.
QByteArray mockPicture(const QString &type, const QString &id);

} // namespace connector::ui
