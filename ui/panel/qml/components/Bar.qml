// SPDX-License-Identifier: Apache-2.0
// How far something is, 0 to 1; below 0 it is under way and nobody knows how far.
import QtQuick
import Panel

Rectangle {
    id: root

    property real value: 0
    property color ink: Theme.accent

    Accessible.name: value < 0 ? qsTr("Under way") : qsTr("%1 percent").arg(Math.round(value * 100))
    Accessible.role: Accessible.ProgressBar
    color: Theme.track
    height: Theme.px(10)
    radius: height / 2

    Rectangle {
        color: root.ink
        height: parent.height
        radius: parent.radius
        visible: width > 0
        width: root.value < 0 ? parent.width * 0.25 : Math.max(root.value > 0 ? height : 0, parent.width * Math.min(1, root.value))
        x: root.value < 0 ? wander.at * (parent.width - width) : 0

        Behavior on width {
            enabled: Theme.motion > 0 && root.value >= 0

            NumberAnimation {
                duration: Theme.motion
            }
        }
    }
    SequentialAnimation {
        id: wander

        property real at: 0

        loops: Animation.Infinite
        running: root.visible && root.value < 0 && Theme.motion > 0

        NumberAnimation {
            duration: 1100
            easing.type: Easing.InOutQuad
            from: 0
            property: "at"
            target: wander
            to: 1
        }
        NumberAnimation {
            duration: 1100
            easing.type: Easing.InOutQuad
            from: 1
            property: "at"
            target: wander
            to: 0
        }
    }
}
