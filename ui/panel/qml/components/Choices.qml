// SPDX-License-Identifier: Apache-2.0
// A few choices side by side of which one holds; they wrap where the line is full.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Panel

Flow {
    id: root

    required property string label
    // Keys, and a word for each.
    required property list<string> keys
    required property list<string> words
    required property string current
    property string namePrefix: ""

    signal chosen(string key)

    Accessible.name: label
    Accessible.role: Accessible.Grouping
    spacing: Theme.gap

    Repeater {
        model: root.keys

        T.AbstractButton {
            id: choice

            required property int index
            required property string modelData
            readonly property bool on: modelData === root.current

            Accessible.checkable: true
            Accessible.checked: on
            Accessible.name: text
            Accessible.role: Accessible.RadioButton
            focusPolicy: Qt.StrongFocus
            implicitHeight: Theme.target
            implicitWidth: Math.max(Theme.px(72), word.implicitWidth + (on ? Theme.px(26) : 0) + 2 * Theme.px(16))
            objectName: root.namePrefix + modelData
            text: root.words[index] ?? ""

            Keys.onEnterPressed: choice.clicked()
            Keys.onReturnPressed: choice.clicked()
            onClicked: root.chosen(modelData)

            background: Rectangle {
                border.color: choice.on ? Theme.accent : Theme.fieldLine
                border.width: choice.on ? Theme.px(2) : Theme.line
                color: choice.on ? Theme.accentSoft : choice.down ? Theme.surfacePressed : Theme.surface
                radius: Theme.radiusSmall

                FocusRing {
                    shown: choice.visualFocus
                }
            }
            contentItem: Item {
                Row {
                    anchors.centerIn: parent
                    spacing: Theme.px(4)

                    Icon {
                        anchors.verticalCenter: parent.verticalCenter
                        color: Theme.accentSoftInk
                        size: Theme.px(22)
                        text: Icons.check
                        visible: choice.on
                    }
                    AppText {
                        id: word

                        anchors.verticalCenter: parent.verticalCenter
                        color: choice.on ? Theme.accentSoftInk : Theme.text
                        font.weight: choice.on ? Font.DemiBold : Font.Normal
                        text: choice.text
                        wrapMode: Text.NoWrap
                    }
                }
            }
        }
    }
}
