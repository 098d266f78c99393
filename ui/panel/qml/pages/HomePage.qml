// SPDX-License-Identifier: Apache-2.0
// What a person sees first: the time, how the devices are, and where to go.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    // The profile of a shortcut is locked again on the way back.
    property bool away: false
    readonly property bool wide: !Theme.portrait
    readonly property bool pinsShown: Shortcuts.pinned.length > 0 && !Session.closed
    readonly property bool signInShown: Session.methods.length > 0

    canGoBack: false
    name: "Home"
    forEverybody: true
    title: Panel.deviceName
    onVisibleChanged: {
        if (!visible)
            return;
        door.giveUp();
        if (away)
            Profile.close();
        away = false;
    }

    tools: [
        AppButton {
            Accessible.name: qsTr("Language: %1").arg(text)
            glyph: Icons.language
            objectName: "language-button"
            quiet: true
            // The other language, in its own words.
            text: Panel.language === "fr" ? "English" : "Français"
            onClicked: Panel.language = Panel.language === "fr" ? "en" : "fr"
        }
    ]

    ShortcutDoor {
        id: door

        host: "Home"
        onPassed: {
            page.away = true;
            Router.open("Shortcut");
        }
    }
    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.gapHuge
        columnSpacing: Theme.gapHuge
        columns: page.wide ? 2 : 1
        rowSpacing: Theme.gapLarge

        ColumnLayout {
            Layout.fillHeight: page.wide
            Layout.fillWidth: !page.wide
            Layout.preferredWidth: page.wide ? Theme.px(292) : -1
            spacing: 0

            AppText {
                font.pixelSize: Theme.px(80)
                font.weight: Font.DemiBold
                lineHeight: 0.9
                objectName: "clock"
                text: Panel.words.time(Panel.now)
            }
            AppText {
                Layout.fillWidth: true
                color: Theme.textSoft
                font.pixelSize: Theme.rowSize
                text: Panel.words.longDate(Panel.now)
            }
            AppText {
                Layout.fillWidth: true
                color: Theme.textSoft
                mayElide: true
                text: Panel.devicePlace
            }
            Item {
                Layout.fillHeight: true
                Layout.minimumHeight: Theme.gapLarge
            }
            DeviceState {
                Layout.fillWidth: true
                device: qsTr("Printer")
                glyph: Icons.printer
                known: Printer.known
                objectName: "printer-state"
                state: Panel.words.printerState(Printer.state, Printer.reasons)
                well: Printer.well
            }
            DeviceState {
                Layout.fillWidth: true
                device: qsTr("Scanner")
                glyph: Icons.scanner
                known: Scanner.known
                objectName: "scanner-state"
                state: Panel.words.scannerState(Scanner.state, Scanner.reasons)
                well: Scanner.well
            }
        }
        GridLayout {
            Layout.fillHeight: true
            Layout.fillWidth: true
            columnSpacing: Theme.gapLarge
            columns: 1 + (page.signInShown ? 1 : 0) + (Session.closed ? 0 : 1)
            rowSpacing: Theme.gapLarge

            Tile {
                Layout.columnSpan: parent.columns
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: page.pinsShown ? Theme.px(88) : Theme.px(190)
                coloured: true
                lying: page.pinsShown
                detail: Session.closed ? qsTr("Sign in to print from your cloud, or scan to it") : qsTr("Print from your cloud, or scan to it")
                fill: Theme.accent
                focus: true
                glyph: Icons.cloud
                objectName: "tile-cloud-connector"
                text: "Cloud Connector"
                onClicked: Router.open(Session.closed ? "SignIn" : "Providers")
            }
            ListView {
                id: pins

                Accessible.name: qsTr("Shortcuts")
                Accessible.role: Accessible.List
                Layout.columnSpan: parent.columns
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.px(118)
                boundsBehavior: Flickable.StopAtBounds
                clip: true
                model: Shortcuts.pinned
                objectName: "pinned-list"
                orientation: ListView.Horizontal
                spacing: Theme.gap
                visible: page.pinsShown

                delegate: ShortcutTile {
                    required property int index
                    required property var modelData

                    guarded: modelData.guarded
                    height: pins.height
                    objectName: "pinned-" + index
                    printing: modelData.kind === "print"
                    text: modelData.name
                    well: modelData.well
                    // Where there are more than fit, the edge of the next one says so.
                    width: pins.count < 3 ? (pins.width - pins.spacing) / 2 : Math.max(Theme.px(150), pins.width * 0.42)
                    onClicked: door.start(modelData.id, "open")
                }
            }
            Tile {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: page.pinsShown ? Theme.px(138) : Theme.px(150)
                Layout.preferredWidth: 1
                glyph: Session.guest ? Icons.login : Icons.logout
                objectName: "tile-sign-in"
                text: Session.guest ? qsTr("Sign in") : qsTr("Sign out")
                visible: page.signInShown
                onClicked: Router.userTapped()
            }
            Tile {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: page.pinsShown ? Theme.px(138) : Theme.px(150)
                Layout.preferredWidth: 1
                detail: Jobs.openCount > 0 ? qsTr("%n running", "jobs", Jobs.openCount) : page.pinsShown ? "" : qsTr("None running")
                glyph: Icons.jobs
                objectName: "tile-jobs"
                text: qsTr("Jobs")
                visible: !Session.closed
                onClicked: Router.open("Jobs")
            }
            Tile {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: page.pinsShown ? Theme.px(138) : Theme.px(150)
                Layout.preferredWidth: 1
                detail: page.pinsShown ? "" : qsTr("Language, contrast")
                glyph: Icons.settings
                objectName: "tile-settings"
                text: qsTr("Settings")
                onClicked: Router.open("Settings")
            }
        }
    }
}
