// SPDX-License-Identifier: Apache-2.0
// The clouds to choose from, the shortcuts, and the jobs.
pragma ComponentBehavior: Bound
import QtQuick
import Panel

PanelPage {
    id: page

    name: "Providers"
    forEverybody: true
    title: "Cloud Connector"
    onBackTapped: Router.back()

    FaceView {
        anchors.fill: parent
        emptyGlyph: Icons.cloud
        emptyText: qsTr("Ask your administrator to switch a cloud on.")
        emptyTitle: qsTr("No cloud is set up here")
        errorCode: Providers.errorCode
        face: Providers.face
        onFailedActionTapped: Providers.load()

        Flickable {
            anchors.fill: parent
            boundsBehavior: Flickable.StopAtBounds
            contentHeight: grid.height + 2 * Theme.gapHuge
            interactive: contentHeight > height

            Grid {
                id: grid

                readonly property real tileWidth: Math.floor((width - (columns - 1) * spacing) / columns)
                readonly property int tiles: Providers.count + 2
                readonly property int tileRows: Math.ceil(tiles / columns)
                // Fill the screen, but never grow beyond what looks like a tile.
                readonly property real tileHeight: Math.max(Theme.px(132), Math.min(Theme.px(190),
                    (page.contentHeight - 2 * Theme.gapHuge - (tileRows - 1) * spacing) / tileRows))

                columns: Theme.portrait ? 2 : tiles > 6 ? 4 : tiles > 4 ? 3 : 2
                spacing: Theme.gapLarge
                width: parent.width - 2 * x
                x: Theme.gapHuge
                y: Theme.gapHuge

                Repeater {
                    model: Providers

                    Tile {
                        required property int index
                        required property string providerId

                        coloured: true
                        drawing: Icons.provider(providerId)
                        fill: Theme.provider(providerId)
                        focus: index === 0
                        height: grid.tileHeight
                        objectName: "provider-" + providerId
                        required property string title
                        text: title
                        width: grid.tileWidth
                        onClicked: {
                            Profiles.show(providerId);
                            Router.open("Profiles");
                        }
                    }
                }
                Tile {
                    detail: qsTr("One tap to print or scan")
                    glyph: Icons.shortcut
                    height: grid.tileHeight
                    objectName: "tile-shortcuts"
                    text: qsTr("Shortcuts")
                    width: grid.tileWidth
                    onClicked: Router.open("Shortcuts")
                }
                Tile {
                    detail: Jobs.openCount > 0 ? qsTr("%n running", "jobs", Jobs.openCount) : qsTr("None running")
                    glyph: Icons.jobs
                    height: grid.tileHeight
                    objectName: "tile-jobs"
                    text: qsTr("Jobs")
                    width: grid.tileWidth
                    onClicked: Router.open("Jobs")
                }
            }
        }
    }
}
