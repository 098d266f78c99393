// SPDX-License-Identifier: Apache-2.0
// A card over the page; a tap beside it, Back and Escape close it.
import QtQuick
import QtQuick.Templates as T
import Panel

T.Popup {
    id: root

    objectName: "dialog"
    anchors.centerIn: T.Overlay.overlay
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    dim: true
    focus: true
    implicitHeight: Math.min(contentHeight + topPadding + bottomPadding, Theme.windowHeight - 2 * Theme.gapLarge)
    implicitWidth: Math.min(Theme.px(460), Theme.windowWidth - 2 * Theme.gapLarge)
    modal: true
    padding: Theme.gapLarge

    T.Overlay.modal: Rectangle {
        color: Theme.shade
    }

    background: Rectangle {
        border.color: Theme.line1
        border.width: Theme.line
        color: Theme.surface
        radius: Theme.px(16)
    }
}
