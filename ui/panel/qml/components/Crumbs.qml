// SPDX-License-Identifier: Apache-2.0
// The way from the profile to the folder that is shown. Every step but the last can be tapped.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Panel

Flickable {
    id: root

    required property list<string> names

    signal tapped(int crumb)

    boundsBehavior: Flickable.StopAtBounds
    clip: true
    contentWidth: row.width
    flickableDirection: Flickable.HorizontalFlick
    interactive: contentWidth > width

    // The folder that is shown matters most: it is at the right end.
    onContentWidthChanged: contentX = Math.max(0, contentWidth - width)
    onWidthChanged: contentX = Math.max(0, contentWidth - width)

    Row {
        id: row

        height: root.height

        Repeater {
            model: root.names

            T.AbstractButton {
                id: crumb

                required property int index
                required property string modelData
                readonly property bool last: index === root.names.length - 1

                Accessible.name: modelData
                Accessible.role: last ? Accessible.Heading : Accessible.Link
                enabled: !last
                focusPolicy: last ? Qt.NoFocus : Qt.StrongFocus
                height: row.height
                implicitWidth: Math.max(Theme.target, label.width + (last ? 0 : arrow.width) + 2 * Theme.gap)
                objectName: "crumb-" + index

                Keys.onEnterPressed: crumb.clicked()
                Keys.onReturnPressed: crumb.clicked()
                onClicked: root.tapped(index)

                background: Rectangle {
                    color: crumb.down ? Theme.surfacePressed : "transparent"
                    radius: Theme.radius

                    FocusRing {
                        shown: crumb.visualFocus
                    }
                }
                contentItem: Item {
                    AppText {
                        id: label

                        anchors.verticalCenter: parent.verticalCenter
                        color: crumb.last ? Theme.text : Theme.accentSoftInk
                        font.pixelSize: crumb.last ? Theme.px(26) : Theme.rowSize
                        font.weight: crumb.last ? Font.DemiBold : Font.Normal
                        mayElide: true
                        text: crumb.modelData
                        width: Math.min(implicitWidth, crumb.last ? Math.max(Theme.px(160), root.width - Theme.px(60)) : Theme.px(200))
                        x: Theme.gap
                    }
                    Icon {
                        id: arrow

                        anchors.left: label.right
                        anchors.leftMargin: Theme.px(2)
                        anchors.verticalCenter: parent.verticalCenter
                        color: Theme.textSoft
                        size: Theme.px(24)
                        text: Icons.next
                        visible: !crumb.last
                    }
                }
            }
        }
    }
}
