// SPDX-License-Identifier: Apache-2.0
// How a device is, in words; a sign beside it where it needs someone.
import QtQuick
import QtQuick.Layouts
import Panel

Item {
    id: root

    property string device: ""
    property string glyph: ""
    property string state: ""
    property bool known: false
    property bool well: false

    Accessible.name: device + ": " + word.text
    Accessible.role: Accessible.StaticText
    implicitHeight: Theme.px(56)

    RowLayout {
        anchors.fill: parent
        spacing: Theme.px(12)

        Rectangle {
            Layout.preferredHeight: Theme.px(44)
            Layout.preferredWidth: Theme.px(44)
            color: !root.known ? Theme.skeleton : root.well ? Theme.goodSoft : Theme.warnSoft
            radius: width / 2

            Icon {
                anchors.centerIn: parent
                color: !root.known ? Theme.textOff : root.well ? Theme.good : Theme.warn
                size: Theme.px(24)
                text: root.well || !root.known ? root.glyph : Icons.warning
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            AppText {
                Layout.fillWidth: true
                color: Theme.textSoft
                text: root.device
            }
            AppText {
                id: word

                Layout.fillWidth: true
                color: root.known && !root.well ? Theme.warn : Theme.text
                font.pixelSize: Theme.px(20)
                font.weight: Font.DemiBold
                text: root.known ? root.state : "…"
            }
        }
    }
}
