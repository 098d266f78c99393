// SPDX-License-Identifier: Apache-2.0
// A shortcut on the home screen: what it does, and its name.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Panel

T.AbstractButton {
    id: root

    property bool printing: true
    property bool guarded: false // asks for a PIN
    property bool well: true

    Accessible.description: printing ? qsTr("Print") : qsTr("Scan")
    Accessible.name: text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.StrongFocus
    padding: Theme.px(12)

    Keys.onEnterPressed: root.clicked()
    Keys.onReturnPressed: root.clicked()

    background: Rectangle {
        border.color: Theme.line1
        border.width: Theme.line
        color: root.down ? Theme.surfacePressed : Theme.surface
        radius: Theme.radius

        FocusRing {
            shown: root.visualFocus
        }
    }
    contentItem: ColumnLayout {
        spacing: Theme.px(4)

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.gap

            Icon {
                color: Theme.accentSoftInk
                size: Theme.px(32)
                text: root.printing ? Icons.printer : Icons.scanner
            }
            AppText {
                Layout.fillWidth: true
                color: Theme.textSoft
                mayElide: true
                text: root.printing ? qsTr("Print") : qsTr("Scan")
            }
            Icon {
                color: root.well ? Theme.textSoft : Theme.bad
                size: Theme.px(22)
                text: root.well ? Icons.lock : Icons.warning
                visible: root.guarded || !root.well
            }
        }
        AppText {
            Layout.fillHeight: true
            Layout.fillWidth: true
            elide: Text.ElideRight
            font.pixelSize: Theme.px(20)
            font.weight: Font.DemiBold
            maximumLineCount: 2
            mayElide: true
            text: root.text
            verticalAlignment: Text.AlignBottom
            wrapMode: Text.WrapAtWordBoundaryOrAnywhere
        }
    }
}
