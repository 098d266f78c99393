// SPDX-License-Identifier: Apache-2.0
// Ten large digits and a delete key. Digits of a real keyboard work as well.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Panel

FocusScope {
    id: root

    property bool locked: false
    readonly property int spacing: Theme.gap

    signal digit(string digit)
    signal erase
    signal confirm

    Accessible.name: qsTr("Digits")
    Accessible.role: Accessible.Grouping
    focus: true
    implicitHeight: 4 * Theme.px(68) + 3 * spacing
    implicitWidth: 3 * Theme.px(100) + 2 * spacing

    Keys.onPressed: event => {
        if (!locked && event.text >= "0" && event.text <= "9" && event.text.length === 1) {
            event.accepted = true;
            root.digit(event.text);
        } else if (!locked && event.key === Qt.Key_Backspace) {
            event.accepted = true;
            root.erase();
        } else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter) {
            event.accepted = true;
            root.confirm();
        }
    }

    GridLayout {
        anchors.fill: parent
        columnSpacing: root.spacing
        columns: 3
        rowSpacing: root.spacing

        Repeater {
            model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "<"]

            Key {
                required property string modelData

                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: 1
                Layout.preferredWidth: 1
                enabled: !root.locked && modelData !== ""
                glyph: modelData === "<" ? Icons.backspace : ""
                objectName: modelData === "" ? "" : modelData === "<" ? "key-delete" : "key-" + modelData
                opacity: modelData === "" ? 0 : 1
                text: modelData === "<" ? qsTr("Delete the last digit") : modelData
                visible: true
                onClicked: modelData === "<" ? root.erase() : root.digit(modelData)
            }
        }
    }
}
