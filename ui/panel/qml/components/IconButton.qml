// SPDX-License-Identifier: Apache-2.0
// A square button with a glyph; text is its name for those who do not see it.
import QtQuick
import QtQuick.Templates as T
import Panel

T.AbstractButton {
    id: root

    property string glyph: ""
    property color ink: Theme.text

    Accessible.name: text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.StrongFocus
    implicitHeight: Theme.target
    implicitWidth: Theme.target

    Keys.onEnterPressed: root.clicked()
    Keys.onReturnPressed: root.clicked()

    background: Rectangle {
        color: root.down ? Theme.surfacePressed : "transparent"
        radius: Theme.radius

        FocusRing {
            shown: root.visualFocus
        }
    }
    contentItem: Icon {
        color: root.enabled ? root.ink : Theme.textOff
        text: root.glyph
    }
}
