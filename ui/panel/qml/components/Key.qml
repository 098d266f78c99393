// SPDX-License-Identifier: Apache-2.0
// One key of the keypad.
import QtQuick
import QtQuick.Templates as T
import Panel

T.AbstractButton {
    id: root

    property string glyph: ""

    Accessible.name: text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.TabFocus
    implicitHeight: Theme.px(68)
    implicitWidth: Theme.px(100)

    background: Rectangle {
        border.color: Theme.line1
        border.width: Theme.line
        color: root.down ? Theme.surfacePressed : root.enabled ? Theme.surface : Theme.background
        radius: Theme.radius

        FocusRing {
            shown: root.visualFocus
        }
    }
    contentItem: Item {
        AppText {
            anchors.centerIn: parent
            color: root.enabled ? Theme.text : Theme.textOff
            font.pixelSize: Theme.titleSize
            font.weight: Font.Medium
            text: root.text
            visible: root.glyph === ""
        }
        Icon {
            anchors.centerIn: parent
            color: root.enabled ? Theme.text : Theme.textOff
            text: root.glyph
            visible: text !== ""
        }
    }
}
