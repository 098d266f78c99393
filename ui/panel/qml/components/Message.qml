// SPDX-License-Identifier: Apache-2.0
// A few centred words with a glyph and at most one button.
import QtQuick
import Panel

Item {
    id: root

    property string glyph: ""
    property color glyphInk: Theme.accentSoftInk
    property string title: ""
    property string titleName: ""
    property string text: ""
    property string textName: ""
    property string note: ""
    property string noteName: ""
    property string action: ""
    property string actionName: ""

    signal actionTapped

    Accessible.name: title
    Accessible.role: Accessible.Grouping

    Column {
        anchors.centerIn: parent
        spacing: Theme.px(10)
        width: Math.min(parent.width - 2 * Theme.gapLarge, Theme.px(560))

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            color: root.glyphInk
            size: Theme.px(64)
            text: root.glyph
            visible: text !== ""
        }
        AppText {
            Accessible.role: Accessible.Heading
            font.pixelSize: Theme.px(26)
            font.weight: Font.DemiBold
            horizontalAlignment: Text.AlignHCenter
            objectName: root.titleName
            text: root.title
            width: parent.width
        }
        AppText {
            color: Theme.textSoft
            font.pixelSize: Theme.px(20)
            horizontalAlignment: Text.AlignHCenter
            objectName: root.textName
            text: root.text
            visible: text !== ""
            width: parent.width
        }
        Item {
            height: Theme.px(2)
            visible: button.visible
            width: 1
        }
        AppButton {
            id: button

            anchors.horizontalCenter: parent.horizontalCenter
            main: true
            objectName: root.actionName
            text: root.action
            visible: text !== ""
            onClicked: root.actionTapped()
        }
        AppText {
            color: Theme.textOff
            horizontalAlignment: Text.AlignHCenter
            objectName: root.noteName
            text: root.note
            visible: text !== ""
            width: parent.width
        }
    }
}
