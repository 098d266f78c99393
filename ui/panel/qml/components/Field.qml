// SPDX-License-Identifier: Apache-2.0
// A text field with its label above and, in the label's place, what is wrong with it.
import QtQuick
import QtQuick.Templates as T
import Panel

Column {
    id: root

    property string label: ""
    property string error: ""
    property alias text: input.text
    property alias input: input
    property int limit: 40
    property int hints: Qt.ImhNoPredictiveText
    property bool secret: false

    signal accepted

    spacing: Theme.px(6)

    AppText {
        color: root.error !== "" ? Theme.bad : Theme.textSoft
        font.weight: root.error !== "" ? Font.DemiBold : Font.Normal
        objectName: root.error !== "" ? "field-error" : ""
        text: root.error !== "" ? root.error : root.label
        width: parent.width
    }
    T.TextField {
        id: input

        Accessible.name: root.label
        Accessible.role: Accessible.EditableText
        color: Theme.text
        font.family: Theme.family
        font.pixelSize: Theme.rowSize
        height: Theme.target
        echoMode: root.secret ? TextInput.Password : TextInput.Normal
        inputMethodHints: root.hints | (root.secret ? Qt.ImhHiddenText | Qt.ImhSensitiveData | Qt.ImhNoAutoUppercase : 0)
        leftPadding: Theme.gapLarge
        maximumLength: root.limit
        objectName: "name-field"
        rightPadding: Theme.gapLarge
        selectByMouse: true
        selectedTextColor: Theme.accentInk
        selectionColor: Theme.accent
        verticalAlignment: TextInput.AlignVCenter
        width: parent.width

        onAccepted: root.accepted()

        background: Rectangle {
            border.color: root.error !== "" ? Theme.bad : input.activeFocus ? Theme.accent : Theme.fieldLine
            border.width: input.activeFocus ? Theme.px(2) : Theme.line
            color: Theme.surface
            radius: Theme.radiusSmall
        }
    }
}
