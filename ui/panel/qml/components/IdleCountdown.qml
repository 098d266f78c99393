// SPDX-License-Identifier: Apache-2.0
// Says that the session is about to end. Any touch or key keeps it.
import QtQuick
import Panel

Rectangle {
    color: Theme.shade
    objectName: "idle-countdown"

    MouseArea {
        anchors.fill: parent
        onClicked: Idle.touch()
    }
    Rectangle {
        anchors.centerIn: parent
        border.color: Theme.line1
        border.width: Theme.line
        color: Theme.surface
        height: column.implicitHeight + 2 * Theme.gapHuge
        radius: Theme.px(16)
        width: Math.min(parent.width - 2 * Theme.gapLarge, Theme.px(460))

        Column {
            id: column

            anchors.centerIn: parent
            spacing: Theme.px(10)
            width: parent.width - 2 * Theme.gapHuge

            AppText {
                font.pixelSize: Theme.px(26)
                font.weight: Font.DemiBold
                horizontalAlignment: Text.AlignHCenter
                text: qsTr("Are you still there?")
                width: parent.width
            }
            AppText {
                color: Theme.accent
                font.pixelSize: Theme.heroSize
                font.weight: Font.DemiBold
                horizontalAlignment: Text.AlignHCenter
                text: Idle.secondsLeft
                width: parent.width
            }
            AppText {
                color: Theme.textSoft
                font.pixelSize: Theme.px(20)
                horizontalAlignment: Text.AlignHCenter
                text: qsTr("Touch the screen to go on. Otherwise your session ends.")
                width: parent.width
            }
        }
    }
}
