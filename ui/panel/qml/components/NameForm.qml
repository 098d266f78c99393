// SPDX-License-Identifier: Apache-2.0
// A page that asks for one line of text.
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: root

    property alias label: field.label
    property alias error: field.error
    property alias text: field.text
    property alias hints: field.hints
    property alias limit: field.limit
    property string hint: ""
    property bool mayBeEmpty: false
    property bool valid: true
    property bool working: false
    property string saveText: qsTr("Save")

    signal saved(string text)
    signal edited

    actionsShown: true
    onBackTapped: Router.back()

    Component.onCompleted: {
        field.input.selectAll();
        field.input.forceActiveFocus();
    }

    Column {
        anchors.horizontalCenter: parent.horizontalCenter
        spacing: Theme.gap
        topPadding: Theme.px(12)
        width: Math.min(parent.width - 2 * Theme.gapLarge, Theme.px(640))

        Field {
            id: field

            width: parent.width
            onAccepted: save.enabled ? save.clicked() : undefined
            onTextChanged: root.edited()
        }
        AppText {
            color: Theme.textSoft
            text: root.hint
            // The keyboard may leave room for the field alone.
            visible: text !== "" && root.contentHeight > Theme.px(140)
            width: parent.width
        }
    }

    actions: [
        AppButton {
            objectName: "cancel-button"
            text: qsTr("Cancel")
            onClicked: Router.back()
        },
        Item {
            Layout.fillWidth: true
        },
        AppButton {
            id: save

            enabled: !root.working && root.valid && (root.mayBeEmpty || field.text.trim() !== "") && root.error === ""
            leastWidth: Theme.portrait ? 0 : Theme.px(200)
            main: true
            objectName: "save-button"
            text: root.saveText
            working: root.working
            onClicked: root.saved(field.text.trim())
        }
    ]
}
