// SPDX-License-Identifier: Apache-2.0
// Shows a setting's value and opens what changes it.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Panel

T.AbstractButton {
    id: root

    property string label: ""
    property string value: ""
    property string glyph: Icons.down
    property bool valueMayElide: false

    Accessible.name: label + ", " + value
    Accessible.role: Accessible.Button
    focusPolicy: Qt.StrongFocus
    implicitHeight: Theme.target
    leftPadding: Theme.gapLarge
    rightPadding: Theme.gapLarge

    Keys.onEnterPressed: root.clicked()
    Keys.onReturnPressed: root.clicked()

    background: Rectangle {
        border.color: Theme.fieldLine
        border.width: Theme.line
        color: root.down ? Theme.surfacePressed : Theme.surface
        radius: Theme.radiusSmall

        FocusRing {
            shown: root.visualFocus
        }
    }
    contentItem: RowLayout {
        spacing: Theme.gap

        AppText {
            Layout.fillWidth: true
            font.pixelSize: Theme.px(20)
            mayElide: root.valueMayElide
            text: root.value
        }
        Icon {
            color: Theme.textSoft
            size: Theme.px(24)
            text: root.glyph
        }
    }
}
