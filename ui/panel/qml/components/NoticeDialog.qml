// SPDX-License-Identifier: Apache-2.0
// Says one thing and waits to be read.
import QtQuick
import QtQuick.Layouts
import Panel

PanelDialog {
    id: root

    property string glyph: Icons.about
    property string title: ""
    property string text: ""

    contentHeight: column.implicitHeight
    padding: Theme.gapHuge

    contentItem: ColumnLayout {
        id: column

        spacing: Theme.px(12)

        Icon {
            Layout.alignment: Qt.AlignHCenter
            color: Theme.textSoft
            size: Theme.iconSizeLarge
            text: root.glyph
        }
        AppText {
            Accessible.role: Accessible.Heading
            Layout.fillWidth: true
            font.pixelSize: Theme.px(24)
            font.weight: Font.DemiBold
            horizontalAlignment: Text.AlignHCenter
            text: root.title
        }
        AppText {
            Layout.fillWidth: true
            color: Theme.textSoft
            font.pixelSize: Theme.px(20)
            horizontalAlignment: Text.AlignHCenter
            text: root.text
            visible: text !== ""
        }
        AppButton {
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: Theme.gap
            focus: true
            main: true
            objectName: "dialog-confirm"
            //: Closes a remark that was read
            text: qsTr("OK")
            onClicked: root.close()
        }
    }
}
