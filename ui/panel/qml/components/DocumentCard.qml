// SPDX-License-Identifier: Apache-2.0
// What the settings beside it are for.
import QtQuick
import QtQuick.Layouts
import Panel

Rectangle {
    id: root

    property string glyph: ""
    property color glyphInk: Theme.text
    property string title: ""
    property string detail: ""

    color: Theme.surface
    implicitHeight: layout.implicitHeight + 2 * Theme.gapLarge

    Rectangle {
        color: Theme.line1
        height: Theme.portrait ? Theme.line : parent.height
        width: Theme.portrait ? parent.width : Theme.line
        x: Theme.portrait ? 0 : parent.width - width
        y: Theme.portrait ? parent.height - height : 0
    }
    GridLayout {
        id: layout

        anchors.left: parent.left
        anchors.margins: Theme.gapLarge
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        columnSpacing: Theme.gapLarge
        columns: Theme.portrait ? 2 : 1
        rowSpacing: Theme.px(12)

        Icon {
            Layout.alignment: Qt.AlignHCenter
            color: root.glyphInk
            size: Theme.portrait ? Theme.px(52) : Theme.px(84)
            text: root.glyph
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.px(4)

            AppText {
                Layout.fillWidth: true
                elide: Text.ElideRight
                font.pixelSize: Theme.px(20)
                font.weight: Font.DemiBold
                horizontalAlignment: Theme.portrait ? Text.AlignLeft : Text.AlignHCenter
                maximumLineCount: 4
                mayElide: true
                text: root.title
                wrapMode: Text.WrapAtWordBoundaryOrAnywhere
            }
            AppText {
                Layout.fillWidth: true
                color: Theme.textSoft
                elide: Text.ElideRight
                horizontalAlignment: Theme.portrait ? Text.AlignLeft : Text.AlignHCenter
                maximumLineCount: 3
                mayElide: true
                text: root.detail
                wrapMode: Text.WrapAtWordBoundaryOrAnywhere
            }
        }
    }
}
