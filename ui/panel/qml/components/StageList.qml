// SPDX-License-Identifier: Apache-2.0
// The steps of a job: a check at what is done, a mark at what is under way.
pragma ComponentBehavior: Bound
import QtQuick
import Panel

Column {
    id: root

    required property list<string> keys
    required property list<string> words
    property int at: 0
    property bool halted: false

    spacing: Theme.px(10)

    Repeater {
        model: root.keys

        Row {
            id: stage

            required property int index
            required property string modelData
            readonly property bool past: index < root.at
            readonly property bool now: index === root.at

            Accessible.name: root.words[index] + ", " + (past ? qsTr("done") : now ? qsTr("under way") : qsTr("to come"))
            Accessible.role: Accessible.StaticText
            objectName: "job-stage-" + modelData
            spacing: Theme.px(12)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                color: stage.past ? Theme.good : stage.now ? (root.halted ? Theme.warn : Theme.accent) : Theme.textOff
                size: Theme.px(26)
                text: stage.past ? Icons.done : stage.now ? (root.halted ? Icons.pause : Icons.radioOn) : Icons.radioOff
            }
            AppText {
                anchors.verticalCenter: parent.verticalCenter
                color: stage.past || stage.now ? Theme.text : Theme.textOff
                font.pixelSize: Theme.px(20)
                font.weight: stage.now ? Font.DemiBold : Font.Normal
                text: root.words[stage.index] ?? ""
                wrapMode: Text.NoWrap
            }
        }
    }
}
