// SPDX-License-Identifier: Apache-2.0
// A list that scrolls by touch, shows where it is, and can be walked with the arrow keys.
import QtQuick
import QtQuick.Templates as T
import Panel

ListView {
    id: root

    Accessible.role: Accessible.List
    activeFocusOnTab: true
    boundsBehavior: Flickable.StopAtBounds
    cacheBuffer: Theme.rowHeight * 8
    clip: true
    currentIndex: 0
    keyNavigationEnabled: true
    reuseItems: true

    T.ScrollBar.vertical: T.ScrollBar {
        id: bar

        minimumSize: 0.08
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
}
