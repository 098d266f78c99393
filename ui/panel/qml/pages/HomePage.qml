// SPDX-License-Identifier: Apache-2.0
// What a person sees first: the time, how the devices are, and where to go.
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    readonly property bool wide: !Theme.portrait
    readonly property bool signInShown: Session.methods.length > 0

    canGoBack: false
    name: "Home"
    forEverybody: true
    title: Panel.deviceName

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
                Layout.preferredHeight: Theme.px(190)
                coloured: true
                detail: Session.closed ? qsTr("Sign in to print from your cloud, or scan to it") : qsTr("Print from your cloud, or scan to it")
                fill: Theme.accent
                focus: true
                glyph: Icons.cloud
                objectName: "tile-cloud-connector"
                text: "Cloud Connector"
                onClicked: Router.open(Session.closed ? "SignIn" : "Providers")
            }
            Tile {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.px(150)
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
                Layout.preferredHeight: Theme.px(150)
                Layout.preferredWidth: 1
                detail: Jobs.openCount > 0 ? qsTr("%n running", "jobs", Jobs.openCount) : qsTr("None running")
                glyph: Icons.jobs
                objectName: "tile-jobs"
                text: qsTr("Jobs")
                visible: !Session.closed
                onClicked: Router.open("Jobs")
            }
            Tile {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.px(150)
                Layout.preferredWidth: 1
                detail: qsTr("Language, contrast")
                glyph: Icons.settings
                objectName: "tile-settings"
                text: qsTr("Settings")
                onClicked: Router.open("Settings")
            }
        }
    }
}
