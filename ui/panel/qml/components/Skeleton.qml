// SPDX-License-Identifier: Apache-2.0
// The shape of what is coming: rows or a form, and after a second a word that it takes longer.
pragma ComponentBehavior: Bound
import QtQuick
import Panel

Item {
    id: root

    property bool rows: true

    Accessible.name: word.text
    Accessible.role: Accessible.Indicator

    Column {
        anchors.fill: parent

        Repeater {
            model: Math.ceil(root.height / Theme.rowHeight)

            Item {
                required property int index

                height: Theme.rowHeight
                width: root.width

                Rectangle {
                    anchors.left: parent.left
                    anchors.leftMargin: Theme.gapLarge
                    anchors.verticalCenter: parent.verticalCenter
                    color: Theme.skeleton
                    height: Theme.px(44)
                    radius: root.rows ? height / 2 : Theme.radiusSmall
                    width: root.rows ? height : Theme.px(140)
                }
                Rectangle {
                    color: Theme.skeleton
                    height: Theme.px(root.rows ? 18 : 44)
                    radius: Theme.px(6)
                    width: root.width * (0.28 + 0.09 * ((parent.index * 7) % 4))
                    x: Theme.px(root.rows ? 76 : 180)
                    y: root.rows ? Theme.px(16) : Theme.px(14)
                }
                Rectangle {
                    color: Theme.skeleton
                    height: Theme.px(12)
                    radius: Theme.px(6)
                    visible: root.rows
                    width: root.width * (0.16 + 0.05 * ((parent.index * 5) % 3))
                    x: Theme.px(76)
                    y: Theme.px(44)
                }
            }
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.gapLarge
        anchors.horizontalCenter: parent.horizontalCenter
        border.color: Theme.line1
        border.width: Theme.line
        color: Theme.surface
        height: Theme.px(44)
        radius: height / 2
        visible: waited.done
        width: word.implicitWidth + Theme.px(40)

        AppText {
            id: word

            anchors.centerIn: parent
            //: Shown when reading a list takes more than a second; Back leaves
            text: qsTr("Still loading…")
            wrapMode: Text.NoWrap
        }
    }
    Timer {
        id: waited

        property bool done: false

        interval: 1000
        running: true
        onTriggered: done = true
    }
}
