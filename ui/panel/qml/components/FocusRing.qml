// SPDX-License-Identifier: Apache-2.0
// Shows where the keyboard's focus is.
import QtQuick
import Panel

Rectangle {
    property bool shown: false

    anchors.fill: parent
    anchors.margins: -Theme.px(1)
    border.color: Theme.focus
    border.width: Theme.focusLine
    color: "transparent"
    radius: Theme.radius
    visible: shown
}
