// SPDX-License-Identifier: Apache-2.0
// A button with words: main (filled), plain (outlined), quiet (no frame) or danger.
import QtQuick
import QtQuick.Templates as T
import Panel

T.AbstractButton {
    id: root

    property bool main: false
    property bool quiet: false
    property bool danger: false
    property string glyph: ""
    property bool working: false
    property real leastWidth: Theme.px(text === "" ? 56 : 96)
    readonly property bool filled: main || danger
    readonly property color inkColor: !enabled ? Theme.textOff : filled ? (danger && !Theme.highContrast ? "#ffffff" : Theme.accentInk)
                                                                      : Theme.accentSoftInk

    Accessible.name: text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.StrongFocus
    font.family: Theme.family
    font.pixelSize: Theme.px(20)
    font.weight: Font.DemiBold
    implicitHeight: Theme.target
    implicitWidth: Math.max(leastWidth, row.implicitWidth + 2 * Theme.px(text === "" ? 12 : 20))

    Keys.onEnterPressed: root.clicked()
    Keys.onReturnPressed: root.clicked()

    background: Rectangle {
        border.color: root.filled ? "transparent" : Theme.highContrast ? Theme.line1 : Theme.fieldLine
        border.width: root.quiet || (root.filled && root.enabled) ? 0 : Theme.line
        color: {
            if (!root.enabled)
                return root.quiet ? "transparent" : Theme.track;
            if (root.danger)
                return root.down ? Qt.darker(Theme.bad, 1.25) : Theme.bad;
            if (root.main)
                return root.down ? Theme.accentPressed : Theme.accent;
            return root.down ? Theme.surfacePressed : root.quiet ? "transparent" : Theme.surface;
        }
        radius: Theme.radius

        FocusRing {
            shown: root.visualFocus
        }
    }
    contentItem: Item {
        Row {
            id: row

            anchors.centerIn: parent
            spacing: Theme.gap

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                color: root.inkColor
                size: Theme.px(24)
                text: root.working ? Icons.waiting : root.glyph
                visible: text !== ""
            }
            AppText {
                anchors.verticalCenter: parent.verticalCenter
                color: root.inkColor
                font: root.font
                text: root.text
                visible: text !== ""
                wrapMode: Text.NoWrap
            }
        }
    }
}
