// SPDX-License-Identifier: Apache-2.0
// One row of a list: glyph, title, a softer second line, and what the page puts at its right.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Panel

T.AbstractButton {
    id: root

    property string title: ""
    property string detail: ""
    property color detailInk: Theme.textSoft
    property string glyph: ""
    property color glyphInk: Theme.textSoft
    property color glyphFill: "transparent"
    property string initial: ""
    // Bytes of a picture that takes the glyph's place.
    property alias picture: thumbnail.picture
    property bool dimmed: false
    property bool elideMiddle: false
    // A line below parts it from the next row.
    property bool lined: true
    default property alias trailing: trailingRow.data

    Accessible.description: detail
    Accessible.name: title
    Accessible.role: Accessible.ListItem
    focusPolicy: Qt.StrongFocus
    implicitHeight: Theme.rowHeight
    leftPadding: Theme.gapLarge
    rightPadding: Theme.gap

    Keys.onEnterPressed: root.clicked()
    Keys.onReturnPressed: root.clicked()

    background: Rectangle {
        color: root.down ? Theme.surfacePressed : Theme.surface

        Rectangle {
            anchors.bottom: parent.bottom
            color: Theme.line1
            height: Theme.line
            visible: root.lined
            width: parent.width
        }
        FocusRing {
            anchors.margins: Theme.px(2)
            shown: root.activeFocus && Idle.keysUsed
        }
    }
    contentItem: RowLayout {
        spacing: Theme.gapLarge

        Rectangle {
            Layout.preferredHeight: Theme.px(44)
            Layout.preferredWidth: Theme.px(44)
            border.color: Theme.highContrast && root.glyphFill.a > 0 ? Theme.line1 : "transparent"
            border.width: Theme.line
            color: root.glyphFill
            radius: width / 2

            Icon {
                anchors.centerIn: parent
                color: root.dimmed ? Theme.textOff : root.glyphInk
                size: root.glyphFill.a > 0 ? Theme.px(24) : Theme.px(34)
                text: root.glyph
                visible: root.initial === "" && !thumbnail.shown
            }
            AppText {
                anchors.centerIn: parent
                color: root.glyphInk
                font.pixelSize: Theme.rowSize
                font.weight: Font.DemiBold
                text: root.initial
                visible: text !== ""
            }
            Thumbnail {
                id: thumbnail

                anchors.centerIn: parent
                height: width
                line: Theme.line1
                objectName: "thumbnail"
                opacity: root.dimmed ? 0.5 : 1
                radius: Theme.px(6)
                visible: shown
                width: Theme.px(52)
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.px(2)

            AppText {
                Layout.fillWidth: true
                color: root.dimmed ? Theme.textOff : Theme.text
                elide: root.elideMiddle ? Text.ElideMiddle : Text.ElideRight
                font.pixelSize: Theme.rowSize
                mayElide: true
                text: root.title
            }
            AppText {
                Layout.fillWidth: true
                color: root.dimmed ? Theme.textOff : root.detailInk
                mayElide: true
                text: root.detail
                visible: text !== ""
            }
        }
        RowLayout {
            id: trailingRow

            spacing: Theme.px(4)
        }
    }
}
