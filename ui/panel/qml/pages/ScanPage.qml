// SPDX-License-Identifier: Apache-2.0
// Settings of a scan, as far as this scanner has them; where it will go; Scan.
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    name: "Scan"
    title: qsTr("Scan")
    actionsShown: Scanner.ready
    onBackTapped: Router.back()

    Component.onCompleted: Scanner.prepare()

    Connections {
        function onAccepted(jobId: string) {
            Job.follow(jobId);
            Router.replace("Job");
        }

        target: Scanner
    }

    FaceView {
        anchors.fill: parent
        errorCode: Scanner.errorCode
        face: Scanner.ready ? Face.Content : Scanner.errorCode !== "" ? Face.Failed : Face.Loading
        rowsExpected: false
        onFailedActionTapped: Scanner.prepare()

        GridLayout {
            anchors.fill: parent
            columnSpacing: 0
            columns: Theme.portrait ? 1 : 2
            rowSpacing: 0

            DocumentCard {
                Layout.fillHeight: !Theme.portrait
                Layout.fillWidth: Theme.portrait
                Layout.preferredWidth: Theme.portrait ? -1 : Theme.px(188)
                detail: Providers.titleOf(Profile.provider) + "\n" + Profile.name
                glyph: Icons.folder
                glyphInk: Theme.fileType("folder")
                title: Files.folderName
            }
            Form {
                Layout.fillHeight: true
                Layout.fillWidth: true

                Notice {
                    fill: Theme.badSoft
                    glyph: Icons.failed
                    ink: Theme.bad
                    text: Panel.words.errorAdvice(Scanner.scanError)
                    title: Panel.words.errorTitle(Scanner.scanError)
                    visible: Scanner.scanError !== ""
                    width: parent.width
                }
                ScanSettings {
                    nameShown: Scanner.documentName
                    width: parent.width
                }
            }
        }
    }

    actions: [
        AppButton {
            objectName: "cancel-button"
            text: qsTr("Cancel")
            onClicked: Router.back()
        },
        Item {
            Layout.fillWidth: true
            visible: Theme.portrait
        },
        AppText {
            Layout.fillWidth: true
            color: Theme.textSoft
            horizontalAlignment: Text.AlignRight
            objectName: "summary"
            rightPadding: Theme.gap
            visible: !Theme.portrait
            text: Panel.words.scanSummary(Scanner.source, Scanner.colorMode, Scanner.resolution)
        },
        AppButton {
            enabled: !Scanner.busy
            focus: true
            glyph: Icons.scanner
            leastWidth: Theme.portrait ? 0 : Theme.px(220)
            main: true
            objectName: "scan-button"
            text: qsTr("Scan")
            working: Scanner.busy
            onClicked: Scanner.scan()
        }
    ]
}
