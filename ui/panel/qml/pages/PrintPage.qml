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
                Notice {
                    fill: Theme.warnSoft
                    glyph: Icons.warning
                    ink: Theme.warn
                    text: qsTr("You can print now; it starts when the printer is ready.")
                    title: Panel.words.printerState(Printer.state, Printer.reasons)
                    visible: Printer.known && !Printer.well
                    width: parent.width
                }
                Setting {
                    label: qsTr("Copies")
                    visible: Printer.maxCopies > 1
                    width: parent.width

                    Stepper {
                        label: qsTr("Copies")
                        namePrefix: "copies"
                        to: Printer.maxCopies
                        value: Printer.copies
                        onChanged: value => Printer.copies = value
                    }
                }
                Setting {
                    label: qsTr("Colour")
                    visible: Printer.colorModes.length > 1
                    width: parent.width

                    Choices {
                        current: Printer.colorMode
                        keys: Printer.colorModes
                        label: qsTr("Colour")
                        namePrefix: "color-"
                        width: parent.width
                        words: Printer.colorModes.map(one => Panel.words.colorMode(one))
                        onChosen: key => Printer.colorMode = key
                    }
                }
                Setting {
                    label: qsTr("Sides")
                    visible: Printer.sidesChoices.length > 1
                    width: parent.width

                    Choices {
                        current: Printer.sides
                        keys: Printer.sidesChoices
                        label: qsTr("Sides")
                        namePrefix: "sides-"
                        width: parent.width
                        words: Printer.sidesChoices.map(one => Panel.words.sides(one))
                        onChosen: key => Printer.sides = key
                    }
                }
                Setting {
                    label: qsTr("Pages")
                    visible: !page.several
                    width: parent.width

                    ValueButton {
                        glyph: Icons.next
                        label: qsTr("Pages")
                        objectName: "range-row"
                        value: Printer.pageRanges === "" ? qsTr("All pages") : Printer.pageRanges
                        valueMayElide: true
                        width: parent.width
                        onClicked: Router.open("PageRange")
                    }
                }
                Setting {
                    label: qsTr("Paper")
                    visible: Printer.mediaChoices.length > 1
                    width: parent.width

                    ValueButton {
                        label: qsTr("Paper")
                        objectName: "media-row"
                        value: Panel.words.media(Printer.media)
                        width: parent.width
                        onClicked: media.open()
                    }
                }
                Setting {
                    label: qsTr("Quality")
                    visible: Printer.qualities.length > 1
                    width: parent.width

                    ValueButton {
                        label: qsTr("Quality")
                        objectName: "quality-row"
                        value: Panel.words.quality(Printer.quality)
                        width: parent.width
                        onClicked: quality.open()
                    }
                }
            }
        }
    }
    ChoiceDialog {
        id: media

        current: Printer.media
        keys: Printer.mediaChoices
        title: qsTr("Paper")
        words: Printer.mediaChoices.map(one => Panel.words.media(one))
        onChosen: key => Printer.media = key
    }
    ChoiceDialog {
        id: quality

        current: Printer.quality
        keys: Printer.qualities
        title: qsTr("Quality")
        words: Printer.qualities.map(one => Panel.words.quality(one))
        onChosen: key => Printer.quality = key
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
            text: [Panel.words.copies(Printer.copies), Panel.words.sides(Printer.sides), Panel.words.colorMode(Printer.colorMode), Panel.words.media(Printer.media)].filter(one => one !== "").join(", ")
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
