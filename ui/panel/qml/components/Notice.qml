// SPDX-License-Identifier: Apache-2.0
// A framed remark: information, a warning, or an error.
import QtQuick
import QtQuick.Layouts
import Panel

Rectangle {
    id: root

    property string glyph: Icons.about
    property string title: ""
    property string text: ""
    property color ink: Theme.accentSoftInk
    property color fill: Theme.accentSoft
    property string titleName: ""

    Accessible.name: title + " " + text
    Accessible.role: Accessible.AlertMessage
    border.color: ink
    border.width: Theme.highContrast ? Theme.line : 0
    color: fill
    implicitHeight: row.implicitHeight + 2 * Theme.px(12)
    radius: Theme.radius

    RowLayout {
        id: row

        anchors.left: parent.left
        anchors.leftMargin: Theme.gapLarge
        anchors.right: parent.right
        anchors.rightMargin: Theme.gapLarge
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(12)

        Icon {
            Layout.alignment: Qt.AlignTop
            color: root.ink
            text: root.glyph
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.px(2)

            AppText {
                Layout.fillWidth: true
                color: root.ink
                font.pixelSize: Theme.px(20)
                font.weight: Font.DemiBold
                objectName: root.titleName
                text: root.title
                visible: text !== ""
            }
            AppText {
                Layout.fillWidth: true
                text: root.text
                visible: text !== ""
            }
        }
    }
}
