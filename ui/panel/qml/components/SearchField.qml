// SPDX-License-Identifier: Apache-2.0
// The search in the top bar, in the title's place.
import QtQuick
import QtQuick.Templates as T
import Panel

T.TextField {
    id: root

    // How long after the last letter it searches.
    property int delay: 500

    signal searched(string text)

    Accessible.name: qsTr("Search for")
    Accessible.role: Accessible.EditableText
    color: Theme.text
    font.family: Theme.family
    font.pixelSize: Theme.rowSize
    inputMethodHints: Qt.ImhNoPredictiveText
    leftPadding: Theme.px(12)
    maximumLength: 80
    objectName: "search-field"
    selectedTextColor: Theme.accentInk
    selectionColor: Theme.accent
    verticalAlignment: TextInput.AlignVCenter

    Component.onCompleted: forceActiveFocus()
    onAccepted: searched(text)
    onTextChanged: delay > 0 ? typed.restart() : searched(text)

    background: Rectangle {
        border.color: Theme.accent
        border.width: Theme.px(2)
        color: Theme.surface
        radius: Theme.radiusSmall

        AppText {
            anchors.left: parent.left
            anchors.leftMargin: Theme.px(12)
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.textSoft
            text: qsTr("Search for")
            visible: root.text === ""
        }
    }

    Timer {
        id: typed

        interval: root.delay
        onTriggered: root.searched(root.text)
    }
}
