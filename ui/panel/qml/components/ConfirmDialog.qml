// SPDX-License-Identifier: Apache-2.0
// Asks before something that cannot be undone.
import QtQuick
import QtQuick.Layouts
import Panel

PanelDialog {
    id: root

    property string title: ""
    property string text: ""
    property string confirm: ""
    property bool danger: true

    signal confirmed

    contentHeight: column.implicitHeight
    padding: Theme.gapHuge

    contentItem: ColumnLayout {
        id: column

        spacing: Theme.gapLarge

        AppText {
            Accessible.role: Accessible.Heading
            Layout.fillWidth: true
            font.pixelSize: Theme.px(24)
            font.weight: Font.DemiBold
            text: root.title
        }
        AppText {
            Layout.fillWidth: true
            color: Theme.textSoft
            font.pixelSize: Theme.px(20)
            text: root.text
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.topMargin: Theme.gap
            spacing: Theme.gap

            AppButton {
                focus: true
                objectName: "dialog-cancel"
                text: qsTr("Cancel")
                onClicked: root.close()
            }
            Item {
                Layout.fillWidth: true
            }
            AppButton {
                danger: root.danger
                main: !root.danger
                objectName: "dialog-confirm"
                text: root.confirm
                onClicked: {
                    root.close();
                    root.confirmed();
                }
            }
        }
    }
}
