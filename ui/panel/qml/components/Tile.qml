// SPDX-License-Identifier: Apache-2.0
// A large coloured surface that opens something.
import QtQuick
import QtQuick.Templates as T
import Panel

T.AbstractButton {
    id: root

    property string glyph: ""
    property list<string> drawing // in place of the glyph
    property string detail: ""
    property color fill: Theme.surface
    property bool coloured: false
    property bool lying: false
    readonly property color ink: coloured && !Theme.highContrast ? "#ffffff" : Theme.text

    Accessible.description: detail
    Accessible.name: text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.StrongFocus
    implicitHeight: Theme.px(128)
    implicitWidth: Theme.px(200)
    padding: width < Theme.px(150) ? Theme.px(10) : Theme.gapLarge

    Keys.onEnterPressed: root.clicked()
    Keys.onReturnPressed: root.clicked()

    background: Rectangle {
        border.color: Theme.line1
        border.width: root.coloured && !Theme.highContrast ? 0 : Theme.line
        color: {
            if (root.coloured && !Theme.highContrast)
                return root.down ? Qt.darker(root.fill, 1.2) : root.fill;
            return root.down ? Theme.surfacePressed : Theme.surface;
        }
        radius: Theme.radius

        FocusRing {
            shown: root.visualFocus
        }
    }
    contentItem: Item {
        Icon {
            id: icon

            anchors.left: parent.left
            anchors.top: root.lying ? undefined : parent.top
            anchors.verticalCenter: root.lying ? parent.verticalCenter : undefined
            color: root.coloured && !Theme.highContrast ? "#ffffff" : Theme.accentSoftInk
            size: Theme.iconSizeLarge
            text: root.glyph
        }
        Drawing {
            anchors.left: parent.left
            anchors.top: parent.top
            color: icon.color
            lines: root.drawing
            size: Theme.px(52)
            visible: root.drawing.length > 0
        }
        Column {
            anchors.bottom: root.lying ? undefined : parent.bottom
            anchors.left: root.lying ? icon.right : parent.left
            anchors.leftMargin: root.lying ? Theme.gapLarge : 0
            anchors.right: parent.right
            anchors.verticalCenter: root.lying ? parent.verticalCenter : undefined
            spacing: Theme.px(2)

            AppText {
                color: root.ink
                font.pixelSize: Theme.rowSize
                font.weight: Font.DemiBold
                text: root.text
                width: parent.width
            }
            AppText {
                color: root.coloured ? root.ink : Theme.textSoft
                text: root.detail
                visible: text !== ""
                width: parent.width
            }
        }
    }
}
