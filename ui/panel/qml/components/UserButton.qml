// SPDX-License-Identifier: Apache-2.0
// Who uses the panel; a tap signs in or out.
import QtQuick
import QtQuick.Templates as T
import Panel

T.AbstractButton {
    id: root

    readonly property bool able: !Session.guest || Session.methods.length > 0

    Accessible.description: !able ? "" : Session.guest ? qsTr("Sign in") : qsTr("Sign out")
    Accessible.name: text
    Accessible.role: able ? Accessible.Button : Accessible.StaticText
    enabled: able
    focusPolicy: able ? Qt.StrongFocus : Qt.NoFocus
    implicitHeight: Theme.target
    implicitWidth: Math.max(Theme.target, row.width + 2 * Theme.px(12))
    objectName: "user-button"
    text: !Session.guest ? Session.name : Session.closed ? qsTr("Sign in") : qsTr("Guest")

    Keys.onEnterPressed: root.clicked()
    Keys.onReturnPressed: root.clicked()
    onClicked: Router.userTapped()

    background: Rectangle {
        color: root.down ? Theme.surfacePressed : "transparent"
        radius: Theme.radius

        FocusRing {
            shown: root.visualFocus
        }
    }
    contentItem: Item {
        Row {
            id: row

            anchors.centerIn: parent
            spacing: Theme.px(6)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                color: root.able ? Theme.accentSoftInk : Theme.textSoft
                size: Theme.px(24)
                text: Icons.user
            }
            AppText {
                anchors.verticalCenter: parent.verticalCenter
                color: root.able ? Theme.accentSoftInk : Theme.textSoft
                font.weight: Session.guest ? Font.Normal : Font.DemiBold
                mayElide: true
                objectName: "user-label"
                text: root.text
                width: Math.min(implicitWidth, Theme.px(140))
            }
        }
    }
}
