// SPDX-License-Identifier: Apache-2.0
// A numbered step of instructions, with what belongs to it below.
import QtQuick
import Panel

Item {
    id: root

    property int number: 1
    property string text: ""
    default property alias content: below.data

    implicitHeight: column.height

    Rectangle {
        id: circle

        color: Theme.accent
        height: width
        radius: width / 2
        width: Theme.px(32)

        AppText {
            anchors.centerIn: parent
            color: Theme.accentInk
            font.weight: Font.Bold
            text: root.number
        }
    }
    Column {
        id: column

        anchors.left: circle.right
        anchors.leftMargin: Theme.px(12)
        anchors.right: parent.right
        spacing: Theme.px(4)

        AppText {
            text: root.text
            topPadding: Theme.px(4)
            width: parent.width
        }
        Column {
            id: below

            width: parent.width
        }
    }
}
