// SPDX-License-Identifier: Apache-2.0
// A line of a form: what it is about at the left (above, where it is narrow), the control at the right.
import QtQuick
import Panel

Item {
    id: root

    property string label: ""
    property bool above: Theme.portrait
    default property alias control: holder.data

    implicitHeight: holder.childrenRect.height + (above ? title.height + Theme.px(6) : 0)

    AppText {
        id: title

        color: Theme.textSoft
        height: root.above ? implicitHeight : Theme.target
        text: root.label
        verticalAlignment: Text.AlignVCenter
        width: root.above ? root.width : Theme.px(116)
    }
    Item {
        id: holder

        anchors.left: parent.left
        anchors.leftMargin: root.above ? 0 : Theme.px(124)
        anchors.right: parent.right
        height: childrenRect.height
        y: root.above ? title.height + Theme.px(6) : 0
    }
}
