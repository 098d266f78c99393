// SPDX-License-Identifier: Apache-2.0
// Settings below each other; scrolls, and follows the keyboard's focus.
import QtQuick
import QtQuick.Templates as T
import Panel

Flickable {
    id: root

    default property alias lines: column.data

    objectName: "form"
    boundsBehavior: Flickable.StopAtBounds
    clip: true
    contentHeight: column.height + 2 * Theme.gapLarge

    T.ScrollBar.vertical: T.ScrollBar {
        padding: Theme.px(2)
        policy: T.ScrollBar.AsNeeded
        visible: size < 1
        width: Theme.px(8)

        contentItem: Rectangle {
            color: Theme.fieldLine
            implicitWidth: Theme.px(4)
            radius: width / 2
        }
    }

    Column {
        id: column

        spacing: Theme.px(14)
        width: root.width - 2 * Theme.gapLarge
        x: Theme.gapLarge
        y: Theme.gapLarge
    }
}
