// SPDX-License-Identifier: Apache-2.0
// As many filled dots as digits were typed, of at least four.
pragma ComponentBehavior: Bound
import QtQuick
import Panel

Row {
    id: root

    property int count: 0
    property bool wrong: false

    Accessible.name: qsTr("%n digit(s) entered", "", count)
    Accessible.role: Accessible.StaticText
    objectName: "pin-dots"
    spacing: Theme.px(14)

    Repeater {
        model: Math.max(4, root.count)

        Rectangle {
            required property int index

            border.color: root.wrong ? Theme.bad : Theme.fieldLine
            border.width: Theme.px(2)
            color: index < root.count ? Theme.text : "transparent"
            height: Theme.px(20)
            radius: height / 2
            width: height
        }
    }
}
