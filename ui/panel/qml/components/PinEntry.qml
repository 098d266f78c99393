// SPDX-License-Identifier: Apache-2.0
// Words, dots and a button beside (or above) the keypad.
import QtQuick
import QtQuick.Layouts
import Panel

FocusScope {
    id: root

    property string heading: ""
    property string message: ""
    property string messageName: ""
    property string action: ""
    property string actionName: ""
    property bool actionEnabled: true
    property bool working: false
    property bool wrong: false
    property bool locked: false
    property bool repeating: false
    property int count: 0

    signal digit(string digit)
    signal erase
    signal confirm

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.gapHuge
        columnSpacing: Theme.px(40)
        columns: Theme.portrait ? 1 : 2
        rowSpacing: Theme.gapLarge

        ColumnLayout {
            Layout.fillHeight: !Theme.portrait
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            spacing: Theme.gapLarge

            Item {
                Layout.fillHeight: true
            }
            AppText {
                Layout.fillWidth: true
                font.pixelSize: Theme.px(26)
                font.weight: Font.DemiBold
                horizontalAlignment: Text.AlignHCenter
                text: root.heading
            }
            PinDots {
                Layout.alignment: Qt.AlignHCenter
                count: root.count
                wrong: root.wrong
            }
            AppText {
                Accessible.role: Accessible.AlertMessage
                Layout.fillWidth: true
                color: root.wrong || root.locked ? Theme.bad : Theme.textSoft
                font.pixelSize: Theme.px(20)
                font.weight: root.wrong || root.locked ? Font.DemiBold : Font.Normal
                horizontalAlignment: Text.AlignHCenter
                objectName: root.messageName
                text: root.message
            }
            Item {
                Layout.fillHeight: true
            }
            AppButton {
                Layout.fillWidth: true
                Layout.maximumWidth: Theme.px(320)
                Layout.alignment: Qt.AlignHCenter
                enabled: root.actionEnabled && !root.locked && !root.working
                main: true
                objectName: root.actionName
                text: root.action
                working: root.working
                onClicked: root.confirm()
            }
        }
        Keypad {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            focus: true
            locked: root.locked || root.working
            onConfirm: root.actionEnabled ? root.confirm() : undefined
            onDigit: digit => root.digit(digit)
            onErase: root.erase()
        }
    }
}
