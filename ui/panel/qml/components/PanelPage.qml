// SPDX-License-Identifier: Apache-2.0
// The frame of every page: top bar with back, title, tools and who uses the panel; content; action bar.
import QtQuick
import QtQuick.Layouts
import Panel

FocusScope {
    id: page

    property string name: ""
    property string title: ""
    property bool canGoBack: true
    // Takes the title's place in the top bar (a path, a search field).
    property Component heading: null
    property alias tools: toolRow.data
    property alias actions: actionRow.data
    property bool actionsShown: false
    default property alias content: body.data
    // Seconds that the session may be idle on this page: 0 is the usual time, below 0 is for ever.
    property int patience: 0
    // The page shows nothing of one person alone, or reads it anew: it stays when somebody signs in.
    property bool forEverybody: false
    readonly property alias contentHeight: body.height

    signal backTapped

    Accessible.name: title
    Accessible.role: Accessible.Pane
    focus: true

    Keys.onBackPressed: page.canGoBack ? page.backTapped() : undefined
    Keys.onEscapePressed: page.canGoBack ? page.backTapped() : undefined

    Rectangle {
        anchors.fill: parent
        color: Theme.background
    }
    Rectangle {
        id: topBar

        color: Theme.surface
        height: Theme.barHeight
        width: page.width

        Rectangle {
            anchors.bottom: parent.bottom
            color: Theme.line1
            height: Theme.line
            width: parent.width
        }
        RowLayout {
            anchors.fill: parent
            anchors.leftMargin: page.canGoBack ? Theme.px(4) : Theme.gapLarge
            anchors.rightMargin: Theme.px(4)
            spacing: Theme.px(4)

            IconButton {
                glyph: Icons.back
                objectName: "back-button"
                //: Name of the back button for screen readers
                text: qsTr("Back")
                visible: page.canGoBack
                onClicked: page.backTapped()
            }
            AppText {
                Accessible.role: Accessible.Heading
                Layout.fillWidth: true
                elide: Text.ElideRight
                font.pixelSize: Theme.titleSize
                font.weight: Font.DemiBold
                fontSizeMode: Text.HorizontalFit
                mayElide: true
                minimumPixelSize: Theme.rowSize
                objectName: "page-title"
                text: page.title
                visible: page.heading === null
            }
            Loader {
                Layout.fillHeight: true
                Layout.fillWidth: true
                active: page.heading !== null
                sourceComponent: page.heading
                visible: active
            }
            RowLayout {
                id: toolRow

                Layout.fillWidth: false
                spacing: Theme.px(4)
            }
            UserButton {
                Layout.leftMargin: page.canGoBack || toolRow.visibleChildren.length > 0 ? 0 : Theme.gap
            }
        }
    }
    Item {
        id: body

        anchors.bottom: actionBar.visible ? actionBar.top : parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: topBar.bottom
        clip: true
    }
    Rectangle {
        id: actionBar

        anchors.bottom: parent.bottom
        color: Theme.surface
        height: Theme.actionBarHeight
        visible: page.actionsShown
        width: page.width

        Rectangle {
            color: Theme.line1
            height: Theme.line
            width: parent.width
        }
        RowLayout {
            id: actionRow

            anchors.fill: parent
            anchors.leftMargin: Theme.gapLarge
            anchors.rightMargin: Theme.gapLarge
            spacing: Theme.gap
        }
    }
}
