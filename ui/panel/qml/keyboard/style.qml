// SPDX-License-Identifier: Apache-2.0
// How the on-screen keyboard looks: the panel's own colours and letters, and keys as large as the window has room for.
import QtQuick
import QtQuick.VirtualKeyboard
import QtQuick.VirtualKeyboard.Styles
import Panel

KeyboardStyle {
    id: look

    // In units of the design, of which the window is 2560 wide.
    readonly property real unit: keyboardDesignWidth / Math.max(1, Theme.windowWidth)
    readonly property real wanted: Theme.windowHeight * (Theme.portrait ? 0.36 : 0.5)

    keyboardDesignHeight: wanted * unit
    keyboardDesignWidth: 2560
    keyboardRelativeBottomMargin: 6 * Theme.scale * unit / keyboardDesignHeight
    keyboardRelativeLeftMargin: 4 * Theme.scale * unit / keyboardDesignWidth
    keyboardRelativeRightMargin: keyboardRelativeLeftMargin
    keyboardRelativeTopMargin: keyboardRelativeBottomMargin

    component Cap: KeyPanel {
        id: cap

        property bool quiet: false
        property bool strong: false
        property string glyph: ""
        property string label: control ? control.displayText : ""
        property bool on: false
        readonly property color ink: strong ? Theme.accentInk : on ? Theme.accentSoftInk : Theme.text

        Rectangle {
            anchors.fill: parent
            anchors.margins: Theme.px(3)
            border.color: Theme.line1
            border.width: cap.strong && !Theme.highContrast ? 0 : Theme.line
            color: {
                const pressed = cap.control && cap.control.pressed;
                if (cap.strong)
                    return pressed ? Theme.accentPressed : Theme.accent;
                return pressed ? Theme.surfacePressed : cap.on ? Theme.accentSoft : cap.quiet ? Theme.background : Theme.surface;
            }
            opacity: cap.control && cap.control.enabled ? 1 : 0.5
            radius: Theme.radiusSmall

            Text {
                anchors.centerIn: parent
                color: cap.ink
                font.capitalization: cap.label.length === 1 && cap.control && cap.control.uppercased ? Font.AllUppercase : Font.MixedCase
                font.family: Theme.family
                font.pixelSize: Theme.px(cap.label.length > 2 ? 18 : 24)
                text: cap.label
                visible: cap.glyph === ""
            }
            Text {
                anchors.centerIn: parent
                color: cap.ink
                font.family: Icons.family
                font.pixelSize: Theme.px(26)
                text: cap.glyph
                visible: text !== ""
            }
            Text {
                anchors.right: parent.right
                anchors.rightMargin: Theme.px(6)
                anchors.top: parent.top
                anchors.topMargin: Theme.px(2)
                color: Theme.textSoft
                font.family: Theme.family
                font.pixelSize: Theme.px(13)
                text: cap.control && cap.control.smallTextVisible ? cap.control.smallText : ""
                visible: text !== ""
            }
        }
    }

    keyboardBackground: Rectangle {
        color: Theme.track

        Rectangle {
            color: Theme.line1
            height: Theme.line
            width: parent.width
        }
    }
    keyPanel: Cap {}
    backspaceKeyPanel: Cap {
        glyph: Icons.backspace
        quiet: true
    }
    enterKeyPanel: Cap {
        glyph: Icons.enter
        strong: true
    }
    hideKeyPanel: Cap {
        glyph: Icons.keyboardDown
        quiet: true
    }
    languageKeyPanel: Cap {
        glyph: Icons.language
        quiet: true
    }
    modeKeyPanel: Cap {
        on: control && control.mode
        quiet: true
    }
    shiftKeyPanel: Cap {
        glyph: InputContext.capsLockActive ? Icons.shiftLock : Icons.shift
        on: InputContext.shiftActive || InputContext.capsLockActive
        quiet: true
    }
    spaceKeyPanel: Cap {
        label: Qt.locale(InputContext.locale).nativeLanguageName
    }
    symbolKeyPanel: Cap {
        quiet: true
    }
    handwritingKeyPanel: Cap {
        quiet: true
    }

    // The letter under the finger, above it.
    characterPreviewMargin: Theme.px(4) * unit
    characterPreviewDelegate: Item {
        id: preview

        property string text
        property string flickLeft
        property string flickTop
        property string flickRight
        property string flickBottom

        Rectangle {
            anchors.fill: parent
            border.color: Theme.accent
            border.width: Theme.px(2)
            color: Theme.surface
            radius: Theme.radiusSmall

            Text {
                anchors.centerIn: parent
                color: Theme.text
                font.family: Theme.family
                font.pixelSize: Theme.px(30)
                text: preview.text
            }
        }
    }
    alternateKeysListItemHeight: Theme.px(60) / scaleHint
    alternateKeysListItemWidth: Theme.px(56) / scaleHint
    alternateKeysListDelegate: Item {
        height: look.alternateKeysListItemHeight * look.scaleHint
        width: look.alternateKeysListItemWidth * look.scaleHint

        Text {
            anchors.centerIn: parent
            color: Theme.text
            font.family: Theme.family
            font.pixelSize: Theme.px(26)
            text: model.text
        }
    }
    alternateKeysListHighlight: Rectangle {
        border.color: Theme.accent
        border.width: Theme.px(2)
        color: Theme.accentSoft
        radius: Theme.radiusSmall
    }
    alternateKeysListBackground: Rectangle {
        border.color: Theme.line1
        border.width: Theme.line
        color: Theme.surface
        radius: Theme.radiusSmall
    }
    selectionListHeight: 0
    navigationHighlight: Rectangle {
        border.color: Theme.focus
        border.width: Theme.focusLine
        color: "transparent"
        radius: Theme.radiusSmall
    }
}
