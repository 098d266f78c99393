// SPDX-License-Identifier: Apache-2.0
// Settings of a print, as far as this printer has them, and Print.
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    readonly property bool several: Files.selectedCount > 1

    name: "Print"
    title: several ? qsTr("Print %n file(s)", "", Files.selectedCount) : qsTr("Print")
    actionsShown: Printer.ready
    onBackTapped: Router.back()

    Component.onCompleted: Printer.prepare()

    Connections {
        function onAccepted(jobId: string) {
            Files.stopSelecting();
            Job.follow(jobId);
            Router.replace("Job");
        }

        target: Printer
    }

    FaceView {
        anchors.fill: parent
        errorCode: Printer.errorCode
        face: Printer.ready ? Face.Content : Printer.errorCode !== "" ? Face.Failed : Face.Loading
        rowsExpected: false
        onFailedActionTapped: Printer.prepare()

        GridLayout {
            anchors.fill: parent
            columnSpacing: 0
            columns: Theme.portrait ? 1 : 2
            rowSpacing: 0

            DocumentCard {
                Layout.fillHeight: !Theme.portrait
                Layout.fillWidth: Theme.portrait
                Layout.preferredWidth: Theme.portrait ? -1 : Theme.px(188)
                detail: page.several ? Panel.words.files(Files.selectedCount) + ", " + Panel.words.size(Files.selectedSize) : Panel.words.size(Files.selectedSize)
                glyph: page.several ? Icons.select : Icons.fileType(Files.selectedType)
                glyphInk: Theme.fileType(Files.selectedType)
                title: Files.selectedNames.slice(0, 4).join("\n")
            }
            Form {
                Layout.fillHeight: true
                Layout.fillWidth: true

                Notice {
                    fill: Theme.badSoft
                    glyph: Icons.failed
                    ink: Theme.bad
                    text: Panel.words.errorAdvice(Printer.printError)
                    title: Panel.words.errorTitle(Printer.printError)
                    visible: Printer.printError !== ""
                    width: parent.width
                }
                PrintSettings {
                    rangesShown: !page.several
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
            text: Panel.words.printSummary(Printer.copies, Printer.sides, Printer.colorMode, Printer.media)
        },
        AppButton {
            enabled: !Printer.busy
            focus: true
            glyph: Icons.printer
            leastWidth: Theme.portrait ? 0 : Theme.px(220)
            main: true
            objectName: "print-button"
            text: qsTr("Print")
            working: Printer.busy
            onClicked: Printer.print()
        }
    ]
}
